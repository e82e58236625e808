/** A local server that answers like OpenAI and Anthropic, and the event streams it answers with. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface WireRequest {
  readonly path: string;
  /** As it came over the wire. */
  readonly body: string;
}
export interface WireAnswer {
  readonly status?: number;
  readonly type: "application/json" | "text/event-stream";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}
export interface WireServer {
  readonly url: string;
  readonly requests: WireRequest[];
  close(): Promise<void>;
}

export async function wireServer(
  answer: (request: WireRequest, round: number) => WireAnswer,
): Promise<WireServer> {
  const requests: WireRequest[] = [];
  const server = createServer((request, reply) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const received = { path: request.url ?? "", body: Buffer.concat(chunks).toString("utf8") };
      requests.push(received);
      const { status = 200, type, headers, body } = answer(received, requests.length);
      reply.writeHead(status, { "content-type": type, ...headers });
      reply.end(body);
    });
  });
  // A connection that idles while a test computes must not be closed under the next request.
  server.keepAliveTimeout = 0;
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** Server-sent events, Anthropic's with their names. */
export function events(items: readonly object[], named: boolean): string {
  return items
    .map((item) => {
      const name = named ? `event: ${(item as { type: string }).type}\n` : "";
      return `${name}data: ${JSON.stringify(item)}\n\n`;
    })
    .join("");
}

const chunk = (delta: object, more: object = {}): object => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1,
  model: "gpt-4o",
  choices: [{ index: 0, delta, finish_reason: null, ...more }],
});
const toolDelta = (fields: object, fn: object): object =>
  chunk({ tool_calls: [{ index: 0, ...fields, function: fn }] });

/** OpenAI Chat Completions streams. */
export const openaiStreams: Readonly<Record<string, string>> = {
  text: `${events(
    [
      chunk({ role: "assistant", content: "" }),
      chunk({ content: "Grüße, 世界 🚀 — " }),
      chunk({ content: "naïve\n“text”" }),
      chunk({}, { finish_reason: "stop" }),
    ],
    false,
  )}data: [DONE]\n\n`,
  tool: `${events(
    [
      toolDelta({ id: "call_1", type: "function" }, { name: "logs", arguments: "" }),
      toolDelta({}, { arguments: '{"city":"Zü' }),
      toolDelta({}, { arguments: 'rich"}' }),
      chunk({}, { finish_reason: "tool_calls" }),
    ],
    false,
  )}data: [DONE]\n\n`,
  refusal: `${events(
    [
      chunk({ role: "assistant", refusal: "I can’t." }),
      chunk({}, { finish_reason: "content_filter" }),
    ],
    false,
  )}data: [DONE]\n\n`,
  error: events(
    [
      chunk({ role: "assistant", content: "par" }),
      { error: { message: "boom", type: "server_error", code: null, param: null } },
    ],
    false,
  ),
};

const message = (type: string, fields: object): object => ({ type, ...fields });
const start = message("message_start", {
  message: {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "claude-sonnet-4-5",
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 9, output_tokens: 1 },
  },
});
const block = (index: number, content_block: object): object =>
  message("content_block_start", { index, content_block });
const delta = (index: number, fields: object): object =>
  message("content_block_delta", { index, delta: fields });
const stop = (index: number): object => message("content_block_stop", { index });
const end = (reason: string): object[] => [
  message("message_delta", {
    delta: { stop_reason: reason, stop_sequence: null },
    usage: { output_tokens: 12 },
  }),
  message("message_stop", {}),
];

/** Anthropic Messages streams. */
export const anthropicStreams: Readonly<Record<string, string>> = {
  thinking: events(
    [
      start,
      block(0, { type: "thinking", thinking: "", signature: "" }),
      message("ping", {}),
      delta(0, { type: "thinking_delta", thinking: "Überlege 🤔" }),
      delta(0, { type: "signature_delta", signature: "SIGNATURE==" }),
      stop(0),
      block(1, { type: "text", text: "" }),
      delta(1, { type: "text_delta", text: "東京, déjà vu" }),
      stop(1),
      ...end("end_turn"),
    ],
    true,
  ),
  tool: events(
    [
      start,
      block(0, { type: "text", text: "" }),
      delta(0, { type: "text_delta", text: "Looking" }),
      stop(0),
      block(1, { type: "tool_use", id: "toolu_1", name: "logs", input: {} }),
      delta(1, { type: "input_json_delta", partial_json: '{"city": "Mün' }),
      delta(1, { type: "input_json_delta", partial_json: 'chen"}' }),
      stop(1),
      ...end("tool_use"),
    ],
    true,
  ),
  refusal: events([start, ...end("refusal")], true),
  error: events(
    [
      start,
      block(0, { type: "text", text: "" }),
      delta(0, { type: "text_delta", text: "par" }),
      message("error", { error: { type: "overloaded_error", message: "Overloaded" } }),
    ],
    true,
  ),
};

const answered = (output: readonly object[]): object => ({
  id: "resp_1",
  object: "response",
  created_at: 1,
  model: "gpt-4o",
  status: "completed",
  output,
  usage: { input_tokens: 100, output_tokens: 10, total_tokens: 110 },
});
const created = message("response.created", { sequence_number: 0, response: answered([]) });
const completed = message("response.completed", { sequence_number: 9, response: answered([]) });
const item = (event: "added" | "done", output_index: number, fields: object): object =>
  message(`response.output_item.${event}`, { sequence_number: 1, output_index, item: fields });

/** OpenAI Responses streams. */
export const responsesStreams: Readonly<Record<string, string>> = {
  text: events(
    [
      created,
      item("added", 0, { type: "reasoning", id: "rs_1", summary: [] }),
      message("response.reasoning_summary_part.added", {
        item_id: "rs_1",
        output_index: 0,
        summary_index: 0,
      }),
      message("response.reasoning_summary_text.delta", {
        item_id: "rs_1",
        summary_index: 0,
        delta: "Überlege 🤔",
      }),
      message("response.reasoning_summary_part.done", {
        item_id: "rs_1",
        output_index: 0,
        summary_index: 0,
      }),
      item("done", 0, { type: "reasoning", id: "rs_1", summary: [] }),
      item("added", 1, { type: "message", id: "msg_1", role: "assistant" }),
      message("response.output_text.delta", {
        item_id: "msg_1",
        output_index: 1,
        content_index: 0,
        delta: "東京, ",
      }),
      message("response.output_text.delta", {
        item_id: "msg_1",
        output_index: 1,
        content_index: 0,
        delta: "déjà vu",
      }),
      item("done", 1, { type: "message", id: "msg_1", role: "assistant" }),
      completed,
    ],
    true,
  ),
  error: events(
    [
      created,
      item("added", 0, { type: "message", id: "msg_1", role: "assistant" }),
      message("response.output_text.delta", { item_id: "msg_1", delta: "par" }),
      {
        type: "error",
        sequence_number: 2,
        error: { type: "server_error", code: "x", message: "boom", param: null },
      },
    ],
    true,
  ),
};

const functionCall = (name: string, input: string): object => ({
  type: "function_call",
  id: "fc_1",
  call_id: "call_r",
  name,
  arguments: input,
  status: "completed",
});

/** A Responses answer in which the model, after thinking, asks our tool. */
export function responsesRetrieval(name: string, input: string): object {
  return answered([{ type: "reasoning", id: "rs_0", summary: [] }, functionCall(name, input)]);
}

/** A stream in which the model asks our tool, as it comes from each provider. */
export function retrievalStream(
  provider: "openai chat" | "openai responses" | "anthropic",
  name: string,
  input: string,
): string {
  const middle = Math.floor(input.length / 2);
  const halves = [input.slice(0, middle), input.slice(middle)];
  if (provider === "openai responses")
    return events(
      [
        created,
        item("added", 0, { type: "reasoning", id: "rs_0", summary: [] }),
        item("done", 0, { type: "reasoning", id: "rs_0", summary: [] }),
        item("added", 1, functionCall(name, "")),
        ...halves.map((part) =>
          message("response.function_call_arguments.delta", {
            item_id: "fc_1",
            output_index: 1,
            delta: part,
          }),
        ),
        item("done", 1, functionCall(name, input)),
        completed,
      ],
      true,
    );
  if (provider === "openai chat")
    return `${events(
      [
        toolDelta({ id: "call_r", type: "function" }, { name, arguments: "" }),
        ...halves.map((part) => toolDelta({}, { arguments: part })),
        chunk({}, { finish_reason: "tool_calls" }),
        {
          ...chunk({}),
          choices: [],
          usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
        },
      ],
      false,
    )}data: [DONE]\n\n`;
  return events(
    [
      start,
      block(0, { type: "thinking", thinking: "", signature: "" }),
      delta(0, { type: "thinking_delta", thinking: "hm" }),
      delta(0, { type: "signature_delta", signature: "SIG1" }),
      stop(0),
      block(1, { type: "tool_use", id: "toolu_r", name, input: {} }),
      ...halves.map((part_json) => delta(1, { type: "input_json_delta", partial_json: part_json })),
      stop(1),
      ...end("tool_use"),
    ],
    true,
  );
}

/** A response that comes in these pieces. */
export function pieces(body: Uint8Array, ...cuts: readonly number[]): Response {
  const ends = [...cuts, body.length];
  let from = 0;
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const to of ends) {
        if (to > from) controller.enqueue(body.subarray(from, to));
        from = to;
      }
      controller.close();
    },
  });
  return new Response(stream, { headers: { "content-type": "text/event-stream" } });
}
