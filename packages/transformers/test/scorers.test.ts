/** Models from a local folder, made here, run by the real transformers.js: with the network refused. */
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { createHeadroom, memoryStore } from "@headroom/core";
import { defaultCompressors, textCompressor } from "@headroom/core/compressors";
import { compressDocuments } from "@headroom/core/documents";
import { reranker, tokenClassifier } from "@headroom/transformers";
import { env } from "@huggingface/transformers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeClassifier, writeCrossEncoder } from "./support/tiny-models.ts";

const live = new AbortController().signal;
const asked: string[] = [];
const { fetch } = globalThis;
const refuse = (url: unknown): Promise<never> => {
  asked.push(String(url));
  return Promise.reject(new Error("no network here"));
};
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-models-"));
  await writeClassifier(join(folder, "keep"), { budget: 4, cat: 2, the: -4 });
  await writeClassifier(join(folder, "first"), { budget: 4 }, ["keep", "drop"]);
  await writeCrossEncoder(join(folder, "rank"), { budget: 3, dull: -3 });
  globalThis.fetch = refuse as typeof fetch;
  env.fetch = refuse as typeof env.fetch;
  useLocalRuntime();
});
afterAll(async () => {
  globalThis.fetch = fetch;
  await rm(folder, { recursive: true, force: true });
});

/** The WebAssembly twin of the native runtime looks for its own file on the network, unless it is told where that is. */
function useLocalRuntime(): void {
  const library = createRequire(import.meta.url).resolve("@huggingface/transformers");
  const runtime = createRequire(library).resolve("onnxruntime-web");
  const { wasm } = env.backends.onnx as { wasm: { wasmPaths: string; numThreads: number } };
  Object.assign(wasm, { wasmPaths: `${pathToFileURL(dirname(runtime))}/`, numThreads: 1 });
  env.useWasmCache = false;
}

const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));
const units = ["The cat", "cat", "the the the the the", "Budget", "", "budget cat"];

describe("a token classifier", () => {
  it("scores a sentence by the mean of what its words are kept with, whatever stands beside it", async () => {
    const scorer = tokenClassifier({ path: join(folder, "keep"), batchSize: 4 });
    const scores = await scorer.score(units, "", { signal: live });
    const [the, cat, budget] = [-4, 2, 4].map(sigmoid) as [number, number, number];
    const expected = [(the + cat) / 2, cat, the, budget, 0, (budget + cat) / 2];
    expect(scores).toHaveLength(units.length);
    for (const [at, score] of expected.entries()) expect(scores[at]).toBeCloseTo(score, 5);
    await scorer.close();
    expect(await scorer.score(["cat"], "", { signal: live })).toHaveLength(1);
    await scorer.close();
  });

  it("knows the label that is kept by its name", async () => {
    const path = relative(process.cwd(), join(folder, "first"));
    const named = tokenClassifier({ path, keepLabel: "keep" });
    expect((await named.score(["budget"], "", { signal: live }))[0]).toBeCloseTo(sigmoid(4), 5);
    const wrong = tokenClassifier({ path, keepLabel: "preserve" });
    await expect(wrong.score(["budget"], "", { signal: live })).rejects.toThrow(
      "one of keep, drop",
    );
  });

  it("reads a sentence that is longer than the model up to its end", async () => {
    const scorer = tokenClassifier({ path: join(folder, "keep") });
    const long = `${"budget ".repeat(100)}${"the ".repeat(100)}`;
    expect((await scorer.score([long], "", { signal: live }))[0]).toBeCloseTo(sigmoid(4), 5);
  });
});

describe("a reranker", () => {
  it("reads the question before each sentence, and scores the sentence", async () => {
    const scorer = reranker({ path: join(folder, "rank") });
    const scores = await scorer.score(["Dull", "the budget", "cat"], "budget budget", {
      signal: live,
    });
    for (const [at, logit] of [-3, 3, 0].entries())
      expect(scores[at]).toBeCloseTo(sigmoid(logit), 5);
    await expect(scorer.score(["cat"], " ", { signal: live })).rejects.toThrow("no question");
  });
});

describe("what scorers choose", () => {
  const filler = "The weather was dull on that day and nobody said much about it. ";
  const documents = Array.from({ length: 4 }, (_, at) => ({
    text: filler.repeat(6) + (at === 2 ? "A budget of ten was spent. " : "") + filler.repeat(6),
  }));

  it("is sentences of documents, word for word", async () => {
    const scorer = reranker({ path: join(folder, "rank") });
    const options = { maxTokens: 120, scorer };
    const { text, scorerFailure } = await compressDocuments(
      documents,
      "How much was paid?",
      options,
    );
    expect(scorerFailure).toBeUndefined();
    expect(text).toContain("A budget of ten was spent.");
    const without = await compressDocuments(documents, "How much was paid?", { maxTokens: 120 });
    expect(without.text).not.toContain("budget");
  });

  it("is sentences of a long text, in an instance", async () => {
    const scorer = tokenClassifier({ path: join(folder, "keep") });
    const others = defaultCompressors().filter(({ kind }) => kind !== "text");
    const headroom = createHeadroom({
      store: memoryStore(),
      compressors: [textCompressor({ scorer }), ...others],
    });
    const paragraphs = documents.map(({ text }) => text.repeat(6));
    const { text, block } = await headroom.compressText(paragraphs.join("\n\n"));
    expect([block.kind, block.reason]).toEqual(["text", "shortened, original kept"]);
    expect(text).toContain("A budget of ten was spent.");
  });

  it("is what the words of the question choose where there is no model, and the report says why", async () => {
    const scorer = reranker({ path: join(folder, "nothing") });
    const { text, scorerFailure } = await compressDocuments(documents, "budget", {
      maxTokens: 120,
      scorer,
    });
    expect(scorerFailure).toMatch(
      /^reranker failed: cannot load a model from .*nothing \(config\.json, /,
    );
    expect(text).toContain("A budget of ten was spent.");
  });

  it("stops between two batches when nobody waits", async () => {
    const controller = new AbortController();
    const scorer = tokenClassifier({ path: join(folder, "keep"), batchSize: 1 });
    const scoring = scorer.score(
      Array.from({ length: 5_000 }, () => "cat"),
      "",
      controller,
    );
    setTimeout(() => controller.abort(new Error("nobody waits")), 60);
    await expect(scoring).rejects.toThrow("nobody waits");
  });

  it("does not load its model for somebody who is gone", async () => {
    const score = reranker({ path: "./nothing" }).score(["a"], "b", {
      signal: AbortSignal.abort(),
    });
    await expect(score).rejects.toMatchObject({ name: "AbortError" });
  });

  it("never comes from the network", () => expect(asked).toEqual([]));
});

describe("options", () => {
  it.each([
    { path: "" },
    { path: 5 as never },
    { path: "https://example.com/model" },
    { path: "a", batchSize: 0 },
  ])("that are wrong are refused at once: %j", (options) => {
    expect(() => tokenClassifier(options)).toThrow("Invalid option");
    expect(() => reranker(options)).toThrow("Invalid option");
  });
});

it.each<[string, unknown]>([
  ["options", null],
  ["options", "./a"],
  ["dtype", { path: "./a", dtype: 5 }],
  ["device", { path: "./a", device: {} }],
])("the option %s is refused at once: %j", (option, options) => {
  for (const make of [reranker, tokenClassifier])
    expect(() => make(options as never)).toThrow(`Invalid option "${option}"`);
});
