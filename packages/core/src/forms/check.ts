/**
 * Law 9: a view is true. Every sentence of a view about what is not in it is checked here, against the original, before the view
 * leaves.
 *
 * A sentence is false where a fact of it does not hold, where its text does not say the fact, where it has a number that no fact and
 * no end of its range accounts for, or where it does not stand in the view. A line of the view that begins with `…` and is neither
 * a line of the original nor made of sentences is false too.
 */
import { Meter } from "../steps.ts";
import { splitInSteps } from "../text/lines.ts";
import type { Steps, View } from "../types/compressor.ts";
import type { OriginalUnits, Statement, UnitRange } from "../types/statement.ts";
import { allHold, printFact } from "../view/fact.ts";

/** The first sentence of a view that is not true; `undefined` where all are. Views without `statements` are a third party's. */
export function* falseSentence(
  text: string,
  view: View,
  original: OriginalUnits | undefined,
  firstLine: number,
): Steps<string | undefined> {
  if (view.statements === undefined) return undefined;
  const meter = new Meter();
  const { text: lines } = yield* splitInSteps(text);
  const read = new Map<string, readonly (string | undefined)[] | undefined>();
  const valuesOf = ({ of, field }: Statement): readonly (string | undefined)[] | undefined => {
    const key = `${of}\0${field ?? ""}`;
    if (!read.has(key))
      read.set(key, of === "" && field === undefined ? lines : original?.values(of, field));
    return read.get(key);
  };
  const places: [start: number, end: number][] = [];
  let last = 0;
  let before: Statement | undefined;
  /** Behind the last place of each sentence: two lists may have as many rows left out. */
  const behind = new Map<string, number>();
  for (const statement of view.statements) {
    const values = valuesOf(statement);
    if (values === undefined) return statement.text;
    const about = statement.about.flatMap(([from, to]) => values.slice(from, to));
    if (meter.isDue(about.length * 16)) yield;
    if (about.length !== sizeOf(statement.about)) return statement.text;
    if (!(yield* allHold(statement.facts, about))) return statement.text;
    if (!saysIt(statement, values.length, firstLine)) return statement.text;
    // A text that says something of several fields stands there once for all of them.
    const isSame =
      statement.text === before?.text &&
      statement.of === before.of &&
      statement.field !== before.field;
    before = statement;
    if (isSame) continue;
    // Sentences mostly come in the order of the view.
    const next = placeOf(statement.text, view.text, behind.get(statement.text) ?? last);
    const at = next < 0 ? placeOf(statement.text, view.text, 0) : next;
    if (at < 0) return statement.text;
    last = at + statement.text.length;
    behind.set(statement.text, last);
    places.push([at, last]);
  }
  return yield* uncovered(view.text, places, new Set(lines));
}

/** Whether sentences about the lines of an original are true, which are written below a view. */
export function* areTrueOfLines(
  statements: readonly Statement[],
  lines: readonly string[],
): Steps<boolean> {
  for (const statement of statements) {
    const about = statement.about.flatMap(([from, to]) => lines.slice(from, to));
    if (about.length !== sizeOf(statement.about)) return false;
    if (!(yield* allHold(statement.facts, about))) return false;
    if (!saysIt(statement, lines.length, 1)) return false;
  }
  return true;
}

/** Where a sentence stands: one that begins with `…` at the start of a line, and none in the middle of a number. */
function placeOf(sentence: string, text: string, from: number): number {
  for (let at = text.indexOf(sentence, from); at >= 0; at = text.indexOf(sentence, at + 1)) {
    const line = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
    const isPlace = !sentence.startsWith("…") || line.trim() === "";
    const isBehindDigit = /^\d\d/.test(text.slice(at - 1, at + 1));
    const isBeforeDigit = /^\d|^-\d/.test(
      text.slice(at + sentence.length, at + sentence.length + 2),
    );
    if (isPlace && !isBehindDigit && !isBeforeDigit) return at;
  }
  return -1;
}

function sizeOf(about: readonly UnitRange[]): number {
  return about.reduce((sum, [from, to]) => sum + Math.max(0, to - from), 0);
}

/** Whether a text says its facts, and has no number besides them. */
function saysIt(
  { text, of, about, facts, field }: Statement,
  total: number,
  firstLine: number,
): boolean {
  const sayings = facts.map(printFact);
  // What is the same as elsewhere in the view is said of many fields at once, without their names.
  const isNamed =
    field !== undefined && (facts.length === 0 || sayings.some((said) => said !== ""));
  // A field at the start is read first: its name may have the name of the place in it.
  const isFirst = isNamed && text.startsWith(field);
  if (isNamed && !isFirst) sayings.push(field);
  const said = isFirst ? text.slice(field.length) : text;
  const ofTotal = `of ${total} `;
  // Before the facts, so that a count is not found in the total.
  const isFree = !sayings.some((said) => said.includes(ofTotal));
  let rest = isFree ? said.replace(ofTotal, "of ") : said;
  // The name of the place, before a field is found in it.
  if (of !== "")
    for (const intro of ["of ", "in "]) rest = rest.replace(`${intro}${of}`, () => intro);
  for (const saying of sayings) {
    const at = rest.indexOf(saying);
    if (at < 0) return false;
    rest = `${rest.slice(0, at)} ${rest.slice(at + saying.length)}`;
  }
  if (!isFree) rest = rest.replace(ofTotal, "of ");
  // A total is the one of the sequence, and nothing else.
  if (/\bof \d+ /.test(rest)) return false;
  const numbers = (rest.match(/\d+/g) ?? []).map(Number);
  // Lines are numbered from 1 (or from where the part begins), rows and elements from 0; the end of a written range is in it.
  const isOfLines = of === "" || of.startsWith("lines");
  // A count that is a fact has been said already.
  const size = facts.some(({ says }) => says === "count") ? [] : [sizeOf(about)];
  return (isOfLines ? [firstLine] : [0, firstLine]).some((base) => {
    const ends = about.flatMap(([from, to]) => (to - from === 1 ? [from] : [from, to - 1]));
    return areAmong(numbers, [...size, ...ends.map((end) => end + base)]);
  });
}

/** Whether each number is one of the known, each of which is used once. */
function areAmong(numbers: readonly number[], known: readonly number[]): boolean {
  const left = new Map<number, number>();
  for (const number of known) left.set(number, (left.get(number) ?? 0) + 1);
  return numbers.every((number) => {
    const count = left.get(number) ?? 0;
    left.set(number, count - 1);
    return count > 0;
  });
}

/** How a line of sentences begins. Other text behind a `…` is what is left of a row. */
const SENTENCES = /^\s*…[\s\d]/;

/** A line that begins like a sentence and has a number that is in none. */
function* uncovered(
  text: string,
  places: readonly (readonly [start: number, end: number])[],
  lines: ReadonlySet<string>,
): Steps<string | undefined> {
  const meter = new Meter();
  const sorted = places.toSorted((a, b) => a[0] - b[0]);
  let at = 0;
  let next = 0;
  for (const line of text.split("\n")) {
    const end = at + line.length;
    if (meter.isDue(line.length)) yield;
    if (SENTENCES.test(line) && !lines.has(line)) {
      let rest = "";
      let from = at;
      while (next < sorted.length && (sorted[next]?.[1] ?? 0) <= at) next++;
      for (let i = next; i < sorted.length && (sorted[i]?.[0] ?? 0) < end; i++) {
        const [start, stop] = sorted[i] ?? [end, end];
        rest += text.slice(from, Math.max(from, start));
        from = Math.max(from, stop);
      }
      rest += text.slice(from, Math.max(from, end));
      if (/\d/.test(rest)) return line;
    }
    at = end + 1;
  }
  return undefined;
}
