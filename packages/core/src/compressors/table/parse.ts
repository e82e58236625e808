/**
 * Finds the table in some lines. Each reader learns a layout from the lines and lets `renderer` judge each of them.
 */
import type { Steps } from "../../types/compressor.ts";
import { parseBars } from "./bars.ts";
import { parseDelimited } from "./delimited.ts";
import { parseFixed } from "./fixed.ts";
import type { Table } from "./layout.ts";
import { parsePairs } from "./pairs.ts";

/** The table that explains the lines; `undefined` where there is none. Strictest reader first. */
export function* parseTable(lines: readonly string[]): Steps<Table | undefined> {
  return (
    (yield* parseBars(lines)) ??
    (yield* parsePairs(lines)) ??
    (yield* parseDelimited(lines)) ??
    (yield* parseFixed(lines))
  );
}
