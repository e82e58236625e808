/** Tokens as a package counts them that is not ours, and as a second one does: the library's own figures are not believed. */
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { getEncoding } from "js-tiktoken";

/** Text that looks like special tokens counts as text. */
const PLAIN = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() };
const counted = new Map<string, number>();

/** Tokens of a text in `o200k_base`, by gpt-tokenizer. */
export function tokensOf(text: string): number {
  let tokens = counted.get(text);
  if (tokens === undefined) {
    tokens = countTokens(text, PLAIN);
    counted.set(text, tokens);
  }
  return tokens;
}

/** The same by js-tiktoken, which is slow on long texts. */
export function tokensAgain(text: string): number {
  encoding ??= getEncoding("o200k_base");
  return encoding.encode(text, [], []).length;
}
let encoding: ReturnType<typeof getEncoding> | undefined;

/** Whether two counts of one text agree: long unbroken runs are counted in pieces, which may cost a few tokens. */
export function countsAgree(one: number, other: number): boolean {
  return Math.abs(one - other) <= 2 + 0.001 * Math.max(one, other);
}
