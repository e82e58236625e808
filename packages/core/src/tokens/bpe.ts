/**
 * Exact OpenAI encodings: byte-pair merging over the vocabularies that gpt-tokenizer publishes.
 *
 * Only the vocabulary is taken from that package (1 to 2 MB of source, imported when a counter is first asked for). The
 * counting is ours because we never need the tokens themselves: most pieces of a text are words of the vocabulary, so a
 * piece costs one map lookup, and a merged piece is remembered. Text that looks like a special token (`<|endoftext|>`)
 * is text.
 *
 * Trap: a piece can be a megabyte (a run of letters), and no merge is linear. Beyond `MAX_PIECE` it is merged in parts,
 * which can add or lose a token a part.
 */
import type { TokenCounter } from "../types/tokens.ts";
import { countMerged, type Vocabulary } from "./merge.ts";
import { cutAt } from "./run-guard.ts";
import { type Splitter, splitCl100k, splitO200k } from "./split.ts";

export type BpeEncoding = "o200k_base" | "cl100k_base";

/** UTF-16 units of a piece that are merged as one. */
export const MAX_PIECE = 2048;
/** Merged pieces remembered, and the longest of them; the map is emptied when it is full. */
const MAX_REMEMBERED = 50_000;

type PublishedVocabulary = readonly (string | readonly number[])[];
interface PublishedModule {
  readonly default: PublishedVocabulary | { readonly default: PublishedVocabulary };
}

/** Loads one vocabulary. Rejects when it cannot be imported. */
export async function loadBpe(encoding: BpeEncoding): Promise<TokenCounter> {
  if (encoding === "o200k_base") {
    const published = await import("gpt-tokenizer/bpeRanks/o200k_base");
    return bpeCounter(encoding, readVocabulary(listIn(published)), splitO200k);
  }
  const published = await import("gpt-tokenizer/bpeRanks/cl100k_base");
  return bpeCounter(encoding, readVocabulary(listIn(published)), splitCl100k);
}

/** In the CommonJS build of this package the whole module is the default. */
function listIn(module: PublishedModule): PublishedVocabulary {
  return "default" in module.default ? module.default.default : module.default;
}

function bpeCounter(name: string, vocabulary: Vocabulary, split: Splitter): TokenCounter {
  const words = vocabulary.whole;
  const remembered = new Map<string, number>();

  function countPiece(piece: string): number {
    if (words.has(piece)) return 1;
    const known = remembered.get(piece);
    if (known !== undefined) return known;
    const tokens = countMerged(piece, vocabulary);
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(piece, tokens);
    return tokens;
  }

  function countLongPiece(text: string, start: number, end: number): number {
    let tokens = 0;
    for (let at = start; at < end; ) {
      const cut = cutAt(text, at + MAX_PIECE, end);
      tokens += countPiece(text.slice(at, cut));
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
        else if (end - start <= MAX_PIECE) tokens += countPiece(text.slice(start, end));
        else tokens += countLongPiece(text, start, end);
        start = end;
      }
      return tokens;
    },
  };
}

function readVocabulary(published: PublishedVocabulary): Vocabulary {
  const whole = new Map<string, number>();
  const partial = new Map<string, number>();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  // By index: the list has holes.
  for (let rank = 0; rank < published.length; rank++) {
    const token = published[rank];
    if (typeof token === "string") whole.set(token, rank);
    else if (token !== undefined) {
      // The byte order mark is listed as bytes, but it is a whole character.
      const text = decoder.decode(Uint8Array.from(token));
      if (text.includes("\ufffd")) partial.set(String.fromCharCode(...token), rank);
      else whole.set(text, rank);
    }
  }
  return { whole, partial };
}
