/**
 * Whether a text is a log.
 *
 * By the share of lines that only logs have: time stamps, levels, lines of known runners and build tools, positions of
 * diagnostics, stack frames. Prose that mentions a failure has none of these; code has none; numbered reads, search hits,
 * diffs, trees and JSON lines look like something else at their very start, and are left to their own kinds.
 */
import { splitLines } from "../../text/lines.ts";
import { isGitLog } from "./git-log.ts";
import {
  ACCESS_LINE,
  DIAGNOSTIC,
  LEVEL_INSIDE,
  LEVEL_START,
  MAX_SCAN,
  matchesAny,
  TOOL_LINE,
} from "./patterns.ts";
import { frameOf, NOT_A_FRAME } from "./stacks.ts";
import { startsWithStamp } from "./stamp.ts";
import { isCollectedLine, withoutEscapes } from "./view.ts";

const MAX_LINES = 400;
const MAX_SAMPLE = 200_000;

/** 0 to 1. Looks at the first lines of the sample only. */
export function detectLog(sample: string): number {
  const { text } = splitLines(sample.slice(0, MAX_SAMPLE));
  let filled = 0;
  let stamped = 0;
  let marked = 0;
  let json = 0;
  let other = 0;
  for (const raw of text.slice(0, MAX_LINES)) {
    const line = withoutEscapes(raw.slice(0, MAX_SCAN)).trimEnd();
    if (line === "") continue;
    filled++;
    const body = line.trimStart();
    if (body.startsWith("{") && body.endsWith("}")) json++;
    else if (body.startsWith('"') && body.includes('":')) other++;
    else if (startsWithStamp(body) || isCollectedLine(line) || hasClock(body)) stamped++;
    else if (ACCESS_LINE.test(body)) stamped++;
    else if (LEVEL_START.test(body) || (LEVEL_INSIDE.test(line) && line.length < 600)) marked++;
    else if (matchesAny(TOOL_LINE, body) || DIAGNOSTIC.test(body)) marked++;
    else if (frameOf(line) !== NOT_A_FRAME) marked++;
    else if (isOtherKind(line)) other++;
  }
  if (isGitLog(text)) return 0.8;
  if (filled === 0 || json * 2 > filled || other * 2 > filled) return 0;
  const share = (stamped + marked) / filled;
  const stampShare = stamped / filled;
  if (stampShare >= 0.5) return Math.min(0.95, 0.7 + 0.3 * stampShare);
  if (filled < 4) return share === 1 && filled > 1 ? 0.5 : 0;
  // Continuation lines (frames' source, diffs of values, listings) are most of a test run; a sixth of anchors is plenty.
  if (share < 0.12 || stamped + marked < 3) return 0;
  return Math.min(0.9, 0.4 + 0.6 * share);
}

/** How far from its start a log line may carry its time. */
const CLOCK_WITHIN = 90;

/**
 * A time of day near the start, behind a level, a host, a node or an epoch: `I0102 15:04:05.1`, `17/06/09 20:10:40`,
 * `20171223-22:15:29:606|`. Not behind a comma: that is a row of a table.
 */
function hasClock(line: string): boolean {
  const head = line.slice(0, CLOCK_WITHIN);
  for (let at = head.indexOf(":"); at >= 0; at = head.indexOf(":", at + 1)) {
    if (head[at + 3] !== ":" || !areDigits(head, at - 2, at) || !areDigits(head, at + 1, at + 3))
      continue;
    if (!areDigits(head, at + 4, at + 6)) continue;
    const before = head[at - 3] ?? "";
    return (
      " [T-".includes(before) &&
      before !== "" &&
      !head.slice(0, at).includes(",") &&
      head[0] !== "|"
    );
  }
  return false;
}

function areDigits(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (!(code >= 48 && code <= 57)) return false;
  }
  return true;
}

/** A line another kind owns: a search hit, a numbered read, a diff. */
function isOtherKind(line: string): boolean {
  const first = line.charCodeAt(0);
  if (line.startsWith("diff --git ") || line.startsWith("@@ ") || line.startsWith("--- "))
    return true;
  if (first >= 48 && first <= 57) {
    let at = 0;
    while (line.charCodeAt(at) >= 48 && line.charCodeAt(at) <= 57) at++;
    return line[at] === "→" || line[at] === "\t" || (line[at] === ":" && line[at + 1] === " ");
  }
  // path:12:content
  const colon = line.indexOf(":");
  if (colon <= 0 || line.lastIndexOf(" ", colon) >= 0) return false;
  let at = colon + 1;
  while (line.charCodeAt(at) >= 48 && line.charCodeAt(at) <= 57) at++;
  return at > colon + 1 && (line[at] === ":" || line[at] === "-");
}
