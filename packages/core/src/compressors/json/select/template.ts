/**
 * The shape of a string: its words, with everything that holds a digit folded into `#`.
 *
 * `user_8347 paid 12.50` and `user_99 paid 3` are the same shape, so near-duplicates can be collapsed and a shape that
 * occurs once among thousands can be told. One trap: only the head of long strings is looked at.
 */

const HEAD = 160;

/** `Issue #1043: Memory leak` → `Issue #: Memory leak`. */
export function templateOf(text: string): string {
  const end = Math.min(text.length, HEAD);
  let out = "";
  let at = 0;
  while (at < end) {
    const start = at;
    let digits = false;
    while (at < end && isWord(text.charCodeAt(at))) {
      const code = text.charCodeAt(at);
      if (code >= 48 && code <= 57) digits = true;
      at++;
    }
    if (at > start) {
      if (!digits) out += text.slice(start, at);
      else if (!endsVariable(out)) out += "#";
      continue;
    }
    // Between two variables one separator is enough: dates, versions and UUIDs fold to a single mark.
    const code = text.charCodeAt(at);
    if (!(out.endsWith("#") && isJoiner(code) && nextHasDigit(text, at + 1, end))) out += text[at];
    at++;
  }
  return out;
}

/** A number for the shape of a stretch of source: equal shapes, equal numbers. Makes no strings, so it is for whole tables. */
export function templateHash(source: string, start: number, stop: number): number {
  const end = Math.min(stop, start + HEAD);
  let hash = 7;
  let variable = false;
  let at = start;
  while (at < end) {
    const from = at;
    let digits = false;
    let word = hash;
    while (at < end) {
      const code = source.charCodeAt(at);
      if (!isWord(code)) break;
      if (code >= 48 && code <= 57) digits = true;
      word = (Math.imul(word, 31) + code) | 0;
      at++;
    }
    if (at > from) {
      if (!digits) hash = word;
      else if (!variable) hash = (Math.imul(hash, 31) + 35) | 0;
      variable = digits;
      continue;
    }
    const code = source.charCodeAt(at);
    if (!(variable && isJoiner(code))) {
      hash = (Math.imul(hash, 31) + code) | 0;
      variable = false;
    }
    at++;
  }
  return hash;
}

/** Enough letters that the template means something: `#:ab:#` of a MAC address does not. */
export function isWordy(template: string): boolean {
  let letters = 0;
  for (const letter of template) if (letter.toLowerCase() !== letter.toUpperCase()) letters++;
  return letters >= 3 || template === "null" || template === "";
}

function endsVariable(out: string): boolean {
  return out.endsWith("#");
}

function isJoiner(code: number): boolean {
  return code === 45 || code === 46 || code === 58 || code === 47 || code === 43;
}

function nextHasDigit(text: string, from: number, end: number): boolean {
  for (let at = from; at < end && at < from + 40; at++) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) return true;
    if (!isWord(code)) return false;
  }
  return false;
}

function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code > 127
  );
}
