import { describe, expect, it } from "vitest";
import { finish } from "../../steps.ts";
import { closeSmallGaps, type Folded, fold } from "./fold.ts";
import { mineTemplates } from "./mine.ts";

interface Options {
  readonly firstLine?: number;
  readonly origins?: readonly string[];
}

/** Folds lines of which those with a `+` in front are shown. */
function folded(marked: readonly string[], options: Options = {}): Folded {
  const lines = marked.map((line) => line.slice(1));
  const picked = Uint8Array.from(marked, (line) => (line[0] === "+" ? 1 : 0));
  const shown = finish(closeSmallGaps(lines, picked));
  return finish(fold(lines, shown, { templates: finish(mineTemplates(lines)), ...options }));
}

function many(count: number, line: (at: number) => string): readonly string[] {
  return Array.from({ length: count }, (_, at) => `-${line(at)}`);
}

describe("gaps", () => {
  it.each<[string, readonly string[], string, number]>([
    [
      "a run of like lines",
      ["+a", ...many(20, (at) => `Compiling part${at}`), "+b"],
      "a\n… 20 lines like: Compiling {part0–part19} (2-21)\nb",
      20,
    ],
    [
      "numbers by their range",
      ["+a", ...many(20, (at) => `job ${at} took ${at * 90}ms`)],
      "a\n… 20 lines like: job {0–19} took {0ms–1710ms} (2-21)",
      20,
    ],
    [
      "durations by what they mean",
      [
        "+a",
        ...["90s", "1h", "20ms", "3m"].flatMap((time) => many(4, () => `took ${time} in all`)),
      ],
      "a\n… 16 lines like: took {20ms–1h} in all (2-17)",
      16,
    ],
    [
      "a few values by their counts",
      ["+a", ...many(20, (at) => `GET /cart ${at % 4 === 0 ? "v7" : "v8"} ok`)],
      "a\n… 20 lines like: GET /cart {v8 ×15, v7 ×5} ok (2-21)",
      20,
    ],
    [
      "a value that all have as itself",
      ["+a", ...many(20, (at) => `user 7 read row ${at}`)],
      "a\n… 20 lines like: user 7 read row {0–19} (2-21)",
      20,
    ],
    [
      "stamps at line starts are not said",
      ["+a", ...many(20, (at) => `2024-05-01 10:00:${at + 10} app[7]: reads x`)],
      "a\n… 20 lines like: app[7]: reads x (2-21)",
      20,
    ],
    [
      "one long line",
      ["+a", `-${"word ".repeat(17)}end`],
      `a\n… 1 line like: ${"word ".repeat(16).trim()} … (2)`,
      1,
    ],
    ["a line of 80 characters is shown", ["+a", `-${"x".repeat(80)}`], `a\n${"x".repeat(80)}`, 0],
    [
      "one of 81 is not",
      ["+a", `-${"x".repeat(81)}`],
      `a\n… 1 line like: ${"x".repeat(80)} … (2)`,
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
      "three kinds",
      ["+a", ...many(12, (at) => ["reading one", "writing two", "closing three"][at % 3] ?? "")],
      "a\n… 12 lines (2-13): 4× reading one, 4× writing two, 4× closing three",
      12,
    ],
    [
      "two kinds and blank lines between",
      ["+a", ...many(15, (at) => (at % 5 < 3 ? "reading one" : at % 5 === 3 ? "" : "writing two"))],
      "a\n… 15 lines (2-16): 9× reading one, 3× writing two, 3 blank",
      15,
    ],
    [
      "a few lines by the kind most of them have",
      ["+a", ...many(8, (at) => (at < 6 ? "reading one" : `${"zq"[at - 6]} is gone and away`))],
      "a\n… 8 lines (2-9): 6× reading one, 2 others",
      8,
    ],
    [
      "what many kinds begin with is said in part",
      [
        "+a",
        ...many(12, (at) => `10:00:0${at % 9} the app now ${["reads x", "writes y"][at % 2]}`),
      ],
      "a\n… 12 lines (2-13): 6× the app now reads x, 6× the app now writes y",
      12,
    ],
    [
      "lines of values alone",
      ["+a", ...many(12, (at) => `${at * 7} ${at * 11}`)],
      "a\n… 12 lines like: {0–77} {0–121} (2-13)",
      12,
    ],
    [
      "white space between words counts as one space",
      [
        "+a",
        ...many(12, (at) => `${at % 2 ? "\t" : ""}row${" ".repeat((at % 4) + 1)}of the table`),
      ],
      "a\n… 12 lines like: row of the table (2-13)",
      12,
    ],
  ])("%s", (_, lines, text, hiddenLines) => {
    expect(folded(lines)).toMatchObject({ text, hiddenLines, cutCharacters: 0 });
  });

  it("never say like of lines that are not: every kind has its count", () => {
    const lines = many(30, (at) =>
      at === 17 ? "ERROR pool is closed" : `INFO step ${at} is done`,
    );
    expect(folded(["+a", ...lines]).text).toBe(
      "a\n… 30 lines (2-31): 29× INFO step {0–29} is done, 1× ERROR pool is closed",
    );
  });

  it("numbers lines from the first line of a part", () => {
    const lines = ["+a", ...many(20, (at) => `Compiling part${at}`)];
    expect(folded(lines, { firstLine: 71 }).text).toBe(
      "a\n… 20 lines like: Compiling {part0–part19} (72-91)",
    );
  });

  it("cuts a kind after eighty characters, and after forty-eight where several are named", () => {
    const one = `${"abcde ".repeat(13)}ghijkl tail`;
    expect(folded(["+a", ...many(9, () => one)]).text).toBe(
      `a\n… 9 lines like: ${"abcde ".repeat(13).trim()} … (2-10)`,
    );
    const kinds = ["x", "y"].map((sign) => sign.repeat(49));
    expect(folded(["+a", ...many(12, (at) => kinds[at % 2] ?? "")]).text).toBe(
      `a\n… 12 lines (2-13): 6× ${"x".repeat(48)} …, 6× ${"y".repeat(48)} …`,
    );
  });

  it("are told in a few words where there are more than forty", () => {
    const lines = Array.from({ length: 41 }, (_, at) => [
      `+shown ${at}`,
      ...many(12, (n) => ["reading a file", "writing a file"][n % 2] ?? ""),
    ]).flat();
    const { text } = folded(lines);
    expect(text.split("\n").slice(0, 2)).toEqual(["shown 0", "… 12 lines (2-13)"]);
    expect(folded(lines.slice(0, 40 * 13)).text).toContain("6× reading a file");
  });
});

describe("lines that read like a sentence of ours", () => {
  it("have a backslash before them", () => {
    expect(folded(["+… 3 lines (1-3)", "+  … and more"]).text).toBe(
      "\\… 3 lines (1-3)\n\\  … and more",
    );
  });
});

describe("names at line starts", () => {
  it("are printed where the line shown above has another", () => {
    const lines = ["+a", ...many(20, (at) => `Compiling part${at}`), "+b", "+c", "+d"];
    const origins = lines.map((_, at) => (at < 10 ? "job\tone\t" : at < 23 ? "job\ttwo\t" : ""));
    expect(folded(lines, { origins }).text).toBe(
      "job\tone\ta\n… 20 lines like: Compiling {part0–part19} (2-21)\njob\ttwo\tb\nc\nd",
    );
  });
});
