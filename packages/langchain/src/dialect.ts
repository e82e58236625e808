/** What core's retrieval loop has to know of LangChain: how its replies are read, sent again, and become one message. */
import {
  type Dialect,
  type Round,
  sumUsage,
  type Turn,
  type WholeDialect,
} from "@headroom/core/kit";
import type {
  AIMessage,
  AIMessageChunk,
  BaseMessage,
  UsageMetadata,
} from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";
import { type Aside, asideOf, roundMessages, shownFields } from "./hidden-rounds.ts";
import { withFields } from "./messages.ts";
import { type IsOurs, type Reply, readReply } from "./reply.ts";

/** The request of one round. */
export interface RoundRequest {
  readonly messages: BaseMessage[];
  /** The model gets the same tools, so that cached prefixes hold, and may use none. */
  readonly isFinal: boolean;
}

/** What is hidden travels in the message: there is nothing to remember. */
export function dialect(): Dialect<RoundRequest, Reply> {
  return {
    follow: ({ messages }, rounds, isFinal) => ({
      messages: [...messages, ...rounds.flatMap(messagesOf)],
      isFinal,
    }),
  };
}

export function wholeDialect(
  isOurs: IsOurs,
  maxRetrievals: number,
): WholeDialect<RoundRequest, ChatResult, Reply> {
  const replyOf = ({ generations: [generation] }: ChatResult): Reply | undefined =>
    generation && readReply(generation.message, isOurs);
  return {
    ...dialect(),
    turnOf: (result) => turnOf(replyOf(result), isOurs),
    merge(hidden, result) {
      const [generation] = result.generations;
      const last = replyOf(result);
      if (!generation || !last) return result;
      const aside = asideOf(
        hidden.flatMap((one) => replyOf(one) ?? []),
        last,
        isOurs,
        maxRetrievals,
      );
      const message = shownMessage(generation.message, aside, usageOf([...hidden, result]));
      return { ...result, generations: [{ ...generation, text: message.text, message }] };
    },
  };
}

export function turnOf(reply: Reply | undefined, isOurs: IsOurs): Turn<Reply> {
  if (!reply) return { items: [], ours: [], others: false, complete: true };
  const ours = reply.calls.filter(({ name }) => isOurs(name));
  return {
    items: [reply],
    ours: ours.map(({ id = "", args }) => ({ id, args })),
    others: ours.length < reply.calls.length,
    complete: true,
  };
}

function messagesOf({ turn, answers }: Round<Reply>): BaseMessage[] {
  const [reply] = turn.items;
  return reply ? roundMessages(reply, reply.calls, answers) : [];
}

/** The provider's last message as its reader sees it. */
function shownMessage(
  message: BaseMessage,
  aside: Aside,
  usage: UsageMetadata | undefined,
): BaseMessage {
  const { tool_call_chunks: parts } = message as Partial<AIMessageChunk>;
  const { invalid_tool_calls: broken = [] } = message as Partial<AIMessage>;
  const ours = new Set(aside.hidden);
  return withFields(message, {
    ...shownFields(aside),
    invalid_tool_calls: broken.filter(({ id = "" }) => !ours.has(id)),
    ...(parts ? { tool_call_chunks: parts.filter(({ id = "" }) => !ours.has(id)) } : {}),
    ...(usage ? { usage_metadata: usage } : {}),
  });
}

function usageOf(results: readonly ChatResult[]): UsageMetadata | undefined {
  let usage: unknown;
  for (const { generations } of results)
    usage = sumUsage(usage, (generations[0]?.message as AIMessage | undefined)?.usage_metadata);
  return usage as UsageMetadata | undefined;
}
