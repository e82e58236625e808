import { describe, expect, it } from "vitest";
import { parseSearch } from "./parse.ts";
import { searchCompressor } from "./search.ts";

/** Style, share and each line as `kind path|rest number@body`. */
function read(lines: readonly string[]): readonly string[] | undefined {
  const parsed = parseSearch(lines);
  return (
    parsed && [
      `${parsed.style} ${parsed.share.toFixed(2)}`,
      ...parsed.entries.map(
        ({ kind, path, rest, number, body }) => `${kind} ${path}|${rest} ${number}@${body}`,
      ),
    ]
  );
}

const styles: readonly (readonly [string, readonly string[]])[] = [
  ["numbered", ["src/a.ts:12:x", "src/a.ts-13-y", "--", "src/b.ts=1=f()", "src/b.ts:2:z"]],
  ["numbered, three of five", ["src/a.ts:1:x", "src/a.ts:2:x", "src/a.ts:3:x", "y", "z"]],
  ["numbered, half", ["src/a.ts:1:x", "src/a.ts:2:x", "y", "z"]],
  ["numbered, with notices", ["src/a.ts:1:x", "grep: b: denied", "Binary file c matches"]],
  ["bare names beside sure paths", ["src/a.ts:1:x", "Makefile:2:y", "LICENSE:3:z"]],
  ["bare names alone, once each", ["Makefile:2:y", "LICENSE:3:z", "README:1:x"]],
  ["bare names alone, twice", ["Makefile:2:y", "Makefile:3:z"]],
  ["names with brackets, twice", ["app[1]:2:y", "app[1]:3:z"]],
  [
    "names with spaces in a known folder",
    ["src/a.ts:1:x", "src/b c.ts:2:y", "lib/d e.ts:3:z", "src/a.ts:9:w"],
  ],
  ["drive letters", ["C:\\a\\b.c:1:x", "C:\\a\\b.c-2-y", "C:\\a\\c.c:3:z"]],
  ["clocks", ["10:00:01 a", "10:00:02 b", "10:00:03 c"]],
  ["a number that is too long", ["src/a.ts:1234567890:x", "src/a.ts:1:x", "src/a.ts:2:x"]],
  ["a number without text", ["src/a.ts:1", "src/a.ts:2:x", "src/a.ts:3:y"]],
  [
    "context that looks like a hit",
    ["src/a.ts:12:x", "src/a.ts-13-f(10:22:3)", "src/a.ts-14-b.ts:3:y"],
  ],
  ["headings", ["src/a.ts", "12:x", "14-y", "--", "20:z", "", "src/b.ts", "1:x"]],
  [
    "headings of agents",
    ["Found 2 files", "src/a.ts:", "  Line 12: x", "", "File: src/b.ts", "L3: y"],
  ],
  ["headings apart by dashes", ["a.ts", "12:x", "---", "b.ts", "3:y"]],
  ["one heading with two gaps", ["a.ts", "3:x", "9:y", "12:z"]],
  ["one heading with one gap", ["a.ts", "1:x", "2:y", "12:z"]],
  ["headings whose numbers fall", ["a.ts", "12:x", "3:y", "", "b.ts", "1:x"]],
  ["headings, four of five", ["a.ts", "1:x", "", "b.ts", "1:x", "y"]],
  ["headings, three of four", ["a.ts", "1:x", "y", "", "b.ts", "z", "w", "1:x"]],
  ["counts", ["a.ts:3", "b.ts:0", "Makefile:10", "src/c.ts:1"]],
  ["counts, one of them missing", ["a.ts:3", "b.ts:", "c.ts:1", "d.ts:1", "e.ts:2"]],
  ["three counts", ["a.ts:3", "b.ts:0", "src/c.ts:1"]],
  ["counts, nine of ten", [...Array.from({ length: 9 }, (_, at) => `f${at}.ts:1`), "x y"]],
  ["counts, eight of nine", [...Array.from({ length: 8 }, (_, at) => `f${at}.ts:1`), "x y"]],
  ["plain", ["src/a.ts:x", "src/a.ts-y", "src/b.ts:z", "--", "src/b.ts=f()", "src/b.ts:w"]],
  ["plain, context before its match", ["src/a.ts-y", "src/a.ts:x", "src/a.ts:z", "src/b.ts:z"]],
  ["plain, two hits", ["src/a.ts:x", "src/a.ts:y"]],
  ["plain, three files once", ["src/a.ts:x", "src/b.ts:y", "src/c.ts:z"]],
  ["plain, each spaced", ["src/a.ts: x", "src/b.ts: y", "src/c.ts: z", "src/a.ts: w"]],
  [
    "plain, one of five not spaced",
    ["src/a.ts: x", "src/b.ts: y", "src/c.ts: z", "src/a.ts: w", "src/a.ts:w"],
  ],
  [
    "plain, text aligned behind paths",
    [
      "bin/a.so:     ELF 64-bit",
      "bin/abc.so:   ASCII text",
      "bin/abcd.sh:  POSIX shell",
      "bin/a.py:     Python",
    ],
  ],
  ["plain, names of tests", ["src/a.py::x", "src/b.py:y", "src/c.py:z"]],
  ["plain, a revision", ["main:src/a.ts:x", "main:src/b.ts:y", "main:src/a.ts:z"]],
  ["plain, spaces beside sure paths", ["src/a.ts:x", "src/b c.ts:y", "src/a.ts:z", "src/d.ts:w"]],
  [
    "plain, context with a colon",
    ["src/a.ts:x", "src/a.ts-  limit: 2", "src/a.ts:y", "src/b.ts:z"],
  ],
];

it("reads every style of search output", async () => {
  const drawn = styles.map(([name, lines]) =>
    [`===== ${name}`, ...(read(lines) ?? ["(none)"])].join("\n"),
  );
  await expect(`${drawn.join("\n")}\n`).toMatchFileSnapshot("./pictures/styles.txt");
});

describe("how sure a search output is", () => {
  const { detect } = searchCompressor();
  const hits = (count: number, text: (at: number) => string = () => "x"): readonly string[] =>
    Array.from({ length: count }, (_, at) => `src/a.ts:${at + 1}:${text(at)}`);

  it.each<[string, readonly string[], number]>([
    ["four hits", hits(4), 0.99],
    ["three hits", hits(3), 0],
    ["plain hits", ["src/a.ts:x", "src/a.ts:y", "src/b.ts:z", "src/b.ts:w"], 0.9],
    ["eight of ten lines", [...hits(8), "y", "z"], 0.97],
    ["six of ten lines", [...hits(6), "y", "z", "v", "w"], 0.94],
    ["counts", ["a.ts:3", "b.ts:0", "c.ts:1", "d.ts:1"], 0.99],
  ])("%s: %f", (_, lines, sureness) => expect(detect(lines.join("\n"))).toBeCloseTo(sureness, 10));

  it.each(["error", "warning", "note", "fatal error", "info", "help", "Error", "WARNING"])(
    "diagnostics that say %s",
    (word) => {
      expect(detect(hits(10, (at) => (at < 3 ? ` ${word}: x` : "x")).join("\n"))).toBeGreaterThan(
        0.9,
      );
      expect(detect(hits(10, (at) => (at < 4 ? ` ${word}: x` : "x")).join("\n"))).toBe(0);
      expect(detect(hits(10, () => ` ${word}s: x`).join("\n"))).toBeGreaterThan(0.9);
      expect(detect(hits(10, () => `  ${word}: x`).join("\n"))).toBeGreaterThan(0.9);
    },
  );

  it("diagnostics with columns, from seven of ten on", () => {
    expect(detect(hits(10, (at) => (at < 6 ? "5: undefined: x" : "x")).join("\n"))).toBeGreaterThan(
      0.9,
    );
    expect(detect(hits(10, (at) => (at < 7 ? "5: undefined: x" : "x")).join("\n"))).toBe(0);
    expect(detect(hits(10, () => "5:x").join("\n"))).toBeGreaterThan(0.9);
    expect(detect(hits(10, () => "5: ").join("\n"))).toBeGreaterThan(0.9);
  });
});
