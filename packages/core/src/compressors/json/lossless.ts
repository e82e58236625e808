/**
 * The lossless form of a document: our notation or just no white space, whichever has fewer tokens, proven by the decoder.
 *
 * Also tells cheaply, where it can, that this form is longer than something else: the form of a part of a list is not
 * longer than the form of the whole. One trap: that holds up to the luck of the greedy choices in the encoder, hence `margin`.
 */
import type { TokenCounter } from "../../types/tokens.ts";
import { type JsonDocument, readDocument } from "./document.ts";
import { encodeDocument, minifyDocument } from "./encode.ts";
import { decodeForm } from "./form.ts";
import type { JsonNode } from "./tree.ts";

export interface Lossless {
  readonly text: string;
  readonly tokens: number;
  /** The document without white space: what the text has to decode to. */
  readonly minified: string;
}

/** The notation has up to a third more tokens a character than JSON. */
const clearlyShorter = 0.6;

/** The lossless form with the fewest tokens, not yet proven: our notation, or just no white space. */
export function smallest(document: JsonDocument, counter: TokenCounter): Lossless {
  const minified = minifyDocument(document);
  const encoded = encodeDocument(document, counter);
  if (encoded.length >= minified.length)
    return { text: minified, tokens: counter.count(minified), minified };
  const tokens = counter.count(encoded);
  // Counting is what costs most here: not needed where the notation is shorter by far.
  if (encoded.length < minified.length * clearlyShorter) return { text: encoded, tokens, minified };
  const plain = counter.count(minified);
  return tokens < plain
    ? { text: encoded, tokens, minified }
    : { text: minified, tokens: plain, minified };
}

/** The text of a lossless form where its decoder gives the document back, and the minified document where not. */
export function prove({ text, minified }: Lossless): string {
  // Both are free of white space, so the same lexemes are the same text.
  return text === minified || decodeForm(text) === minified ? text : minified;
}

/** A part has to exceed the bound by so much that no choice of the encoder on the whole can make up for it. */
const margin = 1.5;
/** Characters that are written out for each token asked about: a form of fewer tokens than one in six is not told. */
const charactersPerToken = 6;
/** Only a small part is worth it: the encoder may have to write all the same. */
const smallPart = 0.25;
/** Fewer rows are no list. */
const leastRows = 32;

/**
 * Whether the lossless form certainly has more than so many tokens; `false` where only writing it would tell.
 *
 * Spares encoding and counting 400 kB of search results of which 1 % is shown: 115 ms of 235 in a cold process.
 */
export function exceeds(document: JsonDocument, tokens: number, counter: TokenCounter): boolean {
  const { source, root } = document;
  const least = tokens * margin;
  const length = Math.ceil(least * charactersPerToken);
  if (length > (root.end - root.start) * smallPart) return false;
  const part = beginning(source, root, length);
  const read = part === undefined ? undefined : readDocument(part);
  return read !== undefined && smallest(read, counter).tokens > least;
}

/** About `length` characters of the list that most of a document is, as a document of its own. */
function beginning(source: string, root: JsonNode, length: number): string | undefined {
  let node: JsonNode | undefined = root;
  while (node !== undefined && (node.end - node.start) * 2 > root.end - root.start) {
    if (node.type !== "array" && node.type !== "object") return undefined;
    const children: readonly JsonNode[] =
      node.type === "array" ? node.items : node.members.map(({ value }) => value);
    if (children.length < leastRows) {
      node = longest(children);
      continue;
    }
    const start = node.type === "array" ? children[0]?.start : node.members[0]?.key.start;
    const last = children.find(({ end }) => end - (start ?? 0) >= length);
    if (start === undefined || last === undefined) return undefined;
    const inside = source.slice(start, last.end);
    return node.type === "array" ? `[${inside}]` : `{${inside}}`;
  }
  return undefined;
}

function longest(nodes: readonly JsonNode[]): JsonNode | undefined {
  let most: JsonNode | undefined;
  for (const node of nodes)
    if (most === undefined || node.end - node.start > most.end - most.start) most = node;
  return most;
}
