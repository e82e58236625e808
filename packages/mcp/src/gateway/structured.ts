/**
 * `structuredContent` beside text. A server that has it sends the same data twice, and the specification does not say which of the two
 * a model reads. docs/mcp.md says what clients do, and why this follows.
 */
import { isRecord } from "@headroom/core/kit";

/** What becomes of structured content that says what a shortened text says. */
export type StructuredPolicy =
  /** `drop` for clients that are known to show models structured content in place of the text; `keep` for all others. */
  | "auto"
  /** Stays as the server sent it. */
  | "keep"
  /** Goes away with the text it repeats, and so do the output schemas that would ask for it. */
  | "drop";

/** As they call themselves in `initialize`. */
const SHOW_STRUCTURED: ReadonlySet<string> = new Set([
  "claude-code",
  "codex-mcp-client",
  "opencode",
  "visual studio code",
  "visual studio code - insiders",
]);

export function showsStructured(clientName: string): boolean {
  return SHOW_STRUCTURED.has(clientName.toLowerCase());
}

/**
 * Whether the texts of a result say all that its structured content says: its JSON, or the one value that it holds, as a text or as
 * JSON; or one text for each item of the list that it holds.
 */
export function isCopy(structured: unknown, texts: readonly string[]): boolean {
  if (!isRecord(structured)) return false;
  const [text] = texts;
  if (text === undefined) return false;
  const members = Object.values(structured);
  const only: unknown = members.length === 1 ? members[0] : undefined;
  if (texts.length > 1)
    return (
      Array.isArray(only) &&
      only.length === texts.length &&
      only.every((item, at) => says(texts[at] ?? "", item))
    );
  return says(text, structured) || (members.length === 1 && says(text, only));
}

function says(text: string, value: unknown): boolean {
  if (typeof value === "string" && value === text) return true;
  try {
    return isSame(JSON.parse(text), value);
  } catch {
    return false;
  }
}

/** Deeper values are taken for different. */
const MAX_DEPTH = 200;

function isSame(one: unknown, other: unknown, depth = 0): boolean {
  if (Object.is(one, other)) return true;
  if (depth > MAX_DEPTH) return false;
  if (Array.isArray(one))
    return (
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((item, at) => isSame(item, other[at], depth + 1))
    );
  if (!isRecord(one) || !isRecord(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSame(one[key], other[key], depth + 1))
  );
}

/** Whether a value is the same after it was written as JSON again: integers that a number cannot hold are not. */
export function isExact(value: unknown, depth = 0): boolean {
  if (typeof value === "number") return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  if (typeof value !== "object" || value === null) return true;
  return depth < MAX_DEPTH && Object.values(value).every((one) => isExact(one, depth + 1));
}
