export { defaultCompressors } from "./compressors/index.ts";
export { HeadroomError, type HeadroomErrorCode, InvalidOptionError, StoreError } from "./errors.ts";
export {
  type CounterName,
  counterForModel,
  estimateTokens,
  loadCounter,
} from "./tokens/index.ts";
export type {
  Compressed,
  CompressionContext,
  Compressor,
  ContentKind,
  MaybePromise,
  Omission,
  OmissionUnit,
} from "./types/compressor.ts";
export type { MessageAdapter, Role, TextBlock, ToolCall } from "./types/message.ts";
export type { BlockReport, Mode, Outcome } from "./types/report.ts";
export type { CcrEntry, CcrRef, CcrStore } from "./types/store.ts";
export type { TokenCounter } from "./types/tokens.ts";
