/** Whoever may write to Redis can put anything into a ledger or on its channel; nothing of it ends or misleads a process. */
import type { SharedRecord } from "@headroom/core";
import { type RedisLedgerEvent, redisLedger } from "@headroom/redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { redisStartable } from "../../../test/support/redis-server.ts";
import { entryOf, type Served, serve } from "./servers.ts";

const draft = { name: "a", ref: entryOf("a").ref, agent: "x", at: 1, tokens: 1 };
const NO_RECORDS = [
  "not json",
  "",
  "null",
  "7",
  '"text"',
  "[]",
  "{}",
  '{"__proto__":{}}',
  JSON.stringify({ ...draft, version: "1" }),
  JSON.stringify({ ...draft, version: -1 }),
  JSON.stringify({ ...draft, version: 1, ref: "../../x" }),
  JSON.stringify({ ...draft, version: 1, at: null }),
  "[".repeat(100_000),
];

describe.runIf(redisStartable())("a ledger that others write to", () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve();
  });
  afterAll(() => served?.stop());

  it("ignores messages that are no records, and tells", async () => {
    const events: RedisLedgerEvent[] = [];
    const heard: SharedRecord[] = [];
    const ledger = redisLedger({
      url: served.server.url,
      session: "thread-17",
      onEvent: (event) => events.push(event),
    });
    const stop = await ledger.subscribe?.((record) => {
      heard.push(record);
      if (record.name === "throws") throw new Error("a listener's own fault");
    });
    const [channel = ""] = (await served.admin.pubsub("CHANNELS", "*")) as string[];
    for (const message of NO_RECORDS) await served.admin.publish(channel, message);
    await ledger.append({ ...draft, name: "throws" });
    await ledger.append(draft);
    await expect.poll(() => heard.map(({ name }) => name)).toEqual(["throws", "a"]);
    expect(events.filter(({ type }) => type === "ignored")).toHaveLength(NO_RECORDS.length);
    expect(events.filter(({ type }) => type === "error")).toEqual([
      { type: "error", message: expect.stringMatching(/a listener failed/) },
    ]);
    await stop?.();
    await ledger.close?.();
  });

  it("skips versions that are no records, and counters that are no numbers", async () => {
    const ledger = redisLedger({ client: served.admin, session: "odd", timeoutMs: 3_000 });
    await ledger.append(draft);
    const keys = (await served.admin.keys("*:records")).filter((key) => key.includes("ctx-"));
    for (const json of NO_RECORDS) {
      for (const records of keys) {
        await served.admin.hset(records, "2:a", json);
        await served.admin.hset(records.replace(":records", ":versions"), "a", "2");
      }
      expect(await ledger.latest("a")).toMatchObject({ version: 1 });
      expect(await ledger.list()).toHaveLength(1);
    }
    for (const counter of ["nonsense", "1e300", "-5"]) {
      for (const records of keys)
        await served.admin.hset(records.replace(":records", ":versions"), "a", counter);
      expect(await ledger.latest("a")).toBeUndefined();
    }
  });
});
