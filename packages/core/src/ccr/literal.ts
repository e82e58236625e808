/**
 * Finds a text as it stands: in upper or lower case, as the source or as a JSON string writes it, with other white space, and a number
 * in another spelling.
 *
 * Trap: what is compared is folded to lower case, which may be longer (`İ`); offsets have to stay those of the source.
 */
import { quantityOf } from "../view/quantity.ts";

/** Where a text was found, and how well: 3 as it stands and a word of its own, 2 in another case, 1 inside a longer word. */
export interface Occurrence {
  readonly start: number;
  readonly end: number;
  readonly rank: 1 | 2 | 3;
}

/** What to look for. */
export interface Needle {
  readonly text: string;
  readonly folded: string;
}

/** Longer texts are compared by so much of their head. */
const MAX_NEEDLE = 4_000;

/** The spellings of a query: as it is, and without JSON's escapes. */
export function needlesOf(query: string): readonly Needle[] {
  const exact = query.trim().slice(0, MAX_NEEDLE);
  const plain = unescaped(exact);
  return [...new Set([exact, plain])]
    .filter((text) => text !== "")
    .map((text) => ({ text, folded: fold(text) }));
}

/** In lower case where that has the same length, character by character where the whole has not. */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  let folded = "";
  for (const char of text) {
    const own = char.toLowerCase();
    folded += own.length === char.length ? own : char;
  }
  return folded;
}

/** Every occurrence of a needle, none overlapping another. */
export function* occurrencesIn(text: string, folded: string, needle: Needle): Iterable<Occurrence> {
  // Half a character has no case of its own, but the whole it is a part of may have one.
  const isFolded = folded.includes(needle.folded);
  const [where, what] = isFolded ? [folded, needle.folded] : [text, needle.text];
  for (let at = where.indexOf(what); at >= 0; at = where.indexOf(what, at + what.length)) {
    const end = at + what.length;
    const isWord = !joins(text, at) && !joins(text, end);
    const rank = !isWord ? 1 : text.startsWith(needle.text, at) ? 3 : 2;
    yield { start: at, end, rank };
  }
}

/** The best rank of any needle in a text; 0 where none is there. JSON's escapes are read as what they stand for, too. */
export function rankIn(text: string, needles: readonly Needle[]): 0 | 1 | 2 | 3 {
  let best: 0 | 1 | 2 | 3 = 0;
  let read = text;
  // A JSON text inside a JSON text is escaped twice.
  for (let times = 0; times < 3; times++) {
    const folded = fold(read);
    for (const needle of needles)
      for (const { rank } of occurrencesIn(read, folded, needle)) {
        if (rank > best) best = rank;
        if (best === 3) return best;
      }
    if (!read.includes("\\")) break;
    read = unescaped(read);
  }
  return best;
}

/** A text with JSON's escapes replaced by what they stand for. */
export function unescaped(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(
    /\\(?:u([0-9a-f]{4})|(["\\/bfnrt]))/gi,
    (whole, hex?: string, sign?: string) =>
      hex !== undefined
        ? String.fromCharCode(Number.parseInt(hex, 16))
        : (SIGNS[sign ?? ""] ?? whole),
  );
}

const SIGNS: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/**
 * Where the query stands with other white space in it: any amount between words, any or none beside brackets, colons, commas and
 * quotes. @param folded the text, folded
 */
export function* spacedIn(folded: string, query: string): Iterable<Occurrence> {
  const pieces = piecesOf(fold(query.trim().slice(0, MAX_NEEDLE)));
  const [first] = pieces;
  if (first === undefined || pieces.length < 2) return;
  for (let at = folded.indexOf(first.text); at >= 0; at = folded.indexOf(first.text, at + 1)) {
    let end = at + first.text.length;
    for (let i = 1; i < pieces.length && end >= 0; i++) {
      const { text, gap } = pieces[i] as Piece;
      const next = spaceEnd(folded, end);
      end = (gap && next === end) || !folded.startsWith(text, next) ? -1 : next + text.length;
    }
    if (end < 0) continue;
    yield { start: at, end, rank: joins(folded, at) || joins(folded, end) ? 1 : 2 };
    at = end - 1;
  }
}

interface Piece {
  readonly text: string;
  /** White space has to stand before it. */
  readonly gap: boolean;
}

const LOOSE: ReadonlySet<string> = new Set('{}[]():,;="|');

function piecesOf(query: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let text = "";
  let gap = false;
  const end = (): void => {
    if (text !== "") pieces.push({ text, gap });
    text = "";
    gap = false;
  };
  for (const char of query) {
    if (char.trim() === "") {
      end();
      gap = pieces.length > 0 && !LOOSE.has(pieces.at(-1)?.text ?? "");
    } else if (LOOSE.has(char)) {
      end();
      pieces.push({ text: char, gap: false });
      gap = false;
    } else text += char;
  }
  end();
  return pieces;
}

function spaceEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && (text.charCodeAt(at) <= 32 || text.charCodeAt(at) === 160)) at++;
  return at;
}

/** The number a query is, in whatever spelling; `undefined` where it is none. */
export function numberOf(query: string): number | undefined {
  const trimmed = query.trim();
  const plain = /^[-+]?\d[\d,_' \u00a0\u202f]*(?:\.\d+)?(?:e[-+]?\d{1,3})?$/i.test(trimmed)
    ? trimmed.replaceAll(/[,_' \u00a0\u202f]/g, "")
    : trimmed;
  const measured = quantityOf(plain);
  return measured?.kind === "number" ? measured.value : undefined;
}

/** Numbers in a text that have this value, however they are spelled. */
export function* numbersIn(text: string, wanted: number): Iterable<Occurrence> {
  for (const match of text.matchAll(/[-+]?\d[\d,_']{0,40}(?:\.\d{1,40})?(?:e[-+]?\d{1,3})?/gi)) {
    const [spelled] = match;
    const before = text[match.index - 1] ?? "";
    const value = Number(spelled.replaceAll(/[,_']/g, ""));
    // `1-250` is a range, `a-250` a name: the sign belongs to neither.
    if (value === wanted || (Math.abs(value) === wanted && /[\w\d]/.test(before)))
      yield { start: match.index, end: match.index + spelled.length, rank: 2 };
  }
}

/** Whether a word goes on across this position. The letter of an escape (`\n`) is no part of the word behind it. */
function joins(text: string, at: number): boolean {
  if (at <= 0 || at >= text.length) return false;
  if (!isAlphanumeric(text.charCodeAt(at - 1)) || !isAlphanumeric(text.charCodeAt(at)))
    return false;
  return !isEscape(text, at - 1);
}

function isEscape(text: string, at: number): boolean {
  if (!"nrtbf".includes(text[at] ?? " ")) return false;
  let slashes = 0;
  while (text[at - 1 - slashes] === "\\") slashes++;
  return slashes % 2 === 1;
}

function isAlphanumeric(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    code > 127
  );
}
