/**
 * Which lines are written as rows: blocks of lines that come back together, then lines of one shape.
 */
import { Meter } from "../../steps.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import { type Assigned, groupLines } from "../log/grouping.ts";
import { buildShape, printTemplate, type Shape } from "../log/line-template.ts";
import { splitRows } from "../log/split.ts";
import { mapInSteps } from "../shared/in-steps.ts";
import { cost } from "../shared/text-cost.ts";
import { type Block, findBlocks } from "./blocks.ts";
import { type Symbols, symbolsOf } from "./symbols.ts";

/** Lines as a row of a shape: one line, or a block of them. */
export interface Row extends Assigned {
  /** Lines of the row. */
  readonly height: number;
}

/** Tokens of `#a[12, 3 lines]=` and the line break. */
const DEFINITION_COST = 12;
/** Tokens of `#a` and the line break in each row. */
const ROW_COST = 2;
/** Tokens that a row of one line saves at least. */
const LEAST_SAVED = 3;

/**
 * For the first line of each row its shape and values. Lines that no row holds stay as they are.
 *
 * @param isPlain Whether a line is in no row.
 */
export function* groupRows(
  lines: readonly string[],
  isPlain: (line: number) => boolean,
): Steps<readonly (Row | undefined)[]> {
  const rows: (Row | undefined)[] = new Array(lines.length);
  const symbols = yield* symbolsOf(lines, isPlain);
  const taken = new Uint8Array(lines.length);
  for (const block of yield* findBlocks(symbols.ids, symbols.isConstant, symbols.blank))
    yield* assignBlock(block, lines, symbols, rows, taken);
  const rest = yield* mapInSteps(lines, (line, at) => (taken[at] === 1 || isPlain(at) ? "" : line));
  const single = yield* groupLines(rest, () => false);
  const meter = new Meter();
  for (let at = 0; at < lines.length; at++) {
    const row = single[at];
    if (row !== undefined && taken[at] !== 1 && isWorth(row.definition))
      rows[at] = { ...row, height: 1 };
    if (meter.isDue(1)) yield;
  }
  return rows;
}

/**
 * Whether a row is worth looking up the shape of its line: it saves a token for each value. What names one value, or is cut at every slash, is
 * best read as it stands.
 */
function isWorth({ texts, slots }: Row["definition"]): boolean {
  const saved = cost(texts.join(" ")) - ROW_COST;
  return saved >= Math.max(LEAST_SAVED, slots.length);
}

function* assignBlock(
  { height, starts }: Block,
  lines: readonly string[],
  symbols: Symbols,
  rows: (Row | undefined)[],
  taken: Uint8Array,
): Steps<void> {
  const meter = new Meter();
  let constants: readonly string[] = [];
  const values: (readonly string[])[] = [];
  for (const start of starts) {
    const all: string[] = [];
    const texts: string[] = [""];
    for (let at = start; at < start + height; at++) {
      const parts = symbols.parts(at);
      all.push(...parts.values);
      const [first = "", ...others] = parts.constants;
      texts[texts.length - 1] += at === start ? first : `\n${first}`;
      texts.push(...others);
      if (meter.isDue((lines[at] ?? "").length + LINE_WORK)) yield;
    }
    constants = texts;
    values.push(all);
  }
  const definition = cost(constants.join(" ")) + constants.length + DEFINITION_COST;
  for (const group of yield* splitRows(values, definition)) {
    const own = yield* mapInSteps(group, (row) => values[row] ?? []);
    const shape = (yield* buildShape(constants, own)) ?? fixedShape(constants, own);
    if (shape === undefined) continue;
    const saved = (shape.saving + height - ROW_COST) * group.length;
    if (saved < shape.cost + height + DEFINITION_COST) continue;
    const known = { texts: shape.texts, slots: shape.slots, count: group.length };
    for (let row = 0; row < group.length; row++) {
      const start = starts[group[row] ?? 0] ?? 0;
      const cells = shape.columns.map((column) => column[row] ?? "");
      rows[start] = { definition: known, values: cells, height };
      taken.fill(1, start, start + height);
      if (meter.isDue(LINE_WORK)) yield;
    }
  }
}

/** The shape of blocks that are all equal: a text without values. */
function fixedShape(
  constants: readonly string[],
  rows: readonly (readonly string[])[],
): Shape | undefined {
  const [first = []] = rows;
  if (rows.length < 2 || !rows.every((row) => row.every((value, at) => value === first[at])))
    return undefined;
  const text = constants.map((constant, at) => constant + (first[at] ?? "")).join("");
  const template = { texts: [text], slots: [] };
  if (printTemplate(template).includes("{}")) return undefined;
  const tokens = cost(text);
  return { ...template, columns: [], saving: tokens - 2, cost: tokens };
}
