/** Questions about tables that plain means can read: separated values, psql, and columns under a rule of dashes. */
import type { Picker, Question } from "../question.ts";
import { questionsAboutRows, type Row } from "./rows.ts";

const MIN_ROWS = 12;

export function questionsAboutTable(text: string, picker: Picker): Question[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const rows = psqlRows(lines) ?? separatedRows(lines, ",") ?? separatedRows(lines, "\t");
  return rows && rows.length >= MIN_ROWS ? questionsAboutRows(rows, "the table", picker) : [];
}

function psqlRows(lines: readonly string[]): readonly Row[] | undefined {
  const rule = lines.findIndex((line) => /^-+(?:\+-+)+$/.test(line.trim()));
  if (rule < 1) return undefined;
  const cells = (line: string): string[] => line.split("|").map((cell) => cell.trim());
  const names = cells(lines[rule - 1] ?? "");
  const body = lines.slice(rule + 1).filter((line) => cells(line).length === names.length);
  // A value over several lines has a mark for them: too much for plain means.
  return body.some((line) => line.includes("+|")) ? undefined : rowsOf(names, body.map(cells));
}

function separatedRows(lines: readonly string[], separator: string): readonly Row[] | undefined {
  const [head = "", ...body] = lines;
  const names = head.split(separator);
  if (names.length < 3 || head.includes('"')) return undefined;
  const whole = body.filter(
    (line) => !line.includes('"') && line.split(separator).length === names.length,
  );
  return whole.length === body.length
    ? rowsOf(
        names,
        body.map((line) => line.split(separator)),
      )
    : undefined;
}

function rowsOf(names: readonly string[], body: readonly (readonly string[])[]): readonly Row[] {
  return body.map((cells) => Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ""])));
}
