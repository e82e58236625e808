/**
 * Refs: how an original is named.
 *
 * A ref is 96 bits, keyed by namespace and secret: 80 of HMAC-SHA-256 over the original's SHA-256, and 16 of another one over
 * those 80. The 16 prove the scope without the text, so that what another namespace issued, or nobody, is told from our own
 * before a store is asked: it costs the same whether the store has it or not. One foreign ref in 65,536 passes that proof and
 * is then refused by its text, as `refOf` of the text decides.
 *
 * Written as 21 letters a–z and a check letter: letters cost the fewest tokens of all alphabets tried (11 for 96 bits), and the
 * check letter tells a mistyped ref from a missing one. A second spelling, 24 hexadecimal digits of the same 96 bits, is read
 * wherever a ref is; stores only ever see the letters.
 */
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { InvalidOptionError } from "../errors.ts";
import { finish } from "../steps.ts";
import type { CcrRef } from "../types/store.ts";
import { digestInSteps } from "./digest.ts";

const LETTERS = 21;
const REF_LENGTH = LETTERS + 1;
const NAME_BYTES = 10;
const REF_BYTES = 12;
const CODE_A = 97;
/** The letters of the largest number of 96 bits: letters of one length compare as the numbers do. */
const LAST = toLetters((1n << BigInt(8 * REF_BYTES)) - 1n);
const encoder = new TextEncoder();

/** Key of one namespace: what `refOf` needs besides the text. */
export interface RefScope {
  readonly key: Uint8Array;
}

/**
 * The scope of a namespace. Same namespace and secret, same refs, in every process.
 *
 * @param namespace isolates tenants or applications from each other
 * @param secret needed where tenants share a store; without it a ref can be computed by whoever has the text
 * @throws InvalidOptionError for what is no well-formed string: lone surrogates all encode alike, and would not be told apart
 */
export function refScope(namespace: string, secret = ""): RefScope {
  for (const [option, value] of Object.entries({ namespace, secret }))
    if (!isWellFormed(value))
      throw new InvalidOptionError(
        option,
        option === "secret" ? "another value" : value,
        "a well-formed string (no lone surrogates)",
      );
  const info = encoder.encode(`v1\0${namespace.length}\0${namespace}`);
  return { key: hkdf(sha256, encoder.encode(secret), encoder.encode("headroom-ccr"), info, 32) };
}

/** The ref of a text: a pure function of its bytes and the scope. */
export function refOf(text: string, scope: RefScope): CcrRef {
  return refOfDigest(digestOf(text), scope);
}

/** The ref of the text with this SHA-256. */
export function refOfDigest(digest: Uint8Array, scope: RefScope): CcrRef {
  const name = keyed(scope, "ccr2", digest).subarray(0, NAME_BYTES);
  const bytes = new Uint8Array(REF_BYTES);
  bytes.set(name);
  bytes.set(proofOf(name, scope), NAME_BYTES);
  return withCheckLetter(toLetters(numberOf(bytes)));
}

/** Whether a ref was made in this scope, as far as that shows without its text: a foreign one passes once in 65,536 times. */
export function isInScope(ref: CcrRef, scope: RefScope): boolean {
  const bytes = bytesOf(ref);
  const proof = proofOf(bytes.subarray(0, NAME_BYTES), scope);
  // Both bytes are always looked at: where they differ must not show in the time it takes.
  let difference = 0;
  for (const [i, byte] of proof.entries()) difference |= byte ^ (bytes[NAME_BYTES + i] ?? 0);
  return difference === 0;
}

function proofOf(name: Uint8Array, scope: RefScope): Uint8Array {
  return keyed(scope, "ccr2 scope", name).subarray(0, REF_BYTES - NAME_BYTES);
}

function keyed({ key }: RefScope, purpose: string, data: Uint8Array): Uint8Array {
  return hmac
    .create(sha256, key)
    .update(encoder.encode(`${purpose}\0`))
    .update(data)
    .digest();
}

/** Whether a value is a string that has one UTF-8 form. */
export function isWellFormed(value: unknown): boolean {
  return typeof value === "string" && value.isWellFormed();
}

/** SHA-256 of a text, as refs need it. */
export function digestOf(text: string): Uint8Array {
  return finish(digestInSteps(text));
}

/**
 * Reads a ref as a person or a model may have typed it: 22 letters, or 24 hexadecimal digits. `undefined` when it cannot be one
 * (length, characters, check letter).
 */
export function parseRef(typed: string): CcrRef | undefined {
  const text = typed.trim().toLowerCase();
  if (text.length === 2 * REF_BYTES && isHex(text))
    return withCheckLetter(toLetters(BigInt(`0x${text}`)));
  if (text.length !== REF_LENGTH || !isLetters(text)) return undefined;
  const letters = text.slice(0, LETTERS);
  return letters <= LAST && withCheckLetter(letters) === text ? (text as CcrRef) : undefined;
}

/** The second spelling of a ref, for wires that accept nothing else: 24 hexadecimal digits. `parseRef` reads it back. */
export function refToHex(ref: CcrRef): string {
  return bitsOf(ref)
    .toString(16)
    .padStart(2 * REF_BYTES, "0");
}

function withCheckLetter(letters: string): CcrRef {
  let sum = 0;
  for (let i = 0; i < letters.length; i++)
    sum = (sum * 3 + letters.charCodeAt(i) - CODE_A + 1) % 26;
  return (letters + String.fromCharCode(CODE_A + sum)) as CcrRef;
}

function isLetters(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < CODE_A || code > CODE_A + 25) return false;
  }
  return true;
}

function isHex(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const isDigit = code >= 48 && code <= 57;
    if (!isDigit && (code < CODE_A || code > CODE_A + 5)) return false;
  }
  return true;
}

function toLetters(number: bigint): string {
  let value = number;
  let letters = "";
  for (let i = 0; i < LETTERS; i++) {
    letters = String.fromCharCode(CODE_A + Number(value % 26n)) + letters;
    value /= 26n;
  }
  return letters;
}

/** The 96 bits of a ref as a number; the check letter is left out. */
function bitsOf(ref: CcrRef): bigint {
  let value = 0n;
  for (let i = 0; i < LETTERS; i++) value = value * 26n + BigInt(ref.charCodeAt(i) - CODE_A);
  return value;
}

function numberOf(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return value;
}

function bytesOf(ref: CcrRef): Uint8Array {
  const bytes = new Uint8Array(REF_BYTES);
  let value = bitsOf(ref);
  for (let i = REF_BYTES - 1; i >= 0; i--) {
    bytes[i] = Number(value & 0xffn);
    value >>= 8n;
  }
  return bytes;
}
