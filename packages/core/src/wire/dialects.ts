/** A protocol as the dialects the retrieval loop speaks: one for replies that come as JSON, one for events. */
import type { Dialect, RetrievalCall, StreamFilter, WholeDialect } from "../inline/dialect.ts";
import { type ClientWays, FailedRound } from "./failure.ts";
import { type Json, parseJson } from "./json.ts";
import type { Turn, WireProtocol } from "./protocol.ts";
import type { SseEvent } from "./sse.ts";

/** One call of the caller. */
export interface Call {
  readonly protocol: WireProtocol;
  readonly request: Json;
  /** The request as the caller wrote it. */
  readonly original: Json;
  readonly maxRetrievals: number;
  /** The output has to be JSON. */
  readonly structured: boolean;
  /** A shortened text stands in the request: a retrieval is likely. */
  readonly marked: boolean;
  readonly ways: ClientWays;
  answer(calls: readonly RetrievalCall[]): Promise<readonly string[]>;
}

export interface WholeReply {
  readonly response: Response;
  readonly text: string;
  /** Absent for what is no JSON object. */
  readonly json: Json | undefined;
  /** The text is not the response's own. */
  readonly merged?: boolean;
}

const NO_TURN: Turn = { items: [], ours: [], others: false, complete: false };

export function wholeDialect({
  protocol,
  structured,
  original,
}: Call): WholeDialect<Json, WholeReply, Json> {
  return {
    turnOf: ({ json }) => (json ? protocol.turnOf(json) : NO_TURN),
    follow: (body, rounds, isFinal) => protocol.follow(body, rounds, isFinal),
    remember: (body, hidden, last) => protocol.remember(body, hidden, last, structured, original),
    merge(hidden, last) {
      if (!last.json) return last;
      const replies = hidden.flatMap(({ json }) => (json ? [json] : []));
      const text = JSON.stringify(protocol.merge(replies, last.json, structured));
      return { ...last, text, merged: true };
    },
  };
}

export function streamDialect({
  protocol,
  structured,
  marked,
  original,
}: Call): Dialect<Json, Json> {
  return {
    follow: (body, rounds, isFinal) => protocol.follow(body, rounds, isFinal),
    remember: (body, hidden, last) =>
      protocol.remember(body, hidden, last, structured && marked, original),
  };
}

export function streamFilter(call: Call): StreamFilter<SseEvent, Uint8Array, Json> {
  const { protocol, structured, marked, ways } = call;
  const filter = protocol.stream(call.request);
  // Words before a hidden call would stand in front of the JSON.
  const holds = structured && marked;
  let held: Uint8Array[] = [];
  return {
    push(event) {
      const output = filter.push(event);
      if (!holds) return output;
      held.push(...output);
      return [];
    },
    turn: () => filter.turn(),
    next() {
      held = [];
      filter.next(holds);
      return [];
    },
    close: () => [...held, ...filter.close()],
    fail(error) {
      if (!(error instanceof FailedRound)) throw ways.connectionError(error) ?? error;
      const { response, text } = error;
      const { status, headers } = response;
      const own = ways.statusError(status, parseJson(text), text, headers);
      if (own) throw own;
      return filter.fail(text, status);
    },
  };
}
