/**
 * Documents that people wrote: prose and markdown.
 *
 * There is no lossless form of its own: what a document repeats, `lines` writes once. The view shows whole sentences, headings, items,
 * rows and blocks of code; no word of what stays is dropped.
 */
import { isDocument } from "../../text/document.ts";
import type { Compressor } from "../../types/compressor.ts";
import { checkScorer, type ScorerOptions } from "./scorer.ts";
import { shortenScored, shortenText, textOriginal } from "./view.ts";

/** Sure, but not of what another kind is certain of. */
const CLAIM = 0.8;

export type { ScorerOptions, UnitScorer } from "./scorer.ts";

/**
 * Prose and markdown, by sentences. One with a scorer takes the place of the built-in one.
 *
 * @throws InvalidOptionError
 */
export function textCompressor(options: ScorerOptions = {}): Compressor {
  checkScorer(options);
  const { scorer } = options;
  return {
    name: "text",
    kind: "text",
    detect: (sample) => (isDocument(sample) ? CLAIM : 0),
    encode: () => undefined,
    decode: () => undefined,
    shorten: scorer
      ? (text, context) => shortenScored(text, context, scorer, options)
      : shortenText,
    original: textOriginal,
  };
}
