/** The least rights of the README, by logging in with exactly those, and what is said when one of them is missing. */
import { readFileSync } from "node:fs";
import { type RedisStoreOptions, redisLedger, redisStore } from "@headroom/redis";
import { afterEach, describe, expect, it } from "vitest";
import { redisStartable } from "../../../test/support/redis-server.ts";
import { entryOf, KEY, noise, OTHER_KEY, type Served, serve } from "./servers.ts";

const README = readFileSync(new URL("../README.md", import.meta.url), "utf8");
/** The rules of one row, as they stand in the README. */
function rulesOf(row: string): readonly string[] {
  const line = README.split("\n").find((each) => each.startsWith(`| ${row} `)) ?? "";
  return [...line.matchAll(/`([^`]+)`/g)].flatMap(([, rules = ""]) =>
    rules.replaceAll("\\|", "|").split(" "),
  );
}
const STORE = rulesOf("the store");
const LEDGER = rulesOf("the ledger");
const REPORTS = rulesOf("warnings");
const ON_DISK = rulesOf('`"strict"` on disk').slice(1);
const ON_REPLICAS = rulesOf('`"strict"` on replicas').slice(1);
const ALWAYS = ["--appendonly", "yes", "--appendfsync", "always"];

describe.runIf(redisStartable())("least rights", () => {
  const started: Served[] = [];
  afterEach(async () => {
    for (const served of started.splice(0)) await served.stop();
  });
  const up = async (args: readonly string[] = []): Promise<Served> => {
    const served = await serve(args);
    started.push(served);
    return served;
  };
  const login = async ({ admin, server }: Served, rules: readonly string[]): Promise<string> => {
    const granted = rules.map((rule) => rule.replace("<keyPrefix>", "app:"));
    await admin.call("ACL", "SETUSER", "app", "reset", "on", ">pw", ...granted);
    return server.url.replace("//", "//app:pw@");
  };

  /** All that a store does: new, again, large, damaged, rotated, read, deleted. What went wrong, in words. */
  const exercise = async (
    { admin }: Served,
    url: string,
    options: Partial<RedisStoreOptions> = {},
  ): Promise<string> => {
    await admin.flushall();
    const said: string[] = [];
    const large = entryOf(noise(1_800_000));
    const small = entryOf("a line\n".repeat(100));
    const attempt = async (call: () => Promise<unknown>): Promise<void> => {
      await call().catch((error: unknown) => said.push(String(error)));
    };
    const make = (more: Partial<RedisStoreOptions> = {}) =>
      redisStore({
        url,
        keyPrefix: "app:",
        localCacheBytes: 0,
        // Rights are asked for, not speed.
        timeoutMs: 30_000,
        breaker: { slowMs: Number.POSITIVE_INFINITY },
        onEvent: ({ type, message }) => {
          if (type !== "corrupt") said.push(message);
        },
        ...options,
        ...more,
      });
    const stores = [
      make(),
      make({ encryptionKey: KEY }),
      make({ encryptionKeys: [OTHER_KEY, KEY] }),
    ];
    for (const store of stores)
      for (const entry of [small, large]) {
        await attempt(() => store.put(entry));
        for (const key of await admin.keys("*}")) await admin.setrange(key, 13, "damage");
        await attempt(() => store.put(entry));
        await attempt(() => store.put(entry));
        await attempt(async () => {
          if ((await store.get(entry.ref))?.text !== entry.text) said.push("not served");
        });
      }
    await attempt(async () => stores[2]?.delete(large.ref));
    for (const store of stores) await store.close?.();
    return said.join("\n");
  };

  it("of the store are enough, and each of them is needed and named when it is missing", async () => {
    const served = await up(ALWAYS);
    expect(STORE.length).toBeGreaterThan(4);
    const said = await exercise(served, await login(served, STORE));
    expect([...new Set(said.split("\n"))]).toEqual([
      expect.stringMatching(/^the server does not say whether it evicts/),
    ]);
    for (const right of STORE.filter((rule) => rule.startsWith("+"))) {
      const url = await login(
        served,
        STORE.filter((rule) => rule !== right),
      );
      expect(await exercise(served, url), right).toMatch(
        new RegExp(`permissions.*'${right.slice(1)}'`),
      );
    }
    const elsewhere = STORE.map((rule) => (rule.startsWith("~") ? "~other:*" : rule));
    expect(await exercise(served, await login(served, elsewhere))).toMatch(/permission/i);
  }, 60_000);

  it("of the warnings are enough for them, and each is needed", async () => {
    const served = await up(ALWAYS);
    expect(await exercise(served, await login(served, [...STORE, ...REPORTS]))).toBe("");
    for (const right of REPORTS) {
      const rest = REPORTS.filter((rule) => rule !== right);
      expect(await exercise(served, await login(served, [...STORE, ...rest])), right).toMatch(
        /does not say/,
      );
    }
  }, 60_000);

  it("of strict are enough on disk", async () => {
    const served = await up(ALWAYS);
    const strictly = { durability: "strict" } as const;
    const rules = [...STORE, ...ON_DISK];
    expect(await exercise(served, await login(served, rules), strictly)).toBe("");
    for (const right of ON_DISK) {
      const url = await login(
        served,
        rules.filter((rule) => rule !== right),
      );
      expect(await exercise(served, url, strictly), right).toMatch(/strict/);
    }
  }, 60_000);

  it("of strict are enough on replicas", async () => {
    const served = await up();
    await up(["--replicaof", `127.0.0.1 ${served.server.port}`]);
    await expect
      .poll(() => served.admin.info("replication"), { timeout: 20_000, interval: 100 })
      .toContain("state=online");
    const strictly = { durability: "strict", timeoutMs: 5_000 } as const;
    const rules = [...STORE, ...ON_REPLICAS];
    expect(await exercise(served, await login(served, rules), strictly)).toBe("");
    for (const right of ON_REPLICAS) {
      const url = await login(
        served,
        rules.filter((rule) => rule !== right),
      );
      expect(await exercise(served, url, strictly), right).toMatch(/strict|'wait'/);
    }
  }, 60_000);

  it("of the ledger are enough, and each is needed", async () => {
    const served = await up();
    const use = async (rules: readonly string[]): Promise<string> => {
      const url = await login(served, rules);
      const ledger = redisLedger({ url, session: "s", keyPrefix: "app:" });
      const { ref } = entryOf("a");
      const record = { name: "a", ref, agent: "x", at: 1, tokens: 1, version: 1 };
      const said: string[] = [];
      for (const call of [
        () => ledger.subscribe?.(() => {}),
        () => ledger.append(record),
        () => ledger.latest("a"),
        () => ledger.list(),
        () => ledger.first(ref, record),
        () => ledger.seen("x", "a"),
        () => ledger.markSeen("x", { name: "a", version: 1, ref, whole: true }),
        () => ledger.add({ puts: 1 }),
        () => ledger.counts(),
      ])
        await Promise.resolve(call()).catch((error: unknown) => said.push(String(error)));
      await ledger.close?.();
      await served.admin.flushall();
      return said.join("\n");
    };
    expect(await use(LEDGER)).toBe("");
    for (const right of LEDGER)
      expect(await use(LEDGER.filter((rule) => rule !== right)), right).toMatch(/permission/i);
  }, 60_000);
});
