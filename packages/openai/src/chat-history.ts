/**
 * What the caller of Chat Completions did not see, put back before and into the message that he saw.
 *
 * Trap: not every server makes ids of calls that are unique. A reply is known again by its calls and by what it answered.
 */
import { isRecord } from "@headroom/core/kit";
import {
  type Json,
  type Keep,
  type MessageKeys,
  messageKeys,
  parseJson,
  type Round,
  type WireProtocol,
} from "@headroom/core/wire";
import { callsOf, isOurCall, joined } from "./chat-turn.ts";

/** What stood in a reply that the caller did not see. */
interface Hidden {
  readonly before: readonly Json[];
  /** The text the caller saw, and the part of it that belongs to the last reply. */
  readonly shown: unknown;
  readonly own: unknown;
  readonly calls: readonly { readonly at: number; readonly call: unknown }[];
  readonly answers: readonly Json[];
}

export function chatHistory(keep: Keep): Pick<WireProtocol, "restore" | "remember"> {
  const kept = keep<Hidden>("openai-chat");
  return {
    async restore(body) {
      if (!Array.isArray(body.messages)) return body;
      const messages: readonly unknown[] = body.messages;
      const hidden = await kept.findAll(keysOf(messages));
      if (hidden.every((entry) => entry === undefined)) return body;
      const all = messages.flatMap((message, index): readonly unknown[] => {
        const entry = hidden[index];
        return entry && isRecord(message) ? restored(message, entry) : [message];
      });
      return { ...body, messages: all };
    },
    async remember(_body, hidden, last, structured, original) {
      const [message] = last.turn.items;
      if (!message || (hidden.length === 0 && last.answers.length === 0)) return;
      const calls = callsOf(message).map((call, at) => ({ at, call }));
      const seen = calls.flatMap(({ call }) => (isOurCall(call) ? [] : [call]));
      const shown = structured
        ? message.content
        : joined([...hidden.map(contentOf), message.content]);
      const reply = { role: "assistant", content: shown, tool_calls: seen };
      const before = Array.isArray(original.messages) ? original.messages : [];
      const key = keysOf([...before, reply]).at(-1);
      if (key === undefined) return;
      await kept.keep([key], {
        before: hidden.flatMap(exchangeOf),
        shown,
        own: message.content,
        calls: last.answers.length > 0 ? calls.filter(({ call }) => isOurCall(call)) : [],
        answers: answersOf(last),
      });
    },
  };
}

/** A reply and our answers as messages. */
export function exchangeOf(round: Round): Json[] {
  return [...round.turn.items, ...answersOf(round)];
}

function answersOf({ turn, answers }: Round): Json[] {
  return answers.map((content, index) => ({
    role: "tool",
    tool_call_id: turn.ours[index]?.id,
    content,
  }));
}

/** By what each reply is known again; `undefined` for other messages, and for replies in which nothing can be missing. */
function keysOf(messages: readonly unknown[]): readonly (string | undefined)[] {
  const all = messageKeys();
  // What stands behind is not looked at: it may be long.
  const lastWords = messages.findLastIndex((message) => isReply(message) && !callsOf(message)[0]);
  let question = "";
  return messages.map((message, index) => {
    const key = isReply(message)
      ? keyOfReply(message, [question, messages[index - 1]], all)
      : undefined;
    if (index < lastWords) all.add(message);
    if (isRecord(message) && message.role === "user") question = nameOf(message);
    return key;
  });
}

/** Of calls: by them, the question and what stood directly before. Of words alone: by them and all that stood before. */
function keyOfReply(reply: Json, near: readonly unknown[], all: MessageKeys): string | undefined {
  const calls = callsOf(reply);
  if (calls.some(isOurCall)) return undefined;
  if (calls.length === 0) {
    const words = wordsOf(reply.content);
    return typeof words === "string" ? all.keyOf(words, reply) : undefined;
  }
  return nameOf([...near, ...calls.map(partsOfCall)]);
}

function nameOf(value: unknown): string {
  return messageKeys().keyOf(JSON.stringify(value));
}

function isReply(message: unknown): message is Json {
  return isRecord(message) && message.role === "assistant";
}

/** SDKs add parsed arguments to a call, and some write its arguments anew. */
function partsOfCall(call: unknown): unknown {
  if (!isRecord(call)) return null;
  const called = isRecord(call.function) ? call.function : call.custom;
  if (!isRecord(called)) return call.id;
  const { name, input, arguments: args } = called;
  return [call.id, name, (typeof args === "string" ? parseJson(args) : undefined) ?? args ?? input];
}

function restored(message: Json, hidden: Hidden): unknown[] {
  const same = (wordsOf(message.content) || null) === (hidden.shown || null);
  const calls = [...callsOf(message)];
  for (const { at, call } of hidden.calls) calls.splice(at, 0, call);
  const own = {
    ...message,
    ...(same && hidden.shown !== hidden.own ? { content: hidden.own } : {}),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
  return [...(same ? hidden.before : []), own, ...hidden.answers];
}

/** A reply's words: clients send them back as a string, or as a list of texts. */
function wordsOf(content: unknown): unknown {
  if (!Array.isArray(content)) return content;
  const texts = content.map((part: unknown) =>
    isRecord(part) && part.type === "text" && typeof part.text === "string" ? part.text : undefined,
  );
  return texts.includes(undefined) ? content : texts.join("");
}

function contentOf({ turn }: Round): unknown {
  return turn.items[0]?.content;
}
