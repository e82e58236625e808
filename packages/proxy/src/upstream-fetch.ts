/** A `fetch` over `undici`, to be put under `headroomFetch`: it sends what belongs to one exchange, to the host of that exchange. */
import type { Duplex, Readable } from "node:stream";
import type { Fetch, Patch } from "@headroom/core/wire";
import { decodable, decoded, decoderFor } from "./coding.ts";
import { forwarded, headerOf, pairsOf, type RawHeaders, withHeader } from "./headers.ts";
import type { Observation } from "./observe/observation.ts";
import { patchedBytes } from "./patched-bytes.ts";
import type { Upstream, UpstreamResponse } from "./upstream.ts";
import type { Target } from "./upstreams.ts";

/** A request as the client sent it. */
export interface ClientRequest {
  readonly target: Target;
  readonly method: string;
  readonly headers: RawHeaders;
  readonly bytes: Buffer;
  readonly signal: AbortSignal;
}

/** What is known of an exchange while it goes on. */
export interface Exchange {
  readonly request: ClientRequest;
  /** The body in no coding, and what it says; `undefined` until it was decoded. */
  plain: { readonly bytes: Buffer; readonly text: string } | undefined;
  /** A text made of the body, and how. */
  written?: { readonly text: string; readonly patches: readonly Patch[] };
  /** The provider has been asked: from now on a failure is the client's to see. */
  asked: boolean;
  /** Resolves once its time is over, and it goes out with what is known of it. */
  readonly late: Promise<void>;
  /** The request goes out as it came: what still comes of it is not wanted. */
  abandoned: boolean;
  /** The reply whose status and headers go back. */
  reply?: UpstreamResponse;
  /** Of a reply that was read whole: its bytes as they came, and what they say. */
  whole?: { readonly of: UpstreamResponse; readonly bytes: Buffer; readonly text: string };
  readonly raw: WeakMap<Response, UpstreamResponse>;
  readonly seen: Observation;
  started(): void;
}

/** Where a `fetch` finds the exchange it belongs to. It survives a spread. */
const EXCHANGE = Symbol("headroom proxy exchange");

export function withExchange(init: RequestInit, exchange: Exchange): RequestInit {
  return Object.assign(init, { [EXCHANGE]: exchange });
}

/** The exchange that a request given to `fetch` belongs to. */
export function exchangeOf(init: RequestInit | undefined): Exchange | undefined {
  return (init as { [EXCHANGE]?: Exchange } | undefined)?.[EXCHANGE];
}

export function upstreamFetch(upstream: Upstream): Fetch {
  return async (url, init) => {
    const exchange = exchangeOf(init);
    if (exchange === undefined) throw new Error("The proxy sends no requests of its own.");
    if (exchange.abandoned) throw new Error("The request has gone out as it came.");
    const { request } = exchange;
    const { origin, path } = request.target;
    const asked = String(url);
    if (!asked.startsWith(`${origin}/`))
      throw new Error("The proxy sends to configured hosts only.");
    exchange.asked = true;
    exchange.started();
    const method = init?.method ?? request.method;
    const text = typeof init?.body === "string" ? init.body : undefined;
    const isSame = text === exchange.plain?.text && method === request.method;
    exchange.seen.asked(!isSame);
    const from = await upstream.send({
      origin,
      path: asked.slice(origin.length),
      method,
      headers: isSame ? request.headers : changedHeaders(request.headers, init, text !== undefined),
      body: isSame ? request.bytes : text === undefined ? null : bytesOf(text, exchange),
      signal: request.signal,
    });
    // Neither a refusal after which the request was tried once more nor an object that was read beside it is what goes back.
    const isReply = method === request.method && asked === `${origin}${path}`;
    if (isReply && (exchange.reply === undefined || exchange.reply.status === 400))
      exchange.reply = from;
    const response = responseOf(from, exchange);
    exchange.raw.set(response, from);
    return response;
  };
}

/** A text as bytes. Where it was made by patches, those of the client are taken between them: nothing is encoded twice. */
function bytesOf(text: string, { plain, written }: Exchange): Buffer {
  return plain && written?.text === text ? patchedBytes(plain, written.patches) : Buffer.from(text);
}

/** The client's headers for a body that is not the client's. A reply to it has to be looked into, so it comes in a coding we know. */
function changedHeaders(
  headers: RawHeaders,
  init: RequestInit | undefined,
  hasBody: boolean,
): RawHeaders {
  const gone = ["content-length", "content-encoding", ...(hasBody ? [] : ["content-type"])];
  const key = new Headers(init?.headers).get("idempotency-key");
  const kept = forwarded(headers, key === null ? [...gone, "idempotency-key"] : gone);
  const accepted = headerOf(kept, "accept-encoding");
  return withHeader(
    withHeader(kept, "idempotency-key", key ?? undefined),
    "accept-encoding",
    accepted === undefined ? undefined : decodable(accepted),
  );
}

export function isEventStream({ headers }: UpstreamResponse): boolean {
  return headerOf(headers, "content-type")?.includes("text/event-stream") ?? false;
}

/** A response for `headroomFetch`. Its body is read only where a reply has to be looked into: then it is decoded. */
function responseOf(from: UpstreamResponse, exchange: Exchange): Response {
  const { status, statusText, headers } = from;
  const isEmpty = status === 204 || status === 205 || status === 304;
  const coding = headerOf(headers, "content-encoding");
  const decoder = decoderFor(coding);
  // Trap: a `Response` takes no status outside 200 to 599.
  const known = status >= 200 && status <= 599 ? status : 599;
  const init = { status: known, statusText, headers: pairsOf(forwarded(headers)) };
  if (isEmpty || decoder === undefined) return new Response(null, init);
  const { stream } = decoder;
  const chunks = isEventStream(from)
    ? chunksOf(from.body, stream)
    : wholeOf(from.body, coding, (bytes, text) => {
        exchange.whole = { of: from, bytes, text };
      });
  return new Response(lazyBody(from.body, chunks), init);
}

async function* chunksOf(body: Readable, stream: Duplex | undefined): AsyncGenerator<Uint8Array> {
  if (stream === undefined) return yield* body;
  body.once("error", (error) => stream.destroy(error));
  return yield* body.pipe(stream);
}

async function* wholeOf(
  body: Readable,
  coding: string | undefined,
  read: (bytes: Buffer, text: string) => void,
): AsyncGenerator<Uint8Array> {
  const parts: Buffer[] = [];
  for await (const part of body) parts.push(part as Buffer);
  const bytes = Buffer.concat(parts);
  // What does not decode is no reply we know: it goes on as it is.
  const plain = (await decoded(bytes, coding, MAX_REPLY_BYTES)) ?? bytes;
  // As `Response.text` reads it: without a byte order mark.
  read(bytes, new TextDecoder().decode(plain));
  yield plain;
}

const MAX_REPLY_BYTES = 67_108_864;

/** Nothing is read before somebody reads: a response that is passed on keeps its own stream. */
function lazyBody(body: Readable, chunks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel(reason) {
        body.destroy(reason instanceof Error ? reason : new Error("cancelled"));
      },
    },
    { highWaterMark: 0 },
  );
}
