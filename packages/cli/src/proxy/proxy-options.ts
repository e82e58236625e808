/** Settings as `createProxy` and `listen` take them. */
import type { HeadroomOptions } from "@headroom/core";
import type { ListenOptions, ProxyOptions } from "@headroom/proxy";
import { installedPlugins } from "../optional-compressors.ts";
import { present } from "../options.ts";
import type { Settings } from "./settings.ts";
import { toolRules } from "./tool-rules.ts";

/** Without the store, which has to be opened. */
export function proxyOptions(settings: Settings): Omit<ProxyOptions, "store"> {
  const { retrieval, host, allowedHosts = [] } = settings;
  return present({
    upstreams: present({
      anthropic: settings.anthropicUrl,
      openai: settings.openaiUrl,
      google: settings.googleUrl,
    }),
    times: present({
      connectMs: settings.connectMs,
      firstByteMs: settings.firstByteMs,
      idleMs: settings.idleMs,
      uploadIdleMs: settings.uploadIdleMs,
    }),
    compression: present({
      plugins: installedPlugins,
      minTokens: settings.minTokens,
      roles: settings.roles,
      repeats: settings.repeats,
      tokenBudget: settings.tokenBudget,
      history: settings.history,
      tools: toolRules(settings.tools),
      include: settings.include,
      exclude: settings.exclude,
      secret: settings.secret,
      storeTimeoutMs: settings.storeTimeoutMs,
      cacheBytes: settings.cacheBytes,
    }) as HeadroomOptions,
    mode: settings.mode,
    retrieval: retrieval === false ? (false as const) : undefined,
    maxRetrievals: settings.maxRetrievals,
    namespace: settings.namespace,
    workers: settings.workers,
    deadlineMs: settings.deadlineMs,
    maxBodyBytes: settings.maxBodyBytes,
    token: settings.token,
    allowedHosts: isAnyAddress(host) ? allowedHosts : [...allowedHosts, inUrl(host ?? "")],
    allowedOrigins: settings.allowedOrigins,
    webSockets: settings.webSockets,
  });
}

export function listenOptions({ port, host }: Settings): ListenOptions {
  return present({ port, host });
}

/** Listens on every address of the machine: says nothing about how clients call it. */
export function isAnyAddress(host: string | undefined): boolean {
  return host === undefined || host === "0.0.0.0" || host === "::";
}

function inUrl(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
