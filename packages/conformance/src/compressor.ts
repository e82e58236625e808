/**
 * Laws every `Compressor` keeps, whatever its kind.
 *
 * Work is counted, never timed: how much a compressor hands to the token counter has to grow in proportion to the text.
 * What it does without counting is the benchmarks' business, and so is whether a shorter form is short enough.
 */
import type { Answer, Compressor, ShortenContext, Steps, TokenCounter, View } from "@headroom/core";
import { isSteps, settle } from "@headroom/core/kit";
import fc from "fast-check";
import { check, equal, LawError, same, show } from "./assert.ts";
import { type ConformanceCase, type Skips, withoutSkipped } from "./case.ts";
import { deepFreeze, snapshot } from "./object.ts";
import { anyText, hostileTexts, isWellFormed, variantsOf } from "./text.ts";

/** A real text of the compressor's kind, best under 50 kB. */
export interface CompressorSample {
  readonly text: string;
  /** Strings any form has to show, at any budget: the error, the total, the summary line. */
  readonly keeps?: readonly string[];
}

export interface CompressorSubject {
  create(): Compressor;
  /** Real texts of this kind, small and large, plain and odd. */
  samples: readonly (string | CompressorSample)[];
  /** A text of this kind with about `size` rows or lines. @default the samples, repeated */
  sized?(size: number): string;
  /** @default an estimate that needs no vocabulary */
  counter?: TokenCounter;
  /** An independent judge of whether a decoded text is the original. @default the compressor's own `same` */
  oracle?(original: string, decoded: string): boolean;
  /** fast-check runs per generated law. @default 100 */
  runs?: number;
  skips?: Skips;
}

const QUERIES = [
  "",
  "why did it fail?",
  "(((.*",
  "\ud800",
  "ERROR 42 __proto__ constructor",
  "word ".repeat(2_000),
];
const BUDGETS = [0, 1, 120, 1e9];

export function compressorCases(subject: CompressorSubject): readonly ConformanceCase[] {
  const { runs: numRuns = 100, counter = estimate } = subject;
  const samples = subject.samples.map(
    (sample): CompressorSample => (typeof sample === "string" ? { text: sample } : sample),
  );
  const texts = samples.map(({ text }) => text);
  const contexts: readonly ShortenContext[] = [
    { budgetTokens: 120, counter },
    { budgetTokens: 0, counter, query: "why did it fail?" },
  ];

  /** Holds a law against samples, hostile texts, and generated variants of both. */
  async function everywhere(
    law: (text: string, offer: Offer, compressor: Compressor) => void,
  ): Promise<void> {
    const compressor = subject.create();
    const one = async (text: string): Promise<void> => {
      for (const offer of await offersOf(compressor, text, contexts)) law(text, offer, compressor);
    };
    for (const text of [...texts, ...hostileTexts]) await one(text);
    await fc.assert(fc.asyncProperty(fc.oneof(variantsOf(texts), anyText()), one), { numRuns });
  }

  const prototypes = prototypeKeys();

  const cases: ConformanceCase[] = [
    {
      name: "its name is kebab-case and does not change",
      async run() {
        const { name } = subject.create();
        check(isKebab(name), "name", "lower-case letters, digits and single hyphens", name);
        same(subject.create().name, name, "name of another instance");
      },
    },
    {
      name: "detect claims its own samples",
      async run() {
        for (const text of texts) {
          const score = subject.create().detect(text);
          check(score > 0, `detect of ${show(text)}`, "more than 0", score);
        }
      },
    },
    {
      name: "detect answers from 0 to 1 and never throws, whatever the text",
      async run() {
        const compressor = subject.create();
        const one = (text: string): void => {
          const score = compressor.detect(text);
          check(score >= 0 && score <= 1, `detect of ${show(text)}`, "a number from 0 to 1", score);
        };
        for (const text of [...texts, ...hostileTexts]) one(text);
        fc.assert(fc.property(fc.oneof(variantsOf(texts), anyText()), one), { numRuns });
      },
    },
    {
      name: "encode and shorten never throw, whatever the text",
      async run() {
        const compressor = subject.create();
        const one = async (text: string): Promise<void> => {
          await total(() => settle(compressor.encode(text, { counter })), text);
          for (const context of contexts)
            await total(() => settle(compressor.shorten?.(text, context)), text);
          const least =
            (await total(() => settle(compressor.leastTokens?.(text, { counter })), text)) ?? 0;
          check(least >= 0, `least tokens of ${show(text)}`, "0 or more", least);
        };
        for (const text of [...texts, ...hostileTexts]) await one(text);
        await fc.assert(fc.asyncProperty(fc.oneof(variantsOf(texts), anyText()), one), { numRuns });
      },
    },
    {
      name: "any budget and any query will do",
      async run() {
        const compressor = subject.create();
        for (const text of texts) {
          for (const budgetTokens of BUDGETS) {
            for (const query of QUERIES) {
              const context = { budgetTokens, counter, query };
              await total(() => settle(compressor.shorten?.(text, context)), text);
            }
          }
        }
      },
    },
    {
      name: "decode never throws, whatever the text",
      async run() {
        const compressor = subject.create();
        const own = (await inTurn(texts, (text) => encodings(compressor, text, counter))).flat();
        const one = async (text: string): Promise<void> => {
          const decoded = await total(() => compressor.decode(text), text);
          check(
            decoded === undefined || typeof decoded === "string",
            `decode of ${show(text)}`,
            "a string or undefined",
            decoded,
          );
        };
        for (const text of [...texts, ...hostileTexts]) await one(text);
        const broken = own.length > 0 ? variantsOf(own) : anyText();
        await fc.assert(fc.asyncProperty(fc.oneof(broken, anyText()), one), { numRuns });
      },
    },
    {
      name: "it offers a lossless form or a view of some sample",
      async run() {
        const offers = await inTurn(texts, (text) => offersOf(subject.create(), text, contexts));
        check(offers.flat().length > 0, "forms of all samples", "at least one", 0);
      },
    },
    {
      name: "same text and context, same result, in any order and across instances",
      async run() {
        const [one, other] = [subject.create(), subject.create()];
        const first = await inTurn(texts, (text) => offersOf(one, text, contexts));
        const second = (
          await inTurn(texts.toReversed(), (text) => offersOf(other, text, contexts))
        ).reverse();
        equal(second, first, "results of another instance, asked in another order");
        equal(
          await inTurn(texts, (text) => offersOf(one, text, contexts)),
          first,
          "results asked for again",
        );
      },
    },
    {
      name: "a lossless form decodes to the original",
      run: () =>
        everywhere((text, offer, compressor) => {
          if (!offer.lossless || isExact(compressor, text, offer.text, subject.oracle)) return;
          const decoded = decodeOf(compressor, offer.text);
          throw new LawError(`decoded text of ${show(offer.text)}`, text, decoded);
        }),
    },
    {
      name: "prove says what decode and same say",
      async run() {
        const compressor = subject.create();
        if (!compressor.prove) return;
        const own = await inTurn(texts, (text) => encodings(compressor, text, counter));
        const forms = own.flat();
        const one = async (text: string, form: string): Promise<void> => {
          const decoded = decodeOf(compressor, form);
          const expected = decoded !== undefined && isSame(compressor, text, decoded);
          const said = await total(() => settle(compressor.prove?.(text, form)), form);
          same(said, expected, `prove of ${show(text)} and ${show(form)}`);
        };
        for (const text of texts) for (const form of [...forms, text]) await one(text, form);
        for (const text of hostileTexts) await one(text, text);
        if (forms.length === 0) return;
        const pair = fc.tuple(fc.constantFrom(...texts), variantsOf(forms));
        await fc.assert(
          fc.asyncProperty(pair, (both) => one(...both)),
          { numRuns },
        );
      },
    },
    {
      name: "work in steps gives the same, whatever is worked on between its steps",
      async run() {
        const compressor = subject.create();
        const work = async (text: string): Promise<Steps<unknown>[]> => {
          const answers = await Promise.all<Answer<unknown>>([
            compressor.encode(text, { counter }),
            ...contexts.map((context) => compressor.shorten?.(text, context)),
            compressor.leastTokens?.(text, { counter }),
          ]);
          return answers.filter(isSteps);
        };
        const all = async (): Promise<Steps<unknown>[]> =>
          (await Promise.all(texts.map(work))).flat();
        const alone = await inTurn(await all(), (steps) => settle(steps));
        const together = takingTurns(await all());
        equal(together, alone, "results of calls whose steps took turns");
      },
    },
    {
      name: "its own output is one more text: a second pass round-trips too",
      async run() {
        const compressor = subject.create();
        for (const text of texts) {
          for (const first of await offersOf(compressor, text, contexts)) {
            for (const second of await encodings(compressor, first.text, counter)) {
              const decoded = decodeOf(compressor, second);
              const fine = decoded !== undefined && isSame(compressor, first.text, decoded);
              if (!fine) throw new LawError("decoded text of a second pass", first.text, decoded);
            }
          }
        }
      },
    },
    {
      name: "the same tells a text from a part of it",
      async run() {
        const compressor = subject.create();
        for (const text of texts) {
          same(isSame(compressor, text, text), true, `same of ${show(text)} and itself`);
          for (const part of ["", text.slice(0, text.length / 2), text.slice(text.length / 2)]) {
            if (part !== text)
              same(
                isSame(compressor, text, part),
                false,
                `same of ${show(text)} and ${show(part)}`,
              );
          }
        }
      },
    },
    {
      name: "a view declares what it left out",
      run: () =>
        everywhere((text, result) => {
          if (result.lossless) return;
          check(
            result.omitted?.length > 0,
            `omissions of ${show(text)}`,
            "at least one",
            result.omitted,
          );
          for (const omission of result.omitted) {
            const { unit, count, total, what } = omission;
            const counts =
              Number.isSafeInteger(count) &&
              Number.isSafeInteger(total) &&
              count > 0 &&
              count <= total;
            check(counts, "an omission", "whole numbers, 0 < count <= total", omission);
            check(unit !== "", "unit of an omission", "a word", unit);
            check(
              what === undefined || isPlainLine(what),
              "what of an omission",
              "one line without brackets",
              what,
            );
          }
        }),
    },
    {
      name: "no omission counts more than there was",
      run: () =>
        everywhere((text, result) => {
          if (result.lossless) return;
          for (const { unit, total } of result.omitted ?? []) {
            const most =
              unit === "characters"
                ? text.length
                : unit === "lines"
                  ? text.split("\n").length
                  : undefined;
            if (most !== undefined)
              check(total <= most, `total ${unit} of ${show(text)}`, `at most ${most}`, total);
          }
        }),
    },
    {
      name: "what a sample says must be kept is kept, at any budget",
      async run() {
        const compressor = subject.create();
        for (const { text, keeps = [] } of samples) {
          for (const budgetTokens of BUDGETS) {
            const view = await viewOf(compressor, text, { budgetTokens, counter });
            if (view === undefined) continue;
            const missing = keeps.filter((fact) => !view.text.includes(fact));
            equal(missing, [], `facts missing at a budget of ${budgetTokens} tokens`);
          }
        }
      },
    },
    {
      // One form may be larger, and the pipeline's gate will not use it; all of them together may not.
      name: "its samples taken together do not come back larger",
      async run() {
        const compressor = subject.create();
        const tokens = (all: readonly string[]): number =>
          all.reduce((sum, text) => sum + counter.count(text), 0);
        const whole = await inTurn(texts, async (text) => {
          const [form = text] = await encodings(compressor, text, counter);
          return form;
        });
        const most = tokens(texts);
        check(
          tokens(whole) <= most,
          "tokens of all lossless forms",
          `at most ${most}`,
          tokens(whole),
        );
        for (const context of contexts) {
          const views = await inTurn(
            texts,
            async (text) => (await viewOf(compressor, text, context))?.text ?? text,
          );
          check(tokens(views) <= most, "tokens of all views", `at most ${most}`, tokens(views));
        }
      },
    },
    {
      name: "well-formed text stays well-formed: no character is cut in half",
      run: () =>
        everywhere((text, result) => {
          if (isWellFormed(text))
            check(
              isWellFormed(result.text),
              `form of ${show(text)}`,
              "no lone surrogate",
              result.text,
            );
        }),
    },
    {
      name: "nothing handed in or out is mutated",
      async run() {
        const compressor = subject.create();
        for (const text of texts) {
          const first = await offersOf(compressor, text, contexts);
          const before = snapshot(first);
          for (const other of texts.slice(0, 3)) await offersOf(compressor, other, contexts);
          equal(first, before, "earlier results after later calls");
          for (const context of contexts) {
            const loose = { ...context };
            await viewOf(compressor, text, loose);
            equal(loose, context, "context after the call");
            const frozen = deepFreeze({ ...context, counter: { ...counter } });
            await total(() => settle(compressor.encode(text, frozen)), text);
            await total(() => settle(compressor.shorten?.(text, frozen)), text);
          }
        }
      },
    },
    {
      name: "built-in prototypes stay as they were",
      async run() {
        const compressor = subject.create();
        for (const text of [...texts, ...hostileTexts]) {
          for (const offer of await offersOf(compressor, text, contexts))
            decodeOf(compressor, offer.text);
        }
        equal(prototypeKeys(), prototypes, "keys of Object.prototype and Array.prototype");
      },
    },
    {
      name: "what it counts grows in proportion to the text",
      async run() {
        const { sized = (size) => `${texts.join("\n")}\n`.repeat(Math.ceil(size / 1_000)) } =
          subject;
        for (const context of contexts) {
          const [small, large] = [sized(1_000), sized(4_000)];
          const before = Math.max(await workOf(subject.create(), small, context), small.length);
          const after = await workOf(subject.create(), large, context);
          const most = 1.5 * before * Math.max(4, large.length / small.length);
          check(
            after <= most,
            `characters counted for a text of ${large.length}`,
            `at most ${Math.round(most)}`,
            after,
          );
        }
      },
    },
  ];
  return withoutSkipped(cases, subject.skips);
}

/** Words, digits by threes, and every other character: near enough to compare forms with. */
const estimate: TokenCounter = {
  name: "conformance-estimate",
  count(text) {
    let tokens = 0;
    let run = 0;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      const letter = (code > 64 && code < 91) || (code > 96 && code < 123);
      const digit = code > 47 && code < 58;
      run = letter || digit ? run + 1 : 0;
      if (letter ? run % 6 === 1 : digit ? run % 3 === 1 : code !== 32) tokens++;
    }
    return tokens;
  },
};

/** Characters a compressor hands to the counter, each call counting for one more. */
async function workOf(
  compressor: Compressor,
  text: string,
  context: ShortenContext,
): Promise<number> {
  let work = 0;
  const { name, count } = context.counter;
  const counter: TokenCounter = {
    name,
    count(part) {
      work += part.length + 1;
      return count(part);
    },
  };
  await offersOf(compressor, text, [{ ...context, counter }]);
  return work;
}

/** A lossless form, or a view. */
type Offer =
  | { readonly lossless: true; readonly text: string }
  | ({ readonly lossless: false } & View);

/** Everything a compressor has to offer for a text. */
async function offersOf(
  compressor: Compressor,
  text: string,
  contexts: readonly ShortenContext[],
): Promise<readonly Offer[]> {
  const offers: Offer[] = [];
  const [context] = contexts;
  if (context)
    for (const form of await encodings(compressor, text, context.counter))
      offers.push({ lossless: true, text: form });
  for (const each of contexts) {
    const view = await viewOf(compressor, text, each);
    if (view) offers.push({ ...view, lossless: false });
  }
  return offers;
}

/** A throw is no decline: it breaks the law that asked. */
async function encodings(
  compressor: Compressor,
  text: string,
  counter: TokenCounter,
): Promise<readonly string[]> {
  const forms = await total(() => settle(compressor.encode(text, { counter })), text);
  return typeof forms === "string" ? [forms] : (forms ?? []);
}

function viewOf(
  compressor: Compressor,
  text: string,
  context: ShortenContext,
): Promise<View | undefined> {
  return total(() => settle(compressor.shorten?.(text, context)), text);
}

/** The results of work whose steps take turns. */
function takingTurns(all: readonly Steps<unknown>[]): readonly unknown[] {
  const results: unknown[] = all.map(() => undefined);
  for (let open = [...all.entries()]; open.length > 0; ) {
    open = open.filter(([index, steps]) => {
      const step = steps.next();
      if (step.done) results[index] = snapshot(step.value);
      return !step.done;
    });
  }
  return results;
}

function isExact(
  compressor: Compressor,
  text: string,
  form: string,
  oracle: CompressorSubject["oracle"],
): boolean {
  const decoded = decodeOf(compressor, form);
  if (decoded === undefined || !isSame(compressor, text, decoded)) return false;
  return oracle?.(text, decoded) ?? true;
}

function isSame(compressor: Compressor, original: string, decoded: string): boolean {
  return compressor.same?.(original, decoded) ?? original === decoded;
}

function decodeOf(compressor: Compressor, text: string): string | undefined {
  try {
    return compressor.decode(text);
  } catch (error) {
    throw new LawError(`decoded text of ${show(text)}`, "no throw", error);
  }
}

async function total<Value>(run: () => Promise<Value> | Value, text: string): Promise<Value> {
  try {
    return await run();
  } catch (error) {
    throw new LawError(`answer for ${show(text)}`, "no throw", error);
  }
}

async function inTurn<In, Out>(
  values: readonly In[],
  run: (value: In) => Promise<Out>,
): Promise<Out[]> {
  const results: Out[] = [];
  for (const value of values) results.push(snapshot(await run(value)));
  return results;
}

function isKebab(name: string): boolean {
  return name !== "" && name.split("-").every((word) => word !== "" && /^[a-z0-9]+$/.test(word));
}

function isPlainLine(text: string): boolean {
  return text !== "" && !/[\n\r[\]]/.test(text);
}

function prototypeKeys(): string[] {
  return [Object.prototype, Array.prototype].flatMap((prototype) =>
    Reflect.ownKeys(prototype).map(String),
  );
}
