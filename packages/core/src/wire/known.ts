/**
 * What became of messages in earlier requests, for a request whose time is over before its own compression is: what was sent
 * shortened keeps its bytes, and the provider's prompt cache stays warm.
 */
import { isRecord } from "../kit/json.ts";

export interface KnownMessages {
  /** Takes note of what messages were changed into. */
  add(before: readonly unknown[], after: readonly unknown[]): void;
  /**
   * Messages as they were sent before; new ones as they are.
   *
   * @param earlier the messages of the request before it, by which those are known whose cache points have moved
   */
  of(messages: readonly unknown[], earlier: readonly unknown[]): readonly unknown[];
}

export function knownMessages(): KnownMessages {
  const known = new WeakMap<object, unknown>();
  const add: KnownMessages["add"] = (before, after) => {
    for (const [index, message] of before.entries())
      if (isRecord(message) && after[index] !== message) known.set(message, after[index]);
  };
  return {
    add,
    of(messages, earlier) {
      const made = messages.map((message, index) => {
        if (!isRecord(message)) return message;
        if (known.has(message)) return known.get(message);
        const was = earlier[index];
        return isRecord(was) && known.has(was) ? carried(was, known.get(was), message) : message;
      });
      add(messages, made);
      return made;
    },
  };
}

/** A value with the texts changed as they were in another one, where they are the same texts at the same places. */
function carried(before: unknown, after: unknown, now: unknown): unknown {
  if (Object.is(before, after)) return now;
  if (typeof before === "string" && typeof after === "string") return now === before ? after : now;
  if (Array.isArray(before) && Array.isArray(after) && Array.isArray(now)) {
    const made = now.map((item, at) => carried(before[at], after[at], item));
    return made.some((item, at) => item !== now[at]) ? made : now;
  }
  if (!isRecord(before) || !isRecord(after) || !isRecord(now)) return now;
  const entries = Object.entries(now).map(([key, value]): [string, unknown] => [
    key,
    Object.hasOwn(before, key) && Object.hasOwn(after, key)
      ? carried(before[key], after[key], value)
      : value,
  ]);
  return entries.some(([key, value]) => value !== now[key]) ? Object.fromEntries(entries) : now;
}
