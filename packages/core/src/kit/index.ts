/**
 * Shared by the packages of this project: `@headroom/core/kit`.
 *
 * No promise to users: what stands here may change with any version. All packages of one version fit together.
 */

export { takesHash } from "../ccr/tool.ts";
export { checkScorer } from "../compressors/text/scorer.ts";
export { isSteps, settle } from "../forms/pace.ts";
export {
  type Answering,
  answerCalls,
  answerRetrieval,
  type ErrorPhase,
  guarded,
  guardedHooks,
  type RetrievalAnswer,
  reporter,
} from "../inline/answer.ts";
export { type AsideOptions, type Asides, asides } from "../inline/asides.ts";
export type {
  Dialect,
  RetrievalCall,
  Round,
  StreamFilter,
  Turn,
  WholeDialect,
} from "../inline/dialect.ts";
export { type RetryOptions, waitToRetry } from "../inline/retry.ts";
export {
  answerStreamed,
  answerWhole,
  DEFAULT_MAX_RETRIEVALS,
  type InlineCall,
  RETRIEVALS_SPENT,
  readableOf,
  type Source,
  type Streamed,
  type StreamedCall,
  type WholeCall,
} from "../inline/rounds.ts";
export { KINDS } from "../options.ts";
export { rankByQuery } from "../query/query.ts";
export { type Change, changesOf } from "../text/line-diff.ts";
export { createBareHeadroom } from "./bare-headroom.ts";
export { type CompressionEvent, compressionEvent } from "./compression-event.ts";
export { hostNameOf } from "./host.ts";
export { argsOf, isRecord, jsonOf, type UnknownRecord } from "./json.ts";
export { type Lru, type LruOptions, lru } from "./lru.ts";
export { pluginModule } from "./plugin-module.ts";
export { sumUsage } from "./usage.ts";
