/** Chunks of one or more chat completions as the chunks of one. */
import { isRecord, sumUsage } from "@headroom/core/kit";
import {
  isOurs,
  type Json,
  parseJson,
  type SseEvent,
  type StreamFilter,
  sseBytes,
  type Turn,
} from "@headroom/core/wire";
import { GAP, turnOfMessage } from "./chat-turn.ts";

interface ToolCall {
  readonly id: unknown;
  readonly name: unknown;
  args: string;
}

export function chatStream(): StreamFilter {
  let calls = new Map<number, ToolCall>();
  let fields: Record<string, string> = {};
  let finish: unknown;
  let usage: unknown;
  let held: Json[] = [];
  let ended = false;
  let spent: unknown;
  let first: Json | undefined;
  let shownText = false;
  let needsGap = false;
  let continues = false;

  const ourIndexes = (): number[] =>
    [...calls].filter(([, { name }]) => isOurs(name)).map(([index]) => index);
  const hides = (): boolean => {
    const ours = ourIndexes().length;
    return ours > 0 && ours === calls.size;
  };

  /** Adds a delta to the reply as it stands in the history; gives what of it is shown. */
  const take = (delta: Json): Json => {
    const shown: Record<string, unknown> = { ...delta };
    for (const [key, value] of Object.entries(delta))
      if (typeof value === "string" && key !== "role") fields[key] = (fields[key] ?? "") + value;
    if (typeof delta.content === "string" && delta.content !== "") {
      if (needsGap) shown.content = GAP + delta.content;
      needsGap = false;
      shownText = true;
    }
    if (!Array.isArray(delta.tool_calls)) return shown;
    const visible = delta.tool_calls.flatMap((part: unknown) => {
      if (!isRecord(part)) return [part];
      const index = typeof part.index === "number" ? part.index : 0;
      const called = isRecord(part.function) ? part.function : {};
      const known = calls.get(index) ?? { id: part.id, name: called.name, args: "" };
      if (typeof called.arguments === "string") known.args += called.arguments;
      calls.set(index, known);
      if (isOurs(known.name)) return [];
      const before = ourIndexes().filter((our) => our < index).length;
      return [before > 0 ? { ...part, index: index - before } : part];
    });
    if (visible.length === 0) delete shown.tool_calls;
    else shown.tool_calls = visible;
    return shown;
  };

  const push = ({ bytes, data }: SseEvent): readonly Uint8Array[] => {
    if (data === "[DONE]") {
      ended = true;
      return held.length > 0 ? [] : [bytes];
    }
    const chunk = parseJson(data);
    if (!chunk) return [bytes];
    const choice: unknown = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
    let next = chunk;
    if (isRecord(choice)) {
      if (choice.finish_reason != null) finish = choice.finish_reason;
      const delta = isRecord(choice.delta) ? take(choice.delta) : undefined;
      if (delta && !sameKeys(delta, choice.delta))
        next = {
          ...chunk,
          choices: [{ ...choice, delta }, ...(chunk.choices as unknown[]).slice(1)],
        };
      const empty = delta !== undefined && Object.keys(delta).length === 0;
      if (empty && choice.finish_reason == null && chunk.usage == null && next !== chunk) return [];
    }
    if (chunk.usage != null) usage = chunk.usage;
    // A client stops reading at the end: what has to be kept of the reply is kept before.
    if (finish != null && (ourIndexes().length > 0 || continues)) {
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
    const tool_calls = [...calls].map(([, { id, name, args }]) => ({
      id,
      type: "function",
      function: { name, arguments: args },
    }));
    const message = {
      role: "assistant",
      ...fields,
      content: fields.content || null,
      ...(tool_calls.length > 0 ? { tool_calls } : {}),
    };
    return turnOfMessage(message, ended || finish != null ? finish : undefined);
  };

  return {
    push,
    turn,
    next(discarded) {
      spent = sumUsage(spent, usage);
      if (discarded) {
        first = undefined;
        shownText = false;
      }
      needsGap = shownText;
      continues = true;
      calls = new Map();
      fields = {};
      finish = undefined;
      usage = undefined;
      held = [];
      ended = false;
    },
    close() {
      if (held.length === 0) return [];
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
      return ended ? [...output, new TextEncoder().encode("data: [DONE]\n\n")] : output;
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
