/**
 * Recorded sessions, turn by turn through the proxy's own process, in front of a provider that keeps a prompt cache.
 *
 * The provider reads what came in over the wire. Its cache is the one that `headroom.cost` has (`@headroom/core/cost`): a prefix of
 * parts that was written at a mark is read for a tenth, what is new up to the last mark is written for a quarter more.
 */
import { type PromptCache, promptCache, type RequestPart } from "@headroom/core/cost";
import { corpora } from "../corpus.ts";
import { percent, progress, saved } from "../report.ts";
import { tokensOf } from "../tokens.ts";
import { type Recorded, recordedSessions } from "./recorded.ts";
import type { Board } from "./rows.ts";
import { type RunningProxy, type Stage, startProxy } from "./stage.ts";

/** Prices only matter to each other here. */
const PRICES = { input: 3, output: 15 };
const LONG = 40;
/** What the definitions of the real agent's tools weigh, beside which a session's own tokens are fewer. */
const REAL_FRONT = 18_000;

interface Replayed {
  readonly name: string;
  readonly turns: number;
  readonly breaks: number;
  readonly dearer: number;
  /** Cost of input without and with the proxy. */
  readonly without: number;
  readonly with: number;
  /** The same behind the definitions of a real agent's tools. */
  readonly frontWithout: number;
  readonly frontWith: number;
}

export async function replay(stage: Stage, board: Board): Promise<void> {
  const sessions = chosen(recordedSessions(corpora), stage.scale);
  if (sessions.length === 0) {
    board.report.text("The shared corpora are not there: no session is replayed.");
    return;
  }
  const proxy = await startProxy(stage);
  const replayed: Replayed[] = [];
  for (const session of sessions) {
    progress(`replay: ${session.name}`);
    replayed.push(await replayOne(stage, proxy, session));
  }
  progress("");
  await proxy.stop();
  const { report } = board;
  report.heading("Recorded sessions, turn by turn");
  report.table(
    ["session", "turns", "breaks", "dearer turns", "input cost", "behind 18 k tokens of tools"],
    replayed.map((one) => [
      one.name.slice(0, 48),
      String(one.turns),
      String(one.breaks),
      String(one.dearer),
      changed(one.without, one.with),
      changed(one.frontWithout, one.frontWith),
    ]),
  );
  const sum = (of: (one: Replayed) => number, some = replayed): number =>
    some.reduce((all, one) => all + of(one), 0);
  const turns = sum((one) => one.turns);
  report.judge("prefix breaks", { met: turns - sum((one) => one.breaks), of: turns });
  report.judge("dearer turns", { met: turns - sum((one) => one.dearer), of: turns });
  for (const [name, some] of [
    ["cost of long sessions", replayed.filter((one) => one.turns >= LONG)],
    ["cost of short sessions", replayed.filter((one) => one.turns < LONG)],
  ] as const) {
    if (some.length === 0) continue;
    const cost = saved(
      sum((one) => one.without, some),
      sum((one) => one.with, some),
    );
    const front = saved(
      sum((one) => one.frontWithout, some),
      sum((one) => one.frontWith, some),
    );
    report.judge(name, cost, {
      note: `${some.length} sessions; ${percent(front)} behind ${REAL_FRONT} tokens of tool definitions`,
    });
  }
}

function changed(before: number, after: number): string {
  const share = after / before - 1;
  return `${share > 0 ? "+" : ""}${percent(share)}`;
}

/** In a run that only has to see a sabotage: the first turns of one long and one short session. */
function chosen(sessions: readonly Recorded[], scale: number): readonly Recorded[] {
  if (scale === 1) return sessions;
  const long = sessions.find(({ requests }) => requests.length >= LONG);
  const short = sessions.find(({ requests }) => requests.length > 8 && requests.length < LONG);
  return [
    ...(long ? [{ ...long, requests: long.requests.slice(0, LONG) }] : []),
    ...(short ? [short] : []),
  ];
}

async function replayOne(stage: Stage, proxy: RunningProxy, session: Recorded): Promise<Replayed> {
  const url = `http://127.0.0.1:${proxy.port}/v1/messages`;
  const arm = (front: number) => ({ cache: promptCache(PRICES), front });
  const [plain, small] = [arm(0), arm(0)];
  const [frontPlain, frontSmall] = [arm(REAL_FRONT), arm(REAL_FRONT)];
  const cost = (
    { cache, front }: { cache: PromptCache; front: number },
    parts: readonly RequestPart[],
  ) => cache.request(front === 0 ? parts : [{ key: "front", tokens: front }, ...parts]);
  let [breaks, dearer] = [0, 0];
  let sent: readonly RequestPart[] = [];
  /** Tokens of tools that only the proxy sends: paid for once. */
  let ours = 0;
  for (const body of session.requests) {
    await stage.provider.ask("kept");
    const response = await fetch(url, {
      method: "POST",
      // A key for each session: they are different users.
      headers: {
        "content-type": "application/json",
        "x-api-key": `sk-${session.name}`,
        "x-bench-reply": "keep",
      },
      body: new Uint8Array(body),
    });
    await response.arrayBuffer();
    const [arrived] = await stage.provider.ask<readonly Buffer[]>("kept");
    const parts = partsOf(arrived ?? Buffer.alloc(0));
    const original = partsOf(body);
    const isFirst = sent.length === 0;
    if (isFirst) ours = frontTokens(parts) - frontTokens(original);
    if (!sent.every(({ key }, at) => parts[at]?.key === key)) breaks++;
    const [without, with_] = [cost(plain, original), cost(small, parts)];
    cost(frontPlain, original);
    cost(frontSmall, parts);
    const newly = (bill: typeof without): number => bill.cacheWriteTokens + bill.uncachedTokens;
    if (newly(with_) > newly(without) + owed(ours, newly(with_), isFirst)) dearer++;
    if (newly(with_) > 0 && with_.cacheWriteTokens + with_.cacheReadTokens > 0) ours = 0;
    sent = parts;
  }
  return {
    name: session.name,
    turns: session.requests.length,
    breaks,
    dearer,
    without: plain.cache.total().inputCost,
    with: small.cache.total().inputCost,
    frontWithout: frontPlain.cache.total().inputCost,
    frontWith: frontSmall.cache.total().inputCost,
  };
}

/** The tool's definition is paid for until it is in the cache, which short requests do not reach. */
function owed(ours: number, paid: number, isFirst: boolean): number {
  return isFirst || paid > 0 ? ours : 0;
}

const tokens = new Map<string, number>();

function counted(text: string): number {
  const known = tokens.get(text);
  if (known !== undefined) return known;
  const count = tokensOf(text);
  tokens.set(text, count);
  return count;
}

type Json = Readonly<Record<string, unknown>>;

/** A request as the provider reads it: tools, system prompt, messages, block by block; marks are no part of what is said. */
function partsOf(bytes: Buffer): readonly RequestPart[] {
  const body = JSON.parse(bytes.toString()) as Json;
  return [
    ...listOf(body.tools).map((tool) => part("tool", tool)),
    ...listOf(body.system).map((block) => part("system", block)),
    ...listOf(body.messages).flatMap((message) => {
      const { role, content } = message as Json;
      return listOf(content).map((block) => part(String(role), block));
    }),
  ];
}

function frontTokens(parts: readonly RequestPart[]): number {
  return parts.reduce((sum, { key, tokens: own }) => sum + (key.startsWith("tool ") ? own : 0), 0);
}

/** Tokens of what stands around a block. */
const BLOCK_TOKENS = 4;

/** What the model reads of a block: its texts as they are, and not as JSON writes them; everything else as JSON. */
function wordsOf({ text, content, ...rest }: Json): readonly string[] {
  const words = typeof text === "string" ? [text] : [];
  if (typeof content === "string") words.push(content);
  else if (Array.isArray(content)) words.push(...content.flatMap((one) => wordsOf(one as Json)));
  const { type: _, id: __, tool_use_id: ___, name: ____, ...others } = rest;
  return Object.keys(others).length === 0 ? words : [...words, JSON.stringify(rest)];
}

/** A text is the same as a list with it. */
function listOf(value: unknown): readonly unknown[] {
  if (typeof value === "string") return [{ type: "text", text: value }];
  return Array.isArray(value) ? value : [];
}

function part(role: string, block: unknown): RequestPart {
  const { cache_control: mark, ...rest } = block as Json;
  const text = JSON.stringify(rest);
  return {
    key: `${role} ${text}`,
    tokens: wordsOf(rest).reduce((sum, words) => sum + counted(words), BLOCK_TOKENS),
    ...(mark === undefined ? {} : { isMarked: true }),
  };
}
