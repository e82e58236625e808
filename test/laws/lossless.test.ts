/** Law 4, lossless first and proven: without a store a changed text is the original with proven forms in place of parts. */
import { createHeadroom, findMarkers, memoryStore, stripMarker } from "@headroom/core";
import { expect } from "vitest";
import { type Given, isMadeOf, watched } from "./forms.ts";
import { describeLaw, estimate, type Make, rewriting } from "./law.ts";
import { changesBetween, messagesOf, transcripts } from "./transcript.ts";

const cutting: Make = (options) =>
  createHeadroom({ ...options, store: memoryStore(), mode: "aggressive" });

describeLaw(
  "without a store only forms that decode are used",
  transcripts(),
  async (transcript, make) => {
    const input = messagesOf(transcript);
    const given: Given[] = [];
    const headroom = make({ tokenCounter: estimate, minTokens: 40, compressors: watched(given) });
    const { messages, blocks, refs } = await headroom.compress(input);
    expect(refs).toEqual([]);
    for (const { message, path, before, after } of changesBetween(input, messages)) {
      const row = blocks.find(
        (candidate) => candidate.message === message && candidate.block === path,
      );
      expect(row).toMatchObject({ outcome: "compressed", lossless: true });
      expect(row?.omitted).toBeUndefined();
      const [marker] = findMarkers(after);
      expect([marker?.start, marker?.ref]).toEqual([0, undefined]);
      expect(isMadeOf(before, stripMarker(after), given)).toBe(true);
    }
  },
  {
    "shortens all the same": cutting,
    "drops the last line": rewriting((text) => text.slice(0, text.lastIndexOf("\n"))),
    "changes a letter": rewriting((text) => text.replace(/[a-z](?=[^a-z]*$)/, "#")),
  },
);
