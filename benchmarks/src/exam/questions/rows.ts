/** Questions about rows with fields: elements of JSON arrays, rows of tables. */
import type { Picker, Question } from "../question.ts";

export type Row = Readonly<Record<string, string>>;

/** Values up to this length can be asked for and typed. */
const MAX_VALUE = 48;

/** @param where how the rows are called in a question, e.g. `the array at "data.items"` */
export function questionsAboutRows(
  rows: readonly Row[],
  where: string,
  picker: Picker,
): Question[] {
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const names = fields.filter((field) => isName(rows, field));
  const [name] = names;
  const questions: Question[] = [
    {
      text: `How many elements or rows has ${where}?`,
      about: "count",
      answerKind: "number",
      answers: [String(rows.length)],
    },
  ];
  if (name !== undefined) questions.push(...lookups(rows, name, fields, where, picker));
  const category = fields.find(
    (field) => valuesOf(rows, field).size >= 2 && valuesOf(rows, field).size <= 8,
  );
  if (category !== undefined) {
    const value = picker.of([...valuesOf(rows, category)].filter(isShort));
    if (value !== undefined && value !== "")
      questions.push({
        text: `In ${where}, how many elements or rows have "${value}" as their ${category}?`,
        about: "count",
        answerKind: "number",
        answers: [String(rows.filter((row) => row[category] === value).length)],
      });
  }
  return questions;
}

function lookups(
  rows: readonly Row[],
  name: string,
  fields: readonly string[],
  where: string,
  picker: Picker,
): Question[] {
  const questions: Question[] = [];
  const nameOf = (row: Row | undefined): string => row?.[name] ?? "";
  const others = fields.filter(
    (field) => field !== name && valuesOf(rows, field).size > rows.length / 3,
  );
  for (let nth = 0; nth < 2 && others.length > 0; nth++) {
    const field = picker.of(others);
    const row = picker.of(rows);
    const value = row[field];
    if (value !== undefined && isShort(value) && value !== "")
      questions.push({
        text: `In ${where}, what is the ${field} of the one whose ${name} is "${nameOf(row)}"?`,
        about: "lookup",
        answerKind: "text",
        answers: [value],
      });
  }
  const number = fields.find((field) => isMeasure(rows, field));
  if (number !== undefined) {
    const sorted = rows.toSorted((a, b) => Number(b[number]) - Number(a[number]));
    if (sorted[0]?.[number] !== sorted[1]?.[number])
      questions.push({
        text: `In ${where}, what is the ${name} of the one with the greatest ${number}?`,
        about: "extreme",
        answerKind: "text",
        answers: [nameOf(sorted[0])],
      });
  }
  questions.push({
    text: `In ${where}, what is the ${name} of the last one?`,
    about: "order",
    answerKind: "text",
    answers: [nameOf(rows.at(-1))],
  });
  const present = nameOf(picker.of(rows));
  const absent = `${present.slice(0, -1)}${present.endsWith("7") ? "3" : "7"}`;
  const asked = picker.below(2) === 0 ? present : absent;
  questions.push({
    text: `In ${where}, is there one whose ${name} is "${asked}"?`,
    about: "existence",
    answerKind: "yes or no",
    answers: [rows.some((row) => nameOf(row) === asked) ? "yes" : "no"],
  });
  return questions;
}

/** A field that tells rows apart: all have it, no two the same, short and not just counted up. */
function isName(rows: readonly Row[], field: string): boolean {
  const values = rows.map((row) => row[field]);
  return (
    values.every((value) => value !== undefined && value !== "" && isShort(value)) &&
    new Set(values).size === rows.length
  );
}

function isMeasure(rows: readonly Row[], field: string): boolean {
  return (
    valuesOf(rows, field).size > 3 &&
    rows.every((row) => /^-?\d+(?:\.\d+)?$/.test(row[field] ?? ""))
  );
}

function valuesOf(rows: readonly Row[], field: string): Set<string> {
  return new Set(rows.map((row) => row[field] ?? ""));
}

function isShort(value: string): boolean {
  return value.length <= MAX_VALUE && !value.includes('"') && !value.includes("\n");
}
