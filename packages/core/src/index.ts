export { type FoundMarker, findMarkers, type RefSpelling, stripMarker } from "./ccr/marker.ts";
export { type MemoryStoreOptions, memoryStore } from "./ccr/memory-store.ts";
export type { RetrievedSlice, RetrieveResult } from "./ccr/page.ts";
export { parseRef, type RefScope, refOf, refScope, refToHex } from "./ccr/ref.ts";
export { type RetrieveRequest, readRetrieveRequest } from "./ccr/request.ts";
export { type RetrieveOptions, retrieve } from "./ccr/retrieve.ts";
export {
  isRetrieveToolName,
  retrieveToolSpec,
  type ToolSpec,
  toAnthropicTool,
  toOpenAITool,
} from "./ccr/tool.ts";
export { compress, compressText, simulate } from "./compress.ts";
export { createHeadroom } from "./create.ts";
export { HeadroomError, type HeadroomErrorCode, InvalidOptionError, StoreError } from "./errors.ts";
export type {
  CallOptions,
  CompressTextOptions,
  Headroom,
  HeadroomStats,
  RetrieveCallOptions,
} from "./headroom.ts";
export type { Session, SessionCost, TurnCost } from "./history/cost.ts";
export type { Epoch } from "./history/epochs.ts";
export type { HistoryOptions } from "./history/options.ts";
export type { PriceTable, TokenBill } from "./history/prompt-cache.ts";
export type { PrefixChange, Stability } from "./history/stability.ts";
export { anthropicMessages } from "./messages/anthropic.ts";
export { bedrockMessages } from "./messages/bedrock.ts";
export { geminiContents } from "./messages/gemini.ts";
export { openaiMessages } from "./messages/openai.ts";
export { responsesMessages } from "./messages/responses.ts";
export type { BlockInfo, HeadroomOptions, Hooks } from "./options.ts";
export type { CompressResult, CompressTextResult, Totals } from "./result.ts";
export { memoryLedger } from "./shared-context/memory-ledger.ts";
export {
  createSharedContext,
  type SharedContext,
  type SharedContextOptions,
  type SharedGetOptions,
  type SharedPut,
  type SharedStats,
  type SharedView,
} from "./shared-context/shared-context.ts";
export {
  type CounterName,
  counterForModel,
  estimateTokens,
  loadCounter,
} from "./tokens/index.ts";
export type {
  Answer,
  Compressor,
  ContentKind,
  EncodeContext,
  Omission,
  OmissionUnit,
  ShortenContext,
  Steps,
  View,
} from "./types/compressor.ts";
export type { MessageAdapter, Role, TextBlock, ToolCall } from "./types/message.ts";
export type { CompressorPlugin, PluginModule } from "./types/plugin.ts";
export type { BlockReport, Mode, Outcome, ToolRule, ViewRule } from "./types/report.ts";
export type {
  CreateRunner,
  Form,
  FormJob,
  FormRunner,
  Forms,
  Pace,
  RunnerSetup,
} from "./types/runner.ts";
export type { SharedCount, SharedLedger, SharedRecord, Sighting } from "./types/shared-context.ts";
export type { CcrEntry, CcrRef, CcrStore } from "./types/store.ts";
export type { TokenCounter } from "./types/tokens.ts";
