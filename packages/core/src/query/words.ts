/**
 * Words of any text: letter and digit runs in lower case, and the parts of camelCase ones.
 *
 * Made for matching, not for display. Chinese and Japanese characters stand alone, since no spaces tell words apart.
 * Trap: parts are reported besides the whole run (`part` is true), so counting words means counting the wholes.
 */

/** Called for each word; `start` and `end` are offsets of the word (or part) in the text. */
export type WordVisitor = (word: string, start: number, end: number, part: boolean) => void;

/** A run longer than this is data, not a word; it is reported by its first characters only. */
const MAX_WORD = 200;

/**
 * Walks all words of `text` once; gives how many whole ones there are.
 *
 * @param firsts 128 flags: words whose first character (in lower case) is ASCII and not flagged are counted, not visited.
 * Most words answer no question, and making a string of each costs more than all the rest.
 */
export function scanWords(text: string, visit: WordVisitor, firsts?: Uint8Array): number {
  const length = text.length;
  let count = 0;
  let at = 0;
  while (at < length) {
    const kind = classOf(text.charCodeAt(at));
    if (kind === SEPARATOR) {
      at++;
      continue;
    }
    if (kind === IDEOGRAPH) {
      visit(text[at] ?? "", at, at + 1, false);
      count++;
      at++;
      continue;
    }
    const start = at;
    let boundary = false;
    let upper = false;
    let before = SEPARATOR;
    let current: number = kind;
    while (current !== SEPARATOR && current !== IDEOGRAPH) {
      if (current === UPPER) {
        upper = true;
        if (before === LOWER || before === UPPER) boundary = true;
      } else if (current === OTHER) upper = true;
      before = current;
      at++;
      if (at === length) break;
      current = classOf(text.charCodeAt(at));
    }
    count++;
    if (isWanted(text, start, firsts)) {
      const end = Math.min(at, start + MAX_WORD);
      const word = text.slice(start, end);
      visit(upper ? word.toLowerCase() : word, start, end, false);
    }
    if (boundary && at - start <= 80) camelParts(text, start, at, visit, firsts);
  }
  return count;
}

function isWanted(text: string, start: number, firsts: Uint8Array | undefined): boolean {
  if (firsts === undefined) return true;
  const code = text.charCodeAt(start);
  return code > 127 || firsts[code >= 65 && code <= 90 ? code + 32 : code] === 1;
}

/** `parseHTTPResponse` → parse, http, response. A run without an inner boundary has no parts. */
function camelParts(
  text: string,
  start: number,
  end: number,
  visit: WordVisitor,
  firsts: Uint8Array | undefined,
): void {
  let from = start;
  for (let at = start + 1; at <= end; at++) {
    const here = at < end ? classOf(text.charCodeAt(at)) : SEPARATOR;
    const before = classOf(text.charCodeAt(at - 1));
    const next = at + 1 < end ? classOf(text.charCodeAt(at + 1)) : SEPARATOR;
    const cut =
      at === end ||
      (here === UPPER && (before === LOWER || before === DIGIT)) ||
      (here === UPPER && before === UPPER && next === LOWER);
    if (!cut) continue;
    if (from === start && at === end) return;
    if (isWanted(text, from, firsts)) visit(text.slice(from, at).toLowerCase(), from, at, true);
    from = at;
  }
}

/** Folds plural, -ing and final -e: enough that `retries` finds `retry` and `caching` finds `cache`. Idempotent on short words. */
export function stem(word: string): string {
  const length = word.length;
  if (length < 4 || length > 30) return word;
  const last = word.charCodeAt(length - 1);
  if (last === 115 /* s */) {
    if (word.endsWith("ss") || word.endsWith("us") || word.endsWith("is")) return word;
    if (length > 4 && word.endsWith("ies")) return `${word.slice(0, -3)}y`;
    // Five letters are enough before an x: "boxes" is of "box", "aches" is of "ache".
    const isLong = length > 5 || (length === 5 && word[2] === "x");
    if (isLong && SIBILANT.has(word.slice(-4, -2)) && word.endsWith("es")) return word.slice(0, -2);
    return dropE(word.slice(0, -1));
  }
  if (last === 103 /* g */ && length > 5 && word.endsWith("ing")) {
    const rest = word.slice(0, -3);
    if (!hasVowel(rest)) return word;
    const end = rest.length;
    const doubled =
      end > 3 && rest[end - 1] === rest[end - 2] && !"lsz".includes(rest[end - 1] ?? "");
    return doubled ? rest.slice(0, -1) : rest;
  }
  return dropE(word);
}

const SIBILANT: ReadonlySet<string> = new Set([
  "ss",
  "sh",
  "ch",
  "zz",
  "tx",
  "ax",
  "ex",
  "ix",
  "ox",
]);

function dropE(word: string): string {
  return word.length > 4 && word.endsWith("e") && !word.endsWith("ee") ? word.slice(0, -1) : word;
}

function hasVowel(text: string): boolean {
  for (const letter of text) if ("aeiouy".includes(letter)) return true;
  return false;
}

const SEPARATOR = 0;
const DIGIT = 1;
const LOWER = 2;
const UPPER = 3;
const OTHER = 4;
const IDEOGRAPH = 5;

/** Of Latin-1 what stands in words: ª ² ³ µ ¹ º. The rest are signs, `¿` and `«` among them. */
const LATIN_SIGNS: readonly number[] = [0xaa, 0xb2, 0xb3, 0xb5, 0xb9, 0xba];

/** Signs as wide as a Chinese character: `？`, `，`, `（`. */
function isWideSign(code: number): boolean {
  return (
    code <= 0xff0f ||
    (code >= 0xff1a && code <= 0xff20) ||
    (code >= 0xff3b && code <= 0xff40) ||
    code >= 0xff5b
  );
}

function classOf(code: number): number {
  if (code < 128) {
    if (code >= 97) return code <= 122 ? LOWER : SEPARATOR;
    if (code >= 65) return code <= 90 ? UPPER : SEPARATOR;
    return code >= 48 && code <= 57 ? DIGIT : SEPARATOR;
  }
  if (code === 0xa0 || (code >= 0x2000 && code <= 0x206f) || (code >= 0x2190 && code <= 0x2bff)) {
    return SEPARATOR;
  }
  if (code >= 0x3000 && code <= 0x303f) return SEPARATOR;
  if (code > 0xa0 && code <= 0xbf) return LATIN_SIGNS.includes(code) ? OTHER : SEPARATOR;
  if (code >= 0xff01 && code <= 0xff65) return isWideSign(code) ? SEPARATOR : OTHER;
  if (code >= 0x3040 && code <= 0x9fff) return IDEOGRAPH;
  return OTHER;
}
