import { describe, expect, it } from "vitest";
import { severityOf } from "./severity.ts";
import { detailsOf, recordOf } from "./units.ts";

/** What belongs to the first line. */
function unitOf(lines: readonly string[], reach = 40): readonly string[] {
  const severity = Uint8Array.from(lines, (line) => severityOf(line, line));
  const hidden = new Uint8Array(lines.length);
  return detailsOf(lines, 0, reach, severity, hidden).map((at) => lines[at] ?? "");
}

describe("the unit of a failure", () => {
  it.each<[string, readonly string[], number]>([
    [
      "a diagnostic with its echo and caret",
      ["a.c:3:7: error: unknown type", "    3 |   foo x;", "      |   ^~~", "b.c:1:1: error: y"],
      2,
    ],
    [
      "with a blank line before the echo",
      ["a.ts:4:1 - error TS2551: x", "", "44   if (rows.lenght) {", "             ~~~~~~", "", "b"],
      2,
    ],
    [
      "rustc's places and hints",
      [
        "error[E0308]: mismatched",
        " --> src/a.rs:4:5",
        "  |",
        "4 | x",
        "  | ^ expected",
        "  = note: y",
      ],
      5,
    ],
    [
      "what was expected and received",
      [
        "  ● cart › totals",
        "",
        "    expect(received).toBe(expected)",
        "",
        "    Expected: 3",
        "    Received: 2",
        "",
        "      > 15 |  expect(x)",
      ],
      4,
    ],
    [
      "an SQL error with its statement, behind stamps",
      [
        "2026-01-02 10:00:00 UTC [7] ERROR:  relation does not exist",
        "2026-01-02 10:00:00 UTC [7] DETAIL:  Key (id)=(7) is not there.",
        "2026-01-02 10:00:00 UTC [7] HINT:  Look again.",
        "2026-01-02 10:00:00 UTC [7] STATEMENT:  SELECT a",
        "\tFROM b",
        "\tWHERE c = 1",
      ],
      5,
    ],
    ["two plain lines right below", ["ERROR x", "because of y", "in z", "step 3 is running"], 2],
    ["not the next failure", ["ERROR x", "  at y", "ERROR z", "  at w"], 1],
    ["not a warning", ["ERROR x", "WARN y"], 0],
    ["nothing behind two blank lines", ["ERROR x", "", "", "  y"], 0],
  ])("is %s", (_, lines, count) => expect(unitOf(lines)).toHaveLength(count));

  it("ends at its reach", () => {
    expect(unitOf(["ERROR x", ...Array(50).fill("  y")], 12)).toHaveLength(12);
  });

  it("leaves out the frames of a folded stack", () => {
    const lines = ["ERROR x", "  a", "  b", "  c"];
    const hidden = Uint8Array.from([0, 0, 1, 0]);
    expect(detailsOf(lines, 0, 40, new Uint8Array(4), hidden)).toEqual([1, 3]);
    expect(recordOf(lines, 0, 40, hidden)).toEqual([1, 3]);
  });
});

describe("the record of a line", () => {
  it("is what is indented under it", () => {
    const none = new Uint8Array(9);
    expect(recordOf(["a", "  b", "  c", "d"], 0, 40, none)).toEqual([1, 2]);
    expect(recordOf(["a", "  b", "", "  c"], 0, 40, none)).toEqual([1]);
    expect(recordOf(["a", "b"], 0, 40, none)).toEqual([]);
  });
});
