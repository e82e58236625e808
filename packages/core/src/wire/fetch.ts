/**
 * A `fetch` that compresses requests to a model and answers its retrievals before the reply goes on.
 *
 * Everything above it (retries, parsing, streaming helpers, tool runners of an SDK) works as without it, because it sees what a
 * server could have sent. A stream goes on event by event, byte for byte, until a call of our tool begins; only that call is
 * held back, its answer fetched with a further request, and the stream goes on with the next reply.
 */

import { InvalidOptionError } from "../errors.ts";
import { answerCalls } from "../inline/answer.ts";
import type { RetrievalCall } from "../inline/dialect.ts";
import {
  answerStreamed,
  answerWhole,
  DEFAULT_MAX_RETRIEVALS,
  readableOf,
  type Source,
} from "../inline/rounds.ts";
import type { CompressResult } from "../result.ts";
import { type Attempt, attempts } from "./attempts.ts";
import {
  type Call,
  streamDialect,
  streamFilter,
  type WholeReply,
  wholeDialect,
} from "./dialects.ts";
import { type ClientWays, FailedRound } from "./failure.ts";
import { type Json, parseJson } from "./json.ts";
import type { WireOptions } from "./options.ts";
import type { WireProtocol } from "./protocol.ts";
import { requests } from "./request.ts";
import { type Fetch, furtherRequest, sendAgain } from "./retry.ts";
import { spliceJson } from "./splice.ts";
import { type SseEvent, sseEvents } from "./sse.ts";

/** The status of a request that is wrong in itself. */
const WRONG = 400;

/** @throws InvalidOptionError */
export function headroomFetch(
  base: Fetch,
  protocols: readonly WireProtocol[],
  options: WireOptions,
  ways: ClientWays,
): Fetch {
  const { retrieval = "inline", maxRetrievals = DEFAULT_MAX_RETRIEVALS } = options;
  if (retrieval !== "inline" && retrieval !== "tool" && retrieval !== false)
    throw new InvalidOptionError("retrieval", retrieval, '"inline", "tool" or false');
  const { injectTool = "auto" } = options;
  if (injectTool !== "auto" && injectTool !== "always")
    throw new InvalidOptionError("injectTool", injectTool, '"auto" or "always"');
  if (!Number.isSafeInteger(maxRetrievals) || maxRetrievals < 0)
    throw new InvalidOptionError("maxRetrievals", maxRetrievals, "a whole number from 0");
  for (const name of ["onRetrieval", "onError"] as const)
    if (options[name] !== undefined && typeof options[name] !== "function")
      throw new InvalidOptionError(name, options[name], "a function");
  const prepare = requests(protocols, options);
  const earlier = attempts(ways);

  return async (url, init) => {
    const path = pathOf(url);
    const protocol = protocolOf(protocols, url, path, init);
    if (!protocol || typeof init?.body !== "string") return base(url, init);
    const signal = init.signal ?? undefined;
    const text = init.body;
    const compressed = (result: CompressResult<unknown>): void => ways.compressed?.(init, result);
    const late = ways.late?.(init);
    let request = await prepare(protocol, path, text, signal, compressed, late);
    if (!request) return base(url, init);
    if (request.patches) ways.written?.(init, request.text, request.patches);
    const attempt = earlier.resume(url, init, text);
    let first = attempt ? undefined : await base(url, { ...init, body: request.text });
    if (first?.status === WRONG) {
      const read = (beside: string): Promise<Json | undefined> =>
        readBeside(base, url, init, beside);
      const undo = await protocol.refused?.(request.body, read);
      const next = undo && (await prepare(protocol, path, text, signal, compressed, late));
      if (next?.patches) ways.written?.(init, next.text, next.patches);
      const second = next && (await base(url, { ...init, body: next.text }));
      if (next && second?.ok) [request, first] = [next, second];
      else await undo?.();
    }
    if (first?.ok) await protocol.taken?.(request.body);
    if (first && (!request.answersInline || !first.ok || !first.body)) return first;
    const call: Call = {
      protocol,
      request: request.body,
      original: request.original,
      maxRetrievals,
      structured: protocol.isStructured(request.body),
      marked: request.marked,
      ways,
      answer: (calls: readonly RetrievalCall[]) => {
        ways.answering?.(init, calls.length);
        return answerCalls(calls, {
          headroom: request.headroom,
          call: { ...request.model, ...(signal ? { signal } : {}) },
          onRetrieval: options.onRetrieval,
          onError: options.onError,
        });
      },
    };
    const { text: sent, body: sentBody } = request;
    const further = (body: Json, round: number): RequestInit =>
      furtherRequest(init, spliceJson(sent, sentBody, body) ?? JSON.stringify(body), round);

    if (first?.body && first.headers.get("content-type")?.includes("text/event-stream"))
      return streamed(first, first.body, call, signal, (body, round) =>
        sendAgain(base, url, further(body, round), ways.maxRetries(init)),
      );
    const rounds = attempt ?? earlier.begin();
    const send = async (body: Json, round: number): Promise<WholeReply> => {
      const response = round === 0 && first ? first : await base(url, further(body, round));
      const text = await response.text();
      if (!response.ok) throw new FailedRound(response, text);
      return { response, text, json: parseJson(text) };
    };
    return whole(call, rounds, send, () => earlier.keep(url, init, init.body as string, rounds));
  };
}

/** Reads an object of the provider, with the headers of a request. @param path stands in place of the last part of its URL */
async function readBeside(
  base: Fetch,
  url: Parameters<Fetch>[0],
  init: RequestInit,
  path: string,
): Promise<Json | undefined> {
  const place = new URL(String(url));
  const beside = new URL(path, place);
  for (const [name, value] of place.searchParams) beside.searchParams.set(name, value);
  const headers = new Headers(init.headers);
  for (const name of ["content-length", "content-type", "idempotency-key"]) headers.delete(name);
  const { signal = null } = init;
  try {
    const response = await base(String(beside), {
      ...init,
      method: "GET",
      body: null,
      headers,
      signal,
    });
    return response.ok ? parseJson(await response.text()) : undefined;
  } catch {
    // The refusal is what the caller is told.
    return undefined;
  }
}

function protocolOf(
  protocols: readonly WireProtocol[],
  url: string | URL | Request,
  path: string,
  init: RequestInit | undefined,
): WireProtocol | undefined {
  if (init?.method?.toUpperCase() !== "POST" || url instanceof Request) return undefined;
  // A signature covers the body: changed, it would be refused.
  if (new Headers(init.headers).get("authorization")?.startsWith("AWS4-")) return undefined;
  return protocols.find((protocol) => protocol.matches(path));
}

function pathOf(url: string | URL | Request): string {
  return String(url).split(/[?#]/, 1)[0] ?? "";
}

/** A reply that comes as one JSON text. @param failed the client may try again, from where this attempt came to */
async function whole(
  call: Call,
  { rounds, replies }: Attempt,
  send: (body: Json, round: number) => Promise<WholeReply>,
  failed: () => void,
): Promise<Response> {
  const dialect = wholeDialect(call);
  try {
    const { response, text, merged } = await answerWhole({
      ...call,
      dialect,
      rounds,
      replies,
      send,
    });
    return withBody(response, text, merged);
  } catch (error) {
    if (rounds.length > 0) failed();
    if (error instanceof FailedRound) return withBody(error.response, error.text);
    throw error;
  }
}

/** A reply that comes as events. */
function streamed(
  first: Response,
  body: ReadableStream<Uint8Array>,
  call: Call,
  signal: AbortSignal | undefined,
  send: (body: Json, round: number) => Promise<Response>,
): Response {
  const stream = answerStreamed({
    ...call,
    dialect: streamDialect(call),
    filter: streamFilter(call),
    signal,
    first: sourceOf(body),
    async open(request, round) {
      const response = await send(request, round);
      if (!response.ok || !response.body) throw new FailedRound(response, await response.text());
      return sourceOf(response.body);
    },
  });
  return withBody(first, readableOf(stream));
}

function sourceOf(body: ReadableStream<Uint8Array>): Source<SseEvent> {
  const reader = body.getReader();
  return { events: sseEvents(reader), cancel: (reason) => reader.cancel(reason) };
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
