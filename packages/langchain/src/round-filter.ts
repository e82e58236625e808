/**
 * Chunks of a streamed answer, with retrieve calls taken out as they pass.
 *
 * An answer may take several rounds with the provider; to the caller it is one stream. Chunks are merged by adding: strings are
 * joined, blocks of one index become one. So what says "this answer ends here" or names the model must not pass twice, blocks of
 * later rounds count on from those of earlier ones, and text of a later round begins with the break that `invoke` has there.
 * Usage does pass, each round's: the sum is what was charged.
 */
import { isRecord, type StreamFilter } from "@headroom/core/kit";
import { AIMessageChunk, type MessageContent } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";
import { turnOf } from "./dialect.ts";
import { asideKwargs, asideOf, hides, shownFields } from "./hidden-rounds.ts";
import {
  breakAfter,
  callIn,
  type IsOurs,
  indexAfter,
  type Reply,
  readReply,
  shifted,
  textIn,
  withLead,
} from "./reply.ts";

type Fields = Record<string, unknown>;

/** @param maxRetrievals rounds that are answered; calls of later ones are refused */
export function roundFilter(
  isOurs: IsOurs,
  maxRetrievals: number,
): StreamFilter<ChatGenerationChunk, ChatGenerationChunk, Reply> {
  const hidden: Reply[] = [];
  const passed = new Set<string>();
  let calls = callTracker(isOurs);
  let held: Fields = {};
  let whole: AIMessageChunk | undefined;
  /** Text that passed in earlier rounds, and in this one. */
  let saidBefore = "";
  let said = "";
  /** What is added to an index of this round, and the first index that is free after it. */
  let shift = 0;
  let free = 0;

  /** Fields that did not pass in an earlier round; all are held back once a call is hidden. */
  const fresh = (fields: Fields | undefined, ofRound: Set<string>): Fields => {
    const kept: Fields = {};
    for (const [key, value] of Object.entries(fields ?? {})) {
      if (calls.hides()) held[key] = value;
      // An id is not joined but replaced: the caller goes on from the last reply.
      else if (!passed.has(key) || key === "id") kept[key] = value;
    }
    for (const key of Object.keys(kept)) if (saysSomething(kept[key])) ofRound.add(key);
    return kept;
  };
  let ofRound = new Set<string>();

  const moved = <Part>(part: Part): Part => {
    const placed = shifted(part, shift);
    free = Math.max(free, indexAfter(placed));
    return placed;
  };

  const reply = (): Reply => readReply(whole ?? new AIMessageChunk(""), isOurs);

  const pass = (chunk: ChatGenerationChunk): ChatGenerationChunk | undefined => {
    const message = chunk.message as AIMessageChunk;
    whole = whole === undefined ? message : whole.concat(message);
    const { tool_call_chunks: parts = [] } = message;
    const keptCalls = parts.filter((part) => !calls.isHidden(part)).map(moved);
    const { tool_calls: raw, ...kwargs } = message.additional_kwargs as Fields;
    const rawKept = Array.isArray(raw) ? raw.filter((part) => !calls.isHidden(part)) : [];
    const blocks = Array.isArray(message.content)
      ? (message.content as unknown[])
          .filter((block) => !(isCallBlock(block) && calls.isHidden(block)))
          .map(moved)
      : undefined;
    const text = textIn(message.content);
    const lead = said === "" && text !== "" ? breakAfter(saidBefore) : "";
    said += text;
    const metadata = fresh(message.response_metadata, ofRound);
    const info = fresh(chunk.generationInfo, ofRound);
    const more = fresh(kwargs, ofRound);
    if (hidden.length === 0 && !calls.hides()) return chunk;
    if (rawKept.length > 0) more.tool_calls = rawKept;
    const content = blocks ? withLead(blocks, lead) : `${lead}${text}`;
    const isEmpty =
      content.length === 0 && keptCalls.length === 0 && message.usage_metadata === undefined;
    if (isEmpty && [metadata, more, info].every(isEmptyRecord)) return undefined;
    const shown = chunkOf(content as MessageContent, {
      tool_call_chunks: keptCalls,
      additional_kwargs: more,
      response_metadata: metadata,
      ...(message.usage_metadata ? { usage_metadata: message.usage_metadata } : {}),
      ...(message.id === undefined ? {} : { id: message.id }),
    });
    return new ChatGenerationChunk({
      text: `${lead}${chunk.text}`,
      message: shown,
      generationInfo: info,
    });
  };

  return {
    *push(chunk) {
      const shown = pass(chunk);
      if (shown) yield shown;
    },
    turn: () => turnOf(reply(), isOurs),
    next() {
      hidden.push(reply());
      for (const key of ofRound) passed.add(key);
      ofRound = new Set();
      calls = callTracker(isOurs);
      held = {};
      whole = undefined;
      saidBefore += said;
      said = "";
      shift = free;
      return [];
    },
    *close() {
      const aside = asideOf(hidden, reply(), isOurs, maxRetrievals);
      if (!hides(aside)) return;
      const { response_metadata: metadata } = shownFields(aside);
      // The output items lack our calls only there.
      const last: Fields = { ...held, ...("output" in held ? { output: metadata.output } : {}) };
      for (const key of passed) if (key !== "id") delete last[key];
      const message = chunkOf("", {
        response_metadata: last,
        additional_kwargs: asideKwargs(aside),
      });
      yield new ChatGenerationChunk({ text: "", message });
    },
  };
}

/**
 * Tells parts of hidden calls from those of others. The part that opens a call has its name; later ones have the same index, the
 * same id, or both. Providers leave out the one or the other, and some give every call the index 0.
 */
function callTracker(isOurs: IsOurs): { isHidden(part: unknown): boolean; hides(): boolean } {
  const byId = new Map<unknown, boolean>();
  const byIndex = new Map<unknown, boolean>();
  let some = false;
  return {
    hides: () => some,
    isHidden(part) {
      const { index, id, name } = { ...(part as Fields), ...callIn(part) } as Fields;
      let hidden: boolean | undefined;
      if (typeof name === "string" && name !== "") hidden = isOurs(name);
      else if (typeof id === "string" && id !== "") hidden = byId.get(id);
      hidden ??= byIndex.get(index) ?? false;
      if (typeof id === "string" && id !== "") byId.set(id, hidden);
      byIndex.set(index, hidden);
      some ||= hidden;
      return hidden;
    },
  };
}

/** Providers say in every chunk that they do not know yet why it ended, and what it cost. */
function saysSomething(value: unknown): boolean {
  return value !== null && value !== undefined && !(isRecord(value) && isEmptyRecord(value));
}

function isEmptyRecord(value: object): boolean {
  return Object.keys(value).length === 0;
}

function chunkOf(content: MessageContent, fields: Fields): AIMessageChunk {
  return new AIMessageChunk({ content, ...fields } as ConstructorParameters<
    typeof AIMessageChunk
  >[0]);
}

/** Blocks of tool calls and their deltas. Text blocks have an index too, but of their own. */
function isCallBlock(block: unknown): boolean {
  const { type } = block as { type?: string };
  return (
    type === "input_json_delta" ||
    callIn(block) !== undefined ||
    type?.startsWith("tool_call") === true
  );
}
