/** From messages to placed blocks and back: tool names found by call id, the query that stood before each block. */
import type { FinishedBlock, PlacedBlock } from "./block.ts";
import { isFromModel } from "./history/from-model.ts";
import { Meter } from "./steps.ts";
import type { Steps } from "./types/compressor.ts";
import type { MessageAdapter, TextBlock, ToolCall } from "./types/message.ts";
import type { TokenCounter } from "./types/tokens.ts";

/** Tokens a provider spends on a message's frame, roughly; the same before and after. */
const FRAME_TOKENS = 4;

/** Characters that take as long to count as a message takes to be read, roughly; its texts are not looked into here. */
const FRAME_CHARACTERS = 64;

/** A tool call with its place in the request. */
export interface PlacedCall {
  readonly message: number;
  readonly call: ToolCall;
}

export interface Transcript {
  readonly blocks: readonly PlacedBlock[];
  /** All tool calls, in order. */
  readonly calls: readonly PlacedCall[];
  /** Tokens of everything that is not a text block: frames, tool-call names and arguments. */
  readonly frameTokens: number;
  /** One for each message. */
  readonly frames: readonly MessageFrame[];
}

/** What is known of a message beside its texts. */
export interface MessageFrame {
  /** Tokens of what is no text block. */
  readonly tokens: number;
  /** An answer of the model begins here. */
  readonly startsTurn: boolean;
  /** The caller wants the message to stay whole, however old it is. */
  readonly isPinned?: boolean;
}

/** Reads every text block, in order, each message by its adapter. A message that has none, or that it cannot read, has no blocks. */
export function* readTranscript(
  messages: readonly unknown[],
  adapters: readonly (MessageAdapter | undefined)[],
  counter: TokenCounter,
): Steps<Transcript> {
  const called = new Map<string, ToolCall>();
  const blocks: PlacedBlock[] = [];
  const calls: PlacedCall[] = [];
  const frames: MessageFrame[] = [];
  let query: string | undefined;
  let wasFromModel = false;
  const meter = new Meter();
  for (const [message, value] of messages.entries()) {
    const adapter = adapters[message];
    const made = adapter ? attempt(() => adapter.calls(value)) : [];
    const texts = adapter ? attempt(() => adapter.read(value)) : [];
    const isModels = isFromModel(value, made, texts);
    let tokens = FRAME_TOKENS;
    let work = FRAME_CHARACTERS;
    for (const call of made) {
      const { id, name, args } = call;
      called.set(id, call);
      calls.push({ message, call });
      work += args?.length ?? 0;
      tokens += counter.count(name) + (args === undefined ? 0 : counter.count(args));
    }
    frames.push({ tokens, startsTurn: isModels && !wasFromModel });
    wasFromModel = isModels;
    for (const block of texts) {
      work += block.text.length >> 4;
      if (block.role === "user") query = block.text;
      blocks.push({
        message,
        ...ofCall(block, called),
        ...(query === undefined || block.role === "user" ? {} : { query }),
      });
    }
    if (meter.isDue(work)) yield;
  }
  const frameTokens = frames.reduce((sum, { tokens }) => sum + tokens, 0);
  return { blocks, calls, frameTokens, frames };
}

/** The messages with the decided texts in place; messages without a change are the same objects. */
export function writeTranscript<Message>(
  messages: readonly Message[],
  adapters: readonly (MessageAdapter | undefined)[],
  blocks: readonly PlacedBlock[],
  decided: readonly FinishedBlock[],
): Message[] {
  const replacements = new Map<number, Map<string, string>>();
  for (const [index, { message, block }] of blocks.entries()) {
    const text = decided[index]?.text;
    if (text === undefined) continue;
    const ofMessage = replacements.get(message) ?? new Map<string, string>();
    replacements.set(message, ofMessage.set(block.id, text));
  }
  return messages.map((message, index) => {
    const adapter = adapters[index];
    const texts = replacements.get(index);
    return adapter && texts ? (adapter.write(message, texts) as Message) : message;
  });
}

/** A result with what its call says of it, and the call. */
function ofCall(
  block: TextBlock,
  called: ReadonlyMap<string, ToolCall>,
): Pick<PlacedBlock, "block" | "call"> {
  const call = block.toolCallId === undefined ? undefined : called.get(block.toolCallId);
  if (!call) return { block };
  if (block.toolName !== undefined && call.keep === undefined) return { block, call };
  const { toolName = call.name, keep = call.keep } = block;
  return { block: { ...block, toolName, ...(keep === undefined ? {} : { keep }) }, call };
}

/** An adapter that stumbles over odd content has read nothing: content never throws. */
function attempt<Item>(read: () => readonly Item[]): readonly Item[] {
  try {
    return read();
  } catch {
    return [];
  }
}
