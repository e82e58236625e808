/** Law 9 for logs: what a view says about lines it does not show is true, and a view that lies is found out. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lawRuns, lawTimeoutMs } from "../../../../../test/laws/law.ts";
import { viewWith } from "../../../test/compress-with.ts";
import { falseSentence } from "../../forms/check.ts";
import { finish } from "../../steps.ts";
import { splitLines } from "../../text/lines.ts";
import type { View } from "../../types/compressor.ts";
import type { Fact, LineShape, Statement } from "../../types/statement.ts";
import { printFact } from "../../view/fact.ts";
import { logCompressor } from "./log.ts";
import { originalLog } from "./original.ts";

const log = logCompressor();
const counter = { name: "rough", count: (text: string): number => Math.ceil(text.length / 3) };
const numRuns = lawRuns;

/** Kinds of lines that tools print; the same kind has values of many makes. */
const line = fc.oneof(
  fc.nat(999).map((n) => `INFO request ${n} of user ${n % 7} done in ${n * 3}ms`),
  fc.nat(99).map((n) => `2026-05-01T10:00:${n % 60}.${n}Z WARN queue q${n % 4} is ${n}% full`),
  fc
    .nat(99)
    .map((n) => `\u001b[31mERROR\u001b[0m shard ${n} lost trace=${(n * 7919).toString(16)}`),
  fc.nat(20).map((n) => `  ${n}:${n * 2}  warning  Unexpected any  no-explicit-${"abc"[n % 3]}`),
  fc
    .nat(30)
    .map((n) => `10.0.0.${n} - - "GET /cart/${n} HTTP/1.1" ${n % 5 === 0 ? 503 : 200} ${n * 9}`),
  fc.nat(9).map((n) => `fetch ${n} %\rfetch failed: ${n}\rfetch ${n * 2} %`),
  fc.nat(9).map((n) => `=== host-${n} ===`),
  fc.nat(9).map((n) => `    at run${n} (/app/src/f${n}.js:${n}:1)`),
  fc.nat(30).map((n) => Array.from({ length: n * 20 }, (_, at) => `test_${at}`).join(", ")),
  fc.constantFrom("", " ", "…", "… 3 lines (1-3)", "*", "* * *", "{}", "a\t b  c", "x … y", "}"),
  fc.string({ unit: "binary", maxLength: 30 }).map((text) => text.replaceAll("\n", "")),
);
const runs = fc
  .array(fc.tuple(line, fc.integer({ min: 1, max: 12 })), { minLength: 8, maxLength: 60 })
  .map((parts) => parts.flatMap(([text, times]) => Array<string>(times).fill(text)));
const text = fc
  .tuple(
    fc.oneof(runs, fc.array(line, { minLength: 20, maxLength: 150 })),
    fc.constantFrom("\n", "\r\n"),
    fc.constantFrom(
      "",
      "build\tRun tests\t2026-05-01T10:00:00.1234567Z ",
      "2026-05-01T10:00:00.1234567Z ",
    ),
  )
  .map(([lines, end, stamp]) => lines.map((one) => stamp + one).join(end));

function viewOf(original: string, budgetTokens: number): View | undefined {
  return viewWith(log, original, { counter, budgetTokens });
}

function lieOf(original: string, view: View): string | undefined {
  return finish(falseSentence(original, view, finish(originalLog(original)), 1));
}

/** The shape with another text in it, or with other facts about its values. */
function otherShapes(shape: LineShape): readonly LineShape[] {
  const { texts, slots } = shape;
  const spoilt = slots.flatMap((slot, at) =>
    slot === undefined ? [] : lies(slot).map((lie) => ({ ...shape, slots: slots.with(at, lie) })),
  );
  return [{ ...shape, texts: texts.with(0, `${texts[0]}~no line has this~`) }, ...spoilt];
}

/** Facts like one that is true, which are not. */
function lies(fact: Fact): readonly Fact[] {
  switch (fact.says) {
    case "count":
      return [{ ...fact, count: fact.count + 1 }];
    case "counts": {
      const [[value = "", count = 0] = [], ...rest] = fact.counts;
      return [
        { ...fact, counts: [[value, count + 1], ...rest] },
        { ...fact, counts: [[`${value}~`, count], ...rest] },
        { ...fact, counts: rest },
        { ...fact, others: (fact.others ?? 0) + 1 },
      ];
    }
    case "range":
      return [
        { ...fact, least: `${fact.least}9` },
        { ...fact, most: fact.least },
      ];
    case "list":
      return [
        { ...fact, values: fact.values.slice(1) },
        { ...fact, values: fact.values.map((value) => `${value}~`) },
      ];
    case "none":
      return [{ says: "with", text: fact.text, count: 1 }];
    case "with":
      return [
        { ...fact, count: fact.count + 1 },
        { says: "none", text: fact.text },
      ];
    case "shapes":
      return [
        ...fact.shapes.flatMap(([shape, count], at): Fact[] => [
          { ...fact, shapes: fact.shapes.with(at, [shape, count + 1]) },
          ...otherShapes(shape).map(
            (other): Fact => ({
              ...fact,
              shapes: fact.shapes.with(at, [other, count]),
            }),
          ),
        ]),
        { ...fact, others: (fact.others ?? 0) + 1 },
        { ...fact, blank: (fact.blank ?? 0) + 1 },
      ];
    default:
      return [];
  }
}

/** The view with one statement replaced, in its text as well. */
function lying(view: View, at: number, lie: Statement): View {
  const { statements = [] } = view;
  const old = statements[at]?.text ?? "";
  return {
    ...view,
    text: view.text.replace(old, () => lie.text),
    statements: statements.with(at, lie),
  };
}

/** The statement with another fact, said as it would be. */
function withLie(statement: Statement, fact: Fact, lie: Fact): Statement {
  return {
    ...statement,
    text: statement.text.replace(printFact(fact), () => printFact(lie)),
    facts: statement.facts.map((one) => (one === fact ? lie : one)),
  };
}

describe("a view of a log", () => {
  it("says nothing that is not true", { timeout: lawTimeoutMs }, () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 60, max: 900 }), (original, budget) => {
        const view = viewOf(original, budget);
        if (view) expect(lieOf(original, view)).toBeUndefined();
      }),
      { numRuns },
    );
  });

  it("says of every line that it does not show that it is left out", {
    timeout: lawTimeoutMs,
  }, () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 60, max: 900 }), (original, budget) => {
        const view = viewOf(original, budget);
        const { statements = [], omitted = [] } = view ?? {};
        const gaps = statements.filter(({ text }) => /^… \d+ .*lines? |^… \d+ blank/.test(text));
        const own = gaps.filter(
          ({ text }) => /\(\d+(?:-\d+)?\)/.test(text) && !/more error|by shape/.test(text),
        );
        const hidden = own
          .flatMap(({ about }) => about)
          .reduce((sum, [from, to]) => sum + to - from, 0);
        const lines = omitted.find(({ unit }) => unit === "lines");
        expect(hidden).toBe(lines?.count ?? 0);
        if (lines) expect(lines.total).toBe(splitLines(original).text.length);
        // What is said of the lines left out is said of all of them.
        const words = statements.find(({ text }) => text.startsWith("… lines left out:"));
        if (words) expect(words.about).toEqual(own.flatMap(({ about }) => about));
      }),
      { numRuns },
    );
  });

  it("that lies is found out, whatever the lie is about", { timeout: lawTimeoutMs }, () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 60, max: 900 }), fc.nat(), (original, budget, seed) => {
        const view = viewOf(original, budget);
        const { statements = [] } = view ?? {};
        if (view === undefined || statements.length === 0) return;
        const at = seed % statements.length;
        const statement = statements[at] as Statement;
        for (const fact of statement.facts)
          for (const lie of lies(fact))
            expect(
              lieOf(original, lying(view, at, withLie(statement, fact, lie))),
              JSON.stringify(lie),
            ).toBeDefined();
        // What is said of all lines left out is true of others, too.
        if (/\(\d|characters|items/.test(statement.text)) {
          const [[from = 0, to = 0] = [], ...others] = statement.about;
          for (const range of [
            [from, to + 1],
            [from + 1, to + 1],
          ] as const) {
            const moved = { ...statement, about: [range, ...others] };
            if (range[0] === from || statement.text.includes("("))
              expect(lieOf(original, lying(view, at, moved)), statement.text).toBeDefined();
          }
        }
        const counted = statement.text.replace(/^… (\d+)/, (_, count) => `… ${Number(count) + 1}`);
        if (counted !== statement.text)
          expect(
            lieOf(original, lying(view, at, { ...statement, text: counted })),
            counted,
          ).toBeDefined();
      }),
      { numRuns },
    );
  });
});
