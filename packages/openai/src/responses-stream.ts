/**
 * Events of one or more responses as the events of one.
 *
 * Trap: the official client refuses a reply whose id changes on the way, or whose indexes have gaps: all rounds go by the first id,
 * and `output_index` and `sequence_number` are counted through.
 */
import { isRecord, sumUsage } from "@headroom/core/kit";
import {
  type Json,
  parseJson,
  type SseEvent,
  type StreamFilter,
  sseBytes,
  type Turn,
} from "@headroom/core/wire";
import { isOurItem, itemsOf, mergedResponse, turnOfResponse } from "./responses-turn.ts";

const STARTS = new Set(["response.created", "response.in_progress", "response.queued"]);
const ENDS = new Set(["response.completed", "response.failed", "response.incomplete"]);

export function responsesStream(): StreamFilter {
  let id: unknown;
  let continues = false;
  let shown: (readonly Json[])[] = [];
  let spent: unknown;
  let sequence = -1;
  let renumbers = false;
  let visible = 0;
  let indexes = new Map<unknown, number | undefined>();
  let done: Json[] = [];
  let reply: Json | undefined;
  let held: { event: SseEvent; data: Json } | undefined;

  const print = ({ event, bytes }: SseEvent, data: Json, next: Json): Uint8Array => {
    const number = typeof data.sequence_number === "number" ? data.sequence_number : undefined;
    if (number === undefined) return next === data ? bytes : sseBytes(next, event);
    sequence = renumbers ? sequence + 1 : number;
    if (next === data && sequence === number) return bytes;
    return sseBytes({ ...next, sequence_number: sequence }, event);
  };

  const ending = (event: SseEvent, data: Json, response: Json): Uint8Array => {
    const changes = continues || itemsOf(response).some(isOurItem);
    if (!changes) return print(event, data, data);
    const merged = { ...mergedResponse(shown, spent, response), id };
    return print(event, data, { ...data, response: merged });
  };

  const push = (event: SseEvent): readonly Uint8Array[] => {
    const data = parseJson(event.data);
    if (!data) return [event.bytes];
    const type = String(data.type);
    if (STARTS.has(type) && isRecord(data.response)) {
      if (continues) return [];
      id ??= data.response.id;
      return [print(event, data, data)];
    }
    if (ENDS.has(type) && isRecord(data.response)) {
      // Some servers say what was put out in events only.
      const { output } = data.response;
      const isSaid = Array.isArray(output) && output.length > 0;
      reply = isSaid ? data.response : { ...data.response, output: done };
      // A client may stop reading here: what has to be kept of the reply is kept before.
      if (continues || itemsOf(reply).some(isOurItem)) {
        held = { event, data };
        return [];
      }
      return [ending(event, data, reply)];
    }
    if (type === "response.output_item.done" && isRecord(data.item)) done.push(data.item);
    if (!("output_index" in data)) return [print(event, data, data)];
    const { output_index: index } = data;
    if (type === "response.output_item.added")
      indexes.set(index, isOurItem(data.item) ? undefined : visible++);
    const place = indexes.get(index);
    if (indexes.has(index) && place === undefined) {
      renumbers = true;
      return [];
    }
    const stays = place === undefined || place === index;
    return [print(event, data, stays ? data : { ...data, output_index: place })];
  };

  return {
    push,
    turn: (): Turn => turnOfResponse(reply ?? {}),
    next(discarded) {
      spent = sumUsage(spent, reply?.usage);
      shown = discarded ? [] : [...shown, itemsOf(reply ?? {})];
      if (discarded) {
        id = undefined;
        visible = 0;
        sequence = -1;
      }
      continues = !discarded;
      renumbers = !discarded;
      indexes = new Map();
      done = [];
      reply = undefined;
      held = undefined;
    },
    close() {
      if (!held || !reply) return [];
      return [ending(held.event, held.data, reply)];
    },
    fail(body) {
      const error = parseJson(body)?.error;
      const { code = null, message = body.slice(0, 1_000) } = isRecord(error) ? error : {};
      const failure = { type: "error", code, message, param: null, sequence_number: sequence + 1 };
      return [sseBytes(failure, "error")];
    },
  };
}
