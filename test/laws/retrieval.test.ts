/** Law 3, nothing lost: the original of every changed text is redeemable by the ref above it, byte for byte. */
import { anyText } from "@headroom/conformance";
import {
  createHeadroom,
  findMarkers,
  type Headroom,
  memoryStore,
  type RetrieveRequest,
  refOf,
  refScope,
} from "@headroom/core";
import fc from "fast-check";
import { expect } from "vitest";
import { describeLaw, estimate, type Make, rewriting } from "./law.ts";
import { changesBetween, messagesOf, outputs, requests } from "./transcript.ts";

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

/** What the JSON strings of an output say, and those of the JSON in them: a slice may be of such a text. */
function textsIn(output: string): readonly string[] {
  const strings = output.match(/"(?:[^"\\]|\\.)*"/g) ?? [];
  return strings.flatMap((lexeme): readonly string[] => {
    if (!lexeme.includes("\\")) return [];
    try {
      const text = JSON.parse(lexeme) as string;
      return [text, ...textsIn(text)];
    } catch {
      return [];
    }
  });
}

const oddText = fc.oneof(
  anyText(),
  fc.constantFrom(
    "1-3",
    "0-19,57",
    "9999999999-",
    "-1",
    "3-1",
    "1e400",
    "data.items[3].name",
    "items[0]",
    "[*]",
    "..name",
    "items[id>3].name",
    "[0]",
    "__proto__",
    "constructor.name",
    "a..b",
    "[",
    "(((",
  ),
);
const oddNumber = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, -1, 1, 3, 1e9, Number.MAX_SAFE_INTEGER),
);
const oddRequests: fc.Arbitrary<Partial<RetrieveRequest>> = fc.record(
  {
    query: oddText,
    lines: oddText,
    rows: oddText,
    path: oddText,
    level: fc.constantFrom("", "", "", "error", "[", "info"),
    count: fc.constantFrom(false, false, false, false, true),
    offset: oddNumber,
    limit: oddNumber,
  },
  { requiredKeys: [] },
);
const inventing: Make = (options) => {
  const honest = createHeadroom(options);
  return {
    ...honest,
    async retrieve(request) {
      const { slices, ...answer } = await honest.retrieve(request);
      return {
        ...answer,
        slices: slices.map(({ label, text }) => ({ label, text: text.trim() + text.slice(0, 1) })),
      };
    },
  };
};
const strict: Make = (options) => {
  const honest = createHeadroom(options);
  return {
    ...honest,
    retrieve(request) {
      if (request.limit !== undefined && request.limit < 0) throw new RangeError("limit");
      return honest.retrieve(request);
    },
  };
};

describeLaw(
  "whatever is asked is answered, with exact slices, and never more than a page",
  fc.record({
    output: outputs(),
    // Most odd requests find nothing: every third one finds something in any output.
    asked: fc.oneof({ weight: 2, arbitrary: oddRequests }, fc.constantFrom({}, { lines: "1-" })),
    hash: fc.option(oddText, { nil: undefined }),
  }),
  async ({ output, asked, hash }, make) => {
    const store = memoryStore();
    const headroom = make({ store, tokenCounter: estimate, minTokens: 40 });
    const ref = refOf(output, refScope("default"));
    await store.put({ ref, text: output });
    const unknown = await headroom.retrieve({ hash: hash ?? "", ...asked });
    expect(unknown.found).toBe(false);
    expect(unknown.text).not.toBe("");
    const answer = await headroom.retrieve({ hash: ref, ...asked });
    expect(answer.found).toBe(true);
    for (const { text } of answer.slices)
      expect([output, ...textsIn(output)].some((whole) => whole.includes(text))).toBe(true);
    if (output !== "") expect(answer.text).not.toBe("");
    expect(answer.shown).toBe(answer.slices.reduce((sum, { text }) => sum + text.length, 0));
    expect(estimate.count(answer.slices.map(({ text }) => text).join(""))).toBeLessThanOrEqual(
      4_100,
    );
  },
  { "serves what is not there": inventing, "throws at odd numbers": strict },
);
