/** Settings of `headroom mcp serve`: those of the proxy that fit, by the same rows, and a few of its own. */
import { type Setting, wholeNumber } from "../proxy/setting.ts";
import { SETTINGS, type Settings } from "../proxy/settings.ts";

type OfTheProxy =
  | "host"
  | "token"
  | "allowedHosts"
  | "allowedOrigins"
  | "storeTtlSeconds"
  | "storeTimeoutMs"
  | "encryptionKey"
  | "secret"
  | "mode"
  | "minTokens";

const OF_THE_PROXY: readonly OfTheProxy[] = [
  "host",
  "token",
  "allowedHosts",
  "allowedOrigins",
  "storeTtlSeconds",
  "storeTimeoutMs",
  "encryptionKey",
  "secret",
  "mode",
  "minTokens",
];

export interface McpSettings extends Pick<Settings, OfTheProxy> {
  readonly http?: boolean;
  readonly port?: number;
  readonly roots?: readonly string[];
  readonly store?: string;
  readonly namespace?: string;
}

const OWN: Readonly<Record<"port" | "store" | "namespace", Setting<string | number>>> = {
  port: wholeNumber(
    { fallback: "8788", help: "Port of --http to listen on; 0 is any that is free." },
    0,
    65_535,
  ),
  store: {
    ...SETTINGS.store,
    fallback: "originals.db in HEADROOM_STORE, else in ~/.headroom",
    help: "Where originals are kept: a folder as for compress, sqlite:PATH, redis://…, rediss://… or memory.",
  },
  namespace: {
    ...SETTINGS.namespace,
    fallback: "default",
    help: "Keeps originals of one namespace from those of another.",
  },
};

type Key = keyof typeof OWN | OfTheProxy;

/** Rows by key, in the order in which help shows them. */
export const MCP_SETTINGS: Readonly<Record<Key, Setting<unknown>>> = {
  ...OWN,
  ...(Object.fromEntries(OF_THE_PROXY.map((key) => [key, SETTINGS[key]])) as Record<
    OfTheProxy,
    Setting<unknown>
  >),
};
