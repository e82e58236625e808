/**
 * A local server that speaks the wire formats of OpenAI (Chat Completions, Responses) and Anthropic (Messages), plain and as
 * server-sent events. Keeps every request body as it came, byte for byte, and answers 400 where the provider would (`llm-rules.ts`).
 */
import { once } from "node:events";
import { createServer } from "node:http";
import { mayCall, violation } from "./llm-rules.ts";

export interface LlmRequest {
  readonly path: string;
  /** As it came over the wire. */
  readonly body: string;
  readonly json: Readonly<Record<string, unknown>>;
}

/** What the model says: text, or calls of tools, or both. */
export interface LlmReply {
  readonly text?: string;
  /** Arguments given as text are sent as they are: broken JSON, for one. */
  readonly calls?: readonly {
    readonly name: string;
    readonly args: Record<string, unknown> | string;
    /** A tool of the Responses API that takes text, not JSON. */
    readonly isCustom?: boolean;
  }[];
}

export interface LlmServer {
  readonly url: string;
  readonly requests: readonly LlmRequest[];
  stop(): Promise<void>;
}

/**
 * Starts a server whose model answers the n-th request (from 0) with `reply`.
 *
 * @param rules false: takes any request, as no provider does
 */
export async function startLlmServer(
  reply: (request: LlmRequest, index: number) => LlmReply,
  { rules = true }: { readonly rules?: boolean } = {},
): Promise<LlmServer> {
  const requests: LlmRequest[] = [];
  const server = createServer((incoming, response) => {
    const parts: Buffer[] = [];
    incoming.on("data", (part: Buffer) => parts.push(part));
    incoming.on("end", () => {
      const body = Buffer.concat(parts).toString("utf8");
      const request = { path: incoming.url ?? "", body, json: JSON.parse(body) };
      requests.push(request);
      const index = requests.length - 1;
      const broken = rules ? violation(request.path, request.json) : undefined;
      if (broken !== undefined) {
        response
          .writeHead(400, { "content-type": "application/json" })
          .end(JSON.stringify({ error: { type: "invalid_request_error", message: broken } }));
        return;
      }
      const its = reply(request, index);
      const said = {
        id: `reply_${index}`,
        ...its,
        ...(mayCall(request.json) ? {} : { calls: [] }),
      };
      say(response, said, request);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

export type Said = LlmReply & { readonly id: string };

/** Where a reply is written to, one event a write. */
export interface Written {
  writeHead(status: number, headers?: Readonly<Record<string, string>>): Written;
  write(text: string): unknown;
  end(text?: string): unknown;
}

/** Writes a reply in the format of the provider that is asked. */
export function say(to: Written, said: Said, request: LlmRequest): void {
  const stream = request.json.stream === true;
  if (request.path.includes("/chat/completions")) chat(to, said, request, stream);
  else if (request.path.includes("/responses")) responses(to, said, request, stream);
  else if (request.path.includes("/messages")) anthropic(to, said, request, stream);
  else to.writeHead(404).end("{}");
}

/** Input tokens are the body's length over four: enough to see who reads less. */
const tokensOf = ({ body }: LlmRequest): number => Math.ceil(body.length / 4);
const argumentsOf = (args: Record<string, unknown> | string): string =>
  typeof args === "string" ? args : JSON.stringify(args);
const pieces = (text: string): string[] => text.match(/[\s\S]{1,4}/g) ?? [];

function send(response: Written, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}

function chat(response: Written, said: Said, request: LlmRequest, stream: boolean): void {
  const { id, text = "", calls = [] } = said;
  const tokens = tokensOf(request);
  const usage = {
    prompt_tokens: tokens,
    completion_tokens: 5,
    total_tokens: tokens + 5,
    prompt_tokens_details: { cached_tokens: 4 },
  };
  const common = { id, created: 1, model: request.json.model };
  const toolCalls = calls.map(({ name, args }, index) => ({
    index,
    id: `call_${id}_${index}`,
    type: "function",
    function: { name, arguments: argumentsOf(args) },
  }));
  const finish_reason = calls.length > 0 ? "tool_calls" : "stop";
  if (!stream) {
    const message = {
      role: "assistant",
      content: text || null,
      ...(calls.length > 0 ? { tool_calls: toolCalls.map(({ index: _, ...call }) => call) } : {}),
    };
    send(response, {
      ...common,
      object: "chat.completion",
      choices: [{ index: 0, message, finish_reason }],
      usage,
    });
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  const chunk = (delta: object, more: object = {}): void => {
    const choices = [{ index: 0, delta, finish_reason: null, ...more }];
    const value = { ...common, object: "chat.completion.chunk", choices };
    response.write(`data: ${JSON.stringify(value)}\n\n`);
  };
  chunk({ role: "assistant", content: "" });
  for (const piece of pieces(text)) chunk({ content: piece });
  for (const { function: called, ...call } of toolCalls) {
    chunk({ tool_calls: [{ ...call, function: { name: called.name, arguments: "" } }] });
    for (const piece of pieces(called.arguments))
      chunk({ tool_calls: [{ index: call.index, function: { arguments: piece } }] });
  }
  chunk({}, { finish_reason });
  const last = { ...common, object: "chat.completion.chunk", choices: [], usage };
  response.end(`data: ${JSON.stringify(last)}\n\ndata: [DONE]\n\n`);
}

function responses(response: Written, said: Said, request: LlmRequest, stream: boolean): void {
  const { id, text = "", calls = [] } = said;
  const tokens = tokensOf(request);
  const content = [{ type: "output_text", text, annotations: [] }];
  const message = {
    type: "message",
    id: `m_${id}`,
    role: "assistant",
    status: "completed",
    content,
  };
  const functionCalls = calls.map(({ name, args, isCustom = false }, index) => ({
    type: isCustom ? "custom_tool_call" : "function_call",
    id: `fc_${id}_${index}`,
    call_id: `call_${id}_${index}`,
    name,
    [isCustom ? "input" : "arguments"]: argumentsOf(args),
    status: "completed",
  }));
  const whole = {
    id,
    object: "response",
    created_at: 1,
    status: "completed",
    model: request.json.model,
    output: [...(text === "" ? [] : [message]), ...functionCalls],
    usage: { input_tokens: tokens, output_tokens: 5, total_tokens: tokens + 5 },
  };
  if (!stream) {
    send(response, whole);
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  let sequence_number = 0;
  const event = (type: string, value: object): void => {
    const data = { type, sequence_number: sequence_number++, ...value };
    response.write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  event("response.created", { response: { ...whole, status: "in_progress", output: [] } });
  for (const [output_index, item] of whole.output.entries()) {
    const at = { output_index, item_id: item.id };
    if (item.type === "message") {
      const part = { ...at, content_index: 0 };
      event("response.output_item.added", { output_index, item: { ...item, content: [] } });
      event("response.content_part.added", { ...part, part: { ...content[0], text: "" } });
      for (const delta of pieces(text)) event("response.output_text.delta", { ...part, delta });
      event("response.output_text.done", { ...part, text });
      event("response.content_part.done", { ...part, part: content[0] });
    } else {
      const isCustom = item.type === "custom_tool_call";
      const key = isCustom ? "input" : "arguments";
      const name = isCustom ? "custom_tool_call_input" : "function_call_arguments";
      event("response.output_item.added", { output_index, item: { ...item, [key]: "" } });
      const whole = String((item as Readonly<Record<string, unknown>>)[key]);
      for (const delta of pieces(whole)) event(`response.${name}.delta`, { ...at, delta });
      event(`response.${name}.done`, { ...at, [key]: whole });
    }
    event("response.output_item.done", { output_index, item });
  }
  event("response.completed", { response: whole });
  response.end();
}

function anthropic(
  response: Written,
  { id, text = "", calls = [] }: Said,
  request: LlmRequest,
  stream: boolean,
): void {
  const usage = {
    input_tokens: tokensOf(request),
    output_tokens: 5,
    cache_read_input_tokens: 3,
    cache_creation_input_tokens: 2,
  };
  const uses = calls.map(({ name, args }, index) => ({
    type: "tool_use",
    id: `toolu_${id}_${index}`,
    name,
    // Whole replies have parsed input; streamed ones come as text.
    input: args,
  }));
  const stop_reason = calls.length > 0 ? "tool_use" : "end_turn";
  const message = { id, type: "message", role: "assistant", model: request.json.model };
  if (!stream) {
    const content = [...(text === "" ? [] : [{ type: "text", text }]), ...uses];
    send(response, { ...message, content, stop_reason, stop_sequence: null, usage });
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  const event = (type: string, value: object): void => {
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...value })}\n\n`);
  };
  const block = (index: number, content_block: object, deltas: readonly object[]): void => {
    event("content_block_start", { index, content_block });
    for (const delta of deltas) event("content_block_delta", { index, delta });
    event("content_block_stop", { index });
  };
  event("message_start", {
    message: { ...message, content: [], stop_reason: null, stop_sequence: null, usage },
  });
  if (text !== "")
    block(
      0,
      { type: "text", text: "" },
      pieces(text).map((piece) => ({ type: "text_delta", text: piece })),
    );
  for (const [index, use] of uses.entries())
    block(
      index + (text === "" ? 0 : 1),
      { ...use, input: {} },
      pieces(argumentsOf(use.input)).map((piece) => ({
        type: "input_json_delta",
        partial_json: piece,
      })),
    );
  event("message_delta", {
    delta: { stop_reason, stop_sequence: null },
    usage: { output_tokens: 5 },
  });
  event("message_stop", {});
  response.end();
}
