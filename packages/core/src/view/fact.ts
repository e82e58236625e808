/** Facts: how each is written in a view, and whether it holds. */
import { finish } from "../steps.ts";
import type { Steps } from "../types/compressor.ts";
import type { Fact } from "../types/statement.ts";
import {
  asKind,
  compareMeasured,
  type Measured,
  measure,
  measureInSteps,
  takesNumbers,
} from "./measure.ts";
import { compareQuantities, type Quantity, type QuantityKind, quantityOf } from "./quantity.ts";
import { printShapes, shapesHold } from "./shape.ts";
import { exactSum, roundingOf } from "./sum.ts";

/** A fact as a view writes it. */
export function printFact(fact: Fact): string {
  switch (fact.says) {
    case "count":
      return `${fact.count}`;
    case "all":
      return `all ${shown(fact.value)}`;
    case "counts": {
      const named = fact.counts.map(([value, count]) => `${shown(value)} ×${count}`);
      const others = fact.others ?? 0;
      return [...named, ...(others > 0 ? [`${others} more values`] : [])].join(", ");
    }
    case "range": {
      const others = fact.others ?? 0;
      return `${fact.least}–${fact.most}${others > 0 ? ` (${others} without a measure)` : ""}`;
    }
    case "median":
      return `median ${fact.median}`;
    case "sum":
      return `sum ${fact.sum}`;
    case "distinct":
      return `${fact.count} different`;
    case "sorted":
      return fact.order;
    case "like":
      return `like: ${fact.pattern}`;
    case "none":
      return `none with ${fact.text}`;
    case "absent":
      return `absent in ${fact.count}`;
    case "list":
      return fact.values.map(shown).join(fact.between ?? ", ");
    case "patterns": {
      const named = fact.patterns.map(([pattern, count]) => `${pattern} ×${count}`);
      const others = fact.others ?? 0;
      return `like ${[...named, ...(others > 0 ? [`others ×${others}`] : [])].join(", ")}`;
    }
    case "same":
      return "";
    case "with":
      return `${fact.count} with ${fact.text}`;
    case "nowhere":
      return fact.texts.join(", ");
    case "spelled":
      return printSpelled(fact.counts);
    case "shapes":
      return printShapes(fact, printFact);
  }
}

/** `error ×14 (errors ×8 of them), warn ×2`: what is counted is in the text before the bracket too, so nobody adds them up. */
function printSpelled(counts: readonly (readonly [text: string, count: number])[]): string {
  const print = ([text, count]: readonly [string, number]): string => `${text} ×${count}`;
  const shortestIn = (text: string): string =>
    counts.reduce(
      (best, [other]) => (other.length < best.length && text.includes(other) ? other : best),
      text,
    );
  const longer = new Map<string, string[]>();
  for (const one of counts) {
    const within = shortestIn(one[0]);
    if (within === one[0]) continue;
    const own = longer.get(within);
    if (own) own.push(print(one));
    else longer.set(within, [print(one)]);
  }
  return counts
    .filter(([text]) => shortestIn(text) === text)
    .map((one) => {
      const own = longer.get(one[0]);
      return own ? `${print(one)} (${own.join(", ")} of them)` : print(one);
    })
    .join(", ");
}

/** An empty value is seen. */
function shown(value: string): string {
  return value === "" ? '""' : value;
}

/** Whether a fact is true of these values. */
export function holds(fact: Fact, values: readonly (string | undefined)[]): boolean {
  return finish(allHold([fact], values));
}

/** Whether all facts are true of these values, which are read once. */
export function* allHold(
  facts: readonly Fact[],
  values: readonly (string | undefined)[],
): Steps<boolean> {
  if (facts.length === 0) return true;
  const present = values.filter((value) => value !== undefined);
  yield;
  const isMeasured = facts.some(({ says }) => MEASURED.has(says));
  const measured = isMeasured ? yield* measureInSteps(present) : undefined;
  for (const fact of facts) {
    yield;
    if (fact.says === "nowhere" || fact.says === "spelled") {
      if (!(yield* wordsHold(fact, present))) return false;
    } else if (!isTrue(fact, { all: values, present, measured })) return false;
  }
  return true;
}

/** Facts that compare values by what they measure. */
const MEASURED: ReadonlySet<Fact["says"]> = new Set(["median", "range", "sorted", "sum"] as const);

/** Values, with what several facts need of them. */
interface Values {
  readonly all: readonly (string | undefined)[];
  readonly present: readonly string[];
  readonly measured: Measured | undefined;
}

type WordFact = Fact & { readonly says: "nowhere" | "spelled" };

/** Characters of values that are looked through at once. */
const LOOKED_THROUGH = 16_384;

/** How many values contain each text of a fact: all of a document's lines are looked through, some of them at once. */
function* wordsHold(fact: WordFact, values: readonly string[]): Steps<boolean> {
  const texts = fact.says === "nowhere" ? fact.texts : fact.counts.map(([text]) => text);
  const counts = texts.map(() => 0);
  for (let from = 0, to = 0; from < values.length; from = to) {
    let length = 0;
    while (to < values.length && length < LOOKED_THROUGH) length += (values[to++] ?? "").length + 1;
    const own = values.slice(from, to);
    const joined = own.join("\n");
    const piece = fact.says === "nowhere" ? joined.toLowerCase() : joined;
    for (const [at, text] of texts.entries()) {
      if (!piece.includes(fact.says === "nowhere" ? text.toLowerCase() : text)) continue;
      if (fact.says === "nowhere") return false;
      const more = own.filter((value) => value.includes(text)).length;
      counts[at] = (counts[at] ?? 0) + more;
    }
    yield;
  }
  return fact.says === "nowhere" || fact.counts.every(([, count], at) => counts[at] === count);
}

function isTrue(fact: Exclude<Fact, WordFact>, values: Values): boolean {
  const { all, present } = values;
  const isComplete = present.length === all.length;
  switch (fact.says) {
    case "count":
      return all.length === fact.count;
    case "all":
      return isComplete && all.length > 0 && present.every(isLike(fact.value));
    case "counts":
      return countsHold(fact, present);
    case "range":
      return rangeHolds(fact, values);
    case "median":
      return medianHolds(fact.median, values);
    case "sum":
      return sumHolds(fact.sum, values);
    case "distinct":
      return new Set(present).size === fact.count;
    case "sorted":
      return isSorted(present, fact.order, { of: values.measured });
    case "like":
      return isComplete && present.every((value) => matches(fact.pattern, value));
    case "none": {
      const text = fact.text.toLowerCase();
      return present.every((value) => !value.toLowerCase().includes(text));
    }
    case "absent":
      return all.length - present.length === fact.count;
    case "list":
      return (
        all.length === fact.values.length && all.every((value, at) => value === fact.values[at])
      );
    case "patterns":
      return patternsHold(fact, present);
    case "same":
      return all.every((value) => value === fact.value);
    case "with": {
      const text = fact.text.toLowerCase();
      return present.filter((value) => value.toLowerCase().includes(text)).length === fact.count;
    }
    case "shapes":
      return shapesHold(fact, present, holds);
  }
}

/** How many values are like each pattern and like none before it, and how many are like none at all. */
export function countPatterns(
  patterns: readonly string[],
  values: readonly string[],
): { readonly counts: readonly number[]; readonly others: number } {
  const counts = patterns.map(() => 0);
  let others = 0;
  for (const value of values) {
    const at = patterns.findIndex((pattern) => matches(pattern, value));
    if (at < 0) others++;
    else counts[at] = (counts[at] ?? 0) + 1;
  }
  return { counts, others };
}

function patternsHold(
  { patterns, others = 0 }: Fact & { readonly says: "patterns" },
  values: readonly string[],
): boolean {
  const real = countPatterns(
    patterns.map(([pattern]) => pattern),
    values,
  );
  return real.others === others && patterns.every(([, count], at) => real.counts[at] === count);
}

/** Two values by what they measure where both measure the same, else by code unit. Of a longer list `measure` knows more. */
export function compareValues(a: string, b: string): number {
  const { x, y } = pairOf(a, b);
  if (x && y && x.kind === y.kind) return compareQuantities(x, y);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Two values as `measure` reads them beside each other. */
function pairOf(a: string, b: string): { x: Quantity | undefined; y: Quantity | undefined } {
  const [x, y] = [quantityOf(a), quantityOf(b)];
  if (x === undefined || y === undefined || x.kind === y.kind) return { x, y };
  if (x.kind === "number" && takesNumbers(y.kind)) return { x: asKind(x, y.kind, a), y };
  if (y.kind === "number" && takesNumbers(x.kind)) return { x, y: asKind(y, x.kind, b) };
  return { x, y };
}

/** Whether the texts between the `*` of a pattern occur in this order, the first of them anywhere. */
export function matches(pattern: string, value: string): boolean {
  const whole = pattern.endsWith("…") ? pattern.slice(0, -1).trimEnd() : pattern;
  let at = 0;
  for (const piece of whole.split("*")) {
    const text = piece.trim();
    if (text === "") continue;
    const found = value.indexOf(text, at);
    if (found < 0) return false;
    at = found + text.length;
  }
  return true;
}

function isLike(shown: string): (value: string) => boolean {
  if (!shown.endsWith("…")) return (value) => value === shown;
  const head = shown.slice(0, -1);
  return (value) => value === shown || value.startsWith(head);
}

function countsHold(
  { counts, others = 0 }: Fact & { readonly says: "counts" },
  values: readonly string[],
): boolean {
  const real = new Map<string, number>();
  for (const value of values) real.set(value, (real.get(value) ?? 0) + 1);
  const named = new Set<string>();
  for (const [shown, count] of counts) {
    const all = [...real.keys()].filter(isLike(shown));
    if (all.length === 0 || all.some((value) => named.has(value))) return false;
    if (all.reduce((sum, value) => sum + (real.get(value) ?? 0), 0) !== count) return false;
    for (const value of all) named.add(value);
  }
  return real.size - named.size === others;
}

function rangeHolds(
  { least, most, others = 0 }: Fact & { readonly says: "range" },
  { present: values, measured }: Values,
): boolean {
  const [from, to] = [values.indexOf(least), values.indexOf(most)];
  if (from < 0 || to < 0) return false;
  const [low, high] = [measured?.quantities[from], measured?.quantities[to]];
  if (measured === undefined || low === undefined || high === undefined)
    return others === 0 && values.every((value) => least <= value && value <= most);
  return (
    values.length - measured.count === others &&
    measured.quantities.every(
      (quantity) =>
        quantity === undefined ||
        (compareQuantities(low, quantity) <= 0 && compareQuantities(quantity, high) <= 0),
    )
  );
}

function medianHolds(median: string, { present, measured }: Values): boolean {
  const middle = measured?.quantities[present.indexOf(median)];
  if (measured === undefined || middle === undefined) return false;
  let less = 0;
  let more = 0;
  for (const quantity of measured.quantities) {
    if (quantity === undefined) continue;
    const order = compareQuantities(quantity, middle);
    if (order < 0) less++;
    else if (order > 0) more++;
  }
  return less * 2 <= measured.count && more * 2 <= measured.count;
}

/** Whether values stand in an order, by what they measure where they measure something. */
export function isSorted(
  values: readonly string[],
  order: "ascending" | "descending",
  measured: { readonly of: Measured | undefined } = { of: measure(values) },
): boolean {
  const sign = order === "ascending" ? 1 : -1;
  const quantities = measured.of?.quantities ?? [];
  for (let at = 1; at < values.length; at++) {
    const above = values[at - 1] ?? "";
    const here = values[at] ?? "";
    if (sign * compareMeasured(above, quantities[at - 1], here, quantities[at]) > 0) return false;
  }
  return true;
}

/** Whether values of a kind can be added up at all. */
export function isSummable(kind: QuantityKind): boolean {
  return kind !== "time" && kind !== "version" && !kind.startsWith("label");
}

/** Sums are rounded as they are printed; those of plain numbers are exact. What measures nothing adds nothing. */
function sumHolds(sum: string, { present: values, measured }: Values): boolean {
  const said = quantityOf(sum);
  if (said === undefined || measured === undefined) return false;
  const { kind } = measured;
  if (!isSummable(kind)) return false;
  if (said.kind !== kind && !(said.kind === "number" && takesNumbers(kind))) return false;
  const exact =
    kind === "number"
      ? exactSum(values.filter((_, at) => measured.quantities[at] !== undefined))
      : undefined;
  if (exact !== undefined)
    return (
      exactSum([sum, exact.startsWith("-") ? exact.slice(1) : `-${exact}`])?.replace(
        /[.0]/g,
        "",
      ) === ""
    );
  let total = 0;
  let scale = 0;
  for (const quantity of measured.quantities) {
    if (quantity === undefined) continue;
    total += quantity.value;
    scale += Math.abs(quantity.value);
  }
  return Math.abs(total - said.value) <= (roundingOf(sum) ?? 0) + scale * 1e-12;
}
