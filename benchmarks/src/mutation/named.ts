/**
 * Changes that may stay unnoticed, each with the reason. An equivalent one behaves exactly as the original and leaves the
 * score; an accepted one could be noticed, is not worth a test, and counts as not noticed.
 */
export interface Named {
  readonly file: string;
  /** The lines as `npm run mutation` prints them. */
  readonly before: string;
  readonly after: string;
  readonly verdict: "equivalent" | "accepted";
  readonly reason: string;
}

const TOKENS = "packages/core/src/tokens";
const JSON_KIND = "packages/core/src/compressors/json";

export const NAMED: readonly Named[] = [
  {
    file: `${TOKENS}/merge.ts`,
    before: "for (let index = 0; index < text.length; index++) {",
    after: "for (let index = 0; index <= text.length; index++) {",
    verdict: "equivalent",
    reason: "behind the text there is no character code, and NaN is not above 127",
  },
  {
    file: `${TOKENS}/bpe.ts`,
    before: "else if (end - start <= MAX_PIECE) tokens += countPiece(text.slice(start, end));",
    after: "else if (end + start <= MAX_PIECE) tokens += countPiece(text.slice(start, end));",
    verdict: "equivalent",
    reason: "a piece within the bound has one part, and counts the same",
  },
  {
    file: `${JSON_KIND}/repeats.ts`,
    before: "for (let i = 1; i < text.length; i++) {",
    after: "for (let i = 1; i <= text.length; i++) {",
    verdict: "equivalent",
    reason: "behind the text there is no character, and nothing happens",
  },
  {
    file: `${JSON_KIND}/print.ts`,
    before: "if (item.cost < LARGE_TOKENS || this.#names.has(item) || item.items.length === 0)",
    after: "if (item.cost <= LARGE_TOKENS || this.#names.has(item) || item.items.length === 0)",
    verdict: "accepted",
    reason: "the same text, with a rest more for a value of exactly 8,192 tokens",
  },
  {
    file: `${JSON_KIND}/template.ts`,
    before: "if (except.size === 0) break;",
    after: "if (except.size === 0) ;",
    verdict: "equivalent",
    reason: "no template fails in fewer rows than none, so that the first such one stays the best",
  },
  {
    file: `${JSON_KIND}/siblings.ts`,
    before:
      'if (kind !== "string" || text.length < MIN_LENGTH || text.length > MAX_LENGTH) return;',
    after:
      'if (((kind !== "string") && (text.length < MIN_LENGTH)) || text.length > MAX_LENGTH) return;',
    verdict: "equivalent",
    reason: "nothing refers to a shorter text, and no other kind of value may stand bare",
  },
  {
    file: `${TOKENS}/estimate.ts`,
    before:
      "if (middle >= 128 || text.charCodeAt(end - 1) >= 128) return foreignCost(middle, length);",
    after:
      "if (middle >= 128 || text.charCodeAt(end - 1) > 128) return foreignCost(middle, length);",
    verdict: "equivalent",
    reason: "U+0080 is a control character, and ends no word",
  },
];
