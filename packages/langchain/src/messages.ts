/**
 * LangChain messages (`BaseMessage`), as they are: no conversion to another shape and back.
 *
 * Read are string content, text blocks, plain-text blocks, and the Anthropic-style blocks people put into human messages (tool
 * results, documents, search results). Everything else (images, reasoning, tool calls, `non_standard`, citations, cache points)
 * is left alone. Source: `@langchain/core/messages` 1.0 to 1.4. Trap: building `new ToolMessage({...})` by hand loses `id`,
 * `artifact`, `status` and whatever a later version adds; so a changed message is a copy of all own properties.
 */
import type { MessageAdapter, Role, TextBlock, ToolCall } from "@headroom/core";
import { argsOf, isRecord, type UnknownRecord } from "@headroom/core/kit";
import type { BaseMessage, MessageContent } from "@langchain/core/messages";

const ROLES: ReadonlyMap<string, Role> = new Map<string, Role>([
  ["ai", "assistant"],
  ["assistant", "assistant"],
  ["developer", "system"],
  ["function", "tool"],
  ["human", "user"],
  ["system", "system"],
  ["tool", "tool"],
  ["user", "user"],
]);

/** Where a user message carries what its answer is wanted for, in `additional_kwargs`. */
export const QUERY_KEY = "headroom_query";

/** The lens for LangChain messages; pass it as `adapter` to `createHeadroom`. */
export const langchainMessages: MessageAdapter<BaseMessage> = {
  name: "langchain",
  detect: (message) => (isMessage(message) ? 1 : 0),
  read(message) {
    if (!isMessage(message)) return [];
    return [...readContent(message), ...readQuery(message)];
  },
  calls(message) {
    if (!isMessage(message) || message.getType() !== "ai") return [];
    const { tool_calls: calls } = message as { tool_calls?: unknown };
    if (!Array.isArray(calls)) return [];
    return calls.flatMap((call: unknown): ToolCall[] => {
      if (!isRecord(call) || typeof call.name !== "string") return [];
      return [{ id: String(call.id ?? ""), name: call.name, ...argsOf(call.args) }];
    });
  },
  write(message, replacements) {
    const { content } = message;
    if (typeof content === "string") {
      const text = replacements.get("content");
      return text === undefined || text === content ? message : withContent(message, text);
    }
    if (!Array.isArray(content)) return message;
    let changed = false;
    const blocks = content.map((block: unknown, index) => {
      const next = isRecord(block) ? writeBlock(block, `${index}`, replacements) : block;
      changed ||= next !== block;
      return next;
    });
    return changed ? withContent(message, blocks as MessageContent) : message;
  },
};

/** A copy of a message with other content; class, id, name, metadata and fields unknown here are kept. */
function withContent(message: BaseMessage, content: MessageContent): BaseMessage {
  // Serialization looks up the names found in lc_kwargs: a message made of `contentBlocks` stays one.
  const key = "contentBlocks" in (message.lc_kwargs ?? {}) ? "contentBlocks" : "content";
  return withFields(message, { content }, { [key]: content });
}

/** A copy of a message with some fields replaced, of the same class and with the symbol that brands messages. */
export function withFields<Message extends BaseMessage>(
  message: Message,
  fields: { readonly [key: string]: unknown },
  kwargs: { readonly [key: string]: unknown } = fields,
): Message {
  const copy = Object.assign(Object.create(Object.getPrototypeOf(message)), message, fields);
  copy.lc_kwargs = { ...message.lc_kwargs, ...kwargs };
  return copy;
}

/** Structural, so that messages of another copy of `@langchain/core` are read too. */
export function isMessage(value: unknown): value is BaseMessage {
  return (
    typeof value === "object" &&
    value !== null &&
    "content" in value &&
    "getType" in value &&
    typeof value.getType === "function"
  );
}

/** The tool calls of a message; empty for most. */
export function callsOf(message: BaseMessage): readonly { readonly name: string }[] {
  const { tool_calls: calls } = message as { tool_calls?: readonly { readonly name: string }[] };
  return calls ?? [];
}

function roleOf(message: BaseMessage): Role {
  const type = message.getType();
  if (type === "generic") return ROLES.get((message as { role?: string }).role ?? "") ?? "unknown";
  return ROLES.get(type) ?? "unknown";
}

function readContent(message: BaseMessage): TextBlock[] {
  const origin = toolOf(message, roleOf(message));
  const { content } = message;
  if (typeof content === "string") return [{ id: "content", text: content, ...origin }];
  if (!Array.isArray(content)) return [];
  return content.flatMap((block: unknown, index) =>
    isRecord(block) ? readBlock(block, `${index}`, origin) : [],
  );
}

/** The query as the last text of its message: what follows is ranked by it. It is never written. */
function readQuery(message: BaseMessage): TextBlock[] {
  const { [QUERY_KEY]: query } = message.additional_kwargs ?? {};
  const isQuery = typeof query === "string" && message.getType() === "human";
  return isQuery ? [{ id: "query", text: query, role: "user" }] : [];
}

type Origin = Omit<TextBlock, "id" | "text">;

function toolOf(message: BaseMessage, role: Role): Origin {
  if (role !== "tool") return { role };
  const { tool_call_id: id, status } = message as { tool_call_id?: unknown; status?: unknown };
  return {
    role,
    ...(typeof id === "string" && id !== "" ? { toolCallId: id } : {}),
    ...(typeof message.name === "string" ? { toolName: message.name } : {}),
    ...(status === "error" ? { isError: true } : {}),
  };
}

function readBlock(block: UnknownRecord, id: string, origin: Origin): TextBlock[] {
  if (typeof block.text === "string") {
    if (block.type === "text") return [{ id, text: block.text, ...origin, ...signed(block) }];
    if (block.type === "text-plain") return [{ id, text: block.text, ...documentIn(origin) }];
  }
  if (block.type === "document" && isRecord(block.source) && block.source.type === "text")
    return typeof block.source.data === "string"
      ? [{ id, text: block.source.data, ...documentIn(origin) }]
      : [];
  if (block.type === "search_result") return nested(block.content, id, { role: "document" });
  if (block.type !== "tool_result") return [];
  const tool: Origin = {
    role: "tool",
    ...(typeof block.tool_use_id === "string" ? { toolCallId: block.tool_use_id } : {}),
    ...(block.is_error === true ? { isError: true } : {}),
  };
  if (typeof block.content === "string") return [{ id, text: block.content, ...tool }];
  return nested(block.content, id, tool);
}

/** A text the provider has signed has to come back as it was. */
function signed({ thoughtSignature, extras }: UnknownRecord): { readonly keep?: string } {
  const isSigned = thoughtSignature !== undefined || (isRecord(extras) && "signature" in extras);
  return isSigned ? { keep: "signed" } : {};
}

/** A document a tool returned is a tool result; one the user attached is a document. */
function documentIn(origin: Origin): Origin {
  return origin.role === "tool" ? origin : { role: "document" };
}

function nested(content: unknown, id: string, origin: Origin): TextBlock[] {
  if (!Array.isArray(content)) return [];
  return content.flatMap((part: unknown, index) =>
    isRecord(part) && part.type === "text" && typeof part.text === "string"
      ? [{ id: `${id}.${index}`, text: part.text, ...origin }]
      : [],
  );
}

/** The mirror of `readBlock`: the block itself when nothing in it is replaced. */
function writeBlock(
  block: UnknownRecord,
  id: string,
  replacements: ReadonlyMap<string, string>,
): UnknownRecord {
  const text = replacements.get(id);
  if (text !== undefined) {
    if (typeof block.text === "string") return text === block.text ? block : { ...block, text };
    if (block.type === "document" && isRecord(block.source))
      return text === block.source.data
        ? block
        : { ...block, source: { ...block.source, data: text } };
    if (block.type === "tool_result" && typeof block.content === "string")
      return text === block.content ? block : { ...block, content: text };
    return block;
  }
  if (!Array.isArray(block.content)) return block;
  let changed = false;
  const content = block.content.map((part: unknown, index) => {
    const inner = replacements.get(`${id}.${index}`);
    if (inner === undefined || !isRecord(part) || part.text === inner) return part;
    changed = true;
    return { ...part, text: inner };
  });
  return changed ? { ...block, content } : block;
}
