/**
 * Messages on the wire.
 *
 * Trap: thinking blocks of the latest reply have to come back as the model gave them, each before the call it led to. A reply made of
 * several rounds is therefore sent back as those rounds, found by the ids of its calls and by its signatures.
 */
import { anthropicMessages, retrieveToolSpec, toAnthropicTool } from "@headroom/core";
import { isRecord, lru, sumUsage } from "@headroom/core/kit";
import type { Json, Round, WireProtocol } from "@headroom/core/wire";
import { messagesStream } from "./messages-stream.ts";
import { blocksOf, isOurBlock, stopReason, turnOfMessage } from "./turn.ts";

const REMEMBERED = 500;

/** What stood in a reply that the caller did not see. */
interface Hidden {
  readonly before: readonly Json[];
  /** Blocks of hidden rounds as the caller has them. */
  readonly shown: readonly Json[];
  readonly calls: readonly { readonly at: number; readonly call: Json }[];
  readonly answers: readonly Json[];
}

export function messagesProtocol(): WireProtocol {
  const remembered = lru<unknown, Hidden>({ max: REMEMBERED });
  return {
    name: "anthropic-messages",
    matches: (path) => path.endsWith("/messages") || path.endsWith("/messages/count_tokens"),
    adapter: anthropicMessages,
    list: "messages",
    tool: toAnthropicTool(retrieveToolSpec),
    canContinue: () => true,
    mayCall: ({ tool_choice }) =>
      !isRecord(tool_choice) || (tool_choice.type !== "none" && tool_choice.type !== "tool"),
    isStructured: ({ output_config, output_format }) =>
      output_format != null || (isRecord(output_config) && output_config.format != null),
    restore(body) {
      if (!Array.isArray(body.messages)) return body;
      const messages = restored(body.messages, remembered);
      return messages === body.messages ? body : { ...body, messages };
    },
    remember(_body, hidden, last, structured) {
      if (hidden.length === 0 && last.answers.length === 0) return;
      const own = last.turn.items.flatMap(blocksOf);
      const entry: Hidden = {
        before: hidden.flatMap(exchangeOf),
        shown: structured ? [] : hidden.flatMap(({ turn }) => turn.items.flatMap(shownOf)),
        calls:
          last.answers.length > 0
            ? own.flatMap((call, at) => (isOurBlock(call) ? [{ at, call }] : []))
            : [],
        answers: answersOf(last),
      };
      for (const block of own) {
        const key = isOurBlock(block) ? undefined : keyOf(block);
        if (key !== undefined) remembered.set(key, entry);
      }
    },
    follow(body, hidden, isFinal) {
      const messages = Array.isArray(body.messages) ? body.messages : [];
      const next = { ...body, messages: [...messages, ...hidden.flatMap(exchangeOf)] };
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
    stream: messagesStream,
  };
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

function shownOf(message: Json): readonly Json[] {
  return blocksOf(message).filter((block) => !isOurBlock(block));
}

function exchangeOf(round: Round): Json[] {
  // The model may give empty text; the API does not take it back.
  const replies = round.turn.items.map((message) => ({
    ...message,
    content: blocksOf(message).filter(({ type, text }) => type !== "text" || text !== ""),
  }));
  return [...replies, { role: "user", content: answersOf(round) }];
}

function answersOf({ turn, answers }: Round): Json[] {
  return answers.map((content, index) => ({
    type: "tool_result",
    tool_use_id: turn.ours[index]?.id,
    content,
  }));
}

function restored(
  messages: readonly unknown[],
  remembered: { get(key: unknown): Hidden | undefined },
): readonly unknown[] {
  const result: unknown[] = [];
  let owed: readonly Json[] = [];
  let changed = false;
  for (const [index, message] of messages.entries()) {
    if (!isRecord(message) || !Array.isArray(message.content)) {
      result.push(message);
      continue;
    }
    if (message.role === "user" && owed.length > 0) {
      result.push({ ...message, content: [...owed, ...message.content] });
      owed = [];
      continue;
    }
    const next = messages[index + 1];
    const entry = message.role === "assistant" ? entryOf(message, remembered) : undefined;
    const fits =
      entry !== undefined &&
      startsWith(blocksOf(message), entry.shown) &&
      (entry.answers.length === 0 || (isRecord(next) && Array.isArray(next.content)));
    if (!entry || !fits) {
      result.push(message);
      continue;
    }
    const content: unknown[] = message.content.slice(entry.shown.length);
    for (const { at, call } of entry.calls) content.splice(at, 0, call);
    result.push(...entry.before, { ...message, content });
    owed = entry.answers;
    changed = true;
  }
  return changed ? result : messages;
}

function entryOf(
  message: Json,
  remembered: { get(key: unknown): Hidden | undefined },
): Hidden | undefined {
  const blocks = blocksOf(message);
  if (blocks.some(isOurBlock)) return undefined;
  for (const block of blocks) {
    const entry = remembered.get(keyOf(block));
    if (entry) return entry;
  }
  return undefined;
}

/** What nobody but the model can have written. */
function keyOf({ type, id, signature, data }: Json): string | undefined {
  if (type === "tool_use" && typeof id === "string") return `call:${id}`;
  if (type === "thinking" && typeof signature === "string" && signature !== "")
    return `signature:${signature}`;
  return type === "redacted_thinking" && typeof data === "string" ? `data:${data}` : undefined;
}

function startsWith(blocks: readonly Json[], shown: readonly Json[]): boolean {
  return shown.every((block, index) => {
    const other = blocks[index];
    return (
      other !== undefined &&
      (["type", "text", "thinking", "signature", "data", "id"] as const).every(
        (key) => block[key] === other[key],
      )
    );
  });
}
