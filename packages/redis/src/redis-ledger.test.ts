/** What a ledger is called in Redis, which has to stay, what it sends, and what it says to wrong options. */
import { refOf, refScope } from "@headroom/core";
import { beforeEach, describe, expect, it } from "vitest";
import { type RedisLedgerClient, type RedisLedgerOptions, redisLedger } from "./redis-ledger.ts";

const ref = refOf("text", refScope("default"));
const record = { name: "a", version: 1, ref, agent: "x", at: 5, tokens: 7 };

let sent: string[];
let answers: Record<string, unknown>;
let failing: string | undefined;
beforeEach(() => {
  sent = [];
  answers = {};
  failing = undefined;
});
const client = new Proxy(
  {},
  {
    has: (_, name) => name === "hgetall",
    get: (_, name) =>
      typeof name !== "string" || name === "then"
        ? undefined
        : async (...words: unknown[]) => {
            const command = [name, ...words].join(" ");
            sent.push(command);
            await new Promise((resolve) => setImmediate(resolve));
            if (failing !== undefined && command.startsWith(failing)) throw new Error("down");
            return answers[name] ?? null;
          },
  },
) as RedisLedgerClient;
const ledger = (options: Partial<RedisLedgerOptions> = {}) =>
  redisLedger({ client, session: "s", ...options });

describe("a ledger", () => {
  it.each<[Partial<RedisLedgerOptions>, string, string]>([
    [
      {},
      "hr1:f2e899485f3061a8:{ctx-666bd60c788bd2f148ddc84b}",
      "hr1:2cfbb3bbabd9e8f2c20f8d48009d9afe",
    ],
    [
      { session: "other", namespace: "n", secret: "s", keyPrefix: "p:" },
      "p:hr1:1e0468f00dfdd108:{ctx-787e150e62b0423fa1d69032}",
      "p:hr1:67ee9263661cbc4ee583d0f3440a2158",
    ],
  ])("has names that later versions have to find again: %j", async (options, keys, channel) => {
    answers = { hincrby: 1 };
    await ledger(options).append({ name: "a", ref, agent: "x", at: 5, tokens: 7 });
    const [records, told] = [sent[1], sent.at(-1)].map((command) => command?.split(" ")[1]);
    expect([records, told]).toEqual([`${keys}:records`, channel]);
  });

  it.each([
    [1, ["rpush K:names a"]],
    [2, []],
  ])("appends version %d: counted, written, kept alive, then told", async (version, named) => {
    answers = { hincrby: version };
    const json = JSON.stringify({ name: "a", ref, agent: "x", at: 5, tokens: 7, version });
    const draft = { name: "a", ref, agent: "x", at: 5, tokens: 7 };
    expect(await ledger({ ttlSeconds: 2 }).append(draft)).toEqual({ ...draft, version });
    const key = sent[0]?.split(" ")[1]?.replace(/:versions$/, "") ?? "";
    expect(sent.slice(0, -1).map((command) => command.replace(key, "K"))).toEqual([
      "hincrby K:versions a 1",
      `hset K:records ${version}:a ${json}`,
      ...named,
      ...["versions", "records", "names", "firsts", "seen", "counts"].map(
        (part) => `pexpire K:${part} 2000`,
      ),
    ]);
    expect(sent.at(-1)).toMatch(/^publish /);
    expect(sent.at(-1)?.endsWith(json)).toBe(true);
  });

  it.each(["hincrby", "hset", "rpush", "pexpire", "publish"])(
    "says that an append failed with its %s",
    async (command) => {
      answers = { hincrby: 1 };
      failing = command;
      const appended = ledger().append({ name: "a", ref, agent: "x", at: 5, tokens: 7 });
      await expect(appended).rejects.toThrow(/use the ledger.*down/);
    },
  );

  it.each([
    [1, 1],
    [255, 255],
    [256, 256],
    [257, 256],
    [1_000, 256],
  ])(
    "looks back from version %d for one that is written, %d times at most",
    async (newest, times) => {
      answers = {};
      const counted = new Proxy(client, {
        get: (target, name) =>
          name === "hget"
            ? async (key: string, field: string) => {
                sent.push(field);
                return key.endsWith(":versions") ? String(newest) : null;
              }
            : Reflect.get(target, name),
      });
      expect(await redisLedger({ client: counted, session: "s" }).latest("a")).toBeUndefined();
      const looked = sent.slice(1);
      expect(looked).toHaveLength(times);
      expect([looked[0], looked.at(-1)]).toEqual([`${newest}:a`, `${newest - times + 1}:a`]);
    },
  );

  it.each([
    ["the one that was first", 0, JSON.stringify(record), record],
    ["the candidate where it is first", 1, JSON.stringify(record), { ...record, agent: "me" }],
    [
      "the candidate where what stands there is no record",
      0,
      "no record",
      { ...record, agent: "me" },
    ],
  ])("answers who was first: %s", async (_, set, there, expected) => {
    answers = { hsetnx: set, hget: there };
    expect(await ledger().first(ref, { ...record, agent: "me" })).toEqual(expected);
  });

  it.each([
    [{ session: "" }, "session", "a string of 1 to 256 characters, without lone surrogates"],
    [{ session: 7 }, "session", "a string of 1 to 256 characters, without lone surrogates"],
    [
      { session: "x".repeat(257) },
      "session",
      "a string of 1 to 256 characters, without lone surrogates",
    ],
    [{ session: "\ud800" }, "session", "a string of 1 to 256 characters, without lone surrogates"],
    [{ ttlSeconds: 0 }, "ttlSeconds", "a positive number"],
    [{ timeoutMs: Number.POSITIVE_INFINITY }, "timeoutMs", "a positive number"],
  ])("throws at once: %j", (options, name, accepted) => {
    expect(() => ledger(options as never)).toThrow(
      `Invalid option "${name}": expected ${accepted}, received `,
    );
  });

  it("takes a session of 256 characters", () => {
    expect(() => ledger({ session: "x".repeat(256) })).not.toThrow();
  });
});
