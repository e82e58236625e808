/**
 * What the caller of Chat Completions did not see, put back before and into the message that he saw.
 *
 * Trap: not every server makes ids of calls that are unique. A reply is known again by its calls and by what it answered.
 */
import { isRecord, type TurnMemory } from "@headroom/core/kit";
import type { Json, Round, WireProtocol } from "@headroom/core/wire";
import { callsOf, isOurCall, joined } from "./chat-turn.ts";

/** What stood in a reply that the caller did not see. */
interface Hidden {
  readonly before: readonly unknown[];
  /** The text the caller saw, and the part of it that belongs to the last reply. */
  readonly shown: unknown;
  readonly own: unknown;
  readonly calls: readonly { readonly at: number; readonly call: unknown }[];
  readonly answers: readonly unknown[];
}

/** Characters of each end of a long text by which it is told from others. */
const SAMPLE = 2_000;

/** A name of what the reply to a request answers; it goes along with a body, and is not printed. */
const ANSWERS = Symbol("headroom.answers");

export function chatHistory(memory: TurnMemory): Pick<WireProtocol, "restore" | "remember"> {
  const keyOf = (calls: readonly unknown[], answers: unknown): string =>
    `openai chat ${memory.nameOf(JSON.stringify([calls.map(partsOfCall), answers]))}`;

  return {
    async restore(body, signal) {
      if (!Array.isArray(body.messages)) return body;
      const messages: readonly unknown[] = body.messages;
      const names = contexts(messages, memory);
      const keys = messages.map((message, index) => {
        const calls = isReply(message) ? callsOf(message) : [];
        return calls.length === 0 || calls.some(isOurCall) ? undefined : keyOf(calls, names[index]);
      });
      const asked = keys.filter((key) => key !== undefined);
      const known = await memory.read(asked, { signal });
      const all = messages.flatMap((message, index): unknown[] => {
        const value = known.get(keys[index] ?? "");
        return value && isRecord(message) ? restored(message, hiddenOf(value)) : [message];
      });
      const given = known.size === 0 ? messages : all;
      return Object.assign({ ...body, messages: given }, { [ANSWERS]: names.at(-1) });
    },
    async remember(body, hidden, last, structured) {
      const [message] = last.turn.items;
      if (!message || (hidden.length === 0 && last.answers.length === 0)) return;
      const calls = callsOf(message).map((call, at) => ({ at, call }));
      const seen = calls.flatMap(({ call }) => (isOurCall(call) ? [] : [call]));
      if (seen.length === 0) return;
      const value: Hidden = {
        before: hidden.flatMap(exchangeOf),
        shown: structured ? message.content : joined([...hidden.map(contentOf), message.content]),
        own: message.content,
        calls: last.answers.length > 0 ? calls.filter(({ call }) => isOurCall(call)) : [],
        answers: answersOf(last),
      };
      await memory.write(keyOf(seen, Reflect.get(body, ANSWERS)), { ...value });
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

/** For each message, and for one that is to come, a name of the question and of the message directly before it. */
function contexts(messages: readonly unknown[], memory: TurnMemory): readonly string[] {
  const nameOf = (message: unknown): string => memory.nameOf(sampleOf(JSON.stringify(message)));
  const names: string[] = [];
  let question = "";
  let before: unknown = null;
  for (const message of [...messages, undefined]) {
    names.push(isReply(message) || message === undefined ? `${question} ${nameOf(before)}` : "");
    if (isRecord(message) && message.role === "user") question = nameOf(message);
    before = message;
  }
  return names;
}

function isReply(message: unknown): message is Json {
  return isRecord(message) && message.role === "assistant";
}

/** SDKs add parsed arguments to a call. */
function partsOfCall(call: unknown): unknown {
  if (!isRecord(call)) return null;
  const called = isRecord(call.function) ? call.function : call.custom;
  if (!isRecord(called)) return call.id;
  return [call.id, called.name, sampleOf(called.arguments ?? called.input)];
}

/** Enough of a text to tell it from others. */
function sampleOf(text: unknown): string {
  if (typeof text !== "string") return "";
  if (text.length <= 2 * SAMPLE) return text;
  return `${text.length} ${text.slice(0, SAMPLE)} ${text.slice(-SAMPLE)}`;
}

function hiddenOf({ before, shown, own, calls, answers }: Json): Hidden {
  return {
    before: Array.isArray(before) ? before : [],
    shown,
    own,
    calls: Array.isArray(calls) ? calls : [],
    answers: Array.isArray(answers) ? answers : [],
  };
}

function restored(message: Json, hidden: Hidden): unknown[] {
  const same = (message.content || null) === (hidden.shown || null);
  const calls = [...callsOf(message)];
  for (const { at, call } of hidden.calls) calls.splice(at, 0, call);
  const own = {
    ...message,
    ...(same && hidden.shown !== hidden.own ? { content: hidden.own } : {}),
    tool_calls: calls,
  };
  return [...(same ? hidden.before : []), own, ...hidden.answers];
}

function contentOf({ turn }: Round): unknown {
  return turn.items[0]?.content;
}
