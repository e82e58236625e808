/** What the wire engine has to know of one provider endpoint. The only place that knows its requests, replies and events. */
import type * as inline from "../inline/dialect.ts";
import type { MessageAdapter } from "../types/message.ts";
import type { Json } from "./json.ts";
import type { SseEvent } from "./sse.ts";

/** One reply of the model. */
export type Turn = inline.Turn<Json>;

/** A reply whose retrievals were answered inside. */
export type Round = inline.Round<Json>;

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
  fail(body: string, status: number): readonly Uint8Array[];
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
  /** The functions that `tools` declare. @default the entries of `tools` */
  functionsOf?(tools: readonly unknown[]): readonly unknown[];
  /** `tools` with the retrieve tool. @default the tool as one more entry */
  offer?(tools: readonly unknown[]): readonly unknown[];
  /**
   * Tools that stand in a request elsewhere than under `tools`: the functions they declare, and what offers ours beside them.
   * @default undefined: there are none
   */
  toolsElsewhere?(
    body: Json,
  ): { readonly functions: readonly unknown[]; offer(body: Json): Json } | undefined;
  /** The model, where the path names it and not the body. */
  modelOf?(path: string): string | undefined;
  /** False where a reply cannot be continued with another request: several choices, a job in the background. */
  canContinue(body: Json): boolean;
  /** True where the provider may take away earlier messages before the model reads the rest. @default false */
  mayDrop?(body: Json): boolean;
  /** False where the model is told to call nothing, or only certain tools. */
  mayCall(body: Json): boolean;
  /**
   * For a request whose tools the provider holds, so that it may bring none: whether ours is among them.
   * @default undefined: the request brings its own tools
   */
  heldTools?(body: Json): Promise<{ readonly ours: boolean } | undefined>;
  /** Requests inside a request, of a batch. @default the body itself */
  eachRequest?(body: Json, rewrite: (body: Json) => Promise<Json>): Promise<Json>;
  /** The output has to be JSON: words before a hidden call must not come before it. */
  isStructured(body: Json): boolean;
  /** Puts exchanges back that the caller did not see. */
  restore(body: Json): Json | Promise<Json>;
  /** The provider has taken the caller's request: what `restore` added need not be sent again. */
  taken?(body: Json): void | Promise<void>;
  /**
   * The provider has refused the caller's request as wrong. Where that may be for what `restore` did or could not do, this changes
   * what `restore` knows, so that the request can be tried once more.
   *
   * @param read gives an object of the provider beside the request's own path; `undefined` where it cannot be had
   * @returns what undoes that; `undefined` where a second try would be the same
   */
  refused?(
    body: Json,
    read: (path: string) => Promise<Json | undefined>,
  ): Promise<(() => Promise<void>) | undefined>;
  /**
   * Keeps what the caller does not see of a finished reply, for `restore`. Called for every reply.
   *
   * @param structured hidden words were not shown
   * @param original the request as the caller wrote it; `body` is what was sent
   */
  remember(
    body: Json,
    hidden: readonly Round[],
    last: Round,
    structured: boolean,
    original: Json,
  ): void | Promise<void>;
  /** The next request, with the tools of this one. `isFinal`: the model has to answer and may call nothing. */
  follow(body: Json, hidden: readonly Round[], isFinal: boolean): Json | Promise<Json>;
  turnOf(reply: Json): Turn;
  /** One reply from all, without our calls, usage summed. */
  merge(hidden: readonly Json[], last: Json, structured: boolean): Json;
  stream(body: Json): StreamFilter;
}
