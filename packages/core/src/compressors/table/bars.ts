/**
 * Tables with bars between the cells and a rule under the names: psql, markdown, and box drawings.
 *
 * Trap: psql trims its last column, markdown may pad or not, and cells of some lines hold a bar themselves. Those lines are no rows.
 */
import type { Steps } from "../../types/compressor.ts";
import { mapInSteps, mapTexts } from "../shared/in-steps.ts";
import { MAX_WIDTH, type Table } from "./layout.ts";
import { MIN_ROWS, SAMPLE, settle, trimSpaces } from "./settle.ts";

/** `│` and `|` between cells, found by the rule under the names. */
export function* parseBars(lines: readonly string[]): Steps<Table | undefined> {
  const rule = lines.findIndex((line, at) => at > 0 && at < 12 && isRule(line));
  if (rule < 1) return undefined;
  const bar = lines[rule - 1]?.includes("│") ? "│" : "|";
  const head = lines[rule - 1] ?? "";
  const edged = head.startsWith(bar) && head.endsWith(bar) && head.length > 1;
  const cut = (line: string): readonly string[] | undefined => {
    if (edged && !(line.length > 1 && line.startsWith(bar) && line.endsWith(bar))) return undefined;
    const cells = (edged ? line.slice(1, -1) : line).split(bar);
    return cells.length === width ? cells : undefined;
  };
  const width = (edged ? head.slice(1, -1) : head).split(bar).length;
  if (width < 2 || width > 200) return undefined;
  const raw = yield* mapTexts(lines, (line, at) => (at === rule ? undefined : cut(line)));
  const body = raw.filter((cells, at) => cells !== undefined && at > rule);
  if (body.length < MIN_ROWS) return undefined;
  const notes: string[] = [];
  for (let column = 0; column < width; column++) {
    const cells = yield* mapInSteps(body, (row) => row?.[column] ?? "");
    notes.push(learnPadding(cells, !edged));
    yield;
  }
  const names = (raw[rule - 1] ?? []).map((cell) => cell.trim());
  const rows = yield* mapTexts(lines, (_, at) => raw[at]?.map((cell) => trimSpaces(cell)));
  const last = raw[rule - 1]?.[width - 1]?.length ?? 0;
  const layout = edged ? `bars ${bar}${bar}` : bar === "|" ? `psql ${last}` : `bars ${bar}`;
  return yield* settle(lines, { layout, names, notes, headerLine: rule - 1, rows });
}

/** Which padding most cells of a column between bars follow. */
function learnPadding(cells: readonly string[], ruled: boolean): string {
  let width = 0;
  for (const cell of cells) if (cell.length > width) width = cell.length;
  const lefts = { left: 0, right: 0, both: 0, before: 0, bare: 0 };
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
  }
  const padded: readonly (readonly [string, number])[] = [
    [`@<${width}`, lefts.left],
    [`@>${width}`, lefts.right],
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
function isRule(line: string): boolean {
  let dashes = 0;
  let joints = 0;
  for (const char of line) {
    if (char === "-" || char === "─" || char === "━" || char === "═") dashes++;
    else if (char === "+" || char === "|" || char === "┼" || char === "╪" || char === "┿") joints++;
    else if (
      char !== ":" &&
      char !== " " &&
      char !== "├" &&
      char !== "┤" &&
      char !== "╞" &&
      char !== "╡"
    ) {
      return false;
    }
  }
  return dashes >= 3 && joints >= 1 && line.length <= MAX_WIDTH;
}
