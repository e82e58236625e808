/**
 * How many tokens, without a vocabulary.
 *
 * The text is cut into the same pieces as by `o200k_base`; a piece costs what pieces of its shape cost on average. What
 * decides is where a word stands: after a space it is nearly always one token, after a sign (`/usr`, `_id`) often two,
 * after a digit (hashes, base64) one for each two letters. The averages were measured over tool output of many kinds;
 * `npm run bench` prints the error per kind.
 */
import type { TokenCounter } from "../types/tokens.ts";
import { asciiClass, classAt, NUMBER, SPACE } from "./character-class.ts";
import { splitO200k } from "./split.ts";

const LETTERS = 7;

/** Tokens of a word by its length, then per further letter. */
type Costs = { readonly byLength: readonly number[]; readonly perLetter: number };

const AFTER_SPACE: Costs = {
  byLength: [0, 1, 1, 1.03, 1.03, 1.04, 1.09, 1.1, 1.17, 1.22, 1.34],
  perLetter: 0.02,
};
const BARE: Costs = {
  byLength: [0, 1, 1.02, 1.07, 1.06, 1.07, 1.08, 1.09, 1.25, 1.2, 1.38],
  perLetter: 0.06,
};
const AFTER_SIGN: Costs = {
  byLength: [0, 1.01, 1.07, 1.23, 1.27, 1.49, 1.35, 1.59, 1.74, 2.04, 2.5],
  perLetter: 0.2,
};
const AFTER_DIGIT: Costs = { byLength: [0, 1, 1.05, 1.6, 2.1, 2.35], perLetter: 0.4 };

/** About how many `o200k_base` tokens. Whole, at least 1 for a text that is not empty; linear and cheap. */
export function estimateTokens(text: string): number {
  let tokens = 0;
  let afterDigit = false;
  for (let start = 0; start < text.length; ) {
    const end = splitO200k(text, start);
    const first = text.charCodeAt(start);
    const kind = first < 128 ? (asciiClass[first] as number) : classAt(text, start);
    tokens += kind === NUMBER ? 1 : pieceCost(text, start, end, kind, afterDigit);
    afterDigit = kind === NUMBER;
    start = end;
  }
  return text.length === 0 ? 0 : Math.max(1, Math.round(tokens));
}

/** The zero-dependency counter: nothing to load, a few percent off. */
export const estimateCounter: TokenCounter = { name: "estimate", count: estimateTokens };

function pieceCost(
  text: string,
  start: number,
  end: number,
  kind: number,
  afterDigit: boolean,
): number {
  if ((kind & LETTERS) !== 0) return wordCost(text, start, end, afterDigit ? AFTER_DIGIT : BARE);
  const length = end - start;
  if (length === 1) return 1;
  const second = text.charCodeAt(start + 1);
  const secondKind = second < 128 ? (asciiClass[second] as number) : classAt(text, start + 1);
  if ((secondKind & LETTERS) !== 0) {
    return wordCost(text, start + 1, end, kind === SPACE ? AFTER_SPACE : AFTER_SIGN);
  }
  if ((kind & SPACE) !== 0 && (secondKind & SPACE) !== 0) return 1 + (length >> 7);
  return signCost(text, start, end);
}

function wordCost(text: string, start: number, end: number, costs: Costs): number {
  const length = end - start;
  const middle = text.charCodeAt(start + (length >> 1));
  if (middle >= 128 || text.charCodeAt(end - 1) >= 128) return foreignCost(middle, length);
  const { byLength, perLetter } = costs;
  const known = byLength[length];
  if (known !== undefined) return known;
  const last = byLength.length - 1;
  return (byLength[last] as number) + (length - last) * perLetter;
}

/** Words of other scripts: by how many letters a token of theirs has. */
function foreignCost(code: number, length: number): number {
  if (code < 0x250) return Math.max(1, length * 0.36);
  if (code < 0x600) return Math.max(1, length * 0.3);
  if (code < 0x1100) return Math.max(1, length * 0.36);
  return Math.max(1, length * 0.72);
}

/** Signs: usual ones up to three are one token; a rule of equal signs is cheap, a mixture is not. */
function signCost(text: string, start: number, end: number): number {
  const length = end - start;
  const last = text.charCodeAt(end - 1);
  if (last >= 128) return last >= 0xd800 && last < 0xe000 ? length * 0.9 : length;
  if (length <= 3) return 1.02;
  let changes = 0;
  for (let index = start + 1; index < end; index++) {
    if (text.charCodeAt(index) !== text.charCodeAt(index - 1)) changes++;
  }
  return 1 + changes * 0.22 + length / 40;
}
