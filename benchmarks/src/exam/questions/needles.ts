/** Questions that stand beside a text of the corpora, with their answers: facts of `must` and `query`, and causes of failures. */
import type { Needle } from "../../needles.ts";
import type { Picker, Question } from "../question.ts";

/** Asked for a thing, answered by one: not by a whole line, and not by yes or no. */
const CLOSED = /^(?:Is|Are|Does|Do|Has|Have|How do) /;
const PLAIN_ANSWER = /^[^\s"'=:;{}]+(?: [^\s"'=:;{}]+){0,4}$/;
const MAX_ANSWER = 40;

export function questionsOfNeedles(needles: readonly Needle[], picker: Picker): Question[] {
  const asked = needles.filter(
    ({ kind, question = "", expect: [answer = "", ...more] = [] }) =>
      (kind === "must" || kind === "query") &&
      more.length === 0 &&
      question !== "" &&
      !CLOSED.test(question) &&
      answer.length <= MAX_ANSWER &&
      PLAIN_ANSWER.test(answer),
  );
  const questions: Question[] = asked.map(({ question = "", expect = [] }) => ({
    text: question,
    about: "lookup",
    answerKind: "quotation",
    answers: expect,
  }));
  const critical = needles.filter(
    ({ kind, importance }) => kind === "signal" && importance === "critical",
  );
  if (critical.length > 0)
    questions.push({
      text: "What made this run fail? Quote the name or message that says it most exactly (a failed test, a file, an error).",
      about: "root cause",
      answerKind: "quotation",
      answers: critical.flatMap(({ any_of }) => any_of ?? []),
    });
  while (questions.length > 3) questions.splice(picker.below(questions.length), 1);
  return questions;
}
