/** Reads the values of a row: words with a space between them, in quotes where one has spaces, a sign where one is that of the row above. */
import { DITTO } from "../../notation/ditto.ts";
import { NotationError } from "../../notation/error.ts";

export interface RowContext {
  /** The values of the row of this shape above, none before the first. */
  readonly above: readonly string[];
  /** How many values a row of this shape has. */
  readonly count: number;
  readonly lineNumber: number;
  /** Puts in what names stand for. */
  readonly spell: (text: string) => string;
}

/** @throws NotationError where a quote stays open, there is no row above to repeat, or values are missing or left over */
export function readRowValues(text: string, row: RowContext): readonly string[] {
  const values: string[] = [];
  let at = 0;
  while (at < text.length) {
    const quoted = text[at] === '"';
    const close = text.indexOf(quoted ? '"' : " ", at + 1);
    if (quoted && close < 0) throw new NotationError("a closing quote", row.lineNumber);
    const end = close < 0 ? text.length : close;
    if (quoted) values.push(row.spell(text.slice(at + 1, end)));
    else values.push(readWord(text.slice(at, end), row, values.length));
    at = end + (quoted ? 2 : 1);
  }
  if (values.length !== row.count) throw new NotationError(`${row.count} values`, row.lineNumber);
  return values;
}

function readWord(word: string, row: RowContext, index: number): string {
  if (word !== DITTO) return row.spell(word[0] === "\\" ? word.slice(1) : word);
  const above = row.above[index];
  if (above === undefined) throw new NotationError("a row of the same shape above", row.lineNumber);
  return above;
}
