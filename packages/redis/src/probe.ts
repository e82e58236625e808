/** Asks a server whether what it acknowledges is there tomorrow. */
import type { RedisClient } from "./client.ts";

/** What is known of the weakest node. `undefined` means the server would not say. */
export interface Durability {
  /** It drops keys when full: acknowledged originals can vanish. */
  readonly evicts: boolean | undefined;
  /** Every write is on disk before it is acknowledged. */
  readonly syncsEveryWrite: boolean | undefined;
  /** It writes an append-only file at all. */
  readonly persists: boolean | undefined;
  readonly replicas: number | undefined;
}

export async function probe(client: RedisClient): Promise<Durability> {
  const nodes = client.nodes?.("master") ?? [];
  const all = await Promise.all((nodes.length > 0 ? nodes : [client]).map(probeNode));
  return {
    evicts: worst(
      all.map(({ evicts }) => evicts),
      true,
    ),
    syncsEveryWrite: worst(
      all.map(({ syncsEveryWrite }) => syncsEveryWrite),
      false,
    ),
    persists: worst(
      all.map(({ persists }) => persists),
      false,
    ),
    replicas: all.every(({ replicas }) => replicas !== undefined)
      ? Math.min(...all.map(({ replicas }) => replicas ?? 0))
      : undefined,
  };
}

async function probeNode(client: RedisClient): Promise<Durability> {
  const info = await allowed(client.info());
  if (info === undefined)
    return {
      evicts: undefined,
      syncsEveryWrite: undefined,
      persists: undefined,
      replicas: undefined,
    };
  const field = (name: string): string | undefined => {
    const at = info.indexOf(`\n${name}:`);
    return at < 0 ? undefined : info.slice(at + name.length + 2, info.indexOf("\n", at + 1)).trim();
  };
  const policy = field("maxmemory_policy");
  const limited = field("maxmemory") !== "0";
  const persists = field("aof_enabled") === "1";
  const sync = persists ? await allowed(client.config("GET", "appendfsync")) : undefined;
  return {
    evicts: policy === undefined ? undefined : limited && policy !== "noeviction",
    syncsEveryWrite: persists
      ? sync === undefined
        ? undefined
        : JSON.stringify(sync).includes("always")
      : false,
    persists,
    replicas: Number(field("connected_slaves") ?? Number.NaN) || 0,
  };
}

/** A server may forbid INFO or CONFIG; that is an answer. That it cannot be reached is none. */
async function allowed<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && error.name === "ReplyError") return undefined;
    throw error;
  }
}

/** One bad node is enough; one unknown node makes the whole unknown. */
function worst(values: readonly (boolean | undefined)[], bad: boolean): boolean | undefined {
  if (values.includes(bad)) return bad;
  return values.includes(undefined) ? undefined : !bad;
}
