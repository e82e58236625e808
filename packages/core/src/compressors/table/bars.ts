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
  const isPsql = !edged && bar === "|" && (lines[rule] ?? "").includes("+");
  const broken = isPsql ? joinBroken(raw, last) : NONE_BROKEN;
  yield;
  const settled: (readonly string[] | undefined)[] = rows.map((row, at) =>
    broken.inside.has(at) ? undefined : row,
  );
  for (const [at, cells] of broken.rows) settled[at] = cells;
  return yield* settle(lines, {
    layout,
    names,
    notes,
    headerLine: rule - 1,
    rows: settled,
    tall: broken.tall,
  });
}

/** Rows of several lines. */
interface Broken {
  readonly rows: ReadonlyMap<number, readonly string[]>;
  /** Lines of a row, by its first. */
  readonly tall: ReadonlyMap<number, number>;
  /** Lines that are no first ones. */
  readonly inside: ReadonlySet<number>;
}

const NONE_BROKEN: Broken = { rows: new Map(), tall: new Map(), inside: new Set() };

/** psql ends a cell in a plus, where others have their last space, if its text goes on in the next line. */
function joinBroken(raw: readonly (readonly string[] | undefined)[], lastWidth: number): Broken {
  const goesOn = (cells: readonly string[] | undefined): boolean =>
    cells?.some(
      (cell, column) =>
        cell.endsWith("+") &&
        (column < cells.length - 1 || cell.endsWith(" +") || cell.length >= lastWidth),
    ) === true;
  const rows = new Map<number, readonly string[]>();
  const tall = new Map<number, number>();
  const inside = new Set<number>();
  for (let at = 0; at < raw.length; at++) {
    let end = at;
    while (goesOn(raw[end])) end++;
    if (end === at || raw[end] === undefined) continue;
    const parts = raw.slice(at, end + 1);
    const textOf = (cell: string): string =>
      trimSpaces(cell.endsWith("+") ? cell.slice(0, -1) : cell);
    const cells = (raw[at] ?? []).map((_, column) =>
      parts
        .map((part) => textOf(part?.[column] ?? ""))
        .filter((text, turn) => turn === 0 || text !== "")
        .join("\n"),
    );
    rows.set(at, cells);
    tall.set(at, parts.length);
    for (let line = at + 1; line <= end; line++) inside.add(line);
    at = end;
  }
  return { rows, tall, inside };
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
