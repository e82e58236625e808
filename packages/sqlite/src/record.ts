import { createHash } from "node:crypto";

/** How an original's characters became bytes. UTF-8 cannot hold lone surrogates, so such texts keep their code units. */
const UTF8 = 0;
const UTF16LE = 1;

/** An original as bytes, with the digest that proves them. */
export interface Encoded {
  readonly encoding: number;
  readonly digest: Uint8Array;
  readonly bytes: Uint8Array;
}

export function encode(ref: string, text: string): Encoded {
  const encoding = text.isWellFormed() ? UTF8 : UTF16LE;
  const bytes = Buffer.from(text, encoding === UTF8 ? "utf8" : "utf16le");
  return { encoding, digest: digestOf(ref, encoding, bytes), bytes };
}

/** Whether these are the bytes that were stored under this ref. */
export function isIntact(ref: string, { encoding, digest, bytes }: Encoded): boolean {
  if (encoding !== UTF8 && encoding !== UTF16LE) return false;
  return sameBytes(digestOf(ref, encoding, bytes), digest);
}

/** The text of an intact record. */
export function textOf({ encoding, bytes }: Encoded): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString(encoding === UTF8 ? "utf8" : "utf16le");
}

/** What rows are found by: 64 bits of the ref's SHA-256, so that refs of any length cost the index the same. */
export function keyOf(ref: string): bigint {
  return createHash("sha256").update(ref).digest().readBigInt64BE(0);
}

export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

/** Files of format 1 digested the encoding and the bytes, without the ref. */
export function isIntactInFormat1({ encoding, digest, bytes }: Encoded): boolean {
  if (encoding !== UTF8 && encoding !== UTF16LE) return false;
  const found = createHash("sha256").update(Uint8Array.of(encoding)).update(bytes).digest();
  return sameBytes(found, digest);
}

/** The ref is digested too: a row that stands in another one's place is not served. Its length keeps the two apart. */
export function digestOf(ref: string, encoding: number, bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(`${ref.length} ${ref} ${encoding} `).update(bytes).digest();
}
