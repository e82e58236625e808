/** Headroom as a transparent HTTP proxy. */
export type { LogEntry } from "./observe/log.ts";
export type { SpanLike, TracerLike } from "./observe/trace.ts";
export type { ProxyOptions } from "./options.ts";
export { createProxy, type HeadroomProxy, type ListenOptions } from "./proxy.ts";
export type {
  Answerer,
  Ending,
  Period,
  ProxyStats,
  RequestRecord,
  Route,
  TokenRow,
  UsageTotals,
} from "./stats/types.ts";
export type { UpstreamTimes } from "./upstream.ts";
export { DEFAULT_UPSTREAMS, type Provider, type Upstreams } from "./upstreams.ts";
