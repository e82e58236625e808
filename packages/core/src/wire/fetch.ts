/**
 * A `fetch` that compresses requests to a model and answers its retrievals before the reply goes on.
 *
 * Everything above it (retries, parsing, streaming helpers, tool runners of an SDK) works as without it, because it sees what a
 * server could have sent. A stream goes on event by event, byte for byte, until a call of our tool begins; only that call is
 * held back, its answer fetched with a further request, and the stream goes on with the next reply.
 */

import { readRetrieveRequest } from "../ccr/request.ts";
import { InvalidOptionError } from "../errors.ts";
import { isRecord } from "../kit/json.ts";
import { answerRetrieval, DEFAULT_MAX_RETRIEVALS } from "../kit/retrieval.ts";
import { type Json, parseJson } from "./json.ts";
import type { WireOptions } from "./options.ts";
import type { RetrievalCall, Round, Turn, WireProtocol } from "./protocol.ts";
import { requests, type WireRequest } from "./request.ts";
import { type Fetch, sendAgain } from "./retry.ts";
import { sseEvents } from "./sse.ts";

/** @throws InvalidOptionError */
export function headroomFetch(
  base: Fetch,
  protocols: readonly WireProtocol[],
  options: WireOptions = {},
): Fetch {
  const { retrieval = "inline", maxRetrievals = DEFAULT_MAX_RETRIEVALS, onRetrieval } = options;
  if (retrieval !== "inline" && retrieval !== "tool" && retrieval !== false)
    throw new InvalidOptionError("retrieval", retrieval, '"inline", "tool" or false');
  if (!Number.isSafeInteger(maxRetrievals) || maxRetrievals < 0)
    throw new InvalidOptionError("maxRetrievals", maxRetrievals, "a whole number from 0");
  const prepare = requests(protocols, options);

  return async (url, init) => {
    const protocol = protocolOf(protocols, url, init);
    if (!protocol || typeof init?.body !== "string") return base(url, init);
    const request = await prepare(protocol, init.body, init.signal ?? undefined);
    if (!request) return base(url, init);
    const first = await base(url, { ...init, body: request.text });
    if (first.ok) await protocol.taken?.(request.body);
    if (!request.answersInline || !first.ok || !first.body) return first;
    const call: Call = {
      protocol,
      request,
      structured: protocol.isStructured(request.body),
      maxRetrievals,
      send: (body, round) => sendAgain(base, url, init, JSON.stringify(body), round),
      answer: (calls) => answerAll(calls, request, init.signal ?? undefined, onRetrieval),
    };
    const streams = first.headers.get("content-type")?.includes("text/event-stream");
    return streams ? streamed(first, first.body, call) : whole(first, call);
  };
}

interface Call {
  readonly protocol: WireProtocol;
  readonly request: WireRequest;
  readonly structured: boolean;
  readonly maxRetrievals: number;
  send(body: Json, round: number): Promise<Response>;
  answer(calls: readonly RetrievalCall[]): Promise<string[]>;
}

function protocolOf(
  protocols: readonly WireProtocol[],
  url: string | URL | Request,
  init: RequestInit | undefined,
): WireProtocol | undefined {
  if (init?.method?.toUpperCase() !== "POST" || url instanceof Request) return undefined;
  // A signature covers the body: changed, it would be refused.
  if (new Headers(init.headers).get("authorization")?.startsWith("AWS4-")) return undefined;
  const path = String(url).split(/[?#]/, 1)[0] ?? "";
  return protocols.find((protocol) => protocol.matches(path));
}

/** Rounds of a reply that comes as one JSON text. */
async function whole(first: Response, call: Call): Promise<Response> {
  const { protocol, request, structured, maxRetrievals } = call;
  const hidden: Round[] = [];
  const replies: Json[] = [];
  let response = first;
  for (;;) {
    const text = await response.text();
    const reply = parseJson(text);
    if (!reply) return withBody(response, text);
    const turn = protocol.turnOf(reply);
    if (turn.ours.length === 0 && hidden.length === 0) return withBody(response, text);
    const mayFollow = isHidden(turn) && hidden.length < maxRetrievals;
    const answers = mayFollow || callerAnswersFirst(turn) ? await call.answer(turn.ours) : [];
    if (!mayFollow) {
      await protocol.remember(request.body, hidden, { turn, answers }, structured);
      return withBody(response, JSON.stringify(protocol.merge(replies, reply, structured)), true);
    }
    hidden.push({ turn, answers });
    replies.push(reply);
    await protocol.hide?.(request.body, hidden);
    const body = protocol.follow(request.body, hidden, hidden.length >= maxRetrievals);
    response = await call.send(body, hidden.length);
    if (!response.ok) return response;
  }
}

/** Rounds of a reply that comes as events. */
function streamed(first: Response, firstBody: ReadableStream<Uint8Array>, call: Call): Response {
  const source: Source = { left: false };
  const rounds = streamRounds(firstBody, call, source);
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await rounds.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel(reason) {
        // The generator may be waiting for bytes that never come: what it waits for ends first.
        source.left = true;
        await source.reader?.cancel(reason);
        await rounds.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
  return withBody(first, body);
}

/** What is being read, and whether anybody still wants it. */
interface Source {
  reader?: ReadableStreamDefaultReader<Uint8Array>;
  left: boolean;
}

async function* streamRounds(
  firstBody: ReadableStream<Uint8Array>,
  call: Call,
  source: Source,
): AsyncGenerator<Uint8Array, undefined> {
  const { protocol, request, structured, maxRetrievals } = call;
  const filter = protocol.stream();
  const hidden: Round[] = [];
  // Words before a hidden call would stand in front of the JSON.
  const holds = structured && request.marked;
  let body = firstBody;
  for (;;) {
    const held: Uint8Array[] = [];
    source.reader = body.getReader();
    for await (const event of sseEvents(source.reader)) {
      const output = filter.push(event);
      if (holds) held.push(...output);
      else yield* output;
    }
    if (source.left) return undefined;
    const turn = filter.turn();
    const follows = isHidden(turn) && hidden.length < maxRetrievals;
    const answers = follows || callerAnswersFirst(turn) ? await call.answer(turn.ours) : [];
    if (!follows) {
      await protocol.remember(request.body, hidden, { turn, answers }, holds);
      yield* held;
      yield* filter.close();
      return undefined;
    }
    hidden.push({ turn, answers });
    await protocol.hide?.(request.body, hidden);
    const response = await call.send(
      protocol.follow(request.body, hidden, hidden.length >= maxRetrievals),
      hidden.length,
    );
    filter.next(holds);
    if (!response.ok || !response.body) {
      yield* filter.fail(await response.text());
      return undefined;
    }
    body = response.body;
  }
}

/** All it waits for is ours to give. */
function isHidden(turn: Turn): boolean {
  return turn.ours.length > 0 && !turn.others && turn.complete;
}

/** The caller answers first: our answers are kept for the next request. */
function callerAnswersFirst(turn: Turn): boolean {
  return turn.ours.length > 0 && turn.others && turn.complete;
}

async function answerAll(
  calls: readonly RetrievalCall[],
  { headroom, model }: WireRequest,
  signal: AbortSignal | undefined,
  onRetrieval: WireOptions["onRetrieval"],
): Promise<string[]> {
  return Promise.all(
    calls.map(async ({ args }) => {
      const given = typeof args === "string" ? parseJson(args) : args;
      if (!isRecord(given) || given.hash === undefined || given.hash === null)
        return "The arguments are not an object with a hash. Pass the 22 letters after [[hr: as hash.";
      const asked = readRetrieveRequest(given);
      const call = { ...model, ...(signal ? { signal } : {}) };
      const { text, result } = await answerRetrieval(headroom, asked, call);
      if (result) onRetrieval?.(asked, result);
      return text;
    }),
  );
}

/** A response that differs in its body only. */
function withBody(response: Response, body: BodyInit, changed = false): Response {
  const headers = new Headers(response.headers);
  if (changed) headers.delete("content-length");
  const { status, statusText, url } = response;
  const like = new Response(body, { status, statusText, headers });
  Object.defineProperty(like, "url", { value: url });
  return like;
}
