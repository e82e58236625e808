/**
 * Retrieve calls beside other tool calls in one message.
 *
 * The caller has to answer the other calls and must not see ours; the provider wants every call answered. So the message the
 * caller gets has our calls taken out and put aside in `additional_kwargs.headroom`, and when it comes back in the history they
 * are put in again, with their results behind it. That survives serialization, and needs no memory in the model.
 */
import { isRetrieveToolName } from "@headroom/core";
import type { AIMessage, BaseMessage, MessageContent } from "@langchain/core/messages";
import { withFields } from "./messages.ts";

/** A tool call as LangChain has it. */
export interface Call {
  readonly name: string;
  readonly args: Record<string, unknown>;
  readonly id?: string;
}

/** What a message was before calls were taken out of it. */
interface Aside {
  readonly content: MessageContent;
  readonly tool_calls: readonly Call[];
  /** OpenAI's raw form, where the message carries one. */
  readonly raw?: readonly unknown[];
}

const KEY = "headroom";

export function callsOf(message: BaseMessage): readonly Call[] {
  const { tool_calls: calls } = message as { tool_calls?: readonly Call[] };
  return calls ?? [];
}

export function retrieveCalls(message: BaseMessage): readonly Call[] {
  return callsOf(message).filter(({ name }) => isRetrieveToolName(name));
}

/** The message without its retrieve calls, which are put aside in it. */
export function hideCalls<Message extends BaseMessage>(message: Message): Message {
  const ids = new Set(retrieveCalls(message).map(({ id }) => id));
  const { content, additional_kwargs: kwargs } = message;
  const raw = Array.isArray(kwargs.tool_calls) ? (kwargs.tool_calls as unknown[]) : undefined;
  return withFields(message, {
    content: Array.isArray(content) ? content.filter((block) => !isCallIn(block, ids)) : content,
    tool_calls: callsOf(message).filter(({ id }) => !ids.has(id)),
    additional_kwargs: {
      ...kwargs,
      ...(raw ? { tool_calls: raw.filter((call) => !isCallIn(call, ids)) } : {}),
      [KEY]: asideOf(message),
    },
  });
}

/** What `hideCalls` puts aside, for a message that is streamed. */
export function asideOf(message: BaseMessage): Aside {
  const { content, additional_kwargs: kwargs } = message;
  const raw = Array.isArray(kwargs.tool_calls) ? kwargs.tool_calls : undefined;
  return { content, tool_calls: callsOf(message), ...(raw ? { raw } : {}) };
}

export function asideKwargs(message: BaseMessage): Record<string, unknown> {
  return { [KEY]: asideOf(message) };
}

/** A history with every call put back, and behind each such message the results `answer` gives. */
export async function restoreCalls(
  messages: readonly BaseMessage[],
  answer: (call: Call) => Promise<BaseMessage>,
): Promise<BaseMessage[]> {
  const restored: BaseMessage[] = [];
  for (const message of messages) {
    const { [KEY]: aside, ...kwargs } = message.additional_kwargs ?? {};
    if (message.getType() !== "ai" || !isAside(aside)) {
      restored.push(message);
      continue;
    }
    const whole = withFields(message as AIMessage, {
      content: aside.content,
      tool_calls: aside.tool_calls,
      additional_kwargs: { ...kwargs, ...(aside.raw ? { tool_calls: aside.raw } : {}) },
    });
    restored.push(whole, ...(await Promise.all(retrieveCalls(whole).map(answer))));
  }
  return restored;
}

function isAside(value: unknown): value is Aside {
  return (
    typeof value === "object" &&
    value !== null &&
    "content" in value &&
    "tool_calls" in value &&
    Array.isArray(value.tool_calls)
  );
}

/** A `tool_use` block, a standard `tool_call` block, or OpenAI's raw call. */
function isCallIn(value: unknown, ids: ReadonlySet<string | undefined>): boolean {
  return (
    typeof value === "object" && value !== null && "id" in value && ids.has(value.id as string)
  );
}
