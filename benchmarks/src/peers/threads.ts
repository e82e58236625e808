/** Message threads of Anthropic: conversations that the provider holds, and that are continued once from the id of a reply. */
import type { LlmRequest, Said } from "../../../test/support/llm-server.ts";

export interface Threads {
  /** A request with all that was said before it; a status where the provider would refuse it. */
  whole<T extends LlmRequest>(request: T): T | { readonly status: 404 | 409 };
  /** @param request as a whole */
  keep(request: LlmRequest, reply: Said): void;
}

interface Thread {
  readonly messages: readonly unknown[];
  readonly tools: unknown;
  isContinued: boolean;
}

export function threads(): Threads {
  const all = new Map<unknown, Thread>();
  return {
    whole(request) {
      const { thread, ...rest } = request.json as { thread?: Record<string, unknown> };
      if (thread?.type !== "continue") return request;
      const held = all.get(thread.previous_message_id);
      if (!held) return { status: 404 };
      if (held.isContinued) return { status: 409 };
      held.isContinued = true;
      const { messages = [] } = rest as { messages?: readonly unknown[] };
      const { tools } = held;
      const json = { ...rest, thread, tools, messages: [...held.messages, ...messages] };
      return { ...request, json, body: JSON.stringify(json) };
    },
    keep({ json }, { id, text = "", calls = [] }) {
      if (!json.thread) return;
      const content = [
        ...(text === "" ? [] : [{ type: "text", text }]),
        ...calls.map(({ name, args: input }, index) => ({
          type: "tool_use",
          id: `toolu_${id}_${index}`,
          name,
          input,
        })),
      ];
      const messages = [...(json.messages as unknown[]), { role: "assistant", content }];
      all.set(id, { messages, tools: json.tools, isContinued: false });
    },
  };
}
