/** Asks a server who it is and whether what it acknowledges is there tomorrow. */
import type { RedisClient } from "./client.ts";
import { isRefusal } from "./errors.ts";

/** What is known of the weakest node. `undefined` means the server would not say. */
export interface ServerState {
  /** Another one after a restart, a failover or a change of role. */
  readonly identity: string | undefined;
  /** It drops keys when full: acknowledged originals can vanish. */
  readonly evicts: boolean | undefined;
  /** It writes an append-only file. */
  readonly persists: boolean | undefined;
  /** When that file reaches the disk: `always`, `everysec` or `no`. */
  readonly sync: string | undefined;
  readonly replicas: number | undefined;
}

/** The nodes that take writes: those of a cluster, or the one there is. */
export function primaries(client: RedisClient): readonly RedisClient[] {
  const nodes = client.nodes?.("master") ?? [];
  return nodes.length > 0 ? nodes : [client];
}

export async function probe(client: RedisClient): Promise<ServerState> {
  const all = await Promise.all(primaries(client).map(probeNode));
  const identities = all.map(({ identity }) => identity);
  return {
    identity: identities.includes(undefined) ? undefined : identities.sort().join(),
    evicts: worst(all, ({ evicts }) => evicts, true),
    persists: worst(all, ({ persists }) => persists, false),
    sync: ["no", undefined, "everysec", "always"].find((weakest) =>
      all.some(({ sync }) => sync === weakest),
    ),
    replicas: all.some(({ replicas }) => replicas === undefined)
      ? undefined
      : Math.min(...all.map(({ replicas = 0 }) => replicas)),
  };
}

async function probeNode(client: RedisClient): Promise<ServerState> {
  const [info, config] = await Promise.all([
    allowed(client.info()),
    allowed(client.config("GET", "appendfsync")),
  ]);
  const field = (name: string): string | undefined => {
    if (info === undefined) return undefined;
    const at = info.indexOf(`\n${name}:`);
    return at < 0 ? undefined : info.slice(at + name.length + 2, info.indexOf("\n", at + 1)).trim();
  };
  const [run, replication, policy] = ["run_id", "master_replid", "maxmemory_policy"].map(field);
  const appends = field("aof_enabled");
  const replicas = Number(field("connected_slaves") ?? Number.NaN);
  return {
    identity: run === undefined ? undefined : `${run} ${replication}`,
    evicts:
      policy === undefined ? undefined : field("maxmemory") !== "0" && policy !== "noeviction",
    persists: appends === undefined ? undefined : appends === "1",
    sync: ["always", "everysec", "no"].find((word) =>
      JSON.stringify(config ?? "").includes(`"${word}"`),
    ),
    replicas: Number.isNaN(replicas) ? undefined : replicas,
  };
}

/** A server may forbid INFO or CONFIG; that is an answer. That it cannot be reached is none. */
async function allowed<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

/** One bad node is enough; one unknown node makes the whole unknown. */
function worst(
  states: readonly ServerState[],
  of: (state: ServerState) => boolean | undefined,
  bad: boolean,
): boolean | undefined {
  const values = states.map(of);
  if (values.includes(bad)) return bad;
  return values.includes(undefined) ? undefined : !bad;
}
