/**
 * What a model asks for. Models write numbers as strings, strings as numbers, `null` for what they leave out and lists where one
 * text was meant: whatever has a clear meaning is taken so, the rest is told in words by what reads it. Nothing throws.
 */
import type { CcrRef } from "../types/store.ts";
import { clip } from "./clip.ts";
import { parseRef } from "./ref.ts";

/**
 * The parameters of the `headroom_retrieve` tool. `lines`, `rows` and `path` say which part of the original; `query` and `level` find
 * in that part, or in all of it.
 */
export interface RetrieveRequest {
  /** The ref a marker names, in either spelling. */
  readonly hash: string;
  /**
   * An exact string, a number or words. Lines and records that have it as it stands are served, in upper or lower case; only where
   * there is none, those with all of its words, then those with some.
   */
  readonly query?: string;
  /** 1-based line numbers: `"120-180,201"`. With a `path` to a text: lines of that text. */
  readonly lines?: string;
  /** 0-based elements of the JSON array at `path`, else of the largest one: `"0-19,57"`. With a `path` of many values: of those. */
  readonly rows?: string;
  /**
   * Path into JSON, also into the JSON that a string holds: `data.items[3].name`, `items[*].name`, `..name`, and by a condition
   * (`=`, `!=`, `<`, `<=`, `>`, `>=`, `~` for contains; `&&`, `||`): `items[status=failed].id`, `files[size>1MB && name~core]`.
   */
  readonly path?: string;
  /** Lines and records of this level: `"error"` (fatal ones too), `"warn"`, `"info"`, `"debug"`. */
  readonly level?: string;
  /** Only how many there are. @default false */
  readonly count?: boolean;
  /** Characters of this selection already served, as `nextOffset` of the previous answer says. @default 0 */
  readonly offset?: number;
  /** The most lines, rows or matches to serve in one answer. @default 20 matches, all lines and rows */
  readonly limit?: number;
}

/** A hash is looked for in no more than this: models paste the whole marker line. */
const MAX_HASH = 4_000;

/**
 * A request of whatever a model passed as arguments: an object, or its JSON text. Numbers become the texts they stand for, lists
 * their items with commas, `null` and empty texts are absent. Never throws.
 */
export function readRetrieveRequest(input: unknown): RetrieveRequest {
  const given = objectOf(input);
  const texts: [string, string][] = [];
  for (const name of ["query", "lines", "rows", "path", "level"]) {
    const text = textOf(given[name], name === "path" ? "." : name === "query" ? " " : ",");
    if (text.trim() !== "") texts.push([name, text]);
  }
  const numbers: [string, number][] = [];
  for (const name of ["offset", "limit"]) {
    const number = numberOf(given[name]);
    if (number !== undefined) numbers.push([name, number]);
  }
  const count = given.count === true || textOf(given.count, ",").trim().toLowerCase() === "true";
  const hash = clip(textOf(given.hash, " "), MAX_HASH);
  const counts = count ? { count } : {};
  return { hash, ...Object.fromEntries(texts), ...counts, ...Object.fromEntries(numbers) };
}

/** The ref in what a model passed as `hash`. Models copy more than the letters: `[[hr:REF`, `hr:REF`, quotes, the whole line. */
export function refIn(hash: string): CcrRef | undefined {
  let from = -1;
  for (let i = 0; i <= hash.length; i++) {
    if (isAlphanumeric(hash.charCodeAt(i))) {
      if (from < 0) from = i;
    } else if (from >= 0) {
      const ref = parseRef(hash.slice(from, i));
      if (ref) return ref;
      from = -1;
    }
  }
  return undefined;
}

function objectOf(input: unknown): Readonly<Record<string, unknown>> {
  let value = input;
  if (typeof input === "string")
    try {
      value = JSON.parse(input);
    } catch {
      // No JSON: perhaps the hash itself.
      value = { hash: input };
    }
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown, separator: string): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  if (Array.isArray(value))
    return value
      .map((item: unknown) => (Array.isArray(item) ? printed(item) : textOf(item, separator)))
      .join(separator);
  return typeof value === "object" ? printed(value) : String(value);
}

function printed(value: object): string {
  try {
    return JSON.stringify(value) ?? "an object";
  } catch {
    return "an object";
  }
}

/** `undefined` where nothing was said, `NaN` where it was no number. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  const text = textOf(value, ",").trim();
  return text === "" ? undefined : Number(text);
}

function isAlphanumeric(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}
