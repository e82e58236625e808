/**
 * Documents that people wrote: prose and markdown.
 *
 * There is no lossless form of its own: what a document repeats, `lines` writes once. The view shows whole sentences, headings, items,
 * rows and blocks of code; no word of what stays is dropped.
 */
import { isDocument } from "../../text/document.ts";
import type { Compressor } from "../../types/compressor.ts";
import { shortenText, textOriginal } from "./view.ts";

/** Sure, but not of what another kind is certain of. */
const CLAIM = 0.8;

/** Prose and markdown, by sentences. */
export function textCompressor(): Compressor {
  return {
    name: "text",
    kind: "text",
    detect: (sample) => (isDocument(sample) ? CLAIM : 0),
    encode: () => undefined,
    decode: () => undefined,
    shorten: shortenText,
    original: textOriginal,
  };
}
