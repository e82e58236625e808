/**
 * The sentences above a view of a log, which settle what is asked about the whole: lines per level and per shape with their values,
 * codes of diagnostics, whether an error is among what is left out, and the errors there was no room for, with what tells them apart.
 */
import { firstInOrder } from "../../query/first-in-order.ts";
import { Meter } from "../../steps.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import type { Fact, LineShape, Statement, UnitRange } from "../../types/statement.ts";
import { printFact } from "../../view/fact.ts";
import { codeOf, levelOf, statusOf } from "./levels.ts";
import { FULL, hasText, shapeOf, shapesFact } from "./line-shapes.ts";
import type { Template, Templates } from "./mine.ts";
import { SHOWN_LINES } from "./original.ts";
import { SEVERE_LEVEL } from "./patterns.ts";
import { FAILURE } from "./severity.ts";

/** What a summary is made of. */
export interface Selected {
  readonly lines: readonly string[];
  /** 1 for each line that is shown. */
  readonly shown: Uint8Array;
  readonly templates: Templates;
  readonly severity: Uint8Array;
  readonly firstLine: number;
}

/** The shares of the room for errors that are not shown and for the shapes of lines. */
const FAILURES_SHARE = 0.25;
const SHAPES_SHARE = 0.12;
/** So many values are named where they are counted. */
const MAX_NAMED = 12;
/** Levels are counted where so many lines have one, and at least this share of all. */
const LEAST_LEVELS = 10;
const LEVEL_SHARE = 0.2;
const LEAST_CODES = 10;
/** The sentences about one gap or two say what there is to say of the shapes of a short log. */
const MANY_GAPS = 3;
const MANY_LINES = 200;
/** Shapes of fewer lines are told by their gaps. */
const LEAST_ROWS = 8;
const MAX_SHAPES = 10;
const SHAPE_SIZE = 120;
const START_SIZE = 48;
const START_WORDS = 12;
const MAX_FAILURE_KINDS = 12;
/** Words that a reader searches a log for. */
const WORDS: readonly string[] = ["error", "fail", "exception", "fatal", "warn"];

/**
 * The sentences, each for a line of its own.
 *
 * @param room - characters of the whole view
 */
export function* summarize(
  selected: Selected,
  counts: Counts,
  room: number,
): Steps<readonly Statement[]> {
  const { lines } = selected;
  const hidden = yield* hiddenRanges(selected.shown);
  if (hidden.length === 0) return [];
  return [
    ...counts.levels,
    ...(yield* severeLevels(lines, counts.levels, hidden)),
    yield* wordsIn(lines, hidden),
    ...(yield* failuresLeftOut(selected, room * FAILURES_SHARE)),
    ...counts.others,
    ...(hidden.length >= MANY_GAPS || lines.length >= MANY_LINES
      ? yield* shapesOfAll(selected, room * SHAPES_SHARE)
      : []),
  ];
}

/** What is counted of the whole log, whatever is shown of it. */
export interface Counts {
  readonly levels: readonly Statement[];
  /** Codes of diagnostics, status of requests. */
  readonly others: readonly Statement[];
}

/** Counts levels, codes and status; linear. */
export function* countLines(lines: readonly string[]): Steps<Counts> {
  const least = Math.max(LEAST_LEVELS, lines.length * LEVEL_SHARE);
  return {
    levels: yield* countsOf(lines, "level", levelOf, least),
    others: [
      ...(yield* countsOf(lines, "code", codeOf, LEAST_CODES)),
      ...(yield* countsOf(lines, "status", statusOf, LEAST_CODES)),
    ],
  };
}

/** The runs of lines that are not shown. */
export function* hiddenRanges(shown: Uint8Array): Steps<readonly UnitRange[]> {
  const meter = new Meter();
  const ranges: UnitRange[] = [];
  for (let i = 0; i < shown.length; i++) {
    const start = i;
    while (i < shown.length && shown[i] !== 1) {
      if (meter.isDue(1)) yield;
      i++;
    }
    if (i > start) ranges.push([start, i]);
    if (meter.isDue(1)) yield;
  }
  return ranges;
}

/** `… level of 3000 lines, those shown too: INFO ×2904, ERROR ×84` */
function* countsOf(
  lines: readonly string[],
  field: string,
  read: (line: string) => string | undefined,
  least: number,
): Steps<readonly Statement[]> {
  const meter = new Meter();
  const counts = new Map<string, number>();
  let found = 0;
  for (const line of lines) {
    const value = read(line);
    if (meter.isDue(Math.min(line.length, 400) + LINE_WORK)) yield;
    if (value === undefined) continue;
    counts.set(value, (counts.get(value) ?? 0) + 1);
    found++;
  }
  if (found < least) return [];
  const named = yield* firstInOrder(
    counts,
    MAX_NAMED,
    (a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1),
  );
  const fact: Fact = { says: "counts", counts: named, others: counts.size - named.length };
  return [
    {
      text: `… ${field} of ${lines.length} lines, those shown too: ${printFact(fact)}`,
      of: SHOWN_LINES,
      field,
      about: [[0, lines.length]],
      facts: [fact],
    },
  ];
}

/** `… level of the lines left out: none with ERROR: all are shown` */
function* severeLevels(
  lines: readonly string[],
  levels: readonly Statement[],
  hidden: readonly UnitRange[],
): Steps<readonly Statement[]> {
  const named = levels.flatMap(({ facts }) =>
    facts.flatMap((fact) => (fact.says === "counts" ? fact.counts : [])),
  );
  const severe = named.map(([level]) => level).filter((level) => SEVERE_LEVEL.test(level));
  if (severe.length === 0) return [];
  const meter = new Meter();
  const counts = severe.map(() => 0);
  const sought = severe.map((level) => level.toLowerCase());
  for (const [from, to] of hidden) {
    for (let i = from; i < to; i++) {
      const line = lines[i] ?? "";
      const level = levelOf(line)?.toLowerCase();
      if (meter.isDue(Math.min(line.length, 400) + LINE_WORK)) yield;
      if (level === undefined) continue;
      for (const [at, word] of sought.entries())
        if (level.includes(word)) counts[at] = (counts[at] ?? 0) + 1;
    }
  }
  const facts = severe.map((level, at) => wordFact(level, counts[at] ?? 0));
  const areShown = counts.every((count) => count === 0) ? ": all are shown" : "";
  return [
    {
      text: `… level of the lines left out: ${facts.map(printFact).join(", ")}${areShown}`,
      of: SHOWN_LINES,
      field: "level",
      about: hidden,
      facts,
    },
  ];
}

/** How many of some texts contain a word. */
function wordFact(text: string, count: number): Fact {
  return count === 0 ? { says: "none", text } : { says: "with", text, count };
}

/** `… lines left out with these letters in any case: none with error, 3 with warn` */
function* wordsIn(lines: readonly string[], hidden: readonly UnitRange[]): Steps<Statement> {
  const meter = new Meter();
  const counts = WORDS.map(() => 0);
  for (const [from, to] of hidden) {
    for (let i = from; i < to; i++) {
      const lower = (lines[i] ?? "").toLowerCase();
      for (const [at, word] of WORDS.entries())
        if (lower.includes(word)) counts[at] = (counts[at] ?? 0) + 1;
      if (meter.isDue(lower.length * 2 + LINE_WORK)) yield;
    }
  }
  const facts = WORDS.map((text, at) => wordFact(text, counts[at] ?? 0));
  return {
    text: `… lines left out with these letters in any case: ${facts.map(printFact).join(", ")}`,
    of: SHOWN_LINES,
    about: hidden,
    facts,
  };
}

/** The failures there was no room for, by kind, with the values that tell them apart. */
function* failuresLeftOut(
  { lines, shown, templates, severity, firstLine }: Selected,
  room: number,
): Steps<readonly Statement[]> {
  const meter = new Meter();
  const kinds = new Map<number, number[]>();
  for (let i = 0; i < lines.length; i++) {
    if (meter.isDue(1)) yield;
    const id = templates.ids[i] ?? -1;
    if (shown[i] === 1 || severity[i] !== FAILURE || id < 0) continue;
    const kind = kinds.get(id);
    if (kind) kind.push(i);
    else kinds.set(id, [i]);
  }
  const most = yield* firstInOrder(
    kinds,
    MAX_FAILURE_KINDS,
    (a, b) => b[1].length - a[1].length || a[0] - b[0],
  );
  const statements: Statement[] = [];
  let left = room;
  for (const [id, own] of most) {
    const template = templates.templates[id];
    if (template === undefined || own.length < 2) continue;
    const fact = yield* shapesFact(
      own.map((at) => lines[at] ?? ""),
      [shapeOf(template, 0, SHAPE_SIZE)],
      { ...FULL, list: Math.max(0, left) },
    );
    const [first = 0] = own;
    if (fact.shapes.length === 0) continue;
    const text = `… ${own.length} more error lines (${first + firstLine}-${(own.at(-1) ?? 0) + firstLine}): ${printFact(fact)}`;
    left -= text.length;
    if (left < 0) break;
    statements.push({
      text,
      of: SHOWN_LINES,
      about: rangesOf(own),
      facts: [{ says: "count", count: own.length }, fact],
    });
  }
  return statements;
}

/** Lines as runs of lines. */
function rangesOf(lines: readonly number[]): readonly UnitRange[] {
  const ranges: [number, number][] = [];
  for (const line of lines) {
    const last = ranges.at(-1);
    if (last && last[1] === line) last[1]++;
    else ranges.push([line, line + 1]);
  }
  return ranges;
}

/** Kinds of lines that begin alike. */
interface Start {
  readonly templates: Template[];
  /** How many of their lines are not shown. */
  hidden: number;
}

/** The shapes that most lines have, with their values. */
function* shapesOfAll(
  { lines, shown, templates: { ids, templates } }: Selected,
  room: number,
): Steps<readonly Statement[]> {
  const meter = new Meter();
  const left = new Map<number, number>();
  for (let i = 0; i < lines.length; i++) {
    const id = ids[i] ?? -1;
    if (meter.isDue(1)) yield;
    if (id >= 0 && shown[i] !== 1) left.set(id, (left.get(id) ?? 0) + 1);
  }
  // Kinds of lines that differ in their ends alone are told as one.
  const starts = new Map<string, Start>();
  for (const [id, hidden] of left) {
    const template = templates[id];
    if (template === undefined) continue;
    const key = template.words.slice(0, START_WORDS).join(" ").slice(0, START_SIZE);
    const start = starts.get(key) ?? { templates: [], hidden: 0 };
    starts.set(key, start);
    start.templates.push(template);
    start.hidden += hidden;
    if (meter.isDue(LINE_WORK)) yield;
  }
  const most = yield* firstInOrder(
    starts.values(),
    MAX_SHAPES,
    (a, b) => b.hidden - a.hidden || (a.templates[0]?.first ?? 0) - (b.templates[0]?.first ?? 0),
  );
  const shapes: LineShape[] = [];
  for (const { templates, hidden } of most) {
    const [template] = templates;
    if (template === undefined || hidden * 2 < LEAST_ROWS) continue;
    const shape = shapeOf(template, 0, templates.length > 1 ? START_SIZE : SHAPE_SIZE);
    if (hasText(shape)) shapes.push(shape);
  }
  let fact = yield* shapesFact(lines, shapes, FULL, true);
  if (fact.shapes.length === 0) return [];
  // Shapes that there is no room for are among the others.
  while (fact.shapes.length > 1 && printFact(fact).length > room) {
    const dropped = fact.shapes.at(-1)?.[1] ?? 0;
    fact = { ...fact, shapes: fact.shapes.slice(0, -1), others: (fact.others ?? 0) + dropped };
  }
  return [
    {
      text: `… ${lines.length} lines by shape, those shown too:\n…  ${printFact(fact)}`,
      of: SHOWN_LINES,
      about: [[0, lines.length]],
      facts: [fact],
    },
  ];
}
