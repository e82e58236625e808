/**
 * The word splitter of `cl100k_base` and `o200k_base`, as a scanner.
 *
 * Both encodings cut a text into pieces by a regular expression before any bytes are merged. This gives the same pieces
 * in one pass over a class table, which is several times faster than the expression and cannot overflow its stack on
 * runs of millions of characters. The rules are the `pat_str` of https://github.com/openai/tiktoken
 * (`tiktoken_ext/openai_public.py`); the letters in the comments name its alternatives.
 *
 * Trap: alternatives are ordered, and backtracking is part of the meaning: in `AB中CD` the first alternative of o200k
 * gives `AB中`, because a letter without case may end a lower-case run.
 */
import {
  asciiClass,
  CASELESS,
  classAt,
  LOWER,
  MARK,
  NEWLINE,
  NUMBER,
  OTHER,
  SPACE,
  UPPER,
} from "./character-class.ts";

/** End of the piece that starts at `start`; always beyond `start`. */
export type Splitter = (text: string, start: number) => number;

const LETTERS = UPPER | LOWER | CASELESS;
const STARTS_WORD = UPPER | CASELESS | MARK;
const ENDS_WORD = LOWER | CASELESS | MARK;
const SLASH = 47;
const APOSTROPHE = 39;

export const splitO200k: Splitter = (text, start) => {
  const kind = classOf(text, start);
  if ((kind & LETTERS) !== 0) return contraction(text, casedWord(text, start));
  if (kind === NUMBER) return digits(text, start);
  const next = after(text, start);
  if ((kind & NEWLINE) === 0) {
    // A sign, space or mark goes with the letters that follow it.
    if (next < text.length && (classOf(text, next) & (LETTERS | MARK)) !== 0) {
      const end = prefixedWord(text, next, kind);
      if (end !== -1) return contraction(text, end);
    } else if (kind === MARK) {
      return contraction(text, next);
    }
  }
  const end = signs(text, start, kind, next);
  if (end !== -1) return newlinesAndSlashes(text, end);
  return spaces(text, start);
};

export const splitCl100k: Splitter = (text, start) => {
  const kind = classOf(text, start);
  if ((kind & LETTERS) !== 0) return run(text, start, LETTERS);
  if (kind === NUMBER) return digits(text, start);
  const short = contraction(text, start);
  if (short !== start) return short;
  const next = after(text, start);
  if ((kind & NEWLINE) === 0 && next < text.length && (classOf(text, next) & LETTERS) !== 0) {
    return run(text, next, LETTERS);
  }
  const end = signs(text, start, kind, next);
  if (end !== -1) return run(text, end, NEWLINE);
  return spaces(text, start);
};

function classOf(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code < 128 ? (asciiClass[code] as number) : classAt(text, index);
}

function after(text: string, index: number): number {
  const code = text.charCodeAt(index);
  if ((code & 0xfc00) !== 0xd800) return index + 1;
  return (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00 ? index + 2 : index + 1;
}

/** End of the run of characters whose class is in `mask`. */
function run(text: string, start: number, mask: number): number {
  let index = start;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (code < 128) {
      if (((asciiClass[code] as number) & mask) === 0) return index;
      index++;
    } else {
      if ((classAt(text, index) & mask) === 0) return index;
      index = after(text, index);
    }
  }
  return index;
}

/** `U* L+`, else `U+`: where the word that starts here ends. The first character is a letter or mark. */
function casedWord(text: string, start: number): number {
  const end = upperThenLower(text, start);
  return end === -1 ? run(text, start, STARTS_WORD) : end;
}

/** `U* L+` with its backtracking, or -1. */
function upperThenLower(text: string, start: number): number {
  let index = start;
  let lastCaseless = -1;
  while (index < text.length) {
    const kind = classOf(text, index);
    if ((kind & STARTS_WORD) === 0) {
      if ((kind & LOWER) !== 0) return run(text, index, ENDS_WORD);
      break;
    }
    const next = after(text, index);
    if (kind !== UPPER) lastCaseless = next;
    index = next;
  }
  return lastCaseless;
}

/** A word with one sign, space or mark before it; -1 when that does not match and the sign is no mark. */
function prefixedWord(text: string, next: number, kind: number): number {
  const end = upperThenLower(text, next);
  if (end !== -1) return end;
  // Only capitals follow. A mark counts as a whole word by itself, and that alternative stands first.
  if (kind === MARK) return next;
  return run(text, next, STARTS_WORD);
}

function contraction(text: string, start: number): number {
  if (text.charCodeAt(start) !== APOSTROPHE) return start;
  const first = text.charCodeAt(start + 1) | 32;
  if (first === 115 || first === 116 || first === 109 || first === 100) return start + 2;
  const second = text.charCodeAt(start + 2) | 32;
  if ((first === 108 && second === 108) || ((first === 118 || first === 114) && second === 101)) {
    return start + 3;
  }
  return start;
}

function digits(text: string, start: number): number {
  let index = start;
  for (let count = 0; count < 3 && index < text.length; count++) {
    if (classOf(text, index) !== NUMBER) break;
    index = after(text, index);
  }
  return index;
}

/** ` ?[^\s\p{L}\p{N}]+`, or -1. */
function signs(text: string, start: number, kind: number, next: number): number {
  if ((kind & (OTHER | MARK)) !== 0) return run(text, next, OTHER | MARK);
  if (text.charCodeAt(start) !== 32 || next >= text.length) return -1;
  return (classOf(text, next) & (OTHER | MARK)) === 0 ? -1 : run(text, next, OTHER | MARK);
}

function newlinesAndSlashes(text: string, start: number): number {
  let index = start;
  for (; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code !== 10 && code !== 13 && code !== SLASH) break;
  }
  return index;
}

/** Up to the last newline of the run; else all but the last space, which goes with the next word; else all. */
function spaces(text: string, start: number): number {
  let index = start;
  let lastNewline = -1;
  while (index < text.length) {
    const kind = classOf(text, index);
    if ((kind & SPACE) === 0) break;
    index++;
    if ((kind & NEWLINE) !== 0) lastNewline = index;
  }
  if (lastNewline !== -1) return lastNewline;
  return index === text.length || index === start + 1 ? index : index - 1;
}
