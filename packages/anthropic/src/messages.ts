/** Messages on the wire, in one request or in a thread that the server holds. */
import { anthropicMessages, retrieveToolSpec, toAnthropicTool } from "@headroom/core";
import { isRecord, sumUsage } from "@headroom/core/kit";
import type { Json, Keep, WireProtocol } from "@headroom/core/wire";
import { type Hidden, rememberReply, restoreReplies } from "./history.ts";
import { messagesStream } from "./messages-stream.ts";
import {
  continuedFrom,
  followInThread,
  isThread,
  rememberThread,
  restoreThread,
  type ThreadReply,
} from "./thread.ts";
import { blocksOf, exchangeOf, shownOf, stopReason, turnOfMessage } from "./turn.ts";

export function messagesProtocol(keep: Keep): WireProtocol {
  const replies = keep<Hidden>("anthropic-messages");
  const threads = keep<ThreadReply>("anthropic-threads");
  return {
    name: "anthropic-messages",
    matches: (path) => path.endsWith("/messages") || path.endsWith("/messages/count_tokens"),
    adapter: anthropicMessages,
    list: "messages",
    tool: toAnthropicTool(retrieveToolSpec),
    canContinue: () => true,
    mayDrop: dropsMessages,
    mayCall: ({ tool_choice }) =>
      !isRecord(tool_choice) || (tool_choice.type !== "none" && tool_choice.type !== "tool"),
    async heldTools(body) {
      const id = continuedFrom(body);
      return id === undefined ? undefined : { ours: (await threads.find(id))?.ours === true };
    },
    isStructured: ({ output_config, output_format }) =>
      output_format != null || (isRecord(output_config) && output_config.format != null),
    async restore(body) {
      if (continuedFrom(body) !== undefined) return restoreThread(threads, body);
      if (!Array.isArray(body.messages)) return body;
      const messages = await restoreReplies(replies, body.messages);
      return messages === body.messages ? body : { ...body, messages };
    },
    async remember(body, hidden, last, structured, { messages }) {
      if (isThread(body)) await rememberThread(threads, body, hidden, last);
      const given = Array.isArray(messages) ? messages : [];
      await rememberReply(replies, given, hidden, last, structured);
    },
    follow(body, hidden, isFinal) {
      const last = hidden.at(-1);
      const messages = Array.isArray(body.messages) ? body.messages : [];
      const next =
        isThread(body) && last
          ? followInThread(body, last)
          : { ...body, messages: [...messages, ...hidden.flatMap(exchangeOf)] };
      return isFinal ? { ...next, tool_choice: { type: "none" } } : next;
    },
    turnOf: turnOfMessage,
    merge(hidden, last, structured) {
      const usage = [...hidden, last].map((reply) => reply.usage).reduce(sumUsage, undefined);
      const shown = structured ? [last] : [...hidden, last];
      const calls = blocksOf(last).filter(({ type }) => type === "tool_use");
      return {
        ...last,
        content: shown.flatMap(shownOf),
        stop_reason: stopReason(last.stop_reason, calls),
        ...(usage === undefined ? {} : { usage }),
      };
    },
    stream: (body) => messagesStream(isThread(body)),
  };
}

/** The server clears old results, or takes a summary for them. Without thinking, all the rest is there. */
function dropsMessages({ context_management: management, messages }: Json): boolean {
  const edits: unknown = isRecord(management) ? management.edits : undefined;
  const clearsThinking = (edit: unknown): boolean =>
    isRecord(edit) && String(edit.type).startsWith("clear_thinking");
  if (Array.isArray(edits) && !edits.every(clearsThinking)) return true;
  const isSummary = (block: unknown): boolean => isRecord(block) && block.type === "compaction";
  return (
    Array.isArray(messages) &&
    messages.some(
      (message) =>
        isRecord(message) && Array.isArray(message.content) && message.content.some(isSummary),
    )
  );
}

/** Requests of a batch are answered later, where nobody can answer for the model. */
export function batchesProtocol(messages: WireProtocol): WireProtocol {
  return {
    ...messages,
    name: "anthropic-batches",
    matches: (path) => path.endsWith("/messages/batches"),
    async eachRequest(body, rewrite) {
      if (!Array.isArray(body.requests)) return body;
      const requests: unknown[] = [];
      for (const request of body.requests as readonly unknown[])
        requests.push(
          isRecord(request) && isRecord(request.params)
            ? { ...request, params: await rewrite(request.params) }
            : request,
        );
      return { ...body, requests };
    },
  };
}
