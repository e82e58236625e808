/** What `headroom measure --cost` finds out about a session, and how it prints. */
import {
  createHeadroom,
  type HeadroomOptions,
  memoryStore,
  type PriceTable,
  type SessionCost,
} from "@headroom/core";
import type { TokenBill } from "@headroom/core/cost";
import { isRecord } from "@headroom/core/kit";
import { CommandError } from "../command-error.ts";
import { PLAIN, type Style } from "../style.ts";
import { formatTable, type Row } from "../table.ts";
import { countOf, formatCount, formatShare } from "../words.ts";

/** Costs of one session. */
export interface MeasuredCost {
  readonly path: string;
  readonly turns: number;
  readonly without: number;
  readonly with: number;
  readonly inputWithout: number;
  readonly inputWith: number;
  readonly retrievals: number;
  readonly breaks: number;
}

/** What one request has to read, and what all up to it cost. */
export interface TurnPoint {
  readonly tokensWithout: number;
  readonly tokensWith: number;
  readonly costWithout: number;
  readonly costWith: number;
}

export interface SimulatedSession {
  readonly cost: MeasuredCost;
  readonly turns: readonly TurnPoint[];
}

/** A session as it lies in a file. */
export interface RecordedSession {
  readonly messages: readonly unknown[];
  readonly system?: unknown;
  readonly tools?: unknown;
}

/** Without prices: what uncached input is worth, output being five times that. */
export const RELATIVE: PriceTable = { input: 1, output: 5 };

/** `INPUT,OUTPUT[,WRITE[,READ]]` per million tokens. */
export function pricesOf(option: string | undefined): PriceTable {
  if (option === undefined) return RELATIVE;
  const numbers = option
    .split(",")
    .map((part) => (/^\d{1,9}(?:\.\d{1,9})?$/.test(part) ? Number(part) : undefined));
  const [input, output, cacheWrite, cacheRead] = numbers;
  if (
    numbers.includes(undefined) ||
    input === undefined ||
    output === undefined ||
    numbers.length > 4
  )
    throw new CommandError(
      `--prices takes INPUT,OUTPUT[,WRITE[,READ]] per million tokens, like 5,25 or 5,25,6.25,0.5, not "${option}".`,
    );
  return {
    input,
    output,
    ...(cacheWrite === undefined ? {} : { cacheWrite }),
    ...(cacheRead === undefined ? {} : { cacheRead }),
  };
}

/** Simulates a session request by request. Its originals go to a store of its own. */
export async function costOfSession(
  path: string,
  session: RecordedSession,
  prices: PriceTable,
  options: HeadroomOptions,
  maxBytes: number,
): Promise<SimulatedSession> {
  const headroom = createHeadroom({ ...options, store: memoryStore({ maxBytes }) });
  const prefixTokens = await unrecordedTokens(session, async (messages) => {
    const { tokensBefore } = await headroom.simulate(messages);
    return tokensBefore;
  });
  const cost = await headroom.cost({ ...session, prefixTokens }, prices);
  return {
    turns: pointsOf(cost),
    cost: {
      path,
      turns: cost.turns.length,
      without: cost.without.cost,
      with: cost.with.cost,
      inputWithout: cost.without.inputCost,
      inputWith: cost.with.inputCost,
      retrievals: cost.retrievals,
      breaks: cost.breaks,
    },
  };
}

function pointsOf({ turns }: SessionCost): readonly TurnPoint[] {
  let [costWithout, costWith] = [0, 0];
  return turns.map((turn) => {
    costWithout += turn.without.cost;
    costWith += turn.with.cost;
    return {
      tokensWithout: inputOf(turn.without),
      tokensWith: inputOf(turn.with),
      costWithout,
      costWith,
    };
  });
}

function inputOf({ cacheReadTokens, cacheWriteTokens, uncachedTokens }: TokenBill): number {
  return cacheReadTokens + cacheWriteTokens + uncachedTokens;
}

/** Tokens of tools and system prompt, where only the provider's `usage` in the first answer tells of them. */
async function unrecordedTokens(
  { messages, system, tools }: RecordedSession,
  count: (messages: readonly unknown[]) => Promise<number>,
): Promise<number> {
  if (system !== undefined || tools !== undefined) return 0;
  const first = messages.findIndex((message) => isRecord(message) && isRecord(message.usage));
  const answer = messages[first];
  if (!isRecord(answer) || !isRecord(answer.usage)) return 0;
  const { usage } = answer;
  const sent = [
    usage.input_tokens,
    usage.cache_creation_input_tokens,
    usage.cache_read_input_tokens,
  ]
    .map((tokens) => (typeof tokens === "number" ? tokens : 0))
    .reduce((sum, tokens) => sum + tokens, 0);
  return Math.max(0, sent - (await count(messages.slice(0, first))));
}

/** The section of the report. */
export function printCosts(
  costs: readonly MeasuredCost[],
  prices: PriceTable,
  style: Style = PLAIN,
): string {
  if (costs.length === 0) return "No transcript among the files: nothing to say of costs.\n";
  const total = costs.reduce(addCosts);
  const shown = [...costs].sort((a, b) => b.without - a.without).slice(0, TOP_COSTS);
  const more = costs.length - shown.length;
  return `Simulated cost of ${countOf(costs.length, "transcript")}, request by request, ${unitOf(prices)}:\n${formatTable(
    ["transcript", "requests", "without", "with", "saved", "of input", "retrievals", "breaks"],
    [
      ...shown.map(costRow),
      ...(more > 0 ? [costRow({ ...rest(costs, shown), path: `${formatCount(more)} more` })] : []),
    ],
    costRow({ ...total, path: "total" }),
    style,
  )}`;
}

const TOP_COSTS = 20;

function rest(all: readonly MeasuredCost[], shown: readonly MeasuredCost[]): MeasuredCost {
  return all.filter((cost) => !shown.includes(cost)).reduce(addCosts);
}

/** The unit of costs, in words. */
export function unitOf(prices: PriceTable): string {
  const { input, output, cacheWrite = 1.25 * input, cacheRead = 0.1 * input } = prices;
  return prices === RELATIVE
    ? "in millions of uncached input tokens (--prices for money)"
    : `at ${input} for input, ${output} for output, ${cacheWrite} to write the cache and ${cacheRead} to read it, per million tokens`;
}

function costRow(cost: MeasuredCost): Row {
  return [
    shortPath(cost.path),
    formatCount(cost.turns),
    cost.without.toFixed(4),
    cost.with.toFixed(4),
    formatShare(saved(cost.without, cost.with)),
    formatShare(saved(cost.inputWithout, cost.inputWith)),
    formatCount(cost.retrievals),
    formatCount(cost.breaks),
  ];
}

/** The end of a path says more than its start. */
function shortPath(path: string): string {
  return path.length <= 60 ? path : `…${path.slice(-59)}`;
}

function saved(before: number, after: number): number {
  return before === 0 ? 0 : (before - after) / before;
}

export function addCosts(left: MeasuredCost, right: MeasuredCost): MeasuredCost {
  return {
    path: left.path,
    turns: left.turns + right.turns,
    without: left.without + right.without,
    with: left.with + right.with,
    inputWithout: left.inputWithout + right.inputWithout,
    inputWith: left.inputWith + right.inputWith,
    retrievals: left.retrievals + right.retrievals,
    breaks: left.breaks + right.breaks,
  };
}
