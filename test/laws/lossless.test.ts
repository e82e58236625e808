/** Law 4, lossless first and proven: without a store a changed text is the original with proven forms in place of parts, or refers back. */
import { createHeadroom, findMarkers, memoryStore, stripMarker } from "@headroom/core";
import { expect } from "vitest";
import { decoded } from "./decode.ts";
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
    const texts = new Map(
      decoded(messages, given).map((one) => [`${one.message} ${one.block}`, one.text]),
    );
    for (const { message, path, before, after } of changesBetween(input, messages)) {
      const row = blocks.find(
        (candidate) => candidate.message === message && candidate.block === path,
      );
      const isRepeated = row?.outcome === "repeated";
      expect(row).toMatchObject({
        outcome: isRepeated ? "repeated" : "compressed",
        lossless: true,
      });
      expect(row?.omitted).toBeUndefined();
      const [marker] = findMarkers(after);
      expect([marker?.start, marker?.ref]).toEqual([0, undefined]);
      if (isRepeated) expect(texts.get(`${message} ${path}`)).toBe(before);
      else expect(isMadeOf(before, stripMarker(after), given)).toBe(true);
    }
  },
  {
    "shortens all the same": cutting,
    "drops the last line": rewriting((text) => text.slice(0, text.lastIndexOf("\n"))),
    "changes a letter": rewriting((text) => text.replace(/[a-z](?=[^a-z]*$)/, "#")),
  },
);
