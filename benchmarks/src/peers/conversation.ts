/** What a request says, whichever provider's format it has. */
import { toolNames } from "../../../test/support/llm-rules.ts";
import type { LlmRequest } from "../../../test/support/llm-server.ts";

/** A call of a tool, and its result where the request has one. */
export interface Called {
  readonly name: string;
  /** JSON. */
  readonly args: string;
  readonly result: string | undefined;
}

export interface Conversation {
  readonly path: string;
  readonly body: string;
  readonly tools: readonly string[];
  /** Whether a reply may have several calls. */
  readonly isParallel: boolean;
  /** In the order in which the model made them. */
  readonly calls: readonly Called[];
}

// biome-ignore lint/suspicious/noExplicitAny: bodies of three formats
type Any = any;

export function conversationOf({ path, body, json }: LlmRequest): Conversation {
  const request: Any = json;
  const results = new Map<string, string>();
  const calls: { id: string; name: string; args: string }[] = [];
  for (const item of request.messages ?? listOf(request.input)) {
    if (item.role === "tool") results.set(item.tool_call_id, textOf(item.content));
    for (const call of item.tool_calls ?? [])
      calls.push({ id: call.id, name: call.function.name, args: call.function.arguments });
    if (item.type === "function_call" || item.type === "custom_tool_call")
      calls.push({ id: item.call_id, name: item.name, args: item.arguments ?? item.input });
    if (item.type === "function_call_output" || item.type === "custom_tool_call_output")
      results.set(item.call_id, textOf(item.output));
    for (const block of listOf(item.content)) {
      if (block.type === "tool_use")
        calls.push({ id: block.id, name: block.name, args: JSON.stringify(block.input) });
      if (block.type === "tool_result") results.set(block.tool_use_id, textOf(block.content));
    }
  }
  return {
    path,
    body,
    tools: toolNames(json),
    isParallel: request.parallel_tool_calls !== false,
    calls: calls.map(({ id, name, args }) => ({ name, args, result: results.get(id) })),
  };
}

function listOf(value: unknown): readonly Any[] {
  return Array.isArray(value) ? value : [];
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return listOf(content)
    .map((part) => part.text ?? "")
    .join("\n");
}
