/**
 * What a provider replied, as much of it as the next request needs, and the tool calls in it.
 *
 * A call stands in up to four places of one message: in `tool_calls`, as a block of the content, in OpenAI's raw form, and in the
 * output items of the Responses API. Converters read now one, now another, so a call is taken out of all of them or of none.
 */
import { isRecord } from "@headroom/core/kit";
import { AIMessage, type BaseMessage, type MessageContent } from "@langchain/core/messages";

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
  const mended = new Set<string | undefined>();
  const calls = valid.map(({ name, args, id }): Call => {
    const fits = isRecord(args) || !isOurs(name);
    if (!fits) mended.add(id);
    return { name, args: fits ? args : {}, ...(id === undefined ? {} : { id }) };
  });
  for (const { name = "", id } of broken) {
    if (!isOurs(name)) continue;
    mended.add(id);
    calls.push({ name, args: {}, ...(id === undefined ? {} : { id }) });
  }
  const reply: Reply = {
    content: message.content,
    calls,
    kwargs: message.additional_kwargs ?? {},
    metadata: message.response_metadata ?? {},
    ...(message.id === undefined ? {} : { id: message.id }),
  };
  if (mended.size === 0) return reply;
  return mapParts(reply, (part) => {
    const call = callIn(part);
    return call && mended.has(call.id) && isOurs(call.name) ? withoutArguments(part) : part;
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
  const kept = (part: unknown): unknown => {
    const call = callIn(part);
    return call && isOut(call) ? undefined : part;
  };
  return { ...mapParts(reply, kept), calls: reply.calls.filter((call) => !isOut(call)) };
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
  for (const content of contents) {
    const text = textIn(content);
    const lead = text === "" ? "" : breakAfter(said);
    blocks.push(...withLead(blocksOf(content), lead));
    said += text;
  }
  return blocks as MessageContent;
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

function withoutArguments(part: unknown): unknown {
  if (!isRecord(part)) return part;
  if (isRecord(part.function))
    return { ...part, function: { ...part.function, arguments: "{}" } };
  if ("arguments" in part) return { ...part, arguments: "{}" };
  if ("input" in part) return { ...part, input: {} };
  return "args" in part ? { ...part, args: {} } : part;
}
