/** Questions about lists of paths, search hits and diffs: how many files, which, and what stands in them. */
import type { Picker, Question } from "../question.ts";

const HIT = /^((?:[\w.@+-]+\/)*[\w.@+-]+\.\w+):(\d+):/;
const PATH = /(?:^|\s)((?:\.{0,2}\/)?(?:[^\s/]+\/)+[^\s/]+)$/;

export function questionsAboutPaths(text: string, picker: Picker): Question[] {
  const lines = text.split("\n").filter((line) => line !== "");
  if (lines.some((line) => line.startsWith("diff --git "))) return aboutDiff(lines, picker);
  const hits = lines.flatMap((line) => HIT.exec(line)?.[1] ?? []);
  if (hits.length * 2 > lines.length) return aboutHits(hits, picker);
  const paths = lines.flatMap((line) => PATH.exec(line)?.[1] ?? []);
  return paths.length * 10 > lines.length * 8 ? aboutPaths(paths, lines, picker) : [];
}

function aboutHits(hits: readonly string[], picker: Picker): Question[] {
  const counts = countsOf(hits);
  const file = picker.of([...counts.keys()]);
  const [most, second] = [...counts].toSorted((a, b) => b[1] - a[1]);
  const questions: Question[] = [
    count("How many different files have at least one hit?", counts.size),
    count(`How many hits are in the file ${file}?`, counts.get(file) ?? 0),
  ];
  if (most && most[1] !== second?.[1])
    questions.push({
      text: "Which file has the most hits? Give its path.",
      about: "extreme",
      answerKind: "text",
      answers: [most[0]],
    });
  return questions;
}

function aboutPaths(
  paths: readonly string[],
  lines: readonly string[],
  picker: Picker,
): Question[] {
  const path = picker.of(paths);
  const name = path.slice(path.lastIndexOf("/") + 1);
  const extension = picker.of(
    paths.flatMap((one) => /\.[a-z]{1,5}$/.exec(one)?.[0] ?? []).concat(".zip"),
  );
  return [
    count("How many paths with a folder in them are listed?", paths.length),
    count(
      `How many of the lines end with "${extension}"?`,
      lines.filter((one) => one.endsWith(extension)).length,
    ),
    count(
      `How many of the lines end with "/${name}"?`,
      lines.filter((one) => one.endsWith(`/${name}`)).length,
    ),
    {
      text: `Is the path ${path} listed?`,
      about: "existence",
      answerKind: "yes or no",
      answers: ["yes"],
    },
  ];
}

function aboutDiff(lines: readonly string[], picker: Picker): Question[] {
  const files: { path: string; added: number; removed: number }[] = [];
  for (const line of lines) {
    const path = /^diff --git a\/\S+ b\/(\S+)$/.exec(line)?.[1];
    const file = files.at(-1);
    if (path !== undefined) files.push({ path, added: 0, removed: 0 });
    else if (file && line.startsWith("+") && !line.startsWith("+++ ")) file.added++;
    else if (file && line.startsWith("-") && !line.startsWith("--- ")) file.removed++;
  }
  if (files.length === 0) return [];
  const file = picker.of(files);
  const questions = [
    count("How many files does the diff change?", files.length),
    count(`How many lines does the diff add in ${file.path}?`, file.added),
  ];
  if (files.length > 1) {
    const [most, second] = files.toSorted((a, b) => b.removed - a.removed);
    if (most && most.removed !== second?.removed)
      questions.push({
        text: "In which file does the diff remove the most lines? Give its path.",
        about: "extreme",
        answerKind: "text",
        answers: [most.path],
      });
  }
  return questions;
}

function count(text: string, answer: number): Question {
  return { text, about: "count", answerKind: "number", answers: [String(answer)] };
}

function countsOf(items: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}
