/**
 * What the caller of Responses did not see, put back into a later request, which may come to another process.
 *
 * Where the caller sends the items of a reply back, hidden ones are put between them. Where the provider keeps the history, it waits
 * for the answers to our calls: it refuses every further turn until it has them.
 */
import { isRecord, lru, type TurnMemory } from "@headroom/core/kit";
import type { Json, Round, WireProtocol } from "@headroom/core/wire";
import { isOurItem, outputsOf } from "./responses-turn.ts";

/** How many conversations may be on their way at once in one process. */
const AT_ONCE = 2_000;

export type ResponsesHistory = Required<
  Pick<WireProtocol, "restore" | "taken" | "hide" | "remember">
>;

/** The items of a reply in their true order. */
interface Sequence {
  readonly items: readonly Json[];
  /** Indexes of those that the caller did not see, or need not have. */
  readonly hidden: ReadonlySet<number>;
}

export function responsesHistory(memory: TurnMemory): ResponsesHistory {
  /** The new input of a conversation, as its caller wrote it, by conversation. */
  const asked = lru<string, string>({ max: AT_ONCE });
  /** Conversations whose open calls the request on its way answers. */
  const answering = lru<string, true>({ max: AT_ONCE });

  return {
    async restore(body, signal) {
      const conversation = conversationOf(body);
      const previous = stringOf(body.previous_response_id);
      const input = listOf(body.input);
      const options = { signal };
      const [replies, states, sequences] = await Promise.all([
        memory.read(previous === undefined ? [] : [replyKey(previous)], options),
        memory.read(conversation === undefined ? [] : [conversationKey(conversation)], {
          changes: true,
          ...options,
        }),
        memory.read(anchorsOf(input).map(sequenceKey), options),
      ]);
      const [held] = [...replies.values(), ...states.values()];
      const items = restored(input, [...sequences.values()].map(sequenceOf));
      const aliased =
        previous !== undefined && typeof held?.id === "string"
          ? { ...body, previous_response_id: held.id }
          : body;
      const given = new Set(input.map((item) => (isRecord(item) ? item.call_id : undefined)));
      const owed = listOf(held?.owed).filter((item) => isRecord(item) && !given.has(item.call_id));
      if (conversation === undefined)
        return items === input && owed.length === 0
          ? aliased
          : { ...aliased, input: [...owed, ...items] };
      const name = memory.nameOf(JSON.stringify(body.input ?? null));
      asked.set(conversation, name);
      if (owed.length === 0) return body;
      answering.set(conversation, true);
      // The same turn again: its input was taken before the round after it failed.
      return { ...body, input: held?.input === name ? owed : [...owed, ...items] };
    },
    async taken(body) {
      const conversation = conversationOf(body);
      if (conversation === undefined || !answering.delete(conversation)) return;
      await memory.forget(conversationKey(conversation));
    },
    async hide(body, hidden) {
      const conversation = conversationOf(body);
      const last = hidden.at(-1);
      if (conversation === undefined || !last) return;
      const input = asked.get(conversation) ?? null;
      await memory.write(conversationKey(conversation), { owed: outputsOf(last), input });
    },
    async remember(body, hidden, last, structured) {
      const all = [...hidden, last];
      const owed = outputsOf(last);
      if (hidden.length === 0 && owed.length === 0) return;
      const conversation = conversationOf(body);
      if (conversation !== undefined) {
        asked.delete(conversation);
        const key = conversationKey(conversation);
        await (owed.length > 0 ? memory.write(key, { owed }) : memory.forget(key));
        return;
      }
      const sequence = sequenceOfRounds(body, all, structured);
      const value = { items: sequence.items, hidden: [...sequence.hidden] };
      const seen = sequence.items.filter((_, index) => !sequence.hidden.has(index));
      const writes = anchorsOf(seen).map((anchor) => memory.write(sequenceKey(anchor), value));
      const id = last.turn.id;
      // A stream of several rounds goes by the id of its first; what follows it follows the last.
      const shown = body.stream === true && !structured ? all[0]?.turn.id : id;
      const isNeeded = body.store !== false && (owed.length > 0 || shown !== id);
      if (isNeeded && shown !== undefined && id !== undefined)
        writes.push(memory.write(replyKey(shown), { id, owed }));
      await Promise.all(writes);
    },
  };
}

/** A reply and our answers as input. */
export function exchangeOf(body: Json, round: Round): Json[] {
  const items = round.turn.items.filter((item) => canReturn(body, item));
  const complete = items.length === round.turn.items.length;
  // An id names what is stored with its reasoning; without the reasoning the item stands for itself.
  const own = complete ? items : items.map(withoutId);
  return [...own, ...outputsOf(round)];
}

function sequenceOfRounds(body: Json, rounds: readonly Round[], structured: boolean): Sequence {
  const items: Json[] = [];
  const hidden = new Set<number>();
  const hide = (item: Json): void => {
    hidden.add(items.length);
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
  }
  return { items, hidden };
}

function withoutId({ id: _, ...item }: Json): Json {
  return item;
}

/** What is not stored has to be complete in itself. */
function canReturn({ store }: Json, item: Json): boolean {
  return store !== false || item.type !== "reasoning" || Boolean(item.encrypted_content);
}

function sequenceOf({ items, hidden }: Json): Sequence {
  return {
    items: Array.isArray(items) ? items.filter(isRecord) : [],
    hidden: new Set(Array.isArray(hidden) ? hidden.map(Number) : []),
  };
}

/** Items of a reply that the caller sends back, with what stood between them. */
function restored(input: readonly unknown[], sequences: readonly Sequence[]): readonly unknown[] {
  if (sequences.length === 0) return input;
  const present = new Map(input.map((item) => [keyOf(item), item]));
  const byKey = new Map<string, Sequence>();
  for (const sequence of sequences)
    for (const [index, item] of sequence.items.entries()) {
      const key = sequence.hidden.has(index) && item.type !== "reasoning" ? undefined : keyOf(item);
      if (key !== undefined) byKey.set(key, sequence);
    }
  const done = new Set<Sequence>();
  return input.flatMap((item): unknown[] => {
    const sequence = byKey.get(keyOf(item) ?? "");
    if (!sequence) return [item];
    if (done.has(sequence)) return [];
    done.add(sequence);
    return sequence.items.flatMap((kept, index): unknown[] => {
      const own = present.get(keyOf(kept));
      if (own !== undefined && keyOf(kept) !== undefined) return [own];
      return sequence.hidden.has(index) ? [kept] : [];
    });
  });
}

/** Items by which the replies in a list are known again: the first of each, and its first call, without reasoning. */
function anchorsOf(items: readonly unknown[]): string[] {
  const anchors: string[] = [];
  let inReply = false;
  let hasCall = false;
  for (const item of items) {
    if (!isRecord(item) || item.type === "reasoning") continue;
    const isCall = String(item.type).endsWith("_call");
    if (!isCall && item.role !== "assistant") {
      inReply = false;
      hasCall = false;
      continue;
    }
    const key = keyOf(item);
    if (key === undefined) continue;
    if (!inReply || (isCall && !hasCall)) anchors.push(key);
    inReply = true;
    hasCall ||= isCall;
  }
  return anchors;
}

/** Outputs and calls share a call id. What has none is nobody's. */
function keyOf(item: unknown): string | undefined {
  if (!isRecord(item)) return undefined;
  const id = item.call_id ?? item.id;
  return typeof id === "string" ? `${item.type ?? "message"}:${id}` : undefined;
}

const sequenceKey = (key: string): string => `openai items ${key}`;
const replyKey = (id: string): string => `openai reply ${id}`;
const conversationKey = (id: string): string => `openai conversation ${id}`;

/** A string is the same as one message. */
export function listOf(input: unknown): readonly unknown[] {
  if (typeof input === "string") return [{ role: "user", content: input }];
  return Array.isArray(input) ? input : [];
}

export function conversationOf({ conversation }: Json): string | undefined {
  return stringOf(isRecord(conversation) ? conversation.id : conversation);
}

function stringOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
