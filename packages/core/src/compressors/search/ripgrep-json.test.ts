import { describe, expect, it } from "vitest";
import {
  decodeRipgrepJson,
  encodeRipgrepJson,
  entriesOfRipgrepJson,
  isRipgrepJson,
} from "./ripgrep-json.ts";

const text = (value: string): object => ({ text: value });

function begin(path: string): string {
  return JSON.stringify({ type: "begin", data: { path: text(path) } });
}

function hit(
  line: string,
  number: number,
  more: {
    type?: string;
    path?: string;
    offset?: number;
    spans?: readonly (readonly [string, number, number])[];
  } = {},
): string {
  const { type = "match", path = "src/a.ts", offset = 0, spans = [] } = more;
  const submatches = spans.map(([match, start, end]) => ({ match: text(match), start, end }));
  const data = {
    path: text(path),
    lines: text(line),
    line_number: number,
    absolute_offset: offset,
    submatches,
  };
  return JSON.stringify({ type, data });
}

function end(nanos = 26_239, human = "0.000026s", binary: number | null = null): string {
  const elapsed = { secs: 0, nanos, human };
  const counts = {
    searches: 1,
    searches_with_match: 1,
    bytes_searched: 3203,
    bytes_printed: 784,
    matched_lines: 2,
    matches: 3,
  };
  return JSON.stringify({
    type: "end",
    data: { path: text("src/a.ts"), binary_offset: binary, stats: { elapsed, ...counts } },
  });
}

const summary = JSON.stringify({
  data: { elapsed_total: { human: "0.001s", nanos: 1, secs: 0 }, stats: {} },
  type: "summary",
});

describe("records of ripgrep", () => {
  it.each<[string, readonly string[], readonly string[]]>([
    [
      "a file with hits, lines around them and an end",
      [
        begin("src/a.ts"),
        hit("export retry;\n", 12, { offset: 345, spans: [["retry", 7, 12]] }),
        hit("\n", 13, { type: "context", offset: 359 }),
        hit("retry retry\n", 14, {
          offset: 360,
          spans: [
            ["retry", 0, 5],
            ["retry", 6, 11],
          ],
        }),
        end(),
      ],
      [
        "src/a.ts",
        "12:export retry; @345 7-12",
        "13- @359",
        "14:retry retry @360 0-5 6-11",
        "= 0 26239 null 1 1 3203 784 2 3",
      ],
    ],
    [
      "no line end at the end of a file",
      [begin("src/a.ts"), hit("retry", 1, { offset: 3, spans: [["retry", 0, 5]] })],
      ["src/a.ts", "1:retry @3! 0-5"],
    ],
    [
      "columns in bytes",
      [begin("src/a.ts"), hit("é → retry\n", 1, { spans: [["retry", 7, 12]] })],
      ["src/a.ts", "1:é → retry @0 7-12"],
    ],
    [
      "the last of ASCII",
      [begin("src/a.ts"), hit("\u007f retry\n", 1, { spans: [["retry", 2, 7]] })],
      ["src/a.ts", "1:\u007f retry @0 2-7"],
    ],
    [
      "the first beyond",
      [begin("src/a.ts"), hit("\u0080 retry\n", 1, { spans: [["retry", 3, 8]] })],
      ["src/a.ts", "1:\u0080 retry @0 3-8"],
    ],
    [
      "every digit",
      [begin("src/a.ts"), hit("x\n", 1_234_567_890)],
      ["src/a.ts", "1234567890:x @0"],
    ],
    ["an @ in the text", [begin("src/a.ts"), hit("a @b 1-2\n", 1)], ["src/a.ts", "1:a @b 1-2 @0"]],
    [
      "a binary file",
      [begin("src/a.ts"), end(1_000, "0.000001s", 17)],
      ["src/a.ts", "= 0 1000 17 1 1 3203 784 2 3"],
    ],
    ["a summary", [begin("src/a.ts"), summary], ["src/a.ts", `|${summary}`]],
    [
      "a record of another file",
      [begin("src/a.ts"), hit("x\n", 1, { path: "src/b.ts" })],
      ["src/a.ts", `|${hit("x\n", 1, { path: "src/b.ts" })}`],
    ],
    ["a record before any file", [hit("x\n", 1)], [`|${hit("x\n", 1)}`]],
    [
      "a hit of several lines",
      [begin("src/a.ts"), hit("x\ny\n", 1)],
      ["src/a.ts", `|${hit("x\ny\n", 1)}`],
    ],
    [
      "another time than the one that is said",
      [begin("src/a.ts"), end(26_239, "0.1s")],
      ["src/a.ts", `|${end(26_239, "0.1s")}`],
    ],
    [
      "another match than the one that is said",
      [begin("src/a.ts"), hit("retry\n", 1, { spans: [["again", 0, 5]] })],
      ["src/a.ts", `|${hit("retry\n", 1, { spans: [["again", 0, 5]] })}`],
    ],
    [
      "bytes in place of text",
      [begin("src/a.ts"), hit("x\n", 1).replace('"text":"x\\n"', '"bytes":"eAo="')],
      ["src/a.ts", `|${hit("x\n", 1).replace('"text":"x\\n"', '"bytes":"eAo="')}`],
    ],
    [
      "white space within",
      [begin("src/a.ts"), hit("x\n", 1).replace(",", ", ")],
      ["src/a.ts", `|${hit("x\n", 1).replace(",", ", ")}`],
    ],
    [
      "no JSON",
      [begin("src/a.ts"), '{"type":"match","data":{"path":', "x"],
      ["src/a.ts", '|{"type":"match","data":{"path":', "|x"],
    ],
    [
      "a path that begins like a line",
      ["9", "=", "|"].flatMap((sign) => [begin(`${sign}a.ts`)]),
      ["9", "=", "|"].map((sign) => `|${begin(`${sign}a.ts`)}`),
    ],
    ["an empty path", [begin("")], [`|${begin("")}`]],
    ["a path with a line end", [begin("a\nb")], [`|${begin("a\nb")}`]],
  ])("%s", (_, records, lines) => {
    for (const closed of [true, false]) {
      const form = encodeRipgrepJson(records, closed);
      expect(form.split("\n").slice(1)).toEqual(closed ? [...lines, ""] : lines);
      expect(decodeRipgrepJson(form)).toBe(records.join("\n") + (closed ? "\n" : ""));
    }
  });

  it.each(["x", "= 0 1", "12x", "12:x", "= 0 1 null 1 1 1 1 1", "@1"])(
    "%s after the legend is no record",
    (line) => {
      const legend = encodeRipgrepJson([], true).split("\n")[0];
      const decoded = decodeRipgrepJson(`${legend}\n${line}`);
      expect(decoded).toBe(line === "x" || line === "@1" ? begin(line) : undefined);
    },
  );

  it("is not decoded without its legend", () =>
    expect(decodeRipgrepJson("src/a.ts\n1:x @0")).toBeUndefined());

  it.each<[string, readonly string[], boolean]>([
    [
      "records",
      [begin("a"), hit("x\n", 1), hit("x\n", 2, { type: "context" }), end(), summary],
      true,
    ],
    ["a summary of its kind", [begin("a"), '{"type":"summary","data":{}}'], true],
    ["one record", [begin("a")], true],
    ["another start", [hit("x\n", 1), begin("a")], false],
    ["another second line", [begin("a"), "x"], false],
    [
      "another sixth line",
      [begin("a"), ...Array.from({ length: 4 }, () => hit("x\n", 1)), "x"],
      false,
    ],
    [
      "another seventh line",
      [begin("a"), ...Array.from({ length: 5 }, () => hit("x\n", 1)), "x"],
      true,
    ],
    ["nothing", [], false],
  ])("%s: %s", (_, lines, expected) => expect(isRipgrepJson(lines.join("\n"))).toBe(expected));

  it("are hits and lines around them, one a line", () => {
    const lines = [
      begin("src/a.ts"),
      hit("x y\n", 12),
      hit("z", 13, { type: "context" }),
      end(),
      "said",
    ];
    const entry = (
      kind: string,
      path: string,
      rest: string,
      number: number,
      body: number,
    ): object => ({ kind, path, rest, number, body });
    expect(entriesOfRipgrepJson(lines)).toEqual({
      entries: [
        entry("other", "", "", 0, 0),
        entry("match", "src/a.ts", "12:x y", 12, 3),
        entry("context", "src/a.ts", "13-z", 13, 3),
        entry("other", "", "", 0, 0),
        entry("other", "", "said", 0, 0),
      ],
      records: 2,
    });
  });
});
