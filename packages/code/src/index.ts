export { type CodeCompressorOptions, codeCompressor } from "./code.ts";
export type { CodeLanguage } from "./languages.ts";
export { codePlugin } from "./plugin.ts";
