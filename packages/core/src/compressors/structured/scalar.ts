import { scanNumber } from "../../json/lexer.ts";
import { isDigit } from "../../text/chars.ts";
import type { LineRange, SourceScalar } from "./node.ts";

/** Whether a text is a number as JSON writes it. Such a one keeps its spelling: `1.0` stays `1.0`. */
export function isJsonNumber(text: string): boolean {
  const first = text.charCodeAt(0);
  if (text.length > 40 || (first !== 45 && !isDigit(first))) return false;
  return scanNumber(text, 0) === text.length;
}

/** A value of a format that has texts only: one that reads as a number or as true or false is shown as one. */
export function untyped(text: string, { firstLine, lastLine }: LineRange): SourceScalar {
  const isLiteral = text === "true" || text === "false" || isJsonNumber(text);
  return { type: isLiteral ? "literal" : "text", text, firstLine, lastLine };
}
