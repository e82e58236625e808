/**
 * Laws every `Compressor` keeps, whatever its kind.
 *
 * Work is counted, never timed: how much a compressor hands to the token counter has to grow in proportion to the text.
 * What it does without counting is the benchmarks' business, and so is whether a shorter form is short enough.
 */
import type { Compressed, CompressionContext, Compressor, TokenCounter } from "@headroom/core";
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
  const contexts: readonly CompressionContext[] = [
    { lossy: false, budgetTokens: 120, counter },
    { lossy: true, budgetTokens: 120, counter },
    { lossy: true, budgetTokens: 0, counter, query: "why did it fail?" },
  ];

  /** Holds a law against samples, hostile texts, and generated variants of both, in every context. */
  async function everywhere(
    law: (text: string, result: Compressed, compressor: Compressor) => void,
  ): Promise<void> {
    const compressor = subject.create();
    const one = async (text: string): Promise<void> => {
      for (const context of contexts) {
        const result = await attempt(compressor, text, context);
        if (result !== undefined) law(text, result, compressor);
      }
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
          const score = attemptDetect(subject.create(), text);
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
      name: "compress never throws, whatever the text",
      async run() {
        const compressor = subject.create();
        const one = async (text: string): Promise<void> => {
          for (const context of contexts)
            await total(() => compressor.compress(text, context), text);
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
              const context = { lossy: true, budgetTokens, counter, query };
              await total(() => compressor.compress(text, context), text);
            }
          }
        }
      },
    },
    {
      name: "decode never throws, whatever the text",
      async run() {
        const compressor = subject.create();
        const results = await Promise.all(
          texts.map((text) =>
            attempt(compressor, text, { lossy: false, budgetTokens: 0, counter }),
          ),
        );
        const own = results.flatMap((result) => (result === undefined ? [] : [result.text]));
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
      name: "same text and context, same result, in any order and across instances",
      async run() {
        const [one, other] = [subject.create(), subject.create()];
        for (const context of contexts) {
          const first = await inTurn(texts, (text) => attempt(one, text, context));
          const second = (
            await inTurn(texts.toReversed(), (text) => attempt(other, text, context))
          ).reverse();
          equal(second, first, "results of another instance, asked in another order");
          equal(
            await inTurn(texts, (text) => attempt(one, text, context)),
            first,
            "results asked for again",
          );
        }
      },
    },
    {
      name: "a lossless form decodes to the original",
      run: () =>
        everywhere((text, result, compressor) => {
          if (!result.lossless) return;
          const decoded = attemptDecode(compressor, result.text);
          if (
            decoded !== undefined &&
            isSame(compressor, text, decoded) &&
            (subject.oracle?.(text, decoded) ?? true)
          )
            return;
          throw new LawError(`decoded text of ${show(result.text)}`, text, decoded);
        }),
    },
    {
      name: "its own output is one more text: a second pass round-trips too",
      async run() {
        const compressor = subject.create();
        for (const text of texts) {
          for (const context of contexts) {
            const first = await attempt(compressor, text, context);
            if (first === undefined) continue;
            const second = await attempt(compressor, first.text, { ...context, lossy: false });
            if (second === undefined || !second.lossless) continue;
            const decoded = attemptDecode(compressor, second.text);
            const fine = decoded !== undefined && isSame(compressor, first.text, decoded);
            if (!fine) throw new LawError("decoded text of a second pass", first.text, decoded);
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
      name: "a lossy form declares what it left out",
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
      name: "with lossy off only lossless forms are returned",
      async run() {
        const compressor = subject.create();
        const one = async (text: string): Promise<void> => {
          for (const budgetTokens of BUDGETS) {
            const result = await attempt(compressor, text, { lossy: false, budgetTokens, counter });
            if (result !== undefined)
              same(result.lossless, true, `lossless of ${show(result.text)}`);
          }
        };
        for (const text of [...texts, ...hostileTexts]) await one(text);
        await fc.assert(fc.asyncProperty(variantsOf(texts), one), { numRuns });
      },
    },
    {
      name: "a query never changes a lossless form",
      async run() {
        const compressor = subject.create();
        for (const text of texts) {
          const context = { lossy: false, budgetTokens: 120, counter };
          const without = await attempt(compressor, text, context);
          for (const query of [...QUERIES, text.slice(0, 80)]) {
            const result = await attempt(compressor, text, { ...context, query });
            if (without?.lossless && result?.lossless)
              same(result.text, without.text, `form when asked ${show(query)}`);
          }
        }
      },
    },
    {
      name: "what a sample says must be kept is kept, at any budget",
      async run() {
        const compressor = subject.create();
        for (const { text, keeps = [] } of samples) {
          for (const budgetTokens of BUDGETS) {
            const result = await attempt(compressor, text, { lossy: true, budgetTokens, counter });
            if (result === undefined) continue;
            const missing = keeps.filter((fact) => !result.text.includes(fact));
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
        for (const context of contexts) {
          const forms = await inTurn(
            texts,
            async (text) => (await attempt(compressor, text, context))?.text ?? text,
          );
          const tokens = (all: readonly string[]): number =>
            all.reduce((sum, text) => sum + counter.count(text), 0);
          check(
            tokens(forms) <= tokens(texts),
            "tokens of all samples",
            `at most ${tokens(texts)}`,
            tokens(forms),
          );
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
          for (const context of contexts) {
            const loose = { ...context };
            const first = await attempt(compressor, text, loose);
            equal(loose, context, "context after the call");
            const before = snapshot(first);
            for (const other of texts.slice(0, 3)) await attempt(compressor, other, context);
            equal(first, before, "an earlier result after later calls");
            const frozen = deepFreeze({ ...context, counter: { ...counter } });
            if (first !== undefined) await total(() => compressor.compress(text, frozen), text);
          }
        }
      },
    },
    {
      name: "built-in prototypes stay as they were",
      async run() {
        const compressor = subject.create();
        for (const text of [...texts, ...hostileTexts]) {
          for (const context of contexts) {
            const result = await attempt(compressor, text, context);
            if (result !== undefined) attemptDecode(compressor, result.text);
          }
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
  context: CompressionContext,
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
  await attempt(compressor, text, { ...context, counter });
  return work;
}

function isSame(compressor: Compressor, original: string, decoded: string): boolean {
  return compressor.same?.(original, decoded) ?? original === decoded;
}

/** A throw is the business of the cases named for it; in the others it counts as declining. */
async function attempt(
  compressor: Compressor,
  text: string,
  context: CompressionContext,
): Promise<Compressed | undefined> {
  try {
    return await compressor.compress(text, context);
  } catch {
    return undefined;
  }
}

function attemptDecode(compressor: Compressor, text: string): string | undefined {
  try {
    return compressor.decode(text);
  } catch {
    return undefined;
  }
}

function attemptDetect(compressor: Compressor, text: string): number {
  try {
    return compressor.detect(text);
  } catch {
    return 0;
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
