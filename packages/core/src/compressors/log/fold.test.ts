import { describe, expect, it } from "vitest";
import { finish } from "../../steps.ts";
import { type Folded, fold } from "./fold.ts";
import { mineTemplates } from "./mine.ts";

/** Folds lines of which those with a `+` in front are shown. */
function folded(
  marked: readonly string[],
  query?: (line: string) => number,
  firstLine?: number,
): Folded {
  const lines = marked.map((line) => line.slice(1));
  const shown = Uint8Array.from(marked, (line) => (line[0] === "+" ? 1 : 0));
  return finish(fold(lines, shown, finish(mineTemplates(lines)), query, firstLine));
}

function many(count: number, line: (at: number) => string): readonly string[] {
  return Array.from({ length: count }, (_, at) => `-${line(at)}`);
}

describe("gaps", () => {
  it.each<[string, readonly string[], string, number]>([
    [
      "a run of like lines",
      ["+a", ...many(20, (at) => `Compiling part${at}`), "+b"],
      "a\n… 20 lines like: Compiling * (2-21)\nb",
      20,
    ],
    [
      "one long line",
      ["+a", `-${"word ".repeat(12)}end`],
      `a\n… 1 line like: ${"word ".repeat(12).trim()} … (2)`,
      1,
    ],
    ["a gap of 44 characters is shown", ["+a", `-${"x".repeat(44)}`], `a\n${"x".repeat(44)}`, 0],
    [
      "a gap of 45 is not",
      ["+a", `-${"x".repeat(45)}`],
      `a\n… 1 line like: ${"x".repeat(45)} (2)`,
      1,
    ],
    ["four short lines are shown", ["+a", "-b", "-c", "-d", "-e"], "a\nb\nc\nd\ne", 0],
    ["five are not", ["+a", "-b", "-c", "-d", "-e", "-f"], "a\n… 5 lines (2-6)", 5],
    [
      "line ends count",
      ["+a", `-${"x".repeat(21)}`, `-${"y".repeat(22)}`],
      `a\n${"x".repeat(21)}\n${"y".repeat(22)}`,
      0,
    ],
    [
      "line ends count: one more",
      ["+a", `-${"x".repeat(22)}`, `-${"y".repeat(22)}`],
      "a\n… 2 lines (2-3)",
      2,
    ],
    ["blank lines", ["+a", ...many(6, () => "")], "a\n… 6 blank lines (2-7)", 6],
    [
      "eleven lines of many kinds",
      ["+a", ...many(11, (at) => "abcdefghijk"[at]?.repeat(9) ?? "")],
      "a\n… 11 lines (2-12)",
      11,
    ],
    [
      "twelve lines of many kinds",
      ["+a", ...many(12, (at) => "abcdefghijkl"[at]?.repeat(9) ?? "")],
      "a\n… 12 lines (2-13): 1× aaaaaaaaa, 1× bbbbbbbbb, 1× ccccccccc, …",
      12,
    ],
    [
      "three kinds",
      ["+a", ...many(12, (at) => ["reading one", "writing two", "closing three"][at % 3] ?? "")],
      "a\n… 12 lines (2-13): 4× reading one, 4× writing two, 4× closing three",
      12,
    ],
    [
      "three of five are most",
      ["+a", ...many(15, (at) => (at % 5 < 3 ? "reading one" : "writing two"))],
      "a\n… 15 lines like: reading one (2-16)",
      15,
    ],
    [
      "what all kinds begin with is not said",
      ["+a", ...many(12, (at) => `10:00:0${at % 9} app ${["reads x", "writes y"][at % 2]}`)],
      "a\n… 12 lines (2-13): 6× reads x, 6× writes y",
      12,
    ],
    [
      "shapes without words show a line",
      ["+a", ...many(12, (at) => `${at * 7} ${at * 11}`)],
      "a\n… 12 lines like: 0 0 (2-13)",
      12,
    ],
  ])("%s", (_, lines, text, hiddenLines) => {
    expect(folded(lines)).toEqual({ text, hiddenLines, cutCharacters: 0 });
  });

  it("numbers lines from the first line of a part", () => {
    expect(folded(["+a", ...many(20, (at) => `Compiling part${at}`)], undefined, 71).text).toBe(
      "a\n… 20 lines like: Compiling * (72-91)",
    );
  });

  it("cuts a kind after sixty characters, and after thirty-two where several are named", () => {
    const one = `${"abcde ".repeat(9)}abcdef tail`;
    expect(folded(["+a", ...many(9, () => one)]).text).toBe(
      `a\n… 9 lines like: ${"abcde ".repeat(9)}abcdef … (2-10)`,
    );
    const kinds = ["b", "c"].map((sign) => sign.repeat(33));
    expect(folded(["+a", ...many(12, (at) => kinds[at % 2] ?? "")]).text).toBe(
      `a\n… 12 lines (2-13): 6× ${"b".repeat(32)}…, 6× ${"c".repeat(32)}…`,
    );
  });
});

describe("long lines", () => {
  const plain = (length: number): string => "lorem ".repeat(length / 6 + 1).slice(0, length);

  it("are whole up to 1,200 characters", () => {
    expect(folded([`+${plain(1_200)}`])).toEqual({
      text: plain(1_200),
      hiddenLines: 0,
      cutCharacters: 0,
    });
    expect(folded([`+${plain(1_201)}`])).toEqual({
      text: `${plain(1_201).slice(0, 500)} … 501 characters … ${plain(1_201).slice(-200)}`,
      hiddenLines: 0,
      cutCharacters: 501,
    });
  });

  it("show what failed in them, 160 characters around it", () => {
    const line = `${plain(1_000)} fatal ${plain(1_000)}`;
    const { text, cutCharacters } = folded([`+${line}`]);
    expect(text).toBe(
      `${line.slice(0, 500)} … 341 characters … ${line.slice(841, 1_161)} … 646 characters … ${line.slice(-200)}`,
    );
    expect(cutCharacters).toBe(987);
  });

  it("show what was asked for, and three places at most", () => {
    const line =
      ["denied", "broken", "missing", "invalid"].map((word) => `${plain(600)} ${word} `).join("") +
      plain(600);
    const places = (text: string): readonly string[] =>
      ["denied", "broken", "missing", "invalid"].filter((word) => text.includes(word));
    expect(places(folded([`+${line}`]).text)).toEqual(["denied", "broken", "missing"]);
    expect(places(folded([`+${line}`], (text) => text.indexOf("invalid")).text)).toEqual([
      "denied",
      "broken",
      "invalid",
    ]);
  });

  it("are not cut within a character", () => {
    const line = `${"x".repeat(499)}👩${"x".repeat(1_000)}👩${"x".repeat(199)}`;
    expect(folded([`+${line}`]).text).toBe(
      `${"x".repeat(499)} … 1002 characters … 👩${"x".repeat(199)}`,
    );
  });
});
