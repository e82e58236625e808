/** What a store sends and says, and when it gives a connection up. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { refOf, refScope } from "@headroom/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type RecordingClient, recordingClient } from "../test/recording-client.ts";
import type { RedisStoreEvent, RedisStoreOptions } from "./options.ts";
import { HEADER_BYTES, MAX_ORIGINAL } from "./record.ts";
import { redisStore } from "./redis-store.ts";
import { scopeOf } from "./scope.ts";

const ref = refOf("text", refScope("default"));
const name = scopeOf({}).current.nameOf(ref);
const NOW = 1_000_000;

let recording: RecordingClient;
let events: RedisStoreEvent[];
beforeEach(() => {
  recording = recordingClient();
  events = [];
  Object.assign(recording.client, {
    info: async () =>
      "\nrun_id:r\r\nmaxmemory:0\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n",
    config: async () => ["appendfsync", "always"],
  });
});
const store = (options: RedisStoreOptions = {}) =>
  redisStore({
    client: recording.client,
    now: () => NOW,
    onEvent: (event) => events.push(event),
    ...options,
  });
const take = (): string[] => recording.sent.splice(0).map((sent) => sent.replace(name, "n"));

describe("the life of an original", () => {
  it.each([
    ["the store's", undefined, 86_400_000],
    ["its own", NOW + 5, 5],
    ["a part of a millisecond", NOW + 0.1, 1],
    ["without an end", Number.POSITIVE_INFINITY, 315_360_000_000],
    ["ten years", NOW + 315_360_000_000, 315_360_000_000],
  ])("is %s", async (_, expiresAt, milliseconds) => {
    await store().put({ ref, text: "text", ...(expiresAt === undefined ? {} : { expiresAt }) });
    expect(take()).toEqual([`set n PX ${milliseconds} NX`, "getrange n 0 1048596"]);
  });

  it("that is over is not begun", async () => {
    await store().put({ ref, text: "text", expiresAt: NOW });
    expect(take()).toEqual([]);
  });

  it("begins anew with a get, from the server or of this process", async () => {
    await store().put({ ref, text: "text" });
    take();
    const reader = store({ ttlSeconds: 100_000 });
    expect(await reader.get(ref)).toEqual({ ref, text: "text", expiresAt: NOW + 100_000_000 });
    expect(take()).toEqual(["pexpire n 100000000 GT", "getrange n 0 1048596"]);
    expect(await reader.get(ref)).toEqual({ ref, text: "text" });
    expect(take()).toEqual(["pexpire n 100000000 GT", "getrange n 0 0"]);
  });
});

describe("a copy in this process", () => {
  it("is served where the server cannot be reached, not where the record is gone", async () => {
    const kept = store();
    await kept.put({ ref, text: "text" });
    recording.before = () => {
      throw new Error("down");
    };
    expect((await kept.get(ref))?.text).toBe("text");
    recording.before = () => undefined;
    recording.values.clear();
    expect(await kept.get(ref)).toBeUndefined();
    recording.before = () => {
      throw new Error("down");
    };
    await expect(kept.get(ref)).rejects.toThrow(/down/);
  });

  it("is forgotten with a delete, which says whether there was a record", async () => {
    const kept = store();
    await kept.put({ ref, text: "text" });
    expect([await kept.delete?.(ref), await kept.delete?.(ref)]).toEqual([true, false]);
    recording.before = () => {
      throw new Error("down");
    };
    await expect(kept.get(ref)).rejects.toThrow(/down/);
  });
});

describe("a store says", () => {
  it("that an original is too large", async () => {
    const [error] = (await store().putMany?.([{ ref, text: "x".repeat(MAX_ORIGINAL + 1) }])) ?? [];
    expect(error?.message).toMatch(/put.* the original has over 67108864 bytes\.$/);
    expect(take()).toEqual([]);
  });

  it("nothing of the largest original there may be", async () => {
    await store({ localCacheBytes: 0 }).put({ ref, text: "x".repeat(MAX_ORIGINAL) });
    expect(recording.values.get(name)?.byteLength).toBeGreaterThan(HEADER_BYTES);
    expect(events).toEqual([]);
  });

  it("that another text stands under a ref", async () => {
    await store().put({ ref, text: "another" });
    await expect(store().put({ ref, text: "text" })).rejects.toThrow(
      /put.* another text stands under this ref\.$/,
    );
    expect(events).toEqual([
      {
        type: "collision",
        message: "another text stands under a ref of this namespace: refused.",
      },
    ]);
  });

  it("that a record is damaged, and how", async () => {
    recording.values.set(name, Buffer.from("no record"));
    const why = "it is not a record of this version of the package";
    await expect(store().get(ref)).rejects.toThrow(
      `the record is damaged (${why}) and is not served.`,
    );
    expect(events).toEqual([
      { type: "corrupt", message: `the record of ${ref.slice(0, 4)}… is damaged: ${why}.` },
    ]);
  });

  it("that reads lengthen no life, once, until they do again", async () => {
    await store().put({ ref, text: "text" });
    const reader = store({ localCacheBytes: 0 });
    recording.before = (command) => {
      if (command.startsWith("pexpire")) throw new Error("not allowed");
    };
    for (let count = 0; count < 2; count++) expect((await reader.get(ref))?.text).toBe("text");
    const message = "reads do not lengthen the life of originals: not allowed";
    expect(events).toEqual([{ type: "warning", message }]);
    expect(reader.warnings?.()).toEqual([message]);
    recording.before = () => undefined;
    await reader.get(ref);
    expect(reader.warnings?.()).toEqual([]);
  });

  it("that a server which fails is left alone, and for what", async () => {
    const failing = store({ breaker: { failures: 2 } });
    recording.before = () => {
      throw new Error("down");
    };
    for (let count = 0; count < 2; count++) await expect(failing.get(ref)).rejects.toThrow(/down/);
    const why = "2 failures in a row, the last: down";
    await expect(failing.get(ref)).rejects.toThrow(`not tried, ${why}.`);
    await expect(failing.put({ ref, text: "text" })).rejects.not.toThrow(/not tried/);
    expect(events.slice(1)).toEqual([{ type: "breaker", message: `reads: open: ${why}` }]);
  });
});

describe("a connection on which nothing is heard", () => {
  // The test's clock: on a busy machine an answer of the server beside it may take longer than any deadline.
  let waited = 0;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    vi.spyOn(performance, "eventLoopUtilization").mockImplementation(() => ({
      idle: waited,
      active: 0,
      utilization: 0,
    }));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  it("is replaced after three calls in a row, not sooner", async () => {
    const sockets: Socket[] = [];
    let isSilent = false;
    /** Answers go out in order: what was held back comes first. */
    let owed = 0;
    let ask: () => void = () => undefined;
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on("error", () => undefined);
      socket.on("data", (data) => {
        for (const [, command] of data.toString().matchAll(/^\*\d+\r\n\$\d+\r\n(\w+)/gm)) {
          const isRead = command === "getrange" || command === "pexpire";
          if (!isRead) socket.write("+OK\r\n");
          else if (isSilent) {
            owed++;
            ask();
          } else for (owed++; owed > 0; owed--) socket.write("-ERR no\r\n");
        }
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const silent = redisStore({ url, timeoutMs: 60, breaker: { failures: 100 } });
    const call = async (heard: boolean): Promise<void> => {
      isSilent = !heard;
      const isAsked = new Promise<void>((resolve) => {
        ask = resolve;
      });
      const error = silent.get(ref).catch(String);
      if (!heard) {
        await isAsked;
        waited += 60;
        vi.advanceTimersByTime(20);
      }
      expect(await error).toMatch(heard ? /ERR no/ : /no answer within 60 ms/);
    };
    try {
      await call(true);
      for (const heard of [false, false, true, false, false]) await call(heard);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(sockets).toHaveLength(1);
      await call(false);
      await expect.poll(() => sockets.length).toBe(2);
    } finally {
      await silent.close?.();
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  });
});
