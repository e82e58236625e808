/**
 * Replies in an input, and their words.
 *
 * Frameworks build messages of their own from what a model said: without ids, and at times two of them as one. Such a message is known
 * again by its words, in the reply it belongs to; a reply of such messages alone by its words and by all that stood before it.
 */
import { isRecord } from "@headroom/core/kit";
import { type Json, messageKeys } from "@headroom/core/wire";

/** Calls and messages of the model that stand together; reasoning is not looked at. */
export interface ReplyItems {
  readonly items: readonly Json[];
  /** Index of the first in the input. */
  readonly from: number;
}

export function repliesIn(input: readonly unknown[]): readonly ReplyItems[] {
  const replies: { items: Json[]; from: number }[] = [];
  let reply: { items: Json[]; from: number } | undefined;
  for (const [from, item] of input.entries()) {
    if (!isRecord(item) || item.type === "reasoning") continue;
    if (!isCall(item) && item.role !== "assistant") {
      reply = undefined;
      continue;
    }
    if (!reply) {
      reply = { items: [], from };
      replies.push(reply);
    }
    reply.items.push(item);
  }
  return replies;
}

export function isCall({ type }: Json): boolean {
  return String(type).endsWith("_call");
}

/** Items by which a reply is known again: its first, and its first call. */
export function anchorsIn(items: readonly Json[]): readonly string[] {
  const keyed = items.filter((item) => keyOf(item) !== undefined);
  const anchors = [keyed[0], keyed.find(isCall)].flatMap((item) => keyOf(item) ?? []);
  return [...new Set(anchors)];
}

/** The names of replies that have no ids and no calls, by what stood before them; `undefined` for others. */
export function wordKeys(
  input: readonly unknown[],
  replies: readonly ReplyItems[],
): readonly (string | undefined)[] {
  const keys = messageKeys();
  let added = 0;
  return replies.map(({ items, from }) => {
    if (items.some((item) => keyOf(item) !== undefined || isCall(item))) return undefined;
    for (; added < from; added++) keys.add(input[added]);
    return keyOfWords(keys, items);
  });
}

/** The same for a reply that is still to be sent back. @param before the input it answers */
export function wordKey(before: readonly unknown[], seen: readonly Json[]): string | undefined {
  if (seen.some(isCall)) return undefined;
  const keys = messageKeys();
  for (const item of before) keys.add(item);
  return keyOfWords(keys, seen);
}

function keyOfWords(
  keys: ReturnType<typeof messageKeys>,
  items: readonly Json[],
): string | undefined {
  const words = wordsOf(items);
  return words === "" ? undefined : keys.keyOf(words);
}

/** Which message of a reply each message without an id is. @param kept messages of the reply that the caller saw */
export function namesOf(
  { items }: ReplyItems,
  kept: readonly Json[],
): readonly (readonly [Json, string | undefined])[] {
  const loose = items.filter((item) => keyOf(item) === undefined);
  const messages = kept.filter(({ type }) => type === "message");
  const named = loose.flatMap((item) => {
    const same = messages.find((message) => wordsOf([message]) === wordsOf([item]));
    return same ? [[item, keyOf(same)] as const] : [];
  });
  const [first] = loose;
  if (named.length > 0 || !first || wordsOf(loose) !== wordsOf(messages)) return named;
  return [[first, keyOf(messages.at(-1))]];
}

/** Whatever stands between the words of two messages in one of them. */
function wordsOf(items: readonly Json[]): string {
  return items
    .flatMap(({ content }) => (Array.isArray(content) ? content : [{ text: content }]))
    .map((part: unknown) => (isRecord(part) && typeof part.text === "string" ? part.text : ""))
    .join("")
    .replaceAll(/\s/g, "");
}

/** Outputs and calls share a call id. What has none is nobody's. */
export function keyOf(item: unknown): string | undefined {
  if (!isRecord(item)) return undefined;
  const id = item.call_id ?? item.id;
  return typeof id === "string" ? `${item.type ?? "message"}:${id}` : undefined;
}
