/**
 * Rounds the caller did not see, put back into his next request.
 *
 * Trap: thinking blocks of the latest reply have to come back as the model gave them, each before the call it led to. A reply made of
 * several rounds is therefore sent back as those rounds, found by the ids of its calls and by its signatures; a reply of words alone is
 * found by its words and everything before it.
 */
import { type Asides, isRecord } from "@headroom/core/kit";
import { type Json, messageKeys, type Round } from "@headroom/core/wire";
import { answersOf, blocksOf, exchangeOf, isOurBlock, shownOf } from "./turn.ts";

/** What stood in a reply that the caller did not see. */
export interface Hidden {
  readonly before: readonly Json[];
  /** Blocks of hidden rounds as the caller has them. */
  readonly shown: readonly Json[];
  readonly calls: readonly { readonly at: number; readonly call: Json }[];
  readonly answers: readonly Json[];
}

/** @param messages the request the reply answers, as the caller wrote it */
export async function rememberReply(
  kept: Asides<Hidden>,
  messages: readonly unknown[],
  hidden: readonly Round[],
  last: Round,
  structured: boolean,
): Promise<void> {
  if (hidden.length === 0 && last.answers.length === 0) return;
  const own = last.turn.items.flatMap(blocksOf);
  const shown = structured ? [] : hidden.flatMap(({ turn }) => turn.items.flatMap(shownOf));
  const entry: Hidden = {
    before: hidden.flatMap(exchangeOf),
    shown,
    calls:
      last.answers.length > 0
        ? own.flatMap((call, at) => (isOurBlock(call) ? [{ at, call }] : []))
        : [],
    answers: answersOf(last),
  };
  const visible = [...shown, ...own.filter((block) => !isOurBlock(block))];
  const keys = visible.flatMap((block) => keyOf(block) ?? []);
  const words = messageKeys();
  for (const message of messages) words.add(message);
  await kept.keep(keys.length > 0 ? keys : [words.keyOf(textOf(visible))], entry);
}

/** The messages with hidden rounds at their places; the same array where there are none. */
export async function restoreReplies(
  kept: Asides<Hidden>,
  messages: readonly unknown[],
): Promise<readonly unknown[]> {
  const entries = await kept.findAll(keysOf(messages));
  const result: unknown[] = [];
  let owed: readonly Json[] = [];
  let changed = false;
  for (const [index, message] of messages.entries()) {
    const blocks = isRecord(message) ? contentOf(message) : undefined;
    if (!isRecord(message) || blocks === undefined) {
      result.push(message);
      continue;
    }
    const all: readonly unknown[] = Array.isArray(message.content) ? message.content : blocks;
    if (message.role === "user" && owed.length > 0) {
      result.push({ ...message, content: [...owed, ...all] });
      owed = [];
      continue;
    }
    const next = messages[index + 1];
    const entry = entries[index];
    const fits =
      entry !== undefined &&
      startsWith(blocks, entry.shown) &&
      (entry.answers.length === 0 || (isRecord(next) && Array.isArray(next.content)));
    if (!entry || !fits) {
      result.push(message);
      continue;
    }
    const content = all.slice(entry.shown.length);
    for (const { at, call } of entry.calls) content.splice(at, 0, call);
    const isSame = entry.shown.length === 0 && entry.calls.length === 0;
    result.push(...entry.before, isSame ? message : { ...message, content });
    owed = entry.answers;
    changed = true;
  }
  return changed ? result : messages;
}

/** Blocks of a message; many clients write a string for one text. */
function contentOf(message: Json): readonly Json[] | undefined {
  const { content } = message;
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  return Array.isArray(content) ? blocksOf(message) : undefined;
}

/** The key of each message that can be a reply of ours; `undefined` for the others. */
function keysOf(messages: readonly unknown[]): (string | undefined)[] {
  const words = messageKeys();
  return messages.map((message) => {
    const key = isRecord(message) && message.role === "assistant" ? replyKey(message) : undefined;
    const own =
      key === "words" && isRecord(message)
        ? words.keyOf(() => textOf(contentOf(message) ?? []), message)
        : key;
    words.add(message);
    return own;
  });
}

function replyKey(message: Json): string | undefined {
  const blocks = contentOf(message) ?? [];
  if (blocks.length === 0 || blocks.some(isOurBlock)) return undefined;
  for (const block of blocks) {
    const key = keyOf(block);
    if (key !== undefined) return key;
  }
  return "words";
}

/** What nobody but the model can have written. */
function keyOf({ type, id, signature, data }: Json): string | undefined {
  if (type === "tool_use" && typeof id === "string") return `call:${id}`;
  if (type === "thinking" && typeof signature === "string" && signature !== "")
    return `signature:${signature}`;
  return type === "redacted_thinking" && typeof data === "string" ? `data:${data}` : undefined;
}

function textOf(blocks: readonly Json[]): string {
  return JSON.stringify(blocks.flatMap(({ text }) => (typeof text === "string" ? [text] : [])));
}

function startsWith(blocks: readonly Json[], shown: readonly Json[]): boolean {
  return shown.every((block, index) => {
    const other = blocks[index];
    return (
      other !== undefined &&
      (["type", "text", "thinking", "signature", "data", "id"] as const).every(
        (key) => block[key] === other[key],
      )
    );
  });
}
