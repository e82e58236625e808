export type { LocalModelOptions } from "./local-model.ts";
export { reranker } from "./reranker.ts";
export type { LocalScorer } from "./scores.ts";
export { type TokenClassifierOptions, tokenClassifier } from "./token-classifier.ts";
