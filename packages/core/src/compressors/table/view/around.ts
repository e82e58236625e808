/** The lines around the rows of tables: titles, headings, totals. Those that a reader needs stay. */
import { linesMentioning } from "../../../query/mention.ts";
import { Meter } from "../../../steps.ts";
import { LINE_WORK } from "../../../text/lines.ts";
import type { Steps } from "../../../types/compressor.ts";
import { cost } from "../../shared/text-cost.ts";
import { isFailure } from "./traits.ts";

/** All of them stay while they take up to this share of the room. */
const MAX_SHARE = 0.15;
const MAX_FEW = 12;
/** Lines at the start and at the end of the text. */
const ENDS = 3;
/** So many blocks of other lines show their first lines. */
const MAX_BLOCKS = 12;
const HEAD_OF_BLOCK = 4;
/** A word is rare that so few of the other lines have; of so many lines with rare words each is shown. */
const FEW_LINES = 2;
const MAX_RARE = 12;
/** Lines of a heading. */
const MAX_HEADING = 4;
/** Characters. A longer line is no title; of one that is shown the beginning stays. */
const MAX_LENGTH = 400;

/** What stands at a line. */
export const OTHER = 0;
export const ROW = 1;
export const HEADER = 2;

/**
 * The lines that stay, of those that are in no table.
 *
 * @param kinds What stands at each line
 * @param shown Whether a line is the first of a row that is shown
 * @param room Tokens
 */
export function* linesAround(
  lines: readonly string[],
  kinds: Uint8Array,
  shown: (line: number) => boolean,
  room: number,
  query: string | undefined,
): Steps<ReadonlySet<number>> {
  const meter = new Meter();
  const others: number[] = [];
  let tokens = 0;
  for (const [at, line] of lines.entries()) {
    if (kinds[at] !== OTHER || line === "") continue;
    others.push(at);
    tokens += cost(line) + 1;
    if (meter.isDue(line.length + LINE_WORK)) yield;
  }
  if (tokens <= room * MAX_SHARE || others.length <= MAX_FEW) return new Set(others);
  const kept = new Set<number>([...others.slice(0, ENDS), ...others.slice(-ENDS)]);
  const texts = others.map((at) => lines[at] ?? "");
  if (query !== undefined)
    for (const at of yield* linesMentioning(query, texts)) kept.add(others[at] ?? 0);
  const failures = others.filter((at) => isFailure(lines[at] ?? ""));
  if (failures.length * 4 <= others.length) for (const at of failures) kept.add(at);
  yield;
  for (const at of yield* withRareWords(lines, others)) kept.add(at);
  const blocks = blocksOf(lines, kinds);
  if (blocks.length <= MAX_BLOCKS)
    for (const { from, to } of blocks)
      for (let at = from; at < to && at < from + HEAD_OF_BLOCK; at++) kept.add(at);
  yield;
  let heading: number[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (meter.isDue(LINE_WORK)) yield;
    if (kinds[at] === OTHER) {
      if (lines[at] === "") continue;
      // A heading begins behind a row, or behind an empty line.
      if (at === 0 || kinds[at - 1] !== OTHER || lines[at - 1] === "") heading = [];
      if (heading.length < MAX_HEADING) heading.push(at);
    } else if (shown(at)) for (const line of heading) kept.add(line);
  }
  return kept;
}

/** Lines with a word that few others have, where they are few. Words with digits are names of one thing. */
function* withRareWords(
  lines: readonly string[],
  others: readonly number[],
): Steps<readonly number[]> {
  const meter = new Meter();
  const counts = new Map<string, number>();
  const words = new Map<number, readonly string[]>();
  for (const at of others) {
    const text = (lines[at] ?? "").slice(0, MAX_LENGTH);
    if (meter.isDue(2 * text.length + LINE_WORK)) yield;
    const own = [...new Set(text.split(/\s+/))].filter((word) => /^\p{L}[^\p{N}]*$/u.test(word));
    words.set(at, own);
    for (const word of own) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const rare = others.filter((at) =>
    words.get(at)?.some((word) => (counts.get(word) ?? 0) <= FEW_LINES),
  );
  return rare.length <= MAX_RARE && rare.length * 4 <= others.length ? rare : [];
}

/** Blocks of lines between empty lines or rows that are no rows: of a few each is named. */
function blocksOf(
  lines: readonly string[],
  kinds: Uint8Array,
): readonly { readonly from: number; readonly to: number }[] {
  const blocks: { from: number; to: number }[] = [];
  let from = -1;
  for (let at = 0; at <= lines.length && blocks.length <= MAX_BLOCKS; at++) {
    const isIn = at < lines.length && kinds[at] === OTHER && lines[at] !== "";
    if (isIn && from < 0) from = at;
    if (isIn || from < 0) continue;
    blocks.push({ from, to: at });
    from = -1;
  }
  return blocks;
}

/** A line as it is shown. */
export function shownLine(line: string): string {
  return line.length <= MAX_LENGTH || line.trimStart().startsWith("…")
    ? line
    : `${line.slice(0, MAX_LENGTH)}…`;
}
