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
import { type BaseMessage, ToolMessage } from "@langchain/core/messages";
import type { RunnableConfig } from "@langchain/core/runnables";
import { HeadroomCompressor } from "./compressor.ts";
import { type LastingStoreOptions, lastingStore } from "./lasting-store.ts";
import { isMessage } from "./messages.ts";
import { type HeadroomLangChainOptions, type HeadroomRun, hasRetrieveTool } from "./options.ts";

/** Options of everything that puts short texts into a state. */
export interface StateCompressionOptions
  extends HeadroomLangChainOptions,
    Omit<LastingStoreOptions, "store"> {
  /** Keeps the originals, which the state no longer has: `sqliteStore`, `redisStore`, `langGraphStore`, or one of your own. */
  readonly store: CcrStore | ((run: HeadroomRun) => CcrStore);
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
export interface ToolNodeLike {
  invoke(input: never, config?: never): Promise<unknown>;
  readonly tools?: readonly unknown[];
}

/**
 * A tool node whose results are short before they enter the state; it still is the `ToolNode` it was, as far as graphs and
 * `createReactAgent` can see. Texts are shortened only where the node holds the retrieve tool; otherwise the forms are lossless.
 * @throws InvalidOptionError without a store that lasts
 */
export function withHeadroomTools<Node extends ToolNodeLike>(
  toolNode: Node,
  options: StateCompressionOptions,
): Node {
  if (typeof toolNode?.invoke !== "function")
    throw new InvalidOptionError("toolNode", toolNode, "a ToolNode");
  const fields = lasting(options, "withHeadroomTools");
  const retrieveTool = hasRetrieveTool(toolNode.tools);
  const compressor = new HeadroomCompressor({ ...fields, retrieveTool, name: "withHeadroomTools" });
  return withInvoke(toolNode, async (input, config) => {
    const output = await invokeOf(toolNode)(input, config);
    const history = messagesOf(input);
    return shortened(output, answersTo(output, callIds(history)), history, compressor, config);
  });
}

/**
 * A tool whose results are short from birth, in whatever agent or graph it is used. Retrieve results and hand-overs are left alone.
 * @throws InvalidOptionError without a store that lasts
 */
export function withHeadroomTool<Tool extends ToolLike>(
  tool: Tool,
  options: CompressToolMessagesOptions,
): Tool {
  if (typeof tool?.invoke !== "function") throw new InvalidOptionError("tool", tool, "a tool");
  const fields = lasting(options, "withHeadroomTool");
  const compressor = new HeadroomCompressor({ ...fields, name: "withHeadroomTool" });
  return withInvoke(tool, async (input, config) => {
    const output = await invokeOf(tool)(input, config);
    // The conversation, where an agent tells its tools: the latest question ranks what stays.
    const history = messagesOf((config as { state?: unknown } | undefined)?.state);
    if (typeof output !== "string")
      return shortened(output, messagesIn(output), history, compressor, config);
    const message = new ToolMessage({ content: output, tool_call_id: "", name: tool.name });
    const [short] = (await compressor.invoke([...history, message], config)).slice(-1);
    return short?.content ?? output;
  });
}

/** A LangChain tool. */
export interface ToolLike {
  readonly name: string;
  invoke(input: never, config?: never): Promise<unknown>;
}

type Invoke = (input: unknown, config?: RunnableConfig) => Promise<unknown>;

/** The same object, but for its `invoke`: everything else, its class too, is found where it was. */
export function withInvoke<Target extends object>(target: Target, invoke: Invoke): Target {
  return Object.create(target, { invoke: { value: invoke, writable: true, configurable: true } });
}

export function invokeOf(target: {
  invoke(input: never, config?: never): Promise<unknown>;
}): Invoke {
  return (input, config) => target.invoke(input as never, config as never);
}

/** An output in which these messages are compressed, as they stand behind the history. */
async function shortened(
  output: unknown,
  fresh: readonly BaseMessage[],
  history: readonly BaseMessage[],
  compressor: HeadroomCompressor,
  config: RunnableConfig | undefined,
): Promise<unknown> {
  if (fresh.length === 0) return output;
  // The calls stand before their results, so that tools are known by name and the question by its text.
  const all = await compressor.invoke([...history, ...fresh], config);
  const short = new Map(fresh.map((message, i) => [message, all[history.length + i] ?? message]));
  return replaced(output, short);
}

/** The options a compressor takes, over a store that was asked whether it lasts. */
function lasting<Options extends StateCompressionOptions>(
  options: Options,
  user: string,
): Omit<Options, "acceptMemoryStore" | "onWarning"> {
  const { acceptMemoryStore: _, onWarning: __, ...fields } = options;
  const { store: given } = options ?? {};
  if (typeof given !== "function")
    return { ...fields, store: lastingStore({ ...options, store: given }, user) };
  const known = new WeakMap<CcrStore, CcrStore>();
  const store = (run: HeadroomRun): CcrStore => {
    const its = given(run);
    const asked = known.get(its) ?? lastingStore({ ...options, store: its }, user);
    known.set(its, asked);
    return asked;
  };
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
  return messagesIn(output).filter((message) => {
    const { tool_call_id: id } = message as { tool_call_id?: string };
    return message.getType() === "tool" && id !== undefined && ids.has(id);
  });
}

function messagesIn(output: unknown): BaseMessage[] {
  const found: BaseMessage[] = [];
  visit(output, (message) => {
    found.push(message);
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
