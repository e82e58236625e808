/**
 * What belongs to a line: the details below it, which are shown with it or not at all. A diagnostic with its echo and caret, a failed
 * test with what was expected and received, an SQL error with its statement, a record with its indented lines.
 */
import { CARETS, DETAIL, MAX_SCAN, RECORD_DETAIL } from "./patterns.ts";
import { FAILURE, WARN } from "./severity.ts";
import { indentOf } from "./stacks.ts";
import { stampEnd } from "./stamp.ts";

/** A unit that is longer shows its first lines. */
export const LONGEST_UNIT = 40;
/** Plain lines right below a failure: many tools put the reason there without indenting it. One with a stamp is a record of its own. */
const PLAIN = 2;

/** The lines below a failure that go on about it, at most `reach` of them; those of folded stacks are left out. */
export function detailsOf(
  lines: readonly string[],
  at: number,
  reach: number,
  severity: Uint8Array,
  hidden: Uint8Array,
): readonly number[] {
  const indent = indentOf(lines[at] ?? "");
  const details: number[] = [];
  let blanks = 0;
  let plain = 0;
  for (let i = at + 1; i < lines.length && details.length < reach; i++) {
    const line = lines[i] ?? "";
    if (line === "") {
      if (++blanks > 1) break;
      continue;
    }
    const isDetail = isDetailLine(lines, i, indent);
    const isOther = severity[i] === FAILURE || severity[i] === WARN;
    if (isOther && !DETAIL.test(line.slice(0, MAX_SCAN).trimStart())) break;
    if (!isDetail && (blanks > 0 || ++plain > PLAIN || i - at > PLAIN || stampEnd(line) > 0)) break;
    if (isDetail) blanks = 0;
    if (hidden[i] !== 1) details.push(i);
  }
  return details;
}

/** The lines of a record below its first: those that are indented further. */
export function recordOf(
  lines: readonly string[],
  at: number,
  reach: number,
  hidden: Uint8Array,
): readonly number[] {
  const indent = indentOf(lines[at] ?? "");
  const record: number[] = [];
  for (let i = at + 1; i < lines.length && record.length < reach; i++) {
    if (lines[i] === "" || !isDetailLine(lines, i, indent)) break;
    if (hidden[i] !== 1) record.push(i);
  }
  return record;
}

function isDetailLine(lines: readonly string[], at: number, indent: number): boolean {
  const line = (lines[at] ?? "").slice(0, MAX_SCAN);
  return (
    indentOf(line) > indent ||
    DETAIL.test(line.trimStart()) ||
    RECORD_DETAIL.test(line) ||
    CARETS.test((lines[at + 1] ?? "").slice(0, MAX_SCAN))
  );
}
