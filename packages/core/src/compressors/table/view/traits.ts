/**
 * Rows that stand out: failures, values that few rows have, the largest and the smallest by value, cells without a measure among
 * measures, columns that differ where they are nearly always equal.
 *
 * Trap: "error" in most rows says nothing. A trait that a quarter of the rows has is none.
 */
import { firstInOrder } from "../../../query/first-in-order.ts";
import { Meter } from "../../../steps.ts";
import type { Steps } from "../../../types/compressor.ts";
import type { Measured } from "../../../view/measure.ts";
import { compareQuantities, type Quantity } from "../../../view/quantity.ts";
import { everyInSteps, indexesInSteps } from "../../shared/in-steps.ts";
import type { Column } from "./column.ts";

/** The largest of a column that are shown: the fewer columns have any, the more. And the smallest. */
const LARGEST: readonly number[] = [10, 10, 5, 3];
const SMALLEST = 1;
/** A value this frequent at the end of a range is no extreme. */
const MAX_TIED = 3;
/** Rows of one trait. */
const MAX_TRAIT = 40;
/** A rare value is so many times rarer than the next one. */
const RARER = 4;
/** A column with more values has no rare ones. */
const MAX_VALUES = 40;
const CELL_WORK = 16;
/** Words of a cell that are counted. */
const MAX_WORDS = 3;

/** Rows with a value that reads as a failure, ascending; none where that is usual. */
export function* failing(columns: readonly Column[]): Steps<readonly number[]> {
  const meter = new Meter();
  const found = new Set<number>();
  const [first] = columns;
  const total = first?.values.length ?? 0;
  for (const { values, counts, measured, role } of columns) {
    // Names of files and functions speak of errors without being one.
    const isState = counts.size <= Math.max(MAX_VALUES, total / 4);
    if (measured || role === "opaque" || !(isState || role === "prose")) continue;
    const failures = new Set<string>();
    for (const value of counts.keys()) {
      if (isFailure(value)) failures.add(value);
      if (meter.isDue(CELL_WORK)) yield;
    }
    if (failures.size === 0) continue;
    const own = yield* indexesInSteps(values, (value) => failures.has(value));
    if (own.length * 4 <= total) for (const at of own) found.add(at);
  }
  for (const at of yield* counters(columns)) found.add(at);
  return found.size * 4 <= total ? [...found].sort((a, b) => a - b) : [];
}

/** `errors: 3` and `failed_calls=1`: names of failures with a number that is not 0. */
function* counters(columns: readonly Column[]): Steps<readonly number[]> {
  const found: number[] = [];
  const total = columns[0]?.values.length ?? 0;
  for (const { values, counts, measured, role } of columns) {
    if (measured || role !== "plain") continue;
    const own = new Set([...counts.keys()].filter((value) => COUNTED_FAILURE.test(value)));
    yield;
    if (own.size > 0) found.push(...(yield* indexesInSteps(values, (value) => own.has(value))));
  }
  const [names, numbers] = columns;
  if (columns.length === 2 && names && numbers && !names.measured) {
    const own = yield* indexesInSteps(
      names.values,
      (name, at) =>
        FAILURE_NAME.test(name) && /^(?:[a-z_]{1,16}[=:] ?)?[1-9]/i.test(numbers.values[at] ?? ""),
    );
    if (own.length * 20 <= total) found.push(...own);
  }
  return found.length * 4 <= total ? found : [];
}

const COUNTED_FAILURE =
  /(?:error|fail|failed|failure|reject|rejected|dropped|denied|corrupt)[a-z_]{0,16}[=:] ?[1-9]/i;
const FAILURE_NAME =
  /(?:^|[^a-z])(?:error[a-z]{0,8}|fail|failed|failures?|rejected|dropped|denied|corrupt)(?:[^a-z]|$)/i;

/** Groups of rows that stand out in one column, the smallest first: the fewer rows have a trait, the more it says. */
export function* traits(columns: readonly Column[]): Steps<readonly (readonly number[])[]> {
  const groups: (readonly number[])[] = [];
  const ranked = columns.filter((column) => hasExtremes(column) && !isVersion(column)).length;
  const largest = LARGEST[Math.min(ranked, LARGEST.length - 1)] ?? 1;
  for (const [at, column] of columns.entries()) {
    groups.push(yield* rareValues(column));
    // Versions of several things have no top ten.
    if (hasExtremes(column))
      groups.push(...(yield* extremes(column, isVersion(column) ? 1 : largest)));
    groups.push(yield* oddOnes(column));
    groups.push(yield* broken(columns, at));
  }
  return groups
    .filter((group) => group.length > 0)
    .map((group) => group.slice(0, MAX_TRAIT))
    .sort((a, b) => a.length - b.length);
}

/** Values that are far rarer than all others of their column, as long as their rows are few. */
function* rareValues({ values, counts }: Column): Steps<readonly number[]> {
  if (counts.size < 2 || counts.size > MAX_VALUES) return [];
  const byCount = [...counts].sort((a, b) => a[1] - b[1]);
  const limit = Math.max(2, values.length / 50);
  const rare = new Set<string>();
  let candidates: string[] = [];
  let rows = 0;
  for (const [at, [value, count]] of byCount.entries()) {
    rows += count;
    if (rows > limit) break;
    candidates.push(value);
    if ((byCount[at + 1]?.[1] ?? 0) < count * RARER) continue;
    for (const one of candidates) rare.add(one);
    candidates = [];
  }
  return rare.size === 0 ? [] : yield* indexesInSteps(values, (value) => rare.has(value));
}

/** Whether the largest and the smallest are worth a look: those of ids are not. */
export function hasExtremes({ measured, isIdentifier, counts }: Column): boolean {
  return measured !== undefined && !isIdentifier && counts.size >= 3 && !isAddress(measured);
}

function isVersion({ measured }: Column): boolean {
  return measured?.kind === "version";
}

/** `10.2.0.17` can be compared, but none is the largest in any sense. */
function isAddress({ kind, quantities }: Measured): boolean {
  return kind === "version" && quantities.every((quantity) => quantity?.parts?.length === 4);
}

/** The largest and the smallest by what they measure, the first of them apart; values that many rows share are none. */
function* extremes(
  { values, counts, measured }: Column,
  largest: number,
): Steps<readonly (readonly number[])[]> {
  const places: Place[] = [];
  for (const [at, quantity] of (measured?.quantities ?? []).entries())
    if (quantity) places.push({ at, quantity });
  yield;
  const upwards = (a: Place, b: Place): number =>
    compareQuantities(a.quantity, b.quantity) || a.at - b.at;
  const downwards = (a: Place, b: Place): number =>
    compareQuantities(b.quantity, a.quantity) || a.at - b.at;
  const most = yield* firstInOrder(places, largest, downwards);
  const least = yield* firstInOrder(places, SMALLEST, upwards);
  const isRare = ({ at }: Place): boolean => (counts.get(values[at] ?? "") ?? 0) <= MAX_TIED;
  const rowsOf = (some: readonly Place[]): readonly number[] =>
    some.filter(isRare).map(({ at }) => at);
  return [rowsOf([...most.slice(0, 1), ...least]), rowsOf(most.slice(1))];
}

interface Place {
  readonly at: number;
  readonly quantity: Quantity;
}

/** `-` among numbers, an empty cell among names, `a.log (deleted)` among names of one word, a name that stands twice among unique ones. */
function* oddOnes(column: Column): Steps<readonly number[]> {
  const { values, counts, measured } = column;
  const limit = Math.max(1, Math.floor(values.length / 50));
  const odd = new Set<number>();
  const addAll = function* (test: (value: string, at: number) => boolean): Steps<void> {
    for (const at of yield* indexesInSteps(values, test)) odd.add(at);
  };
  if (measured && values.length > measured.count && values.length - measured.count <= limit)
    yield* addAll((_, at) => measured.quantities[at] === undefined);
  if (counts.size > MAX_VALUES) {
    const empty = counts.get("") ?? 0;
    if (!measured && empty > 0 && empty <= limit) yield* addAll((value) => value === "");
    if (!measured && column.role !== "prose") {
      const words = values.map((value) => value.split(" ", MAX_WORDS).length);
      const single = words.filter((count) => count === 1).length;
      if (single < values.length && values.length - single <= limit)
        yield* addAll((_, at) => words[at] !== 1);
    }
    // Numbers may be the same by chance, unless they tell the rows apart.
    const isName = !measured || column.isIdentifier;
    const repeated = values.length - counts.size;
    if (isName && repeated > 0 && repeated <= limit)
      yield* addAll((value) => (counts.get(value) ?? 0) > 1);
  }
  return [...odd].sort((a, b) => a - b);
}

/** Rows where a column differs from an earlier one that it otherwise repeats. */
function* broken(columns: readonly Column[], index: number): Steps<readonly number[]> {
  const { values, counts } = columns[index] as Column;
  if (counts.size < 2) return [];
  for (let other = Math.max(0, index - 24); other < index; other++) {
    const before = (columns[other] as Column).values;
    const differ: number[] = [];
    const few = yield* everyInSteps(values, (value, at) => {
      if (before[at] !== value) differ.push(at);
      return differ.length * 8 <= values.length;
    });
    if (few && differ.length > 0) return differ;
  }
  return [];
}

const FAILURES: ReadonlySet<string> = new Set(
  (
    "error errors fail failed failing failure fatal critical crash crashed crashloopbackoff imagepullbackoff errimagepull evicted " +
    "oomkilled killed denied refused rejected invalid timeout unhealthy notready unreachable restarting exited dead degraded down " +
    "offline unknown panic abort aborted broken corrupt expired blocked stuck zombie defunct lost declined"
  ).split(" "),
);

/** Whether a short value is, or a longer one starts with, a word of failure. Long texts mention failures without being one. */
export function isFailure(cell: string): boolean {
  if (cell.length === 0 || cell.length > 80) return false;
  let word = "";
  let words = 0;
  for (let at = 0; at <= cell.length && words < 3; at++) {
    const code = at < cell.length ? cell.charCodeAt(at) | 32 : 0;
    if (code >= 97 && code <= 122) word += String.fromCharCode(code);
    else if (word !== "") {
      // `fail-open` and `error_log` are names of other things.
      if (FAILURES.has(word) && cell[at] !== "-" && cell[at] !== "_") return true;
      word = "";
      words++;
    }
  }
  return false;
}
