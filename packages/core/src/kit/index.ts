/**
 * Shared by the packages of this project: `@headroom/core/kit`.
 *
 * No promise to users: what stands here may change with any version. All packages of one version fit together.
 */
export { isSteps, settle } from "../forms/pace.ts";
export { type CompressionEvent, compressionEvent } from "./compression-event.ts";
export { argsOf, isRecord, jsonOf, type UnknownRecord } from "./json.ts";
export { type Lru, type LruOptions, lru } from "./lru.ts";
export { answerRetrieval, DEFAULT_MAX_RETRIEVALS, type RetrievalAnswer } from "./retrieval.ts";
export { sumUsage } from "./usage.ts";
