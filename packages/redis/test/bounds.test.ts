/** What a record may cost, whoever wrote it, and what fits the limits that are stated. */
import { createHmac } from "node:crypto";
import { deflateSync } from "node:zlib";
import { type RedisStoreOptions, redisStore } from "@headroom/redis";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { redisStartable } from "../../../test/support/redis-server.ts";
import { pack, unpack } from "../src/codec.ts";
import { paddedLength } from "../src/padding.ts";
import { MAX_CHUNK } from "../src/record.ts";
import { scopeOf } from "../src/scope.ts";
import { entryOf, noise, type Served, serve } from "./servers.ts";

describe("packing", () => {
  it("gives back what went in, at every size", async () => {
    for (const size of [0, 1, 255, 256, 5_000, 262_144, 262_145, 3_000_000])
      for (const text of ["a".repeat(size), noise(size)]) {
        const bytes = Buffer.from(text);
        const packed = await pack(bytes);
        expect((await unpack(packed, size)).equals(bytes)).toBe(true);
        await expect((async () => unpack(packed, size + 1))()).rejects.toThrow();
        if (size > 0) await expect((async () => unpack(packed, size - 1))()).rejects.toThrow();
      }
  });

  it("refuses a size that the bytes cannot hold before it expands them", () => {
    expect(() => unpack({ deflated: true, bytes: Buffer.alloc(1_000) }, 1_032_001)).toThrow(
      /larger than it can be/,
    );
  });
});

describe("padding", () => {
  it("adds at most an eighth, never takes away, and leaves few lengths", () => {
    const seen = new Set<number>();
    for (let length = 1; length < 70_000; length++) {
      const padded = paddedLength(length);
      seen.add(padded);
      expect(padded).toBeGreaterThanOrEqual(length);
      expect(padded).toBeLessThanOrEqual(Math.max(256, length * 1.125));
    }
    expect(seen.size).toBeLessThan(140);
  });
});

describe.runIf(redisStartable())("bounds", () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve();
  });
  afterAll(() => served?.stop());
  beforeEach(async () => void (await served.admin.flushall()));
  const make = (options: Partial<RedisStoreOptions> = {}) =>
    redisStore({ client: served.admin, localCacheBytes: 0, ...options });
  const { ref } = entryOf("the ref that is asked for");
  const { current } = scopeOf({});

  /** A record as somebody writes it who knows everything but an encryption key. */
  const forge = (body: { size: number; packedBytes?: number; packed: Buffer; flags?: number }) => {
    const inner = Buffer.alloc(12 + body.packed.byteLength);
    inner.writeUInt8(body.flags ?? 2, 0);
    inner.writeUInt32BE(body.size, 4);
    inner.writeUInt32BE(body.packedBytes ?? body.packed.byteLength, 8);
    body.packed.copy(inner, 12);
    const head = Buffer.alloc(20);
    head.write("HRC2", 0, "latin1");
    head.writeUInt32BE(inner.byteLength + 32, 8);
    const name = current.nameOf(ref);
    const mac = createHmac("sha256", current.macKey)
      .update(`${name.length}:${name}`)
      .update(head)
      .update(inner)
      .digest();
    return served.admin.set(name, Buffer.concat([head, mac, inner]), "PX", 60_000);
  };
  const refusal = async (): Promise<string> => {
    try {
      return (await make().get(ref))?.text.slice(0, 40) ?? "absent";
    } catch (error) {
      return String(error);
    }
  };

  it("opens what the format says, so that the forgeries below are real", async () => {
    await forge({ size: 5, packed: deflateSync("forge") });
    expect(await refusal()).toBe("forge");
  });

  it.each([
    [
      "1.5 GB out of 46 kB",
      () => ({ size: 1_500_000_000, packed: deflateSync(Buffer.alloc(45_000_000)) }),
    ],
    [
      "100 MB, which 97 kB can hold",
      () => ({ size: 100_000_000, packed: deflateSync(Buffer.alloc(100_000_000)) }),
    ],
    ["64 MB out of 100 bytes", () => ({ size: 67_108_864, packed: Buffer.alloc(100) })],
    ["more than it says", () => ({ size: 1_000, packed: deflateSync(Buffer.alloc(60_000_000)) })],
    ["fewer than it says", () => ({ size: 60_000_000, packed: deflateSync(Buffer.alloc(1_000)) })],
    [
      "a packed length beyond the body",
      () => ({ size: 5, packedBytes: 4_000_000_000, packed: deflateSync("forge") }),
    ],
    [
      "plain bytes of another size",
      () => ({ size: 50_000_000, packed: Buffer.from("forge"), flags: 0 }),
    ],
    ["no deflate stream", () => ({ size: 50, packed: Buffer.from("forge") })],
  ])("refuses a forged record: %s", async (_, body) => {
    await forge(body());
    const before = process.memoryUsage.rss();
    const started = performance.now();
    expect(await refusal()).toMatch(/damaged/);
    expect(performance.now() - started).toBeLessThan(400);
    expect(process.memoryUsage.rss() - before).toBeLessThan(80_000_000);
  });

  it("does not read a value that is longer than a record", async () => {
    const name = current.nameOf(ref);
    await served.admin.setrange(name, 300_000_000, "x");
    const before = process.memoryUsage.rss();
    expect(await refusal()).toMatch(/damaged/);
    await make({ timeoutMs: 5_000 }).put({ ref, text: "written anew" });
    expect(await refusal()).toBe("written anew");
    expect(process.memoryUsage.rss() - before).toBeLessThan(60_000_000);
    // A header that promises chunks which are longer than chunks are.
    const large = { ref, text: noise(2_000_000) };
    await served.admin.flushall();
    await make({ timeoutMs: 5_000 }).put(large);
    const [part = ""] = (await served.admin.keys("*")).filter((key) => key.endsWith(":0"));
    await served.admin.setrange(part, 300_000_000, "x");
    expect(await refusal()).toMatch(/damaged/);
    expect(process.memoryUsage.rss() - before).toBeLessThan(60_000_000 + 4 * MAX_CHUNK);
  });

  it("keeps and serves large originals with the default deadlines, chunks a few at a time", async () => {
    const errors: string[] = [];
    const options = {
      onEvent: ({ type, message }: { type: string; message: string }) =>
        type !== "warning" && errors.push(message),
    };
    for (const megabytes of [1, 4, 16]) {
      const entry = entryOf(noise(megabytes * 1_048_576));
      const store = redisStore({ url: served.server.url, localCacheBytes: 0, ...options });
      await store.put(entry);
      await store.put(entry);
      expect((await store.get(entry.ref))?.text === entry.text).toBe(true);
      await store.close?.();
    }
    expect(errors).toEqual([]);
  }, 60_000);

  it("refuses what is over the limit, in words, at once", async () => {
    for (const text of [
      "x".repeat(67_108_865),
      "€".repeat(22_400_000),
      "\ud800".repeat(33_600_000),
    ])
      await expect(make().put({ ref, text })).rejects.toThrow(/over 67108864 bytes/);
    expect(await served.admin.dbsize()).toBe(0);
  });
});
