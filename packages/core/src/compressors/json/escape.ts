/**
 * Escapes that a writer puts everywhere: `\/` (PHP), `\u00e9` (Python, everything beyond ASCII), `\u003c` (Go, HTML-safe).
 *
 * Such text costs several tokens a character and is hard to read. Where a document escapes a character every time, it
 * is written plainly, and one line says which characters to escape again. Linear; exact by construction, and checked.
 * One trap: escapes that JSON needs (`\"`, `\\`, `\n`, lone surrogates) are never touched.
 */

import { isDigit, isLetter } from "./text.ts";

/** What to escape again in JSON text; outside of strings none of these characters occur. */
export interface EscapeStyle {
  /** ASCII characters, `/` or such as are written `\u00xx`. */
  readonly signs: string;
  /** Everything from U+0080 on. */
  readonly beyondAscii: boolean;
  readonly upperCase: boolean;
}

/** The style of a text, or `undefined` where there is nothing to win. */
export function findEscapeStyle(text: string, start: number, end: number): EscapeStyle | undefined {
  let at = text.indexOf("\\", start);
  if (at === -1 || at >= end) return undefined;
  const escaped = new Set<number>();
  let beyondAscii = false;
  let upper = false;
  let lower = false;
  for (; at !== -1 && at < end; at = text.indexOf("\\", at)) {
    const letter = text.charCodeAt(at + 1);
    if (letter === 47) escaped.add(47);
    if (letter !== 117) {
      at += 2;
      continue;
    }
    const hex = text.slice(at + 2, at + 6);
    at += 6;
    const code = Number.parseInt(hex, 16);
    if (isNeeded(code)) continue;
    if (code >= 128) beyondAscii = true;
    else if (code === 47 || isLetter(code) || isDigit(code)) continue;
    else escaped.add(code);
    for (let i = 0; i < 4; i++) {
      const digit = hex.charCodeAt(i);
      if (digit >= 97) lower = true;
      else if (digit >= 65) upper = true;
    }
  }
  if (upper && lower) return undefined;
  if (escaped.size === 0 && !beyondAscii) return undefined;
  // A character that also stands unescaped somewhere is left as it is everywhere.
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === 92) i++;
    else if (code >= 128) beyondAscii = false;
    else if (escaped.size > 0) escaped.delete(code);
  }
  if (escaped.size === 0 && !beyondAscii) return undefined;
  const signs = [...escaped].sort((a, b) => a - b);
  return { signs: String.fromCharCode(...signs), beyondAscii, upperCase: upper };
}

/** Control characters, quotes, backslashes; and surrogates without their other half cannot be told here: see below. */
function isNeeded(code: number): boolean {
  return code < 32 || code === 34 || code === 92;
}

/** The text with its needless escapes written plainly. */
export function unescapeText(text: string, style: EscapeStyle): string {
  const out: string[] = [];
  let from = 0;
  for (let at = text.indexOf("\\"); at !== -1; ) {
    const letter = text.charCodeAt(at + 1);
    if (letter !== 117) {
      if (letter === 47 && style.signs.includes("/")) {
        out.push(text.slice(from, at));
        from = at + 1;
      }
      at = text.indexOf("\\", at + 2);
      continue;
    }
    const code = codeAt(text, at);
    let length = 6;
    let plain = "";
    if (code >= 0xd800 && code <= 0xdfff) {
      // A pair becomes one character; half a pair stays an escape.
      const isPair = code <= 0xdbff && text.startsWith("\\u", at + 6);
      const low = isPair ? codeAt(text, at + 6) : 0;
      if (low >= 0xdc00 && low <= 0xdfff && style.beyondAscii) {
        plain = String.fromCharCode(code, low);
        length = 12;
      }
    } else if (!isNeeded(code)) {
      const char = String.fromCharCode(code);
      if (code >= 128 ? style.beyondAscii : style.signs.includes(char)) plain = char;
    }
    if (plain !== "") {
      out.push(text.slice(from, at), plain);
      from = at + length;
    }
    at = text.indexOf("\\", at + length);
  }
  out.push(text.slice(from));
  return out.join("");
}

/** The opposite. */
export function escapeText(text: string, style: EscapeStyle): string {
  const out: string[] = [];
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 128 ? !style.beyondAscii : !style.signs.includes(text.charAt(i))) continue;
    out.push(text.slice(from, i), escapeOf(code, style.upperCase));
    from = i + 1;
  }
  out.push(text.slice(from));
  return out.join("");
}

function escapeOf(code: number, upperCase: boolean): string {
  if (code === 47) return "\\/";
  const hex = code.toString(16).padStart(4, "0");
  return `\\u${upperCase ? hex.toUpperCase() : hex}`;
}

function codeAt(text: string, at: number): number {
  return Number.parseInt(text.slice(at + 2, at + 6), 16);
}

/** The style as one line of the form. */
export function writeStyle(style: EscapeStyle): string {
  const codes = [...style.signs].map((sign) => sign.charCodeAt(0));
  if (style.beyondAscii) codes.push(128);
  return `%escaped ${codes.join(" ")}${style.upperCase ? " upper" : ""}`;
}

export function readStyle(line: string): EscapeStyle {
  const words = line.split(" ").slice(1);
  const codes = words.map(Number).filter((code) => code > 0);
  return {
    signs: String.fromCharCode(...codes.filter((code) => code < 128)),
    beyondAscii: codes.includes(128),
    upperCase: words.includes("upper"),
  };
}
