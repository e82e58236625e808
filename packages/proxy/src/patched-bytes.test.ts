import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { patchedBytes } from "./patched-bytes.ts";

const piece = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom("é", "中", "😀", "\ufeff", ""));

describe("patchedBytes", () => {
  it("gives the bytes of the text with the patches in it", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(piece, piece, piece)), piece, (triples, end) => {
        let text = "";
        let expected = "";
        const patches = triples.map(([kept, replaced, by]) => {
          const start = text.length + kept.length;
          text += kept + replaced;
          expected += kept + by;
          return { start, end: text.length, text: by };
        });
        text += end;
        const made = patchedBytes({ bytes: Buffer.from(text), text }, patches);
        expect(made.toString()).toBe(expected + end);
      }),
    );
  });
});
