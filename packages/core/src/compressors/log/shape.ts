/**
 * The exact shape of a line: constant text around values, nothing lost.
 *
 * For the lossless form. `parts` are the constants (one more than there are values), so that interleaving both gives the
 * line. Values are runs without white space that hold a digit, a slash, an `@` or inner dots; in the fine shape they are
 * also split at slashes and colons, which brings out what is equal within them.
 */

export interface Shape {
  /** The constants, joined by `SLOT`. Equal keys are the same shape. */
  readonly key: string;
  readonly values: readonly string[];
}

/** Stands for a value in a key. A line that holds it has no shape. */
export const SLOT = "\u0001";

/** Longer lines are rarely alike, and their shapes are not worth the work. */
export const MAX_SHAPED = 2_000;

const KIND_SPACE = 1;
const KIND_SEPARATOR = 2;
/** Splits values of the fine shape. */
const KIND_JOINT = 3;

const KINDS: Uint8Array = kinds();

function kinds(): Uint8Array {
  const table = new Uint8Array(128);
  for (let code = 0; code <= 32; code++) table[code] = KIND_SPACE;
  for (const char of "[](){}<>\"'`,;|=\u001b") table[char.charCodeAt(0)] = KIND_SEPARATOR;
  for (const char of "/:@?&#") table[char.charCodeAt(0)] = KIND_JOINT;
  return table;
}

/** The shape of a line. `fine` splits values at `/ : @ ? & #`. */
export function shapeOf(line: string, fine: boolean): Shape {
  const values: string[] = [];
  let key = "";
  let constant = 0;
  let at = 0;
  const { length } = line;
  while (at < length) {
    const code = line.charCodeAt(at);
    const kind = code < 128 ? (KINDS[code] ?? 0) : 0;
    if (kind === KIND_SPACE) {
      at++;
      continue;
    }
    if (kind === KIND_SEPARATOR) {
      // A sentence in quotes is one value: a user agent, a message.
      if (code === 34) {
        const end = sentenceEnd(line, at + 1);
        if (end > 0) {
          values.push(line.slice(at + 1, end));
          key += line.slice(constant, at + 1) + SLOT;
          constant = end;
          at = end + 1;
          continue;
        }
      }
      at++;
      continue;
    }
    if (fine && kind === KIND_JOINT) {
      at++;
      continue;
    }
    const start = at;
    let value = false;
    for (; at < length; at++) {
      const here = line.charCodeAt(at);
      const what = here < 128 ? (KINDS[here] ?? 0) : 0;
      if (what === KIND_SPACE || what === KIND_SEPARATOR) break;
      if (what === KIND_JOINT) {
        if (fine) break;
        if (here !== 58 || at + 1 < length) value = true;
      } else if (here >= 48 && here <= 57) value = true;
      else if (here === 92) value = true;
      else if (
        here === 46 &&
        at > start &&
        isLetter(line.charCodeAt(at - 1)) &&
        isLetter(line.charCodeAt(at + 1))
      )
        value = true;
    }
    // Between slashes even a plain word is a value.
    if (fine && !value) value = isJoint(line, start - 1) || isJoint(line, at);
    let end = at;
    if (!fine && line.charCodeAt(end - 1) === 58) end--;
    if (value && end > start) {
      values.push(line.slice(start, end));
      key += line.slice(constant, start) + SLOT;
      constant = end;
    }
  }
  key += line.slice(constant);
  return { key, values };
}

/** The closing quote of a quoted text with three spaces or more, or -1. */
function sentenceEnd(line: string, start: number): number {
  const end = line.indexOf('"', start);
  if (end < 0) return -1;
  let spaces = 0;
  for (let at = line.indexOf(" ", start); at >= 0 && at < end; at = line.indexOf(" ", at + 1))
    if (++spaces >= 3) return end;
  return -1;
}

function isJoint(line: string, at: number): boolean {
  const code = line.charCodeAt(at);
  return code === 47 || code === 64 || (code === 58 && line.charCodeAt(at + 1) > 32);
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

/**
 * The shape whose every word is a value, for lines of which only some words vary. Columns that turn out constant go back into
 * the text.
 */
export function wordShapeOf(line: string): Shape {
  const values: string[] = [];
  let key = "";
  let constant = 0;
  let at = 0;
  while (at < line.length) {
    if (line.charCodeAt(at) <= 32) {
      at++;
      continue;
    }
    const start = at;
    while (at < line.length && line.charCodeAt(at) > 32) at++;
    values.push(line.slice(start, at));
    key += line.slice(constant, start) + SLOT;
    constant = at;
  }
  return { key: key + line.slice(constant), values };
}

/** About how many tokens a text has: words of six letters, numbers of three digits, pairs of signs. */
export function roughTokens(text: string): number {
  let tokens = 0;
  let run = 0;
  let last = 0;
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : 0;
    const kind =
      code >= 48 && code <= 57
        ? 1
        : isLetter(code)
          ? 2
          : code === 32
            ? 0
            : at < text.length
              ? 3
              : 0;
    if (kind !== last) {
      if (last === 1) tokens += Math.ceil(run / 3);
      else if (last === 2) tokens += Math.ceil(run / 7);
      else if (last === 3) tokens += Math.ceil(run / 2);
      run = 0;
      last = kind;
    }
    run++;
  }
  return tokens;
}
