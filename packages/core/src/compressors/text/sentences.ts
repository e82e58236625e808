/**
 * Where the sentences of a paragraph end.
 *
 * By hand and not by `Intl.Segmenter`: its answers change with the version of Unicode that a Node.js has, and every process has to
 * say the same of a text. A full stop ends a sentence where white space follows and then something that may begin one; after an
 * abbreviation or an initial it does not. Chinese and Japanese stops end one wherever they stand.
 */

const WIDE_STOPS = "。！？｡";
const STOPS = ".!?…";
const ANY_STOP = /[.!?…。！？｡]/g;
const CLOSING = "\"'”’)]»」』）*_`";
/** What a full stop belongs to. */
const ABBREVIATIONS: ReadonlySet<string> = new Set(
  "al approx art bzw ca cf co corp dept dr eg e.g etc ex fig i.e ie inc jr ltd mr mrs ms nr no p pp prof ref sec sr st vgl vol vs z.b".split(
    " ",
  ),
);
/** Characters. A word before a full stop that is longer is no abbreviation. */
const MAX_ABBREVIATION = 6;

/** Offsets behind each sentence between two offsets, white space after it included; the last one is `end`. */
export function sentenceEnds(text: string, start: number, end: number): readonly number[] {
  const ends: number[] = [];
  const paragraph = text.slice(start, end);
  let read = start;
  for (const { index } of paragraph.matchAll(ANY_STOP)) {
    const at = start + index;
    if (at < read) continue;
    const isWide = WIDE_STOPS.includes(text.charAt(at));
    let behind = at + 1;
    while (behind < end && (STOPS + WIDE_STOPS + CLOSING).includes(text.charAt(behind))) behind++;
    let next = behind;
    while (next < end && isSpace(text.charCodeAt(next))) next++;
    const isEnd = isWide || (next > behind && mayBegin(text, next) && !isAbbreviation(text, at));
    if (isEnd && next < end) ends.push(next);
    read = next;
  }
  ends.push(end);
  return ends;
}

function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 9 || code === 13;
}

/** No sentence begins with a lower-case letter. */
function mayBegin(text: string, at: number): boolean {
  const char = text.charAt(at);
  return char.toLowerCase() !== char || char.toUpperCase() === char;
}

function isAbbreviation(text: string, stop: number): boolean {
  if (text.charAt(stop) !== ".") return false;
  let from = stop;
  while (from > 0 && stop - from <= MAX_ABBREVIATION && isWordCode(text.charCodeAt(from - 1)))
    from--;
  const word = text.slice(from, stop);
  // An initial: `J. Doe`.
  const isInitial = word.length === 1 && word.toUpperCase() === word && word.toLowerCase() !== word;
  return isInitial || ABBREVIATIONS.has(word.toLowerCase());
}

function isWordCode(code: number): boolean {
  return code === 46 || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code > 127;
}
