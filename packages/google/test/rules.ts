/**
 * A Gemini API that refuses what the real one refuses: calls without their responses, turns out of order, signatures that are missing
 * in the current turn or stand elsewhere, several lists of functions, and tools beside a cache.
 */
import type { WireReply, WireRequest } from "../../../test/support/wire-server.ts";
import { content, type Said, type Style } from "./replies.ts";

// biome-ignore lint/suspicious/noExplicitAny: bodies of many shapes, looked into as the API does
type Any = any;

/** What the model is given. */
export interface Prompt {
  readonly contents: readonly Any[];
  readonly text: string;
  readonly body: Any;
  readonly request: number;
}

class Refusal extends Error {}

/** A model behind the API's rules. Collects what was refused, which is nothing where all goes well. */
export function model(
  says: (prompt: Prompt) => Said | WireReply,
  style: Style = {},
): { readonly reply: (request: WireRequest) => WireReply; readonly refused: string[] } {
  const signed = new Map<string, string>();
  const refused: string[] = [];
  let requests = 0;
  return {
    refused,
    reply({ json: body, path }) {
      const request = requests++;
      try {
        const contents = turnsOf(body.contents);
        checkTools(body, path);
        checkTurns(contents);
        if (style.signs !== false) checkSignatures(contents, signed);
        const said = says({ contents, text: JSON.stringify(contents), body, request });
        if ("status" in said || "json" in said) return said;
        const reply = content(said as Said, path.includes(":streamGenerateContent"), style);
        for (const { thoughtSignature, ...part } of reply.parts as Any[])
          if (thoughtSignature) signed.set(thoughtSignature, printed(part));
        return { ...reply, cut: 31 };
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        refused.push(error.message);
        const told = { code: 400, message: error.message, status: "INVALID_ARGUMENT" };
        return { status: 400, json: { error: told } };
      }
    },
  };
}

/** Pieces of one model turn, as a chat sends them, count as one. */
function turnsOf(contents: readonly Any[]): Any[] {
  const turns: Any[] = [];
  for (const { role = "user", parts } of contents) {
    if (!Array.isArray(parts) || parts.length === 0) throw new Refusal("contents without parts");
    for (const part of parts) {
      const data = Object.keys(part).filter((key) => !/^thought|Metadata$/.test(key));
      if (data.length !== 1) throw new Refusal(`one kind of data a part: ${data}`);
    }
    if (role !== "user" && role !== "model") throw new Refusal(`not a role: ${role}`);
    const last = turns.at(-1);
    if (role === "model" && last?.role === "model") last.parts.push(...parts);
    else turns.push({ role, parts: [...parts] });
  }
  return turns;
}

function checkTools({ tools, toolConfig, cachedContent }: Any, path: string): void {
  if (path.includes(":countTokens") && tools) throw new Refusal("Unknown name tools");
  if (cachedContent && (tools || toolConfig)) throw new Refusal("the tools are those of the cache");
  const lists = (tools ?? []).filter((tool: Any) => tool.functionDeclarations);
  if (lists.length > 1) throw new Refusal("multiple tools are supported only if they all search");
  const names = lists.flatMap((tool: Any) =>
    tool.functionDeclarations.map(({ name }: Any) => name),
  );
  if (new Set(names).size < names.length) throw new Refusal("a function is declared twice");
  const { mode, allowedFunctionNames } = toolConfig?.functionCallingConfig ?? {};
  if (allowedFunctionNames && mode !== "ANY") throw new Refusal("allowed names need mode ANY");
}

function checkTurns(turns: readonly Any[]): void {
  for (const [index, turn] of turns.entries()) {
    const before = turns[index - 1];
    if (before?.role === turn.role) throw new Refusal("turns have to alternate");
    const calls = callsOf(turn);
    if (turn.role === "model" && !before) throw new Refusal("a call comes after a user's turn");
    const responses = turn.parts.flatMap(({ functionResponse }: Any) => functionResponse ?? []);
    if (turn.role === "user") {
      const asked = before ? callsOf(before) : [];
      if (asked.length !== responses.length)
        throw new Refusal(`${asked.length} calls and ${responses.length} responses`);
      for (const [at, { name, id, response }] of responses.entries()) {
        if (asked[at].functionCall.name !== name || asked[at].functionCall.id !== id)
          throw new Refusal(`the response of ${name} answers no call`);
        if (typeof response !== "object") throw new Refusal("a response is an object");
      }
    } else if (calls.length > 0 && index === turns.length - 1)
      throw new Refusal("a call without its response");
  }
}

/** Of the turn since the user last spoke, each step has to begin with a signed call; what is signed has to be what was signed. */
function checkSignatures(turns: readonly Any[], signed: ReadonlyMap<string, string>): void {
  const spoke = turns.findLastIndex(
    ({ role, parts }) => role === "user" && parts.some(({ text }: Any) => text !== undefined),
  );
  for (const [index, turn] of turns.entries()) {
    for (const { thoughtSignature, ...part } of turn.parts)
      if (thoughtSignature && signed.get(thoughtSignature) !== printed(part))
        throw new Refusal("Corrupted thought signature.");
    const [first] = turn.role === "model" ? callsOf(turn) : [];
    if (index > spoke && first && !first.thoughtSignature)
      throw new Refusal(`Function call ${first.functionCall.name} is missing a thought_signature`);
  }
}

function callsOf(turn: Any): Any[] {
  return turn.parts.filter(({ functionCall }: Any) => functionCall);
}

/** The SDK orders the keys of what it sends back. */
function printed(part: Any): string {
  const { functionCall: call, ...rest } = part;
  return JSON.stringify([rest, call && [call.id, call.name, call.args]]);
}
