/**
 * Escapes that a writer puts everywhere: `\/` (PHP) and `\u00e9` (Python, everything beyond ASCII).
 *
 * Such text costs several tokens a character and is hard to read. Where a document escapes a character every time, it
 * is written plainly, and the decoder is told what to escape again. Linear; exact by construction, and checked.
 * One trap: escapes that JSON needs (`\"`, `\\`, `\n`, lone surrogates) are never touched.
 */

import { joinInSteps, Meter } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";

/** What to escape again in JSON text; outside of strings none of these characters occur. */
export interface EscapeStyle {
  /** `/` as `\/`. */
  readonly slash: boolean;
  /** Everything from U+0080 on as `\u0080`. */
  readonly beyondAscii: boolean;
  /** `\u00E9`, not `\u00e9`. */
  readonly upperCase: boolean;
}

/** The style of a text, or `undefined` where there is nothing to win. */
export function* findEscapeStyle(
  text: string,
  start: number,
  end: number,
): Steps<EscapeStyle | undefined> {
  const meter = new Meter();
  let slash = false;
  let beyondAscii = false;
  let upper = false;
  let lower = false;
  for (let at = text.indexOf("\\", start); at !== -1 && at < end; at = text.indexOf("\\", at)) {
    if (meter.isDue(8)) yield;
    const letter = text.charCodeAt(at + 1);
    if (letter === 47) slash = true;
    if (letter !== 117) {
      at += 2;
      continue;
    }
    if (codeAt(text, at) >= 128) {
      beyondAscii = true;
      for (let i = at + 2; i < at + 6; i++) {
        const digit = text.charCodeAt(i);
        if (digit >= 97) lower = true;
        else if (digit >= 65) upper = true;
      }
    }
    at += 6;
  }
  // A character that also stands unescaped somewhere is left as it is everywhere.
  if (upper && lower) beyondAscii = false;
  for (let i = start; i < end && (slash || beyondAscii); i++) {
    if (meter.isDue(1)) yield;
    const code = text.charCodeAt(i);
    if (code === 92) i++;
    else if (code >= 128) beyondAscii = false;
    else if (code === 47) slash = false;
  }
  return slash || beyondAscii ? { slash, beyondAscii, upperCase: beyondAscii && upper } : undefined;
}

/** The text with its needless escapes written plainly. */
export function* unescapeText(text: string, style: EscapeStyle): Steps<string> {
  const meter = new Meter();
  const out: string[] = [];
  let from = 0;
  for (let at = text.indexOf("\\"); at !== -1; ) {
    if (meter.isDue(32)) yield;
    const letter = text.charCodeAt(at + 1);
    if (letter !== 117 || !style.beyondAscii) {
      if (letter === 47 && style.slash) {
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
      if (low >= 0xdc00 && low <= 0xdfff) {
        plain = String.fromCharCode(code, low);
        length = 12;
      }
    } else if (code >= 128) plain = String.fromCharCode(code);
    if (plain !== "") {
      out.push(text.slice(from, at), plain);
      from = at + length;
    }
    at = text.indexOf("\\", at + length);
  }
  out.push(text.slice(from));
  return yield* joinInSteps(out);
}

/** The opposite. */
export function* escapeText(text: string, style: EscapeStyle): Steps<string> {
  const meter = new Meter();
  const out: string[] = [];
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    if (meter.isDue(1)) yield;
    const code = text.charCodeAt(i);
    if (code >= 128 ? !style.beyondAscii : code !== 47 || !style.slash) continue;
    out.push(text.slice(from, i), code === 47 ? "\\/" : escapeOf(code, style.upperCase));
    from = i + 1;
  }
  out.push(text.slice(from));
  return yield* joinInSteps(out);
}

function escapeOf(code: number, upperCase: boolean): string {
  const hex = code.toString(16).padStart(4, "0");
  return `\\u${upperCase ? hex.toUpperCase() : hex}`;
}

function codeAt(text: string, at: number): number {
  return Number.parseInt(text.slice(at + 2, at + 6), 16);
}

/** The style as one word: `/`, `u` or `U` (upper-case digits), or two of them. */
export function writeStyle({ slash, beyondAscii, upperCase }: EscapeStyle): string {
  return `${slash ? "/" : ""}${beyondAscii ? (upperCase ? "U" : "u") : ""}`;
}

export function readStyle(word: string): EscapeStyle {
  const upperCase = word.includes("U");
  return { slash: word.includes("/"), beyondAscii: upperCase || word.includes("u"), upperCase };
}
