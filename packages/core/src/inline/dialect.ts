/**
 * What the retrieval loop has to know of one client library or provider endpoint: how its replies are read, how a reply and our
 * answers become its next request, and how several replies become one.
 */

/** A call of the retrieve tool. */
export interface RetrievalCall {
  readonly id: string;
  /** As the model wrote them: JSON text, or a value. */
  readonly args: unknown;
}

/** One reply of the model. */
export interface Turn<Item> {
  /** The reply as it has to stand in the history, word for word. */
  readonly items: readonly Item[];
  readonly ours: readonly RetrievalCall[];
  /** It also calls tools of the caller, who has to answer them first. */
  readonly others: boolean;
  /** It ended the way a reply ends that waits for answers: not cut off, not failed. */
  readonly complete: boolean;
  readonly id?: string;
}

/** A reply and what its retrievals were answered. */
export interface Round<Item> {
  readonly turn: Turn<Item>;
  /** One answer a call, in order. Empty for a reply that nobody had to answer. */
  readonly answers: readonly string[];
}

/** One client library or endpoint, for replies that come whole and for streams. */
export interface Dialect<Request, Item> {
  /**
   * The request that follows these rounds. Its tools are those of `request`, byte for byte, so that a cached prefix stays.
   *
   * @param isFinal the model has to answer now: it may call no tool at all
   */
  follow(
    request: Request,
    rounds: readonly Round<Item>[],
    isFinal: boolean,
  ): Request | Promise<Request>;
  /**
   * Keeps what the caller does not see, for his next request. Called for every reply that is complete, before the caller has all
   * of it. Where the last reply holds calls of ours beside calls of the caller, `last.answers` has our answers. A dialect without
   * it asks for no such answers: what it hides travels in the output.
   */
  remember?(
    request: Request,
    hidden: readonly Round<Item>[],
    last: Round<Item>,
  ): void | Promise<void>;
}

/** A dialect whose replies come whole. */
export interface WholeDialect<Request, Reply, Item> extends Dialect<Request, Item> {
  turnOf(reply: Reply): Turn<Item>;
  /** One reply from all, without our calls, usage summed. Not called for a single reply in which nothing is ours. */
  merge(hidden: readonly Reply[], last: Reply): Reply;
}

/** Turns the events of one or more rounds into the events of one reply. */
export interface StreamFilter<Event, Shown, Item> {
  /** What may go on now. */
  push(event: Event): Iterable<Shown>;
  /** The round whose events just ended. */
  turn(): Turn<Item>;
  /** The round is hidden and another one begins; gives what of it may still be shown. */
  next(): Iterable<Shown>;
  /** What was held back, of a reply after which no further round follows. */
  close(): Iterable<Shown>;
  /** What a failed further round is shown as. Where it is absent or throws, reading the stream rejects. */
  fail?(error: unknown): Iterable<Shown>;
}
