/**
 * A provider of its own process: reads a request, answers at once. `x-bench-reply: stream` gets events that carry the time they were
 * written at; `x-bench-reply: keep` has the body kept for whoever asks.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { answerAsks } from "./child.ts";

const EVENTS = 40;
const EVENT_GAP_MS = 4;

const REPLY = Buffer.from(
  JSON.stringify({
    id: "msg_bench",
    type: "message",
    role: "assistant",
    model: "claude-sonnet-4-5",
    content: [{ type: "text", text: "All of it was read. ".repeat(40) }],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: { input_tokens: 1_000, output_tokens: 200 },
  }),
);

let kept: Buffer[] = [];

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  const mode = request.headers["x-bench-reply"];
  for await (const chunk of request) if (mode === "keep") chunks.push(chunk as Buffer);
  if (mode === "keep") kept.push(Buffer.concat(chunks));
  if (mode === "stream") return stream(request, response);
  response.writeHead(200, { "content-type": "application/json", "content-length": REPLY.length });
  response.end(REPLY);
});
server.keepAliveTimeout = 120_000;

/** Nanoseconds of a clock that all processes of this machine share. */
function now(): string {
  return process.hrtime.bigint().toString();
}

async function stream(_: IncomingMessage, response: ServerResponse): Promise<void> {
  const event = (type: string, data: object): void => {
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  };
  response.writeHead(200, { "content-type": "text/event-stream" });
  const message = { id: "msg_1", type: "message", role: "assistant", content: [], model: "m" };
  event("message_start", {
    at: now(),
    message: { ...message, stop_reason: null, usage: { input_tokens: 1, output_tokens: 1 } },
  });
  event("content_block_start", { index: 0, content_block: { type: "text", text: "" } });
  for (let at = 0; at < EVENTS; at++) {
    await sleep(EVENT_GAP_MS);
    event("content_block_delta", {
      at: now(),
      index: 0,
      delta: { type: "text_delta", text: "word " },
    });
  }
  event("content_block_stop", { index: 0 });
  event("message_delta", { delta: { stop_reason: "end_turn" }, usage: { output_tokens: EVENTS } });
  event("message_stop", {});
  response.end();
}

answerAsks({
  listen: () =>
    new Promise<number>((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
    }),
  /** Bodies kept since the last time, as they came. */
  kept() {
    const bodies = kept;
    kept = [];
    return bodies;
  },
});
