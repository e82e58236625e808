/** What holds for every text with tables: the form gives it back byte for byte, and tables say truly which lines they are made of. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tableLayouts, tableLines } from "../../../test/generated-tables.ts";
import { finish } from "../../steps.ts";
import { encodeTables } from "./encode.ts";
import { renderer, type Table } from "./layout.ts";
import { parseTable, parseTables } from "./parse.ts";
import { tableCompressor } from "./table.ts";

const RUNS = 400;
const counter = { name: "quarter", count: (text: string): number => Math.ceil(text.length / 4) };
const compressor = tableCompressor();

/** A line that two rows or headers claim, or that a row does not give back; `undefined` where there is none. */
function wrongLine(lines: readonly string[], tables: readonly Table[]): number | undefined {
  let next = 0;
  for (const { headers, layout, names, notes, rows } of tables) {
    const render = renderer(layout, notes, names);
    for (const row of rows)
      if (render?.(row.cells) !== lines.slice(row.line, row.line + row.lines).join("\n"))
        return row.line;
    const spans = [...headers, ...rows].sort((a, b) => a.line - b.line);
    for (const { line, lines: count } of spans) {
      if (line < next || count < 1 || line + count > lines.length) return line;
      next = line + count;
    }
  }
  return undefined;
}

describe("tables of every make", () => {
  it("come back byte for byte", () => {
    let encoded = 0;
    fc.assert(
      fc.property(tableLines, fc.constantFrom("\n", "\r\n"), fc.boolean(), (lines, end, closed) => {
        const text = lines.join(end) + (closed ? end : "");
        const forms = finish(compressor.encode(text, { counter }) as Generator<undefined, unknown>);
        for (const form of [forms ?? []].flat())
          expect(compressor.decode(form as string)).toBe(text);
        if (forms !== undefined) encoded++;
      }),
      { numRuns: RUNS },
    );
    expect(encoded).toBeGreaterThan(RUNS * 0.75);
  });

  it("are made of lines that are theirs alone, and of rows that give their lines back", () => {
    fc.assert(
      fc.property(tableLines, (lines) => {
        const tables = finish(parseTables(lines));
        expect(wrongLine(lines, tables)).toBeUndefined();
        for (const { names, rows } of tables) {
          expect(new Set(names).size).toBe(names.length);
          expect(rows.every(({ cells }) => cells.length === names.length)).toBe(true);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it("would not pass with a row moved, doubled or changed", () => {
    const lines =
      tableLayouts.csv?.(
        ["id", "Name"],
        [
          ["1", "a"],
          ["2", "b"],
          ["3", "c"],
          ["4", "d"],
        ],
      ) ?? [];
    const [table] = finish(parseTables(lines)) as [Table];
    const [first, second] = table.rows as [Table["rows"][0], Table["rows"][0]];
    expect(wrongLine(lines, [table])).toBeUndefined();
    for (const rows of [
      [{ ...first, line: 2 }],
      [first, { ...first }],
      [{ ...first, cells: ["1", "x"] }, second],
      [{ ...first, lines: 2 }],
    ])
      expect(wrongLine(lines, [{ ...table, rows }])).toBeDefined();
  });

  it.each(Object.keys(tableLayouts))("%s is read as one table with its cells", (name) => {
    const rows = Array.from({ length: 12 }, (_, at) => [
      `row${at}`,
      `${at * 37}`,
      at % 4 ? "ok" : "failed",
      "node-1",
    ]);
    const lines = tableLayouts[name]?.(["Name", "size", "STATE", "host"], rows) ?? [];
    const table = finish(parseTable(lines)) as Table;
    expect(table.rows.length).toBeGreaterThanOrEqual(11);
    expect(table.rows.some(({ cells }) => cells.some((cell) => cell.includes("failed")))).toBe(
      true,
    );
    expect(compressor.decode(finish(encodeTables(lines, [table])))).toBe(lines.join("\n"));
    if (!["list", "metrics", "pairs", "paths", "words"].includes(name))
      expect(table.names).toEqual(["Name", "size", "STATE", "host"]);
  });
});
