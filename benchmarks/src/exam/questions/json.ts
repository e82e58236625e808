/** Questions about a JSON document: its longest arrays of objects, and its longest map. */
import type { Picker, Question } from "../question.ts";
import { questionsAboutRows, type Row } from "./rows.ts";

const MIN_ROWS = 8;

/** None, where the text is no JSON. */
export function questionsAboutJson(text: string, picker: Picker): Question[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return [];
  }
  const arrays: { path: string; rows: readonly Row[] }[] = [];
  const maps: { path: string; keys: readonly string[] }[] = [];
  collect(document, "", arrays, maps);
  const [array] = arrays.toSorted((a, b) => b.rows.length - a.rows.length);
  const [map] = maps.toSorted((a, b) => b.keys.length - a.keys.length);
  const questions = array
    ? questionsAboutRows(array.rows, `the array ${named(array.path)}`, picker)
    : [];
  if (map && map.keys.length >= MIN_ROWS) {
    const key = picker.of(map.keys);
    questions.push(
      {
        text: `How many keys has the object ${named(map.path)}?`,
        about: "count",
        answerKind: "number",
        answers: [String(map.keys.length)],
      },
      {
        text: `Has the object ${named(map.path)} a key "${key}"?`,
        about: "existence",
        answerKind: "yes or no",
        answers: ["yes"],
      },
    );
  }
  return questions;
}

function named(path: string): string {
  return path === "" ? "at the top" : `at "${path}"`;
}

function collect(
  value: unknown,
  path: string,
  arrays: { path: string; rows: readonly Row[] }[],
  maps: { path: string; keys: readonly string[] }[],
): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    if (value.length >= MIN_ROWS && value.every(isObject))
      arrays.push({ path, rows: value.map(scalars) });
    if (value.length < MIN_ROWS)
      for (const [at, item] of value.entries()) collect(item, `${path}[${at}]`, arrays, maps);
    return;
  }
  maps.push({ path, keys: Object.keys(value) });
  for (const [key, item] of Object.entries(value))
    collect(item, path === "" ? key : `${path}.${key}`, arrays, maps);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function scalars(row: Record<string, unknown>): Row {
  const scalar = Object.entries(row).filter(([, value]) => typeof value !== "object");
  return Object.fromEntries(scalar.map(([key, value]) => [key, String(value)]));
}
