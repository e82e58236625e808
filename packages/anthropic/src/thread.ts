/**
 * Message threads: conversations that the server holds, continued from the id of a reply.
 *
 * Traps: a `continue` may bring neither `tools` nor `system`; a reply is continued once, so that the caller's next turn has to
 * continue from the last hidden one, whatever id he knows. Source: `BetaThreadContinueParams` of the official SDK.
 */
import { type Asides, isRecord } from "@headroom/core/kit";
import { isOurs, type Json, type Round } from "@headroom/core/wire";
import { answersOf } from "./turn.ts";

/** What is known of a reply that a thread can be continued from. */
export interface ThreadReply {
  /** The thread was created with our tool. */
  readonly ours: boolean;
  /** The reply that has to be continued instead. */
  readonly next?: string;
  /** Our answers that it waits for, beside those of the caller. */
  readonly answers?: readonly Json[];
}

/** Whether the server holds the conversation. */
export function isThread({ thread }: Json): boolean {
  return isRecord(thread);
}

/** The id that a request continues from. */
export function continuedFrom({ thread }: Json): string | undefined {
  return isRecord(thread) &&
    thread.type === "continue" &&
    typeof thread.previous_message_id === "string"
    ? thread.previous_message_id
    : undefined;
}

/** A `continue` from where the server is, with the answers it waits for. */
export async function restoreThread(kept: Asides<ThreadReply>, body: Json): Promise<Json> {
  const id = continuedFrom(body);
  const reply = id === undefined ? undefined : await kept.find(id);
  if (!reply) return body;
  const { next, answers = [] } = reply;
  const thread = isRecord(body.thread) ? body.thread : {};
  return {
    ...body,
    ...(next === undefined ? {} : { thread: { ...thread, previous_message_id: next } }),
    ...(answers.length === 0 ? {} : { messages: withAnswers(body.messages, answers) }),
  };
}

/** Keeps what the next `continue` has to know. It may come from any of the ids: a stream began under the first one's. */
export async function rememberThread(
  kept: Asides<ThreadReply>,
  body: Json,
  hidden: readonly Round[],
  last: Round,
): Promise<void> {
  const from = continuedFrom(body);
  const ours =
    from === undefined
      ? Array.isArray(body.tools) && body.tools.some((tool) => isRecord(tool) && isOurs(tool.name))
      : (await kept.find(from))?.ours === true;
  const { id } = last.turn;
  if (id === undefined) return;
  const answers = answersOf(last);
  const reply: ThreadReply = { ours, ...(answers.length > 0 ? { answers } : {}) };
  await kept.keep([id], reply);
  const others = hidden.flatMap(({ turn }) => turn.id ?? []).filter((other) => other !== id);
  if (others.length > 0) await kept.keep(others, { ...reply, next: id });
}

/** The request after a hidden round: only what is new. */
export function followInThread(body: Json, last: Round): Json {
  const { tools: _, system: __, ...rest } = body;
  return {
    ...rest,
    messages: [{ role: "user", content: answersOf(last) }],
    thread: { type: "continue", previous_message_id: last.turn.id },
  };
}

/** Answers stand before everything else the user says. */
function withAnswers(messages: unknown, answers: readonly Json[]): readonly unknown[] {
  const [first, ...others] = Array.isArray(messages) ? (messages as unknown[]) : [];
  if (!isRecord(first) || first.role !== "user")
    return [{ role: "user", content: answers }, ...(first === undefined ? [] : [first]), ...others];
  const content = Array.isArray(first.content)
    ? first.content
    : [{ type: "text", text: first.content }];
  return [{ ...first, content: [...answers, ...content] }, ...others];
}
