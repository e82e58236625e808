import type { Compressor } from "../types/compressor.ts";

const SAMPLE_CHARACTERS = 16_384;
const MAX_CANDIDATES = 3;

/** A detector this sure speaks for the whole text. */
export const SURE = 0.8;

/** A paragraph of a text that nobody claims is given to who is this sure: not to who takes any lines. */
export const SURE_OF_PARAGRAPH = 0.3;

/** A compressor that claims a text, and how sure it is. */
export interface Candidate {
  readonly compressor: Compressor;
  readonly score: number;
}

/** Asks every compressor whether a text is its kind; the surest first, the order of the list between equals. */
export function route(text: string, compressors: readonly Compressor[]): readonly Candidate[] {
  const sample = sampleOf(text);
  return compressors
    .map((compressor) => ({ compressor, score: scoreOf(compressor, sample) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, MAX_CANDIDATES);
}

/** The head of a text, cut after a whole line where it has one. */
export function sampleOf(text: string): string {
  if (text.length <= SAMPLE_CHARACTERS) return text;
  const line = text.lastIndexOf("\n", SAMPLE_CHARACTERS - 1);
  return text.slice(0, line < SAMPLE_CHARACTERS / 2 ? SAMPLE_CHARACTERS : line + 1);
}

/** A third party's detector that throws has not claimed the text. */
function scoreOf(compressor: Compressor, sample: string): number {
  try {
    const score = compressor.detect(sample);
    return Number.isFinite(score) ? score : 0;
  } catch {
    return 0;
  }
}
