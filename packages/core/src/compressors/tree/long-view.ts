/**
 * The view of a long listing: what its columns come to, the largest, newest and oldest rows in full under their folders, rows that
 * stand out, and every folder with its names and what its sizes come to.
 *
 * Trap: the size of a folder is not what is in it. It counts as the size that the tool prints, nothing else.
 */

import { finish } from "../../steps.ts";
import type { ShortenContext, Steps, View } from "../../types/compressor.ts";
import type { Fact, OriginalUnits, Statement } from "../../types/statement.ts";
import { describe, sayFacts } from "../../view/describe.ts";
import { measure } from "../../view/measure.ts";
import { Page } from "../../view/page.ts";
import { compareQuantities } from "../../view/quantity.ts";
import { rangesOf } from "../../view/ranges.ts";
import { exactSum } from "../../view/sum.ts";
import { pathsOriginal, pathsWith } from "./claims.ts";
import { foldersOf } from "./folders.ts";
import type { ListedRow, LongListing } from "./long-listing.ts";
import type { ColumnRole } from "./long-row.ts";
import { findMatches, summarizePaths } from "./summary.ts";
import { timeOrder } from "./times.ts";

const LEGEND =
  "[long listing: rows that stand out, then names by folder; … and (n): names left out, by kind or in number; * is a number]";
/** Shorter listings are kept whole. */
const MIN_ROWS = 40;
const LARGEST = 10;
const NEWEST = 5;
const OLDEST = 2;
const UNUSUAL = 12;
const ASKED = 40;
/** A value is unusual where so few rows have it, and most rows have another one. */
const RARE = 2;
const USUAL_SHARE = 0.8;
/** Lines that are no rows: so many are shown, and all that say what went wrong. */
const MAX_OTHERS = 12;
/** Rows may take this share of the cap, the rest is for names. */
const ROWS_SHARE = 0.5;

/** Columns that sentences speak of, as they call them. */
const DESCRIBED: readonly ColumnRole[] = ["size", "changes", "mode", "owner", "group", "time"];

/** `undefined` where nothing would be left out. */
export function* summarizeLong(
  lines: readonly string[],
  listing: LongListing,
  context: ShortenContext,
): Steps<View | undefined> {
  const { rows, others } = listing;
  if (rows.length < MIN_ROWS) return undefined;
  const paths = pathsOf(rows);
  const page = new Page();
  for (const role of DESCRIBED) {
    const facts = yield* factsOf(listing, role);
    if (facts.length > 0)
      page.say({
        text: `… ${role}: ${sayFacts(facts)}`,
        of: "rows",
        field: role,
        about: [[0, rows.length]],
        facts,
      });
  }
  const shown = new Set<number>();
  const section = (title: string, chosen: readonly number[]): void => {
    const fresh = chosen.filter((at) => !shown.has(at));
    if (fresh.length === 0) return;
    for (const at of fresh) shown.add(at);
    page.lines.push(`${title}:`, ...rowsUnderFolders(lines, listing, fresh));
  };
  const room = context.budgetTokens * ROWS_SHARE;
  const perRow = Math.max(1, context.counter.count(lines[rows[0]?.line ?? 0] ?? "") + 6);
  const most = (wanted: number): number => Math.min(wanted, Math.max(3, Math.floor(room / perRow)));
  const matches = findMatches(paths, context.query);
  const asked = pathsWith(context.query, paths);
  if (asked) page.say(asked);
  section("asked for", indexesWhere(paths, (path) => matches.has(path)).slice(0, most(ASKED)));
  yield;
  const bySize = sizeOrder(listing);
  yield;
  const largest = bySize.slice(0, most(LARGEST));
  section("largest first", largest);
  const rest = bySize.slice(largest.length).sort((a, b) => a - b);
  const measured = measureOf(listing);
  const smaller = yield* factsOfRows(listing, measured, rest);
  if (rest.length > 0 && smaller.length > 0)
    page.say({
      text: `… ${measured} of the other ${rest.length}: ${sayFacts(smaller)}`,
      of: "rows",
      field: measured,
      about: rangesOf(rest),
      facts: smaller,
    });
  const stamps = rows.map((row) => textOf(listing, row, "time") ?? "");
  const order = timeOrder(stamps);
  if (order && new Set(order).size > 2) {
    const byTime = [...order.keys()].sort((a, b) => (order[b] ?? 0) - (order[a] ?? 0) || a - b);
    for (const [title, wanted, sorted] of [
      ["newest first", NEWEST, byTime],
      ["oldest first", OLDEST, [...byTime].reverse()],
    ] as const) {
      const same = sorted.filter((at) => order[at] === order[sorted[0] ?? 0]);
      if (same.length <= wanted) section(title, sorted.slice(0, most(wanted)));
      else {
        // Which of them would be shown is no matter of time.
        const facts: readonly Fact[] = [{ says: "all", value: stamps[same[0] ?? 0] ?? "" }];
        const about = rangesOf([...same].sort((a, b) => a - b));
        const text = `… ${title.split(" ")[0]}: ${same.length} rows, time: ${sayFacts(facts)}`;
        page.say({ text, of: "rows", field: "time", about, facts });
      }
    }
  }
  section("unusual", unusualRows(listing).slice(0, most(UNUSUAL)));
  const said = others.filter((line, at) => at < MAX_OTHERS || isAlarming(lines[line] ?? ""));
  const hidden = others.filter((line) => !said.includes(line));
  page.lines.push(...said.map((line) => lines[line] ?? ""));
  if (hidden.length > 0)
    page.say({
      text: `… ${hidden.length} other lines`,
      of: "",
      about: rangesOf(hidden),
      facts: [],
    });
  yield;
  const used = context.counter.count(page.lines.join("\n"));
  // What is asked for stands above.
  const { query: _, ...unasked } = context;
  const view = summarizePaths(
    { head: [], paths, tail: [] },
    { ...unasked, budgetTokens: Math.max(0, context.budgetTokens - used) },
    {
      legend: LEGEND,
      lines: page.lines,
      statements: page.statements,
      about: folderFacts(listing),
    },
  );
  if (view === undefined) return undefined;
  const left = rows.length - shown.size;
  if (left === 0) return undefined;
  const names = view.omitted.filter(({ count }) => count > 0);
  return {
    ...view,
    omitted: [
      { unit: "lines", count: left, total: rows.length, what: "not shown whole" },
      ...names.map((one) => ({ ...one, unit: "names" })),
    ],
  };
}

/** The sequences a view speaks of: `rows`, and `rows in FOLDER`, with a column as field; and those of its paths. */
export function longOriginal(listing: LongListing): OriginalUnits {
  const { rows } = listing;
  const paths = pathsOf(rows);
  const names = pathsOriginal(paths, foldersOf(paths));
  const inFolder = rowsByFolder(rows);
  return {
    values(of, field) {
      const own = of === "rows" ? rows : inFolder.get(of.slice("rows in ".length));
      if (!of.startsWith("rows")) return names.values(of, field);
      return own?.map((row) => textOf(listing, row, field as ColumnRole));
    },
  };
}

function pathsOf(rows: readonly ListedRow[]): readonly string[] {
  return rows.map(({ folder, name }) => folder + name);
}

function textOf({ roles }: LongListing, row: ListedRow, role: ColumnRole): string | undefined {
  const at = roles.indexOf(role);
  return at < 0 ? undefined : row.cells[at]?.text;
}

/** What rows are large by. */
function measureOf({ roles }: LongListing): ColumnRole {
  return roles.includes("changes") ? "changes" : "size";
}

function indexesWhere<Item>(items: readonly Item[], test: (item: Item) => boolean): number[] {
  return [...items.keys()].filter((at) => test(items[at] as Item));
}

function rowsByFolder(rows: readonly ListedRow[]): ReadonlyMap<string, readonly ListedRow[]> {
  const inFolder = new Map<string, ListedRow[]>();
  for (const row of rows) {
    const known = inFolder.get(row.folder);
    if (known) known.push(row);
    else inFolder.set(row.folder, [row]);
  }
  return inFolder;
}

/** What a column of all rows comes to. */
function* factsOf(listing: LongListing, role: ColumnRole): Steps<readonly Fact[]> {
  const facts = yield* factsOfRows(listing, role, [...listing.rows.keys()]);
  // Many times have no counts worth reading, and times without a year no range that could be checked.
  return role === "time" ? facts.filter(({ says }) => says === "all" || says === "range") : facts;
}

function* factsOfRows(
  listing: LongListing,
  role: ColumnRole,
  rows: readonly number[],
): Steps<readonly Fact[]> {
  const values = rows.map((at) => textOf(listing, listing.rows[at] as ListedRow, role));
  if (rows.length === 0 || values.includes(undefined)) return [];
  const facts = yield* describe(values, { name: role, maxValues: 8, order: rows.length > 4 });
  return role === "size" || role === "changes" ? withSum(facts, values) : facts;
}

/** Sizes are added up, also where they look like numbers that name something. */
function withSum(facts: readonly Fact[], values: readonly (string | undefined)[]): readonly Fact[] {
  const isRange = facts.some(({ says }) => says === "range");
  if (!isRange || facts.some(({ says }) => says === "sum")) return facts;
  const sum = exactSum(values.map((value) => value ?? ""));
  return sum === undefined ? facts : [...facts, { says: "sum", sum }];
}

/** Sizes of a folder in one sentence, for folders with several files. */
function folderFacts(listing: LongListing): (folder: string) => Statement | undefined {
  const inFolder = rowsByFolder(listing.rows);
  return (folder) => {
    const own = inFolder.get(folder);
    if (own === undefined || own.length < 3 || inFolder.size < 2) return undefined;
    const measured = measureOf(listing);
    const values = own.map((row) => textOf(listing, row, measured));
    const all = finish(describe(values, { name: "size", maxValues: 2, order: false }));
    const facts = withSum(all, values).filter(
      ({ says }) => says !== "median" && says !== "distinct",
    );
    if (facts.length === 0) return undefined;
    return {
      text: `${measured} ${sayFacts(facts)}`,
      of: `rows in ${folder}`,
      field: measured,
      about: [[0, own.length]],
      facts,
    };
  };
}

/** Rows from the largest on; those without a measure last. */
function sizeOrder(listing: LongListing): readonly number[] {
  const values = listing.rows.map((row) => textOf(listing, row, measureOf(listing)) ?? "");
  const quantities = measure(values)?.quantities ?? [];
  return [...values.keys()].sort((a, b) => {
    const [x, y] = [quantities[a], quantities[b]];
    if (x && y) return compareQuantities(y, x) || a - b;
    return x ? -1 : y ? 1 : a - b;
  });
}

/** Rows whose mode, owner or group hardly another row has. */
function unusualRows(listing: LongListing): readonly number[] {
  const found = new Set<number>();
  for (const role of ["mode", "owner", "group"] as const) {
    const values = listing.rows.map((row) => textOf(listing, row, role));
    const counts = new Map<string | undefined, number>();
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    const usual = [...counts.values()].filter((count) => count > RARE);
    const share = usual.reduce((sum, count) => sum + count, 0) / values.length;
    if (share < USUAL_SHARE) continue;
    for (const [at, value] of values.entries()) if ((counts.get(value) ?? 0) <= RARE) found.add(at);
  }
  return [...found].sort((a, b) => a - b);
}

/** The lines of rows, each run of one folder under its heading. */
function rowsUnderFolders(
  lines: readonly string[],
  { rows, headings }: LongListing,
  chosen: readonly number[],
): readonly string[] {
  const out: string[] = [];
  let heading = "";
  for (const at of chosen) {
    const row = rows[at] as ListedRow;
    if (headings.size > 0) {
      const above = headingOf(lines, headings, row.line);
      if (above !== heading && above !== "") out.push(above);
      heading = above;
    }
    out.push(lines[row.line] ?? "");
  }
  return out;
}

/** The heading that a row stands under. */
function headingOf(
  lines: readonly string[],
  headings: ReadonlyMap<number, string>,
  line: number,
): string {
  for (let at = line; at >= 0; at--) if (headings.has(at)) return lines[at] ?? "";
  return "";
}

function isAlarming(line: string): boolean {
  const lower = line.slice(0, 1_000).toLowerCase();
  return ["error", "fail", "denied", "cannot", "no such", "not "].some((word) =>
    lower.includes(word),
  );
}
