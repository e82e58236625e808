/** Puts what the caller did not see back into a prompt, so that it continues the last request of the call before it. */
import { RETRIEVALS_SPENT } from "@headroom/core/kit";
import { resultPart, toolMessage } from "./history.ts";
import { isMessage, type Part, type PromptMessage, partsOf } from "./spec.ts";
import { type Mark, markOf, withoutMark } from "./unseen.ts";

/** Answers one of our calls; the same call gets the same answer. */
export type Answer = (call: Part) => Promise<string>;

/**
 * The prompt with hidden rounds and their answers in place; the same array where there are none.
 *
 * @param withRounds false where the rounds stand on the provider's side, or the request has no room for tool calls: then only
 * marks are taken off, and calls that still wait for their answers get them
 */
export async function restoreUnseen(
  prompt: readonly unknown[],
  answer: Answer,
  withRounds: boolean,
): Promise<readonly unknown[]> {
  let changed = false;
  let owed: readonly Part[] = [];
  const restored: unknown[] = [];
  for (const [index, message] of prompt.entries()) {
    if (isMessage(message) && message.role === "assistant" && hasMark(message)) {
      const turn = unfold(message, nextIsTool(prompt, index));
      owed = turn.owed;
      if (withRounds) restored.push(...(await roundMessages(turn.rounds, answer)));
      const content = withRounds
        ? turn.content
        : turn.content.filter((part) => !owed.includes(part));
      if (content.length > 0) restored.push({ ...message, content });
      changed = true;
    } else if (isMessage(message) && message.role === "tool" && owed.length > 0) {
      restored.push({
        ...message,
        content: [...partsOf(message), ...(await answers(owed, answer))],
      });
      owed = [];
    } else restored.push(message);
  }
  return changed ? restored : prompt;
}

/** One exchange that the caller did not see. */
interface HiddenRound {
  readonly content: readonly Part[];
  readonly calls: readonly Part[];
  readonly spent: boolean;
}

async function roundMessages(
  rounds: readonly HiddenRound[],
  answer: Answer,
): Promise<readonly PromptMessage[]> {
  const messages: PromptMessage[] = [];
  for (const { content, calls, spent } of rounds)
    messages.push({ role: "assistant", content }, toolMessage(await answers(calls, answer, spent)));
  return messages;
}

function answers(calls: readonly Part[], answer: Answer, spent = false): Promise<Part[]> {
  return Promise.all(
    calls.map(async (call) =>
      resultPart(call.toolCallId, spent ? RETRIEVALS_SPENT : await answer(call)),
    ),
  );
}

/** A message as the rounds it stands for, what comes after them, and the calls in that which the next message has to answer. */
function unfold(
  message: PromptMessage,
  isAnswered: boolean,
): {
  readonly rounds: readonly HiddenRound[];
  readonly content: readonly Part[];
  readonly owed: readonly Part[];
} {
  const seen = new Set<unknown>(
    partsOf(message).flatMap((part) => (part.type === "tool-call" ? [part.toolCallId] : [])),
  );
  const rounds: HiddenRound[] = [];
  let content: Part[] = [];
  let calls: Part[] = [];
  const hiddenReasoning = new Set<Part>();
  const add = (unseen: readonly Part[]): void => {
    for (const group of groupsOf(unseen)) {
      const ours = group.filter(({ type }) => type === "tool-call");
      // The same may stand on two parts; once is enough.
      if (ours.length > 0 && ours.every(({ toolCallId }) => seen.has(toolCallId))) continue;
      for (const part of group) {
        if (part.type === "answers") {
          if (calls.length === 0) continue;
          rounds.push({ content, calls, spent: part.spent === true });
          content = [];
          calls = [];
        } else if (part.type !== "tool-call") content.push(part);
        else if (!seen.has(part.toolCallId)) {
          seen.add(part.toolCallId);
          calls.push(part);
          content.push(part);
        }
      }
    }
  };
  for (const part of partsOf(message)) {
    const mark: Mark | undefined = markOf(part);
    add(mark?.before ?? []);
    const clean = withoutMark(part, mark);
    if (mark?.hidden) hiddenReasoning.add(clean);
    content.push(clean);
    add(mark?.after ?? []);
  }
  // Reasoning without the call it led to is refused.
  content = withoutReasoning(content, hiddenReasoning);
  if (isAnswered) return { rounds, content, owed: calls };
  const waiting = calls;
  return { rounds, content: content.filter((part) => !waiting.includes(part)), owed: [] };
}

/** What belongs to one round each: up to its answers. */
function groupsOf(unseen: readonly Part[]): readonly (readonly Part[])[] {
  const groups: Part[][] = [[]];
  for (const part of unseen) {
    groups.at(-1)?.push(part);
    if (part.type === "answers") groups.push([]);
  }
  return groups;
}

/** Parts of one reasoning item stand side by side; the last of them is known. */
function withoutReasoning(content: readonly Part[], last: ReadonlySet<Part>): Part[] {
  const kept: Part[] = [];
  for (const part of content) {
    if (last.has(part)) while (kept.at(-1)?.type === "reasoning") kept.pop();
    else kept.push(part);
  }
  return kept;
}

function hasMark(message: PromptMessage): boolean {
  return partsOf(message).some((part) => markOf(part) !== undefined);
}

function nextIsTool(prompt: readonly unknown[], index: number): boolean {
  const next = prompt[index + 1];
  return isMessage(next) && next.role === "tool" && typeof next.content !== "string";
}
