/**
 * What each line of a search output is: grep, git grep, ripgrep (plain and with headings), with and without line numbers,
 * context lines, counts. Each style has its own file; here they are tried, the most telling first.
 *
 * Trap: a style that fits by chance. Each says what share of the lines it explains, and that has to be most of them.
 */
import type { ParsedSearch } from "./entry.ts";
import { parseHeadings } from "./headings.ts";
import { parseNumbered } from "./numbered.ts";
import { parseCounts, parsePlain } from "./plain.ts";

/** Lines without terminators in, the most fitting reading out; `undefined` when they are no search output. */
export function parseSearch(lines: readonly string[]): ParsedSearch | undefined {
  const numbered = parseNumbered(lines);
  if (numbered.share >= 0.6) return numbered;
  const headed = parseHeadings(lines);
  if (headed !== undefined && headed.share >= 0.8) return headed;
  const counted = parseCounts(lines);
  if (counted !== undefined && counted.share >= 0.9) return counted;
  const plain = parsePlain(lines);
  return plain !== undefined && plain.share >= 0.9 ? plain : undefined;
}
