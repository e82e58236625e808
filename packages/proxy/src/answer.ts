/** Responses that the proxy gives itself, and those it passes on. */
import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { Reply } from "./exchange.ts";
import { forwarded, type RawHeaders } from "./headers.ts";
import type { Observation } from "./observe/observation.ts";
import type { Provider } from "./upstreams.ts";

/** JSON of our own. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, JSON.stringify(value));
}

/** A text of our own. */
export function send(
  response: ServerResponse,
  status: number,
  body: string,
  contentType = "application/json",
): void {
  response.writeHead(status, {
    "content-type": contentType,
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    // No other page embeds it or reads it as something else.
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
  });
  response.end(body);
}

/** An error in the shape that clients of a provider read. */
export function sendError(
  response: ServerResponse,
  provider: Provider,
  status: number,
  message: string,
): void {
  const text = `headroom proxy: ${message}`;
  const shapes = {
    anthropic: { type: "error", error: { type: "api_error", message: text } },
    openai: { error: { message: text, type: "api_error", param: null, code: null } },
    google: { error: { code: status, message: text, status: "UNAVAILABLE" } },
  };
  sendJson(response, status, shapes[provider]);
}

/** Passes a reply on, with status and headers as they came. Resolves when it has ended, for better or worse. */
export function passOn(response: ServerResponse, reply: Reply, seen: Observation): Promise<void> {
  if ("like" in reply) {
    const { like, body } = reply;
    const headers = forwarded(like.headers, ["content-length", "content-encoding"]);
    const readable =
      typeof body === "string"
        ? Readable.from([Buffer.from(body)])
        : Readable.fromWeb(body as never);
    return relay(response, like, headers, readable, seen);
  }
  const { raw } = reply;
  const body = "bytes" in reply ? Readable.from([reply.bytes]) : raw.body;
  return relay(response, raw, forwarded(raw.headers), body, seen);
}

function relay(
  response: ServerResponse,
  { status, statusText }: { readonly status: number; readonly statusText: string },
  headers: RawHeaders,
  body: Readable,
  seen: Observation,
): Promise<void> {
  if (response.closed) {
    body.on("error", () => {}).destroy();
    return Promise.resolve();
  }
  response.sendDate = false;
  response.writeHead(status, statusText, [...headers]);
  const tap = seen.answered(status, headers);
  // A second listener gets the same bytes at the same pace: that of the client.
  if (tap) body.on("data", tap.push);
  body.once("error", () => seen.cutOff());
  // The head goes out at once, and with the first of the body where that is there by then: one write, and not two.
  const flushing = setImmediate(() => response.flushHeaders());
  return new Promise((resolve) => {
    const pass = (chunk: Buffer): void => {
      if (!response.write(chunk)) body.pause();
    };
    const goOn = (): void => void body.resume();
    const end = (): void => {
      clearImmediate(flushing);
      response.end();
    };
    // A body that fails destroys the response: a client sees that it was cut off.
    const fail = (): void => void response.destroy();
    const close = (): void => {
      clearImmediate(flushing);
      response.off("drain", goOn);
      body.off("data", pass).off("end", end);
      // Nobody reads what comes after a client has left. What the body still has to say of it is heard by nobody either.
      if (!body.readableEnded) body.destroy();
      resolve();
    };
    response.on("drain", goOn).once("close", close).on("error", fail);
    body.on("data", pass).once("end", end).on("error", fail);
  });
}
