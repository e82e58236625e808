/**
 * Responses on the wire.
 *
 * Trap: a reasoning item is refused without the item that followed it. Exchanges the caller did not see are put back between the
 * items he has; the reasoning of a hidden round is not in the output of a whole reply, so that it stands alone nowhere else.
 */
import { responsesMessages, retrieveToolSpec } from "@headroom/core";
import { isRecord, lru, sumUsage } from "@headroom/core/kit";
import type { Json, Round, WireProtocol } from "@headroom/core/wire";
import { responsesStream } from "./responses-stream.ts";
import { isOurItem, itemsOf, mergedResponse, turnOfResponse } from "./responses-turn.ts";

const REMEMBERED = 500;
/** The items of a reply in their true order. */
interface Sequence {
  readonly items: readonly Json[];
  /** Those among them that the caller did not see, or need not have. */
  readonly hidden: ReadonlySet<Json>;
}

export function responsesProtocol(): WireProtocol {
  const sequences = lru<unknown, Sequence>({ max: REMEMBERED });
  /** Answers that a stored reply or a conversation still waits for. */
  const pending = lru<unknown, readonly Json[]>({ max: REMEMBERED });
  /** A reply made of several goes by the first one's id in a stream; the last one knows the whole. */
  const aliases = lru<unknown, string>({ max: REMEMBERED });
  return {
    name: "openai-responses",
    matches: (path) => path.endsWith("/responses") || path.endsWith("/responses/input_tokens"),
    adapter: responsesMessages,
    list: "input",
    tool: {
      type: "function",
      name: retrieveToolSpec.name,
      description: retrieveToolSpec.description,
      parameters: retrieveToolSpec.inputSchema,
      strict: false,
    },
    canContinue: ({ background }) => background !== true,
    mayCall: ({ tool_choice }) => tool_choice !== "none" && !isRecord(tool_choice),
    isStructured: ({ text }) =>
      isRecord(text) && isRecord(text.format) && String(text.format.type).startsWith("json"),
    restore(body) {
      const previous = aliases.get(body.previous_response_id);
      const aliased = previous === undefined ? body : { ...body, previous_response_id: previous };
      const input = listOf(body.input);
      const owed = pending.get(aliased.previous_response_id) ?? pending.get(conversationOf(body));
      const answered = new Set(input.map((item: unknown) => (isRecord(item) ? item.call_id : "")));
      const missing = owed?.filter(({ call_id }) => !answered.has(call_id)) ?? [];
      const items = restored(input, sequences);
      if (items === input && missing.length === 0) return aliased;
      return { ...aliased, input: [...missing, ...items] };
    },
    remember(body, hidden, last, structured) {
      if (hidden.length === 0 && last.answers.length === 0) return;
      const all = [...hidden, last];
      const [first] = all;
      if (first?.turn.id !== undefined && last.turn.id !== undefined && first !== last)
        aliases.set(first.turn.id, last.turn.id);
      const outputs = answersOf(last);
      const conversation = conversationOf(body);
      if (outputs.length > 0 && last.turn.id !== undefined) pending.set(last.turn.id, outputs);
      if (outputs.length > 0 && conversation !== undefined) pending.set(conversation, outputs);
      const items = all.flatMap((round) => [...round.turn.items, ...answersOf(round)]);
      const unseen = new Set(
        items.filter((item) => isOurItem(item) || item.type === "function_call_output"),
      );
      for (const { turn } of hidden)
        for (const item of turn.items)
          if ((structured || item.type === "reasoning") && canReturn(body, item)) unseen.add(item);
      const sequence = { items, hidden: unseen };
      for (const item of items) {
        const key = isOurItem(item) ? undefined : keyOf(item);
        if (key !== undefined) sequences.set(key, sequence);
      }
    },
    follow(body, hidden, isFinal) {
      const input =
        conversationOf(body) === undefined
          ? [...listOf(body.input), ...hidden.flatMap((round) => exchangeOf(body, round))]
          : hidden.slice(-1).flatMap(answersOf);
      const next = { ...body, input };
      return isFinal ? { ...next, tool_choice: "none" } : next;
    },
    turnOf: turnOfResponse,
    merge: (hidden, last, structured) =>
      mergedResponse(
        structured
          ? []
          : hidden.flatMap((reply) => itemsOf(reply).filter(({ type }) => type !== "reasoning")),
        hidden.map(({ usage }) => usage).reduce(sumUsage, undefined),
        last,
      ),
    stream: responsesStream,
  };
}

/** A reply and our answers as input. */
function exchangeOf(body: Json, round: Round): Json[] {
  const items = round.turn.items.filter((item) => canReturn(body, item));
  const complete = items.length === round.turn.items.length;
  // An id names what is stored with its reasoning; without the reasoning the item stands for itself.
  const own = complete ? items : items.map(({ id: _, ...item }) => item);
  return [...own, ...answersOf(round)];
}

/** What is not stored has to be complete in itself. */
function canReturn({ store }: Json, item: Json): boolean {
  return store !== false || item.type !== "reasoning" || Boolean(item.encrypted_content);
}

function answersOf({ turn, answers }: Round): Json[] {
  return answers.map((output, index) => ({
    type: "function_call_output",
    call_id: turn.ours[index]?.id,
    output,
  }));
}

/** Items of a reply that the caller sends back, with what stood between them. */
function restored(
  input: readonly unknown[],
  sequences: { get(key: unknown): Sequence | undefined },
): readonly unknown[] {
  const items: unknown[] = [];
  const done = new Set<Sequence>();
  const present = new Map(input.map((item) => [keyOf(item), item]));
  for (const item of input) {
    const sequence = sequences.get(keyOf(item));
    if (!sequence) items.push(item);
    if (!sequence || done.has(sequence)) continue;
    done.add(sequence);
    for (const kept of sequence.items) {
      const key = keyOf(kept);
      const own = key === undefined ? undefined : present.get(key);
      if (own !== undefined) items.push(own);
      else if (sequence.hidden.has(kept)) items.push(kept);
    }
  }
  return done.size === 0 ? input : items;
}

/** Outputs and calls share a call id. What has none is nobody's. */
function keyOf(item: unknown): string | undefined {
  if (!isRecord(item)) return undefined;
  const id = item.call_id ?? item.id;
  return typeof id === "string" ? `${item.type}:${id}` : undefined;
}

/** A string is the same as one message. */
function listOf(input: unknown): readonly unknown[] {
  if (typeof input === "string") return [{ role: "user", content: input }];
  return Array.isArray(input) ? input : [];
}

function conversationOf({ conversation }: Json): string | undefined {
  const id = isRecord(conversation) ? conversation.id : conversation;
  return typeof id === "string" ? id : undefined;
}
