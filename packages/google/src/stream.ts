/** Chunks of one or more replies as the chunks of one. */
import { isRecord } from "@headroom/core/kit";
import {
  type Json,
  parseJson,
  type SseEvent,
  type StreamFilter,
  sseBytes,
  type Turn,
} from "@headroom/core/wire";
import { tokenOf } from "./continuation.ts";
import {
  candidateOf,
  isCall,
  isEmptyText,
  isOurPart,
  partsOf,
  turnOfParts,
  withParts,
} from "./turn.ts";
import { addUsage } from "./usage.ts";

const CR = 13;
const LF = 10;

interface Chunk {
  readonly event: SseEvent;
  readonly data: Json;
  /** `data` is not that of the event. */
  readonly changed?: boolean;
}

export function generateStream(): StreamFilter {
  let parts: Json[] = [];
  let finishReason: unknown;
  let single = true;
  let token: string | undefined;
  let usage: unknown;
  /** Usage of the rounds before; `undefined` in the first. */
  let spent: unknown;
  let continues = false;
  let held: Chunk[] = [];

  const whole = wholeEvents();
  /** The round has calls of ours, and of the caller's. */
  let isOurs = false;
  let isTheirs = false;

  /** A chunk of a reply without our calls, its usage that of all rounds. */
  const shown = ({ event, data, changed }: Chunk, own: readonly Json[]): Uint8Array => {
    const total = continues ? addUsage(spent, data.usageMetadata) : data.usageMetadata;
    const isSame = own.length === partsOf(candidateOf(data).content).length;
    const isCounted = continues && data.usageMetadata !== undefined;
    if (isSame && !changed && !isCounted) return event.bytes;
    const reply = isSame ? data : withParts(data, own);
    return sseBytes(
      { ...reply, ...(data.usageMetadata === undefined ? {} : { usageMetadata: total }) },
      event.event,
    );
  };

  const push = (cut: SseEvent): readonly Uint8Array[] => {
    const event = { ...cut, bytes: whole(cut.bytes) };
    const data = parseJson(event.data);
    if (!data) return [event.bytes];
    const candidate = candidateOf(data);
    const own = partsOf(candidate.content);
    parts.push(...own);
    isOurs ||= own.some(isOurPart);
    isTheirs ||= own.some((part) => isCall(part) && !isOurPart(part));
    finishReason = candidate.finishReason ?? finishReason;
    single = single && (!Array.isArray(data.candidates) || data.candidates.length <= 1);
    token = tokenOf(candidate) ?? token;
    usage = data.usageMetadata ?? usage;
    const visible = own.filter((part) => !isOurPart(part));
    const chunk = { event, data };
    // A client may stop reading at the end: what has to be kept of the reply is kept before.
    const ends = candidate.finishReason !== undefined || held.length > 0;
    if ((ends && (continues || isOurs)) || (isOurs && visible.some(isEmptyText))) {
      const words = isOurs && !isTheirs ? visible.filter((part) => !isEmptyText(part)) : [];
      if (words.length === 0) {
        held.push(chunk);
        return [];
      }
      held.push({ event, data: withParts(data, visible.filter(isEmptyText)), changed: true });
      return [sseBytes(piece(data, words), event.event)];
    }
    if (visible.length === 0 && own.length > 0) return [];
    return [shown(chunk, visible)];
  };

  return {
    push,
    turn: (): Turn => turnOfParts(parts, finishReason, single, token),
    next() {
      spent = addUsage(spent, usage);
      continues = true;
      parts = [];
      isOurs = false;
      isTheirs = false;
      finishReason = undefined;
      token = undefined;
      usage = undefined;
      held = [];
    },
    close: () =>
      held.map((chunk) =>
        shown(
          chunk,
          partsOf(candidateOf(chunk.data).content).filter((part) => !isOurPart(part)),
        ),
      ),
    fail(body, status) {
      const error = parseJson(body)?.error;
      const own = isRecord(error) ? error : { message: body.slice(0, 1_000) };
      return [sseBytes({ error: { ...own, code: status } })];
    },
  };
}

/**
 * Events with their own line ends, where a `\r\n` was cut in two on the way: the SDK splits at `\r\n\r\n`, and the event that has the
 * other half may be one that is not shown.
 */
function wholeEvents(): (bytes: Uint8Array) => Uint8Array {
  let isCut = false;
  return (bytes) => {
    const own = isCut && bytes[0] === LF ? bytes.subarray(1) : bytes;
    isCut = own.at(-1) === CR;
    return isCut ? withLf(own) : own;
  };
}

function withLf(bytes: Uint8Array): Uint8Array {
  const all = new Uint8Array(bytes.length + 1);
  all.set(bytes);
  all[bytes.length] = LF;
  return all;
}

/** The words of a chunk that ends a reply, without its end. */
function piece({ usageMetadata: _, ...data }: Json, words: readonly Json[]): Json {
  const { finishReason: __, finishMessage: ___, ...candidate } = candidateOf(data);
  return withParts({ ...data, candidates: [candidate] }, words);
}
