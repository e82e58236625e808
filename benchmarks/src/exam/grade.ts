/** Grades what a reader answered, and adds up what the reading cost. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Arm, type Keys, readKeys } from "./layout.ts";
import { isRight } from "./question.ts";

/** One call of the retrieval tool, as it is logged. */
export interface Call {
  readonly request: Readonly<Record<string, unknown>>;
  /** Of the answer. */
  readonly tokens: number;
}

export interface Grade {
  readonly right: number;
  readonly questions: number;
  readonly calls: number;
  /** Of the texts, and of what calls returned. */
  readonly tokens: number;
  readonly retrievedTokens: number;
  readonly originalTokens: number;
  readonly wrong: readonly {
    readonly id: string;
    readonly question: string;
    readonly given: string;
    readonly answers: readonly string[];
  }[];
}

export function gradeArm(out: string, arm: Arm, given: Readonly<Record<string, string>>): Grade {
  const log = readFileSync(join(out, "keys", `calls.${arm}.jsonl`), "utf8");
  const calls = log
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Call);
  return grade(readKeys(out), arm, given, calls);
}

export function grade(
  keys: Keys,
  arm: Arm,
  given: Readonly<Record<string, unknown>>,
  calls: readonly Call[],
): Grade {
  const answerTo = (id: string): string | undefined => {
    const answer = given[id];
    return answer === undefined || answer === null ? undefined : [answer].flat().join(", ");
  };
  const wrong = keys.questions.filter((question) => !isRight(question, answerTo(question.id)));
  const shown = keys.texts.reduce((sum, { tokens }) => sum + tokens[arm], 0);
  const retrievedTokens = calls.reduce((sum, { tokens }) => sum + tokens, 0);
  return {
    right: keys.questions.length - wrong.length,
    questions: keys.questions.length,
    calls: calls.length,
    tokens: shown + retrievedTokens,
    retrievedTokens,
    originalTokens: keys.texts.reduce((sum, { tokens }) => sum + tokens.raw, 0),
    wrong: wrong.map(({ id, text, answers }) => ({
      id,
      question: text,
      given: answerTo(id) ?? "",
      answers,
    })),
  };
}
