/**
 * What several agents know together, as LangChain and LangGraph parts: tools to put and get by name, a wrapper that shares what a
 * tool returns, and a node that hands over.
 *
 * Contents are read compressed. Give every agent `headroom_retrieve` over the same store, namespace and secret
 * (`headroomMiddleware`), so that it can redeem what it is not shown.
 */
import { HeadroomError, InvalidOptionError, type SharedContext } from "@headroom/core";
import { type BaseMessage, HumanMessage } from "@langchain/core/messages";
import type { RunnableConfig } from "@langchain/core/runnables";
import { type DynamicStructuredTool, tool } from "@langchain/core/tools";
import { invokeOf, type MessagesState, type ToolLike, withInvoke } from "./langgraph.ts";
import { withFields } from "./messages.ts";
import type { HeadroomRun } from "./options.ts";
import { runOf } from "./run.ts";

/** A shared context, or the one of a run: of its thread, or its tenant. */
export type SharedContextOf = SharedContext | ((run: HeadroomRun) => SharedContext);

export interface SharedContextSeat {
  /** Who puts and gets. */
  readonly agent: string | ((run: HeadroomRun) => string);
}

export interface ShareResultsOptions extends SharedContextSeat {
  /** The name a result is shared under, of the call's arguments. @default the tool's name */
  readonly name?: (args: Readonly<Record<string, unknown>>) => string;
}

export interface SharedContextNodeOptions extends SharedContextSeat {
  /** What is handed over. @default everything that is shared */
  readonly names?: readonly string[];
}

/** Three tools for one agent: `put_shared`, `get_shared`, `list_shared`. @throws InvalidOptionError */
export function sharedContextTools(
  shared: SharedContextOf,
  options: SharedContextSeat,
): DynamicStructuredTool[] {
  const seat = seatOf(shared, options);
  const name = { type: "string", description: "The name of the content." };
  const put = toolOf<{ name: string; content: string }>(
    "put_shared",
    "Shares a text with the other agents under a name; the same name again is its next version.",
    schemaOf({ name, content: { type: "string" } }, ["name", "content"]),
    async (args, config) => {
      const { context, agent } = seat(config);
      const put = await context.put(args.name, args.content, { agent });
      const { version, tokens, duplicateOf: first, warnings = [] } = put;
      const same = first
        ? ` ${first.agent} has shared the same as ${first.name}, version ${first.version}.`
        : "";
      const warned = warnings.map((warning) => ` Note: ${warning}.`).join("");
      return `Shared as ${args.name}, version ${version}, ${tokens} tokens.${same}${warned}`;
    },
  );
  const get = toolOf<{ name: string; full?: boolean }>(
    "get_shared",
    "The latest version of what an agent shared under a name. Long texts come shortened, with a marker that names what headroom_retrieve gets back.",
    schemaOf({ name, full: { type: "boolean", description: "The whole text, however long." } }, [
      "name",
    ]),
    async (args, config) => {
      const { context, agent } = seat(config);
      const view = await context.get(args.name, { agent, full: args.full === true });
      return view?.text ?? `Nothing is shared under ${args.name}. ${await listed(context)}`;
    },
  );
  const list = toolOf<object>(
    "list_shared",
    "What the agents share: names, versions, who put them and their tokens.",
    schemaOf({}, []),
    (_, config) => listed(seat(config).context),
  );
  return [put, get, list];
}

/** The types of `tool` differ between the versions of `@langchain/core` that this package takes. */
function toolOf<Args>(
  name: string,
  description: string,
  schema: Readonly<Record<string, unknown>>,
  answer: (args: Args, config?: RunnableConfig) => Promise<string>,
): DynamicStructuredTool {
  return tool(answer as never, { name, description, schema }) as unknown as DynamicStructuredTool;
}

/**
 * A tool whose results the other agents can read by name. The caller gets what it always got; a store that fails is told in the
 * result's last line. @throws InvalidOptionError
 */
export function shareResults<Tool extends ToolLike>(
  shared: SharedContextOf,
  tool: Tool,
  options: ShareResultsOptions,
): Tool {
  if (typeof tool?.invoke !== "function") throw new InvalidOptionError("tool", tool, "a tool");
  const seat = seatOf(shared, options);
  const { name = () => tool.name } = options;
  return withInvoke(tool, async (input, config) => {
    const output = await invokeOf(tool)(input, config);
    const text = textOf(output);
    if (text === undefined) return output;
    const { context, agent } = seat(config);
    const its = name(argsOf(input));
    try {
      await context.put(its, text, { agent });
      return output;
    } catch (error) {
      if (!HeadroomError.isInstance(error)) throw error;
      return withLine(output, text, `[not shared as ${its}: ${error.message}]`);
    }
  });
}

/** A node that hands an agent what the others share, as one user message. Nothing is added where nothing is shared. */
export function sharedContextNode(
  shared: SharedContextOf,
  options: SharedContextNodeOptions,
): (state?: unknown, config?: RunnableConfig) => Promise<MessagesState> {
  const seat = seatOf(shared, options);
  return async (_state, config) => {
    const { context, agent } = seat(config);
    const names = options.names ?? (await context.entries()).map((entry) => entry.name);
    const parts: string[] = [];
    for (const name of names) {
      const view = await context.get(name, { agent });
      if (view) parts.push(`# ${name}, version ${view.version} by ${view.agent}\n${view.text}`);
    }
    return { messages: parts.length === 0 ? [] : [new HumanMessage(parts.join("\n\n"))] };
  };
}

type Seat = (config?: object) => { readonly context: SharedContext; readonly agent: string };

function seatOf(shared: SharedContextOf, options: SharedContextSeat): Seat {
  const { agent } = options ?? {};
  if (typeof shared !== "function" && typeof shared?.put !== "function")
    throw new InvalidOptionError("shared", shared, "a SharedContext, or a function of the run");
  if (typeof agent !== "function" && (typeof agent !== "string" || agent === ""))
    throw new InvalidOptionError("agent", agent, "the agent's name, or a function of the run");
  return (config) => {
    const run = runOf(config);
    return {
      context: typeof shared === "function" ? shared(run) : shared,
      agent: typeof agent === "function" ? agent(run) : agent,
    };
  };
}

async function listed(context: SharedContext): Promise<string> {
  const entries = await context.entries();
  if (entries.length === 0) return "Nothing is shared yet.";
  return entries
    .map(
      ({ name, version, agent, tokens }) =>
        `${name}, version ${version} by ${agent}, ${tokens} tokens`,
    )
    .join("\n");
}

function schemaOf(
  properties: Record<string, object>,
  required: string[],
): Readonly<Record<string, unknown>> {
  return { type: "object", properties, required, additionalProperties: false };
}

function argsOf(input: unknown): Readonly<Record<string, unknown>> {
  const { args } = (input ?? {}) as { args?: unknown };
  const its = args ?? input;
  return typeof its === "object" && its !== null ? (its as Record<string, unknown>) : {};
}

/** The text of what a tool returned: a text, or a tool message. Commands and lists of blocks are not shared. */
function textOf(output: unknown): string | undefined {
  const content =
    typeof output === "object" && output !== null && "content" in output ? output.content : output;
  return typeof content === "string" ? content : undefined;
}

function withLine(output: unknown, text: string, line: string): unknown {
  const content = `${text}\n${line}`;
  if (typeof output === "string") return content;
  return withFields(output as BaseMessage, { content });
}
