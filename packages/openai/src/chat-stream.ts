/** Chunks of one or more chat completions as the chunks of one. */
import { isRecord, sumUsage } from "@headroom/core/kit";
import {
  type Json,
  parseJson,
  type SseEvent,
  type StreamFilter,
  sseBytes,
  type Turn,
} from "@headroom/core/wire";
import { streamedCalls } from "./chat-calls.ts";
import { GAP, isOurCall, turnOfMessage } from "./chat-turn.ts";
import { grow } from "./grow.ts";

export function chatStream(): StreamFilter {
  let calls = streamedCalls();
  let message: Record<string, unknown> = {};
  let finish: unknown;
  let usage: unknown;
  let held: Json[] = [];
  let ended = false;
  /** The end of the stream is kept back with what stands before it. */
  let isHeld = false;
  let spent: unknown;
  let first: Json | undefined;
  let shownRole = false;
  let shownText = false;
  let needsGap = false;
  let continues = false;

  const hasOurs = (): boolean => calls.whole().some(isOurCall);
  const hides = (): boolean => hasOurs() && calls.whole().every(isOurCall);

  /** Adds a delta to the reply as it stands in the history; gives what of it is shown. */
  const take = (delta: Json, isLast: boolean): Json => {
    const { tool_calls: pieces, ...words } = delta;
    grow(message, words, (key) => key !== "role");
    const shown: Record<string, unknown> = { ...delta };
    // Trap: the Python client joins the texts of deltas: said again, the role would be "assistantassistant".
    if (continues && shownRole) delete shown.role;
    shownRole ||= delta.role != null;
    if (typeof delta.content === "string" && delta.content !== "") {
      if (needsGap) shown.content = GAP + delta.content;
      needsGap = false;
      shownText = true;
    }
    const visible = Array.isArray(pieces)
      ? pieces.map((piece: unknown) => calls.take(piece)).filter((piece) => piece !== undefined)
      : [];
    if (isLast) visible.push(...calls.rest());
    if (visible.length > 0) shown.tool_calls = visible;
    else if (Array.isArray(pieces) && pieces.length > 0) delete shown.tool_calls;
    return shown;
  };

  const push = ({ bytes, data }: SseEvent): readonly Uint8Array[] => {
    if (data === "[DONE]") {
      ended = true;
      isHeld = held.length > 0 || hasOurs();
      return isHeld ? [] : [bytes];
    }
    const chunk = parseJson(data);
    // An error is no piece of a reply.
    if (!chunk || (chunk.error != null && chunk.choices === undefined)) return [bytes];
    const choice: unknown = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
    let next = chunk;
    if (isRecord(choice)) {
      const isLast = choice.finish_reason != null;
      const delta = isRecord(choice.delta) ? take(choice.delta, isLast) : undefined;
      if (delta && !sameKeys(delta, choice.delta))
        next = {
          ...chunk,
          choices: [{ ...choice, delta }, ...(chunk.choices as unknown[]).slice(1)],
        };
      if (isLast) finish = choice.finish_reason;
      const saysNothing = delta && Object.keys(delta).length === 0 && choice.logprobs == null;
      if (saysNothing && !isLast && chunk.usage == null && next !== chunk) return [];
    }
    if (chunk.usage != null) usage = chunk.usage;
    // A client stops reading at the end: what has to be kept of the reply is kept before.
    if (finish != null && (hasOurs() || continues)) {
      held.push(next);
      return [];
    }
    return [shownAs(next, chunk, bytes)];
  };

  /** The chunk as one of the whole reply; its own bytes where nothing differs. */
  const shownAs = (next: Json, chunk?: Json, bytes?: Uint8Array): Uint8Array => {
    let shown = next;
    if (next.usage != null && spent !== undefined)
      shown = { ...shown, usage: sumUsage(spent, next.usage) };
    if (first && first.id !== next.id) shown = { ...shown, id: first.id };
    first ??= next;
    return bytes && shown === chunk ? bytes : sseBytes(shown);
  };

  const turn = (): Turn => {
    const tool_calls = calls.whole().map((call) => ({ type: "function", ...call }));
    const whole = {
      role: "assistant",
      ...message,
      content: message.content || null,
      ...(tool_calls.length > 0 ? { tool_calls } : {}),
    };
    // A server that ends its stream without saying why has said all.
    return turnOfMessage(whole, finish ?? (ended ? "stop" : undefined));
  };

  return {
    push,
    turn,
    next(discarded) {
      spent = sumUsage(spent, usage);
      if (discarded) {
        first = undefined;
        shownRole = false;
        shownText = false;
      }
      needsGap = shownText;
      continues = true;
      calls = streamedCalls();
      message = {};
      finish = undefined;
      usage = undefined;
      held = [];
      ended = false;
      isHeld = false;
    },
    close() {
      const stops = hides();
      const output = held.map((chunk) => {
        const choices = (Array.isArray(chunk.choices) ? chunk.choices : []).map(
          (choice: unknown) =>
            stops && isRecord(choice) && choice.finish_reason === "tool_calls"
              ? { ...choice, finish_reason: "stop" }
              : choice,
        );
        return shownAs({ ...chunk, choices });
      });
      return isHeld ? [...output, new TextEncoder().encode("data: [DONE]\n\n")] : output;
    },
    fail(body) {
      const error = parseJson(body)?.error ?? { message: body.slice(0, 1_000) };
      return [sseBytes({ error })];
    },
  };
}

function sameKeys(one: Json, other: unknown): boolean {
  if (!isRecord(other)) return false;
  const keys = Object.keys(other);
  return (
    keys.length === Object.keys(one).length &&
    keys.every((key) => {
      const [a, b] = [one[key], other[key]];
      return a === b || (Array.isArray(a) && Array.isArray(b) && sameList(a, b));
    })
  );
}

function sameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}
