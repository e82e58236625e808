/** Texts that say nothing to a reader: hashes, signatures, random ids, encoded bytes; and URLs. */

const PREFIX = /^[a-z][a-z0-9]{0,15}[-:_$]/i;
const HEX = /^[0-9a-f-]{12,}$/i;
const ENCODED = /^[A-Za-z0-9+/=_.-]{14,}$/;
/** Shorter text has to change between kinds of letters more often to be encoded bytes. */
const LONG_ENCODED = 20;
const SCHEME = /^[a-z][a-z0-9+.-]{1,15}:\/\//i;
/** Characters that are looked at. */
const HEAD = 200;

/** A text without words: hexadecimal, base64, UUIDs, with a short prefix or without. */
export function isOpaque(value: string): boolean {
  if (value.length < 12 || isUrl(value)) return false;
  const text = value.slice(0, HEAD);
  const body = text.replace(PREFIX, "");
  if (HEX.test(body)) return /\d/.test(body) && /[a-f]/i.test(body);
  if (HEX.test(text)) return /\d/.test(text) && /[a-f]/i.test(text);
  if (!ENCODED.test(body)) return false;
  // Words are runs of small letters; encoded bytes change between kinds of characters all the time.
  let changes = 0;
  let inWords = 0;
  let run = 0;
  let last = 0;
  for (let at = 0; at <= body.length; at++) {
    const kind = kindOf(body.charCodeAt(at));
    if (kind === last) {
      run++;
      continue;
    }
    if (last === SMALL && run >= MIN_WORD) inWords += run;
    changes++;
    run = 1;
    last = kind;
  }
  if (inWords * 5 > 2 * body.length) return false;
  const times = body.length < LONG_ENCODED ? 2 : 3;
  return changes * times > body.length && /\d/.test(body) && /[a-z]/i.test(body);
}

const SMALL = 2;
/** So many small letters in a row are a word. */
const MIN_WORD = 4;

function kindOf(code: number): number {
  if (code >= 48 && code <= 57) return 1;
  if (code >= 97 && code <= 122) return SMALL;
  return code >= 65 && code <= 90 ? 3 : 4;
}

export function isUrl(value: string): boolean {
  return SCHEME.test(value.slice(0, 24));
}
