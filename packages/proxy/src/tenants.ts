/** One compressing `fetch` for each namespace, so that the originals of one API key are not found with another. */
import { createHmac } from "node:crypto";
import { anthropicProtocols } from "@headroom/anthropic/wire";
import type { CompressResult, CreateRunner } from "@headroom/core";
import { lru } from "@headroom/core/kit";
import { type Fetch, headroomFetch, keepUnder, type WireOptions } from "@headroom/core/wire";
import { googleProtocols } from "@headroom/google/wire";
import { openaiProtocols } from "@headroom/openai/wire";
import { headerOf, type RawHeaders } from "./headers.ts";
import type { ResolvedProxyOptions } from "./options.ts";
import type { Target } from "./upstreams.ts";

/** Namespaces that are kept ready. */
const MAX_READY = 256;

export interface Tenants {
  fetchFor(headers: RawHeaders, target: Target): Fetch;
}

export interface TenantHooks {
  readonly base: Fetch;
  readonly runner: CreateRunner | undefined;
  compressed(result: CompressResult<unknown>): void;
  retrieved(): void;
}

export function tenants(options: ResolvedProxyOptions, hooks: TenantHooks): Tenants {
  const ready = lru<string, Fetch>({ max: MAX_READY });
  const make = (namespace: string): Fetch => {
    const {
      mode,
      store,
      retrieval,
      maxRetrievals,
      compression = {},
      deadlineMs,
      onError,
    } = options;
    const wire: WireOptions = {
      ...compression,
      namespace,
      retrieval,
      // The proxy's own deadline comes last: a text that takes long is left alone before it.
      deadlineMs: compression.deadlineMs ?? deadlineMs * 0.8,
      ...(mode ? { mode } : {}),
      ...(store ? { store } : {}),
      ...(maxRetrievals === undefined ? {} : { maxRetrievals }),
      ...(hooks.runner ? { runner: hooks.runner } : {}),
      ...(onError ? { onError } : {}),
      onRetrieval: hooks.retrieved,
      hooks: { ...compression.hooks, afterCompress: hooks.compressed },
    };
    const keep = keepUnder(wire);
    const protocols = [
      ...anthropicProtocols(keep),
      ...openaiProtocols(keep),
      ...googleProtocols(keep),
    ];
    return headroomFetch(hooks.base, protocols, wire, NO_RETRIES);
  };
  return {
    fetchFor(headers, target) {
      const namespace = options.namespace ?? namespaceOf(headers, target);
      const known = ready.get(namespace) ?? make(namespace);
      ready.set(namespace, known);
      return known;
    },
  };
}

/** Nothing is sent twice on our account, and errors travel as the provider's own events. */
const NO_RETRIES = {
  maxRetries: () => 0,
  statusError: () => undefined,
  connectionError: () => undefined,
};

/** Headers that say who is asking, by what the providers' clients send. */
const CREDENTIALS = ["x-api-key", "authorization", "x-goog-api-key", "api-key"] as const;

/** The same for a credential in every process and after every restart. It does not tell the credential. */
function namespaceOf(headers: RawHeaders, { provider, path }: Target): string {
  const inPath = new URLSearchParams(path.split("?")[1] ?? "").get("key");
  const credential =
    CREDENTIALS.map((name) => headerOf(headers, name)).find((one) => one) ?? inPath;
  if (!credential) return "default";
  return createHmac("sha256", `headroom proxy ${provider}`).update(credential).digest("hex");
}
