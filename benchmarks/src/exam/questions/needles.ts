/** The question that stands beside a log of a failure: its ground truth says what the failure was. */
import type { Needle } from "../../needles.ts";
import type { Question } from "../question.ts";

export function questionsOfNeedles(needles: readonly Needle[]): Question[] {
  const critical = needles.filter(
    ({ kind, importance }) => kind === "signal" && importance === "critical",
  );
  if (critical.length === 0) return [];
  return [
    {
      text: "What made this run fail? Quote the name or message that says it most exactly (a failed test, a file, an error).",
      about: "root cause",
      answerKind: "quotation",
      answers: critical.flatMap(({ any_of }) => any_of ?? []),
    },
  ];
}
