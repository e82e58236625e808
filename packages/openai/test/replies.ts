/** What the wire looks like: replies of Chat Completions and Responses, whole and as events. */
import type { WireReply } from "../../../test/support/wire-server.ts";

export interface Said {
  readonly text?: string;
  readonly calls?: readonly { readonly name: string; readonly args: object }[];
  readonly reasoning?: boolean;
  readonly finish?: string;
}

export const RETRIEVE = "headroom_retrieve";

let count = 0;
const pieces = (text: string): string[] => text.match(/[\s\S]{1,5}/gu) ?? [];
const usage = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };

export function chat(said: Said, stream: boolean, more: Partial<WireReply> = {}): WireReply {
  const n = ++count;
  const { text = "", calls = [], finish = calls.length > 0 ? "tool_calls" : "stop" } = said;
  const tool_calls = calls.map(({ name, args }, index) => ({
    index,
    id: `call_${n}_${index}`,
    type: "function",
    function: { name, arguments: JSON.stringify(args) },
  }));
  const base = { id: `chatcmpl_${n}`, created: 1, model: "gpt-4o" };
  if (!stream) {
    const message = {
      role: "assistant",
      content: text || null,
      refusal: null,
      ...(calls.length > 0 ? { tool_calls: tool_calls.map(({ index: _, ...call }) => call) } : {}),
    };
    const choices = [{ index: 0, message, logprobs: null, finish_reason: finish }];
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

export function responses(said: Said, stream: boolean, more: Partial<WireReply> = {}): WireReply {
  const n = ++count;
  const { text = "", calls = [], reasoning = false } = said;
  const output: Record<string, unknown>[] = [
    ...(reasoning ? [{ type: "reasoning", id: `rs_${n}`, summary: [] }] : []),
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
    ...calls.map(({ name, args }, index) => ({
      type: "function_call",
      id: `fc_${n}_${index}`,
      call_id: `call_${n}_${index}`,
      name,
      arguments: JSON.stringify(args),
      status: "completed",
    })),
  ];
  const base = { id: `resp_${n}`, object: "response", created_at: 1, model: "gpt-5", tools: [] };
  const done = {
    ...base,
    status: "completed",
    output,
    usage: { input_tokens: 100, output_tokens: 10, total_tokens: 110 },
  };
  if (!stream) return { json: done, ...more };
  const events: string[] = [];
  const event = (type: string, value: object): void => {
    const data = { type, sequence_number: events.length, ...value };
    events.push(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const started = { ...base, status: "in_progress", output: [] };
  event("response.created", { response: started });
  event("response.in_progress", { response: started });
  for (const [output_index, item] of output.entries()) {
    const item_id = item.id;
    const empty =
      item.type === "message"
        ? { content: [] }
        : item.type === "reasoning"
          ? {}
          : { arguments: "" };
    const added = {
      ...item,
      ...empty,
      ...(item.type === "reasoning" ? {} : { status: "in_progress" }),
    };
    event("response.output_item.added", { output_index, item: added });
    if (item.type === "message") {
      const place = { item_id, output_index, content_index: 0 };
      const part = { type: "output_text", text: "", annotations: [], logprobs: [] };
      event("response.content_part.added", { ...place, part });
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
  event("response.completed", { response: done });
  return { sse: events.join(""), ...more };
}
