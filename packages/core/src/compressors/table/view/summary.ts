/** What is said about the rows of a sheet: how many are left out, and what each column holds, in all rows and in those. */
import type { Steps } from "../../../types/compressor.ts";
import type { Fact, Statement, UnitRange } from "../../../types/statement.ts";
import { describe, sayFacts } from "../../../view/describe.ts";
import { printFact } from "../../../view/fact.ts";
import type { Column } from "./column.ts";
import { columnOf, type Sheet } from "./sheet.ts";

/** Columns of which something is said. */
const MAX_COLUMNS = 24;
/** Values that are named although each of them occurs once. */
const MAX_NAMED = 4;
/** Values that are named for the rows left out. */
const MAX_LEFT = 4;

/** A line of the summary, and the sentences in it. */
export interface SummaryLine {
  readonly text: string;
  readonly statements: readonly Statement[];
}

/** What the columns hold in all rows. */
export function* describeAll(
  columns: readonly Column[],
): Steps<ReadonlyMap<Column, readonly Fact[]>> {
  const said = new Map<Column, readonly Fact[]>();
  for (const column of columns.slice(0, MAX_COLUMNS)) {
    const { name, role, values, counts, all } = column;
    const facts = yield* describe(values, { name, known: { counts, measured: all } });
    // Of texts that nobody reads, and of those that are all different, the number is enough.
    const isMany = role === "prose" || counts.size === values.length;
    const isLong = role === "opaque" || (isMany && counts.size > MAX_NAMED);
    const own: readonly Fact[] = isLong
      ? facts.map((fact) =>
          fact.says === "counts" ? { says: "distinct", count: counts.size } : fact,
        )
      : facts;
    said.set(column, own);
  }
  return said;
}

/**
 * The lines below the rows.
 *
 * @param left Rows that are left out
 * @param gone Columns that are left out, and in which rows
 */
export function* summarize(
  sheet: Sheet,
  facts: ReadonlyMap<Column, readonly Fact[]>,
  left: readonly UnitRange[],
  gone: ReadonlyMap<Column, string>,
): Steps<readonly SummaryLine[]> {
  const total = sheet.rows.length;
  const count = left.reduce((sum, [from, to]) => sum + to - from, 0);
  const all: readonly UnitRange[] = [[0, total]];
  const { of } = sheet;
  const lines: SummaryLine[] = [];
  for (const [column, own] of facts) {
    const { name } = column;
    const where = gone.get(column);
    const isGone = where !== undefined;
    const head = isGone ? `${name} (${where})` : name;
    const parts: Statement[] = [];
    if (own.length > 0 || isGone) {
      const text = own.length > 0 ? `${head}: ${sayFacts(own)}` : head;
      parts.push({ text, of, about: all, field: name, facts: own });
    }
    const rest = count > 0 ? yield* describeLeft(column, own, left) : undefined;
    if (rest) {
      const said = `rows left out: ${printFact(rest)}`;
      // The name stands in front, in the same line.
      parts.push(
        parts.length > 0
          ? { text: said, of: columnOf(of, name), about: left, facts: [rest] }
          : { text: `${name}, ${said}`, of, about: left, field: name, facts: [rest] },
      );
    }
    if (parts.length > 0)
      lines.push({ text: `  ${parts.map(({ text }) => text).join("; ")}`, statements: parts });
  }
  const heads: Statement[] = [];
  if (count > 0)
    heads.push({
      text: `… ${count} of ${total} rows left out`,
      of,
      about: left,
      facts: [counted(count)],
    });
  if (lines.length > 0)
    heads.push({ text: `all ${total} rows`, of, about: all, facts: [counted(total)] });
  if (heads.length === 0) return [];
  const [first, second] = heads.map(({ text }) => text);
  const text =
    second === undefined
      ? `${first?.startsWith("…") ? first : `… In ${first}:`}`
      : `${first}. In ${second}:`;
  return [{ text, statements: heads }, ...lines];
}

function counted(count: number): Fact {
  return { says: "count", count };
}

/** What holds in the rows left out and says more than what holds in all: one value, fewer values, a narrower range. */
function* describeLeft(
  { name, values, isIdentifier, measured, counts }: Column,
  all: readonly Fact[],
  left: readonly UnitRange[],
): Steps<Fact | undefined> {
  if (counts.size < 2 || isIdentifier) return undefined;
  // The span of times in order is that between the rows that are shown.
  if (measured?.kind === "time" && all.some(({ says }) => says === "sorted")) return undefined;
  const rest = left.flatMap(([from, to]) => values.slice(from, to));
  yield;
  const [fact] = yield* describe(rest, { name, maxValues: MAX_LEFT, order: false });
  if (fact === undefined || all.some((other) => printFact(other) === printFact(fact)))
    return undefined;
  if (fact.says === "all") return fact;
  if (fact.says === "range") return all.some(({ says }) => says === "range") ? fact : undefined;
  const isSubset = fact.says === "counts" && fact.others === undefined;
  return isSubset && fact.counts.length < counts.size ? fact : undefined;
}
