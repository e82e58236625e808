/**
 * Remembers which record of a text was seen to open. While the same bytes stand under the key, they are the same record, and
 * a put of the same text need neither open nor pack nor send it again.
 */
import { createHash, hash } from "node:crypto";
import type { Original } from "./record.ts";

/** About 200 bytes each. */
const MAX_PROOFS = 20_000;

export interface Proofs {
  /** What is remembered of the record under this name, if it is this text's. */
  of(name: string, text: string): string | undefined;
  set(name: string, text: string, record: string): void;
}

export function proofs(): Proofs {
  const kept = new Map<string, { readonly text: string; readonly record: string }>();
  return {
    of(name, text) {
      const proof = kept.get(name);
      if (proof === undefined) return undefined;
      kept.delete(name);
      kept.set(name, proof);
      return proof.text === text ? proof.record : undefined;
    },
    set(name, text, record) {
      kept.delete(name);
      kept.set(name, { text, record });
      if (kept.size <= MAX_PROOFS) return;
      for (const oldest of kept.keys()) {
        kept.delete(oldest);
        break;
      }
    },
  };
}

export function textPrint({ bytes, utf16 }: Original): string {
  return (utf16 ? "16 " : "8 ") + hash("sha256", bytes, "base64");
}

/** Value and chunks of a record. */
export function recordPrint(value: Buffer, chunks: readonly Buffer[]): string {
  if (chunks.length === 0) return hash("sha256", value, "base64");
  const digest = createHash("sha256").update(value);
  for (const chunk of chunks) digest.update(chunk);
  return digest.digest("base64");
}
