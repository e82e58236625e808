import { sha256 } from "@noble/hashes/sha2.js";
import type { Steps } from "../types/compressor.ts";

/** Bytes hashed in one step: about a millisecond of work. */
const STEP_BYTES = 131_072;
const encoder = new TextEncoder();

/**
 * SHA-256 of a text: over its UTF-8 bytes, or its UTF-16 code units where it is not well-formed, told apart by a flag byte.
 */
export function* digestInSteps(text: string): Steps<Uint8Array> {
  const wellFormed = text.isWellFormed();
  const hash = sha256.create().update(Uint8Array.of(wellFormed ? 0 : 1));
  const bytes = wellFormed ? encoder.encode(text) : utf16(text);
  for (let at = 0; at < bytes.length; at += STEP_BYTES) {
    hash.update(bytes.subarray(at, at + STEP_BYTES));
    yield;
  }
  return hash.digest();
}

function utf16(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    bytes[i * 2] = code & 0xff;
    bytes[i * 2 + 1] = code >> 8;
  }
  return bytes;
}
