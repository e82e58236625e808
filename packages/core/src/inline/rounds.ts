/**
 * The retrieval loop: while a reply calls our tool and none of the caller's, its calls are answered and the model is asked again.
 *
 * A model that spent its retrievals is told so in words first, with the request otherwise unchanged: providers drop cached messages
 * when the tool choice changes. Only when it calls once more, the next request lets it call nothing.
 */
import type { Dialect, RetrievalCall, Round, StreamFilter, Turn, WholeDialect } from "./dialect.ts";

/** Rounds of retrieval in one call where the caller does not say. It is there for loops, not for thrift. */
export const DEFAULT_MAX_RETRIEVALS = 8;

/** What a model reads that asks once more than it may. */
export const RETRIEVALS_SPENT =
  "No more look-ups for this answer. Answer now with what you have read.";

/** One call of the caller. */
export interface InlineCall<Request, _Item> {
  readonly request: Request;
  /** The most rounds that are answered from the store. */
  readonly maxRetrievals: number;
  /** Answers in the order of the calls. Rejects only when the caller has left. */
  answer(calls: readonly RetrievalCall[]): Promise<readonly string[]>;
}

export interface WholeCall<Request, Reply, Item> extends InlineCall<Request, Item> {
  readonly dialect: WholeDialect<Request, Reply, Item>;
  /** Rounds of an earlier attempt at the same call, which are not paid for again. Further ones are added. @default none */
  readonly rounds?: Round<Item>[];
  /** The replies of `rounds`. Further ones are added. @default none */
  readonly replies?: Reply[];
  /** @param round 0 for the caller's own request, then one more for each hidden round */
  send(request: Request, round: number): PromiseLike<Reply>;
}

/** The reply the caller gets, out of as many as it takes. Rejects with what `send` and `answer` reject with. */
export async function answerWhole<Request, Reply, Item>(
  call: WholeCall<Request, Reply, Item>,
): Promise<Reply> {
  const { dialect, request, rounds = [], replies = [] } = call;
  for (;;) {
    const reply = await call.send(await nextRequest(call, dialect, rounds), rounds.length);
    const turn = dialect.turnOf(reply);
    const round = await answered(turn, call, dialect, rounds);
    if (goesOn(turn, rounds.length, call.maxRetrievals)) {
      rounds.push(round);
      replies.push(reply);
      continue;
    }
    await dialect.remember?.(request, rounds, round);
    return rounds.length === 0 && turn.ours.length === 0 ? reply : dialect.merge(replies, reply);
  }
}

/** What a provider streams, and how it is told to stop. */
export interface Source<Event> {
  readonly events: AsyncIterable<Event>;
  /** Ends `events`, even while they wait for what never comes. */
  cancel(reason?: unknown): Promise<void>;
}

export interface StreamedCall<Request, Event, Shown, Item> extends InlineCall<Request, Item> {
  readonly dialect: Dialect<Request, Item>;
  readonly filter: StreamFilter<Event, Shown, Item>;
  /** When it fires, a failure is the caller's doing: it rejects and is shown as nothing. */
  readonly signal?: AbortSignal | undefined;
  /** What the caller's own request brought. */
  readonly first: Source<Event>;
  /** @param round 1 for the first further request */
  open(request: Request, round: number): PromiseLike<Source<Event>>;
}

/** One stream out of as many as it takes. */
export interface Streamed<Shown> {
  readonly parts: AsyncGenerator<Shown, undefined>;
  /** Ends what is being read, and with it `parts`. */
  cancel(reason?: unknown): Promise<void>;
}

export function answerStreamed<Request, Event, Shown, Item>(
  call: StreamedCall<Request, Event, Shown, Item>,
): Streamed<Shown> {
  const { dialect, filter, request } = call;
  let source = call.first;
  let left = false;

  async function* parts(): AsyncGenerator<Shown, undefined> {
    const rounds: Round<Item>[] = [];
    for (;;) {
      for await (const event of source.events) yield* filter.push(event);
      if (left) return undefined;
      try {
        const turn = filter.turn();
        const round = await answered(turn, call, dialect, rounds);
        if (!goesOn(turn, rounds.length, call.maxRetrievals)) {
          await dialect.remember?.(request, rounds, round);
          break;
        }
        rounds.push(round);
        source = await call.open(await nextRequest(call, dialect, rounds), rounds.length);
      } catch (error) {
        if (left || call.signal?.aborted || !filter.fail) throw error;
        yield* filter.fail(error);
        return undefined;
      }
      yield* filter.next();
      if (left) await source.cancel();
    }
    yield* filter.close();
    return undefined;
  }

  return {
    parts: parts(),
    cancel(reason) {
      left = true;
      return source.cancel(reason);
    },
  };
}

/** The parts as a stream that is read on demand; cancelling it ends what the provider still sends. */
export function readableOf<Shown>({ parts, cancel }: Streamed<Shown>): ReadableStream<Shown> {
  return new ReadableStream<Shown>(
    {
      async pull(controller) {
        const { done, value } = await parts.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel(reason) {
        // The generator may be waiting for what never comes: what it waits for ends first.
        await cancel(reason);
        await parts.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

/** All it waits for is ours to give, and it has not been refused before. */
function goesOn<Item>(turn: Turn<Item>, rounds: number, maxRetrievals: number): boolean {
  return turn.complete && turn.ours.length > 0 && !turn.others && rounds <= maxRetrievals;
}

async function answered<Request, Item>(
  turn: Turn<Item>,
  { answer, maxRetrievals }: InlineCall<Request, Item>,
  dialect: Dialect<Request, Item>,
  { length }: readonly Round<Item>[],
): Promise<Round<Item>> {
  // The caller answers first: our answers are kept for his next request.
  const isKept = turn.complete && turn.others && dialect.remember !== undefined;
  if (isKept || (goesOn(turn, length, maxRetrievals) && length < maxRetrievals))
    return { turn, answers: turn.ours.length > 0 ? await answer(turn.ours) : [] };
  const isRefused = goesOn(turn, length, maxRetrievals);
  return { turn, answers: isRefused ? turn.ours.map(() => RETRIEVALS_SPENT) : [] };
}

function nextRequest<Request, Item>(
  { request, maxRetrievals }: InlineCall<Request, Item>,
  dialect: Dialect<Request, Item>,
  rounds: readonly Round<Item>[],
): Request | Promise<Request> {
  if (rounds.length === 0) return request;
  return dialect.follow(request, [...rounds], rounds.length > maxRetrievals);
}
