/** What the packages for provider SDKs share: `@headroom/core/wire`. */
export { type Fetch, headroomFetch } from "./fetch.ts";
export type { WireOptions } from "./options.ts";
export {
  isJson,
  type Json,
  parseJson,
  type RetrievalCall,
  type Round,
  recent,
  type StreamFilter,
  sumUsage,
  type Turn,
  type WireProtocol,
} from "./protocol.ts";
export { isOurs } from "./request.ts";
export { type SseEvent, sseBytes, sseEvents } from "./sse.ts";
