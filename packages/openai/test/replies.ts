/** What the wire looks like: replies of Chat Completions and Responses, whole and as events. */
import type { WireReply } from "../../../test/support/wire-server.ts";

export interface Said {
  readonly text?: string;
  /** `more`: further fields of the call. */
  readonly calls?: readonly {
    readonly name: string;
    readonly args: object;
    readonly more?: object;
  }[];
  readonly reasoning?: boolean;
  /** Of hosted tools, before the calls. */
  readonly items?: readonly Record<string, unknown>[];
  readonly finish?: string;
  /** Chat: one token that is the text. */
  readonly logprobs?: boolean;
}

export const RETRIEVE = "headroom_retrieve";

let count = 0;
const pieces = (text: string): string[] => text.match(/[\s\S]{1,5}/gu) ?? [];
const usage = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };

export function chat(said: Said, stream: boolean, more: Partial<WireReply> = {}): WireReply {
  const n = ++count;
  const { text = "", calls = [], finish = calls.length > 0 ? "tool_calls" : "stop" } = said;
  const tool_calls = calls.map(({ name, args, more }, index) => ({
    index,
    id: `call_${n}_${index}`,
    type: "function",
    ...more,
    function: { name, arguments: JSON.stringify(args) },
  }));
  const logprobs = said.logprobs
    ? { content: [{ token: text, logprob: -1, bytes: null, top_logprobs: [] }], refusal: null }
    : null;
  const base = { id: `chatcmpl_${n}`, created: 1, model: "gpt-4o" };
  if (!stream) {
    const message = {
      role: "assistant",
      content: text || null,
      refusal: null,
      ...(calls.length > 0 ? { tool_calls: tool_calls.map(({ index: _, ...call }) => call) } : {}),
    };
    const choices = [{ index: 0, message, logprobs, finish_reason: finish }];
    return { json: { ...base, object: "chat.completion", choices, usage }, ...more };
  }
  const events: string[] = [": welcome\n\n"];
  const chunk = (delta: object, finish_reason: string | null = null): void => {
    const choices = [{ index: 0, delta, logprobs: null, finish_reason }];
    const value = { ...base, object: "chat.completion.chunk", choices, usage: null };
    events.push(`data: ${JSON.stringify(value)}\n\n`);
  };
  chunk({ role: "assistant", content: "", refusal: null });
  for (const piece of pieces(text)) chunk({ content: piece });
  for (const { function: called, ...call } of tool_calls) {
    chunk({ tool_calls: [{ ...call, function: { name: called.name, arguments: "" } }] });
    for (const piece of pieces(called.arguments))
      chunk({ tool_calls: [{ index: call.index, function: { arguments: piece } }] });
  }
  chunk({}, finish);
  const last = { ...base, object: "chat.completion.chunk", choices: [], usage };
  events.push(`data: ${JSON.stringify(last)}\n\n`, "data: [DONE]\n\n");
  return { sse: events.join(""), ...more };
}

export interface Response {
  readonly id: string;
  readonly status: string;
  readonly output: readonly Record<string, unknown>[];
}

export function responseOf(said: Said, encrypted = false): Response {
  const n = ++count;
  const { text = "", calls = [], reasoning = false, items = [], finish = "completed" } = said;
  const output: Record<string, unknown>[] = [
    ...(reasoning
      ? [
          {
            type: "reasoning",
            id: `rs_${n}`,
            summary: [],
            ...(encrypted ? { encrypted_content: "eA==" } : {}),
          },
        ]
      : []),
    ...(text === ""
      ? []
      : [
          {
            type: "message",
            id: `msg_${n}`,
            role: "assistant",
            status: "completed",
            content: [{ type: "output_text", text, annotations: [], logprobs: [] }],
          },
        ]),
    ...items,
    ...calls.map(({ name, args, more }, index) => ({
      type: "function_call",
      id: `fc_${n}_${index}`,
      call_id: `call_${n}_${index}`,
      name,
      arguments: JSON.stringify(args),
      status: "completed",
      ...more,
    })),
  ];
  const usage = { input_tokens: 100, output_tokens: 10, total_tokens: 110 };
  const base = { id: `resp_${n}`, object: "response", created_at: 1, model: "gpt-5", tools: [] };
  return Object.assign(base, { status: finish, output, usage });
}

export function responses(said: Said, stream: boolean, more: Partial<WireReply> = {}): WireReply {
  return responseReply(responseOf(said), stream, more);
}

export function responseReply(
  done: Response,
  stream: boolean,
  more: Partial<WireReply> = {},
): WireReply {
  const { output } = done;
  if (!stream) return { json: done, ...more };
  const events: string[] = [];
  const event = (type: string, value: object): void => {
    const data = { type, sequence_number: events.length, ...value };
    events.push(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const started = { ...done, status: "in_progress", output: [], usage: null };
  event("response.created", { response: started });
  event("response.in_progress", { response: started });
  for (const [output_index, item] of output.entries()) {
    const item_id = item.id;
    const begun: Readonly<Record<string, object>> = {
      message: { content: [], status: "in_progress" },
      function_call: { arguments: "", status: "in_progress" },
    };
    const added = { ...item, ...begun[String(item.type)] };
    event("response.output_item.added", { output_index, item: added });
    if (item.type === "message") {
      const place = { item_id, output_index, content_index: 0 };
      const part = { type: "output_text", text: "", annotations: [], logprobs: [] };
      event("response.content_part.added", { ...place, part });
      const text = textOf(item);
      for (const delta of pieces(text))
        event("response.output_text.delta", { ...place, delta, logprobs: [] });
      event("response.output_text.done", { ...place, text, logprobs: [] });
      event("response.content_part.done", { ...place, part: { ...part, text } });
    }
    if (item.type === "function_call") {
      const all = String(item.arguments);
      for (const delta of pieces(all))
        event("response.function_call_arguments.delta", { item_id, output_index, delta });
      event("response.function_call_arguments.done", {
        item_id,
        output_index,
        name: item.name,
        arguments: all,
      });
    }
    event("response.output_item.done", { output_index, item });
  }
  event(`response.${done.status}`, { response: done });
  return { sse: events.join(""), ...more };
}

/** The words of a message item. */
export function textOf({ content }: Readonly<Record<string, unknown>>): string {
  return Array.isArray(content) ? content.map(({ text }) => text).join("") : "";
}
