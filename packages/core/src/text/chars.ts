/** Classes of characters, by UTF-16 code unit. */

/** `0` to `9`. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** White space between JSON lexemes: blank, tab, line feed, carriage return. */
export function isJsonSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}

/** `0`–`9` and `a`–`f`, as hashes and dumps are written. */
export function isLowerHex(code: number): boolean {
  return isDigit(code) || (code >= 97 && code <= 102);
}

/** `a` to `z`. */
export function isLowerLetter(code: number): boolean {
  return code >= 97 && code <= 122;
}

/** `a` to `z` and `A` to `Z`. */
export function isLetter(code: number): boolean {
  return isLowerLetter(code | 32);
}
