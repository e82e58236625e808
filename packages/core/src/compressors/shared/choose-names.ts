/**
 * Chooses texts that get a name (`@1`) because they keep coming back: folders, URLs, user agents, whole values. A greedy
 * choice takes what saves most after the earlier choices.
 */
import { type Definition, MIN_NAMED_TOKENS } from "../../notation/names.ts";
import { isLetter } from "./edges.ts";
import { countCandidates, isNameEnd, isNameStart, MIN_LENGTH } from "./name-candidates.ts";
import { cost } from "./text-cost.ts";

const MAX_RANKED = 2_000;
const MAX_NAMES = 1_000;
/** Tokens of `@12` in a row, and of its definition with the line break. */
const NAME_COST = 2;
const DEFINITION_COST = 4;
/** A name that saves fewer tokens in all is not worth a look-up. */
const MIN_SAVING = 6;
/** An identifier is best read where it stands: it has a name only when it is long and saves more. */
const MIN_WORD_TOKENS = 6;
const MIN_WORD_SAVING = 12;

interface Candidate {
  readonly text: string;
  count: number;
  /** Tokens that a use saves. */
  each: number;
}

/**
 * The texts worth a name, most worth first.
 *
 * @param whole - The pieces that may have a name as a whole.
 * @param mayName - Whether a text may have a name.
 */
export function chooseNames(
  pieces: readonly string[],
  whole: readonly string[],
  mayName: (text: string) => boolean,
): readonly string[] {
  const ranked: Candidate[] = [];
  const { counts, wholes } = countCandidates(pieces, whole);
  for (const [text, count] of counts) {
    if (count < 2 || text.length < MIN_LENGTH) continue;
    const tokens = cost(text);
    const candidate = { text, count, each: tokens - NAME_COST };
    if (tokens >= (isWord(text) ? MIN_WORD_TOKENS : MIN_NAMED_TOKENS) && isWorthy(candidate))
      ranked.push(candidate);
  }
  ranked.sort((a, b) => worth(b) - worth(a) || (a.text < b.text ? -1 : 1));
  const open = new Set(ranked.slice(0, MAX_RANKED));
  const chosen: string[] = [];
  while (chosen.length < MAX_NAMES && open.size > 0) {
    let best: Candidate | undefined;
    for (const one of open) if (best === undefined || worth(one) > worth(best)) best = one;
    if (best === undefined || worth(best) < MIN_SAVING) break;
    open.delete(best);
    if (!isWorthy(best) || !hasLetter(best.text) || !mayName(best.text)) continue;
    if (!wholes.has(best.text) && !isBalanced(best.text)) continue;
    chosen.push(best.text);
    for (const other of open) {
      if (best.text.includes(other.text)) other.count -= best.count;
      else if (other.text.includes(best.text)) other.each -= best.each;
      if (other.count < 2 || other.each <= 0) open.delete(other);
    }
  }
  return chosen;
}

/** Tokens saved in all: the first use pays for the definition. */
function worth({ count, each }: Candidate): number {
  return (count - 1) * each - NAME_COST - DEFINITION_COST;
}

function isWorthy(candidate: Candidate): boolean {
  return worth(candidate) >= (isWord(candidate.text) ? MIN_WORD_SAVING : MIN_SAVING);
}

/** One word that is no path. */
function isWord(text: string): boolean {
  return !text.includes(" ") && !text.includes("/");
}

/** Numbers, versions, dates and addresses have no names: readers compare them. */
function hasLetter(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (isLetter(text.charCodeAt(at))) return true;
  return false;
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

/**
 * Writes names into pieces: the longest that fits wherever a word begins. The ends of a piece that is only a part of a line are
 * no places where a name can begin or end.
 */
export type NameWriter = (piece: string, isPart: boolean) => string;

export function nameWriter(definitions: readonly Definition[]): NameWriter {
  if (definitions.length === 0) return (piece) => piece;
  const byStart = new Map<number, Definition[]>();
  for (const definition of definitions) {
    const key = startKey(definition.text, 0);
    const same = byStart.get(key);
    if (same) same.push(definition);
    else byStart.set(key, [definition]);
  }
  for (const same of byStart.values()) same.sort((a, b) => b.text.length - a.text.length);
  return (piece, isPart) => {
    const last = isPart ? piece.length - 1 : piece.length;
    let out = "";
    let done = 0;
    for (let at = isPart ? 1 : 0; at <= last - MIN_LENGTH; at++) {
      const same = isNameStart(piece, at) ? byStart.get(startKey(piece, at)) : undefined;
      if (same === undefined) continue;
      const fits = same.find(
        ({ text }) =>
          at + text.length <= last &&
          piece.startsWith(text, at) &&
          isNameEnd(piece, at + text.length),
      );
      if (fits === undefined) continue;
      out += piece.slice(done, at) + fits.name;
      done = at + fits.text.length;
      at = done - 1;
    }
    return done === 0 ? piece : out + piece.slice(done);
  };
}

function startKey(text: string, at: number): number {
  return text.charCodeAt(at) * 65_536 + text.charCodeAt(at + 1);
}
