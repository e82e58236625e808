/** The check that a shortened error result still shows every line that speaks of an error. */

const WORDS = [
  "critical",
  "denied",
  "error",
  "exception",
  "fail",
  "failed",
  "failure",
  "fatal",
  "panic",
  "traceback",
  "unhandled",
];

/** Lines not found as whole lines are searched for inside longer ones, this many times at most: the check stays linear. */
const MAX_SEARCHES = 64;

/** Whether every error line of `original`, outer white space aside, stands in `shortened`. */
export function keepsErrorLines(original: string, shortened: string): boolean {
  const shown = new Set(linesOf(shortened));
  let searches = 0;
  for (const line of linesOf(original)) {
    if (line.length === 0 || shown.has(line) || !speaksOfError(line)) continue;
    if (++searches > MAX_SEARCHES || !shortened.includes(line)) return false;
  }
  return true;
}

function linesOf(text: string): readonly string[] {
  return text.split("\n").map((line) => line.trim());
}

function speaksOfError(line: string): boolean {
  const lower = line.toLowerCase();
  return WORDS.some((word) => lower.includes(word));
}
