import fc from "fast-check";
import { expect, it } from "vitest";
import { beginningsOf } from "./beginnings.ts";

const WORDS = ["error", "no such", "time(?:d )?out", "oom", "✗"];
const pattern = new RegExp(WORDS.join("|"), "i");
const mayHold = beginningsOf(WORDS);

it("never misses a word, wherever it stands and in whatever capitals", () => {
  const word = fc.constantFrom("error", "ERROR", "No Such", "timeout", "TIMED out", "OOM", "✗");
  const rest = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(rest, word, rest, (before, own, after) => {
      expect(pattern.test(own)).toBe(true);
      expect(mayHold(before + own + after)).toBe(true);
    }),
  );
});

it("passes over lines without one", () => {
  for (const line of ["", "e", "er", "a line of prose", "ro rre", "2026-11-28 10:00:00 ok"])
    expect(mayHold(line), line).toBe(false);
});

it("says nothing of what is beyond ASCII", () => {
  expect(mayHold("é")).toBe(true);
});

it("wants three letters to look for", () => {
  expect(() => beginningsOf(["er"])).toThrow(TypeError);
  expect(() => beginningsOf(["e?rror"])).toThrow(TypeError);
});
