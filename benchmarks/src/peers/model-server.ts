/**
 * A server that plays the provider: a scripted model that streams, refuses what the provider refuses, and fails when it is told to.
 * Every reply stops for a while after its first delta, so that a stream which is held back is seen.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { findMarkers } from "@headroom/core";
import { mayCall, violation } from "../../../test/support/llm-rules.ts";
import {
  type LlmReply,
  type LlmRequest,
  type Said,
  say,
} from "../../../test/support/llm-server.ts";
import { type Conversation, conversationOf } from "./conversation.ts";
import { threads } from "./threads.ts";

/** What the model says to a conversation. It depends on nothing else, so retries and hidden rounds are answered alike. */
export type Model = (conversation: Conversation) => LlmReply & { readonly id?: string };

/** What happens to a request instead of its reply. */
export type Fault =
  /** The provider is overloaded: status 529 (or 503 for OpenAI). */
  | "overloaded"
  /** An error in the middle of the stream, as the provider sends it. */
  | "error-event"
  /** The connection breaks in the middle of the stream. */
  | "dies"
  /** It is refused. */
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> };

/** Headers of every reply. */
const REPLY_HEADERS = {
  "request-id": "req_1",
  "x-request-id": "req_1",
  "x-ratelimit-remaining-tokens": "1000",
};

/** A request as it came. */
export interface Seen extends LlmRequest {
  readonly method: string;
  /** Names and values in turn, as they came. */
  readonly headers: readonly string[];
  /** Milliseconds of `performance.now()`. */
  readonly at: number;
}

/** A first delta of text, and when it was written. */
export interface FirstDelta {
  readonly text: string;
  readonly at: number;
  /** A marker of ours was in the request. */
  readonly isShortened: boolean;
}

export interface ModelServer {
  readonly url: string;
  readonly seen: readonly Seen[];
  /** Requests that the provider would have refused, and why. */
  readonly refused: readonly string[];
  readonly firstDeltas: readonly FirstDelta[];
  stop(): Promise<void>;
}

/** Milliseconds between the first delta of a reply and the next. */
export const PAUSE_MS = 300;

/** Answers of paths that are no model's, such as a list of models. */
export type OtherAnswer = (request: Seen) => unknown;

/** What happens to a request that offers tools, by its number (from 0). */
export type Faults = (index: number, conversation: Conversation) => Fault | undefined;

export async function startModelServer(
  model: Model,
  faults: Faults = () => undefined,
  other: OtherAnswer = () => ({ data: [] }),
): Promise<ModelServer> {
  const seen: Seen[] = [];
  const refused: string[] = [];
  const firstDeltas: FirstDelta[] = [];
  const held = threads();
  let replies = 0;

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const came = await read(incoming);
    seen.push(came);
    const json = (status: number, value: unknown): void => {
      response
        .writeHead(status, { "content-type": "application/json" })
        .end(incoming.method === "HEAD" ? undefined : JSON.stringify(value));
    };
    const request = held.whole(came);
    if ("status" in request) {
      refused.push(`a thread: ${request.status}`);
      return json(request.status, { error: { type: "invalid_request_error", message: "thread" } });
    }
    if (/\/count_tokens/.test(request.path))
      return json(200, { input_tokens: Math.ceil(request.body.length / 4) });
    if (request.method !== "POST" || !isReply(request.path)) return json(200, other(request));
    const broken = violation(request.path, request.json);
    if (broken !== undefined) {
      refused.push(broken);
      return json(400, { error: { type: "invalid_request_error", message: broken } });
    }
    const conversation = conversationOf(request);
    const fault = conversation.tools.length > 0 ? faults(replies++, conversation) : undefined;
    const isAnthropic = request.path.includes("/messages");
    if (fault === "overloaded") {
      const error = { type: "overloaded_error", message: "Overloaded" };
      return json(isAnthropic ? 529 : 503, isAnthropic ? { type: "error", error } : { error });
    }
    if (typeof fault === "object") {
      const error = { type: "some_error", message: `Refused with ${fault.status}.`, code: "some" };
      response.writeHead(fault.status, {
        "content-type": "application/json",
        ...REPLY_HEADERS,
        ...fault.headers,
      });
      response.end(JSON.stringify({ type: "error", error }));
      return;
    }
    const its = model(conversation);
    const said: Said = {
      id: `reply_${seen.length}`,
      ...its,
      ...(mayCall(request.json) ? {} : { calls: [] }),
    };
    held.keep(request, said);
    const { status, headers, events } = eventsOf(said, request);
    response.writeHead(status, { ...headers, ...REPLY_HEADERS });
    response.flushHeaders();
    if (request.json.stream !== true) {
      response.end(events.join(""));
      return;
    }
    const first = events.findIndex((event) =>
      /_text\.delta|text_delta|"content":"[^"]/.test(event),
    );
    const until = first < 0 ? 2 : first + 1;
    for (const event of events.slice(0, until)) response.write(event);
    if (first >= 0)
      firstDeltas.push({
        text: textOf(events[first] ?? ""),
        at: performance.now(),
        isShortened: findMarkers(request.body).some(({ ref }) => ref !== undefined),
      });
    await sleep(PAUSE_MS);
    if (fault === "dies") {
      response.destroy();
      return;
    }
    if (fault === "error-event") {
      response.end(errorEvent(request.path));
      return;
    }
    for (const event of events.slice(until)) {
      response.write(event);
    }
    response.end();
  }

  const server = createServer((incoming, response) => {
    answer(incoming, response).catch((error: unknown) => {
      refused.push(`the server itself failed: ${String(error)}`);
      response.destroy();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    refused,
    firstDeltas,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function isReply(path: string): boolean {
  return /\/(?:messages|chat\/completions|responses)(?:\?|$)/.test(path);
}

async function read(incoming: IncomingMessage): Promise<Seen> {
  const at = performance.now();
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const bytes = Buffer.concat(parts);
  const coding = incoming.headers["content-encoding"];
  const body = (
    coding === "gzip" ? gunzipSync(bytes) : coding === "zstd" ? zstdDecompressSync(bytes) : bytes
  ).toString("utf8");
  return {
    method: incoming.method ?? "",
    path: incoming.url ?? "",
    headers: incoming.rawHeaders,
    body,
    json: body.startsWith("{") ? JSON.parse(body) : {},
    at,
  };
}

/** The events of a reply, one by one. */
function eventsOf(
  said: Said,
  request: LlmRequest,
): {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly events: readonly string[];
} {
  const events: string[] = [];
  let status = 200;
  let headers: Readonly<Record<string, string>> = {};
  const to = {
    writeHead(code: number, more: Readonly<Record<string, string>> = {}) {
      status = code;
      headers = more;
      return to;
    },
    write: (text: string) => events.push(text),
    end: (text?: string) => text !== undefined && events.push(text),
  };
  say(to, said, request);
  return { status, headers, events };
}

/** An error in the middle of a stream, as the provider of a path sends it. */
export function errorEvent(path: string): string {
  const message = "The model is overloaded.";
  if (path.includes("/messages")) {
    const error = { type: "overloaded_error", message };
    return `event: error\ndata: ${JSON.stringify({ type: "error", error })}\n\n`;
  }
  const error = { code: "server_error", message };
  if (!path.includes("/responses"))
    return `data: ${JSON.stringify({ error: { ...error, type: "server_error" } })}\n\n`;
  const response = { id: "reply_failed", object: "response", status: "failed", error, output: [] };
  const failed = { type: "response.failed", sequence_number: 99, response };
  return `event: response.failed\ndata: ${JSON.stringify(failed)}\n\n`;
}

/** The text that a delta brings, as it stands in the JSON of the stream: words may come before it. */
function textOf(event: string): string {
  return /"(?:text|delta|content)":"((?:[^"\\]|\\.)+)"/.exec(event)?.[1] ?? event;
}
