/** Rules and replies of OpenAI's Chat Completions and Responses. */
import { type Body, nextId, refuse, type Said } from "./rule.ts";
import { events, type WireAnswer } from "./wire.ts";

const listOf = (value: unknown): Body[] => (Array.isArray(value) ? value : []) as Body[];
const USAGE = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };

/** Every call of an assistant message is answered by the tool messages right after it, and by no others. */
export function chatRules(body: Body): void {
  let open = new Set<unknown>();
  for (const [index, { role, tool_calls, tool_call_id }] of listOf(body.messages).entries()) {
    if (role === "tool") {
      if (!open.delete(tool_call_id)) refuse(`messages.${index}: no call ${tool_call_id}`);
      continue;
    }
    if (open.size > 0) refuse(`messages.${index}: no output for ${[...open]}`);
    open = new Set(listOf(tool_calls).map(({ id }) => id));
  }
  if (open.size > 0) refuse(`no output for ${[...open]}`);
  if (body.tool_choice && listOf(body.tools).length === 0) refuse("tool_choice without tools");
}

export function chatReply({ text, calls = [] }: Said, { model, stream }: Body): WireAnswer {
  const toolCalls = calls.map(({ name, input = {} }, index) => ({
    index,
    id: nextId("call"),
    type: "function",
    function: { name, arguments: JSON.stringify(input) },
  }));
  const finish_reason = calls.length > 0 ? "tool_calls" : "stop";
  const base = { id: nextId("chatcmpl"), created: 1, model };
  if (stream !== true) {
    const message = { role: "assistant", content: text ?? null, tool_calls: toolCalls };
    return json({ ...base, choices: [{ index: 0, message, finish_reason }], usage: USAGE });
  }
  const chunk = (delta: object, reason: string | null = null): object => ({
    ...base,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, finish_reason: reason }],
  });
  const chunks = [
    chunk({ role: "assistant", content: "" }),
    ...pieces(text ?? "").map((content) => chunk({ content })),
    ...toolCalls.map((call) => chunk({ tool_calls: [call] })),
    chunk({}, finish_reason),
    { ...base, object: "chat.completion.chunk", choices: [], usage: USAGE },
  ];
  return { type: "text/event-stream", body: `${events(chunks, false)}data: [DONE]\n\n` };
}

/** What the provider keeps: items by their id, and histories by response and by conversation. */
export interface Responses {
  readonly conversations: Map<string, readonly Body[]>;
  readonly stored: Map<unknown, readonly Body[]>;
  readonly items: Map<unknown, { readonly item: Body; readonly response: string }>;
  /** Gives all items that the model is to read. */
  check(body: Body): readonly Body[];
}

/**
 * Items are named by ids the provider knows; each call has one output and each output a call; reasoning comes with the item that
 * followed it, and that item with its reasoning.
 */
export function responsesRules(): Responses {
  const conversations = new Map<string, readonly Body[]>();
  const stored = new Map<unknown, readonly Body[]>();
  const items = new Map<unknown, { readonly item: Body; readonly response: string }>();
  return {
    conversations,
    stored,
    items,
    check({ previous_response_id: previous, conversation, input }) {
      const held = conversation
        ? (conversations.get(String(conversation)) ?? [])
        : previous
          ? (stored.get(previous) ?? refuse(`no response ${previous}`))
          : [];
      const sent = listOf(input).map((item) =>
        item.type === "item_reference"
          ? (items.get(item.id)?.item ?? refuse(`no item ${item.id}`))
          : item,
      );
      const all = [...held, ...sent];
      const known = all.flatMap(({ id }) => (typeof id === "string" ? [id] : []));
      if (new Set(known).size < known.length) refuse(`duplicate item among ${known}`);
      const idsOf = (type: string): unknown[] =>
        all.flatMap((item) => (item.type === type ? [item.call_id] : []));
      const [calls, outputs] = [idsOf("function_call"), idsOf("function_call_output")];
      for (const id of outputs) if (!calls.includes(id)) refuse(`no call for output ${id}`);
      for (const id of calls) if (!outputs.includes(id)) refuse(`no output for call ${id}`);
      if (new Set(outputs).size < outputs.length) refuse(`two outputs for one call: ${outputs}`);
      for (const [index, item] of all.entries()) {
        const { response } = items.get(item.id) ?? {};
        const next = all[index + 1];
        // Sent by value an item has no id.
        const follows =
          next?.id === undefined
            ? next?.type === "function_call" || next?.role === "assistant"
            : items.get(next.id)?.response === response;
        if (item.type === "reasoning" && !follows)
          refuse(`reasoning ${item.id} without its following item`);
        const reasoning = [...items.values()].find(
          (other) => other.response === response && other.item.type === "reasoning",
        );
        if (
          response &&
          reasoning &&
          item !== reasoning.item &&
          !known.includes(String(reasoning.item.id))
        )
          refuse(`item ${item.id} without its reasoning ${reasoning.item.id}`);
      }
      return all;
    },
  };
}

export function responsesReply({ conversations, stored, items }: Responses) {
  return (
    { reasoning, text, calls = [] }: Said,
    { model, stream, conversation }: Body,
    before: readonly Body[],
  ): WireAnswer => {
    const id = nextId("resp");
    const output: Body[] = [];
    if (reasoning !== undefined)
      output.push({
        type: "reasoning",
        id: nextId("rs"),
        summary: [{ type: "summary_text", text: reasoning }],
      });
    if (text !== undefined)
      output.push({
        type: "message",
        id: nextId("msg"),
        role: "assistant",
        status: "completed",
        content: [{ type: "output_text", text, annotations: [] }],
      });
    for (const { name, input = {} } of calls)
      output.push({
        type: "function_call",
        id: nextId("fc"),
        call_id: nextId("call"),
        name,
        arguments: JSON.stringify(input),
        status: "completed",
      });
    for (const item of output) items.set(item.id, { item, response: id });
    stored.set(id, [...before, ...output]);
    if (conversation) conversations.set(String(conversation), [...before, ...output]);
    const usage = { input_tokens: 100, output_tokens: 10, total_tokens: 110 };
    const response = (status: string, done: readonly Body[]): object => ({
      id,
      object: "response",
      created_at: 1,
      model,
      status,
      output: done,
      usage,
    });
    if (stream !== true) return json(response("completed", output));
    const list = [
      { type: "response.created", response: response("in_progress", []) },
      ...output.flatMap(itemEvents),
      { type: "response.completed", response: response("completed", output) },
    ].map((event, sequence_number) => ({ ...event, sequence_number }));
    return { type: "text/event-stream", body: events(list, true) };
  };
}

function itemEvents(item: Body, output_index: number): readonly object[] {
  const at = { item_id: item.id, output_index };
  const text = String(listOf(item.content)[0]?.text ?? "");
  const summary = String(listOf(item.summary)[0]?.text ?? "");
  const part = { ...at, summary_index: 0, part: { type: "summary_text", text: summary } };
  const inside =
    item.type === "message"
      ? pieces(text).map((delta) => ({
          type: "response.output_text.delta",
          ...at,
          content_index: 0,
          delta,
        }))
      : item.type === "reasoning"
        ? [
            { type: "response.reasoning_summary_part.added", ...part },
            {
              type: "response.reasoning_summary_text.delta",
              ...at,
              summary_index: 0,
              delta: summary,
            },
            { type: "response.reasoning_summary_part.done", ...part },
          ]
        : [
            {
              type: "response.function_call_arguments.delta",
              ...at,
              delta: item.arguments,
            },
          ];
  const begun =
    item.type === "message"
      ? { ...item, content: [] }
      : item.type === "reasoning"
        ? { ...item, summary: [] }
        : { ...item, arguments: "" };
  return [
    { type: "response.output_item.added", output_index, item: begun },
    ...inside,
    { type: "response.output_item.done", output_index, item },
  ];
}

function json(value: object): WireAnswer {
  return { type: "application/json", body: JSON.stringify(value) };
}

/** A text in pieces of a few characters. */
export function pieces(text: string): readonly string[] {
  return text.match(/.{1,5}/gsu) ?? [];
}
