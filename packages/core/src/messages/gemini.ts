/**
 * Gemini contents (`@google/genai`): `{ role, parts }`.
 *
 * Source: the `Content` and `Part` types of the official SDK. Read are text parts and the strings inside a
 * `functionResponse`, whose `response` has to stay an object: only its strings are replaced, never the object. Calls, thoughts and
 * their signatures, code and its results, inline data and files are left alone.
 *
 * Trap: calls and responses have an `id` only on some backends; without one the name says which call is answered.
 */
import { argsOf, isRecord, type UnknownRecord } from "../kit/json.ts";
import type { MessageAdapter, Role, TextBlock, ToolCall } from "../types/message.ts";
import { replacePaths } from "./record.ts";

const ROLES: ReadonlyMap<unknown, Role> = new Map<unknown, Role>([
  ["function", "tool"],
  ["model", "assistant"],
  ["user", "user"],
]);
/** Bounds in work: deeper strings, and those past this many in one response, stay as they are. */
const MAX_DEPTH = 16;
const MAX_STRINGS = 1_000;

/** The lens for Gemini contents. */
export const geminiContents: MessageAdapter = {
  name: "gemini",
  detect(content) {
    if (!isRecord(content) || !Array.isArray(content.parts)) return 0;
    if (content.role !== undefined && !ROLES.has(content.role)) return 0;
    if ("content" in content) return 0;
    // Parts of other formats that are called parts carry a `type`; these are told apart by their keys.
    return content.parts.every((part) => isRecord(part) && !("type" in part)) ? 1 : 0;
  },
  read(content) {
    if (!isRecord(content) || !Array.isArray(content.parts)) return [];
    const role = content.role === undefined ? "user" : (ROLES.get(content.role) ?? "unknown");
    return content.parts.flatMap((part: unknown, index) =>
      isRecord(part) ? readPart(part, ["parts", String(index)], role) : [],
    );
  },
  calls(content) {
    if (!isRecord(content) || !Array.isArray(content.parts)) return [];
    return content.parts.flatMap((part: unknown): ToolCall[] => {
      if (!isRecord(part) || !isRecord(part.functionCall)) return [];
      const { name, args } = part.functionCall;
      if (typeof name !== "string") return [];
      return [{ id: idOf(part.functionCall) ?? name, name, ...argsOf(args) }];
    });
  },
  write: (content, replacements) =>
    replacePaths(
      content,
      [...replacements].map(([id, text]): [string[], string] => [pathOf(id), text]),
    ),
};

function readPart(part: UnknownRecord, path: readonly string[], role: Role): TextBlock[] {
  if (typeof part.text === "string" && part.thought !== true)
    return [{ id: idAt([...path, "text"]), role, text: part.text }];
  const { functionResponse } = part;
  if (!isRecord(functionResponse) || !isRecord(functionResponse.response)) return [];
  const { name, response } = functionResponse;
  const toolCallId = idOf(functionResponse) ?? (typeof name === "string" ? name : undefined);
  const common = {
    role: "tool" as const,
    ...(toolCallId === undefined ? {} : { toolCallId }),
    ...(typeof name === "string" ? { toolName: name } : {}),
    // The documented key for a function that failed.
    ...("error" in response && !("output" in response) ? { isError: true } : {}),
  };
  return stringsIn(response, [...path, "functionResponse", "response"]).map((found) => ({
    ...found,
    ...common,
  }));
}

/** Every string of a value with its place, in order, without recursion. */
function stringsIn(root: unknown, at: readonly string[]): { id: string; text: string }[] {
  const found: { id: string; text: string }[] = [];
  const stack: { value: unknown; path: readonly string[]; depth: number }[] = [
    { value: root, path: at, depth: 0 },
  ];
  for (let next = stack.pop(); next && found.length < MAX_STRINGS; next = stack.pop()) {
    const { value, path, depth } = next;
    if (typeof value === "string") found.push({ id: idAt(path), text: value });
    else if (typeof value === "object" && value !== null && depth < MAX_DEPTH)
      for (const [key, child] of Object.entries(value).reverse())
        stack.push({ value: child, path: [...path, key], depth: depth + 1 });
  }
  return found;
}

/** Keys of a response are anybody's: `~` and `.` are written so that the path can be read back. */
function idAt(path: readonly string[]): string {
  return path.map((key) => key.replaceAll("~", "~0").replaceAll(".", "~1")).join(".");
}

function pathOf(id: string): string[] {
  return id.split(".").map((key) => key.replaceAll("~1", ".").replaceAll("~0", "~"));
}

function idOf({ id }: UnknownRecord): string | undefined {
  return typeof id === "string" && id !== "" ? id : undefined;
}
