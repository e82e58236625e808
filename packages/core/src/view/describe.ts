/**
 * What is worth saying about values that a view leaves out: the one they share, the values with their counts, the range with sum
 * and median, the span of times, the order.
 *
 * Trap: each fact is checked with `holds`, which reads the values with `measure` as well. Who compares in another way here says
 * something false there.
 */
import { Meter } from "../steps.ts";
import type { Steps } from "../types/compressor.ts";
import type { Fact } from "../types/statement.ts";
import { isSorted, isSummable, printFact } from "./fact.ts";
import { type Measured, measureInSteps } from "./measure.ts";
import { compareQuantities } from "./quantity.ts";
import { exactSum, sumInUnitOf } from "./sum.ts";

export interface DescribeOptions {
  /** Name of the field. Numbers that only name things (`pid`, `port`, `zip`) are not added up. */
  readonly name?: string;
  /** Different values that are named with their counts. @default 12 */
  readonly maxValues?: number;
  /** The values stand in the order of the original, and the order is worth a word. @default true */
  readonly order?: boolean;
  /** What the caller knows of the values already, where each unit has one. */
  readonly known?: Known;
}

/** How often each value occurs, and what the values measure. */
export interface Known {
  readonly counts: ReadonlyMap<string, number>;
  readonly measured: Measured | undefined;
}

const MAX_VALUES = 12;
/** Of many different values so many are named, if they are a large part. */
const MAX_FREQUENT = 5;
/** Characters. The rest of a longer value is `…`. */
const MAX_SHOWN = 48;
/** Characters of all values that are named. */
const MAX_NAMED = 240;
/** Fewer measures have no median worth a word. */
const MIN_MEDIAN = 8;
/** One value in so many may measure nothing (`-`, `n/a`) in a field of measures. */
const ODD_SHARE = 10;
/** Numbers that count up leave out so many on average. */
const MAX_STEP = 20;
/** To look at one value takes as long as reading about so many characters. */
const VALUE_WORK = 24;

/** The facts worth saying about values, `undefined` where a unit has no such field. Each of them holds. */
export function* describe(
  values: readonly (string | undefined)[],
  { name = "", maxValues = MAX_VALUES, order = true, known }: DescribeOptions = {},
): Steps<readonly Fact[]> {
  const present = values.filter((value) => value !== undefined);
  const absent = values.length - present.length;
  const gaps: readonly Fact[] = absent > 0 ? [{ says: "absent", count: absent }] : [];
  if (present.length === 0) return gaps;
  const counts = known?.counts ?? (yield* count(present));
  if (counts.size === 1) {
    const [value = ""] = present;
    const text = shortened(value, counts);
    if (text === undefined) return gaps;
    return absent === 0
      ? [{ says: "all", value: text }]
      : [{ says: "counts", counts: [[text, present.length]] }, ...gaps];
  }
  yield;
  const measured = known ? known.measured : yield* measureInSteps(present);
  yield;
  const isMeasure =
    measured !== undefined && (present.length - measured.count) * ODD_SHARE <= present.length;
  const sorted: readonly Fact[] = order ? orderOf(present, counts.size, measured) : [];
  yield;
  const isFew = counts.size <= maxValues && (!isMeasure || counts.size * 2 <= present.length);
  if (isFew) return [...countsFact(counts, maxValues), ...sorted, ...gaps];
  if (isMeasure) return [...(yield* measures(present, measured, name)), ...sorted, ...gaps];
  const frequent = [...counts.values()].filter((count) => isFrequent(count, present.length)).length;
  if (frequent > 0)
    return [...countsFact(counts, Math.min(frequent, MAX_FREQUENT)), ...sorted, ...gaps];
  if (counts.size < present.length)
    return [{ says: "distinct", count: counts.size }, ...sorted, ...gaps];
  return [...sorted, ...gaps];
}

/** How often each value occurs. */
export function* count(values: readonly string[]): Steps<ReadonlyMap<string, number>> {
  const meter = new Meter();
  const counts = new Map<string, number>();
  for (const value of values) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
    if (meter.isDue(VALUE_WORK)) yield;
  }
  return counts;
}

/** Facts as a view writes them behind the name of a field. */
export function sayFacts(facts: readonly Fact[]): string {
  return facts.map(printFact).join(", ");
}

/** Values of an identifier: they are compared, but never added up. */
export function isIdentifier(name: string, values: readonly string[]): boolean {
  if (ID_NAME.test(name) || CAMEL_ID_NAME.test(name)) return true;
  const digits = /^\d+$/;
  if (!values.every((value) => digits.test(value))) return false;
  if (values.some((value) => value.length > 1 && value.startsWith("0"))) return true;
  if (values.every((value) => isYear(value))) return true;
  const isUnique = new Set(values).size === values.length;
  const [first = ""] = values;
  const isOneLength = first.length > 4 && values.every((value) => value.length === first.length);
  return isUnique && (isOneLength || countsUp(values));
}

/** Ascending without large gaps. */
function countsUp(values: readonly string[]): boolean {
  const span = Number(values.at(-1)) - Number(values[0]);
  return span <= values.length * MAX_STEP && isSorted(values, "ascending");
}

/** How old things are is not added up. */
const AGE_NAME = /^(?:age|created|updated|modified|uptime|since|start|started|last seen)$/i;

function isYear(value: string): boolean {
  return value.length === 4 && (value.startsWith("19") || value.startsWith("20"));
}

const ID_NAME =
  /(?:^|[^a-z])(?:id|ids|pid|ppid|uid|gid|port|zip|zipcode|plz|year|code|status|line|row|no|nr|num|index|inode|key|number|phone|lat|lon|lng|latitude|longitude|rank|level|version)$|^#$/i;
/** `userId`, `exitCode` */
const CAMEL_ID_NAME = /[a-z](?:Id|ID|No|Nr|Code|Port|Line|Year|Index)$/;

function isFrequent(count: number, total: number): boolean {
  return count > 1 && count * 20 >= total;
}

/** The values with their counts, the most frequent first; those that find no room are counted. */
function countsFact(counts: ReadonlyMap<string, number>, limit: number): readonly Fact[] {
  const named: [value: string, count: number][] = [];
  let length = 0;
  for (const [value, count] of [...counts].sort((a, b) => b[1] - a[1]).slice(0, limit)) {
    const text = shortened(value, counts);
    if (text === undefined) continue;
    length += text.length + 5;
    if (length > MAX_NAMED && named.length > 0) break;
    named.push([text, count]);
  }
  if (named.length === 0) return [{ says: "distinct", count: counts.size }];
  const others = counts.size - named.length;
  return [{ says: "counts", counts: named, ...(others > 0 ? { others } : {}) }];
}

/** A value as it is named: one line, and its beginning where it is long; `undefined` where that could be another value. */
function shortened(value: string, all: ReadonlyMap<string, number>): string | undefined {
  const line = value.search(/[\r\n]/);
  if (line < 0 && value.length <= MAX_SHOWN) return value.endsWith("…") ? undefined : value;
  const end = line < 0 ? MAX_SHOWN : Math.min(line, MAX_SHOWN);
  // A pair of surrogates is not cut in two.
  const head = value.slice(0, isHighSurrogate(value.charCodeAt(end - 1)) ? end - 1 : end);
  if (head.trim() === "") return undefined;
  for (const other of all.keys()) if (other !== value && other.startsWith(head)) return undefined;
  return `${head}…`;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function orderOf(
  values: readonly string[],
  distinct: number,
  measured: Measured | undefined,
): readonly Fact[] {
  if (distinct < 3) return [];
  for (const order of ["ascending", "descending"] as const)
    if (isSorted(values, order, { of: measured })) return [{ says: "sorted", order }];
  return [];
}

function* measures(
  values: readonly string[],
  { kind, quantities, count }: Measured,
  name: string,
): Steps<readonly Fact[]> {
  const { least, most } = endsOf(quantities);
  yield;
  const others = values.length - count;
  const [first = "", last = ""] = [values[least], values[most]];
  const facts: Fact[] = [
    { says: "range", least: first, most: last, ...(others > 0 ? { others } : {}) },
  ];
  if (!isSummable(kind)) return facts;
  const own = values.filter((_, at) => quantities[at] !== undefined);
  if (kind === "number" && isIdentifier(name, own)) return facts;
  const isAge = kind === "duration" && AGE_NAME.test(name);
  const sum = isAge ? undefined : sumOf(kind === "number" ? own : [], quantities, last);
  if (sum !== undefined) facts.push({ says: "sum", sum });
  yield;
  if (count >= MIN_MEDIAN)
    facts.push({ says: "median", median: values[medianOf(quantities)] ?? "" });
  return facts;
}

/** Where the first of the least and the last of the greatest stand. */
function endsOf(quantities: Measured["quantities"]): { least: number; most: number } {
  let least = -1;
  let most = -1;
  for (const [at, quantity] of quantities.entries()) {
    if (quantity === undefined) continue;
    const [low, high] = [quantities[least], quantities[most]];
    if (low === undefined || compareQuantities(quantity, low) < 0) least = at;
    if (high === undefined || compareQuantities(quantity, high) >= 0) most = at;
  }
  return { least, most };
}

/** Where the value in the middle stands. */
function medianOf(quantities: Measured["quantities"]): number {
  const sorted = Float64Array.from(
    quantities.flatMap((quantity) => (quantity ? [quantity.value] : [])),
  ).sort();
  const median = sorted[(sorted.length - 1) >> 1];
  return quantities.findIndex((quantity) => quantity?.value === median);
}

function sumOf(
  numbers: readonly string[],
  quantities: Measured["quantities"],
  largest: string,
): string | undefined {
  if (numbers.length > 0) return exactSum(numbers);
  let total = 0;
  for (const quantity of quantities) total += quantity?.value ?? 0;
  return total < 0 ? undefined : sumInUnitOf(total, largest);
}
