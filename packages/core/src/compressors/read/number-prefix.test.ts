import { describe, expect, it } from "vitest";
import {
  learnStyle,
  type NumberStyle,
  readPadded,
  readShort,
  writePadded,
  writeShort,
} from "./number-prefix.ts";
import { detectRead, readCompressor } from "./read.ts";

const style = (lead: string, fill: " " | "0", width: number, separator: string): NumberStyle => ({
  lead,
  fill,
  width,
  separator,
});

describe("learnStyle", () => {
  it.each([
    ["     1\tx", style("", " ", 6, "\t"), 1],
    ["    12→x", style("", " ", 6, "→"), 12],
    ["1: x", style("", " ", 1, ": "), 1],
    ["1:  x", style("", " ", 1, ":"), 1],
    ["1:x", style("", " ", 1, ":"), 1],
    ["1:", style("", " ", 1, ":"), 1],
    ["1: ", style("", " ", 1, ": "), 1],
    ["1|x", style("", " ", 1, "|"), 1],
    ["1| x", style("", " ", 1, "| "), 1],
    ["1|  x", style("", " ", 1, "|"), 1],
    ["  1 | x", style("", " ", 3, " | "), 1],
    ["  1 |  x", style("", " ", 3, " | "), 1],
    ["  1 |x", style("", " ", 3, " |"), 1],
    ["  1 │ x", style("", " ", 3, " │ "), 1],
    ["00012| x", style("", "0", 5, "| "), 12],
    ["01:x", style("", "0", 2, ":"), 1],
    ["0:x", style("", " ", 1, ":"), 0],
    ["L12: x", style("L", " ", 2, ": "), 12],
    ["L012: x", style("L", "0", 3, ": "), 12],
    [`${" ".repeat(13)}1\tx`, style("", " ", 14, "\t"), 1],
    ["123456789:x", style("", " ", 9, ":"), 123_456_789],
  ])("%j", (line, learnt, number) =>
    expect(learnStyle(line)).toMatchObject({ style: learnt, number }),
  );

  it.each([
    "",
    "x",
    "12",
    "12 x",
    "12 : x",
    "12;x",
    "12  | x",
    " L1: x",
    "l1: x",
    "M1: x",
    "  012: x",
    "1234567890:x",
    `${" ".repeat(14)}1\tx`,
    "/:x",
    "::x",
  ])("not in %j", (line) => expect(learnStyle(line)).toBeUndefined());
});

describe("reading and writing", () => {
  const padded = style("", " ", 4, " | ");
  it.each<[string, NumberStyle, { number: number; content: string; trimmed: boolean } | undefined]>(
    [
      ["   7 | x", padded, { number: 7, content: "x", trimmed: false }],
      ["   7 | ", padded, { number: 7, content: "", trimmed: false }],
      ["   7 |", padded, { number: 7, content: "", trimmed: true }],
      ["1234 | x", padded, { number: 1234, content: "x", trimmed: false }],
      ["12345 | x", padded, { number: 12_345, content: "x", trimmed: false }],
      [" 12345 | x", padded, undefined],
      ["  7 | x", padded, undefined],
      ["    7 | x", padded, undefined],
      ["   7 |x", padded, undefined],
      ["   7 x", padded, undefined],
      ["  07 | x", padded, undefined],
      ["     | x", padded, undefined],
      ["1234567890 | x", padded, undefined],
      ["0007: x", style("", "0", 4, ": "), { number: 7, content: "x", trimmed: false }],
      ["0000: x", style("", "0", 4, ": "), { number: 0, content: "x", trimmed: false }],
      ["L007: x", style("L", "0", 3, ": "), { number: 7, content: "x", trimmed: false }],
      ["007: x", style("", "0", 4, ": "), undefined],
      ["L7: x", style("L", " ", 1, ": "), { number: 7, content: "x", trimmed: false }],
      ["7: x", style("L", " ", 1, ": "), undefined],
      ["7\t", style("", " ", 1, "\t"), { number: 7, content: "", trimmed: false }],
      ["7", style("", " ", 1, "\t"), undefined],
    ],
  )("%j", (line, known, read) => {
    expect(readPadded(line, known)).toEqual(read);
    if (read) expect(writePadded(read, known)).toBe(line);
  });

  it.each<[string, NumberStyle, { number: number; content: string; trimmed: boolean } | undefined]>(
    [
      ["7 | x", padded, { number: 7, content: "x", trimmed: false }],
      ["7 |", padded, { number: 7, content: "", trimmed: true }],
      ["123456789 | x", padded, { number: 123_456_789, content: "x", trimmed: false }],
      ["1234567890 | x", padded, undefined],
      [" 7 | x", padded, undefined],
      ["07 | x", padded, undefined],
      ["0 | x", padded, { number: 0, content: "x", trimmed: false }],
      [" | x", padded, undefined],
      ["L7: x", style("L", " ", 1, ": "), { number: 7, content: "x", trimmed: false }],
      ["7: x", style("L", " ", 1, ": "), undefined],
    ],
  )("short: %j", (line, known, read) => {
    expect(readShort(line, known)).toEqual(read);
    if (read) expect(writeShort(read, known)).toBe(line);
  });
});

describe("how sure a numbered read is", () => {
  const lines = (
    count: number,
    line: (at: number) => string = (at) => `${at + 1}: x`,
  ): readonly string[] => Array.from({ length: count }, (_, at) => line(at));

  it.each<[string, readonly string[], number]>([
    ["five lines", lines(5), 0],
    ["six lines", lines(6), 1],
    ["half of the lines", [...lines(6), ...lines(6, () => "x")], 0.8],
    ["less than half", [...lines(6), ...lines(7, () => "x")], 0],
    ["blank lines do not count", [...lines(6), "", "", "", "", "", "", "", ""], 1],
    ["a gap", [...lines(6), "9: x", "10: x"], 0.6 + 0.4 * 0.875],
    ["rows with an id", lines(8, (at) => `${at + 1}|ann|42`), 0],
    ["rows with an id and a tab", lines(8, (at) => `${at + 1}\tann\t42`), 0],
    ["aligned numbers", lines(8, (at) => `${`${at + 1}`.padStart(3)}\tann\t42`), 1],
    ["numbers with a letter", lines(8, (at) => `L${at + 1}|ann|42`), 1],
    ["bars in half of the lines", lines(9, (at) => `${at + 1}|${at > 3 ? "a|b" : "a"}`), 1],
    ["bars in more than half", lines(9, (at) => `${at + 1}|${at > 2 ? "a|b" : "a"}`), 0],
    ["indented by tabs", lines(8, (at) => `${at + 1}\t\tx`), 1],
  ])("%s", (_, text, sureness) =>
    expect(detectRead(`${text.join("\n")}\n`)).toBeCloseTo(sureness, 10),
  );
});

describe("the form", () => {
  const read = readCompressor();
  const counter = { name: "one", count: (text: string): number => text.length };
  const form = (text: string): string | undefined => {
    const steps = read.encode(text, { counter }) as Generator<void, string | undefined>;
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
    }
  };
  const file = (contents: readonly string[], from = 1): string =>
    contents.map((content, at) => `${String(from + at).padStart(6)}\t${content}`).join("\n");
  const six = ["a", "b", "c", "d", "e", "f"];

  it("needs four lines without a number", () => {
    const wide = (count: number): string =>
      six
        .slice(0, count)
        .map((content, at) => `${String(at + 1).padStart(13)}\t${content}`)
        .join("\n");
    expect(form(wide(4))).toBeUndefined();
    expect(form(wide(5))).toBe(
      `[only every 10th line is numbered]\n${" ".repeat(12)}1\ta\nb\nc\nd\ne`,
    );
  });

  it("is not used where it is no shorter", () => {
    expect(form(file(six))).toBeUndefined();
    expect(form(file([...six, ...six]))).toBeDefined();
  });

  it("numbers the first line, every tenth, and what is not the next", () => {
    const contents = Array.from({ length: 12 }, (_, at) => `c${at}`);
    expect(
      form(`${file(contents, 8)}\n    31\td\n`)
        ?.split("\n")
        .slice(1),
    ).toEqual([
      "     8\tc0",
      "c1",
      "10\tc2",
      "c3",
      "c4",
      "c5",
      "c6",
      "c7",
      "c8",
      "c9",
      "c10",
      "c11",
      "31\td",
      "",
    ]);
  });

  it("numbers content that looks like a number, the end mark, and an empty last line", () => {
    const contents = [...six, ...six, "7\tx", "[end of numbered lines]", ""];
    expect(form(file(contents))?.split("\n").slice(-3)).toEqual([
      "13\t7\tx",
      "14\t[end of numbered lines]",
      "15\t",
    ]);
    expect(
      form(`${file(contents)}\n`)
        ?.split("\n")
        .slice(-2),
    ).toEqual(["", ""]);
  });

  it("ends at the first line without a number", () => {
    expect(
      form(`${file([...six, ...six])}\n\nx\n`)
        ?.split("\n")
        .slice(-4),
    ).toEqual(["[end of numbered lines]", "", "x", ""]);
  });
});
