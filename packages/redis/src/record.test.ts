import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  chunkCount,
  chunkNames,
  HEADER_BYTES,
  type Header,
  MAX_CHUNK,
  MAX_ORIGINAL,
  MAX_VALUE,
  open,
  originalOf,
  parseHeader,
  seal,
} from "./record.ts";
import { scopeOf } from "./scope.ts";

const plain = scopeOf({}).current;
const sealed = scopeOf({ encryptionKey: "k".repeat(32) }).current;
const NAME = "a name";
const MIB = 1_048_576;
/** Of the largest original, padded, with nonce and tag. */
const MAX_PAYLOAD = 69_206_016 + 28;

function headerBytes(payloadBytes: number, flags = 0, magic = "HRC2"): Buffer {
  const head = Buffer.alloc(20);
  head.write(magic, 0, "latin1");
  head.writeUInt32BE(flags, 4);
  head.writeUInt32BE(payloadBytes, 8);
  head.write("0123456789abcdef", 12, "hex");
  return head;
}

describe("the header of a record", () => {
  it("is read back as it was written", async () => {
    for (const generation of [plain, sealed]) {
      const { header, value } = await seal(originalOf("text"), NAME, generation);
      expect(parseHeader(value)).toEqual(header);
      expect(header.sealed).toBe(generation === sealed);
      expect(header.putId).toMatch(/^[0-9a-f]{16}$/);
      expect(value.byteLength).toBe(20 + header.payloadBytes);
    }
    expect(parseHeader(headerBytes(77))).toEqual({
      sealed: false,
      payloadBytes: 77,
      putId: "0123456789abcdef",
    });
    expect(parseHeader(headerBytes(0, 1 << 24))?.sealed).toBe(true);
  });

  it("says at most what the largest original takes", () => {
    expect([MAX_CHUNK, MAX_ORIGINAL, HEADER_BYTES, MAX_VALUE]).toEqual([
      MIB,
      64 * MIB,
      20,
      MIB + 20,
    ]);
    expect(parseHeader(headerBytes(MAX_PAYLOAD))?.payloadBytes).toBe(MAX_PAYLOAD);
    expect(parseHeader(headerBytes(MAX_PAYLOAD + 1))).toBeUndefined();
  });

  it("is none with a flag that means nothing, another name or a byte too few", () => {
    for (let bit = 0; bit < 32; bit++)
      expect(parseHeader(headerBytes(77, (1 << bit) >>> 0)) !== undefined).toBe(bit === 24);
    for (const magic of ["HRC1", "HRC3", "XRC2", "\0\0\0\0"])
      expect(parseHeader(headerBytes(77, 0, magic))).toBeUndefined();
    expect(parseHeader(headerBytes(77).subarray(0, 19))).toBeUndefined();
    expect(parseHeader(Buffer.alloc(0))).toBeUndefined();
  });

  it.each([
    [0, 0],
    [MIB, 0],
    [MIB + 1, 2],
    [2 * MIB, 2],
    [2 * MIB + 1, 3],
  ])("names the chunks of a payload of %i bytes: %i", (payloadBytes, count) => {
    const header: Header = { sealed: false, payloadBytes, putId: "0a" };
    expect(chunkCount(header)).toBe(count);
    const names = Array.from({ length: count }, (_, index) => `${NAME}:0a:${index}`);
    expect(chunkNames(NAME, header)).toEqual(names);
  });
});

describe("a record", () => {
  const TEXTS = ["", "text", "é€😀", "lone \ud800", "a".repeat(5_000)];

  it.each([
    ["plain", plain],
    ["sealed", sealed],
  ])("opens as what was stored, under its name and its keys: %s", async (_, generation) => {
    for (const text of TEXTS) {
      const { header, value, chunks } = await seal(originalOf(text), NAME, generation);
      const payload = value.subarray(20);
      expect(chunks).toEqual([]);
      expect(await open(header, payload, NAME, generation)).toBe(text);
      const wrong = /not the ones that were stored/;
      await expect(open(header, payload, "another name", generation)).rejects.toThrow(wrong);
      const another = { ...header, putId: "0123456789abcdef" };
      await expect(open(another, payload, NAME, generation)).rejects.toThrow(wrong);
      for (let at = 0; at < payload.byteLength; at += Math.ceil(payload.byteLength / 40)) {
        const changed = Buffer.from(payload);
        changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
        await expect(open(header, changed, NAME, generation)).rejects.toThrow(wrong);
      }
    }
  });

  it("is refused where it is shorter or longer than it says, or too short for anything", async () => {
    for (const generation of [plain, sealed]) {
      const { header, value } = await seal(originalOf("text"), NAME, generation);
      const payload = value.subarray(20);
      for (const other of [payload.subarray(1), Buffer.concat([payload, Buffer.alloc(1)])])
        await expect(open(header, other, NAME, generation)).rejects.toThrow("it is cut short");
      for (const payloadBytes of [0, 1, 28, 31, 39, 43]) {
        const short = open(
          { ...header, payloadBytes },
          Buffer.alloc(payloadBytes),
          NAME,
          generation,
        );
        await expect(short).rejects.toThrow(
          generation === sealed && payloadBytes < 40
            ? "it is cut short"
            : "the bytes are not the ones that were stored",
        );
      }
    }
  });

  it("is refused by readers with a key where it has none, and the other way round", async () => {
    for (const [mine, yours, why] of [
      [plain, sealed, "it is not encrypted"],
      [sealed, plain, "it is encrypted"],
    ] as const) {
      const { header, value } = await seal(originalOf("text"), NAME, mine);
      await expect(open(header, value.subarray(20), NAME, yours)).rejects.toThrow(why);
    }
  });

  it("hides its length among others where it is sealed, and only there", async () => {
    const bytesOf = async (length: number, generation: typeof plain): Promise<number> =>
      (await seal(originalOf("x".repeat(length)), NAME, generation)).header.payloadBytes;
    expect(await bytesOf(5, plain)).toBe(32 + 12 + 5);
    expect(await bytesOf(255, plain)).toBe(32 + 12 + 255);
    expect(await bytesOf(256, plain)).toBeLessThan(100);
    for (const length of [0, 5, 244]) expect(await bytesOf(length, sealed)).toBe(12 + 256 + 16);
    expect(await bytesOf(255, sealed)).toBe(12 + 272 + 16);
  });

  it("is cut into chunks of a MiB, the last one shorter, above a MiB", async () => {
    // Random bytes as text do not shrink below a MiB here.
    let state = 1;
    const noise = Array.from({ length: 1_200_000 }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return String.fromCharCode(0x4e00 + (state >>> 18));
    }).join("");
    const { header, value, chunks } = await seal(originalOf(noise), NAME, plain);
    expect(value.byteLength).toBe(20);
    expect(chunks.length).toBe(chunkCount(header));
    expect(chunks.slice(0, -1).map(({ byteLength }) => byteLength)).toEqual(
      new Array(chunks.length - 1).fill(MIB),
    );
    expect(await open(header, Buffer.concat(chunks), NAME, plain)).toBe(noise);
  });

  it.each([
    ["the most there is", MAX_ORIGINAL, 5, "it has another size than it says"],
    ["more than there is", MAX_ORIGINAL + 1, 5, "it says it is larger than it can be"],
    ["more bytes than follow", 5, 6, "it says it is larger than it can be"],
  ])("is refused before anything is expanded: it says %s", async (_, size, packedBytes, why) => {
    const body = Buffer.alloc(17);
    body.writeUInt32BE(size, 4);
    body.writeUInt32BE(packedBytes, 8);
    const payloadBytes = 32 + body.byteLength;
    const head = headerBytes(payloadBytes);
    const mac = createHmac("sha256", plain.macKey)
      .update(`${NAME.length}:${NAME}`)
      .update(head)
      .update(body)
      .digest();
    const header = parseHeader(head) as Header;
    await expect(open(header, Buffer.concat([mac, body]), NAME, plain)).rejects.toThrow(why);
  });
});
