/** What the packages for provider SDKs share: `@headroom/core/wire`. */
export { type WrappableClient, wrapClient } from "./client.ts";
export type { ClientWays } from "./failure.ts";
export { headroomFetch } from "./fetch.ts";
export { type Json, parseJson } from "./json.ts";
export { type Keep, keepUnder, type MessageKeys, messageKeys } from "./keep.ts";
export type { WireOptions } from "./options.ts";
export type { Round, StreamFilter, Turn, WireProtocol } from "./protocol.ts";
export { isOurs } from "./request.ts";
export type { Fetch } from "./retry.ts";
export { type Patch, spliceJson, spliceMember } from "./splice.ts";
export { type SseEvent, sseBytes, sseEvents } from "./sse.ts";
