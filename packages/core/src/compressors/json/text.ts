/**
 * How strings and keys are written: bare where nothing about them can be mistaken, else as the source lexeme.
 *
 * One trap: what looks like another kind of value (`true`, `12`, an alias, a template) is never written bare.
 */
import { scanNumber } from "../../json/lexer.ts";
import { isDigit } from "../../text/chars.ts";

/** A name that needs no quotes as a key, a field or a type: letters, digits, `_`, `-`, `$`; not a number. */
export function isName(text: string): boolean {
  if (text.length === 0 || text.length > 80) return false;
  const first = text.charCodeAt(0);
  if (!isLetter(first) && first !== 95 && first !== 36) return false;
  for (let i = 1; i < text.length; i++) {
    if (!isNameCode(text.charCodeAt(i))) return false;
  }
  return true;
}

/** Letters, digits, `_`, `-` and `$`. */
export function isNameCode(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === 95 || code === 45 || code === 36;
}

/** The name inside a key lexeme, or the lexeme itself where it has to keep its quotes. */
export function nameOf(lexeme: string | undefined): string {
  if (lexeme === undefined) return "";
  const inside = lexeme.slice(1, -1);
  return isName(inside) ? inside : lexeme;
}

/** Whether the inside of a string lexeme may stand without quotes. */
export function isBare(inside: string): boolean {
  const length = inside.length;
  if (length === 0 || length > 2000) return false;
  const first = inside.charCodeAt(0);
  if (first === 32 || first === 123 || first === 61 || first === 64 || first === 37) return false;
  if (inside.charCodeAt(length - 1) === 32) return false;
  let depth = 0;
  for (let i = 0; i < length; i++) {
    switch (inside.charCodeAt(i)) {
      case 34: // "
      case 40: // (
      case 41: // )
      case 44: // ,
      case 59: // ;
      case 91: // [
      case 92: // backslash
      case 93: // ]
        return false;
      case 123:
        // `Name{` starts a keyed table.
        if (depth === 0 && isName(inside.slice(0, i))) return false;
        // `${` starts a reference.
        if (inside.charCodeAt(i - 1) === 36) return false;
        depth++;
        break;
      case 125:
        if (--depth < 0) return false;
        break;
      default:
    }
  }
  return depth === 0 && !isScalar(inside) && readRun(inside) === undefined;
}

/** The ends of `3..9`, which stands for the rows of the numbers 3 to 9. */
export function readRun(text: string): readonly [from: number, to: number] | undefined {
  const dots = text.indexOf("..");
  if (dots <= 0 || !isDigit(text.charCodeAt(0))) return undefined;
  const from = countOf(text.slice(0, dots));
  const to = countOf(text.slice(dots + 2));
  return from === undefined || to === undefined || to <= from ? undefined : [from, to];
}

/** A whole number from 0 on, as it is usually written. */
export function countOf(text: string): number | undefined {
  const number = Number(text);
  return Number.isSafeInteger(number) && number >= 0 && String(number) === text
    ? number
    : undefined;
}

/** `true`, `false`, `null` and everything that reads as a JSON number. */
export function isScalar(text: string): boolean {
  if (text === "true" || text === "false" || text === "null") return true;
  const first = text.charCodeAt(0);
  if (first !== 45 && !isDigit(first)) return false;
  return scanNumber(text, 0) === text.length;
}

/** A string lexeme as it is written. */
export function writeString(lexeme: string): string {
  const inside = lexeme.slice(1, -1);
  return isBare(inside) ? inside : lexeme;
}

export function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}
