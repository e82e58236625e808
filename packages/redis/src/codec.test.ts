import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";
import { expect, it } from "vitest";
import { pack, unpack } from "./codec.ts";

it("short texts travel as they are, longer ones packed where that is shorter", async () => {
  expect(await pack(Buffer.alloc(255))).toEqual({ deflated: false, bytes: Buffer.alloc(255) });
  const packed = await pack(Buffer.alloc(256));
  expect(packed.deflated).toBe(true);
  expect(inflateSync(packed.bytes)).toEqual(Buffer.alloc(256));
  const dense = createHash("shake256", { outputLength: 9_000 }).update("dense").digest();
  expect(await pack(dense)).toEqual({ deflated: false, bytes: dense });
});

it.each([
  [262_144, false],
  [262_145, true],
])("%i bytes are packed and unpacked beside the event loop: %s", async (size, isBeside) => {
  const packing = pack(Buffer.alloc(size));
  expect(packing instanceof Promise).toBe(isBeside);
  const unpacking = unpack(await packing, size);
  expect(unpacking instanceof Promise).toBe(isBeside);
  expect((await unpacking).equals(Buffer.alloc(size))).toBe(true);
});

it("bytes that are not packed have the size they say", () => {
  const bytes = Buffer.from("text");
  expect(unpack({ deflated: false, bytes }, 4)).toEqual(bytes);
  for (const size of [3, 5])
    expect(() => unpack({ deflated: false, bytes }, size)).toThrow(
      "it has another size than it says",
    );
});

it("packed bytes are expanded up to 1,032 times their size", async () => {
  const bytes = Buffer.alloc(100);
  await expect((async () => unpack({ deflated: true, bytes }, 103_200))()).rejects.toThrow(
    "unknown compression method",
  );
  expect(() => unpack({ deflated: true, bytes }, 103_201)).toThrow(
    "it says it is larger than it can be",
  );
});
