/**
 * Settings of `headroom mcp serve`, from flags and variables: those of the proxy that fit, read by the same rows, and a few of its own.
 *
 * The flag `--store-ttl-seconds` is HEADROOM_MCP_STORE_TTL_SECONDS. A flag goes before a variable.
 */
import { delimiter } from "node:path";
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { CommandError } from "../command-error.ts";
import { parsed } from "../options.ts";
import { type Setting, wholeNumber } from "../proxy/setting.ts";
import { flagOf, SETTINGS, type Settings } from "../proxy/settings.ts";

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
const KEYS = Object.keys(MCP_SETTINGS) as readonly Key[];

const PREFIX = "HEADROOM_MCP_";

/** @throws CommandError, one sentence that names the flag or the variable */
export function readMcpSettings(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): McpSettings {
  const options: ParseArgsOptionsConfig = {
    http: { type: "boolean" },
    root: { type: "string", multiple: true },
    ...Object.fromEntries(
      KEYS.map((key) => [
        flagOf(key),
        { type: "string" as const, ...(MCP_SETTINGS[key].isList ? { multiple: true } : {}) },
      ]),
    ),
  };
  const { values, positionals } = parsed("mcp", () =>
    parseArgs({ args: [...args], options, allowPositionals: true }),
  );
  if (positionals.length > 0)
    throw new CommandError(
      `mcp serve takes options only, not "${positionals[0]}". See: headroom mcp --help`,
    );
  const settings: Record<string, unknown> = values.http === true ? { http: true } : {};
  const roots = (values.root ?? env[`${PREFIX}ROOT`]?.split(delimiter)) as string[] | undefined;
  const given = roots?.filter((root) => root !== "");
  if (given !== undefined && given.length > 0) settings.roots = given;
  for (const key of KEYS) {
    const flag = values[flagOf(key)];
    const variable = `${PREFIX}${flagOf(key).replaceAll("-", "_").toUpperCase()}`;
    const text = flag === undefined ? env[variable] || undefined : [flag].flat().join(",");
    if (text === undefined) continue;
    const { expects, isSecret } = MCP_SETTINGS[key];
    const value = MCP_SETTINGS[key].fromText(text);
    if (value === undefined)
      throw new CommandError(
        `${flag === undefined ? variable : `--${flagOf(key)}`} takes ${expects}, not ${isSecret ? "what is there" : JSON.stringify(text.slice(0, 80))}.`,
      );
    settings[key] = value;
  }
  return settings as McpSettings;
}
