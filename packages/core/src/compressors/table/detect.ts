/**
 * Whether a text is a table. Parses a bounded sample and then looks for what only resembles one.
 *
 * Trap: NDJSON has constant commas, aligned logs have columns, code and prose have both now and then, and a list of paths with
 * line numbers has colons.
 */
import { finish } from "../../steps.ts";
import type { Table } from "./layout.ts";
import { parseTable } from "./parse.ts";

const MAX_LINES = 200;

/** 0 (no table) to 1. */
export function detectTable(sample: string): number {
  const lines = sample.split("\n", MAX_LINES);
  while (lines[lines.length - 1] === "") lines.pop();
  if (lines.length < 4) return 0;
  const filled = lines.filter((line) => line !== "");
  if (share(filled, looksOther) > 0.3) return 0;
  const table = finish(parseTable(lines));
  if (!table) return 0;
  const rows = table.rows.length;
  const covered = rows / filled.length;
  const [kind, detail] = table.layout.split(" ");
  if (kind === "psql" || kind === "bars") return covered >= 0.5 ? 0.95 : 0;
  if (covered < 0.7) return 0;
  if (kind === "pairs") {
    const logged = table.names.some((name) => /^(?:time|ts|level|lvl|msg)$/.test(name));
    return logged || share(filled, startsWithStamp) > 0.3 ? 0 : 0.7;
  }
  if (kind === "csv" && detail !== "space" && detail !== ":") {
    const words = table.rows
      .flatMap((row) => row.cells)
      .filter((cell) => cell[0] !== '"' && cell.split(" ", 8).length > 7);
    const width = table.names.length;
    if (words.length > (rows * width) / 4) return 0;
    if (width === 2 && detail === "," && !table.named) return 0;
    return covered >= 0.9 && share(filled, isIndented) < 0.5 ? 0.85 : 0;
  }
  if (share(filled, startsWithStamp) > 0.3 || share(filled, isBullet) > 0.3) return 0;
  if (kind === "words") return 0.85;
  if (kind === "fixed") {
    const aligned = share(filled, (line) => line.includes("  ")) >= 0.5;
    return aligned || table.names.length >= 4 ? 0.8 : 0;
  }
  if (rows < 8 || table.names.length < 3 || share(filled, isIndented) > 0.3) return 0;
  return share(filled, isHit) > 0.3 || !hasColumn(table) ? 0 : 0.7;
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
