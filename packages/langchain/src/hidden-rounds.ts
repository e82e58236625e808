/**
 * The rounds of an answer that its reader does not see.
 *
 * A reader gets one message: no retrieve call in it, and everything the model said. What the provider has to see in the next
 * request is put aside in `additional_kwargs.headroom`: every reply as it was, with its calls. When the message comes back in a
 * history the replies are put in its place, each with its results behind it. So the model still knows what it looked up, the
 * request begins with the bytes of the one before, and serialization and other processes change nothing.
 */
import { isRecord, RETRIEVALS_SPENT, type RetrievalCall } from "@headroom/core/kit";
import { type BaseMessage, ToolMessage } from "@langchain/core/messages";
import { withFields } from "./messages.ts";
import {
  type Call,
  type IsOurs,
  joinContents,
  messageOf,
  type Reply,
  textIn,
  withoutCalls,
} from "./reply.ts";

/** A reply that was answered with look-ups only. */
export interface HiddenRound extends Reply {
  /** Its calls were refused, because there had been too many. */
  readonly refused?: true;
}

/** What a message was made of. */
export interface Aside {
  readonly rounds: readonly HiddenRound[];
  readonly last: Reply;
  /** Ids of those calls of `last` that the reader is not shown. */
  readonly hidden: readonly string[];
}

const KEY = "headroom";

/** Answers calls, in order. */
export type AnswerCalls = (calls: readonly RetrievalCall[]) => Promise<readonly string[]>;

/** What is put aside of these replies. @param maxRetrievals how many of the first were answered; the others were refused */
export function asideOf(
  rounds: readonly Reply[],
  last: Reply,
  isOurs: IsOurs,
  maxRetrievals: number,
): Aside {
  return {
    rounds: rounds.map((round, index) =>
      index < maxRetrievals ? round : { ...round, refused: true as const },
    ),
    last,
    hidden: last.calls.flatMap(({ id = "", name }) => (isOurs(name) ? [id] : [])),
  };
}

/** The fields in which the reader's message differs from the provider's last one. */
export function shownFields(aside: Aside): {
  readonly content: Reply["content"];
  readonly tool_calls: readonly Call[];
  readonly additional_kwargs: Record<string, unknown>;
  readonly response_metadata: Record<string, unknown>;
} {
  const { calls, kwargs, metadata } = visible(aside);
  return {
    content: shownContent(aside),
    tool_calls: calls.map((call) => ({ ...call, type: "tool_call" })),
    additional_kwargs: { ...kwargs, ...asideKwargs(aside) },
    response_metadata: { ...metadata },
  };
}

export function asideKwargs(aside: Aside): Record<string, unknown> {
  return { [KEY]: aside };
}

/** Whether there is anything that the reader is not shown. */
export function hides({ rounds, hidden }: Aside): boolean {
  return rounds.length > 0 || hidden.length > 0;
}

/** A history with every round put back, and behind each reply the results that `answer` gives. */
export async function restoreRounds(
  messages: readonly BaseMessage[],
  answer: AnswerCalls,
): Promise<BaseMessage[]> {
  const restored: BaseMessage[] = [];
  for (const message of messages) {
    const { [KEY]: aside, ...kwargs } = message.additional_kwargs ?? {};
    if (message.getType() !== "ai" || !isAside(aside)) {
      restored.push(message);
      continue;
    }
    // Somebody changed what the model said, to redact it for one: that stands, and the rounds are forgotten.
    if (textIn(message.content) !== textIn(shownContent(aside))) {
      restored.push(withFields(message, { additional_kwargs: kwargs }));
      continue;
    }
    for (const { refused, ...round } of aside.rounds) {
      const answers = refused
        ? round.calls.map(() => RETRIEVALS_SPENT)
        : await answer(asked(round.calls));
      restored.push(...roundMessages(round, round.calls, answers));
    }
    const hidden = new Set(aside.hidden);
    const last = withCallsNow(aside, message);
    const ours = last.calls.filter(({ id = "" }) => hidden.has(id));
    restored.push(...roundMessages(last, ours, await answer(asked(ours))));
  }
  return restored;
}

/** A reply, and behind it the results of those of its calls that are ours. */
export function roundMessages(
  reply: Reply,
  ours: readonly Call[],
  answers: readonly string[],
): BaseMessage[] {
  const results = ours.map(
    ({ id = "", name }, index) =>
      new ToolMessage({ content: answers[index] ?? "", name, tool_call_id: id }),
  );
  return [messageOf(reply), ...results];
}

function asked(calls: readonly Call[]): RetrievalCall[] {
  return calls.map(({ id = "", args }) => ({ id, args }));
}

/** The last reply with the reader's own calls as they are now: a person may have changed or withdrawn some. */
function withCallsNow({ last, hidden }: Aside, message: BaseMessage): Reply {
  const { tool_calls: now = [] } = message as { tool_calls?: readonly Call[] };
  const calls = last.calls.flatMap((call) =>
    hidden.includes(call.id ?? "") ? [call] : now.filter(({ id }) => id === call.id).slice(0, 1),
  );
  const ids = new Set(calls.map(({ id }) => id));
  return { ...withoutCalls(last, ({ id }) => !ids.has(id)), calls };
}

function visible({ last, hidden }: Aside): Reply {
  return withoutCalls(last, ({ id = "" }) => hidden.includes(id));
}

function shownContent(aside: Aside): Reply["content"] {
  const contents = aside.rounds.map((round) => withoutCalls(round, () => true).content);
  return joinContents([...contents, visible(aside).content]);
}

function isAside(value: unknown): value is Aside {
  return (
    isRecord(value) &&
    Array.isArray(value.rounds) &&
    Array.isArray(value.hidden) &&
    isReply(value.last)
  );
}

function isReply(value: unknown): value is Reply {
  return isRecord(value) && "content" in value && Array.isArray(value.calls);
}
