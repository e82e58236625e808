import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutAt, guardRuns, longRuns, MAX_RUN, splitRuns } from "./run-guard.ts";

const sizes = { name: "sizes", count: (text: string) => text.length };

describe("splitRuns", () => {
  it("leaves text without long runs alone", () => {
    expect(splitRuns("one two\n".repeat(500))).toBeUndefined();
    expect(splitRuns(`${"-".repeat(80)}\n`.repeat(50))).toBeUndefined();
    expect(splitRuns("价格是三百元，今天发货。".repeat(200))).toBeUndefined();
    expect(splitRuns("0123456789abcdef".repeat(100))).toBeUndefined();
  });

  it("gives pieces that join to the text and hold no long run", () => {
    const run = fc
      .tuple(
        fc.constantFrom("a", "Ä", " ", "\n", "中", "😀", "!", "/\n", "\u0301", "\ud800", "7"),
        fc.nat(700),
      )
      .map(([unit, times]) => unit.repeat(times));
    fc.assert(
      fc.property(
        fc.array(fc.oneof(run, fc.string({ unit: "binary" })), { maxLength: 8 }),
        (parts) => {
          const text = parts.join("");
          const pieces = splitRuns(text);
          if (pieces === undefined) return;
          expect(pieces.join("")).toBe(text);
          for (const piece of pieces) expect(longRuns(piece, MAX_RUN + 1)).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("never cuts a surrogate pair", () => {
    const pieces = splitRuns(`x${"😀".repeat(1000)}`);
    for (const piece of pieces ?? []) expect(piece.isWellFormed()).toBe(true);
  });

  it("sees punctuation that newlines and slashes continue as one run", () => {
    expect(longRuns("/\n".repeat(400))).toEqual([[0, 800]]);
  });
});

describe("longRuns", () => {
  it("finds what reading forward, character by character, finds", () => {
    const unit = fc.constantFrom(
      ..."aZé中\u0301😀🏽7½ \t\u00a0\n\r/.!-$",
      "\ud800",
      "\udc00",
      "/\n",
    );
    const run = fc.tuple(unit, fc.nat(9)).map(([one, times]) => one.repeat(times));
    fc.assert(
      fc.property(
        fc.array(run, { maxLength: 20 }),
        fc.integer({ min: 1, max: 8 }),
        (runs, most) => {
          const text = runs.join("");
          expect(longRuns(text, most)).toEqual(readForward(text, most));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ["a run as long as allowed", "aaaa", []],
    ["a run that is one too long", "aaaaa", [[0, 5]]],
    ["nothing", "", []],
    ["the last of three", "aaaa bbbb ccccc", [[10, 15]]],
    ["the first of three", "aaaaa bbbb cccc", [[0, 5]]],
    [
      "several",
      "aaaaa-bbbbb\n\n\n\n\n",
      [
        [0, 5],
        [6, 11],
        [11, 16],
      ],
    ],
    ["letters of any case and script, and marks", "aB中ʰé\u0301", [[0, 6]]],
    ["a mark and letters", "\u0301abcd", [[0, 5]]],
    ["a mark and signs", "\u0301!!!!", [[0, 5]]],
    ["signs and marks", "!!\u0301!!", [[0, 5]]],
    ["letters, then signs", "aaaa!!!!", []],
    ["signs, then letters", "!!!!aaaa", []],
    ["signs and newlines", "!!\n\n\n", [[0, 5]]],
    ["newlines and slashes", "/\n/\n/", [[0, 5]]],
    ["newlines, then another sign", "!\n\n\n!!!!", []],
    ["newlines and spaces", "\n \n \n", [[0, 5]]],
    ["spaces and newlines", "    \n", [[0, 5]]],
    ["spaces", "     ", [[0, 5]]],
    ["spaces, then letters", "    aaaa", []],
    ["spaces, then signs", "    !!!!", []],
    ["a slash behind spaces", "    ////", []],
    ["letters, then spaces", "aaaa    ", []],
    ["digits, which are cut at three anyway", "1234567890", []],
    ["digits between letters", "aaaa1bbbb", []],
    ["pairs of surrogates", "😀😀😀", [[0, 6]]],
    ["pairs of two words", "😀😀𝐀𝐀", []],
    ["half pairs", "\ud800\ud800\ud800\ud800\ud800", [[0, 5]]],
    ["half a pair at the end", "abcd\ud83d", []],
  ] as const)("longer than four: %s", (_name, text, runs) => {
    expect(longRuns(text, 4)).toEqual(runs);
  });

  it("are longer than 256 units where nothing is said", () => {
    expect(longRuns("a".repeat(256))).toEqual([]);
    expect(longRuns("a".repeat(257))).toEqual([[0, 257]]);
    expect(splitRuns("a".repeat(256))).toBeUndefined();
    expect(splitRuns(`${"a".repeat(257)} b`)).toEqual(["a".repeat(256), "a", " b"]);
  });

  it.each([
    ["aaaaa", ["aaaa", "a"]],
    ["aaaaaaaa", ["aaaa", "aaaa"]],
    ["- aaaaa", ["- ", "aaaa", "a"]],
    ["aaaaa b", ["aaaa", "a", " b"]],
    ["aaaaa bbbbb", ["aaaa", "a", " ", "bbbb", "b"]],
    ["!😀😀😀", ["!😀😀", "😀"]],
  ])("are cut into pieces of four: %s", (text, expected) => {
    expect(splitRuns(text, 4)).toEqual(expected);
  });
});

describe("cutAt", () => {
  it.each([
    ["a😀b", 1, 4, 1],
    ["a😀b", 2, 4, 3],
    ["a😀b", 3, 4, 3],
    ["a😀b", 4, 4, 4],
    ["a😀b", 9, 4, 4],
    ["\udc00\udc00", 1, 2, 1],
    ["\ud800\ud800", 1, 2, 1],
    ["a\udc00", 1, 2, 1],
  ])("%j at %i of %i is %i", (text, at, end, cut) => {
    expect(cutAt(text, at, end)).toBe(cut);
  });
});

describe("guardRuns", () => {
  it("counts a text without a long run whole, under the counter's own name", () => {
    const seen: string[] = [];
    const counter = guardRuns({ name: "watch", count: (text) => seen.push(text) });
    expect(counter.name).toBe("watch");
    expect(counter.count("one two")).toBe(1);
    expect(seen).toEqual(["one two"]);
    expect(counter.count(`a ${"b".repeat(257)}`)).toBe(2 + 3 + 4);
    expect(seen.slice(1)).toEqual(["a ", "b".repeat(256), "b"]);
  });

  it("hands the counter nothing longer than a piece", () => {
    let longest = 0;
    const counter = guardRuns({
      name: "watch",
      count(text) {
        longest = Math.max(longest, text.length);
        return sizes.count(text);
      },
    });
    expect(counter.count("z".repeat(100_000))).toBe(100_000);
    expect(longest).toBeLessThanOrEqual(MAX_RUN + 1);
  });
});

/** The rule as it is written down: a class may be followed by some others in one word. */
function readForward(text: string, most: number): readonly (readonly [number, number])[] {
  const runs: (readonly [number, number])[] = [];
  let start = 0;
  let at = 0;
  let before = "";
  for (const char of text) {
    const isOne =
      (/\p{L}/u.test(before) && /[\p{L}\p{M}]/u.test(char)) ||
      (/\p{M}/u.test(before) && /[\p{L}\p{M}]|[^\s\p{N}]/u.test(char)) ||
      (/[^\p{L}\p{M}\p{N}\s]/u.test(before) && /[\r\n]|[^\p{L}\p{N}\s]/u.test(char)) ||
      (/[\r\n]/.test(before) && /[\s/]/.test(char)) ||
      (/\s/.test(before) && /\s/.test(char));
    if (!isOne) {
      if (at - start > most) runs.push([start, at]);
      start = at;
    }
    at += char.length;
    before = char;
  }
  if (at - start > most) runs.push([start, at]);
  return runs;
}
