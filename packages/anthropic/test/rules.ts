/**
 * A Messages API that refuses what the real one refuses: calls without their results, thinking that was moved or changed, empty
 * text, tools that a history needs and does not have, and threads continued twice or with tools.
 */
import type { WireReply, WireRequest } from "../../../test/support/wire-server.ts";
import { message, type Said } from "./replies.ts";

// biome-ignore lint/suspicious/noExplicitAny: bodies of many shapes, looked into as the API does
type Any = any;

/** What the model is given: the whole conversation, whoever holds it. */
export interface Prompt {
  readonly messages: readonly Any[];
  readonly text: string;
  readonly body: Any;
  readonly request: number;
}

interface Thread {
  readonly messages: readonly Any[];
  readonly tools: Any;
  continued: boolean;
}

class Refusal extends Error {
  readonly status: number;
  readonly code: string | undefined;
  constructor(message: string, status = 400, code?: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** A model behind the API's rules. Collects what was refused, which is nothing where all goes well. */
export function model(says: (prompt: Prompt) => Said | WireReply): {
  readonly reply: (request: WireRequest) => WireReply;
  readonly refused: string[];
} {
  const threads = new Map<string, Thread>();
  const signatures = new Map<string, string>();
  const refused: string[] = [];
  let requests = 0;
  return {
    refused,
    reply({ json: body }) {
      const request = requests++;
      try {
        const held = heldBy(body, threads);
        const messages = held ? [...held.messages, ...body.messages] : body.messages;
        const tools = held ? held.tools : body.tools;
        check(messages, tools, body, signatures);
        const said = says({ messages, text: JSON.stringify(messages), body, request });
        if ("status" in said) return said;
        if (held) held.continued = true;
        const reply = message(said as Said, body.stream === true, { cut: 31 });
        for (const block of reply.content as Any[])
          if (block.type === "thinking") signatures.set(block.signature, block.thinking);
        if (body.thread) {
          const all = [...messages, { role: "assistant", content: reply.content }];
          threads.set(reply.id, { messages: all, tools, continued: false });
        }
        return reply;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        refused.push(error.message);
        const details = error.code === undefined ? {} : { details: { error_code: error.code } };
        const told = { type: "invalid_request_error", message: error.message, ...details };
        return { status: error.status, json: { type: "error", error: told } };
      }
    },
  };
}

function heldBy({ thread, tools, system }: Any, threads: Map<string, Thread>): Thread | undefined {
  if (thread?.type !== "continue") return undefined;
  const held = threads.get(thread.previous_message_id);
  if (!held) throw new Refusal("thread not found", 404, "thread_not_found");
  if (tools || system) throw new Refusal("tools and system stay those of the create request");
  if (held.continued)
    throw new Refusal("thread already continued", 409, "thread_already_continued");
  return held;
}

function check(
  messages: readonly Any[],
  tools: Any,
  body: Any,
  signatures: ReadonlyMap<string, string>,
): void {
  const blocks = messages.flatMap(({ content }) => (Array.isArray(content) ? content : []));
  if (body.tool_choice && !tools?.length) throw new Refusal("tool_choice needs tools");
  if (blocks.some(({ type }) => type === "tool_use" || type === "tool_result") && !tools)
    throw new Refusal("a history with tool calls needs tools");
  if (blocks.some(({ type, text }) => type === "text" && text === ""))
    throw new Refusal("text content blocks must be non-empty");
  if (JSON.stringify(body).split('"cache_control"').length > 5)
    throw new Refusal("a maximum of 4 blocks with cache_control may be provided");
  for (const { type, signature, thinking } of blocks)
    if (type === "thinking" && signatures.get(signature) !== thinking && signature !== "c2ln")
      throw new Refusal("thinking blocks cannot be modified");
  for (const [index, { role, content }] of messages.entries()) {
    const before = idsOf(messages[index - 1], "tool_use", "id");
    if (role !== "assistant")
      for (const id of idsOf({ content }, "tool_result", "tool_use_id"))
        if (!before.includes(id)) throw new Refusal(`a result for an unknown call: ${id}`);
    const answered = idsOf(messages[index + 1], "tool_result", "tool_use_id");
    for (const id of role === "assistant" ? idsOf({ content }, "tool_use", "id") : [])
      if (!answered.includes(id)) throw new Refusal(`a call without its result: ${id}`);
  }
  if (body.thinking?.type === "enabled") checkTurn(messages);
}

/** While tools are being used, the turn has to start with the thinking that led to them. */
function checkTurn(messages: readonly Any[]): void {
  const isQuestion = ({ role, content }: Any): boolean =>
    role === "user" && idsOf({ content }, "tool_result", "tool_use_id").length === 0;
  const start = messages.findLastIndex(isQuestion) + 1;
  const first = messages[start]?.content?.[0]?.type;
  if (start < messages.length && first !== "thinking" && first !== "redacted_thinking")
    throw new Refusal(`expected thinking first, found ${first}`);
  for (const { role, content } of messages.slice(start)) {
    if (role !== "assistant" || !Array.isArray(content)) continue;
    const thinking = content.findLastIndex(({ type }: Any) => type === "thinking");
    const calls = content.findIndex(({ type }: Any) => type === "tool_use");
    if (calls >= 0 && thinking > calls) throw new Refusal("thinking after the call it led to");
    if (content.filter(({ type }: Any) => type === "thinking").length > 1)
      throw new Refusal("thinking of two replies in one message");
  }
}

function idsOf(message: Any, type: string, key: string): string[] {
  const content = Array.isArray(message?.content) ? message.content : [];
  return content.filter((block: Any) => block.type === type).map((block: Any) => block[key]);
}
