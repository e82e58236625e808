/**
 * What a provider replied, as much of it as the next request needs, and the tool calls in it.
 *
 * A call stands in up to four places of one message: in `tool_calls`, as a block of the content, in OpenAI's raw form, and in the
 * output items of the Responses API. Converters read now one, now another, so a call is taken out of all of them or of none.
 */
import { isRecord } from "@headroom/core/kit";
import {
  AIMessage,
  type AIMessageChunk,
  type BaseMessage,
  type MessageContent,
} from "@langchain/core/messages";
import { withFields } from "./messages.ts";

/** A tool call as LangChain has it. */
export interface Call {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly id?: string;
}

/** Plain data: it travels in messages and checkpoints. */
export interface Reply {
  readonly content: MessageContent;
  readonly calls: readonly Call[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly id?: string;
}

/** Which tools are answered by the model wrapper itself. */
export type IsOurs = (name: string | undefined) => boolean;

/** Calls in a list of parts, by either of what names them. */
type Names = (call: { readonly id?: string; readonly name?: string }) => boolean;

/**
 * A reply read from a message. A call of ours whose arguments were cut short, or are no object, becomes one without arguments:
 * providers refuse the broken text when it comes back, and the model is told in words.
 */
export function readReply(message: BaseMessage, isOurs: IsOurs): Reply {
  const { tool_calls: valid = [], invalid_tool_calls: broken = [] } = message as {
    tool_calls?: readonly Call[];
    invalid_tool_calls?: readonly { name?: string; id?: string }[];
  };
  const calls = valid.map(
    ({ name, args, id }): Call => ({
      name,
      args: isRecord(args) || !isOurs(name) ? args : {},
      ...(id === undefined ? {} : { id }),
    }),
  );
  for (const { name = "", id } of broken)
    if (isOurs(name)) calls.push({ name, args: {}, ...(id === undefined ? {} : { id }) });
  const reply: Reply = {
    content: message.content,
    calls,
    kwargs: message.additional_kwargs ?? {},
    metadata: message.response_metadata ?? {},
    ...(message.id === undefined ? {} : { id: message.id }),
  };
  return mapParts(reply, (part) => (isOurs(callIn(part)?.name) ? withObjectArguments(part) : part));
}

/** A message whose broken calls of ours can be answered: they are calls without arguments. Another's broken calls stay as they are. */
export function withAnswerableCalls(message: AIMessage, isOurs: IsOurs): AIMessage {
  const { invalid_tool_calls: broken = [] } = message;
  const { tool_call_chunks: parts } = message as Partial<AIMessageChunk>;
  const ours = broken.filter(({ name }) => isOurs(name));
  if (ours.length === 0) return message;
  const isBroken = (id: string | undefined): boolean => ours.some((call) => call.id === id);
  const { content, calls, kwargs, metadata } = readReply(message, isOurs);
  return withFields(message, {
    content,
    tool_calls: calls.map((call) => ({ ...call, type: "tool_call" as const })),
    invalid_tool_calls: broken.filter((call) => !ours.includes(call)),
    additional_kwargs: { ...kwargs },
    response_metadata: { ...metadata },
    // A chunk that is read back from a checkpoint makes its calls of these.
    ...(parts
      ? {
          tool_call_chunks: parts.map((part) =>
            isBroken(part.id) ? { ...part, args: "{}" } : part,
          ),
        }
      : {}),
  });
}

/** The message of a reply, for the next request. */
export function messageOf({ content, calls, kwargs, metadata, id }: Reply): AIMessage {
  return new AIMessage({
    content,
    tool_calls: calls.map((call) => ({ ...call, type: "tool_call" as const })),
    additional_kwargs: { ...kwargs },
    response_metadata: { ...metadata },
    ...(id === undefined ? {} : { id }),
  });
}

/** A reply without some of its calls, taken out wherever they stand. */
export function withoutCalls(reply: Reply, isOut: Names): Reply {
  /** Places of those calls in a streamed content, where their arguments stand as blocks of their own. */
  const places = new Set<unknown>();
  const kept = (part: unknown): unknown => {
    const call = callIn(part);
    const { index } = part as { index?: unknown };
    if (call && isOut(call)) places.add(index);
    else if (!isArguments(part) || !places.has(index)) return part;
    return undefined;
  };
  return { ...mapParts(reply, kept), calls: reply.calls.filter((call) => !isOut(call)) };
}

function isArguments(part: unknown): boolean {
  return isRecord(part) && part.type === "input_json_delta";
}

/** The text of a content, as LangChain's `message.text` has it. */
export function textIn(content: MessageContent): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  const texts = content.map((block: unknown) =>
    isRecord(block) && block.type === "text" && typeof block.text === "string" ? block.text : "",
  );
  return texts.join("");
}

/** Between what a model says before and after a look-up. */
const BREAK = "\n\n";

/** What stands before the first text of `content`, when `said` is what the model said in earlier rounds. */
export function breakAfter(said: string): string {
  return said === "" ? "" : BREAK;
}

/** Contents of consecutive rounds as one; streams give the same text. */
export function joinContents(contents: readonly MessageContent[]): MessageContent {
  if (contents.every((content) => typeof content === "string"))
    return contents.filter((text) => text !== "").join(BREAK);
  const blocks: unknown[] = [];
  let said = "";
  let shift = 0;
  for (const content of contents) {
    const text = textIn(content);
    const lead = text === "" ? "" : breakAfter(said);
    const moved = blocksOf(content).map((block) => shifted(block, shift));
    for (const block of moved) shift = Math.max(shift, indexAfter(block));
    blocks.push(...withLead(moved, lead));
    said += text;
  }
  return blocks as MessageContent;
}

/** A block of a later round: those of one index are taken for parts of one block. */
export function shifted<Block>(block: Block, shift: number): Block {
  if (shift === 0 || !isRecord(block) || typeof block.index !== "number") return block;
  return { ...block, index: block.index + shift };
}

/** The first index that is free behind a block. */
export function indexAfter(block: unknown): number {
  return isRecord(block) && typeof block.index === "number" ? block.index + 1 : 0;
}

/** Blocks with `lead` put before their first text. */
export function withLead(blocks: readonly unknown[], lead: string): unknown[] {
  let open = lead !== "";
  return blocks.map((block) => {
    const isText = isRecord(block) && typeof block.text === "string" && block.text !== "";
    if (!open || !isText) return block;
    open = false;
    return { ...block, text: `${lead}${block.text}` };
  });
}

function blocksOf(content: MessageContent): readonly unknown[] {
  if (typeof content !== "string") return content;
  return content === "" ? [] : [{ type: "text", text: content }];
}

const CALL_TYPES: ReadonlySet<unknown> = new Set([
  "function_call",
  "tool_call",
  "tool_call_chunk",
  "tool_use",
]);

/** The call that a content block, a raw call or an output item is; `undefined` for everything else. */
export function callIn(part: unknown): { id?: string; name?: string } | undefined {
  if (!isRecord(part)) return undefined;
  const inner = [part.function, part.functionCall].find(isRecord);
  if (!inner && !CALL_TYPES.has(part.type)) return undefined;
  const [id, name] = [part.call_id ?? part.id ?? inner?.id, part.name ?? inner?.name];
  return {
    ...(typeof id === "string" ? { id } : {}),
    ...(typeof name === "string" ? { name } : {}),
  };
}

/** The reply with every part that can be a call mapped, and those mapped to nothing left out. */
function mapParts(reply: Reply, map: (part: unknown) => unknown): Reply {
  const mapped = (parts: readonly unknown[]): unknown[] =>
    parts.map(map).filter((part) => part !== undefined);
  const { content, kwargs, metadata } = reply;
  return {
    ...reply,
    content: Array.isArray(content) ? (mapped(content) as MessageContent) : content,
    kwargs: Array.isArray(kwargs.tool_calls)
      ? { ...kwargs, tool_calls: mapped(kwargs.tool_calls) }
      : kwargs,
    metadata: Array.isArray(metadata.output)
      ? { ...metadata, output: mapped(metadata.output) }
      : metadata,
  };
}

/** A call's part as it is, or without arguments where they are not an object: cut short, `null`, a list. */
function withObjectArguments(part: unknown): unknown {
  if (!isRecord(part)) return part;
  if (isRecord(part.function)) {
    const { arguments: text } = part.function;
    return isObjectText(text) ? part : { ...part, function: { ...part.function, arguments: "{}" } };
  }
  if ("arguments" in part && !isObjectText(part.arguments)) return { ...part, arguments: "{}" };
  // A streamed block begins with an empty text; the arguments follow as blocks of their own.
  for (const name of ["input", "args"])
    if (name in part && !isRecord(part[name]) && part[name] !== "") return { ...part, [name]: {} };
  return part;
}

function isObjectText(text: unknown): boolean {
  if (isRecord(text)) return true;
  try {
    return isRecord(JSON.parse(String(text)));
  } catch {
    return false;
  }
}
