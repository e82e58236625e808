/** Law 9 beside the compressors: what a view says is true, and a liar who changes a number, a fact or a range is caught. */
import { expect } from "vitest";
import { falseSentence } from "../src/forms/check.ts";
import { finish } from "../src/steps.ts";
import type { Answer, Compressor, ShortenContext, Steps, View } from "../src/types/compressor.ts";
import type { Fact, OriginalUnits, Statement } from "../src/types/statement.ts";
import { printFact } from "../src/view/fact.ts";

/** The view of a text; every sentence of it is true, and no changed one is. `undefined` where the compressor makes none. */
export function expectTruth(
  compressor: Compressor,
  text: string,
  context: ShortenContext,
): View | undefined {
  const view = now(compressor.shorten?.(text, context));
  if (view === undefined) return undefined;
  expectTrueView(view, now(compressor.original?.(text)), text, context.firstLine ?? 1);
  return view;
}

/** Every sentence of a view is true, and no changed one is. */
export function expectTrueView(
  view: View,
  original: OriginalUnits | undefined,
  text: string,
  firstLine: number,
): void {
  expect(view.statements, "a view says what it leaves out").toBeDefined();
  const check = (said: View): string | undefined =>
    finish(falseSentence(text, said, original, firstLine));
  expect(check(view)).toBeUndefined();
  for (const lie of liesOf(view, original, text, firstLine))
    expect(check(lie.view), `${lie.why}: ${lie.text}`).toBeDefined();
}

interface Lie {
  readonly why: string;
  readonly text: string;
  readonly view: View;
}

/** Views in which one sentence is changed so that it is false. */
function* liesOf(
  view: View,
  original: OriginalUnits | undefined,
  text: string,
  firstLine: number,
): Generator<Lie> {
  const statements = view.statements ?? [];
  // Some of the sentences, spread over the view: each lie is checked with the whole view.
  const step = Math.max(1, Math.ceil(statements.length / MAX_SENTENCES));
  let at = 0;
  for (const [index, statement] of statements.entries()) {
    const place = view.text.indexOf(statement.text, at);
    if (place < 0) continue;
    at = place;
    if (index % step !== 0) continue;
    const tell = (why: string, said: string, changed: Partial<Statement>): Lie => ({
      why,
      text: said,
      view: {
        ...view,
        text: `${view.text.slice(0, place)}${said}${view.text.slice(place + statement.text.length)}`,
        statements: statements.map((each, other) =>
          other === index ? { ...each, text: said, ...changed } : each,
        ),
      },
    });
    const { about, facts, of, field } = statement;
    const total =
      of === "" && field === undefined
        ? text.split("\n").length
        : (original?.values(of, field)?.length ?? 0);
    const size = about.reduce((sum, [from, to]) => sum + to - from, 0);
    const known = new Set([size, total, total - 1]);
    for (const [from, to] of about)
      for (const base of [0, firstLine]) known.add(from + base).add(to - 1 + base);
    const [number] = statement.text.match(/\d+/) ?? [];
    if (number !== undefined && !known.has(Number(number) + 1)) {
      const more = statement.text.replace(number, `${Number(number) + 1}`);
      if (!facts.some((fact) => more.includes(printFact(fact)) && printFact(fact).includes(number)))
        yield tell("a number is one more", more, {});
    }
    for (const [nth, fact] of facts.entries()) {
      const wrong = falsified(fact);
      if (wrong === undefined) continue;
      const said = statement.text.replace(printFact(fact), printFact(wrong));
      yield tell("a fact is another", said, {
        facts: facts.map((each, other) => (other === nth ? wrong : each)),
      });
    }
    yield tell("there is no such sequence", statement.text, { of: "nothing of the kind" });
    yield tell("it is about more than there is", statement.text, { about: [[0, total + 9]] });
  }
}

const MAX_SENTENCES = 12;

function falsified(fact: Fact): Fact | undefined {
  switch (fact.says) {
    case "counts": {
      const [[value, count] = ["", 0], ...rest] = fact.counts;
      return { ...fact, counts: [[value, count + 1], ...rest] };
    }
    case "all":
      return { says: "all", value: `${fact.value}?` };
    case "list":
      return { ...fact, values: [...fact.values.slice(0, -1), `${fact.values.at(-1)}7`] };
    case "range":
      return { ...fact, most: `${fact.most}7` };
    case "sum":
      return { says: "sum", sum: fact.sum.replace(/^\d/, "9$&") };
    case "like":
      return { says: "like", pattern: `${fact.pattern.replace(/…$/, "")}?!` };
    case "distinct":
    case "count":
      return { ...fact, count: fact.count + 1 };
    case "none":
      return undefined;
    default:
      return undefined;
  }
}

function now<Value>(answer: Answer<Value>): Value {
  if (answer instanceof Promise) throw new Error("This compressor is asynchronous.");
  const isSteps = typeof answer === "object" && answer !== null && "next" in answer;
  return isSteps ? finish(answer as Steps<Value>) : (answer as Value);
}
