/**
 * Where the money of a session goes, and when the retrieve tool should be offered: from the first request on, from the first view on
 * (which writes the whole prefix anew, because tools stand in front of it), or never, which leaves lossless forms only.
 */
import { anthropicMessages, retrieveToolSpec } from "@headroom/core";
import {
  type PriceTable,
  type PromptCache,
  promptCache,
  type RequestPart,
} from "@headroom/core/cost";
import { percent, type Report, saved } from "./report.ts";
import { requestTokens } from "./requests.ts";
import type { Bench } from "./subject.ts";
import { tokensOf } from "./tokens.ts";

export interface PricedSession {
  readonly name: string;
  readonly messages: readonly unknown[];
}

/** Tokens of the tools and the system prompt in front of a session: a coding agent's, and a small program's. */
const PREFIXES = [18_000, 2_000];

const POLICIES = ["without", "first request", "first view", "never"] as const;
type Policy = (typeof POLICIES)[number];

/** The least a session can cost: all of its results are gone. */
export function withoutResults(messages: readonly unknown[]): readonly unknown[] {
  return messages.map((message) => {
    const results = anthropicMessages.read(message).filter(({ role }) => role === "tool");
    return anthropicMessages.write(message, new Map(results.map(({ id }) => [id, ""])));
  });
}

/** Prints what the input of all sessions costs by policy. */
export async function policies(
  out: Report,
  sessions: readonly PricedSession[],
  { subject }: Bench,
  prices: PriceTable,
): Promise<void> {
  const definition: RequestPart = {
    key: "retrieve tool",
    tokens: tokensOf(JSON.stringify([retrieveToolSpec])),
  };
  const partOf = partsReader();
  const rows: string[][] = [];
  for (const prefix of PREFIXES) {
    const sums = new Map<Policy, number>();
    let notHigher = [0, 0, 0];
    for (const { messages } of sessions) {
      const views = await subject.make({ store: subject.store() }).compress(messages);
      const lossless = await subject.make({ mode: "lossless" }).compress(messages);
      const first = views.blocks.find((row) => row.lossless === false)?.message ?? messages.length;
      const front = { key: "prefix", tokens: prefix };
      // A model without tools is offered none.
      const hasTools = messages.some((message) => anthropicMessages.calls(message).length > 0);
      const costs = POLICIES.map((policy) => {
        const sent =
          { without: messages, never: lossless.messages }[policy as string] ?? views.messages;
        const cache = promptCache(prices);
        for (const at of answersIn(messages)) {
          const isWanted = policy === "first request" || (policy === "first view" && first < at);
          const isOffered = hasTools && isWanted;
          request(cache, isOffered ? [definition, front] : [front], sent.slice(0, at).map(partOf));
        }
        const cost = cache.total().inputCost;
        sums.set(policy, (sums.get(policy) ?? 0) + cost);
        return cost;
      });
      const [plain = 0, ...others] = costs;
      notHigher = notHigher.map((count, at) => count + ((others[at] ?? 0) <= plain ? 1 : 0));
    }
    const whole = sums.get("without") ?? 0;
    rows.push([
      `${prefix}`,
      ...POLICIES.slice(1).map(
        (policy, at) =>
          `${percent(saved(whole, sums.get(policy) ?? 0))}, not higher in ${notHigher[at]} of ${sessions.length}`,
      ),
    ]);
  }
  out.text(
    `The definition of the retrieve tool has ${definition.tokens} tokens. Input cost saved over all sessions, retrievals left out, by when the tool is offered:`,
  );
  out.table(
    [
      "tokens in front",
      "from the first request on",
      "from the first view on",
      "never: lossless only",
    ],
    rows,
  );
}

function request(
  cache: PromptCache,
  front: readonly RequestPart[],
  messages: readonly RequestPart[],
): void {
  const marked = (parts: readonly RequestPart[]): readonly RequestPart[] =>
    parts.map((part, at) => (at === parts.length - 1 ? { ...part, isMarked: true } : part));
  cache.request([...marked(front), ...marked(messages)]);
}

/** Counts each message once. */
function partsReader(): (message: unknown) => RequestPart {
  const known = new Map<string, RequestPart>();
  return (message) => {
    const key = JSON.stringify(message);
    const part = known.get(key) ?? { key, tokens: requestTokens([message]) };
    known.set(key, part);
    return part;
  };
}

/** Where an answer of the model begins; a record may write its blocks as messages of their own, with one id. */
function answersIn(messages: readonly unknown[]): readonly number[] {
  let id: unknown;
  let wasFromModel = true;
  return messages.flatMap((message, at) => {
    const { role, id: own } = message as { readonly role?: unknown; readonly id?: unknown };
    const begins = role === "assistant" && !wasFromModel && (own === undefined || own !== id);
    wasFromModel = role === "assistant";
    if (wasFromModel) id = own;
    return begins ? [at] : [];
  });
}
