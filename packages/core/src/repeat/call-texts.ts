/** What a model wrote in the arguments of a call, as far as later texts may refer to it: texts of several lines, and what the call is about. */
import { isRecord } from "../kit/json.ts";
import { type Document, isComparable, MIN_LINES } from "./document.ts";

/** A text in the arguments of a call. */
export interface CallText {
  readonly key: string;
  readonly text: string;
  readonly document?: Document | undefined;
  /** Lines that are visible as they stand; absent where all are. */
  readonly visible?: readonly boolean[];
  readonly isWhole: boolean;
}

/** The arguments of a call, read. */
export interface CallArguments {
  /** What the call is about: a path, a command. */
  readonly argument: string | undefined;
  readonly texts: readonly CallText[];
}

/** The most characters of an argument that names a call. */
const MAX_ARGUMENT = 120;
/** Arguments are looked into this deep for texts. */
const MAX_DEPTH = 4;
/** Arguments that say what a call is about, those that say most first. */
const NAMING = [
  "file_path",
  "filePath",
  "path",
  "filename",
  "notebook_path",
  "command",
  "cmd",
  "url",
  "pattern",
  "query",
  "task_id",
];

/** @param documentOf takes a text apart */
export function readArguments(args: string, documentOf: (text: string) => Document): CallArguments {
  const value = parsed(args);
  const taken = (text: string): Document | undefined =>
    isComparable(text) ? documentOf(text) : undefined;
  const texts = textsIn(value).flatMap(([key, text]): CallText[] => {
    const whole: CallText = { key, text, document: taken(text), isWhole: true };
    const patch = patchLines(text);
    if (!patch) return [whole];
    return [
      whole,
      { key: `patched.${key}`, ...patch, document: taken(patch.text), isWhole: false },
    ];
  });
  return { argument: argumentIn(value), texts };
}

/** Arguments that are no JSON are one text: a patch, a program. */
function parsed(args: string): unknown {
  try {
    return JSON.parse(args);
  } catch {
    return { input: args };
  }
}

function argumentIn(value: unknown): string | undefined {
  if (!isRecord(value)) return undefined;
  for (const name of NAMING) {
    const named = Object.hasOwn(value, name) ? value[name] : undefined;
    if (typeof named === "string" && named.trim() !== "") return clip(named);
    if (Array.isArray(named) && named.every((part) => typeof part === "string") && named.length > 0)
      return clip(named.join(" "));
  }
  const [first] = Object.values(value);
  return typeof first === "string" && first.trim() !== "" ? clip(first) : undefined;
}

/** The first line of a text, as a name. */
export function clip(text: string): string {
  const start = text.slice(0, 4 * MAX_ARGUMENT).trimStart();
  const end = start.indexOf("\n");
  const line = end < 0 ? start : start.slice(0, end);
  return line.length <= MAX_ARGUMENT
    ? line.toWellFormed()
    : `${line.slice(0, MAX_ARGUMENT - 1).toWellFormed()}…`;
}

/** All texts of several lines in the arguments of a call, with the key they stand under. */
function textsIn(value: unknown): readonly (readonly [key: string, text: string])[] {
  const texts: [string, string][] = [];
  const walk = (part: unknown, key: string, depth: number): void => {
    if (typeof part === "string") {
      if (hasLines(part)) texts.push([key, part]);
    } else if (depth < MAX_DEPTH && typeof part === "object" && part !== null) {
      for (const [name, child] of Object.entries(part))
        walk(child, Array.isArray(part) ? key : name, depth + 1);
    }
  };
  walk(value, "input", 0);
  return texts;
}

function hasLines(text: string): boolean {
  let at = -1;
  for (let count = 1; count < MIN_LINES; count++) {
    at = text.indexOf("\n", at + 1);
    if (at < 0) return false;
  }
  return true;
}

/** The lines that a patch adds or keeps, without the sign in front. */
function patchLines(
  text: string,
): { readonly text: string; readonly visible: readonly boolean[] } | undefined {
  if (!text.includes("*** Begin Patch") && !text.includes("\n@@ ")) return undefined;
  const lines = text.split("\n");
  const visible = lines.map((line) => line.startsWith("+") || line.startsWith(" "));
  return {
    text: lines.map((line, at) => (visible[at] ? line.slice(1) : line)).join("\n"),
    visible,
  };
}
