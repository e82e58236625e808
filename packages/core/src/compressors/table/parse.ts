/**
 * Finds the table in some lines. Each reader learns a layout from the lines and lets `renderer` judge each of them.
 */
import { parseBars } from "./bars.ts";
import { parseDelimited } from "./delimited.ts";
import { parseFixed } from "./fixed.ts";
import type { Table } from "./layout.ts";
import { parsePairs } from "./pairs.ts";

/** The table that explains the lines; `undefined` where there is none. Strictest reader first. */
export function parseTable(lines: readonly string[]): Table | undefined {
  return parseBars(lines) ?? parsePairs(lines) ?? parseDelimited(lines) ?? parseFixed(lines);
}
