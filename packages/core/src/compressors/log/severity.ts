/**
 * How much a line matters: failure, mention of a failure, warning, or neither.
 *
 * Level words count as whole words: not in paths (`wellknown-errors-plugin`), identifiers (`parseError.js`), names of
 * passed tests, counts of nothing (`0 errors`), or scripts echoed before they run. A line that matters is kept; one that
 * only mentions is kept without its neighbours.
 */
import {
  ECHOED_SCRIPT,
  ERROR_WORDS,
  FAILURE_INSIDE,
  FAILURE_START,
  MAX_SCAN,
  matchesAny,
  NONE_AFTER,
  NONE_BEFORE,
  PASS_LINE,
  THROWN_TYPE,
  WARNING,
} from "./patterns.ts";

export type Severity = 0 | 1 | 2 | 3;
export const INFO = 0;
export const WARN = 1;
/** Speaks of a failure, maybe one that did not happen. */
export const MENTION = 2;
export const FAILURE = 3;

/** Level words that mean a failure wherever they stand as a level. */
const LEVELS: ReadonlySet<string> = new Set([
  "ALERT",
  "CRITICAL",
  "EMERG",
  "ERROR",
  "EXCEPTION",
  "FAIL",
  "FAILED",
  "FAILURE",
  "FATAL",
  "PANIC",
  "SEVERE",
]);

/** `line` as shown, `raw` as it came (for its colours). */
export function severityOf(line: string, raw: string): Severity {
  const text = scanned(line).trimStart();
  if (text === "") return INFO;
  if (raw.length > line.length && scanned(raw).includes(ECHOED_SCRIPT)) return INFO;
  if (FAILURE_START.test(text) && !countsNothing(text)) return FAILURE;
  if (PASS_LINE.test(text)) return INFO;
  if (isTrace(text)) return INFO;
  if (matchesAny(FAILURE_INSIDE, text)) return FAILURE;
  if (THROWN_TYPE.test(text) && standsAlone(text)) return FAILURE;
  const word = errorWord(text);
  if (word !== undefined) return LEVELS.has(word) ? FAILURE : MENTION;
  // Git's hints name the warning that a setting would spare.
  return WARNING.test(text) && !text.startsWith("hint:") ? WARN : INFO;
}

function scanned(line: string): string {
  return line.length <= MAX_SCAN * 2 ? line : `${line.slice(0, MAX_SCAN)} ${line.slice(-MAX_SCAN)}`;
}

/** A command that `set -x` printed, or a key of an environment listing: text of the caller, not of a failure. */
function isTrace(text: string): boolean {
  return text.startsWith("+ ") || text.startsWith("++ ") || text.startsWith("+++ ");
}

function countsNothing(text: string): boolean {
  const colon = text.search(/[=:]/);
  return (
    colon > 0 &&
    colon < 40 &&
    NONE_AFTER.test(text.slice(colon)) &&
    /^(?:Failures?|ERRORS?)\b/i.test(text)
  );
}

/** A thrown type that is not part of a file name or of a longer identifier. */
function standsAlone(text: string): boolean {
  const at = text.search(THROWN_TYPE);
  let start = at;
  while (start > 0 && !SPACE.has(text[start - 1] ?? "")) start--;
  const word = text.slice(start, at);
  return !word.includes("/") && !word.includes("::");
}

const SPACE: ReadonlySet<string> = new Set(" \t\"'`([{<,;=");

/** The first level of the line, else the first word that names an error, where it stands as a word. */
function errorWord(text: string): string | undefined {
  let first: string | undefined;
  ERROR_WORDS.lastIndex = 0;
  for (let match = ERROR_WORDS.exec(text); match; match = ERROR_WORDS.exec(text)) {
    const start = match.index;
    const end = start + match[0].length;
    const before = text[start - 1] ?? " ";
    const after = text[end] ?? " ";
    if (GLUE.has(before) || (GLUE.has(after) && !(after === "." && isEnd(text, end + 1)))) continue;
    if (NONE_BEFORE.test(text.slice(Math.max(0, start - 12), start))) continue;
    if (NONE_AFTER.test(text.slice(end, end + 12))) continue;
    if (LEVELS.has(match[0])) return match[0];
    first ??= match[0];
  }
  return first;
}

/** Characters that make a word part of a path, an option or an identifier. */
const GLUE: ReadonlySet<string> = new Set("-_/.@\\$&+");

function isEnd(text: string, at: number): boolean {
  return at >= text.length || text.charCodeAt(at) <= 32;
}
