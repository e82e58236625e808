/**
 * Calls to our tool that a model makes beside calls of the caller's tools.
 *
 * Such a turn goes back to the caller, without our calls; the next request has to have them again, answered, or the model would
 * not get what it asked for. They travel on the caller's own call, in `providerMetadata.headroom`: the SDK keeps that in its
 * history and in UI messages, so that any process can put them back. A call that comes after the last of the caller's calls in a
 * stream has nothing left to travel on and is remembered here, by this instance.
 *
 * The same field marks reasoning of hidden rounds, which is left out of later requests: providers refuse reasoning without the
 * call it led to.
 */
import { isRecord, lru } from "@headroom/core/kit";
import { callPart, resultPart } from "./history.ts";
import { HEADROOM_RETRIEVE } from "./retrieval.ts";
import { isMessage, isPart, type Part, type PromptMessage, partsOf } from "./spec.ts";

/** Hidden calls remembered by an instance, by the id of the call beside them. */
const MAX_REMEMBERED = 500;
/** Hidden calls a part may carry. */
const MAX_CARRIED = 16;

export interface HiddenCalls {
  /** A copy of the caller's call that carries ours. */
  carry(part: Part, calls: readonly Part[]): Part;
  /** For calls that nothing can carry. */
  remember(siblingId: string, calls: readonly Part[]): void;
  /** The prompt with hidden calls and their answers back in place; the same array where there are none. */
  restore(
    prompt: readonly unknown[],
    answer: (call: Part) => Promise<string>,
  ): Promise<readonly unknown[]>;
}

export function hiddenCalls(): HiddenCalls {
  const remembered = lru<string, readonly Part[]>({ max: MAX_REMEMBERED });
  const callsOf = (part: Part): readonly Part[] => {
    const carried = carriedBy(part);
    const ids = new Set(carried.map(({ toolCallId }) => toolCallId));
    const kept = remembered.get(String(part.toolCallId)) ?? [];
    return [...carried, ...kept.filter(({ toolCallId }) => !ids.has(toolCallId))];
  };
  return {
    carry: (part, calls) =>
      calls.length === 0
        ? part
        : {
            ...part,
            providerMetadata: {
              ...(isRecord(part.providerMetadata) ? part.providerMetadata : {}),
              headroom: { calls: calls.map(callPart) },
            },
          },
    remember(siblingId, calls) {
      if (calls.length > 0) remembered.set(siblingId, calls.map(callPart));
    },
    async restore(prompt, answer) {
      let changed = false;
      let owed: readonly Part[] = [];
      const restored: unknown[] = [];
      for (const [index, message] of prompt.entries()) {
        if (!isMessage(message)) {
          restored.push(message);
          continue;
        }
        let next = message;
        if (message.role === "assistant") {
          const answered = nextIsTool(prompt, index);
          const { parts, calls } = restoreCalls(message, answered ? callsOf : () => []);
          owed = calls;
          if (parts !== message.content) next = { ...message, content: parts };
        } else if (message.role === "tool" && owed.length > 0) {
          const answers = await Promise.all(
            owed.map(async (call) => resultPart(call.toolCallId, await answer(call))),
          );
          next = { ...message, content: [...partsOf(message), ...answers] };
          owed = [];
        }
        changed ||= next !== message;
        restored.push(next);
      }
      return changed ? restored : prompt;
    },
  };
}

function nextIsTool(prompt: readonly unknown[], index: number): boolean {
  const next = prompt[index + 1];
  return isMessage(next) && next.role === "tool" && typeof next.content !== "string";
}

/** An assistant message's parts with hidden calls before the calls beside them, and without what is marked as hidden. */
function restoreCalls(
  message: PromptMessage,
  callsOf: (part: Part) => readonly Part[],
): { readonly parts: PromptMessage["content"]; readonly calls: readonly Part[] } {
  const { content } = message;
  if (typeof content === "string") return { parts: content, calls: [] };
  const present = new Set(
    content.flatMap((part) => (part.type === "tool-call" ? [part.toolCallId] : [])),
  );
  const calls: Part[] = [];
  const parts: Part[] = [];
  let changed = false;
  for (const part of content) {
    if (isHiddenReasoning(part)) {
      changed = true;
      // Parts of one reasoning item stand side by side; the mark is on the last of them.
      while (parts.at(-1)?.type === "reasoning") parts.pop();
      continue;
    }
    if (part.type === "tool-call") {
      const hidden = callsOf(part).filter(({ toolCallId }) => !present.has(toolCallId));
      for (const call of hidden) present.add(call.toolCallId);
      calls.push(...hidden);
      parts.push(...hidden);
    }
    const clean = withoutMark(part);
    changed ||= clean !== part;
    parts.push(clean);
  }
  if (calls.length === 0 && (!changed || parts.length === 0)) return { parts: content, calls };
  return { parts, calls };
}

function carriedBy(part: Part): readonly Part[] {
  const mark = markOf(part);
  if (!isRecord(mark) || !Array.isArray(mark.calls)) return [];
  // What comes back may have been through a browser: only calls of our tool's shape are taken.
  return mark.calls
    .slice(0, MAX_CARRIED)
    .filter(isPart)
    .filter(
      ({ type, toolCallId, input }) =>
        type === "tool-call" && typeof toolCallId === "string" && isRecord(input),
    )
    .map((call) => callPart({ ...call, providerMetadata: call.providerOptions }))
    .map(asOurs);
}

function asOurs(call: Part): Part {
  return { ...call, toolName: HEADROOM_RETRIEVE };
}

/** The `providerMetadata` of reasoning that led to a hidden call: no item id and no signature, only our mark. */
export const HIDDEN_REASONING: { readonly [key: string]: unknown } = Object.freeze({
  headroom: Object.freeze({ hidden: true }),
});

function isHiddenReasoning(part: Part): boolean {
  const mark = markOf(part);
  return part.type === "reasoning" && isRecord(mark) && mark.hidden === true;
}

function markOf(part: Part): unknown {
  return isRecord(part.providerOptions) ? part.providerOptions.headroom : undefined;
}

/** Providers have no use for our field. */
function withoutMark(part: Part): Part {
  if (markOf(part) === undefined || !isRecord(part.providerOptions)) return part;
  const { headroom: _, ...options } = part.providerOptions;
  const { providerOptions: __, ...fields } = part;
  return Object.keys(options).length === 0
    ? { ...fields, type: part.type }
    : { ...part, providerOptions: options };
}
