/** Questions about a text of lines, whatever printed it: which words and lines it has, and how often. */
import type { Picker, Question } from "../question.ts";

const LEVELS = ["ERROR", "WARN", "WARNING", "error:", "warning:", "FAILED", "FATAL", "failed"];
const MAX_COUNT = 200;
/** What a reader of a log looks for. */
const EVENTS = [
  "timeout",
  "fatal",
  "denied",
  "exception",
  "panic",
  "segfault",
  "deprecated",
  "retry",
  "out of memory",
];

export function questionsAboutLines(text: string, picker: Picker): Question[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const questions: Question[] = [];
  const level = LEVELS.map((word) => ({
    word,
    count: lines.filter((line) => line.includes(word)).length,
  }))
    .filter(({ count }) => count > 0 && count <= MAX_COUNT)
    .toSorted((a, b) => b.count - a.count)[0];
  if (level !== undefined)
    questions.push({
      text: `How many lines contain "${level.word}" (in this spelling)?`,
      about: "count",
      answerKind: "number",
      answers: [String(level.count)],
    });
  const word = picker.of(EVENTS);
  questions.push({
    text: `Does any line contain "${word}", in capitals or not?`,
    about: "existence",
    answerKind: "yes or no",
    answers: [text.toLowerCase().includes(word) ? "yes" : "no"],
  });
  const last = lastWordOf(lines.at(-1) ?? "");
  if (last !== undefined)
    questions.push({
      text: "What is the last word (letters and digits) of the last line that is not empty?",
      about: "order",
      answerKind: "text",
      answers: [last],
    });
  const troubled = lines.filter((line) => LEVELS.some((one) => line.includes(one)));
  const pair = uniquePair(troubled, lines, picker);
  if (pair !== undefined)
    questions.push({
      text: `In the line that contains "${pair.token}", which word or value follows right behind "${pair.before}"?`,
      about: "lookup",
      answerKind: "text",
      answers: [pair.value],
    });
  return questions;
}

/** A stamp in front of a line says when, and is no word of it. */
const STAMP = /^\s*(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d(?::\d\d)?[.,\d]*(?:Z|[+-]\d\d:?\d\d)?/;

/** The last word of a line; `undefined` where it has none but a stamp. */
function lastWordOf(line: string): string | undefined {
  return line
    .replace(STAMP, "")
    .match(/[A-Za-z0-9]+/g)
    ?.at(-1);
}

/** Words of some length that occur once. */
function rareWords(lines: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of lines)
    for (const word of line.match(/[A-Za-z][\w.-]{6,30}/g) ?? [])
      counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].filter(([, count]) => count === 1).map(([word]) => word);
}

/** A line told by a word that no other has, and the value behind another word of it. */
function uniquePair(
  lines: readonly string[],
  all: readonly string[],
  picker: Picker,
): { token: string; before: string; value: string } | undefined {
  const unique = new Set(rareWords(all));
  const candidates = lines.flatMap((line) => {
    const words = line.trim().split(/\s+/);
    const token = words.find((word) => unique.has(word));
    if (token === undefined || words.length < 5 || words.length > 25) return [];
    const at = words.findIndex(
      (word, nth) =>
        nth > 0 &&
        word !== token &&
        words[nth - 1] !== token &&
        /^[A-Za-z][a-z]/.test(words[nth - 1] ?? "") &&
        /^[\w.:/-]{3,40}$/.test(word) &&
        words.indexOf(words[nth - 1] ?? "") === words.lastIndexOf(words[nth - 1] ?? ""),
    );
    const before = words[at - 1];
    const value = words[at];
    return at > 0 && before !== undefined && value !== undefined ? [{ token, before, value }] : [];
  });
  return candidates.length === 0 ? undefined : picker.of(candidates);
}
