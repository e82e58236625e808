/**
 * What each user message of a conversation was asked for, where the run said so.
 *
 * A query ranks what shortened texts keep. One for the whole conversation would re-rank every earlier text with every run, and no
 * request would begin with the bytes of the one before. So a query belongs to the latest user message. The model's answer carries it
 * in the state; from there later requests know it.
 */
import type { BaseMessage } from "@langchain/core/messages";
import { QUERY_KEY, withFields } from "./messages.ts";

/** The model's answer, which carries the query it was given for. */
export function askedFor<Message extends BaseMessage>(answer: Message, query: string): Message {
  return withFields(answer, {
    additional_kwargs: { ...answer.additional_kwargs, [QUERY_KEY]: query },
  });
}

/**
 * Hands on messages whose user messages have their queries, `query` for the latest, and gives the caller's own objects back for
 * those that come back unchanged.
 */
export async function withQueries(
  messages: readonly BaseMessage[],
  query: string | undefined,
  compress: (asked: BaseMessage[]) => Promise<BaseMessage[]>,
): Promise<BaseMessage[]> {
  let next = query;
  const asked = messages.toReversed().map((message) => {
    const { [QUERY_KEY]: said } = message.additional_kwargs ?? {};
    if (message.getType() === "ai" && typeof said === "string") next = said;
    if (message.getType() !== "human") return message;
    const its = next;
    next = undefined;
    return its === undefined
      ? message
      : withFields(message, {
          additional_kwargs: { ...message.additional_kwargs, [QUERY_KEY]: its },
        });
  });
  asked.reverse();
  const compressed = await compress(asked);
  return compressed.map((message, index) =>
    message === asked[index] ? (messages[index] ?? message) : message,
  );
}
