/** What the wire looks like: replies of the Messages API, whole and as events. */
import type { WireReply } from "../../../test/support/wire-server.ts";

export interface Said {
  readonly text?: string;
  readonly thinking?: string;
  readonly calls?: readonly { readonly name: string; readonly args: object }[];
  readonly stop?: string;
}

export const RETRIEVE = "headroom_retrieve";

let count = 0;
const pieces = (text: string): string[] => text.match(/[\s\S]{1,5}/gu) ?? [];
const usage = {
  input_tokens: 100,
  cache_creation_input_tokens: 2,
  cache_read_input_tokens: 3,
  output_tokens: 10,
};

export interface Message extends WireReply {
  readonly id: string;
  readonly content: readonly object[];
}

export function message(said: Said, stream: boolean, more: Partial<WireReply> = {}): Message {
  const n = ++count;
  const {
    text = "",
    thinking,
    calls = [],
    stop = calls.length > 0 ? "tool_use" : "end_turn",
  } = said;
  const content = [
    ...(thinking === undefined
      ? []
      : [{ type: "thinking", thinking, signature: `signature-${n}` }]),
    ...(text === "" ? [] : [{ type: "text", text }]),
    ...calls.map(({ name, args }, index) => ({
      type: "tool_use",
      id: `toolu_${n}_${index}`,
      name,
      input: args,
    })),
  ];
  const id = `msg_${n}`;
  const base = { id, type: "message", role: "assistant", model: "claude-sonnet-5-5" };
  if (!stream) {
    const json = { ...base, content, stop_reason: stop, stop_sequence: null, usage };
    return { json, id, content, ...more };
  }
  const events: string[] = [];
  const event = (type: string, value: object = {}): void => {
    events.push(`event: ${type}\ndata: ${JSON.stringify({ type, ...value })}\n\n`);
  };
  event("message_start", {
    message: {
      ...base,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { ...usage, output_tokens: 1 },
    },
  });
  event("ping");
  for (const [index, block] of content.entries()) {
    const delta = (value: object): void => event("content_block_delta", { index, delta: value });
    if (block.type === "thinking") {
      const content_block = { type: "thinking", thinking: "", signature: "" };
      event("content_block_start", { index, content_block });
      for (const piece of pieces(thinking ?? ""))
        delta({ type: "thinking_delta", thinking: piece });
      delta({ type: "signature_delta", signature: `signature-${n}` });
    } else if (block.type === "text") {
      event("content_block_start", { index, content_block: { type: "text", text: "" } });
      for (const piece of pieces(text)) delta({ type: "text_delta", text: piece });
    } else {
      event("content_block_start", { index, content_block: { ...block, input: {} } });
      delta({ type: "input_json_delta", partial_json: "" });
      const { input } = block as { input?: object };
      for (const piece of pieces(JSON.stringify(input)))
        delta({ type: "input_json_delta", partial_json: piece });
    }
    event("content_block_stop", { index });
    event("ping");
  }
  event("message_delta", {
    delta: { stop_reason: stop, stop_sequence: null },
    usage: { output_tokens: 10 },
  });
  event("message_stop");
  return { sse: events.join(""), id, content, ...more };
}
