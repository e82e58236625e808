/** Where `headroom mcp` keeps originals, and who shared what. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { CcrStore, SharedLedger } from "@headroom/core";
import { CommandError } from "../command-error.ts";
import { openProxyStore } from "../proxy/open-proxy-store.ts";
import type { McpSettings } from "./settings.ts";

export interface McpStores {
  readonly store: CcrStore;
  /** Absent: who shared what is known to this process alone. */
  readonly ledger?: SharedLedger;
}

type Environment = Readonly<Record<string, string | undefined>>;
type StoreSettings = Pick<
  McpSettings,
  "store" | "storeTtlSeconds" | "encryptionKey" | "secret" | "namespace"
>;

const DATABASE = "originals.db";

/**
 * @param tell gets sentences for the person who runs it
 * @throws CommandError
 */
export async function openMcpStores(
  settings: StoreSettings,
  env: Environment,
  tell: (sentence: string) => void,
): Promise<McpStores> {
  const store = storePlace(settings.store, env);
  if (store === "none")
    throw new CommandError("--store none keeps nothing, and headroom mcp serves what is kept.");
  const opened = await openProxyStore({ ...settings, store }, tell);
  if (!opened.store) throw new CommandError("headroom mcp needs a store.");
  return { store: opened.store, ...(await ledgerFor(store, opened.kind, settings, tell)) };
}

/** As `openProxyStore` takes it. */
export function storePlace(given: string | undefined, env: Environment): string {
  if (given === undefined)
    return `sqlite:${join(env.HEADROOM_STORE || join(env.HOME || homedir(), ".headroom"), DATABASE)}`;
  const isNamed =
    given === "memory" || given === "none" || /^(?:sqlite:|rediss?:\/\/)/i.test(given);
  return isNamed ? given : `sqlite:${join(resolve(given), DATABASE)}`;
}

/** One for all servers over a store, so that clients of several can share. */
async function ledgerFor(
  place: string,
  kind: string,
  { namespace, secret }: StoreSettings,
  tell: (sentence: string) => void,
): Promise<{ readonly ledger?: SharedLedger }> {
  const scope = {
    ...(namespace === undefined ? {} : { namespace }),
    ...(secret === undefined ? {} : { secret }),
  };
  if (kind === "redis") {
    const { redisLedger } = await import("@headroom/redis");
    const onEvent = ({ message }: { readonly message: string }): void => tell(`Redis: ${message}`);
    return { ledger: redisLedger({ url: place, session: "mcp", ...scope, onEvent }) };
  }
  if (kind === "sqlite") {
    const { sqliteLedger } = await import("@headroom/sqlite");
    const path = `${place.slice("sqlite:".length).replace(/\.db$/, "")}.shared.db`;
    const file = path.startsWith("~/") ? join(homedir(), path.slice(2)) : path;
    return { ledger: sqliteLedger({ path: file, ...(namespace ? { session: namespace } : {}) }) };
  }
  return {};
}
