/** Events of one or more messages as the events of one. */
import { isRecord, sumUsage } from "@headroom/core/kit";
import {
  type Json,
  parseJson,
  type SseEvent,
  type StreamFilter,
  sseBytes,
  type Turn,
} from "@headroom/core/wire";
import { isOurBlock, stopReason, turnOfMessage } from "./turn.ts";

interface Block {
  readonly content: Record<string, unknown>;
  json: string;
  /** Its index in the reply the caller sees; `undefined` for our calls. */
  readonly place: number | undefined;
}

/**
 * @param inThread the reply may be continued by its id: the id of a hidden reply of which nothing is shown is not shown either,
 * and what ends the reply waits until everything is kept
 */
export function messagesStream(inThread = false): StreamFilter {
  let blocks = new Map<unknown, Block>();
  let visible = 0;
  let continues = false;
  /** The start of the reply, while nothing of it was shown. */
  let starting: Uint8Array | undefined;
  let id: unknown;
  let usage: unknown;
  let stop: unknown;
  let spent: unknown;
  let held: { event: SseEvent; data: Json }[] = [];

  const holds = (): boolean =>
    inThread || continues || [...blocks.values()].some(({ place }) => place === undefined);

  const start = (event: SseEvent, data: Json): readonly Uint8Array[] => {
    const content = isRecord(data.content_block) ? { ...data.content_block } : {};
    const place = isOurBlock(content) ? undefined : visible++;
    blocks.set(data.index, { content, json: "", place });
    return place === undefined ? [] : [...started(), ...moved(event, data, place)];
  };

  const started = (): readonly Uint8Array[] => {
    const bytes = starting;
    starting = undefined;
    return bytes ? [bytes] : [];
  };

  const push = (event: SseEvent): readonly Uint8Array[] => {
    const data = parseJson(event.data);
    if (!data) return [event.bytes];
    switch (data.type) {
      case "message_start": {
        const message = isRecord(data.message) ? data.message : {};
        id = message.id;
        usage = message.usage;
        if (continues) return [];
        starting = event.bytes;
        return inThread ? [] : started();
      }
      case "content_block_start":
        return start(event, data);
      case "content_block_delta":
      case "content_block_stop": {
        const block = blocks.get(data.index);
        if (!block) return [event.bytes];
        if (isRecord(data.delta)) take(block, data.delta);
        return moved(event, data, block.place);
      }
      case "message_delta":
        if (isRecord(data.delta)) stop = data.delta.stop_reason ?? stop;
        usage = later(usage, data.usage);
        break;
      case "message_stop":
        break;
      default:
        return [event.bytes];
    }
    // A client may stop reading at the end: what has to be kept of the reply is kept before.
    if (!holds()) return [event.bytes];
    held.push({ event, data });
    return [];
  };

  const contents = (): Json[] =>
    [...blocks.values()].map(({ content, json }) =>
      json === "" ? content : { ...content, input: parseJson(json) ?? {} },
    );

  return {
    push,
    turn: (): Turn => turnOfMessage({ id, content: contents(), stop_reason: stop }),
    next(discarded) {
      spent = sumUsage(spent, usage);
      if (discarded) visible = 0;
      continues = !discarded && starting === undefined;
      blocks = new Map();
      usage = undefined;
      stop = undefined;
      held = [];
    },
    close: () => [
      ...started(),
      ...held.map(({ event, data }) => {
        if (data.type !== "message_delta" || !isRecord(data.delta)) return event.bytes;
        const calls = contents().filter(({ type }) => type === "tool_use");
        const stop_reason = stopReason(data.delta.stop_reason, calls);
        if (spent === undefined && stop_reason === data.delta.stop_reason) return event.bytes;
        const total = spent === undefined ? data.usage : sumUsage(spent, usage);
        return sseBytes(
          { ...data, delta: { ...data.delta, stop_reason }, usage: total },
          event.event,
        );
      }),
    ],
    fail(body) {
      const error = parseJson(body)?.error;
      const shown = isRecord(error) ? error : { type: "api_error", message: body.slice(0, 1_000) };
      return [sseBytes({ type: "error", error: shown }, "error")];
    },
  };
}

function moved(event: SseEvent, data: Json, place: number | undefined): readonly Uint8Array[] {
  if (place === undefined) return [];
  return [place === data.index ? event.bytes : sseBytes({ ...data, index: place }, event.event)];
}

/** Adds a delta to its block. What it is called in the delta it is called in the block. */
function take(block: Block, delta: Json): void {
  if (delta.type === "input_json_delta") block.json += String(delta.partial_json ?? "");
  else if (delta.type === "citations_delta")
    block.content.citations = [
      ...(Array.isArray(block.content.citations) ? block.content.citations : []),
      delta.citation,
    ];
  else
    for (const [key, value] of Object.entries(delta))
      if (key !== "type" && typeof value === "string")
        block.content[key] = `${block.content[key] ?? ""}${value}`;
}

/** Counts are running totals; those that do not apply are left out or null. */
function later(before: unknown, now: unknown): unknown {
  if (!isRecord(before) || !isRecord(now)) return now ?? before;
  const counts = Object.entries(now).filter(([, value]) => value !== null);
  return { ...before, ...Object.fromEntries(counts) };
}
