/**
 * Chat Completions on the wire.
 *
 * Trap: a reply is one string of text, whatever rounds it came from. Words said before a hidden retrieval and words said after it
 * are joined by an empty line, in a stream as in a whole reply.
 */
import { openaiMessages, retrieveToolSpec, toOpenAITool } from "@headroom/core";
import { isRecord, sumUsage } from "@headroom/core/kit";
import type { Json, Keep, WireProtocol } from "@headroom/core/wire";
import { chatHistory, exchangeOf } from "./chat-history.ts";
import { chatStream } from "./chat-stream.ts";
import { callsOf, isOurCall, joined, turnOfMessage } from "./chat-turn.ts";

export function chatProtocol(keep: Keep): WireProtocol {
  return {
    name: "openai-chat",
    matches: (path) => path.endsWith("/chat/completions"),
    adapter: openaiMessages,
    list: "messages",
    tool: toOpenAITool(retrieveToolSpec),
    canContinue: ({ n, functions }) => (n ?? 1) === 1 && functions === undefined,
    // OpenRouter's "middle-out" takes messages out of the middle.
    mayDrop: ({ transforms }) => Array.isArray(transforms) && transforms.length > 0,
    mayCall: ({ tool_choice }) => tool_choice !== "none" && !isRecord(tool_choice),
    isStructured: ({ response_format }) =>
      isRecord(response_format) && String(response_format.type).startsWith("json"),
    ...chatHistory(keep),
    follow(body, hidden, isFinal) {
      const messages = Array.isArray(body.messages) ? body.messages : [];
      const next = { ...body, messages: [...messages, ...hidden.flatMap(exchangeOf)] };
      return isFinal ? { ...next, tool_choice: "none" } : next;
    },
    turnOf(reply) {
      return turnOfMessage(messageOf(reply), choiceOf(reply)?.finish_reason);
    },
    merge(hidden, last, structured) {
      const shown = structured ? [] : hidden;
      const texts = shown.map((reply) => messageOf(reply)?.content);
      const usage = [...hidden, last].map((reply) => reply.usage).reduce(sumUsage, undefined);
      const choices = (Array.isArray(last.choices) ? last.choices : []).map((choice: unknown) =>
        isRecord(choice) && isRecord(choice.message)
          ? {
              ...choice,
              ...withoutOurs(choice, choice.message, texts),
              ...logprobsOf(shown, choice),
            }
          : choice,
      );
      return { ...last, choices, ...(usage === undefined ? {} : { usage }) };
    },
    stream: chatStream,
  };
}

function withoutOurs(choice: Json, message: Json, texts: readonly unknown[]): Json {
  const calls = callsOf(message);
  const others = calls.filter((call) => !isOurCall(call));
  const { tool_calls: _, ...rest } = message;
  const content = texts.length > 0 ? joined([...texts, message.content]) : message.content;
  const lost = calls.length > 0 && others.length === 0;
  return {
    message: {
      ...rest,
      ...("content" in message || content !== undefined ? { content } : {}),
      ...(others.length > 0 ? { tool_calls: others } : {}),
    },
    finish_reason: lost && choice.finish_reason === "tool_calls" ? "stop" : choice.finish_reason,
  };
}

/** Of the words of all rounds that are shown. What stands between two rounds has none. */
function logprobsOf(hidden: readonly Json[], last: Json): Json {
  const all = [...hidden.map(choiceOf), last].flatMap((choice) =>
    isRecord(choice?.logprobs) ? [choice.logprobs] : [],
  );
  if (hidden.length === 0 || all.length === 0) return {};
  const listOf = (key: string): Json => {
    const lists = all.map((one) => one[key]).filter((list) => Array.isArray(list));
    return lists.length > 0 ? { [key]: lists.flat() } : {};
  };
  return { logprobs: { ...all.at(-1), ...listOf("content"), ...listOf("refusal") } };
}

function choiceOf({ choices }: Json): Json | undefined {
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  return isRecord(choice) ? choice : undefined;
}

function messageOf(reply: Json): Json | undefined {
  const message = choiceOf(reply)?.message;
  return isRecord(message) ? message : undefined;
}
