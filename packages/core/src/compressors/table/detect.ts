/**
 * Whether a text is a table. Parses a bounded sample and then looks for what only resembles one.
 *
 * Trap: NDJSON has constant commas, aligned logs have columns, code and prose have both now and then, and a list of paths with
 * line numbers has colons.
 */
import { finish } from "../../steps.ts";
import type { Table } from "./layout.ts";
import { linesOfTable, parseTables } from "./parse.ts";

const MAX_LINES = 200;

/** 0 (no table) to 1. */
export function detectTable(sample: string): number {
  const lines = sample.split("\n", MAX_LINES);
  while (lines[lines.length - 1] === "") lines.pop();
  if (lines.length < 4) return 0;
  const filled = lines.filter((line) => line !== "");
  if (share(filled, looksOther) > 0.3) return 0;
  const tables = finish(parseTables(lines));
  const rows = sum(tables.map((table) => table.rows.length));
  const covered = sum(tables.map(linesOfTable)) / filled.length;
  const [table] = [...tables].sort((a, b) => b.rows.length - a.rows.length);
  if (!table) return 0;
  const [kind = "", detail = ""] = table.layout.split(" ");
  // Names over a rule leave little doubt.
  if (kind === "psql" || kind === "bars") return covered >= 0.5 ? 0.98 : 0;
  const isNamed = tables.every(({ named }) => named);
  if (covered < (isNamed ? 0.6 : 0.7)) return 0;
  if (kind === "pairs") {
    const logged = table.names.some((name) => /^(?:time|ts|level|lvl|msg)$/.test(name));
    return logged || share(filled, startsWithStamp) > 0.3 ? 0 : 0.7;
  }
  if (isStampedText(table)) return 0.3;
  if ((kind === "csv" || kind === "short") && detail !== "space" && detail !== ":")
    return detectDelimited(table, detail, covered, filled);
  const stamped = share(filled, startsWithStamp) > 0.3;
  if (share(filled, isBullet) > 0.3) return 0;
  // A log has stamps too, but no line of names.
  if (stamped && !table.named) return 0;
  if (kind === "words") return 0.85;
  if (kind === "list") return rows < 8 || share(filled, isHit) > 0.3 ? 0 : 0.7;
  if (kind === "fixed") {
    const aligned = share(filled, (line) => line.includes("  ")) >= 0.5;
    return aligned || table.names.length >= 4 ? 0.8 : 0;
  }
  if (kind === "printf") {
    if (table.named) return 0.8;
    const padded = table.notes.filter((note) => note.length > 1).length;
    if (padded > 1) return 0.8;
  }
  if (rows < 8 || share(filled, isIndented) > 0.3) return 0;
  if (table.names.length < 3 && kind !== "printf") return 0;
  return share(filled, isHit) > 0.3 || !hasColumn(table) ? 0 : 0.7;
}

function detectDelimited(
  { rows, names, named }: Table,
  delimiter: string,
  covered: number,
  filled: readonly string[],
): number {
  const cells = rows.flatMap((row) => row.cells);
  const words = cells.filter((cell) => cell[0] !== '"' && cell.split(" ", 8).length > 7);
  if (words.length > cells.length / 4) return 0;
  if (names.length === 2 && delimiter === "," && !named) return 0;
  return covered >= 0.9 && share(filled, isIndented) < 0.5 ? 0.85 : 0;
}

/** Whether a column holds stamps with text behind them: the lines of a log, after the name of a job. */
function isStampedText({ rows, names }: Table): boolean {
  for (let column = 0; column < names.length; column++) {
    const cells = rows.map((row) => row.cells[column] ?? "");
    const stamped = (cell: string): boolean =>
      cell[0] !== "[" && startsWithStamp(cell) && cell.split(" ", 4).length > 3;
    if (share(cells, stamped) > 0.5) return true;
  }
  return false;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** Words are columns when one place repeats itself or holds numbers. */
function hasColumn(table: Table): boolean {
  for (let column = 0; column < table.names.length - 1; column++) {
    const cells = table.rows.map((row) => row.cells[column] ?? "");
    if (new Set(cells).size * 2 <= cells.length) return true;
    if (share(cells, (cell) => /^[-+]?\d[\d.,:%-]*$/.test(cell.slice(0, 40))) >= 0.8) return true;
  }
  return false;
}

function share(lines: readonly string[], test: (line: string) => boolean): number {
  let count = 0;
  for (const line of lines) if (test(line)) count++;
  return count / Math.max(1, lines.length);
}

/** JSON, markup or code. */
function looksOther(line: string): boolean {
  const first = line.trimStart()[0];
  if (first === '"' && line.includes('": ')) return true;
  if (first === "{" || first === "<" || first === "}") return true;
  const last = line[line.length - 1];
  return last === "{" || last === ";" || last === "(" || line.endsWith("):") || line.endsWith("=>");
}

function isIndented(line: string): boolean {
  return line[0] === " " || line[0] === "\t";
}

function isBullet(line: string): boolean {
  return /^\s?(?:[-*+•]|\d{1,3}[.)]) /.test(line.slice(0, 8));
}

/** Date, clock time, month name, level or bracket at the start: a log. */
function startsWithStamp(line: string): boolean {
  const head = line.slice(0, 32);
  return (
    head[0] === "[" ||
    /^\d{4}[-/.]\d{2}[-/.]\d{2}/.test(head) ||
    /^\d{1,2}:\d{2}:\d{2}/.test(head) ||
    /^(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun)[ ,]/.test(
      head,
    ) ||
    /^(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL)\b/i.test(head)
  );
}

/** `src/a.ts:12:…` */
function isHit(line: string): boolean {
  return /^[^\s:]{1,200}:\d{1,7}(?::|$)/.test(line.slice(0, 220));
}
