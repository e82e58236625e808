/**
 * Rounds of a call whose further request failed. The client around us repeats the whole call, by its own rules; it goes on where
 * the failed attempt came to, so that no reply is paid for twice.
 */
import { lru } from "../kit/lru.ts";
import type { WholeReply } from "./dialects.ts";
import type { ClientWays } from "./failure.ts";
import type { Round } from "./protocol.ts";
import type { Fetch } from "./retry.ts";

export interface Attempt {
  readonly rounds: Round[];
  readonly replies: WholeReply[];
}

export interface Attempts {
  begin(): Attempt;
  /** What an earlier attempt at the same call came to, where this request says that it is a repetition. */
  resume(url: Parameters<Fetch>[0], init: RequestInit, body: string): Attempt | undefined;
  keep(url: Parameters<Fetch>[0], init: RequestInit, body: string, attempt: Attempt): void;
}

/** Calls that are between two attempts. */
const MAX_WAITING = 64;

export function attempts({ isRepeated = saysSo }: Pick<ClientWays, "isRepeated"> = {}): Attempts {
  const waiting = lru<string, Attempt>({ max: MAX_WAITING });
  const keyOf = (url: Parameters<Fetch>[0], init: RequestInit, body: string): string => {
    const headers = new Headers(init.headers);
    return JSON.stringify([String(url), headers.get("idempotency-key"), body]);
  };
  return {
    begin: () => ({ rounds: [], replies: [] }),
    resume(url, init, body) {
      if (waiting.count === 0) return undefined;
      const key = keyOf(url, init, body);
      const attempt = waiting.get(key);
      // A first attempt with the same body is another call: what waits belongs to one that was given up.
      waiting.delete(key);
      return isRepeated(init) ? attempt : undefined;
    },
    keep(url, init, body, attempt) {
      waiting.set(keyOf(url, init, body), attempt);
    },
  };
}

function saysSo({ headers }: RequestInit): boolean {
  return Number(new Headers(headers).get("x-stainless-retry-count")) > 0;
}
