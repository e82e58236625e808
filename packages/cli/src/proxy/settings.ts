/**
 * Every setting of the proxy, once: flags, variables, keys of the file, `--help` and the table in docs/proxy.md are made of this.
 *
 * The flag of `maxBodyBytes` is `--max-body-bytes`, its variable HEADROOM_PROXY_MAX_BODY_BYTES, its key in the file `maxBodyBytes`.
 */
import type { Mode, Role } from "@headroom/core";
import { KINDS } from "@headroom/core/kit";
import { OPTIONAL_KINDS } from "../optional-compressors.ts";
import {
  type HistoryValue,
  history,
  list,
  onOff,
  type Setting,
  secret,
  text,
  url,
  wholeNumber,
  word,
  wordsByName,
} from "./setting.ts";
import { OTHER_WORDS, type ToolWord } from "./tool-rules.ts";

/** Those of the built-in compressors, and of the packages that are used where they are installed. */
const ALL_KINDS: readonly string[] = [...KINDS, ...OPTIONAL_KINDS];
const MAX = Number.MAX_SAFE_INTEGER;
const MODES: readonly Mode[] = ["audit", "lossless", "balanced", "aggressive"];

/** Settings that somebody set; absent is the default. */
export interface Settings {
  readonly port?: number;
  readonly host?: string;
  readonly token?: string;
  readonly allowedHosts?: readonly string[];
  readonly allowedOrigins?: readonly string[];
  readonly webSockets?: boolean;
  readonly anthropicUrl?: string;
  readonly openaiUrl?: string;
  readonly googleUrl?: string;
  readonly connectMs?: number;
  readonly firstByteMs?: number;
  readonly idleMs?: number;
  readonly uploadIdleMs?: number;
  readonly store?: string;
  readonly storeTtlSeconds?: number;
  readonly storeTimeoutMs?: number;
  readonly encryptionKey?: string;
  readonly secret?: string;
  readonly namespace?: string;
  readonly mode?: Mode;
  readonly retrieval?: boolean;
  readonly maxRetrievals?: number;
  readonly minTokens?: number;
  readonly roles?: readonly Role[];
  readonly repeats?: boolean;
  readonly tokenBudget?: number;
  readonly history?: HistoryValue;
  readonly tools?: Readonly<Record<string, ToolWord>>;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly deadlineMs?: number;
  readonly maxBodyBytes?: number;
  readonly cacheBytes?: number;
  readonly workers?: boolean;
  readonly drainMs?: number;
  readonly log?: "json" | "off";
}

export type SettingKey = keyof Settings;

type Table = { readonly [Key in SettingKey]-?: Setting<NonNullable<Settings[Key]>> };

/** The rows of the table, in the order and under the headings in which help shows them. */
export const SETTINGS: Table = {
  port: wholeNumber(
    { fallback: "8787", help: "Port to listen on; 0 is any that is free." },
    0,
    65_535,
  ),
  host: text(
    {
      fallback: "127.0.0.1",
      help: "Address to listen on. One that other machines reach needs a token.",
    },
    "ADDRESS",
  ),
  token: secret(
    {
      fallback: "none",
      help: "What clients have to send as x-headroom-token. Better in a variable than in a flag, which other users of this machine see.",
    },
    32,
  ),
  allowedHosts: list(
    {
      fallback: "those of this machine, and host",
      help: "Names by which clients call it: what their Host header says.",
    },
    "NAMES",
  ),
  allowedOrigins: list(
    { fallback: "none", help: "Origins of web pages that may call it." },
    "ORIGINS",
  ),
  webSockets: onOff({
    fallback: "true",
    help: "Tells clients that want a WebSocket to use HTTP, where requests are shortened; WebSockets go through unread.",
  }),
  anthropicUrl: url({
    fallback: "https://api.anthropic.com",
    help: "Anthropic, or a gateway that speaks as it does.",
  }),
  openaiUrl: url({
    fallback: "https://api.openai.com",
    help: "OpenAI, or a gateway that speaks as it does.",
  }),
  googleUrl: url({
    fallback: "https://generativelanguage.googleapis.com",
    help: "Gemini, or a gateway that speaks as it does.",
  }),
  connectMs: wholeNumber(
    { fallback: "10000", help: "Milliseconds until a connection to a provider stands." },
    1,
    MAX,
  ),
  firstByteMs: wholeNumber(
    {
      fallback: "1800000",
      help: "Milliseconds until a provider begins to answer; 0 waits for ever.",
    },
    0,
    MAX,
  ),
  idleMs: wholeNumber(
    {
      fallback: "1800000",
      help: "Milliseconds between two pieces of an answer; 0 waits for ever.",
    },
    0,
    MAX,
  ),
  uploadIdleMs: wholeNumber(
    {
      fallback: "120000",
      help: "Milliseconds between two pieces of a client's request; 0 waits for ever.",
    },
    0,
    MAX,
  ),
  store: text(
    {
      fallback: "memory",
      help: "memory, sqlite:PATH, redis://…, rediss://…, or none: then nothing is left out. Several proxies share one Redis.",
    },
    "STORE",
  ),
  storeTtlSeconds: wholeNumber(
    {
      fallback: "2592000; Redis 86400",
      help: "Seconds that an original lives after its last use (sqlite, redis).",
    },
    1,
    MAX,
  ),
  storeTimeoutMs: wholeNumber(
    {
      fallback: "1000",
      help: "Milliseconds that storing may hold a request up; then nothing is left out of it.",
    },
    1,
    MAX,
  ),
  encryptionKey: secret(
    {
      fallback: "none",
      help: "Encrypts originals in Redis (AES-256-GCM). The same for all proxies that share it.",
    },
    32,
  ),
  secret: secret(
    {
      fallback: "none",
      help: "Enters into the names of originals, so that nobody without it can compute them. The same for all proxies that share a store.",
    },
    16,
  ),
  namespace: text(
    { fallback: "one for each API key", help: "One namespace for all clients." },
    "NAME",
  ),
  mode: word(
    {
      fallback: "balanced; lossless without a store",
      help: "audit measures and sends requests as they came; lossless leaves nothing out.",
    },
    MODES,
    "MODE",
  ),
  retrieval: onOff({
    fallback: "true",
    help: "Offers models no headroom_retrieve, and leaves nothing out.",
  }),
  maxRetrievals: wholeNumber(
    {
      fallback: "8",
      help: "Replies of one request, at most, whose retrievals are answered.",
    },
    0,
    1_000,
  ),
  minTokens: wholeNumber({ fallback: "200", help: "Shorter texts are left alone." }, 0, MAX),
  roles: list({ fallback: "tool", help: "Whose texts may be shortened." }, "ROLES", [
    "tool",
    "user",
    "assistant",
    "document",
    "system",
  ]),
  repeats: onOff({
    fallback: "true",
    help: "Sends lines again that stand above in the conversation, without a reference to them.",
  }),
  tokenBudget: wholeNumber(
    {
      fallback: "none",
      help: "Long conversations: from 80 % of so many tokens on, older turns shrink to 40 %. Needs a store.",
    },
    1,
    MAX,
  ),
  history: history({
    fallback: "none; half of TRIGGER, 5 turns",
    help: "The same in figures of your own: older turns shrink to TARGET tokens when a conversation passes TRIGGER, the last KEEP turns stay whole. Not beside token-budget.",
  }),
  tools: wordsByName(
    {
      fallback: "none",
      help: "Another mode for a tool's results; * and ? stand for any letters, exclude leaves them alone, outline shows code without its bodies (@headroom/code).",
    },
    [...MODES, ...OTHER_WORDS],
    "NAME=MODE",
  ),
  include: list(
    {
      fallback: "all",
      help: "Only these kinds of content; code, html and snapshot come with @headroom/code and @headroom/html.",
    },
    "KINDS",
    ALL_KINDS,
  ),
  exclude: list({ fallback: "none", help: "Not these kinds of content." }, "KINDS", ALL_KINDS),
  deadlineMs: wholeNumber(
    {
      fallback: "1000; once warm 250 and 1 a KiB",
      help: "Milliseconds, at most, that shortening holds a request up; then new texts go on as they came.",
    },
    1,
    MAX,
  ),
  maxBodyBytes: wholeNumber(
    { fallback: "67108864", help: "Larger requests go through unread." },
    1,
    MAX,
  ),
  cacheBytes: wholeNumber(
    {
      fallback: "33554432",
      help: "Bytes of results remembered for each namespace; at most 64 namespaces are.",
    },
    0,
    MAX,
  ),
  workers: onOff({
    fallback: "true",
    help: "Shortens texts in the thread that serves requests, not in worker threads.",
  }),
  drainMs: wholeNumber(
    {
      fallback: "30000",
      help: "Milliseconds that requests at work have when the proxy is told to stop.",
    },
    0,
    2_147_483_647,
  ),
  log: word(
    {
      fallback: "off",
      help: "json: a line for each request to standard output, with figures and names of a fixed set; nothing of what it says.",
    },
    ["json", "off"],
    "json|off",
  ),
};

/** Headings, and what stands under them. */
export const GROUPS: Readonly<Record<string, readonly SettingKey[]>> = {
  "Who may use it": ["port", "host", "token", "allowedHosts", "allowedOrigins", "webSockets"],
  "Where requests go": [
    "anthropicUrl",
    "openaiUrl",
    "googleUrl",
    "connectMs",
    "firstByteMs",
    "idleMs",
    "uploadIdleMs",
  ],
  "Where originals are kept": [
    "store",
    "storeTtlSeconds",
    "storeTimeoutMs",
    "encryptionKey",
    "secret",
    "namespace",
  ],
  "What is shortened": [
    "mode",
    "retrieval",
    "maxRetrievals",
    "minTokens",
    "roles",
    "repeats",
    "tokenBudget",
    "history",
    "tools",
    "include",
    "exclude",
  ],
  "How it runs": ["deadlineMs", "maxBodyBytes", "cacheBytes", "workers", "drainMs", "log"],
};

export const SETTING_KEYS: readonly SettingKey[] = Object.values(GROUPS).flat();

/** `maxBodyBytes` as `max-body-bytes`. */
export function flagOf(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

export const PREFIX = "HEADROOM_PROXY_";

/** `maxBodyBytes` as HEADROOM_PROXY_MAX_BODY_BYTES. */
export function variableOf(key: string): string {
  return `${PREFIX}${flagOf(key).replaceAll("-", "_").toUpperCase()}`;
}
