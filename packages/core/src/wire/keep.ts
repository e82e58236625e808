/** What a protocol keeps of replies for later requests, under the options of the client. */
import { reporter } from "../inline/answer.ts";
import { type Asides, asides } from "../inline/asides.ts";
import type { WireOptions } from "./options.ts";

/** A place for values of one use; `name` is part of what is stored and never changes. */
export type Keep = <Value>(name: string) => Asides<Value>;

export function keepUnder({
  store,
  namespace,
  secret,
  storeTimeoutMs,
  retrieval,
  onError,
}: WireOptions): Keep {
  const report = reporter(onError);
  const failed = (error: unknown): void => report(error, "retrieval");
  // Where nothing is answered inside, nothing was hidden.
  const kept = retrieval === undefined || retrieval === "inline" ? store : undefined;
  return (name) => asides({ name, store: kept, namespace, secret, storeTimeoutMs, failed });
}

/** Names a reply by what it says and by every message before it, for replies that carry no id of their own. */
export interface MessageKeys {
  /** A message that stands before the replies asked for later. */
  add(message: unknown): void;
  /** @param message it was sent back as: what comes of the same one behind the same messages is remembered */
  keyOf(reply: string | (() => string), message?: object): string;
}

/**
 * Two sums of 32 bits, over code units: a millisecond for a megabyte, where a cryptographic digest takes thirty. Chance does not meet
 * 64 bits, and nobody can aim at a conversation he does not know.
 */
export function messageKeys(): MessageKeys {
  let sums: Sums = { one: 0xdeadbeef, other: 0x41c6ce57, length: 0 };
  // Most conversations of agents are told apart by the ids of their calls, and nobody asks.
  const waiting: unknown[] = [];
  return {
    add: (message) => void waiting.push(message),
    keyOf(reply, message) {
      for (const message of waiting.splice(0)) sums = addedTo(sums, message);
      const kept = message && knownKeys.get(message);
      if (kept && areEqual(kept.before, sums)) return kept.key;
      const { one, other, length } = extended(
        sums,
        `\0${typeof reply === "string" ? reply : reply()}`,
      );
      const key = `words:${hex(one)}${hex(other)}:${length}`;
      if (message) knownKeys.set(message, { before: sums, key });
      return key;
    },
  };
}

/** Keys of the messages of a conversation that goes on. */
const knownKeys = new WeakMap<object, { readonly before: Sums; readonly key: string }>();

/** Sums before and after a message: the message of a conversation that goes on is the same object, behind the same ones. */
const known = new WeakMap<object, { readonly before: Sums; readonly after: Sums }>();

function addedTo(before: Sums, message: unknown): Sums {
  if (typeof message !== "object" || message === null) return extended(before, printed(message));
  const kept = known.get(message);
  if (kept && areEqual(kept.before, before)) return kept.after;
  const after = extended(before, printed(message));
  known.set(message, { before, after });
  return after;
}

function areEqual(one: Sums, other: Sums): boolean {
  return one.one === other.one && one.other === other.other && one.length === other.length;
}

interface Sums {
  readonly one: number;
  readonly other: number;
  readonly length: number;
}

/** The multipliers are those of Knuth and of xxHash; the shifts carry high bits down. */
function extended({ one, other, length }: Sums, text: string): Sums {
  let [a, b] = [one, other];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x9e3779b1);
    b = Math.imul(b ^ unit, 0x85ebca77);
    a ^= a >>> 15;
    b ^= b >>> 13;
  }
  return { one: a, other: b, length: length + text.length };
}

function hex(sum: number): string {
  return (sum >>> 0).toString(16).padStart(8, "0");
}

/** Cache points move from turn to turn and change nothing of what is said. */
function printed(message: unknown): string {
  const text = JSON.stringify(message) ?? "";
  if (!text.includes('"cache_control"')) return text;
  return JSON.stringify(message, (key, value: unknown) =>
    key === "cache_control" ? undefined : value,
  );
}
