/**
 * The AI SDK's messages as they are: `ModelMessage`s and language-model prompts of ai 5, 6 and 7.
 *
 * Read are texts of tool results (`text`, `json`, `content`, `error-text`, `error-json`), and texts of the other roles for those
 * who open them. `providerOptions`, files, reasoning, tool calls, approvals and results of tools the provider ran stay untouched.
 * A `json` output that changes becomes a `text` output, which providers send in the same place. Trap: tools a provider defines
 * (`local_shell`, `apply_patch`, …) have outputs of a fixed shape; in those, and in MCP results, only strings change.
 */
import type { MessageAdapter, Role, TextBlock, ToolCall } from "@headroom/core";
import { argsOf, isRecord, jsonOf, type UnknownRecord } from "@headroom/core/kit";
import { isMessage, isPart, type Part } from "./spec.ts";

/** Deeper strings of a fixed-shape output are left alone. */
const MAX_DEPTH = 32;
const PLAIN = { configurable: true, enumerable: true, writable: true };

/** The lens for AI SDK messages; pass it as `adapter` to `createHeadroom`. */
export const aiSdkMessages: MessageAdapter = aiSdkMessagesWith(new Set());

/** @param fixedShape names of tools whose `json` outputs have to stay `json` of the same shape */
export function aiSdkMessagesWith(fixedShape: ReadonlySet<string>): MessageAdapter {
  return {
    name: "ai-sdk",
    detect(message) {
      if (!isMessage(message)) return 0;
      if (typeof message.content === "string") return 0.5;
      return message.content.some((part) => isPart(part) && "toolCallId" in part) ? 1 : 0.5;
    },
    read(message) {
      if (!isMessage(message)) return [];
      const { content } = message;
      const role = ROLES.get(message.role) ?? "unknown";
      if (typeof content === "string") return [{ id: "content", role, text: content }];
      return content.flatMap((part: unknown, index) =>
        isPart(part) ? readPart(part, `content.${index}`, role, fixedShape) : [],
      );
    },
    calls(message) {
      if (!isMessage(message) || typeof message.content === "string") return [];
      return message.content.flatMap((part: unknown): ToolCall[] => {
        if (!isPart(part) || part.type !== "tool-call") return [];
        const { toolCallId: id, toolName: name } = part;
        if (typeof id !== "string" || typeof name !== "string") return [];
        return [{ id, name, ...argsOf(part.input) }];
      });
    },
    write(message, replacements) {
      if (!isMessage(message) || replacements.size === 0) return message;
      const { content } = message;
      if (typeof content === "string") {
        const text = replacements.get("content");
        return text === undefined || text === content ? message : { ...message, content: text };
      }
      const parts = mapChanged(content, (part, index) =>
        isPart(part) ? writePart(part, `content.${index}`, replacements, fixedShape) : part,
      );
      return parts === content ? message : { ...message, content: parts };
    },
  };
}

const ROLES: ReadonlyMap<string, Role> = new Map<string, Role>([
  ["assistant", "assistant"],
  ["system", "system"],
  ["tool", "tool"],
  ["user", "user"],
]);

function readPart(
  part: Part,
  id: string,
  role: Role,
  fixedShape: ReadonlySet<string>,
): readonly TextBlock[] {
  if (part.type === "text")
    return typeof part.text === "string"
      ? [{ id: `${id}.text`, role, text: part.text, ...signed(part) }]
      : [];
  if (part.type === "file" && role === "user" && isRecord(part.data) && part.data.type === "text")
    return typeof part.data.text === "string"
      ? [{ id: `${id}.data.text`, role: "document", text: part.data.text }]
      : [];
  // Results in assistant messages are those of tools the provider ran: sealed, and its own.
  if (part.type !== "tool-result" || role !== "tool" || !isRecord(part.output)) return [];
  const { output, toolCallId, toolName } = part;
  const origin: Omit<TextBlock, "id" | "text"> = {
    role,
    ...(typeof toolCallId === "string" ? { toolCallId } : {}),
    ...(typeof toolName === "string" ? { toolName } : {}),
    ...(isErrorOutput(output) ? { isError: true } : {}),
  };
  return textsOf(output, isFixed(part, fixedShape)).map(([place, text]) => ({
    ...origin,
    id: `${id}.output${place}`,
    text,
  }));
}

/** A text the provider has signed has to come back as it was: Gemini's carry a `thoughtSignature`. */
function signed({ providerOptions }: Part): { readonly keep?: string } {
  const isSigned =
    isRecord(providerOptions) &&
    Object.values(providerOptions).some(
      (options) => isRecord(options) && ("thoughtSignature" in options || "signature" in options),
    );
  return isSigned ? { keep: "signed" } : {};
}

/** The texts of an output, each with its place: `""` is the whole output, `.n` an item of a list or the n-th string. */
function textsOf(output: UnknownRecord, fixed: boolean): readonly (readonly [string, string])[] {
  const { type, value } = output;
  if (type === "content")
    return Array.isArray(value)
      ? value.flatMap((item: unknown, index) =>
          isPart(item) && item.type === "text" && typeof item.text === "string"
            ? [[`.${index}`, item.text] as const]
            : [],
        )
      : [];
  if (typeof value === "string") return [["", value]];
  if (type !== "json" && type !== "error-json") return [];
  if (fixed || isMcpResult(value)) {
    const texts: [string, string][] = [];
    mapStrings(value, (text, index) => {
      texts.push([`.${index}`, text]);
      return text;
    });
    return texts;
  }
  const json = jsonOf(value);
  return json === undefined ? [] : [["", json]];
}

function writePart(
  part: Part,
  id: string,
  replacements: ReadonlyMap<string, string>,
  fixedShape: ReadonlySet<string>,
): Part {
  if (part.type === "text") {
    const text = replacements.get(`${id}.text`);
    return text === undefined || text === part.text ? part : { ...part, text };
  }
  if (part.type === "file" && isRecord(part.data)) {
    const text = replacements.get(`${id}.data.text`);
    return text === undefined || text === part.data.text
      ? part
      : { ...part, data: { ...part.data, text } };
  }
  if (part.type !== "tool-result" || !isRecord(part.output)) return part;
  const output = writeOutput(
    part.output,
    (place) => replacements.get(`${id}.output${place}`),
    isFixed(part, fixedShape),
  );
  return output === part.output ? part : { ...part, output };
}

function writeOutput(
  output: UnknownRecord,
  textAt: (place: string) => string | undefined,
  fixed: boolean,
): UnknownRecord {
  const { type, value } = output;
  if (type === "content" && Array.isArray(value)) {
    const items = mapChanged(value as readonly unknown[], (item, index) => {
      const text = textAt(`.${index}`);
      if (text === undefined || !isPart(item) || item.text === text) return item;
      return { ...item, text };
    });
    return items === value ? output : { ...output, value: items };
  }
  const isJson = type === "json" || type === "error-json";
  if (isJson && typeof value !== "string" && (fixed || isMcpResult(value))) {
    const changed = mapStrings(value, (text, index) => textAt(`.${index}`) ?? text);
    return changed === value ? output : { ...output, value: changed };
  }
  const text = textAt("");
  if (text === undefined || text === value) return output;
  if (!isJson) return { ...output, value: text };
  if (fixed) return { ...output, value: text };
  return text === jsonOf(value)
    ? output
    : { ...output, type: type === "json" ? "text" : "error-text", value: text };
}

function isErrorOutput({ type, value }: UnknownRecord): boolean {
  return (
    type === "error-text" ||
    type === "error-json" ||
    (type === "json" && isMcpResult(value) && value.isError === true)
  );
}

function isFixed({ toolName }: Part, fixedShape: ReadonlySet<string>): boolean {
  return typeof toolName === "string" && fixedShape.has(toolName);
}

/** What an MCP server answers, as ai 5 hands it over: texts that are worth more read as texts than as JSON. */
function isMcpResult(value: unknown): value is UnknownRecord & { content: readonly Part[] } {
  return (
    isRecord(value) &&
    Array.isArray(value.content) &&
    value.content.every(isPart) &&
    value.content.some(({ type, text }) => type === "text" && typeof text === "string") &&
    value.structuredContent === undefined
  );
}

/**
 * A value with its strings replaced, the value itself where none differs. Strings are numbered in the order they stand; keys,
 * the `type` of a part and binary data are not among them.
 */
function mapStrings(value: unknown, replace: (text: string, index: number) => string): unknown {
  let next = 0;
  const visit = (node: unknown, depth: number): unknown => {
    if (typeof node === "string") return replace(node, next++);
    if (depth >= MAX_DEPTH || typeof node !== "object" || node === null) return node;
    if (Array.isArray(node)) return mapChanged(node, (item) => visit(item, depth + 1));
    let copy: Record<string, unknown> | undefined;
    for (const [key, item] of Object.entries(node)) {
      if (key === "type" || key === "data" || key === "blob") continue;
      const changed = visit(item, depth + 1);
      if (changed !== item) {
        copy ??= { ...node };
        // Not an assignment: a key may be `__proto__`.
        Object.defineProperty(copy, key, { ...PLAIN, value: changed });
      }
    }
    return copy ?? node;
  };
  return visit(value, 0);
}

/** `items.map(change)`, or `items` itself when nothing changed. */
function mapChanged<Item>(
  items: readonly Item[],
  change: (item: Item, index: number) => Item,
): readonly Item[] {
  let copy: Item[] | undefined;
  for (const [index, item] of items.entries()) {
    const changed = change(item, index);
    if (changed === item) continue;
    copy ??= items.slice();
    copy[index] = changed;
  }
  return copy ?? items;
}
