/**
 * LangGraph nodes that put short texts into the graph's state.
 *
 * Unlike the middleware, these nodes replace texts in the state itself: state, checkpoints and every agent of the graph hold the
 * short text from then on, and only the store has the original. So the store has to outlive the process, and every agent that can
 * see the state has to hold the retrieve tool.
 *
 * Trap: the messages reducer replaces by id; a message without one would be appended a second time.
 */
import { type CcrStore, InvalidOptionError } from "@headroom/core";
import type { BaseMessage } from "@langchain/core/messages";
import { type RunnableConfig, RunnableLambda } from "@langchain/core/runnables";
import { HeadroomCompressor } from "./compressor.ts";
import { type LastingStoreOptions, lastingStore } from "./lasting-store.ts";
import { isMessage } from "./messages.ts";
import { type HeadroomLangChainOptions, hasRetrieveTool } from "./options.ts";

/** Options of everything that puts short texts into a state. */
export interface StateCompressionOptions extends HeadroomLangChainOptions, LastingStoreOptions {
  readonly store: CcrStore;
}

export interface CompressToolMessagesOptions extends StateCompressionOptions {
  /**
   * True where every agent that reads this state has the retrieve tool, so that texts may be shortened.
   * @default false: only lossless forms
   */
  readonly retrieveTool?: boolean;
}

/** The part of a state these nodes read and write. */
export interface MessagesState {
  messages: BaseMessage[];
}

/** A node for `addNode`. */
export type CompressionNode = (
  state: MessagesState,
  config?: RunnableConfig,
) => Promise<MessagesState>;

/**
 * A node that shortens the tool messages of a graph's state: those that change are returned under their ids, and the reducer
 * replaces them in place. @throws InvalidOptionError without a store that lasts
 */
export function compressToolMessages(options: CompressToolMessagesOptions): CompressionNode {
  const fields = lasting(options, "compressToolMessages");
  const compressor = new HeadroomCompressor({ ...fields, name: "compressToolMessages" });
  return async ({ messages }, config) => {
    const short = await compressor.invoke(messages, config);
    const changed = short.filter(
      (message, index) => message !== messages[index] && message.id !== undefined,
    );
    return { messages: changed };
  };
}

/** A `ToolNode`, or anything invoked like one. */
export interface ToolNodeLike<Input, Output> {
  invoke(input: Input, config?: RunnableConfig): Promise<Output>;
  readonly tools?: readonly unknown[];
}

/**
 * A tool node whose results are short before they enter the state. Texts are shortened only where the node holds the retrieve
 * tool; otherwise the forms are lossless. @throws InvalidOptionError without a store that lasts
 */
export function withHeadroomTools<Input, Output>(
  toolNode: ToolNodeLike<Input, Output>,
  options: StateCompressionOptions,
): RunnableLambda<Input, Output> {
  if (typeof toolNode?.invoke !== "function")
    throw new InvalidOptionError("toolNode", toolNode, "a ToolNode");
  const fields = lasting(options, "withHeadroomTools");
  const retrieveTool = hasRetrieveTool(toolNode.tools);
  const compressor = new HeadroomCompressor({ ...fields, retrieveTool, name: "withHeadroomTools" });
  const invoke = async (input: Input, config?: RunnableConfig): Promise<Output> => {
    const output = await toolNode.invoke(input, config);
    const history = messagesOf(input);
    const fresh = answersTo(output, callIds(history));
    if (fresh.length === 0) return output;
    // The calls stand before their results, so that tools are known by name and the question by its text.
    const all = await compressor.invoke([...history, ...fresh], config);
    const short = new Map(fresh.map((message, i) => [message, all[history.length + i] ?? message]));
    return replaced(output, short) as Output;
  };
  return new RunnableLambda<Input, Output>({ func: invoke }).withConfig({
    runName: "withHeadroomTools",
  }) as unknown as RunnableLambda<Input, Output>;
}

/** The options a compressor takes, over a store that was asked whether it lasts. */
function lasting<Options extends StateCompressionOptions>(
  options: Options,
  user: string,
): Omit<Options, "acceptMemoryStore" | "onWarning"> {
  const store = lastingStore(options, user);
  const { acceptMemoryStore: _, onWarning: __, ...fields } = options;
  return { ...fields, store };
}

/** What a tool node takes and gives: messages, a state with messages, a command with an update, lists of these. */
function messagesOf(value: unknown): BaseMessage[] {
  if (Array.isArray(value)) return value.filter(isMessage);
  if (typeof value !== "object" || value === null) return [];
  return "messages" in value ? messagesOf(value.messages) : [];
}

function callIds(history: readonly BaseMessage[]): ReadonlySet<string> {
  const last = history.findLast((message) => message.getType() === "ai");
  const calls = (last as { tool_calls?: readonly { id?: string }[] } | undefined)?.tool_calls ?? [];
  return new Set(calls.flatMap(({ id }) => (id === undefined ? [] : [id])));
}

function answersTo(output: unknown, ids: ReadonlySet<string>): BaseMessage[] {
  const found: BaseMessage[] = [];
  visit(output, (message) => {
    const { tool_call_id: id } = message as { tool_call_id?: string };
    if (message.getType() === "tool" && id !== undefined && ids.has(id)) found.push(message);
    return message;
  });
  return found;
}

function replaced(output: unknown, short: ReadonlyMap<BaseMessage, BaseMessage>): unknown {
  return visit(output, (message) => short.get(message) ?? message);
}

/** Rebuilds an output with every message mapped; parts without a change are the same objects. */
function visit(value: unknown, map: (message: BaseMessage) => BaseMessage): unknown {
  if (isMessage(value)) return map(value);
  if (Array.isArray(value)) {
    const next = value.map((item: unknown) => (isPart(item) ? visit(item, map) : item));
    return next.some((item, index) => item !== value[index]) ? next : value;
  }
  if (!isPart(value)) return value;
  const key = "messages" in value ? "messages" : "update" in value ? "update" : undefined;
  if (key === undefined) return value;
  const old = (value as Record<string, unknown>)[key];
  const next = visit(old, map);
  if (next === old) return value;
  return Object.assign(Object.create(Object.getPrototypeOf(value)), value, { [key]: next });
}

function isPart(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
