/**
 * A vocabulary as bytes: for each rank the length of its token and the token, 0 for a rank that has none.
 *
 * The build writes it as one text in base64, see `tsdown.config.ts`: a module with a list of 200,000 literals takes 100 milliseconds to
 * import and leaves 60 MB behind in the thread that does it.
 */
import { type ByteTable, byteTable } from "./byte-table.ts";

/** As gpt-tokenizer publishes it: by rank, a token that is no text as its bytes. It has holes. */
export type PublishedVocabulary = readonly (string | readonly number[] | undefined)[];

/** No token is longer. */
const MAX_TOKEN_BYTES = 255;

export function packVocabulary(published: PublishedVocabulary): Uint8Array {
  const encoder = new TextEncoder();
  const tokens: (Uint8Array | readonly number[])[] = [];
  let size = 0;
  // By index: the list has holes.
  for (let rank = 0; rank < published.length; rank++) {
    const token = published[rank] ?? [];
    const bytes = typeof token === "string" ? encoder.encode(token) : token;
    if (bytes.length > MAX_TOKEN_BYTES) throw new Error(`The token of rank ${rank} is too long.`);
    tokens.push(bytes);
    size += 1 + bytes.length;
  }
  const packed = new Uint8Array(size);
  let at = 0;
  for (const bytes of tokens) {
    packed[at] = bytes.length;
    packed.set(bytes, at + 1);
    at += 1 + bytes.length;
  }
  return packed;
}

/** The tokens by their ranks. */
export function unpackVocabulary(packed: Uint8Array): ByteTable {
  let ranks = 0;
  for (let at = 0; at < packed.length; at += 1 + (packed[at] as number)) ranks++;
  const table = byteTable(ranks, packed.length - ranks);
  for (let at = 0; at < packed.length; ) {
    const end = at + 1 + (packed[at] as number);
    table.add(packed, at + 1, end);
    at = end;
  }
  return table;
}

/** The bytes that a text in base64 stands for. */
export function bytesOfBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
