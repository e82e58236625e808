/** Settings of `headroom mcp wrap`: those of `serve` and of the proxy that fit, and a few of its own. */
import type { StructuredPolicy } from "@headroom/mcp/gateway";
import { type Setting, wholeNumber, word } from "../proxy/setting.ts";
import { SETTINGS, type Settings } from "../proxy/settings.ts";
import { MCP_SETTINGS, type McpSettings } from "./settings.ts";

type OfServe =
  | "store"
  | "namespace"
  | "storeTtlSeconds"
  | "storeTimeoutMs"
  | "encryptionKey"
  | "secret"
  | "mode"
  | "minTokens";
type OfTheProxy = "tools" | "include" | "exclude" | "deadlineMs";

export interface WrapSettings extends Pick<McpSettings, OfServe>, Pick<Settings, OfTheProxy> {
  readonly structured?: StructuredPolicy;
  readonly maxFrameBytes?: number;
}

const { store, namespace, storeTtlSeconds, storeTimeoutMs } = MCP_SETTINGS;
const { encryptionKey, secret, mode, minTokens } = MCP_SETTINGS;
const { tools, include, exclude, deadlineMs } = SETTINGS;

/** Rows by key, in the order in which help shows them. */
export const WRAP_SETTINGS: Readonly<Record<keyof WrapSettings, Setting<unknown>>> = {
  store: {
    ...store,
    help: "Where originals are kept: a folder as for compress, sqlite:PATH, redis://…, rediss://…, memory, or none: then nothing is left out.",
  },
  namespace,
  storeTtlSeconds,
  storeTimeoutMs,
  encryptionKey,
  secret,
  mode: { ...mode, help: "audit passes results as they came; lossless leaves nothing out." },
  minTokens,
  tools,
  include,
  exclude,
  structured: word(
    {
      fallback: "auto",
      help: "Structured content that says what a shortened text says: keep it, drop it, or drop it for clients that show it in place of the text.",
    },
    ["auto", "keep", "drop"],
    "auto|keep|drop",
  ),
  deadlineMs: {
    ...deadlineMs,
    fallback: "2000",
    help: "Milliseconds, at most, that a result is held up; then it goes on as it came.",
  },
  maxFrameBytes: wholeNumber(
    { fallback: "33554432", help: "Larger messages pass unread." },
    1,
    Number.MAX_SAFE_INTEGER,
  ),
};
