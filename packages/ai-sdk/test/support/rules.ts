/**
 * A local server that speaks OpenAI's and Anthropic's wire formats and enforces the rules that requests to them have to keep.
 *
 * What the model says is scripted by `answer`; a request that breaks a rule gets the provider's 400 and is listed in `refused`.
 */

import { type Body, Refusal, type Said } from "./rule.ts";
import { anthropicReply, anthropicRules } from "./rules-anthropic.ts";
import { chatReply, chatRules, responsesReply, responsesRules } from "./rules-openai.ts";
import { type WireAnswer, type WireServer, wireServer } from "./wire.ts";

export interface Asked {
  readonly body: Body;
  /** As it came over the wire. */
  readonly text: string;
  /** Of requests that kept the rules, from 1. */
  readonly round: number;
}
export interface RuleServer extends Omit<WireServer, "requests"> {
  /** Bodies of all requests. */
  readonly bodies: Body[];
  readonly texts: string[];
  /** What was wrong with requests that were refused. */
  readonly refused: string[];
  /** Items of a conversation as the provider holds them. */
  conversation(id: string): readonly Body[];
}

export async function ruleServer(answer: (asked: Asked) => Said): Promise<RuleServer> {
  const bodies: Body[] = [];
  const texts: string[] = [];
  const refused: string[] = [];
  const responses = responsesRules();
  const messages = anthropicRules();
  let round = 0;
  const reply = (path: string, text: string): WireAnswer => {
    const body = JSON.parse(text) as Body;
    bodies.push(body);
    texts.push(text);
    const api = path.includes("/responses")
      ? { check: responses.check, write: responsesReply(responses) }
      : path.includes("/messages")
        ? { check: messages.check, write: anthropicReply(messages) }
        : { check: chatRules, write: chatReply };
    try {
      const held = api.check(body);
      const said = answer({ body, text, round: ++round });
      if (said.status !== undefined) return failure(said.status, `status ${said.status}`);
      return api.write(said, body, held as never);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refused.push(error.message);
      return failure(400, error.message);
    }
  };
  const { url, close } = await wireServer(({ path, body }) => reply(path, body));
  return {
    url,
    close,
    bodies,
    texts,
    refused,
    conversation: (id) => responses.conversations.get(id) ?? [],
  };
}

function failure(status: number, message: string): WireAnswer {
  const error = { type: status === 400 ? "invalid_request_error" : "server_error", message };
  return {
    status,
    type: "application/json",
    headers: { "retry-after-ms": "1" },
    body: JSON.stringify({ type: "error", error: { ...error, code: null, param: null } }),
  };
}
