/**
 * One request that may be compressed, and its reply.
 *
 * `headroomFetch` of core does the work, as in the wrapped SDK clients. Beneath it stands a `fetch` over `undici` that sends the
 * client's own headers and, where nothing changed, the client's own bytes. Whatever goes wrong before the provider was asked, the
 * request goes out as it came.
 */
import { isUtf8 } from "node:buffer";
import type { Duplex, Readable } from "node:stream";
import type { Fetch } from "@headroom/core/wire";
import { decoded, decoderFor } from "./coding.ts";
import { forwarded, headerOf, type RawHeaders } from "./headers.ts";
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

/** What goes back to the client: the provider's response as it came, or one whose body was made here. */
export type Reply =
  | { readonly raw: UpstreamResponse }
  | { readonly raw: UpstreamResponse; readonly bytes: Buffer }
  | { readonly like: UpstreamResponse; readonly body: ReadableStream<Uint8Array> | string };

export interface ExchangeOptions {
  readonly upstream: Upstream;
  readonly deadlineMs: number;
  readonly maxBodyBytes: number;
  /** Told of what made the proxy send a request as it came. */
  failedOpen(stage: string, error?: unknown): void;
}

/** Where a `fetch` finds the request it belongs to. */
const CONTEXT = Symbol("headroom proxy request");

interface Context {
  readonly request: ClientRequest;
  readonly text: string;
  /** The provider has been asked: from now on a failure is the client's to see. */
  asked: boolean;
  /** It took too long: what comes of it is not wanted any more. */
  abandoned: boolean;
  first?: UpstreamResponse;
  /** Of a reply that was read whole: its bytes as they came, and what they say. */
  whole?: { readonly bytes: Buffer; readonly text: string };
  readonly raw: WeakMap<Response, UpstreamResponse>;
  started(): void;
}

/** A `fetch` to be put under `headroomFetch`. */
export function upstreamFetch(upstream: Upstream): Fetch {
  return async (_, init) => {
    const context = (init as { [CONTEXT]?: Context } | undefined)?.[CONTEXT];
    if (context === undefined) throw new Error("The proxy sends no requests of its own.");
    if (context.abandoned) throw new Error("The request has gone out as it came.");
    context.asked = true;
    context.started();
    const { request } = context;
    const body = typeof init?.body === "string" ? init.body : "";
    const isSame = body === context.text;
    const method = init?.method ?? request.method;
    const from = await upstream.send({
      origin: request.target.origin,
      path: request.target.path,
      method,
      headers: isSame ? request.headers : changedHeaders(request.headers),
      body: isSame ? request.bytes : Buffer.from(body),
      signal: request.signal,
    });
    // A refusal after which the request was tried once more is not what goes back.
    if (context.first === undefined || context.first.status === 400) context.first = from;
    const response = responseOf(from, context);
    context.raw.set(response, from);
    return response;
  };
}

function changedHeaders(headers: RawHeaders): RawHeaders {
  return forwarded(headers, ["content-length", "content-encoding"]);
}

/** The reply to a request, compressed or not. Rejects where the provider cannot be reached. */
export async function exchange(
  request: ClientRequest,
  fetch: Fetch,
  options: ExchangeOptions,
): Promise<Reply> {
  const { upstream, deadlineMs, maxBodyBytes, failedOpen } = options;
  const asItCame = async (): Promise<Reply> => ({
    raw: await upstream.send({ ...request, ...request.target, body: request.bytes }),
  });
  const coding = headerOf(request.headers, "content-encoding");
  const bytes = await decoded(request.bytes, coding, maxBodyBytes);
  if (bytes === undefined) {
    failedOpen("decode");
    return asItCame();
  }
  if (!isUtf8(bytes) || bytes.length === 0) return asItCame();
  const text = bytes.toString();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(resolve, deadlineMs, "late");
  });
  const context: Context = {
    request,
    text,
    asked: false,
    abandoned: false,
    raw: new WeakMap(),
    started: () => clearTimeout(timer),
  };
  const { target, method, headers, signal } = request;
  const init = { method, headers: pairsOf(headers), body: text, signal, [CONTEXT]: context };
  try {
    const response = await Promise.race([fetch(`${target.origin}${target.path}`, init), late]);
    if (response === "late") {
      context.abandoned = true;
      failedOpen("deadline");
      return await asItCame();
    }
    const raw = context.raw.get(response);
    if (raw) return { raw };
    const like = context.first;
    if (like === undefined) throw new Error("A response came from nowhere.");
    if (isStream(like) && response.body)
      return { like: { ...like, status: response.status }, body: response.body };
    const body = await response.text();
    const { whole } = context;
    if (whole?.text === body) return { raw: like, bytes: whole.bytes };
    return { like: { ...like, status: response.status }, body };
  } catch (error) {
    if (context.asked || signal.aborted) throw error;
    context.abandoned = true;
    failedOpen("compression", error);
    return await asItCame();
  } finally {
    clearTimeout(timer);
  }
}

function pairsOf(headers: RawHeaders): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at < headers.length; at += 2)
    pairs.push([headers[at] ?? "", headers[at + 1] ?? ""]);
  return pairs;
}

function isStream({ headers }: UpstreamResponse): boolean {
  return headerOf(headers, "content-type")?.includes("text/event-stream") ?? false;
}

/** A response for `headroomFetch`. Its body is read only where a reply has to be looked into: then it is decoded. */
function responseOf(from: UpstreamResponse, context: Context): Response {
  const { status, statusText, headers } = from;
  const isEmpty = status === 204 || status === 205 || status === 304;
  const coding = headerOf(headers, "content-encoding");
  const decoder = decoderFor(coding);
  const init = { status, statusText, headers: pairsOf(forwarded(headers)) };
  if (isEmpty || decoder === undefined) return new Response(null, init);
  const { stream } = decoder;
  const chunks = isStream(from)
    ? chunksOf(from.body, stream)
    : wholeOf(from.body, coding, (bytes, text) => {
        context.whole = { bytes, text };
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
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const plain = await decoded(bytes, coding, MAX_REPLY_BYTES);
  if (plain === undefined) throw new Error("The provider's reply does not decode.");
  read(bytes, plain.toString());
  yield plain;
}

const MAX_REPLY_BYTES = 268_435_456;

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
