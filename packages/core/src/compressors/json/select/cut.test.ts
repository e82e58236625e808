import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pictureOfCut } from "../../../../test/picture-of-selection.ts";
import { parseJson } from "../../../json/lexer.ts";
import type { JsonString, StringCut } from "../../../json/node.ts";
import { parseQuery } from "../../../query/query.ts";
import { finish } from "../../../steps.ts";
import { cutLexeme } from "../cut.ts";
import { pieces, plainText, planCut } from "./cut.ts";

function stringNode(value: string): { source: string; node: JsonString } {
  const source = JSON.stringify(value);
  const node = parseJson(source);
  if (node?.type !== "string") throw new Error("not a string");
  return { source, node };
}

function shortened(value: string, budget: number, question?: string): string {
  const { source, node } = stringNode(value);
  const cut = finish(
    planCut(source, node, budget, question === undefined ? undefined : parseQuery(question)),
  );
  return cut === undefined ? source : cutLexeme(source, node, cut);
}

const prose = Array.from(
  { length: 120 },
  (_, at) => `Paragraph ${at} talks about nothing in particular.`,
);

describe("planCut", () => {
  it("keeps short strings whole", () => {
    expect(shortened("short enough", 1)).toBe('"short enough"');
  });

  it("keeps head and tail of long ones and says how much is gone", () => {
    const text = shortened(prose.join(" "), 60);
    expect(text).toContain("Paragraph 0 talks");
    expect(text).toContain("Paragraph 119 talks");
    expect(text).toMatch(/… \d+ characters omitted …/);
    expect(text.length).toBeLessThan(prose.join(" ").length / 2);
  });

  it("keeps lines that report a failure", () => {
    const lines = Array.from(
      { length: 300 },
      (_, at) => `step ${at} done in ${at * 7} ms, next one follows`,
    );
    lines[147] = "step 147 FAILED: disk quota exceeded";
    expect(shortened(lines.join("\n"), 60)).toContain("disk quota exceeded");
  });

  it("keeps the sentence that answers the question, wherever it stands", () => {
    const text = [...prose];
    text[71] = "The retention window of archived ledgers is ninety-one days.";
    expect(shortened(text.join(" "), 60)).not.toContain("ninety-one");
    expect(
      shortened(text.join(" "), 60, "How long are ledgers retained in the archive window?"),
    ).toContain("ninety-one");
  });

  it.each([
    ["base64", `data:image/png;base64,${"iVBORw0KGgoAAAANSUhEUg".repeat(40)}`, "image/png;base64"],
    ["bare base64", "aGVsbG8gd29ybGQhIFRoaXMgaXMgNDIgYnl0ZXMu".repeat(30), "base64"],
    ["hexadecimal", "deadbeef01234567".repeat(40), "hexadecimal"],
  ])("shows %s by type and size", (_name, value, what) => {
    const text = shortened(value, 1000);
    expect(text).toContain(what);
    expect(text).toMatch(/kB|characters/);
    expect(text.length).toBeLessThan(140);
  });

  it("does not take a path, a slug or a sentence for a blob", () => {
    for (const value of [
      "/srv/app/releases/current/packages/".repeat(10),
      "a-long-slug-of-words-".repeat(20),
      "word ".repeat(100),
    ]) {
      expect(shortened(value, 10_000)).toBe(JSON.stringify(value));
    }
  });

  it("never cuts inside an escape or a character, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string({ unit: "grapheme" }),
            fc.constantFrom("\n", '"', "\\", "\u0001", "é", "💥", "error ", " "),
          ),
          {
            minLength: 60,
            maxLength: 300,
          },
        ),
        fc.integer({ min: 1, max: 80 }),
        (parts, budget) => {
          const value = parts.join("").repeat(3);
          const { source, node } = stringNode(value);
          const cut = finish(planCut(source, node, budget, undefined));
          if (cut === undefined) return;
          const text = cutLexeme(source, node, cut);
          // What stays is still a JSON string, and each kept stretch stands in the original.
          const read = JSON.parse(text) as string;
          const stretches = read.split(/… \d+ characters omitted(?:: [^…]*)? …/);
          let from = 0;
          for (const stretch of stretches) {
            const found = value.indexOf(stretch, from);
            expect(found).toBeGreaterThanOrEqual(0);
            from = found + stretch.length;
          }
          const gone = [...text.matchAll(/… (\d+) characters omitted/g)].reduce(
            (sum, match) => sum + Number(match[1]),
            0,
          );
          const kept =
            cut.head +
            cut.tail +
            (cut.between ?? []).reduce((sum, each) => sum + each.end - each.start, 0);
          expect(gone + kept).toBe(node.end - node.start - 2);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("what planCut keeps, exactly", () => {
  const pictureOf = (...asked: Parameters<typeof cutOf>): string | undefined => {
    const cut = cutOf(...asked);
    return cut && pictureOfCut(cut);
  };
  const cutOf = (
    value: string,
    budget: number,
    {
      question,
      passages,
      lean,
    }: {
      question?: string;
      passages?: readonly { start: number; end: number }[];
      lean?: boolean;
    } = {},
  ): StringCut | undefined => {
    const { source, node } = stringNode(value);
    const query = question === undefined ? undefined : parseQuery(question);
    return finish(planCut(source, node, budget, query, passages, lean));
  };
  /** Lines of 50 characters, line break and all (which takes two in the lexeme). */
  const lines = (count: number, odd: Readonly<Record<number, string>> = {}): string =>
    Array.from({ length: count }, (_, at) =>
      `${odd[at] ?? `line ${at} of a dull report`}${" .".repeat(30)}`.slice(0, 48),
    ).join("\n");

  it.each([
    [160, undefined],
    [161, undefined],
    [239, undefined],
    [240, "80+80"],
    [280, "160+40"],
  ])("of %i characters, of which at least 60 have to go", (length, cut) => {
    const text = "a b ".repeat(99).slice(0, length);
    expect(pictureOf(text, 0, { lean: true })).toBe(cut);
  });

  it.each([
    [0, "850+398"],
    [100, "850+398"],
    [300, "850+398"],
    [780, "1750+848"],
    [900, "2000+998"],
  ])("of a hundred lines for %i tokens", (budget, cut) => {
    expect(pictureOf(lines(100), budget)).toBe(cut);
  });

  it.each([
    [0, "150+48"],
    [100, "250+98"],
  ])("of a hundred lines for %i tokens, where a glimpse will do", (budget, cut) => {
    expect(pictureOf(lines(100), budget, { lean: true })).toBe(cut);
  });

  const failed = "upload failed: disk full";
  const answer = "the retention window is long";
  const each = (count: number, line: string): Readonly<Record<number, string>> =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [10 * at + 5, line]));

  it.each([
    ["a failure", { 40: failed }, undefined, "800+[2000-2050]+398", "100+[2000-2050]+48"],
    [
      "two failures",
      { 40: failed, 41: failed },
      undefined,
      "750+[2000-2100]+398",
      "50+[2000-2100]+48",
    ],
    [
      "a line between them",
      { 40: failed, 42: failed },
      undefined,
      "750+[2000-2150]+398",
      "50+[2000-2150]+48",
    ],
    [
      "nine failures",
      each(9, failed),
      undefined,
      "600+[750-800]+[1250-1300]+[1750-1800]+[2250-2300]+[2750-2800]+[3250-3300]+[3750-3800]+298",
      "50+[250-300]+[750-800]+[1250-1300]+48",
    ],
    ["an answer", { 40: answer }, "retention window", "800+[2000-2050]+398", "100+[2000-2050]+48"],
    [
      "five answers, four of which stay",
      each(5, answer),
      "retention window",
      "800+[1250-1300]+[1750-1800]+348",
      "50+[250-300]+[750-800]+[1250-1300]+[1750-1800]+48",
    ],
    [
      "half an answer",
      { 40: answer, 60: "the retention is short" },
      "retention window",
      "800+[2000-2050]+398",
      "100+[2000-2050]+48",
    ],
    ["no answer", {}, "retention window", "850+398", "150+48"],
  ] as const)("of a hundred lines with %s", (_name, odd, question, cut, glimpse) => {
    const asked = question === undefined ? {} : { question };
    expect(pictureOf(lines(100, odd), 100, asked)).toBe(cut);
    expect(pictureOf(lines(100, odd), 20, { ...asked, lean: true })).toBe(glimpse);
  });

  it("keeps the passages it is given, and the pieces they touch", () => {
    const lean = true;
    const at = (start: number, end: number) =>
      cutOf(lines(60), 0, { lean, passages: [{ start, end }] });
    expect(at(500, 550)).toEqual({ head: 100, tail: 48, between: [{ start: 500, end: 550 }] });
    expect(at(501, 549)).toEqual({ head: 100, tail: 48, between: [{ start: 500, end: 550 }] });
    expect(at(499, 550)).toEqual({ head: 50, tail: 48, between: [{ start: 450, end: 550 }] });
    expect(at(500, 551)).toEqual({ head: 50, tail: 48, between: [{ start: 500, end: 600 }] });
    // What is nearer than 60 characters is not parted.
    expect(at(100, 150)).toEqual({ head: 150, tail: 48 });
  });

  it.each([
    [
      "hexadecimal",
      "deadbeef01".repeat(26),
      { head: 16, tail: 0, what: "hexadecimal, 260 characters" },
    ],
    [
      "upper case",
      "DEADBEEF01".repeat(26),
      { head: 16, tail: 0, what: "hexadecimal, 260 characters" },
    ],
    [
      "of 256 characters",
      "deadbeef".repeat(32),
      { head: 16, tail: 0, what: "hexadecimal, 256 characters" },
    ],
    [
      "of 1,023",
      `${"deadbeef".repeat(127)}abcdefa`,
      { head: 16, tail: 0, what: "hexadecimal, 1023 characters" },
    ],
    ["of 1,024", "deadbeef".repeat(128), { head: 16, tail: 0, what: "hexadecimal, 1.0 kB" }],
    ["of 1,280", "deadbeef".repeat(160), { head: 16, tail: 0, what: "hexadecimal, 1.3 kB" }],
    [
      "base64",
      "aGVsbG8gd29ybGQ0+/".repeat(30),
      { head: 16, tail: 0, what: "base64, 540 characters" },
    ],
    [
      "base64 for URLs",
      "aGVsbG8gd29ybGQ0-_".repeat(30),
      { head: 16, tail: 0, what: "base64, 540 characters" },
    ],
    [
      "a token of three parts",
      `eyJhbGciOiJI.${"aGVsbG8gd29ybGQ0".repeat(30)}.x1`,
      { head: 16, tail: 0, what: "base64, 496 characters" },
    ],
    [
      "a data URI",
      `data:image/png;base64,${"a b".repeat(300)}`,
      { head: 22, tail: 0, what: "image/png;base64, 922 characters" },
    ],
    [
      "a data URI with a late comma",
      `data:${"x".repeat(94)},${"y1A ".repeat(100)}`,
      { head: 100, tail: 0, what: `${"x".repeat(94)}, 500 characters` },
    ],
  ] as const)("takes a blob: %s", (_name, value, cut) => {
    expect(cutOf(value, 10_000)).toEqual(cut);
  });

  it.each([
    ["255 characters", "deadbeef".repeat(32).slice(1)],
    ["a data URI whose comma stands too late", `data:${"x".repeat(95)},${"y1A ".repeat(100)}`],
    ["a g among hexadecimal digits", `${"deadbeef".repeat(40)}g`],
    ["too few capitals", `A1A1A1${"bcdefghij1".repeat(30)}`],
    ["too few digits", `${"aGVsbGxd".repeat(40)}`],
    ["too many separators", "aGV/bG8/d29/bGQ/".repeat(30)],
    ["a dot among the first characters", `eyJhbGciO.${"aGVsbG8gd29ybGQ0".repeat(30)}`],
    ["a blank", `${"aGVsbG8gd29ybGQ0".repeat(30)} x`],
    ["escapes", `${"deadbeef".repeat(40)}\n`],
    ["other signs", `${"aGVsbG8gd29ybGQ0".repeat(30)}@`],
  ])("takes no blob: %s", (_name, value) => {
    expect(cutOf(value, 10_000)).toBeUndefined();
  });

  it("judges a blob by its first 600 characters", () => {
    const blob = "aGVsbG8gd29ybGQ0".repeat(38).slice(0, 600);
    expect(cutOf(`${blob} and words`, 10_000)).toMatchObject({ what: "base64, 610 characters" });
    expect(cutOf(`${blob.slice(1)} and words`, 10_000)).toBeUndefined();
  });
});

describe("pieces", () => {
  const textsOf = (value: string, limit: number): string[] => {
    const { source, node } = stringNode(value);
    return pieces(source, node, limit).map(({ start, end }) =>
      source.slice(node.start + 1 + start, node.start + 1 + end),
    );
  };

  it.each([
    [
      "lines",
      "first line of several\nsecond line of several\nend",
      99,
      ["first line of several\\n", "second line of several\\n", "end"],
    ],
    ["lines of twenty characters", `${"a".repeat(18)}\nb`, 99, [`${"a".repeat(18)}\\nb`]],
    ["lines of more", `${"a".repeat(19)}\nb`, 99, [`${"a".repeat(19)}\\n`, "b"]],
    ["tabs, which end no line", `${"a".repeat(30)}\tb`, 99, [`${"a".repeat(30)}\\tb`]],
    ["sentences", "One is here. Two is here. Three", 28, ["One is here. Two is here. ", "Three"]],
    [
      "questions, calls and clauses",
      "One is here? Two is! Three it; four",
      32,
      ["One is here? Two is! Three it; ", "four"],
    ],
    ["words", "alpha beta gamma delta", 12, ["alpha beta ", "gamma delta"]],
    [
      "words where no sentence is long enough",
      "A. alpha beta gamma",
      16,
      ["A. alpha beta ", "gamma"],
    ],
    ["letters", "abcdefghijkl", 5, ["abcde", "fghij", "kl"]],
    ["letters where no word is long enough", "a bcdefghijkl", 8, ["a bcdefg", "hijkl"]],
    ["a word a quarter in", "ab cdefghijkl", 8, ["ab ", "cdefghij", "kl"]],
    [
      "tags behind forty characters",
      `${"x".repeat(39)}<b>${"y".repeat(20)}`,
      50,
      [`${"x".repeat(39)}<b>`, "y".repeat(20)],
    ],
    [
      "tags before",
      `${"x".repeat(37)}<b>${"y".repeat(20)}`,
      50,
      [`${"x".repeat(37)}<b>${"y".repeat(10)}`, "y".repeat(10)],
    ],
    ["escapes", '""""', 3, ['\\"\\"', '\\"\\"']],
    ["control characters", "\u0001\u0002\u0003", 7, ["\\u0001\\u0002", "\\u0003"]],
    ["pairs", "😀😀😀", 3, ["😀😀", "😀"]],
    ["a space at the end", "abcd efgh", 5, ["abcd ", "efgh"]],
  ] as const)("are %s", (_name, value, limit, texts) => {
    expect(textsOf(value, limit)).toEqual(texts);
  });

  it("take an escaped pair of surrogates for one character", () => {
    const source = '"a\\ud83d\\ude00b\\ud83dc\\ude00\\udbff\\udfff\\ue000"';
    const node = parseJson(source) as JsonString;
    const texts = pieces(source, node, 1).map(({ start, end }) => source.slice(1 + start, 1 + end));
    expect(texts).toEqual([
      "a",
      "\\ud83d\\ude00",
      "b",
      "\\ud83d",
      "c",
      "\\ude00",
      "\\udbff\\udfff",
      "\\ue000",
    ]);
    const upper = '"\\uD83D\\uDE00x"';
    expect(pieces(upper, parseJson(upper) as JsonString, 1).length).toBe(2);
  });

  it("are up to 200 characters long where nothing is said", () => {
    const { source, node } = stringNode("a".repeat(500));
    expect(pieces(source, node).map(({ end }) => end)).toEqual([200, 400, 500]);
  });

  it("follow each other without gaps", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 900 }), (value) => {
        const { source, node } = stringNode(value);
        let at = 0;
        for (const piece of pieces(source, node, 40)) {
          expect(piece.start).toBe(at);
          expect(piece.end).toBeGreaterThan(at);
          at = piece.end;
        }
        expect(at).toBe(node.end - node.start - 2);
      }),
      { numRuns: 300 },
    );
  });
});

describe("plainText", () => {
  it("undoes escapes, so that words are words", () => {
    expect(plainText('a\\nfoo \\u00e9 \\"x\\" \\\\n')).toBe('a\nfoo é "x" \\n');
    expect(plainText("a\\tb\\rc\\bd\\fe\\/f\\u00C9g\\")).toBe("a\nb\nc d e/fÉg\\");
    expect(plainText("plain")).toBe("plain");
  });
});
