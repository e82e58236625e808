import assert from "node:assert/strict";
import { compressDocuments } from "@headroom/core/documents";
import { reranker, tokenClassifier } from "@headroom/transformers";

const documents = ["queue", "worker", "limit"].map((name) => ({
  id: name,
  text: `The ${name} is explained here. ${"It is a part of the shop. ".repeat(20)}`,
}));
// The library is there and a model is not: the words of the question rank.
for (const scorer of [reranker({ path: "./no-model" }), tokenClassifier({ path: "./no-model" })]) {
  const { text, scorerFailure } = await compressDocuments(documents, "What is the limit?", {
    maxTokens: 120,
    scorer,
    scorerTimeoutMs: 60_000,
  });
  assert.match(scorerFailure, /cannot load a model from \.\/no-model \(config\.json/);
  assert.match(text, /The limit is explained here\./);
}
