/** What somebody learns who reads Redis, an error or a list of channels, and cannot open originals. */
import { inspect } from "node:util";
import { refOf, refScope } from "@headroom/core";
import { type RedisStoreOptions, redisLedger, redisStore } from "@headroom/redis";
import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { redisStartable } from "../../../test/support/redis-server.ts";
import { scopeOf } from "../src/scope.ts";
import { commandsOf, entryOf, KEY, OTHER_KEY, type Served, serve } from "./servers.ts";

const CANARY = "sk-canary-0123456789";
const PATIENT = { timeoutMs: 5_000, localCacheBytes: 0 };

describe.runIf(redisStartable())("secrecy", () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve();
  });
  afterAll(() => served?.stop());
  beforeEach(async () => void (await served.admin.flushall()));
  const make = (options: Partial<RedisStoreOptions> = {}) =>
    redisStore({ client: served.admin, ...PATIENT, ...options });
  /** All keys and values, as a dump has them. */
  const dump = async (): Promise<Map<string, Buffer>> => {
    const keys = await served.admin.keys("*");
    const values = await Promise.all(keys.map((key) => served.admin.getBuffer(key)));
    return new Map(keys.map((key, index) => [key, values[index] ?? Buffer.alloc(0)]));
  };

  it("encryption without a secret lets no guess be checked", async () => {
    const document = (pin: string) => JSON.stringify({ holder: "somebody", pin }).repeat(40);
    const pins = Array.from({ length: 200 }, (_, i) => String(i).padStart(4, "0"));
    const ref = (pin: string) => refOf(document(pin), refScope("default"));
    await make({ encryptionKey: KEY }).put({ ref: ref("0123"), text: document("0123") });
    const [[key, value] = []] = [...(await dump())];
    // Whoever has only the dump knows how names and proofs are made, and can make those of every guess, but for the key.
    const guesser = scopeOf({}).current;
    const wrongKey = scopeOf({ encryptionKey: OTHER_KEY }).current;
    for (const pin of pins)
      for (const generation of [guesser, wrongKey]) {
        expect(key).not.toBe(generation.nameOf(ref(pin)));
        expect(key).not.toContain(ref(pin));
      }
    expect(key?.split(":")[1]).not.toBe(guesser.nameOf(ref("0123")).split(":")[1]);
    // Two encryptions of the same text have no bytes in common but the header.
    await served.admin.flushall();
    await make({ encryptionKey: KEY }).put({ ref: ref("0123"), text: document("0123") });
    const again = [...(await dump()).values()][0];
    expect(again?.byteLength).toBe(value?.byteLength);
    expect(again?.subarray(20).equals(value?.subarray(20) ?? again)).toBe(false);
  });

  it("encryption hides the exact length and what kind of text it is", async () => {
    const lengths = new Set<number>();
    for (const text of ["", "x", "1234", "12345", "é".repeat(90), "\ud800 odd"]) {
      await served.admin.flushall();
      await make({ encryptionKey: KEY }).put(entryOf(text));
      const [value = Buffer.alloc(0)] = (await dump()).values();
      lengths.add(value.byteLength);
      expect(value.subarray(0, 8).toString("hex")).toBe(
        Buffer.from("HRC2\u0001\0\0\0").toString("hex"),
      );
    }
    expect(lengths.size).toBe(1);
  });

  it("names in Redis tell neither ref nor text", async () => {
    for (const options of [{}, { secret: "s" }, { encryptionKey: KEY }]) {
      await served.admin.flushall();
      await make(options).put(entryOf(CANARY));
      expect((await dump()).size).toBe(1);
      for (const key of (await dump()).keys()) expect(key).not.toContain(entryOf(CANARY).ref);
    }
  });

  it("an error carries no content", async () => {
    const texts = [CANARY, `${CANARY} ${"y".repeat(5_000)}`];
    const bytes = Buffer.from(CANARY.slice(0, 8));
    const expectClean = (error: unknown): void => {
      expect(error).toBeInstanceOf(Error);
      const shown = `${inspect(error, { depth: 12, maxArrayLength: null, showHidden: true })} ${JSON.stringify(error)} ${JSON.stringify((error as Error).cause ?? "")} ${(error as Error).stack}`;
      expect(shown).not.toContain(CANARY.slice(0, 9));
      expect(shown).not.toContain([...bytes].join(","));
      expect(shown).not.toContain(bytes.toString("hex").match(/../g)?.join(" "));
    };
    await served.admin.config("SET", "maxmemory", "1mb");
    for (const text of texts)
      expectClean(
        await make()
          .put(entryOf(text))
          .catch((error) => error),
      );
    await served.admin.config("SET", "maxmemory", "0");

    // Redis repeats the arguments of a command that it does not know.
    const renamed = await serve(["--rename-command", "SET", "", "--rename-command", "HSET", ""]);
    for (const text of texts) {
      const error = await make({ client: renamed.admin })
        .put(entryOf(text))
        .catch((e) => e);
      expect(String(error)).toMatch(/unknown command/);
      expectClean(error);
    }
    const ledger = redisLedger({ client: renamed.admin, session: "s" });
    const record = { name: CANARY, ref: entryOf("x").ref, agent: "a", at: 1, tokens: 1 };
    expectClean(await ledger.append(record).catch((error) => error));

    const client = new Redis(renamed.server.url, { enableOfflineQueue: false, lazyConnect: true });
    client.on("error", () => {});
    for (const text of texts)
      expectClean(
        await make({ client })
          .put(entryOf(text))
          .catch((e) => e),
      );
    client.disconnect();
    await renamed.stop();
  });

  it.each([
    ["namespace", "a\ud800"],
    ["secret", "a\udfff"],
    ["keyPrefix", "\ud800"],
    ["encryptionKey", `\ud800${"k".repeat(40)}`],
  ])("refuses a lone surrogate in %s, which would make two names one", (option, value) => {
    expect(() => make({ [option]: value })).toThrow(new RegExp(option));
    if (option !== "encryptionKey")
      expect(() => redisLedger({ client: served.admin, session: "s", [option]: value })).toThrow(
        new RegExp(option),
      );
  });

  it.each([
    [{ encryptionKeys: [] }, /array/],
    [{ encryptionKeys: KEY }, /array/],
    [{ encryptionKeys: [KEY, "short"] }, /32 bytes/],
    [{ encryptionKeys: [KEY], encryptionKey: KEY }, /either/],
  ])("refuses %j and does not repeat the key", (options, message) => {
    const error = (() => {
      try {
        return make(options as never);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(String(error)).toMatch(message);
    expect(inspect(error)).not.toContain(KEY);
  });

  it("sends the same commands for a ref of another namespace as for one that never was", async () => {
    const theirs = entryOf("theirs ".repeat(50_000));
    await make({ namespace: "theirs" }).put(theirs);
    const mine = make({ namespace: "mine" });
    const names = async (ref: typeof theirs.ref) =>
      (await commandsOf(served.admin, async () => expect(await mine.get(ref)).toBeUndefined())).map(
        (command) => command.split(" ")[0],
      );
    expect(await names(theirs.ref)).toEqual(await names(entryOf("never").ref));
  });

  it("channels tell nothing of namespace or session", async () => {
    const ledgers = ["one", "two"].flatMap((session) =>
      ["a", "b"].map((namespace) => redisLedger({ url: served.server.url, session, namespace })),
    );
    for (const ledger of ledgers) await ledger.subscribe?.(() => {});
    const channels = (await served.admin.pubsub("CHANNELS", "*")) as string[];
    expect(new Set(channels).size).toBe(4);
    // No part but the version's is shared, so they cannot be grouped by namespace.
    const parts = channels.flatMap((channel) => channel.split(":").slice(1));
    expect(new Set(parts).size).toBe(parts.length);
  });
});

describe.runIf(redisStartable())("copies in this process", () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve();
  });
  afterAll(() => served?.stop());
  const entry = entryOf("personal data ".repeat(100));

  it("are not served once another process has deleted the original", async () => {
    const [one, two] = [
      redisStore({ url: served.server.url }),
      redisStore({ url: served.server.url }),
    ];
    for (let round = 0; round < 3; round++) {
      await one.put(entry);
      expect((await two.get(entry.ref))?.text).toBe(entry.text);
      expect((await two.get(entry.ref))?.text).toBe(entry.text);
      expect(await one.delete(entry.ref)).toBe(true);
      expect(await two.get(entry.ref)).toBeUndefined();
    }
    await one.close?.();
    await two.close?.();
  });

  it("save the transfer, and bridge an outage", async () => {
    const store = redisStore({ url: served.server.url, timeoutMs: 100 });
    await store.put(entry);
    const sent = await commandsOf(served.admin, () => store.get(entry.ref));
    expect(sent.map((command) => command.split(" ")[0])).toEqual(["pexpire", "getrange"]);
    served.server.process.kill("SIGSTOP");
    for (let i = 0; i < 10; i++) expect((await store.get(entry.ref))?.text).toBe(entry.text);
    served.server.process.kill("SIGCONT");
    await store.close?.();
  });
});
