/**
 * Remembers which record of a text was seen to open. While the same bytes stand under the key, they are the same record, and
 * a put of the same text need neither open nor pack nor send it again.
 */
import { createHash } from "node:crypto";
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
  return printOf([Uint8Array.of(utf16 ? 1 : 0), bytes]);
}

/** Value and chunks of a record. */
export function recordPrint(value: Buffer, chunks: readonly Buffer[]): string {
  return printOf([value, ...chunks]);
}

function printOf(parts: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("base64");
}
