/** Law 3, nothing lost: the original of every changed text is redeemable by the ref above it, byte for byte. */
import {
  createHeadroom,
  findMarkers,
  type Headroom,
  memoryStore,
  type RetrieveRequest,
} from "@headroom/core";
import { expect } from "vitest";
import { describeLaw, estimate, type Make, rewriting } from "./law.ts";
import { changesBetween, messagesOf, requests } from "./transcript.ts";

/** All slices of a selection, page by page. */
async function everyPage(headroom: Headroom, request: RetrieveRequest): Promise<string> {
  let whole = "";
  for (let offset: number | undefined = 0; offset !== undefined; ) {
    const page = await headroom.retrieve({ ...request, offset });
    expect(page.found).toBe(true);
    whole += page.slices.map(({ text }) => text).join("");
    if (page.nextOffset !== undefined) expect(page.nextOffset).toBeGreaterThan(offset);
    offset = page.nextOffset;
  }
  return whole;
}

/** A store that believes it has kept what it has not. */
const keeping = (change: (text: string) => string): Make => {
  return (options) => {
    const store = memoryStore();
    const liar = {
      ...store,
      readsBack: true,
      put: (entry: Parameters<typeof store.put>[0]) =>
        store.put({ ...entry, text: change(entry.text) }),
    };
    return createHeadroom({ ...options, store: liar });
  };
};

describeLaw(
  "every changed block is retrieved byte for byte",
  requests(),
  async ({ transcript, mode }, make) => {
    const input = messagesOf(transcript);
    const headroom = make({ store: memoryStore(), tokenCounter: estimate, minTokens: 40, mode });
    const { messages, refs } = await headroom.compress(input);
    for (const { before, after } of changesBetween(input, messages)) {
      const [marker] = findMarkers(after);
      expect(marker?.start).toBe(0);
      const ref = marker?.ref;
      if (ref === undefined) throw new Error(`a changed text names no ref: ${after.slice(0, 80)}`);
      expect(refs).toContain(ref);
      expect(await everyPage(headroom, { hash: ref })).toBe(before);
      const lines = before.match(/[^\n]*\n|[^\n]+$/g) ?? [];
      expect(await everyPage(headroom, { hash: ref, lines: "2-3" })).toBe(
        lines.slice(1, 3).join(""),
      );
    }
  },
  {
    "keeps trimmed originals": keeping((text) => text.trim().replaceAll("\r\n", "\n")),
    "keeps half of each original": keeping((text) => text.slice(0, text.length / 2)),
    "prints a ref nobody knows": rewriting((text) => text.replace(/^\[\[hr:\w+ /, "[[hr ")),
    "prints no marker": rewriting((text) => text.slice(text.indexOf("\n") + 1)),
  },
);
