/** When a server is asked, how long it is waited for, and what is said, on a clock that stands still. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RedisClient } from "./client.ts";
import { acknowledged, NotDurableError, strict } from "./durability.ts";

const GOOD = {
  run_id: "run",
  master_replid: "repl",
  maxmemory_policy: "noeviction",
  maxmemory: "0",
  aof_enabled: "1",
  connected_slaves: "0",
};

interface Told {
  info: Record<string, string> | undefined;
  sync: string | undefined;
  reached: number;
  stream: unknown;
  /** What was asked, with its arguments. */
  readonly asked: string[];
  /** Called before INFO is answered. */
  before: () => unknown;
}
let told: Told;
let client: RedisClient;
beforeEach(() => {
  told = {
    info: GOOD,
    sync: "always",
    reached: 1,
    stream: "first",
    asked: [],
    before: () => undefined,
  };
  const refused = Object.assign(new Error("NOPERM"), { name: "ReplyError" });
  client = {
    get stream() {
      return told.stream;
    },
    async info() {
      told.asked.push("info");
      const { info } = told;
      await told.before();
      if (info === undefined) throw refused;
      return Object.entries(info)
        .map(([name, value]) => `\n${name}:${value}\r`)
        .join("")
        .concat("\n");
    },
    async config() {
      if (told.sync === undefined) throw refused;
      return ["appendfsync", told.sync];
    },
    async wait(...words: number[]) {
      told.asked.push(`wait ${words.join(" ")}`);
      return told.reached;
    },
  } as unknown as RedisClient;
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const write = async (): Promise<void> => void told.asked.push("write");

describe("an acknowledged put", () => {
  it.each<[string, Partial<Told>, readonly string[]]>([
    ["nothing", {}, []],
    [
      "that it does not know",
      { info: undefined },
      [
        "the server does not say whether it evicts or persists what it acknowledges (INFO is not permitted).",
      ],
    ],
    [
      "eviction",
      { info: { ...GOOD, maxmemory: "9", maxmemory_policy: "allkeys-lru" } },
      [
        "the server evicts keys when it is full (maxmemory-policy is not noeviction): originals can vanish while a marker lives.",
      ],
    ],
    [
      "a restart",
      { info: { ...GOOD, aof_enabled: "0" } },
      [
        "the server keeps no append-only file and has no replica: a restart loses the originals since its last snapshot.",
      ],
    ],
    [
      "nothing where a replica has it",
      { info: { ...GOOD, aof_enabled: "0", connected_slaves: "1" } },
      [],
    ],
    [
      "that the disk is not known",
      { sync: undefined },
      [
        "the server does not say when its append-only file reaches the disk (CONFIG GET is not permitted).",
      ],
    ],
    [
      "seconds",
      { sync: "everysec" },
      [
        "the server does not sync every write (appendfsync everysec): a power failure loses the originals of the last second or two.",
      ],
    ],
    [
      "half a minute",
      { sync: "no" },
      [
        "the server does not sync every write (appendfsync no): a power failure loses the originals of the last half minute.",
      ],
    ],
    [
      "nothing of a disk that is not used",
      { sync: "no", info: { ...GOOD, aof_enabled: "0", connected_slaves: "1" } },
      [],
    ],
  ])("warns of %s, once", async (_, says, expected) => {
    Object.assign(told, says);
    const warned: string[] = [];
    const level = acknowledged((message) => warned.push(message));
    await level.uphold(client, write);
    expect(level.warnings()).toEqual(expected);
    expect(warned).toEqual(expected);
  });

  it.each([
    [0, 1],
    [10_000, 1],
    [10_001, 2],
  ])("asks the server again after ten seconds, not sooner: %d ms", async (later, times) => {
    let time = 5_000;
    vi.spyOn(performance, "now").mockImplementation(() => time);
    const level = acknowledged(() => undefined);
    await level.uphold(client, write);
    await turn();
    time += later;
    await level.uphold(client, write);
    expect(told.asked.filter((word) => word === "info")).toHaveLength(times);
  });

  it("asks a new connection at once, and says again what the old one had been told", async () => {
    told.sync = "no";
    const warned: string[] = [];
    const level = acknowledged((message) => warned.push(message));
    for (const stream of ["first", "first", "second"]) {
      told.stream = stream;
      await level.uphold(client, write);
      await turn();
    }
    expect(told.asked).toEqual(["info", "write", "write", "info", "write"]);
    expect(warned).toHaveLength(2);
  });

  it("waits 100 ms for the answer of a new connection, all its puts together", async () => {
    vi.useFakeTimers();
    told.before = () => new Promise(() => undefined);
    const level = acknowledged(() => undefined);
    let done = 0;
    const put = (): void => void level.uphold(client, write).then(() => done++);
    put();
    await vi.advanceTimersByTimeAsync(99);
    put();
    await vi.advanceTimersByTimeAsync(0);
    expect(done).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(done).toBe(2);
    put();
    await vi.advanceTimersByTimeAsync(0);
    expect(done).toBe(3);
  });

  it("fails with its write, and not where the server will not be asked", async () => {
    told.before = () => Promise.reject(new Error("down"));
    const level = acknowledged(() => undefined);
    await level.uphold(client, write);
    expect(level.warnings()).toEqual([]);
    const failing = level.uphold(client, () => Promise.reject(new Error("write failed")));
    await expect(failing).rejects.toThrow("write failed");
  });
});

describe("a strict put", () => {
  const replicated = { ...GOOD, aof_enabled: "0", connected_slaves: "2" };

  it("asks before, with and after the write where nothing is promised yet, then with and after", async () => {
    told.before = () => turn().then(turn);
    const level = strict(1, 500);
    await level.uphold(client, write);
    expect(told.asked).toEqual(["info", "info", "write", "info"]);
    told.asked.length = 0;
    await level.uphold(client, write);
    expect(told.asked).toEqual(["info", "write", "info"]);
  });

  it("waits for replicas where the disk is not synced, whole milliseconds", async () => {
    told.info = replicated;
    told.reached = 2;
    await strict(2, 499.2).uphold(client, write);
    expect(told.asked.at(-1)).toBe("wait 2 500");
  });

  it.each<[string, Partial<Told>, string]>([
    [
      "evicts",
      { info: { ...GOOD, maxmemory: "9", maxmemory_policy: "allkeys-lru" } },
      "durability is strict and the server evicts keys, or would not say.",
    ],
    [
      "does not say",
      { info: undefined },
      "durability is strict and the server evicts keys, or would not say.",
    ],
    [
      "has too few replicas",
      { info: { ...replicated, connected_slaves: "1" } },
      "durability is strict, and the server neither syncs every write (appendfsync always) nor has 2 replica(s).",
    ],
    [
      "syncs too late",
      { sync: "everysec" },
      "durability is strict, and the server neither syncs every write (appendfsync always) nor has 2 replica(s).",
    ],
  ])("is not written to a server that %s", async (_, says, message) => {
    Object.assign(told, says);
    const refused = strict(2, 500).uphold(client, write);
    await expect(refused).rejects.toThrow(new NotDurableError(message));
    expect(told.asked).toEqual(["info"]);
  });

  it("is refused where fewer replicas have it", async () => {
    Object.assign(told, { info: replicated, reached: 1 });
    await expect(strict(2, 500).uphold(client, write)).rejects.toThrow(
      new NotDurableError("only 1 of 2 replicas have it."),
    );
  });

  it.each<[string, Partial<Told>, string]>([
    ["another server", { info: { ...GOOD, run_id: "other" } }, "the server changed during the put"],
    [
      "one that evicts",
      { info: { ...GOOD, maxmemory: "9", maxmemory_policy: "x" } },
      "evicts keys",
    ],
    [
      "one that syncs no more, though it has replicas",
      { sync: "no", info: { ...GOOD, connected_slaves: "1" } },
      "the server changed during the put",
    ],
  ])(
    "is refused where the server has become %s meanwhile, and asked anew",
    async (_, says, why) => {
      const level = strict(1, 500);
      await level.uphold(client, write);
      await turn();
      const changed = level.uphold(client, async () => {
        await turn();
        Object.assign(told, says);
      });
      await expect(changed).rejects.toThrow(why);
      await turn();
      Object.assign(told, { info: GOOD, sync: "always" });
      told.asked.length = 0;
      await level.uphold(client, write);
      expect(told.asked).toEqual(["info", "write"]);
    },
  );

  it("fails with its write", async () => {
    const failing = strict(1, 500).uphold(client, () => Promise.reject(new Error("write failed")));
    await expect(failing).rejects.toThrow("write failed");
  });
});
