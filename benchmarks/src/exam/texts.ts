/** The texts of the exam, taken from the corpora by size and place alone, and their questions. */
import type { Data, Sample } from "../corpus.ts";
import { Picker, type Question } from "./question.ts";
import { questionsAboutJson } from "./questions/json.ts";
import { questionsAboutLines } from "./questions/lines.ts";
import { questionsOfNeedles } from "./questions/needles.ts";
import { questionsAboutPaths } from "./questions/paths.ts";
import { questionsAboutTable } from "./questions/table.ts";

export interface ExamText {
  readonly name: string;
  readonly text: string;
  readonly questions: readonly Question[];
}

/** How many texts of each set. */
const SETS: Readonly<Record<string, number>> = {
  "api-json": 2,
  "json-tools": 3,
  logs: 3,
  "ci-logs": 2,
  search: 2,
  diffs: 2,
  trees: 1,
  tables: 2,
};
const [MIN_CHARACTERS, MAX_CHARACTERS] = [6_000, 140_000];
const MAX_QUESTIONS = 5;

/** @param seed other seeds take other texts and ask other questions */
export function examTexts(data: Data, seed: string): readonly ExamText[] {
  return Object.entries(SETS).flatMap(([set, count]) => {
    const fitting = data
      .readSet(set)
      .filter(({ text }) => text.length >= MIN_CHARACTERS && text.length <= MAX_CHARACTERS);
    const picker = new Picker(`${seed} ${set}`);
    const chosen: ExamText[] = [];
    while (chosen.length < count && fitting.length > 0) {
      const [sample] = fitting.splice(picker.below(fitting.length), 1);
      if (sample === undefined) continue;
      const questions = questionsAbout(sample, new Picker(`${seed} ${sample.name}`));
      if (questions.length >= 3) chosen.push({ name: sample.name, text: sample.text, questions });
    }
    return chosen;
  });
}

/** At most five questions, from all that can ask about a text. */
export function questionsAbout({ text, needles }: Sample, picker: Picker): readonly Question[] {
  const structured = [
    ...questionsAboutJson(text, picker),
    ...questionsAboutTable(text, picker),
    ...questionsAboutPaths(text, picker),
  ];
  const questions = [
    ...questionsOfNeedles(needles),
    ...(structured.length > 0 ? structured : questionsAboutLines(text, picker)),
  ];
  while (questions.length > MAX_QUESTIONS) questions.splice(picker.below(questions.length), 1);
  return questions;
}
