/** Facts: how each is written in a view, and whether it holds. */
import type { Fact } from "../types/statement.ts";
import { compareQuantities, quantityOf } from "./quantity.ts";
import { printShapes, shapesHold } from "./shape.ts";

/** A fact as a view writes it. */
export function printFact(fact: Fact): string {
  switch (fact.says) {
    case "count":
      return `${fact.count}`;
    case "all":
      return `all ${fact.value}`;
    case "counts": {
      const named = fact.counts.map(([value, count]) => `${value} ×${count}`);
      const others = fact.others ?? 0;
      return [...named, ...(others > 0 ? [`${others} more values`] : [])].join(", ");
    }
    case "range":
      return `${fact.least}–${fact.most}`;
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
    case "with":
      return `${fact.count} with ${fact.text}`;
    case "values":
      return fact.values.join(", ");
    case "shapes":
      return printShapes(fact, printFact);
  }
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
      return rangeHolds(fact.least, fact.most, present);
    case "sum":
      return sumHolds(fact.sum, present);
    case "distinct":
      return new Set(present).size === fact.count;
    case "sorted": {
      const sign = fact.order === "ascending" ? 1 : -1;
      return present.every(
        (value, at) => at === 0 || sign * compareValues(present[at - 1] ?? "", value) <= 0,
      );
    }
    case "like":
      return (
        present.length === values.length && present.every((value) => matches(fact.pattern, value))
      );
    case "none": {
      const text = fact.text.toLowerCase();
      return present.every((value) => !value.toLowerCase().includes(text));
    }
    case "with": {
      const text = fact.text.toLowerCase();
      return present.filter((value) => value.toLowerCase().includes(text)).length === fact.count;
    }
    case "values":
      return (
        present.length === fact.values.length &&
        present.every((value, at) => value === fact.values[at])
      );
    case "shapes":
      return shapesHold(fact, present, holds);
  }
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

function rangeHolds(least: string, most: string, values: readonly string[]): boolean {
  if (!values.includes(least) || !values.includes(most)) return false;
  return values.every(
    (value) => compareValues(least, value) <= 0 && compareValues(value, most) <= 0,
  );
}

function sumHolds(sum: string, values: readonly string[]): boolean {
  const said = quantityOf(sum);
  if (said === undefined) return false;
  let total = 0;
  let scale = 0;
  for (const value of values) {
    const own = quantityOf(value);
    if (own === undefined || own.kind !== said.kind) return false;
    total += own.value;
    scale += Math.abs(own.value);
  }
  // Sums are rounded as they are printed: three significant digits are enough to be true.
  return Math.abs(total - said.value) <= 0.0051 * Math.max(Math.abs(total), scale * 1e-9) + 1e-9;
}
