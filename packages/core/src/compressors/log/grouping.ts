/**
 * Which lines become rows of which shape.
 *
 * Values are found first by how they look; in the lines that are left, every word is a value. Lines are compared by the hashes of what must be
 * equal, and strings are made only for those that have company; a shape is used where it saves more than its definition
 * costs.
 */
import { buildTemplate, type RowTemplate } from "./columns.ts";
import { FAILURE, severityOf } from "./severity.ts";
import {
  constantsOf,
  findValues,
  findWords,
  hashShape,
  hashWord,
  MAX_SHAPED,
  makeSpans,
  mix,
  roughTokens,
  type Spans,
  valuesOf,
} from "./shape.ts";

/** A line as a row of a shape. */
export interface Assigned {
  readonly template: RowTemplate;
  /** Row within the template. */
  readonly row: number;
}

/** Failures of one shape are printed whole up to this many. */
const SPARE_FAILURES = 12;
const LEAST_ROWS = 3;
const LEAST_WORD_ROWS = 4;

type Finder = (content: string, spans: Spans) => void;

/** For each line its shape and row, or `undefined` where it stays plain. */
export function groupLines(
  contents: readonly string[],
  isPlain: (line: string) => boolean,
): readonly (Assigned | undefined)[] {
  const assigned: (Assigned | undefined)[] = new Array(contents.length);
  const spans = makeSpans();
  let open: number[] = [];
  for (let i = 0; i < contents.length; i++) {
    const content = contents[i] ?? "";
    if (content.length > 2 && content.length <= MAX_SHAPED && !isPlain(content)) open.push(i);
  }
  const attempt = (find: Finder, hashOf: (line: number) => number, least: number): void => {
    const taken = assign(open, contents, assigned, spans, find, hashOf, least);
    if (taken) open = open.filter((i) => assigned[i] === undefined);
  };
  attempt(
    findValues,
    (i) => {
      const content = contents[i] ?? "";
      findValues(content, spans);
      return hashShape(content, spans);
    },
    LEAST_ROWS,
  );
  // Here every word is a value, and only lines with the same first two words go together.
  attempt(
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

function assign(
  open: readonly number[],
  contents: readonly string[],
  assigned: (Assigned | undefined)[],
  spans: Spans,
  find: Finder,
  hashOf: (line: number) => number,
  least: number,
): boolean {
  // Hashes are numbered as they come: a look-up a line, and arrays after that.
  const numbers = new Map<number, number>();
  const numberOf = new Int32Array(open.length);
  const sizes: number[] = [];
  for (let n = 0; n < open.length; n++) {
    const hash = hashOf(open[n] ?? 0);
    let number = numbers.get(hash);
    if (number === undefined) {
      number = sizes.length;
      numbers.set(hash, number);
      sizes.push(0);
    }
    numberOf[n] = number;
    sizes[number] = (sizes[number] ?? 0) + 1;
  }
  const groups = new Map<number, number[]>();
  for (let n = 0; n < open.length; n++) {
    const number = numberOf[n] ?? 0;
    if ((sizes[number] ?? 0) < least) continue;
    const group = groups.get(number);
    if (group) group.push(open[n] ?? 0);
    else groups.set(number, [open[n] ?? 0]);
  }
  let taken = false;
  for (const lines of groups.values()) {
    const template = templateOf(lines, contents, find, spans);
    if (template === undefined) continue;
    if (template.saving * lines.length < roughTokens(template.text) + 5) continue;
    for (let row = 0; row < lines.length; row++) assigned[lines[row] ?? 0] = { template, row };
    taken = true;
  }
  return taken;
}

function templateOf(
  lines: readonly number[],
  contents: readonly string[],
  find: Finder,
  spans: Spans,
): RowTemplate | undefined {
  const sample = contents[lines[0] ?? 0] ?? "";
  // A failure is read as it stands, unless it comes again and again.
  if (lines.length < SPARE_FAILURES && severityOf(sample, sample) === FAILURE) return undefined;
  find(sample, spans);
  const constants = constantsOf(sample, spans);
  const rows = lines.map((i) => {
    const content = contents[i] ?? "";
    find(content, spans);
    return valuesOf(content, spans);
  });
  return buildTemplate(constants, rows);
}
