/** Where texts can be cut, what they cost, and which of them get a name. */
import { describe, expect, it } from "vitest";
import { finish } from "../../steps.ts";
import { isLetter } from "../../text/chars.ts";
import { chooseNames } from "./choose-names.ts";
import { isCut, isEdge } from "./edges.ts";
import { countCandidates, isNameEnd, isNameStart } from "./name-candidates.ts";
import { nameWriter } from "./name-writer.ts";
import { cost } from "./text-cost.ts";
import { TextIndex } from "./text-index.ts";

/** The text with a bar wherever it can be cut. */
function cuts(text: string): string {
  let out = "";
  for (let at = 0; at < text.length; at++) out += (at > 0 && isCut(text, at) ? "¦" : "") + text[at];
  return out;
}

describe("edges", () => {
  it.each([..."\"'`/\\,;:|()[]{}<>?&= \t\n"])("%j is one", (sign) =>
    expect(isEdge(sign.charCodeAt(0))).toBe(true),
  );
  it.each([..."aZ09.-_+*#@!%^~$é"])("%s is none", (sign) =>
    expect(isEdge(sign.charCodeAt(0))).toBe(false),
  );
  it.each([..."azAZmM"])("%s is a letter", (sign) =>
    expect(isLetter(sign.charCodeAt(0))).toBe(true),
  );
  it.each([..."@[`{09é_"])("%s is no letter", (sign) =>
    expect(isLetter(sign.charCodeAt(0))).toBe(false),
  );

  it.each([
    "one¦ ¦two",
    "a¦/¦b",
    "a-b_c",
    "12:30:05",
    "12,345",
    "1/2/2024",
    "a¦:¦1",
    "1¦:¦a",
    "a¦,¦1",
    "12¦ ¦30",
    "12¦;¦30",
    "a¦.¦b",
    "1¦.¦b",
    "a.1",
    "1.5",
    "a¦.¦b.1",
    "x¦/¦1",
    "\u001b[31mred",
    "\u001b[1;31mred",
    "a¦\u001b[0m",
    "a¦[¦31m",
    "a¦;¦31m",
  ])("%j", (expected) => expect(cuts(expected.replaceAll("¦", ""))).toBe(expected));

  it("are at both ends", () => {
    expect([isCut("ab", 0), isCut("ab", 1), isCut("ab", 2), isCut("ab", 3)]).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });
});

describe("cost", () => {
  it.each([
    ["", 0],
    ["word", 1],
    ["abcdefgh", 1],
    ["abcdefghi", 2],
    ["two words", 2],
    ["123", 1],
    ["1234", 2],
    ["a1b2", 4],
    ["...", 1],
    ["a, b", 3],
    ["  ", 0],
    ["/usr/lib", 4],
    ["09", 1],
    ["/:", 1],
    ["az", 1],
    ["AZ", 1],
    ["@`[{", 1],
    ["a{", 2],
    ["a@", 2],
    ["1/", 2],
    ["1:", 2],
  ])("%j: %i", (text, tokens) => expect(cost(text)).toBe(tokens));
});

describe("candidates", () => {
  const counted = (pieces: readonly string[], whole = true): Readonly<Record<string, number>> =>
    Object.fromEntries(finish(countCandidates(pieces, () => whole)).counts);

  it("are words, what they begin with, what stands in quotes and brackets, and whole pieces", () => {
    expect(
      counted(['see "in quotes" (in brackets) /usr/local/lib/node', "x"]),
    ).toMatchInlineSnapshot(`
      {
        ""in quotes"": 1,
        "(in brackets)": 1,
        "/usr/local": 1,
        "/usr/local/lib": 1,
        "/usr/local/lib/node": 1,
        "brackets)": 1,
      }
    `);
    expect(counted(["whole piece", " whole piece "])).toEqual({ "whole piece": 2 });
    expect(counted(["whole piece", "whole piece"], false)).toEqual({});
  });

  it.each([
    ["abcdefgh", {}],
    ["abcdefghi", { abcdefghi: 1 }],
    ['"abcdef"', {}],
    ['"abcdefg"', { '"abcdefg"': 1 }],
    ["(abcdefg)", { "(abcdefg)": 1 }],
    ["(abcdefg", {}],
    ['"abcdefg', {}],
    ["key=abcdefghi", { "key=abcdefghi": 1 }],
    ["abcdefghi=key", { "abcdefghi=key": 1 }],
    [
      `${"a/".repeat(12)}b`,
      Object.fromEntries(
        [5, 6, 7, 8, 9, 10, 11, 12]
          .map((n) => [`${"a/".repeat(n - 1)}a`, 1])
          .concat([[`${"a/".repeat(12)}b`, 1]]),
      ),
    ],
  ])("%s", (piece, counts) => expect(counted([piece], false)).toEqual(counts));

  it("are not longer than a thousand characters, but for whole pieces", () => {
    const word = (length: number): string => "x".repeat(length);
    expect(Object.keys(counted([`a ${word(1_000)}`], false)).map((text) => text.length)).toEqual([
      1_000,
    ]);
    expect(Object.keys(counted([`a "${word(997)}"`], false)).map((text) => text.length)).toContain(
      999,
    );
    expect(Object.keys(counted([`a "y ${word(996)}"`], false))).not.toContain(`"y ${word(996)}"`);
    expect(
      Object.keys(counted([`a ${word(1_500)}`, `a ${word(1_500)}`])).map((text) => text.length),
    ).toContain(1_502);
  });

  it.each([
    ["abc", 0, true],
    ["a bc", 2, true],
    ["abc", 1, false],
    ["a b", 1, false],
    ["a/b", 2, true],
    ["1:2", 2, false],
    ["x\u001b[1m", 1, true],
  ])("%j begins a name at %i: %s", (text, at, expected) =>
    expect(isNameStart(text, at)).toBe(expected),
  );

  it.each([
    ["abc", 3, true],
    ["abc", 2, false],
    ["ab c", 2, true],
    ["ab=c", 2, false],
    ["a/b", 1, true],
    ["a/ b", 2, false],
    ["a) b", 2, true],
    ["a] b", 2, true],
    ["a} b", 2, true],
    ["a> b", 2, true],
    ["a' b", 2, true],
    ['a" b', 2, true],
    ["a` b", 2, true],
    ["a( b", 2, false],
    ["1:2", 1, false],
  ])("%j ends a name at %i: %s", (text, at, expected) =>
    expect(isNameEnd(text, at)).toBe(expected),
  );
});

describe("chooseNames", () => {
  const chosen = (
    pieces: readonly string[],
    mayName: (text: string) => boolean = () => true,
  ): readonly string[] => finish(chooseNames(pieces, () => true, mayName));
  const folder = "/usr/local/lib/node_modules";
  const lines = (count: number, line: (at: number) => string): readonly string[] =>
    Array.from({ length: count }, (_, at) => line(at));

  it("names what is used three times and saves six tokens", () => {
    expect(chosen(lines(2, (at) => `${folder} ${at}x`))).toEqual([]);
    expect(chosen(lines(3, (at) => `${folder} ${at}x`))).toEqual([folder]);
    // Three uses of n tokens save 2(n - 2) - 6.
    expect(chosen(lines(3, (at) => `/aaa/bbb/ccc ${at}x`))).toEqual([]);
    expect(chosen(lines(4, (at) => `/aaa/bbb/ccc ${at}x`))).toEqual(["/aaa/bbb/ccc"]);
  });

  it("names texts of nine characters, not of eight", () => {
    expect(chosen(lines(9, (at) => `/a/b/c/de ${at}x`))).toEqual(["/a/b/c/de"]);
    expect(chosen(lines(9, (at) => `/a/b/c/d ${at}x`))).toEqual([]);
  });

  it("asks more of an identifier", () => {
    const word = "alpha-bravo-char";
    expect(cost(word)).toBe(5);
    expect(chosen(lines(40, (at) => `${word} ${at}x`))).toEqual([]);
    const long = "alpha-bravo-charl-d";
    expect(cost(long)).toBe(7);
    // n uses of 7 tokens save 5(n - 1) - 6.
    expect(chosen(lines(4, (at) => `${long} ${at}x`))).toEqual([]);
    expect(chosen(lines(5, (at) => `${long} ${at}x`))).toEqual([long]);
  });

  it("names no numbers, hashes, versions and dates", () => {
    for (const text of [
      "123456789012345678901",
      "deadbeef-1234-5678-90ab-cdef12345678",
      "2024-05-01T10:00:00.123456Z",
      "1a-bcdefgh-ijklmno-pqrs",
    ])
      expect(chosen(lines(9, (at) => `${text} ${at}x`)), text).toEqual([]);
    const coloured = "\u001b[38;5;123;48;5;231m123/456/789";
    expect(chosen(lines(9, (at) => `${coloured} ${at}x`))).toEqual([coloured]);
  });

  it("names nothing that opens what it does not close, unless it is a whole piece", () => {
    for (const text of [
      "/usr/(local/lib/node",
      "/usr/[local/lib/node",
      "/usr/{local/lib/node",
      "/usr/lo)cal/lib/node",
      '/usr/"local/lib/node',
    ])
      expect(
        chosen(lines(9, (at) => `${text} ${at}x`)).every((name) => !/[()[\]{}"]/.test(name)),
        text,
      ).toBe(true);
    expect(chosen(lines(9, () => "/usr/(local/lib/node"))).toEqual(["/usr/(local/lib/node"]);
    expect(chosen(lines(9, (at) => `f(local/lib/node/run) ${at}x`))[0]).toBe(
      "f(local/lib/node/run)",
    );
  });

  it("takes the longest first, and counts what is left of its parts", () => {
    const pieces = lines(20, (at) => `${folder}/core ${at}x`);
    const others = (count: number): readonly string[] => lines(count, (at) => `${folder}/${at}x`);
    expect(chosen([...pieces, ...others(2)])).toEqual([`${folder}/core`]);
    expect(chosen([...pieces, ...others(3)])).toEqual([`${folder}/core`, folder]);
  });

  it("takes what may have a name only", () => {
    expect(
      chosen(
        lines(9, (at) => `${folder} ${at}x`),
        (text) => !text.includes("node"),
      ),
    ).toEqual(["/usr/local/lib"]);
  });

  it("leaves short pieces alone, spaces around them aside", () => {
    expect(chosen(lines(40, () => "/ab/cd/e "))).toEqual([]);
  });
});

describe("nameWriter", () => {
  const write = nameWriter([
    { name: "@1", text: "/usr/local/lib" },
    { name: "@2", text: "/usr/local/lib/node_modules" },
  ]);

  it.each([
    ["see /usr/local/lib/node_modules/x", "see @2/x"],
    ["/usr/local/lib", "@1"],
    ["/usr/local/lib /usr/local/lib", "@1 @1"],
    ["/usr/local/library", "/usr/local/library"],
    ["x/usr/local/lib", "x/usr/local/lib"],
    ["(/usr/local/lib)", "(@1)"],
    ["/usr/local/lib=x", "/usr/local/lib=x"],
    ["nothing", "nothing"],
  ])("%s: %s", (text, written) => expect(write(text, false)).toBe(written));

  it.each([
    ["/usr/local/lib", "/usr/local/lib"],
    [" /usr/local/lib", " /usr/local/lib"],
    [" /usr/local/lib ", " @1 "],
    ["/usr/local/lib ", "/usr/local/lib "],
  ])("in a part %j: %j", (text, written) => expect(write(text, true)).toBe(written));
});

describe("TextIndex", () => {
  it("finds texts by their first characters, the longest first, sixty-four that begin with two alike", () => {
    const items = ["abcdefgh", "abcdefghij", "xyz123"].map((text) => ({ text }));
    const index = new TextIndex(items);
    expect(index.at("--abcdefghij", 2).map(({ text }) => text)).toEqual(["abcdefghij", "abcdefgh"]);
    expect(index.at("--abcdeX", 2)).toEqual([]);
    expect([..."axbé"].map((sign) => index.mayBegin(sign.charCodeAt(0)))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(new TextIndex([{ text: "éabcde" }]).mayBegin("ü".charCodeAt(0))).toBe(true);
    const many = Array.from({ length: 70 }, (_, at) => ({ text: `ab${100 + at}x` }));
    const full = new TextIndex(many);
    expect(many.filter(({ text }) => full.at(text, 0).length > 0)).toHaveLength(64);
  });
});
