/** Law 9 for tables: what a view says about what it leaves out is so, and a sentence that is not so is found. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pick, randomOf, times, whole, word } from "../../../../test/generated/random.ts";
import { table } from "../../../../test/generated/table.ts";
import { falseSentence } from "../../../forms/check.ts";
import { finish } from "../../../steps.ts";
import type { Steps, View } from "../../../types/compressor.ts";
import type { Fact, OriginalUnits, Statement } from "../../../types/statement.ts";
import { printFact } from "../../../view/fact.ts";
import { tableCompressor } from "../table.ts";

const RUNS = Number(process.env.HEADROOM_LAW_RUNS ?? 80);
const TIMEOUT_MS = 60_000 + RUNS * 100;
const counter = { name: "thirds", count: (text: string): number => Math.ceil(text.length / 3) };
const compressor = tableCompressor();

/** Tables with values that measure something, that repeat, that are long, with text between them. */
function report(seed: number): string {
  const random = randomOf(seed);
  if (seed % 2 === 0) return times(1 + whole(3, random), () => table(random)).join("\n");
  const makes: readonly ((row: number) => string)[] = [
    (row) => `${word(random)}-${row}`,
    () => `${whole(4_000, random)}${pick(["K", "M", "G", ""], random)}`,
    () => `${whole(90, random)}${pick(["ms", "s", "m"], random)}`,
    () => pick(["ok", "ok", "ok", "ok", "failed", "-", ""], random),
    () => times(4, () => whole(9, random)).join("."),
    (row) => `2026-0${1 + (row % 9)}-1${whole(9, random)}`,
    () => times(3 + whole(9, random), () => word(random)).join(" "),
    () => times(5, () => whole(1e9, random).toString(36)).join(""),
    (row) => `${1_000 + row}`,
    () => `$${whole(900, random)}.${10 + whole(89, random)}`,
    () => `${word(random)} "quoted", ×2 …`,
    () => "…",
  ];
  const columns = times(2 + whole(6, random), () => pick(makes, random));
  const names: string[] = columns.map((_, at) =>
    pick([`c${at}`, `${word(random)} ${at}`, `id${at}`], random),
  );
  const made = times(6 + whole(120, random), (row) => columns.map((make) => make(row)));
  const byFirst = made.toSorted((a, b) => ((a[0] ?? "") < (b[0] ?? "") ? -1 : 1));
  const sorted = random() < 0.2 ? byFirst : made;
  // A column that follows from another one, but for a few rows.
  const isDerived = random() < 0.4;
  const start = pick(["", "/srv/", "as {c0} "], random);
  const follow = (row: readonly string[]): readonly string[] =>
    isDerived ? [...row, random() < 0.03 ? "x" : `${start}${row[whole(1, random)]}`] : row;
  const rows = sorted.map(follow);
  if (isDerived) names.push("derived");
  const quote = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
  const lines = [names, ...rows].map((row) => row.map(quote).join(","));
  return `${lines.join("\n")}\n`;
}

const inputs = fc.record({
  seed: fc.nat(1e6),
  budgetTokens: fc.constantFrom(0, 60, 300, 900, 3_000),
  firstLine: fc.constantFrom(1, 1, 40),
  query: fc.constantFrom(undefined, "which one failed?", "what is the largest of c1 and item-7?"),
});

interface Made {
  readonly text: string;
  readonly view: View;
  readonly firstLine: number;
  readonly original: OriginalUnits;
}

function viewOf({
  seed,
  query,
  ...context
}: Parameters<Parameters<typeof inputs.map>[0]>[0]): Made | undefined {
  const text = report(seed);
  const asked = { ...context, counter, ...(query === undefined ? {} : { query }) };
  const view = finish(compressor.shorten?.(text, asked) as Steps<View | undefined>);
  const original = finish(compressor.original?.(text) as Steps<OriginalUnits>);
  return view && { text, view, firstLine: context.firstLine, original };
}

const isTrue = ({ text, original, firstLine }: Made, view: View): string | undefined =>
  finish(falseSentence(text, view, original, firstLine));

/** The view with another sentence in the place of one. */
function told(view: View, at: number, lie: Statement): View {
  const truth = view.statements?.[at]?.text ?? "";
  // Sentences come in the order of the view.
  let from = 0;
  for (const { text } of view.statements?.slice(0, at) ?? [])
    from = Math.max(from, view.text.indexOf(text, from) + text.length);
  const place = view.text.indexOf(truth, from);
  return {
    ...view,
    text: view.text.slice(0, place) + lie.text + view.text.slice(place + truth.length),
    statements: view.statements?.with(at, lie) ?? [],
  };
}

function lieAbout(fact: Fact): Fact | undefined {
  switch (fact.says) {
    case "count":
    case "distinct":
      return { ...fact, count: fact.count + 1 };
    case "all":
      return { ...fact, value: `${fact.value}!` };
    case "counts":
      return { ...fact, counts: fact.counts.map(([value, count]) => [value, count + 1]) };
    case "range":
      return { ...fact, most: `${fact.most}!` };
    case "sum":
      return {
        ...fact,
        sum: fact.sum.replace(/\d(?=\D*$)/, (digit) => `${(Number(digit) + 5) % 10}`),
      };
    case "list":
      return { ...fact, values: fact.values.toSpliced(0, 1) };
    default:
      return undefined;
  }
}

/** Sentences that say something else, each of which is false. */
function* lies({ text, about, facts, ...rest }: Statement): Generator<Statement> {
  const size = about.reduce((sum, [from, to]) => sum + to - from, 0);
  // One more or less of each number. What is as many as the units spoken of could be their count.
  for (const { 0: number, index } of text.matchAll(/(?<!\d)\d{1,9}(?!\d)/g))
    for (const other of [Number(number) + 1, Number(number) - 1])
      if (other !== size && other >= 0)
        yield {
          ...rest,
          about,
          facts,
          text: text.slice(0, index) + other + text.slice(index + number.length),
        };
  for (const [at, fact] of facts.entries()) {
    const lie = lieAbout(fact);
    if (lie === undefined) continue;
    const said = text.replace(printFact(fact), () => printFact(lie));
    yield { ...rest, about, facts: facts.with(at, lie), text: said };
    yield { ...rest, about, facts: facts.with(at, lie), text };
  }
}

describe("law 9: views of tables are true", () => {
  it(
    "whatever the table, the room and the question",
    () => {
      let made = 0;
      fc.assert(
        fc.property(inputs, (input) => {
          const view = viewOf(input);
          if (view === undefined) return;
          made++;
          expect(isTrue(view, view.view)).toBeUndefined();
        }),
        { numRuns: RUNS },
      );
      expect(made).toBeGreaterThan(RUNS / 2);
    },
    TIMEOUT_MS,
  );

  it(
    "and a liar is caught",
    () => {
      fc.assert(
        fc.property(inputs, fc.nat(), (input, turn) => {
          const made = viewOf(input);
          const statements = made?.view.statements ?? [];
          if (made === undefined || statements.length === 0) return;
          const at = turn % statements.length;
          for (const lie of lies(statements[at] as Statement))
            expect(isTrue(made, told(made.view, at, lie)), lie.text).toBeDefined();
          const silent = { ...made.view, statements: statements.toSpliced(at, 1) };
          if (/^…/m.test(statements[at]?.text ?? "")) expect(isTrue(made, silent)).toBeDefined();
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );
});
