/**
 * Chat Completions on the wire.
 *
 * Trap: a reply is one string of text, whatever rounds it came from. Words said before a hidden retrieval and words said after it
 * are joined by an empty line, in a stream as in a whole reply.
 */
import { openaiMessages, retrieveToolSpec, toOpenAITool } from "@headroom/core";
import { isRecord, lru, sumUsage } from "@headroom/core/kit";
import type { Json, Round, WireProtocol } from "@headroom/core/wire";
import { chatStream } from "./chat-stream.ts";
import { callsOf, isOurCall, joined, turnOfMessage } from "./chat-turn.ts";

const REMEMBERED = 500;

/** What stood in a reply that the caller did not see. */
interface Hidden {
  readonly before: readonly Json[];
  /** The text the caller saw, and the part of it that belongs to the last reply. */
  readonly shown: unknown;
  readonly own: unknown;
  readonly calls: readonly { readonly at: number; readonly call: unknown }[];
  readonly answers: readonly Json[];
}

export function chatProtocol(): WireProtocol {
  const remembered = lru<unknown, Hidden>({ max: REMEMBERED });
  return {
    name: "openai-chat",
    matches: (path) => path.endsWith("/chat/completions"),
    adapter: openaiMessages,
    list: "messages",
    tool: toOpenAITool(retrieveToolSpec),
    canContinue: ({ n, functions }) => (n ?? 1) === 1 && functions === undefined,
    mayCall: ({ tool_choice }) => tool_choice !== "none" && !isRecord(tool_choice),
    isStructured: ({ response_format }) =>
      isRecord(response_format) && String(response_format.type).startsWith("json"),
    restore(body) {
      if (!Array.isArray(body.messages)) return body;
      const messages = body.messages.flatMap((message: unknown) => restored(message, remembered));
      const same = messages.length === body.messages.length;
      return same ? body : { ...body, messages };
    },
    remember(_body, hidden, last, structured) {
      const [message] = last.turn.items;
      if (!message || (hidden.length === 0 && last.answers.length === 0)) return;
      const calls = callsOf(message).map((call, at) => ({ at, call }));
      const ours = calls.filter(({ call }) => isOurCall(call));
      const entry: Hidden = {
        before: hidden.flatMap((round) => [...round.turn.items, ...answersOf(round)]),
        shown: structured ? message.content : joined([...hidden.map(contentOf), message.content]),
        own: message.content,
        calls: last.answers.length > 0 ? ours : [],
        answers: answersOf(last),
      };
      for (const { call } of calls)
        if (!isOurCall(call) && isRecord(call) && typeof call.id === "string")
          remembered.set(call.id, entry);
    },
    follow(body, hidden, isFinal) {
      const messages = Array.isArray(body.messages) ? body.messages : [];
      const exchanges = hidden.flatMap((round) => [...round.turn.items, ...answersOf(round)]);
      const next = { ...body, messages: [...messages, ...exchanges] };
      return isFinal ? { ...next, tool_choice: "none" } : next;
    },
    turnOf(reply) {
      const choice: unknown = Array.isArray(reply.choices) ? reply.choices[0] : undefined;
      const message = isRecord(choice) && isRecord(choice.message) ? choice.message : undefined;
      return turnOfMessage(message, isRecord(choice) ? choice.finish_reason : undefined);
    },
    merge(hidden, last, structured) {
      const texts = structured ? [] : hidden.map((reply) => messageOf(reply)?.content);
      const usage = [...hidden, last].map((reply) => reply.usage).reduce(sumUsage, undefined);
      const choices = (Array.isArray(last.choices) ? last.choices : []).map((choice: unknown) =>
        isRecord(choice) && isRecord(choice.message)
          ? { ...choice, ...withoutOurs(choice, choice.message, texts) }
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

function restored(
  message: unknown,
  remembered: { get(key: unknown): Hidden | undefined },
): unknown[] {
  if (!isRecord(message) || message.role !== "assistant") return [message];
  const calls = callsOf(message);
  const [first] = calls;
  const entry = remembered.get(isRecord(first) ? first.id : undefined);
  if (!entry || calls.some(isOurCall)) return [message];
  const same = (message.content || null) === (entry.shown || null);
  const all = [...calls];
  for (const { at, call } of entry.calls) all.splice(at, 0, call);
  const own = {
    ...message,
    ...(same && entry.shown !== entry.own ? { content: entry.own } : {}),
    tool_calls: all,
  };
  return [...(same ? entry.before : []), own, ...entry.answers];
}

function answersOf({ turn, answers }: Round): Json[] {
  return answers.map((content, index) => ({
    role: "tool",
    tool_call_id: turn.ours[index]?.id,
    content,
  }));
}

function messageOf({ choices }: Json): Json | undefined {
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  return isRecord(choice) && isRecord(choice.message) ? choice.message : undefined;
}

function contentOf({ turn }: Round): unknown {
  return turn.items[0]?.content;
}
