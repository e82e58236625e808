/** Shapes of lines in sentences: how they are written, which lines have them, and whether what is said of their values holds. */
import type { Fact, LineShape } from "../types/statement.ts";

type Shapes = Fact & { readonly says: "shapes" };
type Printer = (fact: Fact) => string;
type Check = (fact: Fact, values: readonly string[]) => boolean;

/**
 * `like: job * done in {3ms–1h}`, `120× job * done, 3× worker {a ×2, b ×1} lost, 5 others`: `*` stands for values of which nothing
 * is said.
 */
export function printShapes(
  { shapes, others = 0, blank = 0, listed }: Shapes,
  print: Printer,
): string {
  const [only] = shapes;
  if (only && shapes.length === 1 && others + blank === 0 && !listed)
    return `like: ${printShape(only[0], print)}`;
  const parts = shapes.map(([shape, count]) => `${count}× ${printShape(shape, print)}`);
  if (others > 0) parts.push(others === 1 ? "1 other" : `${others} others`);
  if (blank > 0) parts.push(`${blank} blank`);
  return parts.join(listed ? "\n…  " : ", ");
}

function printShape({ texts, slots, open }: LineShape, print: Printer): string {
  let out = texts[0] ?? "";
  for (const [at, slot] of slots.entries()) {
    // Two values of which nothing is said are written as one.
    if (slot === undefined && out.endsWith("* ")) out = out.slice(0, -1);
    else out += slot === undefined ? "*" : `{${print(slot)}}`;
    out += texts[at + 1] ?? "";
  }
  return open ? `${out.trimEnd()} …` : out;
}

/** A line as shapes see it: runs of white space are one space. */
export function spaced(line: string): string {
  const trimmed = line.trim();
  return trimmed.includes("  ") || trimmed.includes("\t") ? trimmed.replace(/\s+/g, " ") : trimmed;
}

/** Where the values of a line stand, `values[2n]` to `values[2n + 1]`; `undefined` where the line has another shape. */
export function findSlots({ texts }: LineShape, line: string): readonly number[] | undefined {
  const first = texts[0] ?? "";
  let at = line.indexOf(first);
  if (at < 0) return undefined;
  at += first.length;
  const places: number[] = [];
  for (let n = 1; n < texts.length; n++) {
    const text = texts[n] ?? "";
    const next = text === "" && n === texts.length - 1 ? line.length : line.indexOf(text, at);
    if (next < 0) return undefined;
    places.push(at, next);
    at = next + text.length;
  }
  return places;
}

/** The values of a line that has the shape. */
export function slotValues(line: string, places: readonly number[]): readonly string[] {
  const values: string[] = [];
  for (let n = 0; n < places.length; n += 2) values.push(line.slice(places[n], places[n + 1]));
  return values;
}

/** Whether so many lines have each shape, with such values. */
export function shapesHold(
  { shapes, others = 0, blank = 0 }: Shapes,
  lines: readonly string[],
  holds: Check,
): boolean {
  const counts = shapes.map(() => 0);
  const values = shapes.map(([{ slots }]) => slots.map((slot): string[] | undefined => slot && []));
  let shapeless = 0;
  let empty = 0;
  for (const line of lines) {
    const text = spaced(line);
    if (text === "") {
      empty++;
      continue;
    }
    let found = -1;
    let places: readonly number[] | undefined;
    for (let at = 0; at < shapes.length && places === undefined; at++) {
      const [shape] = shapes[at] ?? [];
      places = shape && findSlots(shape, text);
      if (places) found = at;
    }
    if (places === undefined) {
      shapeless++;
      continue;
    }
    counts[found] = (counts[found] ?? 0) + 1;
    for (const [slot, own] of (values[found] ?? []).entries())
      own?.push(text.slice(places[slot * 2], places[slot * 2 + 1]));
  }
  if (shapeless !== others || empty !== blank) return false;
  return shapes.every(
    ([{ slots }, count], at) =>
      counts[at] === count &&
      slots.every((slot, n) => slot === undefined || holds(slot, values[at]?.[n] ?? [])),
  );
}
