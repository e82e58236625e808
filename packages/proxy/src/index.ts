/** Headroom as a transparent HTTP proxy. */
export type { ProxyOptions } from "./options.ts";
export { createProxy, type HeadroomProxy, type ListenOptions } from "./proxy.ts";
export type { Counts } from "./stats.ts";
export type { UpstreamTimes } from "./upstream.ts";
export { DEFAULT_UPSTREAMS, type Provider, type Upstreams } from "./upstreams.ts";
