export {
  type HeadroomAlert,
  type HeadroomAlerts,
  HeadroomCallbackHandler,
  type HeadroomCallbackHandlerFields,
  type HeadroomMetrics,
} from "./callback-handler.ts";
export {
  HeadroomChatMessageHistory,
  type HeadroomChatMessageHistoryFields,
} from "./chat-message-history.ts";
export { HeadroomChatModel, type HeadroomChatModelFields } from "./chat-model.ts";
export {
  type HeadroomCallOptions,
  HeadroomCompressor,
  type HeadroomCompressorFields,
  type HeadroomCompressorInput,
} from "./compressor.ts";
export {
  type DocumentNote,
  HeadroomDocumentCompressor,
  type HeadroomDocumentCompressorFields,
} from "./document-compressor.ts";
export { COMPRESSION_EVENT, type CompressionEvent } from "./events.ts";
export {
  type CompressionNode,
  type CompressToolMessagesOptions,
  compressToolMessages,
  type MessagesState,
  type StateCompressionOptions,
  type ToolLike,
  type ToolNodeLike,
  withHeadroomTool,
  withHeadroomTools,
} from "./langgraph.ts";
export {
  type BaseStoreLike,
  type LangGraphStoreOptions,
  langGraphStore,
} from "./langgraph-store.ts";
export { langchainMessages } from "./messages.ts";
export type { HeadroomLangChainOptions, HeadroomRun } from "./options.ts";
export {
  bindRetrieveTool,
  createRetrieveTool,
  RETRIEVAL_EVENT,
  type RetrievalEvent,
  type RetrieveTool,
  type RetrieveToolOptions,
} from "./retrieve-tool.ts";
export {
  type SharedContextNodeOptions,
  type SharedContextOf,
  type SharedContextSeat,
  type ShareResultsOptions,
  sharedContextNode,
  sharedContextTools,
  shareResults,
} from "./shared-context.ts";
export {
  createTokenCounter,
  type HeadroomTokenCounter,
  type HeadroomTokenCounterOptions,
} from "./token-counter.ts";
