/** `--store`: where the proxy keeps originals. What a store needs is loaded where it is asked for. */
import { homedir } from "node:os";
import { join } from "node:path";
import { type CcrStore, memoryStore } from "@headroom/core";
import { CommandError } from "../command-error.ts";
import type { Settings } from "./settings.ts";

export interface ProxyStore {
  /** Absent for `none`. */
  readonly store?: CcrStore;
  readonly kind: "memory" | "none" | "redis" | "sqlite";
}

const SQLITE = "sqlite:";
type StoreSettings = Pick<Settings, "store" | "storeTtlSeconds" | "encryptionKey" | "secret">;

/**
 * @param tell gets a sentence for what a person should know, now or later; without content and without secrets
 * @throws CommandError
 */
export async function openProxyStore(
  settings: StoreSettings,
  tell: (sentence: string) => void,
): Promise<ProxyStore> {
  const { store: given = "memory", storeTtlSeconds: ttlSeconds, encryptionKey, secret } = settings;
  const life = ttlSeconds === undefined ? {} : { ttlSeconds };
  const isRedis = /^rediss?:\/\//i.test(given);
  if (encryptionKey !== undefined && !isRedis)
    throw new CommandError("--encryption-key encrypts originals in Redis; this store has none.");
  if (given === "none") return { kind: "none" };
  if (given === "memory") return { kind: "memory", store: memoryStore() };
  if (isRedis) {
    if (!URL.canParse(given)) throw new CommandError("--store has no valid redis:// URL.");
    const { redisStore } = await import("@headroom/redis");
    const store = redisStore({
      url: given,
      ...life,
      ...(encryptionKey === undefined ? {} : { encryptionKey }),
      ...(secret === undefined ? {} : { secret }),
      onEvent: ({ message }) => tell(`Redis: ${message}`),
    });
    return { kind: "redis", store };
  }
  const path = given.startsWith(SQLITE) ? given.slice(SQLITE.length) : "";
  if (path === "")
    throw new CommandError(
      "--store takes memory, sqlite:PATH, redis://HOST:PORT, rediss://HOST:PORT or none.",
    );
  const { sqliteStore } = await import("@headroom/sqlite");
  // A shell expands `~` at the start of a word only.
  const file = path.startsWith("~/") ? join(homedir(), path.slice(2)) : path;
  return { kind: "sqlite", store: sqliteStore({ path: file, ...life }) };
}
