/** What is said about the rows of a sheet: how many are left out, and what each column holds, in all rows and in those. */
import type { Steps } from "../../../types/compressor.ts";
import type { Fact, Statement, UnitRange } from "../../../types/statement.ts";
import type { TokenCounter } from "../../../types/tokens.ts";
import { describe, sayFacts } from "../../../view/describe.ts";
import { printFact } from "../../../view/fact.ts";
import type { Column } from "./column.ts";
import { columnOf, ruleOf, rulesOf, type Sheet } from "./sheet.ts";
import { OTHER_CELL, type Template } from "./template.ts";

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

/** What the columns hold in all rows, from the left, and its tokens. Columns for which no room is left are passed over. */
export function* describeAll(
  columns: readonly Column[],
  mostTokens: number,
  counter: TokenCounter,
): Steps<{ facts: ReadonlyMap<Column, readonly Fact[]>; tokens: number }> {
  const facts = new Map<Column, readonly Fact[]>();
  let tokens = 0;
  for (const column of columns.slice(0, mostTokens > 0 ? MAX_COLUMNS : 0)) {
    const { name, role, values, counts, all, isMixed } = column;
    const said = yield* describe(values, {
      name,
      order: !isMixed,
      known: { counts, measured: all },
    });
    // Of texts that nobody reads, and of those that are all different, the number is enough.
    const isMany = role === "prose" || counts.size === values.length;
    const isLong = role === "opaque" || (isMany && counts.size > MAX_NAMED);
    const distinct: Fact = { says: "distinct", count: counts.size };
    const own = isLong ? said.map((fact) => (fact.says === "counts" ? distinct : fact)) : said;
    const cost = counter.count(`  ${name}: ${sayFacts(own)}\n`);
    if (tokens + cost > mostTokens) continue;
    tokens += cost;
    facts.set(column, own);
  }
  return { facts, tokens };
}

/**
 * The lines below the rows.
 *
 * @param left Rows that are left out
 * @param gone Columns that are left out, and in which rows
 * @param between Lines of the text that stand between the rows and are none
 */
export function* summarize(
  sheet: Sheet,
  facts: ReadonlyMap<Column, readonly Fact[]>,
  left: readonly UnitRange[],
  gone: ReadonlyMap<Column, string>,
  between: readonly UnitRange[],
): Steps<readonly SummaryLine[]> {
  const total = sheet.rows.length;
  const count = left.reduce((sum, [from, to]) => sum + to - from, 0);
  const all: readonly UnitRange[] = [[0, total]];
  const { of, label } = sheet;
  const whose = label === "" ? "" : ` of ${label}`;
  const lines: SummaryLine[] = [];
  for (const [column, own] of facts) {
    const { name } = column;
    const where = gone.get(column);
    const isGone = where !== undefined;
    const head = isGone ? `${name} (${where})` : name;
    const parts: Statement[] = [];
    if (isGone && column.template) {
      lines.push(yield* ruleLine(sheet, head, column, column.template));
      continue;
    }
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
      text: `… ${count} of ${total} rows${whose} left out`,
      of,
      about: left,
      facts: [counted(count)],
    });
  if (lines.length > 0)
    heads.push({ text: `all ${total} rows${whose}`, of, about: all, facts: [counted(total)] });
  if (heads.length === 0) return [];
  const [first, second] = heads.map(({ text }) => text);
  const [besides] = between.length === 0 ? [] : [besidesOf(between)];
  const aside = besides === undefined ? "" : ` (${besides.text})`;
  const text =
    second === undefined
      ? `${first?.startsWith("…") ? `${first}${aside}` : `… In ${first}${aside}:`}`
      : `${first}${aside}. In ${second}:`;
  const said = besides === undefined ? [] : [besides];
  return [{ text, statements: [...heads.slice(0, 1), ...said, ...heads.slice(1)] }, ...lines];
}

/** What is counted nowhere else. */
function besidesOf(between: readonly UnitRange[]): Statement {
  const count = between.length;
  const text =
    count === 1 ? "1 line between them is no row" : `${count} lines between them are no rows`;
  return { text, of: "", about: between, facts: [counted(count)] };
}

/** The rule that the cells of a column follow, which are left out. */
function* ruleLine(
  sheet: Sheet,
  head: string,
  { name }: Column,
  template: Template,
): Steps<SummaryLine> {
  const values = rulesOf(sheet, sheet.names.indexOf(name), template);
  yield;
  const other = values.filter((value) => value === OTHER_CELL).length;
  const named: readonly (readonly [string, number])[] = [
    [template.text, values.length - other],
    [OTHER_CELL, other],
  ];
  const fact: Fact = { says: "counts", counts: named.filter(([, count]) => count > 0) };
  const about: readonly UnitRange[] = [[0, values.length]];
  const of = ruleOf(sheet.of, name, template.text);
  return {
    text: `  ${head}: ${printFact(fact)}`,
    statements: [{ text: printFact(fact), of, about, facts: [fact] }],
  };
}

function counted(count: number): Fact {
  return { says: "count", count };
}

/** What holds in the rows left out and says more than what holds in all: one value, fewer values, a narrower range. */
function* describeLeft(
  { name, values, isIdentifier, isMixed, measured, counts }: Column,
  all: readonly Fact[],
  left: readonly UnitRange[],
): Steps<Fact | undefined> {
  if (counts.size < 2 || isIdentifier || isMixed) return undefined;
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
