/**
 * The one rule that decides which form of a text is sent. It depends on the text and the options alone.
 *
 * - Among lossless forms the one with the fewest tokens wins.
 * - A view is considered where the lossless form (or the text, where there is none) is over the block's budget, or is long
 *   although it fits: hundreds of rows that say the same are not worth reading, however well they are written.
 * - A view is used where it is clearly smaller than the lossless form.
 */
import type { Form } from "../types/runner.ts";

/** Tokens. A lossless form that meets the budget and is this short is always used. */
export const READABLE_TOKENS = 500;

/** A view of a text whose lossless form meets the budget has to be this small beside it. */
export const SMALL_SHARE: number = 1 / 3;

/** A view of a text whose lossless form is over the budget has to be this small beside it. */
export const SMALLER_SHARE = 0.95;

/** Characters. From here on a view is made before the lossless form, which it may spare. */
export const SHORTEN_FIRST_CHARACTERS = 20_000;

/** A lossless form this small beside another compressor's shows that the other's detector was wrong about the text. */
export const WRONG_KIND_SHARE = 0.5;

/** Whether a view should be made at all. @param tokens of the lossless form, or of the text where there is none */
export function wantsView(tokens: number, budgetTokens: number): boolean {
  return tokens > budgetTokens || tokens > READABLE_TOKENS;
}

/** The most tokens a view may have to be used instead of a lossless form of `tokens`. */
export function mostTokensOfView(tokens: number, budgetTokens: number): number {
  return tokens * (tokens <= budgetTokens ? SMALL_SHARE : SMALLER_SHARE);
}

/** The form to send. */
export function choose(
  lossless: Form | undefined,
  view: Form | undefined,
  textTokens: number,
  budgetTokens: number,
): Form | undefined {
  if (view === undefined) return lossless;
  const tokens = lossless?.tokens ?? textTokens;
  return view.tokens <= mostTokensOfView(tokens, budgetTokens) ? view : lossless;
}
