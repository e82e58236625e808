/** Law 9 for JSON: what a view says about what it leaves out is so, and a sentence that is not so is found. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  pick,
  type Random,
  randomOf,
  times,
  whole,
  word,
} from "../../../../test/generated/random.ts";
import { frames, generatedJson } from "../../../../test/generated-json.ts";
import { falseSentence } from "../../../forms/check.ts";
import { finish } from "../../../steps.ts";
import type { Steps, View } from "../../../types/compressor.ts";
import type { Fact, OriginalUnits, Statement } from "../../../types/statement.ts";
import { printFact } from "../../../view/fact.ts";
import { jsonCompressor } from "../json.ts";

const RUNS = Number(process.env.HEADROOM_LAW_RUNS ?? 80);
const TIMEOUT_MS = 60_000 + RUNS * 150;
const counter = { name: "thirds", count: (text: string): number => Math.ceil(text.length / 3) };
const compressor = jsonCompressor();

type Cell = (row: number, random: Random) => unknown;

/** Values that measure something, repeat, are long, nest, or look like notation. */
const CELLS: readonly Cell[] = [
  (row) => row,
  (row) => 1_000 - 3 * row,
  (_, random) => whole(4_000, random) / 8,
  (_, random) => `${whole(4_000, random)}${pick(["K", "M", "G", ""], random)}`,
  (_, random) => `${whole(90, random)}${pick(["ms", "s", "m", ""], random)}`,
  (_, random) => `${whole(30, random)}.${whole(9, random)}.${whole(9, random)}`,
  (row) => `2026-0${1 + (row % 9)}-1${row % 7}T0${row % 10}:30:00Z`,
  (_, random) => pick(["ok", "ok", "ok", "ok", "failed", "", null, "null", 0], random),
  (_, random) => pick(["INFO", "WARN", "ERROR: disk full"], random),
  (row, random) => `${word(random)}-${word(random)}-${row}`,
  (_, random) => times(3, () => word(random)).join("/"),
  (_, random) => times(4, () => whole(2 ** 32, random).toString(16)).join(""),
  (row, random) => `https://example.com/${word(random)}/${row}`,
  (_, random) => times(12 + whole(60, random), () => word(random)).join(" "),
  (_, random) => `${word(random)} "quoted", ×2 … \\ \n next é 🙂`,
  (_, random) => times(whole(4, random), () => pick(["bug", "urgent", "7", "docs"], random)),
  (_, random) =>
    times(whole(3, random), (at) => ({ id: at, name: word(random), ok: random() < 0.5 })),
  (_, random) => ({
    login: word(random),
    admin: random() < 0.1,
    plan: { name: pick(["a", "b"], random) },
  }),
  (_, random) => times(20, () => random()),
  (_, random) => (random() < 0.5 ? [] : {}),
  (_, random) => (random() < 0.3 ? { deep: 1 } : whole(5, random)),
  () => "always the same",
];
const KEYS =
  "id name size took version at state level path hash url note tags items user vector x.y a[] a.b 9 sha256".split(
    " ",
  );

function rowsOf(random: Random): unknown[] {
  const columns = times(
    1 + whole(9, random),
    () => [pick(KEYS, random), pick(CELLS, random)] as const,
  );
  const optional = new Set(columns.filter(() => random() < 0.15));
  return [
    ...times(9 + whole(150, random), (row) =>
      Object.fromEntries(
        columns
          .filter((column) => !optional.has(column) || random() < 0.8)
          .map(([key, make]) => [key, make(row, random)]),
      ),
    ),
  ];
}

/** Rows alone, in an answer, in a map, in rows, in strings, as lines, torn and cut. */
function documentOf(seed: number): string {
  const random = randomOf(seed);
  if (seed % 4 === 0) return generatedJson(seed, pick(frames, random), 20 + whole(80, random)).text;
  const rows = rowsOf(random);
  const text = JSON.stringify(rows);
  switch (whole(9, random)) {
    case 0:
      return JSON.stringify({ total: rows.length, items: rows, more: { list: rowsOf(random) } });
    case 1:
      return JSON.stringify(
        Object.fromEntries(rows.map((row, at) => [`${word(random)}/${at}`, row])),
      );
    case 2:
      return JSON.stringify({ content: [{ type: "text", text }], isError: false });
    case 3:
      return rows.map((row) => JSON.stringify(row)).join("\n");
    case 4: {
      const lines = rows.map((row) => JSON.stringify(row));
      lines[lines.length >> 1] = `${lines[0] ?? ""}`.slice(0, 7);
      return `${lines.join("\n")}\n`;
    }
    case 5:
      return `${text.slice(0, Math.floor(0.8 * text.length))}\n[… cut off]`;
    case 6:
      return JSON.stringify(
        times(12, (at) => ({ name: `${word(random)} ${at}`, rows: rowsOf(random).slice(0, 20) })),
      );
    case 7:
      return JSON.stringify(
        times(40 + whole(200, random), (row) => pick(CELLS, random)(row, random)),
      );
    default:
      return `Found ${rows.length}:\n${JSON.stringify(rows, null, 1)}`;
  }
}

const inputs = fc.record({
  seed: fc.nat(1e6),
  budgetTokens: fc.constantFrom(1, 60, 300, 900, 3_000),
  query: fc.constantFrom(
    undefined,
    "which one failed?",
    "what is the largest size, and which tags has item-7?",
  ),
});

interface Made {
  readonly text: string;
  readonly view: View;
  readonly original: OriginalUnits;
}

function viewOf({
  seed,
  query,
  budgetTokens,
}: {
  seed: number;
  query: string | undefined;
  budgetTokens: number;
}): Made | undefined {
  const text = documentOf(seed);
  const asked = { budgetTokens, counter, ...(query === undefined ? {} : { query }) };
  const view = finish(compressor.shorten?.(text, asked) as Steps<View | undefined>);
  const original = finish(compressor.original?.(text) as Steps<OriginalUnits>);
  return view && { text, view, original };
}

const untrue = ({ text, original }: Made, view: View): string | undefined =>
  finish(falseSentence(text, view, original, 1));

/** The view with another sentence in the place of one. */
function told(view: View, at: number, lie: Statement): View {
  const truth = view.statements?.[at]?.text ?? "";
  return {
    ...view,
    text: view.text.replaceAll(truth, () => lie.text),
    statements: view.statements?.with(at, lie) ?? [],
  };
}

function lieAbout(fact: Fact): Fact | undefined {
  switch (fact.says) {
    case "count":
    case "distinct":
    case "absent":
      return { ...fact, count: fact.count + 1 };
    case "all":
      return { ...fact, value: `${fact.value}!` };
    case "counts":
      return { ...fact, counts: fact.counts.map(([value, count]) => [value, count + 1]) };
    case "patterns":
      return { ...fact, patterns: fact.patterns.map(([value, count]) => [value, count + 1]) };
    case "range":
      return { ...fact, most: `${fact.most}!` };
    case "sum":
      return {
        ...fact,
        sum: fact.sum.replace(/\d(?=\D*$)/, (digit) => `${(Number(digit) + 5) % 10}`),
      };
    case "median":
      return { ...fact, median: `${fact.median}!` };
    case "sorted":
      return { ...fact, order: fact.order === "ascending" ? "descending" : "ascending" };
    case "like":
      return { ...fact, pattern: `${fact.pattern.replace(/…$/, "")}!?` };
    case "list":
      return { ...fact, values: fact.values.toSpliced(0, 1) };
    case "same":
      return { ...fact, value: `${fact.value}!` };
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
      if (other !== size && other >= 0 && !about.flat().some((end) => Math.abs(end - other) <= 1))
        yield {
          ...rest,
          about,
          facts,
          text: text.slice(0, index) + other + text.slice(index + number.length),
        };
  for (const [at, fact] of facts.entries()) {
    const lie = lieAbout(fact);
    if (lie === undefined) continue;
    yield {
      ...rest,
      about,
      facts: facts.with(at, lie),
      text: text.replace(printFact(fact), () => printFact(lie)),
    };
    if (fact.says !== "same") yield { ...rest, about, facts: facts.with(at, lie), text };
  }
  yield { ...rest, about: [[0, 1e6]], facts, text };
  yield { ...rest, of: "nothing.of[the].kind", about, facts, text };
}

describe("law 9: views of JSON are true", () => {
  it(
    "whatever the document, the room and the question",
    () => {
      let made = 0;
      fc.assert(
        fc.property(inputs, (input) => {
          const view = viewOf(input);
          if (view === undefined) return;
          made++;
          expect(untrue(view, view.view)).toBeUndefined();
        }),
        { numRuns: RUNS },
      );
      expect(made).toBeGreaterThan(RUNS / 3);
    },
    TIMEOUT_MS,
  );

  it("of a field with the name of the string that the rows stand in", () => {
    const made = viewOf({
      seed: 319_848,
      budgetTokens: 900,
      query: "what is the largest size, and which tags has item-7?",
    });
    if (made === undefined) throw new Error("no view");
    expect(made.view.text).toMatch(/… in content\[0\]\.text: .*text/);
    expect(untrue(made, made.view)).toBeUndefined();
  });

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
            expect(untrue(made, told(made.view, at, lie)), lie.text).toBeDefined();
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );
});
