/** Everything that is told of requests: counters, log and spans, behind one object. */
import type { Mode } from "@headroom/core";
import type { ResolvedProxyOptions } from "../options.ts";
import { counting } from "../stats/counting.ts";
import type { Answerer, ProxyStats, Route } from "../stats/types.ts";
import type { Target } from "../upstreams.ts";
import { lagging } from "../usage/lagging.ts";
import { logging } from "./log.ts";
import { type Observation, observation } from "./observation.ts";
import { methodOf, routeOf } from "./routes.ts";
import { tracing } from "./trace.ts";

export interface Observer {
  /** A request that may be served has arrived. @param isOwn the proxy answers it itself */
  request(method: string | undefined, target: Target, isOwn: boolean): Observation;
  /** A WebSocket is passed on. */
  tunnel(target: Target): Observation;
  refused(status: number): void;
  passed(): void;
  /** No provider answered, or not to the end. */
  failed(error: unknown): void;
  failedOpen(stage: string): void;
  retrieved(): void;
  error(error: unknown, phase: string): void;
  stats(): ProxyStats;
}

export function observer(options: ResolvedProxyOptions): Observer {
  const { onError } = options;
  const counts = counting(modeOf(options));
  const later = lagging();
  const failed = (phase: string) => (error: unknown) => {
    try {
      onError?.(error, phase);
    } catch {
      // A reporter that fails cannot be reported.
    }
  };
  const log = logging(options.log, failed("log"));
  const traces = tracing(options.tracer, failed("trace"));
  let id = 0;
  const begin = (method: string, provider: Answerer, route: Route, origin: string): Observation => {
    const endSpan = traces?.begin(provider, route, origin);
    return observation(++id, {
      provider,
      route,
      method,
      later,
      sent: counts.compressed,
      failedOpen: counts.failedOpen,
      droppedUsage: counts.droppedUsage,
      ended(record) {
        counts.ended(record);
        log.request(record);
        endSpan?.(record);
      },
    });
  };
  return {
    request: (method, { provider, path, origin }, isOwn) =>
      begin(methodOf(method), isOwn ? "headroom" : provider, routeOf(path), origin),
    tunnel: ({ provider, origin }) => begin("GET", provider, "websocket", origin),
    refused(status) {
      counts.refused();
      log.refused(status);
    },
    passed: counts.passed,
    failed(error) {
      counts.failed();
      log.error(error, "provider");
    },
    failedOpen: counts.failedOpen,
    retrieved: counts.retrieved,
    error(error, phase) {
      log.error(error, phase);
      failed(phase)(error);
    },
    stats: counts.read,
  };
}

function modeOf({ mode, store, retrieval }: ResolvedProxyOptions): Mode {
  if (mode === "audit") return mode;
  return store === undefined || retrieval === false ? "lossless" : (mode ?? "balanced");
}
