export type { CompressionEvent } from "@headroom/core/kit";
export type { ErrorPhase, HeadroomMetadata, RetrievalEvent } from "./events.ts";
export { aiSdkMessages } from "./messages.ts";
export { type HeadroomMiddleware, headroomMiddleware } from "./middleware.ts";
export { type CompressModelMessagesOptions, compressModelMessages } from "./model-messages.ts";
export type { HeadroomAiSdkOptions, HeadroomMiddlewareOptions, RetrievalMode } from "./options.ts";
export { HEADROOM_RETRIEVE } from "./retrieval.ts";
export type { CallOptionsLike, LanguageModelLike } from "./spec.ts";
export {
  type HeadroomRetrieveTool,
  type HeadroomToolsOptions,
  headroomTools,
  type RetrieveInputSchema,
} from "./tools.ts";
export { withHeadroom, wrapProvider } from "./wrap.ts";
