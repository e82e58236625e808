/**
 * Refs: how an original is named.
 *
 * A ref is 96 bits of HMAC-SHA-256 over the original's SHA-256, keyed by namespace and secret, written as 21 letters a–z
 * and a check letter. Letters cost the fewest tokens of all alphabets tried (11 for 96 bits); the key makes refs of one
 * namespace worthless in another and, with a secret, impossible to guess; the check letter tells a mistyped ref from a
 * missing one.
 */
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { finish } from "../forms/pace.ts";
import type { CcrRef } from "../types/store.ts";
import { digestInSteps } from "./digest.ts";

const LETTERS = 21;
const REF_LENGTH = LETTERS + 1;
const CODE_A = 97;
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
 */
export function refScope(namespace: string, secret = ""): RefScope {
  const info = encoder.encode(`v1\0${namespace.length}\0${namespace}`);
  return { key: hkdf(sha256, encoder.encode(secret), encoder.encode("headroom-ccr"), info, 32) };
}

/** The ref of a text: a pure function of its bytes and the scope. */
export function refOf(text: string, scope: RefScope): CcrRef {
  return refOfDigest(digestOf(text), scope);
}

/** The ref of the text with this SHA-256. */
export function refOfDigest(digest: Uint8Array, scope: RefScope): CcrRef {
  const tagged = hmac.create(sha256, scope.key);
  const mac = tagged.update(encoder.encode("ccr1\0")).update(digest).digest();
  return withCheckLetter(toLetters(mac.subarray(0, 12)));
}

/** SHA-256 of a text, as refs need it. */
export function digestOf(text: string): Uint8Array {
  return finish(digestInSteps(text));
}

/** Reads a ref as a person or a model may have typed it; `undefined` when it cannot be one (length, letters, check letter). */
export function parseRef(typed: string): CcrRef | undefined {
  const letters = typed.trim().toLowerCase();
  if (letters.length !== REF_LENGTH || !isLetters(letters)) return undefined;
  const ref = withCheckLetter(letters.slice(0, LETTERS));
  return ref === letters ? ref : undefined;
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

function toLetters(bytes: Uint8Array): string {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  let letters = "";
  for (let i = 0; i < LETTERS; i++) {
    letters = String.fromCharCode(CODE_A + Number(value % 26n)) + letters;
    value /= 26n;
  }
  return letters;
}
