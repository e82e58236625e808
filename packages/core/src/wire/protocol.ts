/** What the wire engine has to know of one provider endpoint. The only place that knows its requests, replies and events. */
import type { MessageAdapter } from "../types/message.ts";
import type { Json } from "./json.ts";
import type { SseEvent } from "./sse.ts";

/** A call of the retrieve tool. */
export interface RetrievalCall {
  readonly id: string;
  /** As the model wrote them: JSON text, or a value. */
  readonly args: unknown;
}

/** One reply of the model. */
export interface Turn {
  /** The reply as it has to stand in the history, word for word. */
  readonly items: readonly Json[];
  readonly ours: readonly RetrievalCall[];
  /** It also calls tools of the caller, who has to answer them first. */
  readonly others: boolean;
  /** It ended the way a reply ends that waits for answers: not cut off, not failed. */
  readonly complete: boolean;
  readonly id?: string;
}

/** A reply whose retrievals were answered inside. */
export interface Round {
  readonly turn: Turn;
  /** One answer a call, in order. */
  readonly answers: readonly string[];
}

/** Turns the events of one or more rounds into the events of one reply. */
export interface StreamFilter {
  /** What may go on now. */
  push(event: SseEvent): readonly Uint8Array[];
  /** The round that just ended. */
  turn(): Turn;
  /** A further round begins. `discarded`: nothing of the rounds before was shown. */
  next(discarded: boolean): void;
  /** The events that were held back, for a reply after which no further round follows. */
  close(): readonly Uint8Array[];
  /** An error reply as the event a client throws on. */
  fail(body: string): readonly Uint8Array[];
}

export interface WireProtocol {
  readonly name: string;
  /** `path` has no query. */
  matches(path: string): boolean;
  readonly adapter: MessageAdapter;
  /** Name of the list of messages in a request. */
  readonly list: string;
  /** The retrieve tool, always in the same bytes. */
  readonly tool: Json;
  /** False where a reply cannot be continued with another request: several choices, a job in the background. */
  canContinue(body: Json): boolean;
  /** False where the model is told to call nothing, or only certain tools. */
  mayCall(body: Json): boolean;
  /** Its history is kept by the provider, where shortened texts may stand. @default false */
  continuesElsewhere?(body: Json): boolean;
  /** Requests inside a request, of a batch. @default the body itself */
  eachRequest?(body: Json, rewrite: (body: Json) => Promise<Json>): Promise<Json>;
  /** The output has to be JSON: words before a hidden call must not come before it. */
  isStructured(body: Json): boolean;
  /** Puts exchanges back that the caller did not see. */
  restore(body: Json, signal?: AbortSignal): Json | Promise<Json>;
  /** The provider has taken a request; given as it was before `restore`. */
  taken?(body: Json): void | Promise<void>;
  /** Keeps the exchanges of a finished reply for `restore`. `structured`: hidden words were not shown. */
  remember(
    body: Json,
    hidden: readonly Round[],
    last: Round,
    structured: boolean,
  ): void | Promise<void>;
  /** A reply is hidden; its answers are about to be sent. Where the provider holds state, it waits for them from here on. */
  hide?(body: Json, hidden: readonly Round[]): void | Promise<void>;
  /** The next request. `isLast`: without a further retrieval. */
  follow(body: Json, hidden: readonly Round[], isLast: boolean): Json;
  turnOf(reply: Json): Turn;
  /** One reply from all, without our calls, usage summed. */
  merge(hidden: readonly Json[], last: Json, structured: boolean): Json;
  stream(): StreamFilter;
}
