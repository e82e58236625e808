import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  digestOf,
  type Encoded,
  encode,
  isIntact,
  isIntactInFormat1,
  keyOf,
  sameBytes,
  textOf,
} from "./record.ts";

const sha256 = (...parts: readonly (string | Uint8Array)[]): Buffer => {
  const digest = createHash("sha256");
  for (const part of parts) digest.update(part);
  return digest.digest();
};

describe("a record", () => {
  it.each(["", "text", "é€😀", "lone \ud800", "\udc00\ud800"])("keeps %j as it is", (text) => {
    const record = encode("ref", text);
    expect(isIntact("ref", record)).toBe(true);
    expect(textOf(record)).toBe(text);
    // As files have it on disk: another version has to find the same.
    const encoding = text.isWellFormed() ? 0 : 1;
    expect(record.encoding).toBe(encoding);
    expect(record.bytes).toEqual(Buffer.from(text, encoding === 0 ? "utf8" : "utf16le"));
    expect(record.digest).toEqual(sha256(`3 ref ${encoding} `, record.bytes));
    expect(digestOf("ref", encoding, record.bytes)).toEqual(record.digest);
  });

  it("is read where it stands in a larger buffer", () => {
    const whole = Buffer.from("before|text|after");
    expect(textOf({ encoding: 0, digest: whole, bytes: whole.subarray(7, 11) })).toBe("text");
  });

  it("is not intact with another ref, encoding, digest or byte", () => {
    const record = encode("ref", "text");
    expect(isIntact("ref2", record)).toBe(false);
    const others: readonly Encoded[] = [
      { ...record, encoding: 1 },
      { ...record, digest: new Uint8Array(32) },
      { ...record, digest: record.digest.subarray(1) },
      { ...record, bytes: Buffer.from("texT") },
      // A digest that fits an encoding there is not.
      { ...record, encoding: 2, digest: digestOf("ref", 2, record.bytes) },
      { ...record, encoding: -1, digest: digestOf("ref", -1, record.bytes) },
    ];
    for (const other of others) expect(isIntact("ref", other)).toBe(false);
  });

  it("has a key of 64 bits of its ref", () => {
    expect(keyOf("ref")).toBe(sha256("ref").readBigInt64BE(0));
    expect(sameBytes(Buffer.from("ab"), Uint8Array.of(97, 98))).toBe(true);
    for (const other of ["ac", "a", "abc"])
      expect(sameBytes(Buffer.from("ab"), Buffer.from(other))).toBe(false);
  });

  it("of format 1 is proven by encoding and bytes", () => {
    const bytes = Buffer.from("text");
    for (const encoding of [0, 1, 2])
      expect(
        isIntactInFormat1({ encoding, bytes, digest: sha256(Uint8Array.of(encoding), bytes) }),
      ).toBe(encoding < 2);
    expect(isIntactInFormat1({ encoding: 1, bytes, digest: sha256(Uint8Array.of(0), bytes) })).toBe(
      false,
    );
  });
});
