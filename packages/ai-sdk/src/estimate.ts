/**
 * This package for bundlers that put everything into one file: `@headroom/ai-sdk/estimate`. Tokens are estimated, and a bundle has
 * no vocabularies. The build makes the difference, see `tsdown.config.ts`.
 */
export * from "./index.ts";
