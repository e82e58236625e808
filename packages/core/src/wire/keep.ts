/** What a protocol keeps of replies for later requests, under the options of the client. */
import { sha256 } from "@noble/hashes/sha2.js";
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
  keyOf(reply: string): string;
}

export function messageKeys(): MessageKeys {
  const before = sha256.create();
  const encoder = new TextEncoder();
  return {
    add(message) {
      before.update(encoder.encode(printed(message)));
    },
    keyOf(reply) {
      const digest = before
        .clone()
        .update(encoder.encode(`\0${reply}`))
        .digest();
      return `words:${Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
    },
  };
}

/** Cache points move from turn to turn and change nothing of what is said. */
function printed(message: unknown): string {
  const text = JSON.stringify(message) ?? "";
  if (!text.includes('"cache_control"')) return text;
  return JSON.stringify(message, (key, value: unknown) =>
    key === "cache_control" ? undefined : value,
  );
}
