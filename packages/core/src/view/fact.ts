/** Facts: how each is written in a view, and whether it holds. */
import type { Fact } from "../types/statement.ts";
import { compareMeasured, measure } from "./measure.ts";
import { compareQuantities, quantityOf } from "./quantity.ts";
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
      return fact.values.map(shown).join(", ");
    case "shapes": {
      const named = fact.shapes.map(([pattern, count]) => `${pattern} ×${count}`);
      const others = fact.others ?? 0;
      return `like ${[...named, ...(others > 0 ? [`others ×${others}`] : [])].join(", ")}`;
    }
    case "same":
      return "";
  }
}

/** An empty value is seen. */
function shown(value: string): string {
  return value === "" ? '""' : value;
}

/** Whether a fact is true of these values. */
export function holds(fact: Fact, values: readonly (string | undefined)[]): boolean {
  const present = values.filter((value) => value !== undefined);
  switch (fact.says) {
    case "count":
      return values.length === fact.count;
    case "all":
      return (
        present.length === values.length && values.length > 0 && present.every(isLike(fact.value))
      );
    case "counts":
      return countsHold(fact, present);
    case "range":
      return rangeHolds(fact, present);
    case "median":
      return medianHolds(fact.median, present);
    case "sum":
      return sumHolds(fact.sum, present);
    case "distinct":
      return new Set(present).size === fact.count;
    case "sorted":
      return isSorted(present, fact.order);
    case "like":
      return (
        present.length === values.length && present.every((value) => matches(fact.pattern, value))
      );
    case "none": {
      const text = fact.text.toLowerCase();
      return present.every((value) => !value.toLowerCase().includes(text));
    }
    case "absent":
      return values.length - present.length === fact.count;
    case "list":
      return (
        present.length === fact.values.length &&
        present.every((value, at) => value === fact.values[at])
      );
    case "shapes":
      return shapesHold(fact, present);
    case "same":
      return values.every((value) => value === fact.value);
  }
}

/** How many values are like each pattern and like none before it, and like none at all. */
export function countShapes(
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

function shapesHold(
  { shapes, others = 0 }: Fact & { readonly says: "shapes" },
  values: readonly string[],
): boolean {
  const real = countShapes(
    shapes.map(([pattern]) => pattern),
    values,
  );
  return real.others === others && shapes.every(([, count], at) => real.counts[at] === count);
}

/** Two values by what they measure where both measure the same, else by code unit. */
export function compareValues(a: string, b: string): number {
  const [x, y] = [quantityOf(a), quantityOf(b)];
  if (x && y && x.kind === y.kind) return compareQuantities(x, y);
  return a < b ? -1 : a > b ? 1 : 0;
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
  values: readonly string[],
): boolean {
  const [from, to] = [values.indexOf(least), values.indexOf(most)];
  if (from < 0 || to < 0) return false;
  const measured = measure(values);
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

function medianHolds(median: string, values: readonly string[]): boolean {
  const measured = measure(values);
  const middle = measured?.quantities[values.indexOf(median)];
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
export function isSorted(values: readonly string[], order: "ascending" | "descending"): boolean {
  const sign = order === "ascending" ? 1 : -1;
  const quantities = measure(values)?.quantities ?? [];
  return values.every(
    (value, at) =>
      at === 0 ||
      sign * compareMeasured([values[at - 1] ?? "", quantities[at - 1]], [value, quantities[at]]) <=
        0,
  );
}

/** Sums are rounded as they are printed; those of plain numbers are exact. What measures nothing adds nothing. */
function sumHolds(sum: string, values: readonly string[]): boolean {
  const said = quantityOf(sum);
  const measured = measure(values);
  if (said === undefined || measured === undefined || said.kind !== measured.kind) return false;
  if (said.kind === "time" || said.kind === "version") return false;
  const exact =
    said.kind === "number"
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
