/**
 * What stands under a key: a 20-byte header and the payload, which continues in chunks when it is large.
 *
 *     0  4  "HRC2"         5  3  zero                    12  8  id of this put, part of the chunks' keys
 *     4  1  1 when sealed  8  4  bytes of the payload
 *
 * The payload is `HMAC-SHA-256 ‖ body`, or with encryption `nonce ‖ AES-256-GCM(body) ‖ tag`. Both cover key name, header and
 * body, so that a record moved to another key, or given another header, does not open. Nothing is expanded before that is
 * proven. The body:
 *
 *     0  1  1 when UTF-16, 2 when deflated     4  4  bytes of the text       12  …  the text, packed
 *     1  3  zero                               8  4  bytes of it packed       …  …  padding, only when sealed
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import { pack, unpack } from "./codec.ts";
import { paddedLength } from "./padding.ts";
import type { Generation } from "./scope.ts";

/** Redis values stay well under what hosted services accept. */
export const MAX_CHUNK = 1_048_576;
/** Bytes of the largest original, as UTF-8, or as UTF-16 where it is not well-formed. */
export const MAX_ORIGINAL = 67_108_864;
export const HEADER_BYTES = 20;
/** The longest value that is read from any key. */
export const MAX_VALUE: number = HEADER_BYTES + MAX_CHUNK;

const MAGIC = "HRC2";
const SEALED = 1;
const UTF16 = 1;
const DEFLATED = 2;
const BODY_HEADER_BYTES = 12;
const MAC_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MAX_PAYLOAD = paddedLength(MAX_ORIGINAL + BODY_HEADER_BYTES) + NONCE_BYTES + TAG_BYTES;

export interface Header {
  readonly sealed: boolean;
  readonly payloadBytes: number;
  readonly putId: string;
}

/** A record ready to be written: the value of its key, and the chunks where it has any. */
export interface Sealed {
  readonly header: Header;
  readonly value: Buffer;
  readonly chunks: readonly Buffer[];
}

/** A text as bytes. */
export interface Original {
  readonly text: string;
  readonly bytes: Buffer;
  readonly utf16: boolean;
}

export function originalOf(text: string): Original {
  const utf16 = !text.isWellFormed();
  return { text, bytes: Buffer.from(text, utf16 ? "utf16le" : "utf8"), utf16 };
}

/** The record of an original under one key name. */
export async function seal(
  { bytes, utf16 }: Original,
  name: string,
  generation: Generation,
): Promise<Sealed> {
  const packing = pack(bytes);
  const packed = packing instanceof Promise ? await packing : packing;
  const length = BODY_HEADER_BYTES + packed.bytes.byteLength;
  const body = Buffer.alloc(generation.sealKey ? paddedLength(length) : length);
  body.writeUInt8((utf16 ? UTF16 : 0) | (packed.deflated ? DEFLATED : 0), 0);
  body.writeUInt32BE(bytes.byteLength, 4);
  body.writeUInt32BE(packed.bytes.byteLength, 8);
  packed.bytes.copy(body, BODY_HEADER_BYTES);

  const header: Header = {
    sealed: generation.sealKey !== undefined,
    payloadBytes: body.byteLength + (generation.sealKey ? NONCE_BYTES + TAG_BYTES : MAC_BYTES),
    putId: randomBytes(8).toString("hex"),
  };
  const head = printHeader(header);
  const payload = generation.sealKey
    ? encrypt(body, generation.sealKey, name, head)
    : [macOf(body, generation.macKey, name, head), body];
  if (header.payloadBytes <= MAX_CHUNK)
    return { header, value: Buffer.concat([head, ...payload]), chunks: [] };
  const whole = Buffer.concat(payload);
  const chunks = Array.from({ length: chunkCount(header) }, (_, index) =>
    whole.subarray(index * MAX_CHUNK, (index + 1) * MAX_CHUNK),
  );
  return { header, value: head, chunks };
}

/** The text of a record. Rejects, with what is wrong, on anything that is not exactly what was stored. */
export async function open(
  header: Header,
  payload: Buffer,
  name: string,
  generation: Generation,
): Promise<string> {
  if (header.sealed !== (generation.sealKey !== undefined))
    throw new Error(header.sealed ? "it is encrypted" : "it is not encrypted");
  if (payload.byteLength !== header.payloadBytes) throw new Error("it is cut short");
  const head = printHeader(header);
  const body = generation.sealKey
    ? decrypt(payload, generation.sealKey, name, head)
    : authenticated(payload, generation.macKey, name, head);
  const flags = body.readUInt8(0);
  const size = body.readUInt32BE(4);
  const packedBytes = body.readUInt32BE(8);
  if (size > MAX_ORIGINAL || packedBytes > body.byteLength - BODY_HEADER_BYTES)
    throw new Error("it says it is larger than it can be");
  const bytes = body.subarray(BODY_HEADER_BYTES, BODY_HEADER_BYTES + packedBytes);
  const unpacking = unpack({ deflated: (flags & DEFLATED) !== 0, bytes }, size);
  const unpacked = unpacking instanceof Promise ? await unpacking : unpacking;
  return unpacked.toString((flags & UTF16) !== 0 ? "utf16le" : "utf8");
}

/** The header of a value; `undefined` when it is not one of ours. */
export function parseHeader(value: Buffer): Header | undefined {
  if (value.byteLength < HEADER_BYTES || value.toString("latin1", 0, 4) !== MAGIC) return undefined;
  const payloadBytes = value.readUInt32BE(8);
  const flags = value.readUInt32BE(4);
  if (payloadBytes > MAX_PAYLOAD || (flags & ~(SEALED << 24)) !== 0) return undefined;
  return { sealed: flags !== 0, payloadBytes, putId: value.toString("hex", 12, 20) };
}

/** Into how many chunks the payload is cut; 0 when it follows the header. */
export function chunkCount({ payloadBytes }: Header): number {
  return payloadBytes > MAX_CHUNK ? Math.ceil(payloadBytes / MAX_CHUNK) : 0;
}

export function chunkNames(name: string, header: Header): readonly string[] {
  return Array.from(
    { length: chunkCount(header) },
    (_, index) => `${name}:${header.putId}:${index}`,
  );
}

function printHeader({ sealed, payloadBytes, putId }: Header): Buffer {
  const head = Buffer.alloc(HEADER_BYTES);
  head.write(MAGIC, 0, "latin1");
  head.writeUInt8(sealed ? SEALED : 0, 4);
  head.writeUInt32BE(payloadBytes, 8);
  head.write(putId, 12, "hex");
  return head;
}

function macOf(body: Buffer, macKey: KeyObject, name: string, head: Buffer): Buffer {
  return createHmac("sha256", macKey)
    .update(`${name.length}:${name}`)
    .update(head)
    .update(body)
    .digest();
}

function authenticated(payload: Buffer, macKey: KeyObject, name: string, head: Buffer): Buffer {
  const body = payload.subarray(MAC_BYTES);
  if (
    body.byteLength < BODY_HEADER_BYTES ||
    !timingSafeEqual(payload.subarray(0, MAC_BYTES), macOf(body, macKey, name, head))
  )
    throw new Error("the bytes are not the ones that were stored");
  return body;
}

function encrypt(body: Buffer, sealKey: Buffer, name: string, head: Buffer): Buffer[] {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", sealKey, nonce).setAAD(
    Buffer.concat([Buffer.from(name), head]),
  );
  return [nonce, cipher.update(body), cipher.final(), cipher.getAuthTag()];
}

function decrypt(payload: Buffer, sealKey: Buffer, name: string, head: Buffer): Buffer {
  if (payload.byteLength < NONCE_BYTES + TAG_BYTES + BODY_HEADER_BYTES)
    throw new Error("it is cut short");
  const decipher = createDecipheriv("aes-256-gcm", sealKey, payload.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher
    .setAAD(Buffer.concat([Buffer.from(name), head]))
    .setAuthTag(payload.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([
      decipher.update(payload.subarray(NONCE_BYTES, -TAG_BYTES)),
      decipher.final(),
    ]);
  } catch {
    throw new Error("the bytes are not the ones that were stored");
  }
}
