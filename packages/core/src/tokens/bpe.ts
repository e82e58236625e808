/**
 * Exact OpenAI encodings: byte-pair merging over the vocabularies that gpt-tokenizer publishes.
 *
 * Only the vocabulary is taken from that package, imported when a counter is first asked for. The counting is ours because we
 * never need the tokens themselves: most pieces of a text are words of the vocabulary, so a piece costs one lookup, and a merged
 * piece is remembered. Text that looks like a special token (`<|endoftext|>`) is text.
 *
 * Trap: a piece can be a megabyte (a run of letters), and no merge is linear. Beyond `MAX_PIECE` it is merged in parts,
 * which can add or lose a token a part.
 */
import type { TokenCounter } from "../types/tokens.ts";
import { type ByteTable, byteTable } from "./byte-table.ts";
import { countMerged } from "./merge.ts";
import { unpackVocabulary } from "./packed.ts";
import { cutAt } from "./run-guard.ts";
import { type Splitter, splitCl100k, splitO200k } from "./split.ts";
import { writeUtf8 } from "./utf8.ts";

export type BpeEncoding = "o200k_base" | "cl100k_base";

/** UTF-16 units of a piece that are merged as one. */
export const MAX_PIECE = 2048;
/** Merged pieces remembered, and the bytes of all of them; all are forgotten when either is full. */
const MAX_REMEMBERED = 32_768;
const MAX_REMEMBERED_BYTES = 524_288;

/** Loads one vocabulary. Rejects when it cannot be imported. */
export async function loadBpe(encoding: BpeEncoding): Promise<TokenCounter> {
  if (encoding === "o200k_base") {
    const { packed } = await import("./vocabularies/o200k_base.ts");
    return bpeCounter(encoding, unpackVocabulary(packed()), splitO200k);
  }
  const { packed } = await import("./vocabularies/cl100k_base.ts");
  return bpeCounter(encoding, unpackVocabulary(packed()), splitCl100k);
}

function bpeCounter(name: string, vocabulary: ByteTable, split: Splitter): TokenCounter {
  // Bytes and not texts: a part of a text would keep the whole text alive.
  const remembered = byteTable(MAX_REMEMBERED, MAX_REMEMBERED_BYTES);
  const counts = new Uint16Array(MAX_REMEMBERED);
  const bytes = new Uint8Array(3 * MAX_PIECE + 3);

  function countPiece(text: string, start: number, end: number): number {
    const length = writeUtf8(text, start, end, bytes);
    if (vocabulary.find(bytes, 0, length) !== -1) return 1;
    const known = remembered.find(bytes, 0, length);
    if (known !== -1) return counts[known] as number;
    const tokens = countMerged(bytes, length, vocabulary);
    let entry = remembered.add(bytes, 0, length);
    if (entry === -1) {
      remembered.clear();
      entry = remembered.add(bytes, 0, length);
    }
    counts[entry] = tokens;
    return tokens;
  }

  function countLongPiece(text: string, start: number, end: number): number {
    let tokens = 0;
    for (let at = start; at < end; ) {
      const cut = cutAt(text, at + MAX_PIECE, end);
      tokens += countPiece(text, at, cut);
      at = cut;
    }
    return tokens;
  }

  return {
    name,
    count(text) {
      let tokens = 0;
      for (let start = 0; start < text.length; ) {
        const end = split(text, start);
        // Every byte below 128 is a token.
        if (end - start === 1 && text.charCodeAt(start) < 128) tokens++;
        else if (end - start <= MAX_PIECE) tokens += countPiece(text, start, end);
        else tokens += countLongPiece(text, start, end);
        start = end;
      }
      return tokens;
    },
  };
}
