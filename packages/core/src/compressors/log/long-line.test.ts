import { describe, expect, it } from "vitest";
import { type CutLine, cutLine, itemsOf, leastLimit, limitOf, WHOLE_LINE } from "./long-line.ts";

const nowhere = (): number => -1;
/** Words of prose in one record: a brace says that commas end fields. */
const plain = (length: number): string => `{${"lorem ".repeat(length / 6 + 1)}`.slice(0, length);
const cut = (line: string, limit = 1_000, asked: (line: string) => number = nowhere): CutLine =>
  cutLine(line, limit, asked);

describe("a long line", () => {
  it("is whole up to the limit", () => {
    expect(cut(plain(1_000))).toEqual({ text: plain(1_000), cuts: [], isList: false });
    const line = plain(1_001);
    expect(cut(line)).toEqual({
      text: `${line.slice(0, 700)} … 1 characters … ${line.slice(-300)}`,
      cuts: [{ text: " … 1 characters … ", from: 700, to: 701 }],
      isList: false,
    });
  });

  it("shows what failed in it, 160 characters around it", () => {
    const line = `${plain(1_500)} fatal ${plain(1_500)}`;
    expect(cut(line).text).toBe(
      `${line.slice(0, 700)} … 641 characters … ${line.slice(1_341, 1_661)} … 1046 characters … ${line.slice(-300)}`,
    );
  });

  it("shows what was asked for, and three places at most", () => {
    const line =
      ["denied", "broken", "missing", "invalid"].map((word) => `${plain(900)} ${word} `).join("") +
      plain(900);
    const places = (text: string): readonly string[] =>
      ["denied", "broken", "missing", "invalid"].filter((word) => text.includes(word));
    expect(places(cut(line).text)).toEqual(["denied", "broken", "missing"]);
    expect(places(cut(line, 1_000, (text) => text.indexOf("invalid")).text)).toEqual([
      "denied",
      "broken",
      "invalid",
    ]);
  });

  it("is not cut within a character", () => {
    const line = `{${"x".repeat(698)}👩${"x".repeat(1_000)}👩${"x".repeat(299)}`;
    expect(cut(line).text).toBe(`{${"x".repeat(698)} … 1002 characters … 👩${"x".repeat(299)}`);
  });
});

describe("a list on one line", () => {
  const names = Array.from({ length: 30_000 }, (_, at) => `suite_${at}.test_error_${at % 7}`);

  it.each([", ", "; ", ",", ";", " "])(
    "is cut between its items, which are counted: %j",
    (separator) => {
      const line = names.join(separator);
      expect(itemsOf(line)).toEqual(names);
      const { text, cuts, isList } = cut(line);
      expect(isList).toBe(true);
      // Words for errors in the names do not make it longer than its head, its tail and three places.
      expect(text.length).toBeLessThan(3_000);
      expect(text.startsWith(`suite_0.test_error_0${separator}suite_1.`)).toBe(true);
      expect(text.endsWith(`suite_29999.test_error_${29_999 % 7}`)).toBe(true);
      const hidden = cuts.reduce((sum, { from, to }) => sum + to - from, 0);
      const shown = text.split(separator).filter((item) => item.startsWith("suite_")).length;
      expect(text).toContain(" of 30000 items …");
      expect(shown + hidden).toBe(30_000);
    },
  );

  it("of items as long as pages is cut within them", () => {
    const line = [...names.slice(0, 60), "x".repeat(3_000)].join(", ");
    expect(cut(line).isList).toBe(false);
  });

  it.each([
    ["a record", `{"level":"info",${"x,".repeat(2_000)}}`],
    ["few items", Array(19).fill("x".repeat(100)).join(",")],
    ["long items", Array(30).fill("x".repeat(151)).join(",")],
  ])("is not %s", (_, line) => expect(itemsOf(line)).toBeUndefined());
});

describe("the limit", () => {
  it("follows the room, between 300 characters and 6,000", () => {
    expect([100, 2_400, 4_800, 9_600, 90_000].map(leastLimit)).toEqual([
      300,
      300,
      600,
      WHOLE_LINE,
      WHOLE_LINE,
    ]);
    expect(limitOf(9_600, 1)).toBe(4_800);
    expect(limitOf(9_600, 2)).toBe(2_400);
    expect(limitOf(9_600, 100)).toBe(WHOLE_LINE);
    expect(limitOf(90_000, 1)).toBe(6_000);
  });
});
