export { LawError } from "./assert.ts";
export type { ConformanceCase, Skips } from "./case.ts";
export { type CcrStoreSubject, ccrStoreCases } from "./ccr-store.ts";
export { type CompressorSample, type CompressorSubject, compressorCases } from "./compressor.ts";
export { type MessageAdapterSubject, messageAdapterCases } from "./message-adapter.ts";
export { anyText, hostileTexts, variantsOf } from "./text.ts";
export { type TokenCounterSubject, tokenCounterCases } from "./token-counter.ts";
