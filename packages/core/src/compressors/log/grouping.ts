/**
 * Which lines become rows of which shape.
 *
 * Values are found first by how they look; in the lines that are left, every word is a value. Lines are compared by the hashes of what must be
 * equal, and strings are made only for those that have company; a shape is used where it saves more than its definition
 * costs.
 */
import { Meter } from "../../steps.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import { mapInSteps } from "../shared/in-steps.ts";
import { cost } from "../shared/text-cost.ts";
import { buildShape, type LineTemplate, printTemplate, type Shape } from "./line-template.ts";
import {
  constantsOf,
  findValues,
  findWords,
  hashShape,
  hashWord,
  MAX_SHAPED,
  makeSpans,
  mix,
  SpanList,
  type Spans,
} from "./shape.ts";
import { splitRows } from "./split.ts";

/** A line as a row of a shape. */
export interface Assigned {
  readonly definition: Definition;
  readonly values: readonly string[];
}

/** A shape as it is printed: shapes of several passes that read the same are one. */
export interface Definition extends LineTemplate {
  /** How many lines have it. */
  count: number;
}

/** Tokens of `#a[12]=` and the line break. */
const DEFINITION_COST = 10;
const LEAST_ROWS = 3;
const LEAST_WORD_ROWS = 4;

type Finder = (content: string, spans: Spans) => void;

/**
 * For each line its shape and row, or `undefined` where it stays plain.
 *
 * @param isPlain - Whether a line, given by its index, has to stay plain.
 */
export function* groupLines(
  contents: readonly string[],
  isPlain: (line: number) => boolean,
): Steps<readonly (Assigned | undefined)[]> {
  const assigned: (Assigned | undefined)[] = new Array(contents.length);
  const definitions = new Map<string, Definition>();
  const spans = makeSpans();
  let open: number[] = [];
  const meter = new Meter();
  for (let i = 0; i < contents.length; i++) {
    const content = contents[i] ?? "";
    if (content.length > 2 && content.length <= MAX_SHAPED && !isPlain(i)) open.push(i);
    if (meter.isDue(content.length)) yield;
  }
  function* attempt(find: Finder, hashOf: (line: number) => number, least: number): Steps<void> {
    const taken = yield* assign(open, contents, assigned, definitions, spans, find, hashOf, least);
    if (taken) open = open.filter((i) => assigned[i] === undefined);
  }
  yield* attempt(
    findValues,
    (i) => {
      const content = contents[i] ?? "";
      findValues(content, spans);
      return hashShape(content, spans);
    },
    LEAST_ROWS,
  );
  // Here every word is a value, and only lines with the same first two words go together.
  yield* attempt(
    findWords,
    (i) => {
      const content = contents[i] ?? "";
      findWords(content, spans);
      return mix(
        hashShape(content, spans),
        hashWord(content, spans, 0),
        hashWord(content, spans, 1),
      );
    },
    LEAST_WORD_ROWS,
  );
  return assigned;
}

function* assign(
  open: readonly number[],
  contents: readonly string[],
  assigned: (Assigned | undefined)[],
  definitions: Map<string, Definition>,
  spans: Spans,
  find: Finder,
  hashOf: (line: number) => number,
  least: number,
): Steps<boolean> {
  const meter = new Meter();
  // Hashes are numbered as they come: a look-up a line, and arrays after that.
  const numbers = new Map<number, number>();
  const numberOf = new Int32Array(open.length);
  const sizes: number[] = [];
  const found = new SpanList();
  for (let n = 0; n < open.length; n++) {
    const hash = hashOf(open[n] ?? 0);
    found.add(spans);
    let number = numbers.get(hash);
    if (number === undefined) {
      number = sizes.length;
      numbers.set(hash, number);
      sizes.push(0);
    }
    numberOf[n] = number;
    sizes[number] = (sizes[number] ?? 0) + 1;
    if (meter.isDue(workOf(contents[open[n] ?? 0]))) yield;
  }
  const groups = new Map<number, number[]>();
  for (let n = 0; n < open.length; n++) {
    const number = numberOf[n] ?? 0;
    if ((sizes[number] ?? 0) < least) continue;
    const group = groups.get(number);
    if (group) group.push(n);
    else groups.set(number, [n]);
    if (meter.isDue(LINE_WORK)) yield;
  }
  let taken = false;
  for (const group of groups.values()) {
    const lines = group.map((n) => open[n] ?? 0);
    const sample = contents[lines[0] ?? 0] ?? "";
    find(sample, spans);
    const constants = constantsOf(sample, spans);
    const values: (readonly string[])[] = [];
    for (const n of group) {
      values.push(found.valuesOf(n, contents[open[n] ?? 0] ?? ""));
      if (meter.isDue(LINE_WORK)) yield;
    }
    for (const { shape, rows } of yield* shapesOf(lines, constants, values)) {
      if (shape.saving * rows.length < shape.cost + DEFINITION_COST) continue;
      const definition = define(shape, rows.length, definitions);
      for (let row = 0; row < rows.length; row++) {
        const values = shape.columns.map((column) => column[row] ?? "");
        assigned[rows[row] ?? 0] = { definition, values };
        if (meter.isDue(LINE_WORK)) yield;
      }
      taken = true;
    }
  }
  return taken;
}

function define(shape: Shape, rows: number, definitions: Map<string, Definition>): Definition {
  const text = printTemplate(shape);
  const known = definitions.get(text);
  if (known !== undefined) {
    known.count += rows;
    return known;
  }
  const definition = { texts: shape.texts, slots: shape.slots, count: rows };
  definitions.set(text, definition);
  return definition;
}

/** The work that a line makes, in characters. */
function workOf(line = ""): number {
  return line.length + LINE_WORK;
}

/** The shapes of lines with equal constants, with their lines. */
function* shapesOf(
  lines: readonly number[],
  constants: readonly string[],
  values: readonly (readonly string[])[],
): Steps<readonly { readonly shape: Shape; readonly rows: readonly number[] }[]> {
  const definition = cost(constants.join(" ")) + constants.length + DEFINITION_COST;
  const shapes: { shape: Shape; rows: readonly number[] }[] = [];
  for (const group of yield* splitRows(values, definition)) {
    const shape = yield* buildShape(
      constants,
      yield* mapInSteps(group, (row) => values[row] ?? []),
    );
    if (shape) shapes.push({ shape, rows: group.map((row) => lines[row] ?? 0) });
  }
  return shapes;
}
