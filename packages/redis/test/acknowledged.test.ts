/** Acknowledged means that another process, with the same options, reads the text. Every judge here is a fresh store. */
import type { CcrStore } from "@headroom/core";
import { type RedisStoreOptions, redisStore } from "@headroom/redis";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { redisStartable } from "../../../test/support/redis-server.ts";
import {
  commandsOf,
  entryOf,
  KEY,
  noise,
  OTHER_KEY,
  pause,
  type Served,
  serve,
} from "./servers.ts";

const PATIENT = { timeoutMs: 10_000, breaker: { slowMs: Number.POSITIVE_INFINITY } };
const small = entryOf("line of a log that says nothing new\n".repeat(60));
const large = entryOf(noise(2_600_000));

describe.runIf(redisStartable())("a put that finds a record", () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve();
  });
  afterAll(() => served?.stop());
  beforeEach(async () => void (await served.admin.flushall()));

  const make = (options: Partial<RedisStoreOptions> = {}): CcrStore =>
    redisStore({ client: served.admin, localCacheBytes: 0, ...PATIENT, ...options });
  const fresh = async (
    { ref, text }: typeof small,
    options: Partial<RedisStoreOptions> = {},
  ): Promise<string> => {
    try {
      const got = await make(options).get(ref);
      return got?.text === text ? "as it was put" : (got?.text.slice(0, 80) ?? "absent");
    } catch (error) {
      return String(error);
    }
  };
  const keys = (): Promise<string[]> => served.admin.keys("*");
  const manifest = async (): Promise<string> =>
    (await keys()).find((key) => key.endsWith("}")) ?? "";
  const flip = async (key: string, at: number): Promise<void> => {
    const value = (await served.admin.getBuffer(key)) ?? Buffer.alloc(0);
    value.writeUInt8(value.readUInt8(at) ^ 1, at);
    await served.admin.set(key, value, "KEEPTTL");
  };

  const damages: Record<string, () => Promise<unknown>> = {
    "a payload bit flipped": async () => flip(await manifest(), 60),
    "a header bit flipped": async () => flip(await manifest(), 13),
    "another size in the header": async () => flip(await manifest(), 11),
    "a record of an older version": async () =>
      served.admin.set(await manifest(), "HRC1 and so on"),
    "an empty value": async () => served.admin.set(await manifest(), ""),
    "cut short": async () => served.admin.set(await manifest(), "HRC2"),
    "another type": async () => {
      const key = await manifest();
      await served.admin.del(key);
      await served.admin.lpush(key, "a list");
    },
    "removed by a flush": () => served.admin.flushall(),
  };
  for (const options of [{}, { encryptionKey: KEY }])
    for (const who of ["the same store", "another store"])
      it.each(Object.entries(damages))(
        `writes it anew after: %s (${who}, ${options.encryptionKey ? "encrypted" : "plain"})`,
        async (_name, damage) => {
          const first = make(options);
          await first.put(small);
          await damage();
          await (who === "the same store" ? first : make(options)).put(small);
          expect(await fresh(small, options)).toBe("as it was put");
          expect(await served.admin.pttl(await manifest())).toBeGreaterThan(86_000_000);
        },
      );

  it("writes a large original anew when a part is missing, damaged or forged", async () => {
    const parts = async (): Promise<string[]> => {
      const all = (await keys()).filter((key) => !key.endsWith("}")).sort();
      const lives = await Promise.all(all.map((key) => served.admin.pttl(key)));
      return all.filter((_, index) => (lives[index] ?? 0) > 61_000);
    };
    const store = make();
    await store.put(large);
    expect((await parts()).length).toBe(2);
    for (const damage of [
      async () => served.admin.del((await parts())[1] ?? ""),
      async () => flip((await parts())[0] ?? "", 500_000),
      async () => served.admin.set((await parts())[0] ?? "", "short"),
    ])
      for (const writer of [store, make()]) {
        await damage();
        expect(await fresh(large)).toMatch(/damaged/);
        await writer.put(large);
        expect(await fresh(large)).toBe("as it was put");
      }
    // What was replaced does not stay for the life of the original.
    expect(await parts()).toHaveLength(2);
  });

  const K1 = { encryptionKey: KEY };
  const K2 = { encryptionKey: OTHER_KEY };
  it.each([
    ["another key", K1, K2],
    ["encryption switched on", {}, K1],
    ["encryption switched off", K1, {}],
    ["rotation", K1, { encryptionKeys: [OTHER_KEY, KEY] }],
    ["another secret", { secret: "one" }, { secret: "two" }],
  ])("is read under today's keys after: %s", async (_name, before, after) => {
    for (const entry of [small, large]) {
      await make(before).put(entry);
      await make(after).put(entry);
      expect(await fresh(entry, after)).toBe("as it was put");
    }
  });

  it("reads under older keys, and what stands under them ends with the next put", async () => {
    for (const entry of [small, large]) {
      await served.admin.flushall();
      await make(K1).put({ ...entry, expiresAt: Date.now() + 200_000_000 });
      const old = await keys();
      const rotated = { encryptionKeys: [OTHER_KEY, KEY] };
      expect(await fresh(entry, rotated)).toBe("as it was put");
      expect(await fresh(entry, K2)).toBe("absent");
      await make(rotated).put(entry);
      expect(await fresh(entry, K2)).toBe("as it was put");
      for (const key of await keys()) {
        const life = await served.admin.pttl(key);
        if (old.includes(key)) expect(life).toBeLessThanOrEqual(60_000);
        else expect(life).toBeGreaterThan(199_000_000);
      }
    }
  });

  it("keeps what processes put at once that have the same keys in another order", async () => {
    const orders = [{ encryptionKeys: [KEY, OTHER_KEY] }, { encryptionKeys: [OTHER_KEY, KEY] }];
    for (let round = 0; round < 20; round++) {
      await served.admin.flushall();
      const entry = entryOf(round % 4 === 0 ? noise(1_600_000, round + 3) : `a text ${round}`);
      await Promise.all(orders.map((order) => make(order).put(entry)));
      // What has been given up is gone after its minute; a chunk lives a little longer than its record.
      for (const key of await keys())
        if ((await served.admin.pttl(key)) <= 66_000) await served.admin.unlink(key);
      for (const order of orders) expect(await fresh(entry, order)).toBe("as it was put");
    }
  });

  it("leaves no plain text once encryption is switched on", async () => {
    for (const entry of [small, large]) {
      await served.admin.flushall();
      await make().put(entry);
      const plain = await keys();
      expect(await fresh(entry, K1)).toBe("absent");
      await make(K1).put(entry);
      expect((await keys()).filter((key) => plain.includes(key))).toEqual([]);
    }
  });

  it("deletes what stands under every key it knows", async () => {
    await make(K1).put(small);
    await make().put(small);
    const store = make({ encryptionKeys: [OTHER_KEY, KEY] });
    await store.put(large);
    expect(await store.delete(small.ref)).toBe(true);
    expect(await store.delete(large.ref)).toBe(true);
    expect(await store.delete(small.ref)).toBe(false);
    expect(await keys()).toEqual([]);
  });

  it("never shortens or deletes, whatever the size and whoever puts", async () => {
    for (const entry of [small, large]) {
      const store = make();
      await store.put({ ...entry, expiresAt: Date.now() + 600_000 });
      for (const again of [store, make()]) {
        await again.put({ ...entry, expiresAt: Date.now() + 1_000 });
        await pause(1_200);
        expect(await fresh(entry)).toBe("as it was put");
      }
    }
  });

  it("never shortens a life while it writes anew", async () => {
    for (const entry of [small, large]) {
      await served.admin.flushall();
      await make().put({ ...entry, expiresAt: Date.now() + 600_000 });
      await flip(await manifest(), 13);
      await make().put({ ...entry, expiresAt: Date.now() + 1_000 });
      await pause(1_200);
      expect(await fresh(entry)).toBe("as it was put");
    }
  });

  it("is safe when two processes put or repair the same large original at once", async () => {
    for (let round = 0; round < 4; round++) {
      const entry = entryOf(noise(2_400_000, round + 2));
      if (round % 2 === 1) {
        await make().put(entry);
        await flip(
          (await keys()).find((key) => key.endsWith("}:0") || key.endsWith(":0")) ?? "",
          99,
        );
      }
      const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => make().put(entry)));
      expect(outcomes.map(({ status }) => status)).toEqual(Array(4).fill("fulfilled"));
      expect(await fresh(entry)).toBe("as it was put");
      const lasting = await Promise.all(
        (await keys()).map(async (key) => (await served.admin.pttl(key)) > 61_000),
      );
      expect(lasting.filter(Boolean)).toHaveLength(3);
      await served.admin.flushall();
    }
  });

  it("has no moment in which an acknowledged record is gone", async () => {
    const entry = entryOf("rewritten ".repeat(500));
    await make(K1).put(entry);
    const readers = { encryptionKeys: [OTHER_KEY, KEY] };
    let over = false;
    const answers = new Set<string>();
    const reading = (async () => {
      while (!over) answers.add(await fresh(entry, readers));
    })();
    for (let round = 0; round < 40; round++) {
      await make(readers).put(entry);
      await make({ encryptionKeys: [KEY, OTHER_KEY] }).put(entry);
    }
    over = true;
    await reading;
    expect([...answers]).toEqual(["as it was put"]);
  });

  it("keeps the chunks of a record whose own put never got its answer", async () => {
    let cut: () => void = () => undefined;
    const isCut = new Promise<void>((resolve) => {
      cut = resolve;
    });
    let reach: () => void = () => undefined;
    const isReached = new Promise<void>((resolve) => {
      reach = resolve;
    });
    // The record is written, and the connection breaks before it is read back.
    let published = false;
    const breaking = new Proxy(served.admin, {
      get(client, name) {
        const value = Reflect.get(client, name);
        if (typeof value !== "function") return value;
        return async (...args: unknown[]) => {
          if (name === "set" && args.at(-1) === "NX") published = true;
          if (name !== "getrangeBuffer" || !published) return value.apply(client, args);
          reach();
          await isCut;
          throw new Error("Connection is closed.");
        };
      },
    });
    const first = make({ client: breaking }).put(large);
    first.catch(() => undefined);
    await isReached;
    expect((await keys()).filter((key) => key.endsWith("}"))).toHaveLength(1);
    await make().put(large);
    cut();
    await expect(first).rejects.toThrow(/closed/);
    await pause(50);
    for (const key of await keys())
      expect(await served.admin.pttl(key)).toBeGreaterThan(86_000_000);
  });

  it("refuses another text, also where the record was damaged in between", async () => {
    const events: string[] = [];
    const other = { ...small, text: "another text" };
    const store = make({ onEvent: ({ type }) => events.push(type) });
    await store.put(small);
    await expect(store.put(other)).rejects.toThrow(/another text/);
    await expect(make().put(other)).rejects.toThrow(/another text/);
    expect(events).toEqual(expect.arrayContaining(["collision"]));
    for (let round = 0; round < 20; round++) {
      await flip(await manifest(), 60);
      const texts = [small.text, other.text, "a third", "a fourth"];
      const puts = await Promise.allSettled(
        texts.map((text) => make().put({ ref: small.ref, text })),
      );
      const won = texts.filter((_, index) => puts[index]?.status === "fulfilled");
      expect(won).toHaveLength(1);
      expect((await make().get(small.ref))?.text).toBe(won[0]);
      await served.admin.flushall();
      await store.put(small);
    }
  });

  it("lengthens the life of what another process has put", async () => {
    for (const entry of [small, large]) {
      await make().put({ ...entry, expiresAt: Date.now() + 1_000 });
      await make().put(entry);
      await pause(1_200);
      expect(await fresh(entry)).toBe("as it was put");
      for (const key of await keys())
        expect(await served.admin.pttl(key)).toBeGreaterThan(86_000_000);
      await served.admin.flushall();
    }
  });

  it("lengthens the life of what it writes anew", async () => {
    for (const entry of [small, large]) {
      await make().put({ ...entry, expiresAt: Date.now() + 1_000 });
      await flip(await manifest(), 13);
      await make().put(entry);
      await pause(1_200);
      expect(await fresh(entry)).toBe("as it was put");
      await served.admin.flushall();
    }
  });

  it("is one round trip, for what is new and for what is there", async () => {
    const store = make();
    await store.put(entryOf("the first call asks the server about itself"));
    const of = async (call: () => Promise<unknown>) =>
      (await commandsOf(served.admin, call)).map((command) => command.split(" ")[0]);
    expect(await of(() => store.put(small))).toEqual(["set", "getrange"]);
    expect(await of(() => store.put(small))).toEqual(["pexpire", "getrange"]);
    expect(await of(() => store.get(small.ref))).toEqual(["pexpire", "getrange"]);
    expect(await of(() => store.get(entryOf("absent").ref))).toEqual(["pexpire", "getrange"]);
  });
});
