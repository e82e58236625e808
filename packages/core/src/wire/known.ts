/**
 * What became of messages in earlier requests, for a request whose time is over before its own compression is: what was sent
 * shortened keeps its bytes, the rest goes out as it is and stays so, and the provider's prompt cache stays warm.
 */
import { isRecord } from "../kit/json.ts";

/** The messages of a request, each with the one that stood at its place in the request before. */
export type Earlier = ReadonlyMap<unknown, unknown>;

export interface KnownMessages {
  /** What is sent of messages that became `after`: those that went out as they were stay so. */
  settled(
    before: readonly unknown[],
    after: readonly unknown[],
    earlier: Earlier,
  ): readonly unknown[];
  /** What is sent of messages where there is no time: those sent before as then, new ones as they are. */
  inHaste(messages: readonly unknown[], earlier: Earlier): readonly unknown[];
}

export function knownMessages(): KnownMessages {
  const changed = new WeakMap<object, unknown>();
  /** Went out as they were, for want of time. */
  const bare = new WeakSet<object>();
  const note = (before: readonly unknown[], after: readonly unknown[]): void => {
    for (const [index, message] of before.entries())
      if (isRecord(message) && after[index] !== message) changed.set(message, after[index]);
  };
  /** Cache points move: then the message is another object. */
  const isBare = (message: object, was: unknown): boolean => {
    if (bare.has(message)) return true;
    if (!isRecord(was) || !bare.has(was) || printed(was) !== printed(message)) return false;
    bare.add(message);
    return true;
  };
  return {
    settled(before, after, earlier) {
      const made = before.map((message, index) =>
        isRecord(message) && isBare(message, earlier.get(message)) ? message : after[index],
      );
      note(before, made);
      return made;
    },
    inHaste(messages, earlier) {
      const made = messages.map((message) => {
        if (!isRecord(message)) return message;
        if (!earlier.has(message)) bare.add(message);
        if (changed.has(message)) return changed.get(message);
        const was = earlier.get(message);
        if (isBare(message, was) || !isRecord(was)) return message;
        return changed.has(was) ? carried(was, changed.get(was), message) : message;
      });
      note(messages, made);
      return made;
    },
  };
}

function printed(message: object): string {
  return JSON.stringify(message, (key, value: unknown) =>
    key === "cache_control" ? undefined : value,
  );
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
