/**
 * What the caller of Responses did not see, put back into a later request, which may come to another process.
 *
 * Where the caller sends the items of a reply back, hidden ones are put between them. Where the provider keeps the history, it waits
 * for the answers to our calls: it refuses every further turn until it has them.
 */
import { isRecord } from "@headroom/core/kit";
import {
  type Json,
  type Keep,
  messageKeys,
  type Round,
  type WireProtocol,
} from "@headroom/core/wire";
import { isOurItem, outputFor, outputsOf } from "./responses-turn.ts";
import { anchorsIn, keyOf, namesOf, repliesIn, wordKey, wordKeys } from "./responses-words.ts";

type ResponsesHistory = Required<
  Pick<WireProtocol, "restore" | "taken" | "refused" | "remember" | "follow">
>;

/** The items of a reply in their true order. */
interface Sequence {
  readonly items: readonly Json[];
  /** Indexes of those that the caller did not see, or need not have. */
  readonly hidden: readonly number[];
  /** Of the first of them, which were sent with our answers: whether with their ids. */
  readonly sent?: readonly boolean[];
}

/** What a reply that the provider keeps waits for. */
interface Open {
  readonly owed: readonly Json[];
  /** The last reply, where the caller knows the first one only. */
  readonly id?: string;
  /** A name of the input that led to it, where its answers may not have arrived. */
  readonly input?: string;
}

/** Goes along with the body of a conversation and is not printed: a name of the input as the caller wrote it. */
const INPUT = Symbol("headroom.input");
/** The same, where a body carries answers that the conversation waits for. */
const ANSWERS = Symbol("headroom.answers");

export function responsesHistory(keep: Keep): ResponsesHistory {
  const sequences = keep<Sequence>("openai-items");
  const replies = keep<Open>("openai-replies");
  const conversations = keep<Open>("openai-conversations");

  return {
    async restore(body) {
      const conversation = conversationOf(body);
      const previous = stringOf(body.previous_response_id);
      const input = listOf(body.input);
      const [open, ...found] = await Promise.all([
        conversation === undefined
          ? previous === undefined
            ? undefined
            : replies.find(previous)
          : conversations.findLatest(conversation),
        ...sequencesIn(input, sequences.find),
      ]);
      const items = restored(input, found.flat());
      const given = new Set(input.map((item) => (isRecord(item) ? item.call_id : undefined)));
      const owed = open ? open.owed.filter(({ call_id }) => !given.has(call_id)) : [];
      const changes = items === input && owed.length === 0 ? {} : { input: [...owed, ...items] };
      if (conversation === undefined)
        return { ...body, ...changes, ...(open?.id ? { previous_response_id: open.id } : {}) };
      const name = messageKeys().keyOf(JSON.stringify(body.input ?? null));
      // The same turn again: its input was taken before the round after it failed.
      const again = owed.length > 0 && open && open.input === name ? { input: owed } : {};
      return { ...body, ...changes, ...again, [INPUT]: name, [ANSWERS]: owed.length > 0 };
    },
    async taken(body) {
      const conversation = conversationOf(body);
      if (conversation !== undefined && Reflect.get(body, ANSWERS) === true)
        await conversations.replace(conversation, undefined);
    },
    async refused(body, read) {
      const conversation = conversationOf(body);
      if (conversation === undefined) return undefined;
      const known = await conversations.findLatest(conversation);
      // A request that was left on its way may have arrived: then the answers are there already.
      const isAnswered = Reflect.get(body, ANSWERS) === true;
      const path = `conversations/${encodeURIComponent(conversation)}/items?order=desc&limit=100`;
      const owed = isAnswered
        ? []
        : openCallsOf(await read(path)).map(({ call_id }) => outputFor(call_id));
      if (!isAnswered && owed.length === 0) return undefined;
      await conversations.replace(conversation, owed.length > 0 ? { owed } : undefined);
      return () => conversations.replace(conversation, known);
    },
    async follow(body, hidden, isFinal) {
      const conversation = conversationOf(body);
      const owed = hidden.slice(-1).flatMap(outputsOf);
      // From here on the conversation waits for these, whatever becomes of the next request.
      if (conversation !== undefined)
        await conversations.replace(conversation, { owed, ...inputOf(body) });
      const input =
        conversation === undefined
          ? [...listOf(body.input), ...hidden.flatMap((round) => exchangeOf(body, round))]
          : owed;
      return { ...body, input, ...(isFinal ? { tool_choice: "none" } : {}) };
    },
    async remember(body, hidden, last, structured, original) {
      const all = [...hidden, last];
      const owed = outputsOf(last);
      if (hidden.length === 0 && owed.length === 0) return;
      const conversation = conversationOf(body);
      if (conversation !== undefined)
        return conversations.replace(conversation, owed.length > 0 ? { owed } : undefined);
      const sequence = sequenceOf(body, all, structured);
      const seen = sequence.items.filter((_, index) => !sequence.hidden.includes(index));
      const id = last.turn.id;
      // A stream of several rounds goes by the id of its first; what follows it follows the last.
      const shown = body.stream === true && !structured ? all[0]?.turn.id : id;
      const isNeeded = body.store !== false && (owed.length > 0 || shown !== id);
      await Promise.all([
        sequences.keep(
          [
            ...repliesIn(seen).flatMap(({ items }) => anchorsIn(items)),
            ...stringsOf(wordKey(listOf(original.input), seen)),
          ],
          sequence,
        ),
        isNeeded && shown !== undefined && id !== undefined
          ? replies.keep([shown], { id, owed })
          : undefined,
      ]);
    },
  };
}

/** Our calls in a conversation that nobody answered: of a reply that was lost, or whose answers the store has lost. */
function openCallsOf(list: Json | undefined): readonly Json[] {
  const items: readonly unknown[] = Array.isArray(list?.data) ? list.data : [];
  const answered = new Set(
    items.map((item) =>
      isRecord(item) && item.type === "function_call_output" ? item.call_id : undefined,
    ),
  );
  return items.filter(isRecord).filter((item) => isOurItem(item) && !answered.has(item.call_id));
}

function inputOf(body: Json): Pick<Open, "input"> {
  const input = stringOf(Reflect.get(body, INPUT));
  return input === undefined ? {} : { input };
}

/** A reply and our answers as input. */
function exchangeOf(body: Json, round: Round): Json[] {
  const items = round.turn.items.filter((item) => canReturn(body, item));
  const complete = items.length === round.turn.items.length;
  // An id names what is stored with its reasoning; without the reasoning the item stands for itself.
  const own = complete ? items : items.map(withoutId);
  return [...own, ...outputsOf(round)];
}

function sequenceOf(body: Json, rounds: readonly Round[], structured: boolean): Sequence {
  const items: Json[] = [];
  const hidden: number[] = [];
  const sent: boolean[] = [];
  const hide = (item: Json): void => {
    hidden.push(items.length);
    items.push(item);
  };
  for (const [index, round] of rounds.entries()) {
    const isLast = index === rounds.length - 1;
    const isWhole = round.turn.items.every((item) => canReturn(body, item));
    for (const item of round.turn.items) {
      const isUnseen = !isLast && (structured || item.type === "reasoning");
      if (isOurItem(item) && round.turn.complete) hide(isWhole ? item : withoutId(item));
      else if (isUnseen && canReturn(body, item)) hide(item);
      else if (!isUnseen && !isOurItem(item)) items.push(item);
    }
    if (round.turn.complete) outputsOf(round).forEach(hide);
    while (!isLast && sent.length < items.length) sent.push(isWhole);
  }
  return { items, hidden, sent };
}

function withoutId({ id: _, ...item }: Json): Json {
  return item;
}

/** What is not stored has to be complete in itself. */
function canReturn({ store }: Json, item: Json): boolean {
  return store !== false || item.type !== "reasoning" || Boolean(item.encrypted_content);
}

interface Found extends Sequence {
  /** The names of messages that came back without. */
  readonly names: ReturnType<typeof namesOf>;
}

/** What is known of the replies in an input. */
function sequencesIn(
  input: readonly unknown[],
  find: (key: string) => Promise<Sequence | undefined>,
): Promise<readonly Found[]>[] {
  const replies = repliesIn(input);
  const byWords = wordKeys(input, replies);
  return replies.map(async (reply, index) => {
    const anchors = [...anchorsIn(reply.items), ...stringsOf(byWords[index])];
    const found = await Promise.all(anchors.map(find));
    return found.flatMap((sequence) => {
      if (!sequence) return [];
      const seen = sequence.items.filter((_, at) => !sequence.hidden.includes(at));
      return [{ ...sequence, names: namesOf(reply, seen) }];
    });
  });
}

/** Items of a reply that the caller sends back, with what stood between them. */
function restored(input: readonly unknown[], sequences: readonly Found[]): readonly unknown[] {
  if (sequences.length === 0) return input;
  const names = new Map<unknown, string | undefined>(sequences.flatMap((one) => one.names));
  const nameOf = (item: unknown): string | undefined => names.get(item) ?? keyOf(item);
  const present = new Map(input.map((item) => [nameOf(item), item]));
  const byKey = new Map<unknown, { readonly parts: readonly unknown[] }>();
  for (const { items, hidden, sent } of sequences) {
    const isHidden = new Set(hidden);
    const parts = items.flatMap((kept, index): unknown[] => {
      const own = keyOf(kept) === undefined ? undefined : present.get(keyOf(kept));
      if (own !== undefined) return [asSent(own, kept, sent?.[index])];
      return isHidden.has(index) ? [kept] : [];
    });
    // Reasoning of a hidden round may have been seen.
    for (const [index, item] of items.entries())
      if (!isHidden.has(index) || item.type === "reasoning") byKey.set(keyOf(item), { parts });
  }
  byKey.delete(undefined);
  const done = new Set<unknown>();
  return input.flatMap((item): readonly unknown[] => {
    const sequence = byKey.get(nameOf(item));
    if (!sequence) return [item];
    if (done.has(sequence.parts)) return [];
    done.add(sequence.parts);
    return sequence.parts;
  });
}

/**
 * An item of the caller's in the bytes in which it was sent before, with our answers: prompt caches know those. Clients write items in
 * their own way, with the keys in another order, or without some.
 */
function asSent(own: unknown, kept: Json, withId: boolean | undefined): unknown {
  if (withId === undefined || !saysTheSame(own, kept)) return own;
  return withId ? kept : withoutId(kept);
}

/** Whether two items are one message of the same words. */
function saysTheSame(one: unknown, other: Json): boolean {
  return (
    isRecord(one) &&
    (one.type ?? "message") === "message" &&
    other.type === "message" &&
    one.role === other.role &&
    wordsOf(one) === wordsOf(other)
  );
}

function wordsOf({ content }: Json): string {
  // A string is the same as one text.
  const parts = typeof content === "string" ? [{ type: "output_text", text: content }] : content;
  return JSON.stringify(
    (Array.isArray(parts) ? parts : []).map((part) =>
      isRecord(part) ? [part.type, part.text ?? part.refusal] : part,
    ),
  );
}

/** A string is the same as one message. */
function listOf(input: unknown): readonly unknown[] {
  if (typeof input === "string") return [{ role: "user", content: input }];
  return Array.isArray(input) ? input : [];
}

function conversationOf({ conversation }: Json): string | undefined {
  return stringOf(isRecord(conversation) ? conversation.id : conversation);
}

function stringsOf(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [value];
}

function stringOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
