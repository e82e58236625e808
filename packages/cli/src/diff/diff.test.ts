import { describe, expect, it } from "vitest";
import { PLAIN } from "../style.ts";
import { matchLines } from "./match-lines.ts";
import { printRows } from "./print-rows.ts";

const marks = (original: string, view: string, elsewhere?: "all" | "words"): string =>
  matchLines(original.split(" "), view.split(" "), elsewhere)
    .map(({ mark, original: text, view: shown }) => `${mark}${text ?? shown}`)
    .join(" ");

describe("matchLines", () => {
  it("finds what stays, what goes and what is new", () => {
    expect(marks("a b c d e", "M a c e S")).toBe("+M =a -b =c -d =e +S");
    expect(marks("x a x b x", "x b")).toBe("=x -a ~x =b ~x");
    expect(marks("a", "b")).toBe("+b -a");
  });

  it("takes lines that differ in quotes, indents and stamps for the same", () => {
    const original = [
      '  "id": 1,',
      "2026-05-06T12:16:34.98Z Build failed",
      "2026-05-06T12:16:35.98Z Gone",
    ];
    const rows = matchLines(original, ["id: 1", "Build failed"]);
    expect(rows.map(({ mark, line, viewLine }) => [mark, line, viewLine])).toEqual([
      ["~", 1, 1],
      ["~", 2, 2],
      ["-", 3, undefined],
    ]);
  });

  it("calls nothing left out where nothing is, and rows by their words", () => {
    expect(marks("a b", "z", "all")).toBe("+z ~a ~b");
    expect(marks("a:1 b:2", "{b,2}", "words")).toBe("+{b,2} -a:1 ~b:2");
  });

  it("has each line of both sides once, in order, also in 200,000 lines alike", () => {
    const original = Array.from({ length: 200_000 }, (_, at) => `line ${at % 7}`);
    const view = Array.from({ length: 50_000 }, (_, at) => `line ${(at * 3) % 11}`);
    const rows = matchLines(original, view);
    const [left, right] = [
      rows.flatMap(({ line }) => line ?? []),
      rows.flatMap(({ viewLine }) => viewLine ?? []),
    ];
    expect(left).toEqual(original.map((_, at) => at + 1));
    expect(right).toEqual(view.map((_, at) => at + 1));
  });
});

describe("printRows", () => {
  const rows = matchLines(
    ["same", ...Array.from({ length: 20 }, (_, at) => `gone ${at}`), "the last"],
    ["same", "new \u001B[31m", "the last"],
  );

  it("puts them side by side, long runs shortened, nothing wider than the terminal", () => {
    const lines = printRows(rows, { width: 41, isWide: true, isFull: false, style: PLAIN }).split(
      "\n",
    );
    expect(lines[0]).toBe("  same               │ same");
    expect(lines).toContain("  ⋮ 14 more lines left out");
    expect(lines).toContain("+                    │ new ·[31m");
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(41);
  });

  it("puts them one above the other, all of them on request", () => {
    const text = printRows(rows, { width: 40, isWide: false, isFull: true, style: PLAIN });
    expect(text).toContain("- gone 0\n- gone 1\n- gone 2\n- gone 3\n");
    expect(text).not.toContain("⋮");
  });

  it("counts columns, not letters", () => {
    const wide = matchLines(["漢字漢字漢字漢字漢字"], ["x"]);
    const [line = ""] = printRows(wide, { width: 21, isWide: true, isFull: true, style: PLAIN })
      .split("\n")
      .slice(1);
    expect(line).toBe("- 漢字漢…  │");
  });
});
