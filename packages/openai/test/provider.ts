/**
 * A provider that keeps what it stores and refuses what the real one refuses, with its words: open calls, reasoning without what
 * followed it and the other way round, items twice, what it never stored.
 */
import type { WireReply, WireRequest } from "../../../test/support/wire-server.ts";
import { chat, responseOf, responseReply, type Said } from "./replies.ts";

type Item = Readonly<Record<string, unknown>>;
/** What the model says to a request; a reply, where something goes wrong. */
export type Says = (request: WireRequest) => Said | WireReply;

export interface Provider {
  /** Each request is checked, then answered with the next of these; the last one stays. */
  says(...all: readonly (Said | WireReply | Says)[]): (request: WireRequest) => WireReply;
  /** Why requests were refused. */
  readonly refusals: string[];
  /** Items by conversation. */
  readonly conversations: ReadonlyMap<string, readonly Item[]>;
}

class Refusal extends Error {}

export function provider(): Provider {
  const refusals: string[] = [];
  const stored = new Map<string, readonly Item[]>();
  const conversations = new Map<string, readonly Item[]>();
  /** The reply an item with an id came in. */
  const replies = new Map<unknown, readonly Item[]>();

  /** What the model would read; throws where it is refused. */
  const historyWith = (json: Item): readonly Item[] => {
    const input = inputOf(json);
    const all = [...historyOf(json, stored, conversations), ...input];
    checkItems(all, input, json, replies);
    return all;
  };

  const respond = (json: Item, all: readonly Item[], said: Said): WireReply => {
    const encrypted = String(json.include).includes("reasoning.encrypted_content");
    const response = responseOf(said, encrypted);
    for (const item of response.output) replies.set(item.id, response.output);
    const next = [...all, ...response.output];
    const conversation = conversationOf(json);
    if (conversation !== undefined) conversations.set(conversation, next);
    if (json.store !== false) stored.set(response.id, next);
    return responseReply(response, json.stream === true);
  };

  return {
    refusals,
    conversations,
    says(...all) {
      const queue = [...all];
      return (request) => {
        const { json } = request;
        try {
          const listed = request.path.split(/[/?]/).at(-3);
          if (request.path.includes("/conversations/"))
            return { json: { data: [...(conversations.get(listed ?? "") ?? [])].reverse() } };
          const isChat = request.path.endsWith("/chat/completions");
          if (isChat) checkMessages(json);
          const items = isChat ? [] : historyWith(json);
          const next = queue.length > 1 ? queue.shift() : queue[0];
          const said = typeof next === "function" ? next(request) : (next ?? {});
          if (isReply(said)) return said;
          return isChat ? chat(said, json.stream === true) : respond(json, items, said);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          refusals.push(error.message);
          return { status: 400, json: { error: { message: error.message, code: "refused" } } };
        }
      };
    },
  };
}

function isReply(said: Said | WireReply): said is WireReply {
  return "status" in said || "json" in said || "sse" in said;
}

function historyOf(
  json: Item,
  stored: ReadonlyMap<string, readonly Item[]>,
  conversations: ReadonlyMap<string, readonly Item[]>,
): readonly Item[] {
  const conversation = conversationOf(json);
  if (conversation !== undefined) return conversations.get(conversation) ?? [];
  const previous = json.previous_response_id;
  if (previous == null) return [];
  return (
    stored.get(String(previous)) ?? refuse(`Previous response with id '${previous}' not found.`)
  );
}

function checkItems(
  all: readonly Item[],
  input: readonly Item[],
  { store, tools, tool_choice }: Item,
  replies: ReadonlyMap<unknown, readonly Item[]>,
): void {
  checkTools(tools, tool_choice, ({ name }) => name);
  const ids = all.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) refuse(`Duplicate item found with id ${twice}.`);
  const isOutput = ({ type }: Item): boolean =>
    String(type).endsWith("_call_output") || type === "tool_search_output";
  const outputs: unknown[] = all.flatMap((item) =>
    isOutput(item) && typeof item.call_id === "string" ? [item.call_id] : [],
  );
  const calls = all.filter((item) => String(item.type).endsWith("_call") && item.call_id != null);
  for (const id of outputs) {
    if (!calls.some(({ call_id }) => call_id === id))
      refuse(`No tool call found for function call output with call_id ${id}.`);
    if (outputs.filter((other) => other === id).length > 1) refuse(`Duplicate output for ${id}.`);
  }
  for (const { call_id } of calls)
    if (!outputs.includes(call_id)) refuse(`No tool output found for function call ${call_id}.`);
  for (const [index, item] of all.entries()) {
    const reply = replies.get(item.id);
    const at = reply?.findIndex(({ id }) => id === item.id) ?? -1;
    const follower = reply?.[at + 1];
    const next = all[index + 1];
    if (item.type === "reasoning" && follower && next?.id !== follower.id && next?.id !== undefined)
      refuse(
        `Item '${item.id}' of type 'reasoning' was provided without its required following item.`,
      );
    if (item.type === "reasoning" && input.includes(item) && store === false)
      if (!item.encrypted_content) refuse(`Item with id '${item.id}' not found.`);
    const thought = reply?.slice(0, Math.max(at, 0)).findLast(({ type }) => type === "reasoning");
    if (thought && item.type !== "reasoning" && !all.some(({ id }) => id === thought.id))
      refuse(
        `Item '${item.id}' of type '${item.type}' was provided without its required 'reasoning' item: '${thought.id}'.`,
      );
  }
}

function checkMessages({ messages, tools, tool_choice, model }: Item): void {
  checkTools(tools, tool_choice, ({ function: called }) => (called as Item).name);
  const list = messages as readonly Item[];
  for (const [index, { role, tool_calls, tool_call_id }] of list.entries()) {
    if (role === "tool" && !["assistant", "tool"].includes(String(list[index - 1]?.role)))
      refuse(`messages with role 'tool' must be a response to 'tool_calls' (${tool_call_id}).`);
    if (!Array.isArray(tool_calls)) continue;
    const end = list.findIndex((other, at) => at > index && other.role !== "tool");
    const results = list.slice(index + 1, end === -1 ? undefined : end);
    const answered = results.map((result) => result.tool_call_id);
    const called = tool_calls.map(({ id }) => id);
    if (called.join() !== [...answered].sort(by(called)).join())
      refuse(`'tool_calls' must be followed by tool messages for each 'tool_call_id': ${called}.`);
    const [first] = tool_calls;
    if (String(model).startsWith("gemini-3") && !first.extra_content?.google?.thought_signature)
      refuse("Function call is missing a thought_signature in functionCall parts.");
  }
}

function checkTools(tools: unknown, choice: unknown, nameOf: (tool: Item) => unknown): void {
  const names = Array.isArray(tools) ? tools.map(nameOf) : [];
  const named = names.filter((name) => name !== undefined);
  if (new Set(named).size < named.length) refuse("Tool names must be unique.");
  if (choice != null && names.length === 0) refuse("'tool_choice' is only allowed with 'tools'.");
}

const by =
  (order: readonly unknown[]) =>
  (one: unknown, other: unknown): number =>
    order.indexOf(one) - order.indexOf(other);

function inputOf({ input }: Item): readonly Item[] {
  return Array.isArray(input) ? input : [{ role: "user", content: input }];
}

function conversationOf({ conversation }: Item): string | undefined {
  const id = typeof conversation === "object" ? (conversation as Item | null)?.id : conversation;
  return typeof id === "string" ? id : undefined;
}

function refuse(why: string): never {
  throw new Refusal(why);
}
