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

const RULED = 0.98;

/** 0 (no table) to 1. */
export function detectTable(sample: string): number {
  const lines = sample.split("\n", MAX_LINES);
  while (lines[lines.length - 1] === "") lines.pop();
  if (lines.length < 4) return 0;
  const filled = lines.filter((line) => line !== "");
  if (share(filled, looksOther) > 0.3) return 0;
  // A dump of macros is a table, a header file is code.
  const macros = share(filled, (line) => line.startsWith("#define"));
  if (macros > 0.05 && macros < 0.95) return 0;
  const tables = finish(parseTables(lines));
  const [table] = [...tables].sort((a, b) => b.rows.length - a.rows.length);
  if (!table) return 0;
  // Beside the largest table, only those count that have names.
  const sure = tables.filter((each) => each === table || each.named);
  const covered = sum(sure.map(linesOfTable)) / filled.length;
  const [kind = "", detail = ""] = table.layout.split(" ");
  // Names over a rule leave little doubt.
  if (kind === "psql" || kind === "bars") return covered >= 0.5 ? RULED : 0;
  const isNamed = tables.every(({ named }) => named);
  // Half of the lines of an export of metrics say what they are.
  if (kind === "metrics") return covered >= 0.3 ? 0.85 : 0;
  if (covered < (isNamed ? 0.6 : 0.7)) return detectSections(tables, filled);
  if (kind === "pairs") {
    const logged = table.names.some((name) => /^(?:time|ts|level|lvl|msg)$/.test(name));
    return logged || share(filled, startsWithStamp) > 0.3 ? 0 : 0.7;
  }
  if (isStampedText(table)) return 0.3;
  if (isRecords(table)) return 0.5;
  if (isList(table)) return 0;
  const sureness = detectLayout(table, kind, detail, covered, filled);
  // So does a line of names over nearly all lines.
  return sureness >= 0.8 && isNamed && covered >= 0.9 ? NAMED : sureness;
}

/** A report of several tables with text between them (`readelf -a`, `netstat -s`): others may be surer. */
function detectSections(tables: readonly Table[], filled: readonly string[]): number {
  const wide = tables.filter(
    (table) => table.names.length > (table.named ? 2 : 3) && (table.named || hasNumbers(table)),
  );
  const covered = sum(wide.map(linesOfTable)) / filled.length;
  return wide.length > 1 && covered >= 0.4 ? 0.45 : 0;
}

/** Above what a log or a list of paths is sure of, and not certain: the others may still have a smaller form. */
const NAMED = 0.97;

function detectLayout(
  table: Table,
  kind: string,
  detail: string,
  covered: number,
  filled: readonly string[],
): number {
  const rows = table.rows.length;
  if ((kind === "csv" || kind === "short") && detail !== "space" && detail !== ":")
    return detectDelimited(table, detail, covered, filled);
  const stamped = share(filled, startsWithStamp) > 0.3;
  if (share(filled, isBullet) > 0.3) return 0;
  // A log has stamps too, but no line of names.
  if (stamped && !table.named) return 0;
  if (kind === "words") return 0.85;
  if (kind === "tabs") return share(filled, isIndented) > 0.2 ? 0 : 0.85;
  if (kind === "list") {
    // What stands behind a bare colon may be anything: sections, pairs, times.
    return rows < 8 || detail === '":"' || share(filled, isHit) > 0.3 ? 0 : 0.7;
  }
  if (kind === "fixed") {
    const aligned = share(filled, (line) => line.includes("  ")) >= 0.5;
    return aligned || table.names.length >= 4 || hasNumbers(table) ? 0.8 : 0;
  }
  if (kind === "printf") {
    if (table.named) return 0.8;
    const padded = table.notes.filter((note) => note.length > 1).length;
    if (padded > 0 && rows >= 4) return 0.8;
  }
  if (rows < 8 || share(filled, isIndented) > 0.3) return 0;
  // Two words a line are columns where one of them is a number: `find -printf '%s %p'`, /proc/vmstat.
  if (table.names.length < 3) return hasNumbers(table) ? 0.7 : 0;
  if (share(filled, isHit) > 0.3 || !hasColumn(table)) return 0;
  // Words without names over them may be a log as well, and are one where they tell times or addresses.
  if (!table.named && share(filled, isLogLine) > 0.5) return 0;
  return table.named || detail === ":" ? 0.7 : 0.5;
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
      cell[0] !== "[" &&
      startsWithStamp(cell) &&
      !IS_TIME.test(cell) &&
      cell.split(" ", 4).length > 3;
    if (share(cells, stamped) > 0.5) return true;
  }
  return false;
}

/** A date with its time and its zone, and nothing else: `2026-11-28 10:00:00 +0000 UTC`. */
const IS_TIME = /^\d{4}-\d\d-\d\d[ T][\d:.]{5,18}(?: ?[+-]\d\d:?\d\d)?(?: [A-Z]{2,5})?$/;

/** Whether there are only a sign and a sentence in each row: the items of a list. */
function isList({ rows, names }: Table): boolean {
  if (names.length !== 2) return false;
  const signs = new Set(rows.map(({ cells: [sign = ""] }) => sign));
  const sentences = rows.filter(({ cells: [, text = ""] }) => text.split(" ", 5).length > 4);
  return signs.size <= 2 && sentences.length * 2 > rows.length;
}

/** Whether the first column repeats a few labels: records, whose lines are no rows. */
function isRecords({ rows, names, named }: Table): boolean {
  if (named || names.length > 3) return false;
  const labels = rows.map((row) => row.cells[0] ?? "");
  const marked = rows.filter(
    ({ cells: [label = "", sign = ""] }) => label.endsWith(":") || sign === ":" || sign === "=",
  );
  return marked.length * 2 > rows.length && new Set(labels).size * 3 <= labels.length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** Words are columns when one place repeats itself or holds numbers. */
function hasColumn(table: Table): boolean {
  for (let column = 0; column < table.names.length - 1; column++) {
    const cells = table.rows.map((row) => row.cells[column] ?? "");
    if (new Set(cells).size * 2 <= cells.length) return true;
    if (share(cells, isQuantity) >= 0.8) return true;
  }
  return false;
}

function hasNumbers({ rows, names }: Table): boolean {
  return names.some(
    (_, at) =>
      share(
        rows.map((row) => row.cells[at] ?? ""),
        isQuantity,
      ) >= 0.9,
  );
}

function isQuantity(cell: string): boolean {
  return /^[-+]?\d[\d.,:%-]*$/.test(cell.slice(0, 40));
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
  if (COMMENT.test(line.slice(0, 40))) return true;
  const last = line[line.length - 1];
  return last === "{" || last === ";" || last === "(" || line.endsWith("):") || line.endsWith("=>");
}

/** Of C and its kin: comments, and what the preprocessor reads. */
const COMMENT =
  /^\s{0,20}(?:\/\*|\*\/|\* |\/\/|#\s?(?:include|if|ifdef|ifndef|endif|else|undef|pragma)\b)/;

function isIndented(line: string): boolean {
  return line[0] === " " || line[0] === "\t";
}

function isBullet(line: string): boolean {
  return /^\s{0,8}(?:[-*+•]|\d{1,3}[.)]) /.test(line.slice(0, 14));
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

/** Has a clock time or an address of the web. */
function isLogLine(line: string): boolean {
  const head = line.slice(0, 400);
  return head.includes("://") || /\d\d:\d\d:\d\d/.test(head);
}

/** `src/a.ts:12:…` */
function isHit(line: string): boolean {
  return /^[^\s:]{1,200}:\d{1,7}(?::|$)/.test(line.slice(0, 220));
}
