/**
 * Gemini contents (`@google/genai`): `{ role, parts }`.
 *
 * Source: the `Content` and `Part` types of the official SDK. Read are text parts and `functionResponse`s, whose `response` has to
 * stay an object: long strings in it are replaced one by one; an object that holds few of them is read as its JSON, and what is
 * written takes its place under `output`, the documented key. Of what an MCP server gives (`{ content, structuredContent }`, as the
 * SDK's `mcpToTool` passes it on) the texts are read, and the structured content as its JSON; what is written takes their places. Calls, thoughts and their signatures, code and its results (which have
 * a row), inline data and files are left alone.
 *
 * Trap: calls and responses have an `id` only on some backends; without one, the first call of a name in a content is answered by the
 * first response of that name in the next, and so on.
 */
import { argsOf, isRecord, jsonOf, type UnknownRecord } from "../kit/json.ts";
import type { MessageAdapter, Role, TextBlock, ToolCall } from "../types/message.ts";
import { replaceValue } from "./record.ts";

const ROLES: ReadonlyMap<unknown, Role> = new Map<unknown, Role>([
  ["function", "tool"],
  ["model", "assistant"],
  ["user", "user"],
]);
/** Bounds in work: deeper strings, and those past this many in one response, stay as they are. */
const MAX_DEPTH = 16;
const MAX_STRINGS = 1_000;
/** Strings from this many characters on are texts, shorter ones are values of a record. */
const LONG_STRING = 400;
/** Keys from a content to a response: `parts`, an index, `functionResponse`, `response`. */
const RESPONSE_DEPTH = 4;

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
    const idOf = ids();
    return content.parts.flatMap((part: unknown, index) =>
      isRecord(part) ? readPart(part, ["parts", String(index)], role, idOf) : [],
    );
  },
  calls(content) {
    if (!isRecord(content) || !Array.isArray(content.parts)) return [];
    const idOf = ids();
    return content.parts.flatMap((part: unknown): ToolCall[] => {
      if (!isRecord(part) || !isRecord(part.functionCall)) return [];
      const { name, args } = part.functionCall;
      const id = idOf(part.functionCall);
      return id === undefined || typeof name !== "string" ? [] : [{ id, name, ...argsOf(args) }];
    });
  },
  write(content, replacements) {
    let written = content;
    for (const [id, text] of replacements)
      written = replaceValue(written, pathOf(id), (value) => {
        if (typeof value === "string") return text;
        const { length } = pathOf(id);
        if (length === RESPONSE_DEPTH + 1) return jsonOf(value) === text ? value : text;
        if (length !== RESPONSE_DEPTH || !isRecord(value)) return value;
        const old = outputOf(value) ?? wholeOf(value);
        return old === undefined || old === text ? value : { output: text };
      });
    return written;
  },
};

/** The text of a response that is nothing but an output. */
function outputOf(response: UnknownRecord): string | undefined {
  const { output } = response;
  return typeof output === "string" && Object.keys(response).length === 1 ? output : undefined;
}

/** A response as one text, where it is a record and not an envelope around texts. */
function wholeOf(response: UnknownRecord): string | undefined {
  if ("error" in response) return undefined;
  const text = jsonOf(response);
  if (text === undefined) return undefined;
  let long = 0;
  for (const { text } of stringsIn(response, []))
    if (text.length >= LONG_STRING) long += text.length;
  return long * 2 < text.length ? text : undefined;
}

/** The texts of what an MCP server gives; `undefined` for anything else. */
function mcpTexts(
  response: UnknownRecord,
  place: readonly string[],
): { id: string; text: string }[] | undefined {
  const { content, structuredContent: structured } = response;
  if (!Array.isArray(content) || !content.every(isMcpContent)) return undefined;
  const texts = content.flatMap((item: UnknownRecord, index) => {
    const at = [...place, "content", String(index)];
    const { text, resource } = item;
    if (item.type === "text" && typeof text === "string")
      return [{ id: idAt([...at, "text"]), text }];
    return isRecord(resource) && typeof resource.text === "string"
      ? [{ id: idAt([...at, "resource", "text"]), text: resource.text }]
      : [];
  });
  const json = typeof structured === "string" ? structured : jsonOf(structured);
  if (json === undefined) return texts;
  return [...texts, { id: idAt([...place, "structuredContent"]), text: json }];
}

function isMcpContent(item: unknown): boolean {
  return isRecord(item) && typeof item.type === "string";
}

function readPart(
  part: UnknownRecord,
  path: readonly string[],
  role: Role,
  idOf: IdOf,
): TextBlock[] {
  if (typeof part.text === "string" && part.thought !== true) {
    const keep = "thoughtSignature" in part ? { keep: "signed" } : {};
    return [{ id: idAt([...path, "text"]), role, text: part.text, ...keep }];
  }
  const { functionResponse, codeExecutionResult: ran } = part;
  // The model's turn has to come back as the model gave it.
  if (isRecord(ran) && typeof ran.output === "string")
    return [
      {
        id: idAt([...path, "codeExecutionResult", "output"]),
        role: "tool",
        text: ran.output,
        keep: "part of the model's turn",
      },
    ];
  if (!isRecord(functionResponse)) return [];
  const toolCallId = idOf(functionResponse);
  const { name, response } = functionResponse;
  const place = [...path, "functionResponse", "response"];
  const tool = {
    role: "tool" as const,
    ...(toolCallId === undefined ? {} : { toolCallId }),
    ...(typeof name === "string" ? { toolName: name } : {}),
  };
  if (typeof response === "string") return [{ id: idAt(place), text: response, ...tool }];
  if (!isRecord(response)) return [];
  const common = {
    ...tool,
    // The documented key for a function that failed.
    ...("error" in response && !("output" in response) ? { isError: true } : {}),
  };
  const mcp = mcpTexts(response, place);
  if (mcp) return mcp.map((found) => ({ ...found, ...common }));
  const text = outputOf(response) ?? wholeOf(response);
  if (text !== undefined) return [{ id: idAt(place), text, ...common }];
  return stringsIn(response, place).map((found) => ({ ...found, ...common }));
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

type IdOf = (call: UnknownRecord) => string | undefined;

/** The ids of the calls, or of the responses, of one content; those without one are counted by name. */
function ids(): IdOf {
  const seen = new Map<string, number>();
  return ({ id, name }) => {
    if (typeof id === "string" && id !== "") return id;
    if (typeof name !== "string") return undefined;
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return before === 0 ? name : `${name}#${before + 1}`;
  };
}
