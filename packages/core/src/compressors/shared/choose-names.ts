/**
 * Chooses texts that get a name (`@1`) because they keep coming back: folders, URLs, user agents, whole values. A greedy
 * choice takes what saves most after the earlier choices.
 */
import { MIN_NAMED_TOKENS } from "../../notation/names.ts";
import { Meter } from "../../steps.ts";
import { isDigit, isLetter } from "../../text/chars.ts";
import type { Steps } from "../../types/compressor.ts";
import { countCandidates, isNameStart, MIN_LENGTH } from "./name-candidates.ts";
import { cost } from "./text-cost.ts";
import { TextIndex } from "./text-index.ts";

/** Names that are used less often are not worth a look-up. */
const MIN_USES = 3;
const MAX_RANKED = 1_200;
const MAX_NAMES = 600;
/** Tokens of `@12` in a row, and of its definition with the line break. */
const NAME_COST = 2;
const DEFINITION_COST = 4;
/** A name that saves fewer tokens in all is not worth a look-up. */
const MIN_SAVING = 6;
/** An identifier is best read where it stands: it has a name only when it is long and saves more. */
const MIN_WORD_TOKENS = 6;
const MIN_WORD_SAVING = 12;

/** To look for texts at a place takes as long as reading about so many characters. */
const LOOK_UP_WORK = 8;

interface Candidate {
  readonly text: string;
  readonly least: number;
  count: number;
  /** Tokens that a use saves. */
  each: number;
  /** Candidates that stand in it, and those that it stands in. */
  readonly inner: Candidate[];
  readonly outer: Candidate[];
}

/**
 * The texts worth a name, most worth first.
 *
 * @param isWhole - Whether a piece, given by its index, may have a name as a whole.
 * @param mayName - Whether a text may have a name.
 */
export function* chooseNames(
  pieces: readonly string[],
  isWhole: (at: number) => boolean,
  mayName: (text: string) => boolean,
): Steps<readonly string[]> {
  const ranked = yield* rankCandidates(pieces, isWhole);
  yield* linkCandidates(ranked);
  const worths = Float64Array.from(ranked, worth);
  const places = new Map(ranked.map((candidate, at) => [candidate, at]));
  const meter = new Meter();
  const chosen: string[] = [];
  while (chosen.length < MAX_NAMES) {
    let place = -1;
    let most = 0;
    for (let at = 0; at < worths.length; at++) {
      const one = worths[at] as number;
      if (one > most) {
        most = one;
        place = at;
      }
    }
    const best = ranked[place];
    if (best === undefined) break;
    worths[place] = 0;
    if (meter.isDue(ranked.length + best.text.length)) yield;
    if (!mayName(best.text)) continue;
    chosen.push(best.text);
    for (const one of best.inner) one.count -= best.count;
    for (const one of best.outer) one.each -= best.each;
    for (const one of [...best.inner, ...best.outer]) {
      const at = places.get(one) ?? 0;
      if (worths[at] !== 0) worths[at] = worth(one);
    }
  }
  return chosen;
}

function* rankCandidates(
  pieces: readonly string[],
  isWhole: (at: number) => boolean,
): Steps<readonly Candidate[]> {
  const ranked: Candidate[] = [];
  const { counts, wholes } = yield* countCandidates(pieces, isWhole);
  const meter = new Meter();
  for (const [text, count] of counts) {
    if (meter.isDue(count < MIN_USES ? 1 : text.length)) yield;
    if (count < MIN_USES || text.length < MIN_LENGTH) continue;
    const tokens = cost(text);
    const word = isWord(text);
    if (tokens < (word ? MIN_WORD_TOKENS : MIN_NAMED_TOKENS)) continue;
    const least = word ? MIN_WORD_SAVING : MIN_SAVING;
    const candidate = { text, count, each: tokens - NAME_COST, least, inner: [], outer: [] };
    if (worth(candidate) === 0 || isNumber(text, word)) continue;
    if (wholes.has(text) || isBalanced(text)) ranked.push(candidate);
  }
  ranked.sort((a, b) => worth(b) - worth(a) || (a.text < b.text ? -1 : 1));
  return ranked.slice(0, MAX_RANKED);
}

/** Finds the candidates that stand in others. */
function* linkCandidates(ranked: readonly Candidate[]): Steps<void> {
  const meter = new Meter();
  const index = new TextIndex(ranked);
  for (const outer of ranked) {
    const { text } = outer;
    if (meter.isDue(text.length * LOOK_UP_WORK)) yield;
    for (let at = 0; at <= text.length - MIN_LENGTH; at++) {
      if (!isNameStart(text, at) || !index.mayBegin(text.charCodeAt(at))) continue;
      for (const inner of index.at(text, at)) {
        if (inner === outer || !text.startsWith(inner.text, at)) continue;
        outer.inner.push(inner);
        inner.outer.push(outer);
      }
    }
  }
}

/** Tokens saved in all, 0 where they are too few: the first use pays for the definition. */
function worth({ count, each, least }: Candidate): number {
  const saved = count < MIN_USES ? 0 : (count - 1) * each - NAME_COST - DEFINITION_COST;
  return saved >= least ? saved : 0;
}

/** One word that is no path. */
function isWord(text: string): boolean {
  return !text.includes(" ") && !text.includes("/");
}

/** Numbers, versions, dates, addresses and hashes have no names: readers compare them. */
function isNumber(text: string, word: boolean): boolean {
  let letters = 0;
  let digits = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // Colour codes are no numbers.
    if (code === 27) return false;
    if (isLetter(code)) letters++;
    else if (isDigit(code)) digits++;
  }
  return letters === 0 || (word && (digits >= letters || isDigit(text.charCodeAt(0))));
}

/** Whether a text closes what it opens. */
function isBalanced(text: string): boolean {
  let quotes = 0;
  const open: string[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (char === '"') quotes++;
    // The bracket behind an escape is a part of a colour code.
    else if (BRACKETS.has(char) && text.charCodeAt(at - 1) !== 27)
      open.push(BRACKETS.get(char) ?? "");
    else if (CLOSING.includes(char) && open.pop() !== char) return false;
  }
  return quotes % 2 === 0 && open.length === 0;
}

const BRACKETS: ReadonlyMap<string, string> = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);
const CLOSING = ")]}";
