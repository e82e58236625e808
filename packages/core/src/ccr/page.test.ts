/** Pages of a selection, with a counter that counts characters: what is served, what is said, and where the next page begins. */
import { describe, expect, it } from "vitest";
import { type PageRequest, pageOf } from "./page.ts";
import type { Selection } from "./spans.ts";

const request = (more: Partial<PageRequest> = {}): PageRequest => ({
  offset: 0,
  maxTokens: 1_000,
  count: (text) => text.length,
  remarks: [],
  ...more,
});
const text = "one two\nthree four\nfive six\n";
const selection: Selection = {
  spans: [
    { label: "first", start: 0, end: 8 },
    { label: "second", start: 19, end: 28 },
  ],
  unit: "lines",
  total: 3,
};
const whole: Selection = {
  spans: [{ label: "all", start: 0, end: text.length }],
  unit: "lines",
  total: 3,
};

describe("a page", () => {
  it("has every slice under its label where all fits", () => {
    expect(pageOf(text, selection, request())).toEqual({
      found: true,
      text: "[first]\none two\n\n[second]\nfive six\n",
      slices: [
        { label: "first", text: "one two\n" },
        { label: "second", text: "five six\n" },
      ],
      unit: "lines",
      total: 3,
      shown: 17,
    });
  });

  it("goes on where the last one ended, in the middle of a slice or between two", () => {
    const from = (offset: number): unknown => pageOf(text, selection, request({ offset })).slices;
    expect(from(3)).toEqual([
      { label: "first, characters 3-8 of 8", text: " two\n" },
      { label: "second", text: "five six\n" },
    ]);
    expect(from(7)).toEqual([
      { label: "first, characters 7-8 of 8", text: "\n" },
      { label: "second", text: "five six\n" },
    ]);
    expect(from(8)).toEqual([{ label: "second", text: "five six\n" }]);
    expect(from(9)).toEqual([{ label: "second, characters 1-9 of 9", text: "ive six\n" }]);
  });

  it("says so behind the end", () => {
    for (const offset of [17, 18, 1_000])
      expect(pageOf(text, selection, request({ offset }))).toMatchObject({
        shown: 0,
        slices: [],
        note: `Offset ${offset} is at the end: the selection has 17 characters.`,
        text: `Offset ${offset} is at the end: the selection has 17 characters.`,
      });
  });

  it("stops where no more fits, and says what is left and how to go on", () => {
    const { text: said, ...rest } = pageOf(text, selection, request({ maxTokens: 60 }));
    // 60 less 40 for the frame and 8 for "[first]\n" leave 12; the next label alone has 9.
    expect(rest).toMatchObject({ shown: 8, nextOffset: 8, slices: [{ label: "first" }] });
    expect(said).toBe("[first]\none two\n\n[9 more characters: call again with offset 8]");
    const next = pageOf(text, selection, request({ maxTokens: 60, offset: 8 }));
    expect(next).toMatchObject({ shown: 9, slices: [{ label: "second" }] });
    expect(next.nextOffset).toBeUndefined();
  });

  it("cuts behind a line where one ends in the last quarter of what fits", () => {
    const cut = (maxTokens: number): string =>
      pageOf(text, whole, request({ maxTokens })).slices[0]?.text ?? "";
    // Behind "[all]\n" and the frame 22 characters are left: 21 of them, cut at 19.
    expect(cut(46 + 22)).toBe("one two\nthree four\n");
    // 13 are left, the last line ends at 8: cut where it is.
    expect(cut(46 + 13)).toBe("one two\nthre");
    expect(pageOf(text, whole, request({ maxTokens: 46 + 13 })).slices[0]?.label).toBe(
      "all, characters 0-12 of 28",
    );
  });

  it("always serves a character, and never half of one", () => {
    expect(pageOf(text, whole, request({ maxTokens: 1 }))).toMatchObject({
      shown: 1,
      nextOffset: 1,
    });
    const faces = "😀😀";
    const page = pageOf(
      faces,
      { ...whole, spans: [{ label: "all", start: 0, end: 4 }] },
      request({ maxTokens: 1 }),
    );
    expect(page).toMatchObject({ shown: 2, nextOffset: 2, slices: [{ text: "😀" }] });
    const odd = pageOf(
      `a${faces}`,
      { ...whole, spans: [{ label: "all", start: 0, end: 5 }] },
      request({ maxTokens: 46 + 3 }),
    );
    expect(odd.slices[0]?.text).toBe("a");
  });

  it("is the whole selection where it has no bound, uncounted", () => {
    const count = (): number => {
      throw new Error("counted");
    };
    expect(
      pageOf(
        text,
        selection,
        request({ maxTokens: 2 ** 50, count: (words) => (words === "" ? 0 : count()) }),
      ).shown,
    ).toBe(17);
    expect(() => pageOf(text, selection, request({ maxTokens: 2 ** 50 - 1, count }))).toThrow(
      "counted",
    );
  });

  it("guesses what a text of megabytes costs, and counts what it then cuts", () => {
    let longest = 0;
    const count = (words: string): number => {
      longest = Math.max(longest, words.length);
      return words.length;
    };
    const long = "x".repeat(5_000_000);
    const page = pageOf(
      long,
      { ...whole, spans: [{ label: "all", start: 0, end: long.length }] },
      request({ maxTokens: 1_046, count }),
    );
    expect(page.shown).toBeGreaterThan(50);
    expect(page.shown).toBeLessThanOrEqual(1_000);
    expect(longest).toBeLessThanOrEqual(1_000 * 128);
  });
});

describe("what is said beside", () => {
  it("stands at the end: remarks, then the note of the selection", () => {
    const page = pageOf(
      text,
      { ...selection, note: "Why." },
      request({ remarks: ["Odd.", "Odder."] }),
    );
    expect(page.note).toBe("Odd. Odder. Why.");
    expect(page.text.endsWith("\nOdd. Odder. Why.")).toBe(true);
    expect(pageOf(text, selection, request({ remarks: ["Odd."] })).note).toBe("Odd.");
  });

  it("takes its place from the page", () => {
    const remark = "r".repeat(30);
    const [with30, without] = [[remark], []].map(
      (remarks) => pageOf(text, whole, request({ maxTokens: 90, remarks })).shown,
    );
    expect([with30, without]).toEqual([13, 28]);
  });

  it("is cut to 150 tokens, a label to 60", () => {
    const page = pageOf(text, { ...selection, note: "n".repeat(151) }, request());
    expect(page.note).toBe(`${"n".repeat(145)} …`);
    expect(pageOf(text, { ...selection, note: "n".repeat(150) }, request()).note).toBe(
      "n".repeat(150),
    );
    const label = (length: number): string | undefined =>
      pageOf(
        text,
        { ...whole, spans: [{ label: "l".repeat(length), start: 0, end: 8 }] },
        request(),
      ).slices[0]?.label;
    expect(label(60)).toBe("l".repeat(60));
    expect(label(61)).toBe(`${"l".repeat(58)} …`);
  });
});

describe("a page of matches", () => {
  const five: Selection = {
    spans: [0, 8, 19].map((start) => ({
      label: `at ${start}`,
      name: `${start}: `,
      start,
      end: start + 8,
      ...(start === 8 ? { hits: [12, 14, 16] } : {}),
    })),
    unit: "matches",
    total: 5,
    title: "found",
  };

  it("has short names on the lines of its slices, under a title", () => {
    expect(pageOf(text, five, request()).text).toBe(
      "[found]\n0: one two\n8: three fo\n19: five six\n[5 of 5 matches]",
    );
  });

  it("has no more matches than asked for, and goes on behind them", () => {
    const first = pageOf(text, { ...five, perPage: 2 }, request());
    expect(first.slices.map(({ label }) => label)).toEqual(["at 0", "at 8"]);
    expect(first.text).toContain("[4 of 5 matches; for more call again with offset 16]");
    expect(first.nextOffset).toBe(16);
    const last = pageOf(text, { ...five, perPage: 2 }, request({ offset: 16 }));
    expect(last.text).toBe("[found]\n19: five six\n[match 5 of 5]");
  });

  it("counts the matches of a slice that is cut by those that end in it", () => {
    const cut = pageOf(text, { ...five, perPage: 9 }, request({ offset: 13 }));
    expect(cut.text).toBe(
      "[found]\n[at 8, characters 5-8 of 8]\n fo\n19: five six\n[matches 3-5 of 5]",
    );
  });

  it("ends before weaker matches, and names the offset at which they begin", () => {
    const mixed = { ...five, total: 4, weaker: { from: 2, count: 1, why: "are less so" } };
    const first = pageOf(text, mixed, request());
    expect(first.slices).toHaveLength(2);
    expect(first.nextOffset).toBeUndefined();
    expect(first.text).toContain("[4 of 4 matches; 1 more are less so: call again with offset 16]");
    expect(pageOf(text, mixed, request({ offset: 16 })).text).toBe(
      "[found]\n19: five six\n[match 5 of 5]",
    );
  });

  it("is cut from the text of a string where a span says so", () => {
    const inside: Selection = {
      spans: [{ label: "in", start: 2, end: 4, source: "abcdef" }],
      unit: "lines",
      total: 1,
    };
    expect(pageOf(text, inside, request()).slices).toEqual([{ label: "in", text: "cd" }]);
  });
});
