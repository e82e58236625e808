/** Rules and replies of Anthropic's Messages, threads among them. */
import { type Body, nextId, refuse, type Said } from "./rule.ts";
import { pieces } from "./rules-openai.ts";
import { events, type WireAnswer } from "./wire.ts";

interface ThreadMessage {
  readonly messages: readonly Body[];
  readonly tools: unknown;
  continued: boolean;
}
export interface Messages {
  readonly threads: Map<unknown, ThreadMessage>;
  /** Gives all messages that the model is to read, and the tools in force. */
  check(body: Body): {
    readonly messages: readonly Body[];
    readonly tools: unknown;
    /** Continued once a reply is given, not by a request that fails. */
    readonly continues?: ThreadMessage;
  };
}

const blocksOf = ({ content }: Body): Body[] => (Array.isArray(content) ? content : []) as Body[];
const ofType = (message: Body | undefined, type: string): Body[] =>
  message ? blocksOf(message).filter((block) => block.type === type) : [];
const isThinking = (block: Body | undefined): boolean =>
  block?.type === "thinking" || block?.type === "redacted_thinking";

/**
 * Calls are answered in the next message, and only they; texts are not empty; where thinking is enabled, a turn that uses tools
 * starts with it; tools and system belong to the request that creates a thread, and a thread's message is continued once.
 */
export function anthropicRules(): Messages {
  const threads = new Map<unknown, ThreadMessage>();
  return {
    threads,
    check(body) {
      const { thread } = body as { thread?: Body };
      let messages = body.messages as Body[];
      let continues: ThreadMessage | undefined;
      let { tools } = body;
      if (thread?.type === "continue") {
        if (tools !== undefined || body.system !== undefined)
          refuse("tools and system stay with the thread");
        const known = threads.get(thread.previous_message_id);
        if (!known) refuse("thread_not_found");
        if (known.continued) refuse("thread_already_continued");
        continues = known;
        messages = [...known.messages, ...messages];
        tools = known.tools;
      }
      checkMessages(messages, tools);
      if ((body.thinking as Body | undefined)?.type === "enabled") checkThinking(messages);
      return { messages, tools, ...(continues ? { continues } : {}) };
    },
  };
}

function checkMessages(messages: readonly Body[], tools: unknown): void {
  for (const [index, message] of messages.entries()) {
    if (blocksOf(message).some(({ type, text }) => type === "text" && text === ""))
      refuse(`messages.${index}: an empty text`);
    const calls = ofType(message, "tool_use").map(({ id }) => id);
    const answers = ofType(messages[index + 1], "tool_result").map(({ tool_use_id: id }) => id);
    for (const id of calls) if (!answers.includes(id)) refuse(`no tool_result for ${id}`);
    for (const id of answers) if (!calls.includes(id)) refuse(`no tool_use for ${id}`);
    if (calls.length > 0 && tools === undefined) refuse("tool_use without tools");
  }
}

function checkThinking(messages: readonly Body[]): void {
  const isAnswers = (message: Body | undefined): boolean =>
    blocksOf(message ?? {}).some(({ type }) => type === "tool_result") &&
    blocksOf(message ?? {}).every(({ type }) => type === "tool_result");
  if (!isAnswers(messages.at(-1))) return;
  const said = messages.findLastIndex((message) => message.role === "user" && !isAnswers(message));
  const first = messages[said + 1];
  if (first && !isThinking(blocksOf(first)[0]))
    refuse(`messages.${said + 1}: expected thinking, found ${blocksOf(first)[0]?.type}`);
}

export function anthropicReply({ threads }: Messages) {
  return (
    { reasoning, text, calls = [] }: Said,
    { model, stream, thread }: Body,
    held: ReturnType<Messages["check"]>,
  ): WireAnswer => {
    if (held.continues) held.continues.continued = true;
    const id = nextId("msg");
    const content: Body[] = [];
    if (reasoning !== undefined)
      content.push({ type: "thinking", thinking: reasoning, signature: nextId("sig") });
    if (text !== undefined) content.push({ type: "text", text });
    for (const { name, input = {} } of calls)
      content.push({ type: "tool_use", id: nextId("toolu"), name, input });
    if (thread)
      threads.set(id, {
        messages: [...held.messages, { role: "assistant", content }],
        tools: held.tools,
        continued: false,
      });
    const stop_reason = calls.length > 0 ? "tool_use" : "end_turn";
    const usage = { input_tokens: 100, output_tokens: 10 };
    const message = { id, type: "message", role: "assistant", model, stop_sequence: null, usage };
    if (stream !== true)
      return {
        type: "application/json",
        body: JSON.stringify({ ...message, content, stop_reason }),
      };
    const list = [
      { type: "message_start", message: { ...message, content: [], stop_reason: null } },
      ...content.flatMap(blockEvents),
      { type: "message_delta", delta: { stop_reason, stop_sequence: null }, usage },
      { type: "message_stop" },
    ];
    return { type: "text/event-stream", body: events(list, true) };
  };
}

function blockEvents(block: Body, index: number): readonly object[] {
  const delta = (fields: object): object => ({ type: "content_block_delta", index, delta: fields });
  const [begun, deltas] =
    block.type === "thinking"
      ? [
          { type: "thinking", thinking: "", signature: "" },
          [
            ...pieces(String(block.thinking)).map((thinking) =>
              delta({ type: "thinking_delta", thinking }),
            ),
            delta({ type: "signature_delta", signature: block.signature }),
          ],
        ]
      : block.type === "text"
        ? [
            { type: "text", text: "" },
            pieces(String(block.text)).map((text) => delta({ type: "text_delta", text })),
          ]
        : [
            { ...block, input: {} },
            pieces(JSON.stringify(block.input)).map((partial_json) =>
              delta({ type: "input_json_delta", partial_json }),
            ),
          ];
  return [
    { type: "content_block_start", index, content_block: begun },
    ...deltas,
    { type: "content_block_stop", index },
  ];
}
