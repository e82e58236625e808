/**
 * Rounds the caller did not see, put back into his next request.
 *
 * A reply is found by its signatures, by the ids of its calls, or, where it has neither, by what it says and everything before it.
 *
 * Traps: signatures have to come back where the model gave them, and on parallel calls only the first has one, which may be ours; a
 * chat keeps every piece of a streamed reply as a content of its own.
 */
import { type Asides, isRecord } from "@headroom/core/kit";
import { type Json, type MessageKeys, messageKeys, type Round } from "@headroom/core/wire";
import { type Begun, wholeRounds } from "./continuation.ts";
import { withoutShown } from "./shown.ts";
import {
  answersOf,
  exchangeOf,
  isCall,
  isOurPart,
  isResponse,
  joined,
  partsOf,
  shownOf,
} from "./turn.ts";

/** What stood in a reply that the caller did not see. */
export interface Hidden {
  readonly before: readonly Json[];
  /** Parts of hidden rounds as the caller has them. */
  readonly shown: readonly Json[];
  /** Calls of the last round that stood among the caller's, `at` which place among all calls. */
  readonly calls: readonly { readonly at: number; readonly call: Json; readonly answer: Json }[];
}

/** A reply of one or more rounds. */
export interface FullReply extends Omit<Hidden, "calls"> {
  /** Those of the last round. */
  readonly parts: readonly Json[];
  readonly answers: readonly Json[];
}

/** @param begun what the first round goes on from */
export function replyOf(
  begun: Begun | undefined,
  hidden: readonly Round[],
  last: Round,
  structured: boolean,
): FullReply {
  const rounds = wholeRounds(begun, [...hidden, last]);
  const before = rounds.slice(0, -1);
  const shown = structured
    ? []
    : before.flatMap(({ turn }) => shownOf(turn.items.flatMap(partsOf)));
  return {
    before: [...(begun?.before ?? []), ...before.flatMap(exchangeOf)],
    shown: joined([...(begun?.shown ?? []), ...shown]),
    parts: rounds.at(-1)?.turn.items.flatMap(partsOf) ?? [],
    answers: answersOf(last),
  };
}

/** @param contents those of the request the reply answers, as the caller wrote it */
export async function rememberReply(
  kept: Asides<Hidden>,
  contents: readonly unknown[],
  { before, shown, parts: own, answers: given }: FullReply,
): Promise<void> {
  if (before.length === 0 && given.length === 0) return;
  const answers = [...given];
  const calls = own.filter(isCall).flatMap((call, at) => {
    const answer = isOurPart(call) ? answers.shift() : undefined;
    return answer ? [{ at, call, answer }] : [];
  });
  const visible = [...shown, ...own.filter((part) => !isOurPart(part))];
  const words = messageKeys();
  for (const content of contents) words.add(content);
  const keys = [...visible.flatMap(keysOf), words.keyOf(wordsOf(visible))];
  await kept.keep(keys, { before, shown, calls });
}

/** The contents with hidden rounds at their places; the same array where there are none. */
export async function restoreReplies(
  kept: Asides<Hidden>,
  contents: readonly unknown[],
): Promise<readonly unknown[]> {
  const replies = repliesIn(contents);
  const entries = await kept.findAll(replies.map(({ key }) => key));
  const result: unknown[] = [];
  let at = 0;
  for (const [index, { start, end }] of replies.entries()) {
    result.push(...contents.slice(at, start));
    at = end;
    const reply = contents.slice(start, end);
    const next = contents[end];
    const restored = restoredReply(reply, next, entries[index]);
    result.push(...(restored?.contents ?? reply));
    if (restored?.next === undefined || restored.next === next) continue;
    result.push(restored.next);
    at = end + 1;
  }
  result.push(...contents.slice(at));
  const isSame =
    result.length === contents.length &&
    result.every((content, index) => content === contents[index]);
  return isSame ? contents : result;
}

function restoredReply(
  reply: readonly unknown[],
  next: unknown,
  entry: Hidden | undefined,
): { readonly contents: readonly unknown[]; readonly next: unknown } | undefined {
  const rest = entry && withoutShown(reply, entry.shown);
  if (!rest) return undefined;
  const { before, calls } = entry;
  if (calls.length === 0) return { contents: [...before, ...rest], next };
  // Calls stand in the content that has the others, and are answered in the one that answers those.
  const [first] = rest;
  if (!first || !isRecord(next) || !partsOf(next).some(isResponse)) return undefined;
  const ours = calls.map(({ at, call }) => ({ at, part: call }));
  const answers = calls.map(({ at, answer }) => ({ at, part: answer }));
  const parts = placed(rest.flatMap(partsOf), ours, isCall);
  return {
    contents: [...before, { ...first, parts }],
    next: { ...next, parts: placed(partsOf(next), answers, isResponse) },
  };
}

/** Parts with others among them, each at its place among those that count. */
function placed(
  parts: readonly Json[],
  others: readonly { readonly at: number; readonly part: Json }[],
  counts: (part: Json) => boolean,
): readonly Json[] {
  const result: Json[] = [];
  let place = 0;
  let next = 0;
  for (const part of parts) {
    if (counts(part)) {
      for (let other = others[next]; other && other.at === place; other = others[++next]) {
        result.push(other.part);
        place++;
      }
      place++;
    }
    result.push(part);
  }
  return [...result, ...others.slice(next).map(({ part }) => part)];
}

interface Reply {
  readonly start: number;
  /** The index after it. */
  readonly end: number;
  /** Absent where it cannot be a reply of ours. */
  readonly key: string | undefined;
}

/** Contents of the model that stand next to each other are pieces of one reply. */
function repliesIn(contents: readonly unknown[]): readonly Reply[] {
  const words = messageKeys();
  const replies: Reply[] = [];
  for (let start = 0; start < contents.length; start++) {
    let end = start;
    while (isModels(contents[end])) end++;
    if (end > start) {
      const parts = contents.slice(start, end).flatMap(partsOf);
      replies.push({ start, end, key: replyKey(parts, words) });
      for (const content of contents.slice(start, end)) words.add(content);
    }
    if (end < contents.length) words.add(contents[end]);
    start = end;
  }
  return replies;
}

function isModels(content: unknown): boolean {
  return isRecord(content) && content.role === "model" && Array.isArray(content.parts);
}

function replyKey(parts: readonly Json[], words: MessageKeys): string | undefined {
  if (parts.length === 0 || parts.some(isOurPart)) return undefined;
  for (const part of parts) {
    const [key] = keysOf(part);
    if (key !== undefined) return key;
  }
  return words.keyOf(wordsOf(parts));
}

/** What nobody but the model can have written. */
function keysOf({ thoughtSignature, functionCall }: Json): string[] {
  const id = isRecord(functionCall) ? functionCall.id : undefined;
  return [
    ...(typeof thoughtSignature === "string" && thoughtSignature !== ""
      ? [`signature:${thoughtSignature}`]
      : []),
    ...(typeof id === "string" && id !== "" ? [`call:${id}`] : []),
  ];
}

/** What a reply says and calls, in however many pieces. */
function wordsOf(parts: readonly Json[]): string {
  const text = parts.map((part) =>
    typeof part.text === "string" && part.thought !== true ? part.text : "",
  );
  const calls = parts.flatMap(({ functionCall }) =>
    isRecord(functionCall) ? [[functionCall.name, functionCall.args]] : [],
  );
  return JSON.stringify([text.join(""), calls]);
}
