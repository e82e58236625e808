/** Long lines: their head and tail, cut at the ends of words. */

/** A line longer than this is cut in the middle; the cut is declared. */
const MAX_CONTENT = 360;
const KEPT_HEAD = 240;
const KEPT_TAIL = 60;

export interface CutLine {
  readonly text: string;
  /** Characters that are left out. */
  readonly cut: number;
  /** What stands in their place; says how long the line is. `undefined` where nothing is left out. */
  readonly said?: string;
}

/** A long line keeps its head and tail. */
export function cutLine(text: string): CutLine {
  if (text.length <= MAX_CONTENT) return { text, cut: 0 };
  const head = wordEnd(text, KEPT_HEAD);
  const tail = wordStart(text, text.length - KEPT_TAIL);
  const cut = tail - head;
  if (cut <= 0) return { text, cut: 0 };
  const said = `(of ${text.length} characters)`;
  return { text: `${text.slice(0, head)} … ${said} … ${text.slice(tail)}`, cut, said };
}

/** Back to the end of a word, so that no literal is cut in two; not further than 80 characters. */
function wordEnd(text: string, from: number): number {
  for (let at = from; at > from - 80; at--)
    if (text.charCodeAt(at) <= 32 || text[at] === ",") return at;
  return isLowSurrogate(text.charCodeAt(from)) ? from - 1 : from;
}

function wordStart(text: string, from: number): number {
  for (let at = from; at < from + KEPT_TAIL - 1; at++) {
    if (text.charCodeAt(at) <= 32 || text[at] === ",") return at + 1;
  }
  return text.length;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
