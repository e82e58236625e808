/**
 * One line of a long listing: columns, then a name. `ls -l`, `find -ls`, `find -printf`, `tar tv`, `unzip -l`, `zipinfo`, `dir`,
 * listings of object stores.
 *
 * A time stamp has to be there: what stands before it are the columns that say mode, owner and size. Some tools write the size
 * behind it.
 *
 * Trap: names may begin with digits. Only where no size stands before the time, a number behind it is one.
 */

export type ColumnRole =
  | "mode"
  | "links"
  | "owner"
  | "group"
  | "size"
  | "changes"
  | "time"
  | "other";

export interface Cell {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface LongRow {
  readonly cells: readonly Cell[];
  readonly roles: readonly ColumnRole[];
  /** Where the name starts, in lines whose gap before it has the usual width; later where the name begins with blanks. */
  readonly nameAt: number;
}

/** Columns before the time, and tokens that are looked at. */
const MAX_TOKENS = 16;

/** `undefined` where the line is no row of a long listing. */
export function readLongRow(line: string): LongRow | undefined {
  const tokens = tokensOf(line);
  let mode = -1;
  for (let at = 0; at < 3 && at < tokens.length; at++) {
    if (isMode(tokens[at]?.text ?? "")) {
      mode = at;
      break;
    }
  }
  const object = gitObject(line, tokens);
  if (object) return object;
  const first = mode + 1;
  for (let at = first; at < tokens.length - 1 && at < first + MAX_BEFORE; at++) {
    const taken = timeTokens(tokens, at);
    if (taken === 0) continue;
    return rowOf(line, tokens, mode, at, taken);
  }
  return undefined;
}

const MAX_BEFORE = 8;

const OBJECTS: ReadonlySet<string> = new Set(["blob", "tree", "commit"]);

/** `git ls-tree -l`: mode, type, hash and size in front of a tab. */
function gitObject(line: string, tokens: readonly Cell[]): LongRow | undefined {
  const [mode, type, hash, size, name] = tokens;
  if (!mode || !type || !hash || !size || !name || !OBJECTS.has(type.text)) return undefined;
  const isObject = mode.text.length === 6 && isDigits(mode.text) && hash.text.length >= 7;
  if (!isObject || line[size.end] !== "\t" || !(isDigits(size.text) || size.text === "-"))
    return undefined;
  return {
    cells: [mode, type, hash, size],
    roles: ["mode", "other", "other", "size"],
    nameAt: size.end + 1,
  };
}

/** Columns alone, as a tool writes them in front of a name; they need no time. */
export function readColumns(text: string): Pick<LongRow, "cells" | "roles"> | undefined {
  const timed = readLongRow(`${text} x`);
  if (timed) return { cells: timed.cells, roles: timed.roles };
  const cells = tokensOf(text);
  const roles = cells.map((): ColumnRole => "other");
  const mode = isMode(cells[0]?.text ?? "") ? 0 : -1;
  if (mode >= 0) nameColumns(cells, roles, mode);
  const sizeAt = lastSize(cells, roles, mode);
  if (sizeAt < 0) return mode >= 0 ? { cells, roles } : undefined;
  roles[sizeAt] = "size";
  return { cells, roles };
}

function rowOf(
  line: string,
  tokens: readonly Cell[],
  mode: number,
  timeAt: number,
  taken: number,
): LongRow | undefined {
  const cells: Cell[] = [];
  const roles: ColumnRole[] = [];
  for (let at = 0; at < timeAt; at++) {
    const token = tokens[at] as Cell;
    const next = tokens[at + 1];
    // `1, 3`: numbers of a device, in place of its size.
    if (mode >= 0 && at > mode && token.text.endsWith(",") && next && at + 1 < timeAt) {
      cells.push({ text: line.slice(token.start, next.end), start: token.start, end: next.end });
      roles.push("other");
      at++;
      continue;
    }
    cells.push(token);
    roles.push("other");
  }
  if (mode >= 0) nameColumns(cells, roles, mode);
  const sizeAt = lastSize(cells, roles, mode);
  if (sizeAt >= 0) roles[sizeAt] = "size";
  // Nothing but words before the time: a log line, not a file.
  if (mode < 0 && cells.length > (sizeAt < 0 ? 0 : sizeAt + 1)) return undefined;
  const [from, to] = [tokens[timeAt] as Cell, tokens[timeAt + taken - 1] as Cell];
  cells.push({ text: line.slice(from.start, to.end), start: from.start, end: to.end });
  roles.push("time");
  let next = timeAt + taken;
  const behind = tokens[next];
  if (sizeAt < 0 && behind && tokens[next + 1] && isSize(behind.text)) {
    cells.push(behind);
    roles.push("size");
    next++;
  }
  const name = tokens[next];
  if (name === undefined || !roles.includes("size")) return undefined;
  return { cells, roles, nameAt: name.start };
}

/** What stands behind the mode: links, owner, group. */
function nameColumns(cells: readonly Cell[], roles: ColumnRole[], mode: number): void {
  roles[mode] = "mode";
  let at = mode + 1;
  if (isDigits(cells[at]?.text ?? "") && at < cells.length - 1) roles[at++] = "links";
  // zipinfo has the version of the format there.
  if (cells[at]?.text.includes(".") === true) return;
  if (at < cells.length - 1) roles[at++] = "owner";
  if (at < cells.length - 1) roles[at] = "group";
}

/** The last column before the time that is a size; zipinfo has others behind it. */
function lastSize(cells: readonly Cell[], roles: readonly ColumnRole[], mode: number): number {
  for (let at = cells.length - 1; at > mode; at--) {
    const text = cells[at]?.text ?? "";
    if (roles[at] === "other" && (isSize(text) || isDevice(text))) return at;
  }
  return -1;
}

function tokensOf(line: string): readonly Cell[] {
  const tokens: Cell[] = [];
  let at = 0;
  while (at < line.length && tokens.length < MAX_TOKENS) {
    while (isBlank(line.charCodeAt(at))) at++;
    if (at >= line.length) break;
    const start = at;
    while (at < line.length && !isBlank(line.charCodeAt(at))) at++;
    tokens.push({ text: line.slice(start, at), start, end: at });
  }
  return tokens;
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

const MODE = /^[-bcdlpsDnP?](?:[-r][-w][-xsS]){2}[-r][-w][-xtT][.+@]?$/;
const SIZE = /^(?:\d[\d,]*(?:\.\d+)?(?:[KMGTPE]i?B?|B)?|<DIR>|-)$/i;
const MONTH = /^(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)$/;
const DAY = /^(?:[0-3]?\d)$/;
const YEAR = /^(?:19|20)\d\d$/;
const CLOCK = /^[012]?\d:[0-5]\d(?::[0-6]\d(?:\.\d+)?)?$/;
const DATE =
  /^(?:\d{4}[-/]\d\d[-/]\d\d(?:[T+][\d:.]+Z?)?|\d\d[-/]\d\d[-/]\d{2,4}|\d\d-[A-Z][a-z][a-z]-\d\d)$/;
const ZONE = /^[-+]\d{4}$/;

export function isMode(text: string): boolean {
  return text.length >= 10 && text.length <= 11 && MODE.test(text);
}

function isSize(text: string): boolean {
  return text.length <= 20 && SIZE.test(text);
}

function isDevice(text: string): boolean {
  return text.length <= 20 && text.includes(",") && text.includes(" ");
}

function isDigits(text: string): boolean {
  if (text === "" || text.length > 12) return false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

/** How many tokens from here on are a time stamp: `Nov 28 08:55`, `28 Nov 2025`, `2026-11-28 08:55:12.3 +0100`; 0 for none. */
function timeTokens(tokens: readonly Cell[], at: number): number {
  const text = (ahead: number): string => tokens[at + ahead]?.text ?? "";
  const named =
    (MONTH.test(text(0)) && DAY.test(text(1))) || (DAY.test(text(0)) && MONTH.test(text(1)));
  if (named) {
    if (YEAR.test(text(2))) return 3;
    if (!CLOCK.test(text(2))) return 0;
    return YEAR.test(text(3)) && tokens.length > at + 4 ? 4 : 3;
  }
  if (!DATE.test(text(0))) return 0;
  let taken = 1;
  if (CLOCK.test(text(taken))) {
    taken++;
    if (text(taken) === "AM" || text(taken) === "PM") taken++;
    if (ZONE.test(text(taken))) taken++;
  }
  return taken;
}
