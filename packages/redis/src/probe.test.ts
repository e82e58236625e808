import { describe, expect, it } from "vitest";
import type { RedisClient } from "./client.ts";
import { primaries, probe, type ServerState } from "./probe.ts";

interface Says {
  readonly info?: Readonly<Record<string, string | undefined>> | Error;
  readonly appendfsync?: unknown;
}

const GOOD = {
  run_id: "run",
  master_replid: "repl",
  maxmemory_policy: "noeviction",
  maxmemory: "0",
  aof_enabled: "1",
  connected_slaves: "2",
};
const refused = Object.assign(new Error("NOPERM"), { name: "ReplyError" });

/** A server that answers INFO and CONFIG with these fields. */
function node({ info = {}, appendfsync = "always" }: Says = {}): RedisClient {
  return {
    info: async () => {
      if (info instanceof Error) throw info;
      const fields = Object.entries({ ...GOOD, ...info }).filter(
        ([, value]) => value !== undefined,
      );
      return ["# Server", ...fields.map(([name, value]) => `${name}:${value}`), ""].join("\r\n");
    },
    config: async (_: string, parameter: string) => {
      if (appendfsync instanceof Error) throw appendfsync;
      return [parameter, appendfsync];
    },
  } as unknown as RedisClient;
}

function cluster(...nodes: readonly RedisClient[]): RedisClient {
  return { nodes: (role: string) => (role === "master" ? nodes : []) } as unknown as RedisClient;
}

const STATE: ServerState = {
  identity: "run repl",
  evicts: false,
  persists: true,
  sync: "always",
  replicas: 2,
};

describe("the state of a server", () => {
  it.each<[string, Says, Partial<ServerState>]>([
    ["all is well", {}, {}],
    ["a policy that evicts, without a bound", { info: { maxmemory_policy: "allkeys-lru" } }, {}],
    [
      "a policy that evicts, and a bound",
      { info: { maxmemory_policy: "allkeys-lru", maxmemory: "5" } },
      { evicts: true },
    ],
    ["a bound, and no policy that evicts", { info: { maxmemory: "5" } }, {}],
    ["no policy is named", { info: { maxmemory_policy: undefined } }, { evicts: undefined }],
    ["no append-only file", { info: { aof_enabled: "0" } }, { persists: false }],
    ["not a word of such a file", { info: { aof_enabled: undefined } }, { persists: undefined }],
    ["no replica", { info: { connected_slaves: "0" } }, { replicas: 0 }],
    ["no word of replicas", { info: { connected_slaves: undefined } }, { replicas: undefined }],
    ["no id", { info: { run_id: undefined } }, { identity: undefined }],
    ["synced every second", { appendfsync: "everysec" }, { sync: "everysec" }],
    ["never synced", { appendfsync: "no" }, { sync: "no" }],
    ["CONFIG is refused", { appendfsync: refused }, { sync: undefined }],
    [
      "INFO is refused",
      { info: refused },
      { identity: undefined, evicts: undefined, persists: undefined, replicas: undefined },
    ],
  ])("is read from what it says: %s", async (_, says, state) => {
    expect(await probe(node(says))).toEqual({ ...STATE, ...state });
  });

  it("is not known where it cannot be reached", async () => {
    const lost = new Error("connection lost");
    await expect(probe(node({ info: lost }))).rejects.toBe(lost);
    await expect(probe(node({ appendfsync: lost }))).rejects.toBe(lost);
  });
});

describe("the state of a cluster", () => {
  const other = { run_id: "another", master_replid: "x" };

  it.each<[string, Says, Partial<ServerState>]>([
    ["as good as the first", { info: other }, {}],
    [
      "evicts",
      { info: { ...other, maxmemory_policy: "allkeys-lru", maxmemory: "5" } },
      { evicts: true },
    ],
    ["may evict", { info: { ...other, maxmemory_policy: undefined } }, { evicts: undefined }],
    ["keeps no file", { info: { ...other, aof_enabled: "0" } }, { persists: false }],
    ["may keep a file", { info: { ...other, aof_enabled: undefined } }, { persists: undefined }],
    ["has fewer replicas", { info: { ...other, connected_slaves: "1" } }, { replicas: 1 }],
    ["has more replicas", { info: { ...other, connected_slaves: "3" } }, {}],
    [
      "may have replicas",
      { info: { ...other, connected_slaves: undefined } },
      { replicas: undefined },
    ],
    ["syncs every second", { info: other, appendfsync: "everysec" }, { sync: "everysec" }],
    ["never syncs", { info: other, appendfsync: "no" }, { sync: "no" }],
    ["may sync", { info: other, appendfsync: refused }, { sync: undefined }],
  ])("is that of its weakest node, and one of two %s", async (_, says, state) => {
    const expected = { ...STATE, identity: "another x,run repl", ...state };
    expect(await probe(cluster(node(), node(says)))).toEqual(expected);
    expect(await probe(cluster(node(says), node()))).toEqual(expected);
  });

  it("has no identity where one node has none", async () => {
    const { identity } = await probe(cluster(node(), node({ info: { run_id: undefined } })));
    expect(identity).toBeUndefined();
  });

  it("that names no node is the one there is", () => {
    const client = cluster();
    expect(primaries(client)).toEqual([client]);
    const one = node();
    expect(primaries(cluster(one))).toEqual([one]);
    expect(primaries(one)).toEqual([one]);
  });
});
