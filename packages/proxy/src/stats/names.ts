/** Names that come from requests and answers, of tools and models: what of them is shown, and how many are told apart. */

/** What providers accept as the name of a tool or a model. Anything else could be content. */
const NAME = /^[A-Za-z0-9_.:/@+-]{1,128}$/;

/** Stands for names that are not shown. */
export const OTHER = "(other)";
/** Stands for names that are not there. */
const UNNAMED = "(unnamed)";

export function shownName(name: string): string {
  return NAME.test(name) ? name : OTHER;
}

export interface Tally<Row> {
  /** The row of a name, made where there is none. Once there are `max`, all further names share the row `(other)`. */
  of(name: string | undefined): Row;
  entries(): readonly (readonly [name: string, row: Row])[];
}

export function tally<Row>(max: number, make: () => Row): Tally<Row> {
  const rows = new Map<string, Row>();
  return {
    of(given = UNNAMED) {
      const known = rows.get(given);
      if (known !== undefined) return known;
      // Two rows are kept free, so that there are never more than `max`.
      const isFull = rows.size >= max - 2;
      const name = given === UNNAMED ? UNNAMED : isFull ? OTHER : shownName(given);
      const row = rows.get(name) ?? make();
      rows.set(name, row);
      return row;
    },
    entries: () => [...rows],
  };
}
