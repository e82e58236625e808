/**
 * Chunks of a streamed answer, with retrieve calls taken out as they pass.
 *
 * An answer may take several rounds with the provider; to the caller it is one stream. Chunks are merged by adding, and merging
 * strings joins them, so what says "this answer ends here" or names the model must not pass twice. Usage does pass, each round's:
 * the sum is what was charged.
 */
import { isRetrieveToolName } from "@headroom/core";
import { AIMessageChunk, type MessageContent } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";
import { asideKwargs } from "./hidden-calls.ts";

type Fields = Record<string, unknown>;

export interface RoundFilter {
  /** A round with the provider begins. */
  begin(): void;
  /** The chunk as the caller sees it: itself where there is nothing to hide, `undefined` where nothing is left. */
  pass(chunk: ChatGenerationChunk): ChatGenerationChunk | undefined;
  /** Everything the provider said in this round. */
  whole(): AIMessageChunk;
  /** The last chunk of a round in which calls were hidden and that is the caller's to answer. */
  end(): ChatGenerationChunk;
}

export function roundFilter(): RoundFilter {
  const passed = new Set<string>();
  let rounds = 0;
  let hidden = new Set<unknown>();
  let held: Fields = {};
  let said: AIMessageChunk | undefined;

  /** Fields not passed before; all are held back once a call is hidden. */
  const fresh = (fields: Fields | undefined): Fields => {
    const kept: Fields = {};
    for (const [key, value] of Object.entries(fields ?? {})) {
      if (hidden.size > 0) held[key] = value;
      else if (rounds === 1 || typeof value !== "string" || !passed.has(key)) kept[key] = value;
    }
    if (hidden.size === 0) for (const key of Object.keys(kept)) passed.add(key);
    return kept;
  };

  return {
    begin() {
      rounds++;
      hidden = new Set();
      held = {};
      said = undefined;
    },
    pass(chunk) {
      const message = chunk.message as AIMessageChunk;
      said = said === undefined ? message : said.concat(message);
      const { tool_call_chunks: calls = [] } = message;
      for (const call of [...calls, ...(Array.isArray(message.content) ? message.content : [])])
        if (isRetrieveToolName((call as { name?: string }).name)) hidden.add(placeOf(call));
      const keeps = (part: unknown): boolean => !hidden.has(placeOf(part));
      const content = Array.isArray(message.content)
        ? (message.content as unknown[]).filter((block) => !isCallBlock(block) || keeps(block))
        : message.content;
      const { tool_calls: raw, ...kwargs } = message.additional_kwargs as Fields;
      const first = rounds === 1 && hidden.size === 0;
      const metadata = fresh(message.response_metadata);
      const info = fresh(chunk.generationInfo);
      const more = fresh(kwargs);
      if (first) return chunk;
      const kept = calls.filter(keeps);
      const rawKept = Array.isArray(raw) ? raw.filter(keeps) : [];
      if (rawKept.length > 0) more.tool_calls = rawKept;
      const isEmpty =
        content.length === 0 && kept.length === 0 && message.usage_metadata === undefined;
      if (isEmpty && Object.keys(metadata).length + Object.keys(more).length === 0)
        return undefined;
      const shown = chunkOf(content as MessageContent, {
        tool_call_chunks: kept,
        additional_kwargs: more,
        response_metadata: metadata,
        ...(message.usage_metadata ? { usage_metadata: message.usage_metadata } : {}),
        ...(message.id === undefined ? {} : { id: message.id }),
      });
      return new ChatGenerationChunk({ text: chunk.text, message: shown, generationInfo: info });
    },
    whole: () => said ?? new AIMessageChunk(""),
    end() {
      const message = chunkOf("", {
        response_metadata: held,
        additional_kwargs: said ? asideKwargs(said) : {},
      });
      return new ChatGenerationChunk({ text: "", message });
    },
  };
}

function chunkOf(content: MessageContent, fields: Fields): AIMessageChunk {
  return new AIMessageChunk({ content, ...fields } as ConstructorParameters<
    typeof AIMessageChunk
  >[0]);
}

/** Parts of one call share an index; where a provider sends calls whole there is none, and the id tells them apart. */
function placeOf(part: unknown): unknown {
  const { index, id } = part as { index?: unknown; id?: unknown };
  return index ?? id;
}

/** Blocks of tool calls and their deltas. Text blocks have an index too, but of their own. */
function isCallBlock(block: unknown): boolean {
  const { type } = block as { type?: string };
  return (
    type === "tool_use" || type === "input_json_delta" || type?.startsWith("tool_call") === true
  );
}
