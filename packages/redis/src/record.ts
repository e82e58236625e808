/**
 * What stands under a key: a 64-byte header and the payload.
 *
 *     0  4  "HRC1"          8 32  keyed digest of key name and text     48  8  milliseconds it was written
 *     4  1  flags          40  8  bytes of the text            56  2  chunks, 0 when the payload follows
 *     5  3  zero                                               58  6  id of this put, part of the chunks' keys
 *
 * With encryption the payload is `nonce ‖ AES-256-GCM ‖ tag`, and key name and header are authenticated with it, so that a
 * record moved to another key, or given another header, does not open.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import { pack, unpack } from "./codec.ts";
import type { Scope } from "./scope.ts";

export const HEADER_BYTES = 64;
const MAGIC = "HRC1";
const UTF16 = 1;
const SEALED = 2;
const CODEC_SHIFT = 2;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export interface Header {
  readonly flags: number;
  readonly digest: Buffer;
  readonly size: number;
  readonly createdAt: number;
  readonly chunks: number;
  readonly putId: string;
}

/** A text as bytes, with the digest that proves it. */
export interface Original {
  readonly bytes: Buffer;
  readonly utf16: boolean;
  readonly digest: Buffer;
}

export function originalOf(text: string, key: string, { digestKey }: Scope): Original {
  const utf16 = !text.isWellFormed();
  const bytes = Buffer.from(text, utf16 ? "utf16le" : "utf8");
  return { bytes, utf16, digest: digestOf(digestKey, key, utf16, bytes) };
}

/** Header and payload of a text for one key. The payload is not yet cut into chunks. */
export function seal(
  { bytes, utf16, digest }: Original,
  key: string,
  scope: Scope,
  layout: { readonly createdAt: number; readonly maxChunk: number },
): { readonly header: Header; readonly head: Buffer; readonly payload: Buffer } {
  const packed = pack(bytes);
  const size = packed.bytes.byteLength + (scope.encryptionKey ? NONCE_BYTES + TAG_BYTES : 0);
  const header: Header = {
    flags: (utf16 ? UTF16 : 0) | (scope.encryptionKey ? SEALED : 0) | (packed.codec << CODEC_SHIFT),
    digest,
    size: bytes.byteLength,
    createdAt: layout.createdAt,
    chunks: size > layout.maxChunk ? Math.ceil(size / layout.maxChunk) : 0,
    putId: randomBytes(6).toString("hex"),
  };
  const head = printHeader(header);
  const payload = scope.encryptionKey
    ? encrypt(packed.bytes, scope.encryptionKey, key, head)
    : packed.bytes;
  return { header, head, payload };
}

/** The text of a record. Throws, with what is wrong, on anything that is not exactly what was stored. */
export function open(header: Header, payload: Buffer, key: string, scope: Scope): string {
  const sealed = (header.flags & SEALED) !== 0;
  if (sealed !== (scope.encryptionKey !== undefined))
    throw new Error(
      sealed ? "it is encrypted and there is no encryptionKey" : "it is not encrypted",
    );
  const packed = scope.encryptionKey
    ? decrypt(payload, scope.encryptionKey, key, printHeader(header))
    : payload;
  const bytes = unpack({ codec: header.flags >> CODEC_SHIFT, bytes: packed }, header.size);
  const utf16 = (header.flags & UTF16) !== 0;
  if (
    bytes.byteLength !== header.size ||
    !digestOf(scope.digestKey, key, utf16, bytes).equals(header.digest)
  )
    throw new Error("the bytes are not the ones that were stored");
  return bytes.toString(utf16 ? "utf16le" : "utf8");
}

/** The header of a value; `undefined` when it is not one of ours. */
export function parseHeader(value: Buffer): Header | undefined {
  if (value.byteLength < HEADER_BYTES || value.toString("latin1", 0, 4) !== MAGIC) return undefined;
  return {
    flags: value.readUInt8(4),
    digest: Buffer.from(value.subarray(8, 40)),
    size: Number(value.readBigUInt64BE(40)),
    createdAt: Number(value.readBigUInt64BE(48)),
    chunks: value.readUInt16BE(56),
    putId: value.toString("hex", 58, 64),
  };
}

function printHeader({ flags, digest, size, createdAt, chunks, putId }: Header): Buffer {
  const head = Buffer.alloc(HEADER_BYTES);
  head.write(MAGIC, 0, "latin1");
  head.writeUInt8(flags, 4);
  digest.copy(head, 8);
  head.writeBigUInt64BE(BigInt(size), 40);
  head.writeBigUInt64BE(BigInt(createdAt), 48);
  head.writeUInt16BE(chunks, 56);
  head.write(putId, 58, "hex");
  return head;
}

/** The key's name is part of it: a sound record copied to another key is not that key's original. */
function digestOf(digestKey: Buffer, key: string, utf16: boolean, bytes: Buffer): Buffer {
  return createHmac("sha256", digestKey)
    .update(`${key.length}:${key}`)
    .update(Uint8Array.of(utf16 ? 1 : 0))
    .update(bytes)
    .digest();
}

function encrypt(bytes: Buffer, encryptionKey: Buffer, key: string, head: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", encryptionKey, nonce).setAAD(
    Buffer.concat([Buffer.from(key), head]),
  );
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(payload: Buffer, encryptionKey: Buffer, key: string, head: Buffer): Buffer {
  if (payload.byteLength < NONCE_BYTES + TAG_BYTES) throw new Error("the payload is cut short");
  const nonce = payload.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", encryptionKey, nonce, {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.concat([Buffer.from(key), head])).setAuthTag(payload.subarray(-TAG_BYTES));
  return Buffer.concat([
    decipher.update(payload.subarray(NONCE_BYTES, -TAG_BYTES)),
    decipher.final(),
  ]);
}
