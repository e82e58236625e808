import { refOf, refScope } from "@headroom/core";
import { describe, expect, it } from "vitest";
import { connect } from "./client.ts";
import { type RedisStoreOptions, resolve } from "./options.ts";
import { type ScopeOptions, scopeOf } from "./scope.ts";

describe("options of a store", () => {
  const DEFAULTS = {
    ttlMs: 86_400_000,
    durability: "redis",
    replicas: 1,
    timeoutMs: 500,
    localCacheBytes: 67_108_864,
  };

  it("have the defaults that are documented", () => {
    expect(resolve({})).toEqual(DEFAULTS);
    expect(resolve({ durability: "strict" })).toEqual({
      ...DEFAULTS,
      durability: "strict",
      ttlMs: 2_592_000_000,
    });
  });

  it("arrive", () => {
    const options = {
      durability: "strict",
      ttlSeconds: 0.0015,
      replicas: 2,
      timeoutMs: 7,
      localCacheBytes: 0,
    } as const;
    expect(resolve(options)).toEqual({
      durability: "strict",
      ttlMs: 2,
      replicas: 2,
      timeoutMs: 7,
      localCacheBytes: 0,
    });
  });

  it.each([
    ["ttlSeconds", 0],
    ["ttlSeconds", Number.POSITIVE_INFINITY],
    ["timeoutMs", -1],
    ["timeoutMs", Number.NaN],
    ["replicas", 0],
  ])("throw at once: %s %d", (name, value) => {
    expect(() => resolve({ [name]: value })).toThrow(
      `Invalid option "${name}": expected a positive number, received ${value}.`,
    );
  });

  it("name the levels there are", () => {
    const wrong = { durability: "disk" } as unknown as RedisStoreOptions;
    expect(() => resolve(wrong)).toThrow(
      'Invalid option "durability": expected "redis" or "strict", received "disk".',
    );
  });
});

describe("options of a scope", () => {
  const key = "k".repeat(32);
  const NAMESPACE = "a string of at most 256 characters, without lone surrogates";
  const PREFIX = "a string without braces and without lone surrogates";
  const KEY = "at least 32 bytes, or characters of a well-formed string";

  it.each<[ScopeOptions, string, string]>([
    [{ namespace: 5 }, "namespace", NAMESPACE],
    [{ namespace: "n".repeat(257) }, "namespace", NAMESPACE],
    [{ namespace: "\ud800" }, "namespace", NAMESPACE],
    [{ secret: 5 }, "secret", "a string without lone surrogates"],
    [{ secret: "\ud800" }, "secret", "a string without lone surrogates"],
    [{ keyPrefix: 5 }, "keyPrefix", PREFIX],
    [{ keyPrefix: "{" }, "keyPrefix", PREFIX],
    [{ keyPrefix: "}" }, "keyPrefix", PREFIX],
    [{ keyPrefix: "\ud800" }, "keyPrefix", PREFIX],
    [{ encryptionKey: "k".repeat(31) }, "encryptionKey", KEY],
    [{ encryptionKey: new Uint8Array(31) }, "encryptionKey", KEY],
    [{ encryptionKey: `${key}\ud800` }, "encryptionKey", KEY],
    [{ encryptionKey: null }, "encryptionKey", KEY],
    [{ encryptionKeys: [key, "short"] }, "encryptionKeys", KEY],
    [{ encryptionKeys: [] }, "encryptionKeys", "an array, the newest key first"],
    [{ encryptionKeys: key }, "encryptionKeys", "an array, the newest key first"],
    [
      { encryptionKey: key, encryptionKeys: [key] },
      "encryptionKeys",
      "either encryptionKey or encryptionKeys",
    ],
  ])("throw at once, and show no secret: %o", (options, name, accepted) => {
    const said = (): string => {
      try {
        scopeOf(options);
        return "no error";
      } catch (error) {
        return String(error);
      }
    };
    expect(said()).toContain(`Invalid option "${name}": expected ${accepted}, received `);
    expect(said()).not.toContain("kkkk");
  });

  it("fit up to the limits", () => {
    expect(() =>
      scopeOf({ namespace: "n".repeat(256), secret: "", keyPrefix: "p:" }),
    ).not.toThrow();
    for (const encryptionKey of [key, new Uint8Array(32)])
      expect(scopeOf({ encryptionKey }).current.sealKey?.byteLength).toBe(32);
  });

  it("give names that later versions have to find again", () => {
    const ref = refOf("a text", refScope("default"));
    const nameBy = (options: ScopeOptions): string => scopeOf(options).current.nameOf(ref);
    expect(nameBy({})).toBe("hr1:f2e899485f3061a8:{aa393a9446718c0c694582852e899313}");
    expect(nameBy({ keyPrefix: "p:", namespace: "n", secret: "s" })).toBe(
      "p:hr1:1e0468f00dfdd108:{df5e298f7d36deff197d35ddbb482a6c}",
    );
    expect(nameBy({ encryptionKey: key, secret: "s" })).toBe(
      "hr1:7e180948a7a57a13:{bbf11c67bcc8d7ffb9a7a938cecd91f1}",
    );
  });

  it("say which records make room for which", () => {
    const one = scopeOf({ encryptionKey: key });
    const two = scopeOf({ encryptionKeys: [key, "o".repeat(32)] });
    const count = ({ older, outdated }: typeof one) => [older.length, outdated.length];
    expect([scopeOf({}), one, two].map(count)).toEqual([
      [0, 0],
      [0, 1],
      [1, 2],
    ]);
    expect(two.outdated.map(({ sealKey }) => sealKey !== undefined)).toEqual([true, false]);
  });
});

describe("options of a connection", () => {
  it.each<[object, string]>([
    [{}, "either { client } or { url }, not both"],
    [{ client: { hgetall() {} }, url: "redis://x" }, "either { client } or { url }, not both"],
    [{ client: {} }, "an ioredis Redis or Cluster instance"],
    [{ client: null }, "an ioredis Redis or Cluster instance"],
    [{ client: "redis://x" }, "an ioredis Redis or Cluster instance"],
  ])("throw at once: %o", (options, accepted) => {
    expect(() => connect(options, () => {})).toThrow(
      `Invalid option "client": expected ${accepted}, received `,
    );
  });

  it("take a client with the commands of a store or of a ledger, and leave it open", async () => {
    for (const command of ["getrangeBuffer", "hgetall"]) {
      const client = { [command]: () => {}, disconnect: () => expect.unreachable() };
      const connection = connect<object>({ client }, () => expect.unreachable());
      expect(await connection.client()).toBe(client);
      connection.renew();
      await connection.close();
    }
  });
});
