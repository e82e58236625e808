/** What compresses and retrieves, one for each namespace, so that the originals of one API key are not found with another. */
import { createHmac } from "node:crypto";
import { anthropicProtocols } from "@headroom/anthropic/wire";
import {
  type CompressResult,
  type CreateRunner,
  createHeadroom,
  type Headroom,
  type HeadroomOptions,
} from "@headroom/core";
import { lru } from "@headroom/core/kit";
import {
  type Fetch,
  headroomFetch,
  type Keep,
  keepUnder,
  type Patch,
  type WireOptions,
  type WireProtocol,
} from "@headroom/core/wire";
import { googleProtocols } from "@headroom/google/wire";
import { openaiProtocols } from "@headroom/openai/wire";
import { headerOf, type RawHeaders } from "./headers.ts";
import { type ResolvedProxyOptions, textDeadlineFor } from "./options.ts";

/** Namespaces that are kept ready, and bytes of results that each remembers: they bound the memory of a proxy for many keys. */
const MAX_READY = 64;
const CACHE_BYTES = 33_554_432;

/** One namespace. */
export interface Tenant {
  /** For requests to a provider. */
  readonly fetch: Fetch;
  /** For the endpoints of the proxy's own; `roles` as in the options of `createHeadroom`. */
  headroom(roles?: HeadroomOptions["roles"]): Headroom;
  /** It has compressed before: what has to be loaded once is there. */
  isWarm: boolean;
}

export interface Tenants {
  /** @param path of the request, where a key may stand in its query */
  of(headers: RawHeaders, path: string): Tenant;
  /** Whether requests to a path are ever changed. */
  reads(path: string): boolean;
}

export interface TenantHooks {
  readonly base: Fetch;
  readonly runner: CreateRunner | undefined;
  /** A request to a provider was compressed. @param init what was given to `Tenant.fetch` */
  compressed(init: RequestInit, result: CompressResult<unknown>): void;
  /** By which patches of the body such a request is made. */
  written(init: RequestInit, body: string, patches: readonly Patch[]): void;
  /** Resolves once such a request has to go out. */
  late(init: RequestInit): Promise<void> | undefined;
  /** Calls in the reply to such a request are answered. */
  answering(init: RequestInit, calls: number): void;
  retrieved(): void;
  failedOpen(stage: string): void;
  error(error: unknown, phase: string): void;
}

/** @throws InvalidOptionError */
export function tenants(options: ResolvedProxyOptions, hooks: TenantHooks): Tenants {
  const ready = lru<string, Tenant>({ max: MAX_READY });
  const make = (namespace: string): Tenant => makeTenant(namespace, options, hooks);
  // Wrong options are told at once, and not with the first request.
  const first = options.namespace ?? "default";
  ready.set(first, make(first));
  const protocols = protocolsOf(keepUnder({}));
  return {
    of(headers, path) {
      const namespace = options.namespace ?? namespaceOf(headers, path);
      const known = ready.get(namespace) ?? make(namespace);
      ready.set(namespace, known);
      return known;
    },
    reads(path) {
      const [bare = ""] = path.split("?", 1);
      return protocols.some((protocol) => protocol.matches(bare));
    },
  };
}

function makeTenant(namespace: string, options: ResolvedProxyOptions, hooks: TenantHooks): Tenant {
  const { mode, store, retrieval, maxRetrievals, compression = {}, deadlineMs } = options;
  const tenant = { isWarm: false };
  const own: HeadroomOptions = {
    cacheBytes: CACHE_BYTES,
    ...compression,
    namespace,
    ...(mode ? { mode } : {}),
    ...(store ? { store } : {}),
    ...(hooks.runner ? { runner: hooks.runner } : {}),
    hooks: {
      ...compression.hooks,
      afterCompress(result) {
        tenant.isWarm = true;
        compression.hooks?.afterCompress?.(result);
      },
    },
  };
  const wire: WireOptions = {
    ...own,
    retrieval,
    // The proxy's own deadline comes last: a text that takes long is left alone before it.
    deadlineFor: (characters) =>
      compression.deadlineMs ?? textDeadlineFor(characters, tenant.isWarm, deadlineMs),
    ...(maxRetrievals === undefined ? {} : { maxRetrievals }),
    onError(error, phase) {
      if (phase === "compression") hooks.failedOpen(phase);
      hooks.error(error, phase);
    },
    onRetrieval: hooks.retrieved,
  };
  const { compressed, written, late, answering } = hooks;
  const ways = { ...NO_RETRIES, compressed, written, late, answering };
  const fetch = headroomFetch(hooks.base, protocolsOf(keepUnder(wire)), wire, ways);
  const instances = new Map<string, Headroom>();
  return Object.assign(tenant, {
    fetch,
    headroom(roles?: HeadroomOptions["roles"]) {
      const key = String(roles);
      // This wire knows refs as hexadecimal digits only.
      const known =
        instances.get(key) ??
        createHeadroom({ ...own, refSpelling: "hex", ...(roles ? { roles } : {}) });
      instances.set(key, known);
      return known;
    },
  });
}

function protocolsOf(keep: Keep): readonly WireProtocol[] {
  return [...anthropicProtocols(keep), ...openaiProtocols(keep), ...googleProtocols(keep)];
}

/** What failed of a request that went on all the same. */
export function stagesOf({ blocks }: CompressResult<unknown>): ReadonlySet<string> {
  return new Set(
    blocks.flatMap(({ outcome, reason }) => {
      if (outcome === "store-down") return ["store"];
      if (outcome === "failed") return [reason.startsWith("the runner failed") ? "worker" : "form"];
      return reason.startsWith("not reached within deadlineMs") ? ["deadline-of-a-text"] : [];
    }),
  );
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
function namespaceOf(headers: RawHeaders, path: string): string {
  const inPath = new URLSearchParams(path.split("?")[1] ?? "").get("key");
  const given = CREDENTIALS.map((name) => headerOf(headers, name)).find((one) => one) ?? inPath;
  const credential = given?.replace(/^bearer /i, "").trim();
  if (!credential) return "default";
  return createHmac("sha256", "headroom proxy").update(credential).digest("hex");
}
