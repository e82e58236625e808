/**
 * The sentence for a run of lines that are not shown: how many, where, and what like.
 *
 * `… 214 lines like: Compiling * v{0.1.0–2.4.1} (120-333)`, `… 40 lines (8-47): 30× GET *, 9× PUT *, 1 other`: numbers are lines of
 * the original from 1, as retrieval takes them.
 */
import { firstInOrder } from "../../query/first-in-order.ts";
import { Meter } from "../../steps.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import type { Fact, LineShape, Statement } from "../../types/statement.ts";
import { printFact } from "../../view/fact.ts";
import { BRIEF, hasText, PATTERN_ONLY, shapeOf, shapesFact } from "./line-shapes.ts";
import type { Templates } from "./mine.ts";
import { SHOWN_LINES } from "./original.ts";

/** So many shapes are named. */
const MAX_SHAPES = 3;
const ONE_SHAPE_SIZE = 80;
const SHAPE_SIZE = 48;
/** Of the words that shapes have in common so many are said. */
const CONTEXT = 3;
/** Fewer lines of several shapes are just counted. */
const MANY = 12;
/** The same for terse sentences: lines of one shape, and of several. */
const LEAST_TERSE = 8;
const MANY_TERSE = 30;
/** Values of longer gaps are not told: the summary tells those of the whole log. */
const MAX_DESCRIBED = 20_000;

/** The sentence for the lines from `start` to before `end`. A terse one says little about gaps of few lines or several shapes. */
export function* gapSentence(
  lines: readonly string[],
  start: number,
  end: number,
  { ids, templates }: Templates,
  firstLine: number,
  isTerse: boolean,
): Steps<Statement> {
  const meter = new Meter();
  const count = end - start;
  const tally = new Map<number, number>();
  let filled = 0;
  for (let i = start; i < end; i++) {
    const id = ids[i] ?? -1;
    if (meter.isDue(LINE_WORK)) yield;
    if (id < 0) continue;
    filled++;
    tally.set(id, (tally.get(id) ?? 0) + 1);
  }
  const most = yield* firstInOrder(tally, MAX_SHAPES, (a, b) => b[1] - a[1] || a[0] - b[0]);
  const isOne = tally.size === 1;
  const isMostlyOne = (most[0]?.[1] ?? 0) * 5 >= filled * 3;
  const shared = commonWords(most.map(([id]) => templates[id]?.words ?? []));
  const skipped = isOne ? 0 : Math.max(0, shared - CONTEXT);
  const candidates: LineShape[] = [];
  const isTold = isTerse
    ? count >= (isOne ? LEAST_TERSE : MANY_TERSE)
    : isMostlyOne || count >= MANY;
  if (isTold) {
    // Few lines are told by their one shape.
    for (const [id] of count < MANY ? most.slice(0, 1) : most) {
      const template = templates[id];
      const size = isOne ? ONE_SHAPE_SIZE : SHAPE_SIZE;
      const shape = template && shapeOf(template, skipped, size);
      // A shape of values alone fits any line: it is worth saying of one kind of lines only.
      if (shape && (isOne || hasText(shape))) candidates.push(shape);
    }
  }
  const range =
    count === 1 ? `${start + firstLine}` : `${start + firstLine}-${end - 1 + firstLine}`;
  const noun = count === 1 ? "line" : "lines";
  const about = [[start, end]] as const;
  const counted: Fact = { says: "count", count };
  if (candidates.length === 0 && filled > 0)
    return { text: `… ${count} ${noun} (${range})`, of: SHOWN_LINES, about, facts: [counted] };
  const fact = yield* shapesFact(
    lines.slice(start, end),
    candidates,
    isTerse || count > MAX_DESCRIBED ? PATTERN_ONLY : BRIEF,
  );
  if (fact.shapes.length === 0 && filled > 0)
    return { text: `… ${count} ${noun} (${range})`, of: SHOWN_LINES, about, facts: [counted] };
  const said = printFact(fact);
  const text =
    filled === 0
      ? `… ${said} ${noun} (${range})`
      : said.startsWith("like: ")
        ? `… ${count} ${noun} ${said} (${range})`
        : `… ${count} ${noun} (${range}): ${said}`;
  return { text, of: SHOWN_LINES, about, facts: filled === 0 ? [fact] : [counted, fact] };
}

/** How many words all these shapes begin with. */
function commonWords(shapes: readonly (readonly string[])[]): number {
  const [first = [], ...others] = shapes;
  let at = 0;
  while (at < first.length && others.every((shape) => shape[at] === first[at])) at++;
  return at;
}
