/** The first difference of two JSON values, and what it is a difference of. */
import { isRecord } from "../kit/json.ts";

export interface Change {
  readonly kind: "added" | "date" | "id" | "number" | "order" | "removed" | "text" | "time";
  /** From the value on: `.content[0].text`; empty for the value itself. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** Characters shown on each side of a difference. */
const AROUND = 24;
const MAX_EXCERPT = 80;
/** Deeper differences are told of where this depth is reached. */
const MAX_DEPTH = 64;

/** What changed from one value to another; they have to differ. */
export function changeBetween(before: unknown, after: unknown): Change {
  let [old, next, path] = [before, after, ""];
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const step = Array.isArray(old) && Array.isArray(next) ? stepInList(old, next) : undefined;
    const found = step ?? (isRecord(old) && isRecord(next) ? stepInRecord(old, next) : undefined);
    if (found === undefined) break;
    if (found === "order") return { kind: "order", path, before: "", after: "" };
    [old, next, path] = [found.old, found.next, path + found.path];
  }
  if (next === undefined) return { kind: "removed", path, before: excerpt(old), after: "" };
  if (old === undefined) return { kind: "added", path, before: "", after: excerpt(next) };
  return textChange(textOf(old), textOf(next), path);
}

interface Step {
  readonly path: string;
  readonly old: unknown;
  readonly next: unknown;
}

function stepInList(old: readonly unknown[], next: readonly unknown[]): Step | undefined {
  const length = Math.max(old.length, next.length);
  for (let index = 0; index < length; index++)
    if (textOf(old[index]) !== textOf(next[index]))
      return { path: `[${index}]`, old: old[index], next: next[index] };
  return undefined;
}

type Values = Readonly<Record<string, unknown>>;

function stepInRecord(old: Values, next: Values): Step | "order" | undefined {
  for (const key of new Set([...Object.keys(old), ...Object.keys(next)]))
    if (textOf(old[key]) !== textOf(next[key]) && !isSameButOrder(old[key], next[key]))
      return { path: `.${key}`, old: old[key], next: next[key] };
  return "order";
}

/** Objects of the same members. Deeper down the order of keys may differ, too. */
function isSameButOrder(old: unknown, next: unknown): boolean {
  return isRecord(old) && isRecord(next) && textOf(sorted(old)) === textOf(sorted(next));
}

function sorted(value: Values): Values {
  return Object.fromEntries(
    Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)),
  );
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

function excerpt(value: unknown): string {
  return textOf(value).slice(0, MAX_EXCERPT).toWellFormed();
}

function textChange(before: string, after: string, path: string): Change {
  const shortest = Math.min(before.length, after.length);
  let start = 0;
  while (start < shortest && before[start] === after[start]) start++;
  let end = 0;
  while (
    end < shortest - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  )
    end++;
  const cut = (text: string): string =>
    text
      .slice(Math.max(0, start - AROUND), Math.min(text.length - end + AROUND, start + MAX_EXCERPT))
      .toWellFormed();
  const word = (text: string): string => wordAround(text, start, text.length - end);
  return { kind: kindOf(word(before), word(after)), path, before: cut(before), after: cut(after) };
}

/** The difference, widened to the words it stands in. */
function wordAround(text: string, start: number, end: number): string {
  let [from, to] = [start, end];
  while (from > 0 && start - from < AROUND && !/\s/.test(text[from - 1] ?? "")) from--;
  while (to < text.length && to - end < AROUND && !/\s/.test(text[to] ?? "")) to++;
  return text.slice(from, Math.min(to, from + 4 * AROUND));
}

function kindOf(before: string, after: string): Change["kind"] {
  const kinds = [before, after].map((word) => {
    if (/\d{1,2}:\d{2}/.test(word)) return "time";
    if (
      /\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|^(?:mon|tues|wednes|thurs|fri|satur|sun)day/i.test(
        word,
      )
    )
      return "date";
    if (isNumber(word)) return "number";
    if (/[0-9a-f]{8}|\d[a-z]+\d|[a-z]\d[a-z]/i.test(word)) return "id";
    return "text";
  });
  return kinds[0] === kinds[1] ? (kinds[0] ?? "text") : "text";
}

/** Digits, and no more than a few other characters around or between them. */
function isNumber(word: string): boolean {
  const digits = word.replaceAll(/\D/g, "").length;
  return digits > 0 && word.length - digits <= 2;
}
