/** The seam for models: they choose sentences, and what goes wrong with them costs nothing but their choice. */
import { describe, expect, it } from "vitest";
import { times } from "../../../test/generated/random.ts";
import { memoryStore } from "../../ccr/memory-store.ts";
import { createHeadroom } from "../../create.ts";
import { compressDocuments } from "../../documents/documents.ts";
import { defaultCompressors } from "../index.ts";
import type { UnitScorer } from "./scorer.ts";
import { textCompressor } from "./text.ts";

const counter = { name: "quarter", count: (text: string): number => Math.ceil(text.length / 4) };
const asked: { units: readonly string[]; query: string; signal: AbortSignal }[] = [];
/** Likes sentences about cats, whatever is asked. */
const model: UnitScorer = {
  name: "cats",
  score: async (units, query, { signal }) => {
    asked.push({ units, query, signal });
    return Float32Array.from(units, (unit) => (unit.includes("cat") ? 0.9 : 0.01));
  },
};
const sentences = times(60, (at) =>
  at === 33
    ? "Here the cat sleeps."
    : `Row ${at} tells of the dog and of its long way home that day.`,
);
const documents = times(3, (at) => ({ text: sentences.slice(at * 20, at * 20 + 20).join(" ") }));
const shorten = (scorer: UnitScorer, more = {}) =>
  compressDocuments(documents, "What of the dog?", {
    maxTokens: 150,
    tokenCounter: counter,
    scorer,
    ...more,
  });

describe("a scorer of compressDocuments", () => {
  it("is asked about each sentence once, and chooses among them word for word", async () => {
    const { text, scorerFailure } = await shorten(model);
    expect(text).toContain("Here the cat sleeps.");
    expect(scorerFailure).toBeUndefined();
    expect(asked.at(-1)?.units).toEqual(sentences);
    expect(asked.at(-1)?.query).toBe("What of the dog?");
    for (const line of text.split("\n"))
      if (!/^[…[]/.test(line)) expect(sentences.join(" ")).toContain(line);
  });

  it("is not asked where all have room", async () => {
    const before = asked.length;
    await shorten(model, { maxTokens: 5_000 });
    expect(asked.length).toBe(before);
  });

  it.each<[string, UnitScorer["score"], RegExp]>([
    ["is late", () => new Promise(() => undefined), /^m took longer than 20 ms$/],
    ["rejects", () => Promise.reject(new Error("no model")), /^m failed: no model$/],
    [
      "throws",
      () => {
        throw new Error("at once");
      },
      /^m failed: at once$/,
    ],
    ["gives too few", async () => [1], /^m did not give 60 scores from 0 to 1$/],
    ["gives what is no score", async (units) => units.map(() => Number.NaN), /scores from 0 to 1$/],
    ["gives logits", async (units) => units.map(() => 7), /scores from 0 to 1$/],
    ["gives nothing", async () => undefined as never, /^m/],
  ])("that %s leaves the choice to the words, and that is told", async (_, score, why) => {
    let signal: AbortSignal | undefined;
    const broken: UnitScorer = {
      name: "m",
      score: (units, query, context) => {
        signal = context.signal;
        return score(units, query, context);
      },
    };
    const { scorerFailure, ...result } = await shorten(broken, { scorerTimeoutMs: 20 });
    expect(scorerFailure).toMatch(why);
    expect(signal?.aborted).toBe(true);
    const options = { maxTokens: 150, tokenCounter: counter };
    expect(result).toEqual(await compressDocuments(documents, "What of the dog?", options));
  });

  it("is not asked about more than it could read", async () => {
    const many = times(50, (at) => ({ text: times(100, (row) => `Said ${at} ${row}.`).join(" ") }));
    const { scorerFailure } = await compressDocuments(many, "Said", {
      maxTokens: 200,
      scorer: model,
    });
    expect(scorerFailure).toBe("cats was not asked about 5000 sentences, more than 4096");
  });

  it("has to be one", async () => {
    await expect(shorten({} as never)).rejects.toThrow('Invalid option "scorer"');
    await expect(shorten(model, { scorerTimeoutMs: 0 })).rejects.toThrow('"scorerTimeoutMs"');
    expect(() => textCompressor({ scorer: 5 as never })).toThrow('Invalid option "scorer"');
  });
});

describe("a scorer of textCompressor", () => {
  const text = times(40, (block) =>
    times(6, (at) =>
      block === 20 && at === 3
        ? "Here the cat sleeps."
        : `Line ${block}-${at} tells of the dog and of the long way that it had to walk home on that day.`,
    ).join(" "),
  ).join("\n\n");
  const headroomWith = (scorer?: UnitScorer, scorerTimeoutMs = 50) =>
    createHeadroom({
      store: memoryStore(),
      compressors: [
        textCompressor(scorer ? { scorer, scorerTimeoutMs } : {}),
        ...defaultCompressors().filter(({ kind }) => kind !== "text"),
      ],
    });

  it("chooses what the view of a text shows", async () => {
    const { text: view, block } = await headroomWith(model, 5_000).compressText(text);
    expect(view).toContain("Here the cat sleeps.");
    expect([block.kind, block.reason]).toEqual(["text", "shortened, original kept"]);
    expect((await headroomWith().compressText(text)).text).not.toContain("the cat");
  });

  it("that is late is told in the report, and changes nothing", async () => {
    const late: UnitScorer = { name: "late", score: () => new Promise(() => undefined) };
    const { text: view, block } = await headroomWith(late).compressText(text);
    expect(block.reason).toBe("shortened, original kept; late took longer than 50 ms");
    expect(view).toBe((await headroomWith().compressText(text)).text);
  });
});
