/**
 * Columns whose cells follow from another one: `Wanted` is what `Current` is, `Location` is `node_modules/` and the `Package`.
 *
 * A view leaves such cells out and says the rule: `Location: as node_modules/{Package} ×90`.
 */
import { Meter } from "../../../steps.ts";
import type { Steps } from "../../../types/compressor.ts";

export interface Template {
  /** The column that the cells are made of. */
  readonly from: number;
  readonly start: string;
  readonly end: string;
  /** As a view writes it. */
  readonly text: string;
}

/** What a cell is called that does not follow. */
export const OTHER_CELL = "other";

/** Before a rule. */
const AS = "as ";
/** Rows that suggest a rule. */
const SUGGESTING = 5;
/** One row in so many may be another. */
const ODD_SHARE = 10;
/** A column with fewer values says little that could be left out. */
const MIN_VALUES = 4;
const CELL_WORK = 8;

/** The rule that nearly all cells of a column follow; the columns before it are tried first. */
export function* templateOf(
  names: readonly string[],
  columns: readonly (readonly string[])[],
  index: number,
): Steps<Template | undefined> {
  const values = columns[index] ?? [];
  if (values.length < MIN_VALUES || new Set(values.slice(0, 100)).size < MIN_VALUES)
    return undefined;
  const meter = new Meter();
  const tried = new Set<string>();
  for (let turn = 0; turn < SUGGESTING; turn++) {
    const row = Math.floor((turn * values.length) / SUGGESTING);
    for (let from = 0; from < columns.length; from++) {
      // Two columns that are the same follow from each other: the first of them stays.
      if (from === index) continue;
      const rule = ruleFor(values[row] ?? "", columns[from]?.[row] ?? "", from, names);
      if (rule === undefined || tried.has(rule.text)) continue;
      if (from > index && rule.start === "" && rule.end === "") continue;
      tried.add(rule.text);
      let odd = 0;
      for (let at = 0; at < values.length && odd * ODD_SHARE <= values.length; at++) {
        if (!follows(values[at] ?? "", columns[from]?.[at] ?? "", rule)) odd++;
        if (meter.isDue(CELL_WORK)) yield;
      }
      if (odd * ODD_SHARE <= values.length) return rule;
    }
  }
  return undefined;
}

function ruleFor(
  value: string,
  other: string,
  from: number,
  names: readonly string[],
): Template | undefined {
  if (other.length < 3) return undefined;
  const at = value.indexOf(other);
  if (at < 0) return undefined;
  const [start, end] = [value.slice(0, at), value.slice(at + other.length)];
  if (/[\r\n{}]/.test(start + end)) return undefined;
  return { from, start, end, text: `${AS}${start}{${names[from] ?? ""}}${end}` };
}

export function follows(value: string, other: string, { start, end }: Template): boolean {
  return (
    value.length === start.length + other.length + end.length &&
    value.startsWith(start) &&
    value.endsWith(end) &&
    value.startsWith(other, start.length)
  );
}

/** A rule as it was written; `undefined` where the text is none. */
export function readTemplate(text: string, names: readonly string[]): Template | undefined {
  if (!text.startsWith(AS)) return undefined;
  for (const [from, name] of names.entries()) {
    const at = text.indexOf(`{${name}}`);
    if (at < 0) continue;
    return { from, text, start: text.slice(AS.length, at), end: text.slice(at + name.length + 2) };
  }
  return undefined;
}
