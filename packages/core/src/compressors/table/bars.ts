/**
 * Tables with bars between the cells and a rule under the names: psql, markdown, and box drawings.
 *
 * Trap: psql trims its last column, markdown may pad or not, and cells of some lines hold a bar themselves. Those lines are no rows.
 */
import type { Steps } from "../../types/compressor.ts";
import { mapInSteps, mapTexts } from "../shared/in-steps.ts";
import { MAX_WIDTH, type Table } from "./layout.ts";
import { isRule } from "./rule.ts";
import { MIN_ROWS, SAMPLE, settle, trimSpaces } from "./settle.ts";

/** Lines that may stand above the rule. */
const MAX_TITLES = 12;
/** Signs between cells. */
const BARS = "|│┃║";

/** Bars between cells, found by the rule under the names. */
export function* parseBars(lines: readonly string[]): Steps<Table | undefined> {
  const rule = lines.findIndex((line, at) => at > 0 && at < MAX_TITLES && isJointedRule(line));
  if (rule < 1) return undefined;
  const head = lines[rule - 1] ?? "";
  // Some draw the line of names with heavier bars.
  const headBar = barOf(head);
  const bar = barOf(lines[rule + 1] ?? "") ?? headBar;
  if (headBar === undefined || bar === undefined) return undefined;
  const edged = head.startsWith(headBar) && head.endsWith(headBar) && head.length > 1;
  const split = (line: string, by: string): readonly string[] =>
    (edged ? line.slice(1, -1) : line).split(by);
  const width = split(head, headBar).length;
  if (width < 2 || width > 200) return undefined;
  const cut = (line: string): readonly string[] | undefined => {
    if (edged && !(line.length > 1 && line.startsWith(bar) && line.endsWith(bar))) return undefined;
    const cells = split(line, bar);
    return cells.length === width ? cells : undefined;
  };
  const raw = yield* mapTexts(lines, (line, at) => (at <= rule ? undefined : cut(line)));
  const body = raw.filter((cells) => cells !== undefined);
  if (body.length < MIN_ROWS) return undefined;
  const notes: string[] = [];
  for (let column = 0; column < width; column++) {
    const cells = yield* mapInSteps(body, (row) => row[column] ?? "");
    notes.push(learnPadding(cells, !edged));
    yield;
  }
  const named = split(head, headBar);
  const names = named.map((cell) => cell.trim());
  const rows = yield* mapTexts(lines, (_, at) => raw[at]?.map((cell) => trimSpaces(cell)));
  const last = named[width - 1]?.length ?? 0;
  const layout = edged ? `bars ${bar}${bar}` : bar === "|" ? `psql ${last}` : `bars ${bar}`;
  return yield* settle(lines, { layout, names, notes, headerLine: rule - 1, rows });
}

/** The sign between the cells of a line. */
function barOf(line: string): string | undefined {
  for (const char of line) if (BARS.includes(char)) return char;
  return undefined;
}

/** Which padding most cells of a column between bars follow. */
function learnPadding(cells: readonly string[], ruled: boolean): string {
  let width = 0;
  for (const cell of cells) if (cell.length > width) width = cell.length;
  const lefts = { left: 0, right: 0, flush: 0, both: 0, before: 0, bare: 0 };
  for (const raw of cells.slice(0, 5 * SAMPLE)) {
    const cell = trimSpaces(raw);
    // What `padRuled` gives, told by lengths: building the strings would take longer than everything else here.
    const empty = cell === "";
    const before = empty || (raw.charCodeAt(0) === 32 && raw.charCodeAt(1) !== 32);
    const last = raw.length - 1;
    const after = empty || (raw.charCodeAt(last) === 32 && raw.charCodeAt(last - 1) !== 32);
    const full = raw.length === Math.max(width, cell.length + 1);
    if (before && full) lefts.left++;
    if (after && full) lefts.right++;
    if (before && raw.length === cell.length + 2) lefts.both++;
    if (before && raw.length === cell.length + 1) lefts.before++;
    if (raw.length === cell.length) lefts.bare++;
    if (raw.length === width && (empty || raw.charCodeAt(last) !== 32)) lefts.flush++;
  }
  const padded: readonly (readonly [string, number])[] = [
    [`@<${width}`, lefts.left],
    [`@>${width}`, lefts.right],
    [`@]${width}`, lefts.flush],
  ];
  const plain: readonly (readonly [string, number])[] = [
    ["@-", lefts.both],
    ["@_", lefts.before],
    ["@.", lefts.bare],
  ];
  // The first of equals wins. psql needs the width for its rule, markdown is shorter without it.
  const notes = ruled ? [...padded, ...plain] : [...plain, ...padded];
  return notes.reduce((best, note) => (note[1] > best[1] ? note : best))[0];
}

/** `----+----`, `|---|:--:|`, `├───┼───┤`. */
function isJointedRule(line: string): boolean {
  return line.length <= MAX_WIDTH && isRule(line) && JOINTS.test(line);
}

const JOINTS = /[+|┼╪┿╇╋╬┃│]/;
