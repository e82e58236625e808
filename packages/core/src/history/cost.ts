/**
 * What a recorded session would cost, request by request, with compression and without.
 *
 * Both arms pay for the same answers. With compression the tool definition is paid for, and so is every retrieval the session shows
 * a need for: where the model's next call uses a word that stood in an earlier result and can no longer be read.
 */
import { InvalidOptionError } from "../errors.ts";
import { isRecord, jsonOf } from "../kit/json.ts";
import { adapterFor } from "../messages/index.ts";
import type { CompressResult } from "../result.ts";
import type { MessageAdapter, TextBlock, ToolCall } from "../types/message.ts";
import type { TokenCounter } from "../types/tokens.ts";
import { isFromModel } from "./from-model.ts";
import {
  type PriceTable,
  type PromptCache,
  promptCache,
  type RequestPart,
  sumOf,
  type TokenBill,
} from "./prompt-cache.ts";

/** A recorded session: its messages, and what stands in front of them in every request. */
export interface Session {
  readonly messages: readonly unknown[];
  /** The system prompt, where it is no message. */
  readonly system?: unknown;
  /** Definitions of tools, without those of Headroom. */
  readonly tools?: unknown;
  /** Tokens in front of the messages that the record does not have. @default 0 */
  readonly prefixTokens?: number;
}

/** The bills of one turn: the request the model answered and, with compression, its retrievals. */
export interface TurnCost {
  readonly without: TokenBill;
  readonly with: TokenBill;
}

export interface SessionCost {
  /** One for each answer of the model that the session has. */
  readonly turns: readonly TurnCost[];
  readonly without: TokenBill;
  readonly with: TokenBill;
  /** Share of the whole cost that compression saves; negative where it costs more. */
  readonly saved: number;
  /** The same for the cost of input. */
  readonly inputSaved: number;
  /** Retrievals paid for. */
  readonly retrievals: number;
  /** Turns whose compressed request does not go on where the one before ended: an epoch of `history`, or a caller who rewrote messages. */
  readonly breaks: number;
}

/** What a simulation needs of an instance. */
export interface CostSubject {
  simulate(messages: readonly unknown[]): Promise<CompressResult<unknown>>;
  readonly tools: readonly unknown[];
  readonly counter: TokenCounter;
  readonly adapters: readonly MessageAdapter[];
}

/** A page of an original has no more tokens. */
const MAX_PAGE_TOKENS = 4_000;
/** Tokens of a call of `headroom_retrieve` with its arguments. */
const CALL_TOKENS = 60;
const FRAME_TOKENS = 4;

/** @throws InvalidOptionError for prices or a session that nobody can mean */
export async function costOf(
  subject: CostSubject,
  session: Session | readonly unknown[],
  prices: PriceTable,
): Promise<SessionCost> {
  const { messages, system, tools, prefixTokens = 0 } = checked(session, prices);
  const { counter, adapters } = subject;
  const read = reader(counter, adapters);
  const arm = (ownTools: readonly unknown[]): Arm => {
    const front = frontOf({ system, tools, ownTools, prefixTokens }, counter);
    return { cache: promptCache(prices), front };
  };
  // Where the model has no tools it is offered none.
  const hasTools = Array.isArray(tools)
    ? tools.length > 0
    : messages.some((message) => read(message).callTexts.length > 0);
  const [plain, small] = [arm([]), arm(hasTools ? subject.tools : [])];
  const turns: TurnCost[] = [];
  const needs = retrievalNeeds(read);
  /** What a retrieval left in the transcript, by the message it stands before. */
  const hidden = new Map<number, RequestPart[]>();
  let [retrievals, breaks] = [0, 0];
  let sent: readonly RequestPart[] = [];
  for (const { at, end } of answersIn(messages, read)) {
    const given = messages.slice(0, at);
    const answer = messages.slice(at, end);
    const output = answer.reduce<number>((sum, message) => sum + read(message).tokens, 0);
    const without = plain.cache.request(requestOf(plain, given.map(read)), output);
    const { messages: compressed, blocks } = await subject.simulate(given);
    const shown = compressed.map(read);
    const shortened = new Set(
      blocks.flatMap(({ lossless, message }) => (lossless === false ? [message] : [])),
    );
    const parts = withHidden(shown, hidden);
    const cut = sent.findIndex(({ key }, index) => parts[index]?.key !== key);
    if (cut >= 0) breaks++;
    const asked = needs({ given, shown, shortened, answer, isBroken: cut >= 0 });
    let bill: TokenBill | undefined;
    for (const tokens of asked) {
      bill = add(
        bill,
        small.cache.request(requestOf(small, withHidden(shown, hidden)), CALL_TOKENS),
      );
      const key = `retrieval ${retrievals++}`;
      const result = {
        key,
        tokens: CALL_TOKENS + FRAME_TOKENS + Math.min(tokens, MAX_PAGE_TOKENS),
      };
      hidden.set(at, [...(hidden.get(at) ?? []), result]);
    }
    sent = withHidden(shown, hidden);
    const last = small.cache.request(requestOf(small, sent), output);
    turns.push({ without, with: add(bill, last) });
  }
  const sum = { without: plain.cache.total(), with: small.cache.total() };
  return {
    turns,
    ...sum,
    saved: shareSaved(sum.without.cost, sum.with.cost),
    inputSaved: shareSaved(sum.without.inputCost, sum.with.inputCost),
    retrievals,
    breaks,
  };
}

interface Arm {
  readonly cache: PromptCache;
  readonly front: readonly RequestPart[];
}

function add(left: TokenBill | undefined, right: TokenBill): TokenBill {
  return left === undefined ? right : sumOf(left, right);
}

function shareSaved(before: number, after: number): number {
  return before > 0 ? (before - after) / before : 0;
}

/** The marks move as agents move them: behind what never changes, and behind the last message. */
function requestOf({ front }: Arm, messages: readonly RequestPart[]): readonly RequestPart[] {
  const parts = [...front, ...messages];
  const last = parts.at(-1);
  return last === undefined ? parts : [...parts.slice(0, -1), { ...last, isMarked: true }];
}

function withHidden(
  shown: readonly RequestPart[],
  hidden: ReadonlyMap<number, readonly RequestPart[]>,
): readonly RequestPart[] {
  if (hidden.size === 0) return shown;
  const parts = shown.flatMap((part, index) => [...(hidden.get(index) ?? []), part]);
  return [...parts, ...(hidden.get(shown.length) ?? [])];
}

interface Front {
  readonly system: unknown;
  readonly tools: unknown;
  readonly ownTools: readonly unknown[];
  readonly prefixTokens: number;
}

function frontOf(
  { system, tools, ownTools, prefixTokens }: Front,
  counter: TokenCounter,
): readonly RequestPart[] {
  const front: RequestPart[] = [];
  const push = (name: string, value: unknown): void => {
    const json = typeof value === "string" ? value : (jsonOf(value) ?? "");
    if (json !== "" && json !== "[]")
      front.push({ key: `${name} ${json}`, tokens: counter.count(json) });
  };
  push("tools", tools);
  push("tools", ownTools);
  push("system", system);
  if (prefixTokens > 0) front.push({ key: "prefix", tokens: prefixTokens });
  return front.map((part, index) =>
    index === front.length - 1 ? { ...part, isMarked: true } : part,
  );
}

/** A message as a part of a request. */
interface ReadMessage extends RequestPart {
  /** Texts of tools, and what is written in calls. */
  readonly toolTexts: readonly string[];
  readonly otherTexts: readonly string[];
  readonly callTexts: readonly string[];
  readonly isFromModel: boolean;
}

type Read = (message: unknown) => ReadMessage;

/** Reads each message once; turns share what they have in common. */
function reader(counter: TokenCounter, adapters: readonly MessageAdapter[]): Read {
  const known = new Map<string, ReadMessage>();
  const byObject = new WeakMap<object, ReadMessage>();
  const read = (message: unknown): ReadMessage => {
    const key = jsonOf(message) ?? String(message);
    const before = known.get(key);
    if (before) return before;
    const made = readMessage(message, key, counter, adapters);
    known.set(key, made);
    return made;
  };
  return (message) => {
    if (typeof message !== "object" || message === null) return read(message);
    const made = byObject.get(message) ?? read(message);
    byObject.set(message, made);
    return made;
  };
}

function readMessage(
  message: unknown,
  key: string,
  counter: TokenCounter,
  adapters: readonly MessageAdapter[],
): ReadMessage {
  const adapter = adapterFor(message, adapters);
  let [texts, calls]: [readonly TextBlock[], readonly ToolCall[]] = [[], []];
  try {
    texts = adapter?.read(message) ?? [];
    calls = adapter?.calls(message) ?? [];
  } catch {
    // Content never throws: what cannot be read has no tokens.
  }
  const toolTexts = texts.flatMap(({ role, text }) => (role === "tool" ? [text] : []));
  const otherTexts = texts.flatMap(({ role, text }) => (role === "tool" ? [] : [text]));
  const callTexts = calls.flatMap(({ name, args = "" }) => [name, args]);
  let tokens = FRAME_TOKENS;
  for (const text of [...toolTexts, ...otherTexts, ...callTexts]) tokens += counter.count(text);
  return {
    key,
    tokens,
    toolTexts,
    otherTexts,
    callTexts,
    isFromModel: isFromModel(message, calls, texts),
  };
}

interface AnswerPlace {
  /** Index of the first message of the answer. */
  readonly at: number;
  readonly end: number;
}

/** Where the model spoke. Records that write each block of an answer as a message of its own repeat the answer's id. */
function answersIn(messages: readonly unknown[], read: Read): readonly AnswerPlace[] {
  const places: { at: number; end: number }[] = [];
  let wasFromModel = true;
  let id: unknown;
  for (const [at, message] of messages.entries()) {
    const fromModel = read(message).isFromModel;
    const own = isRecord(message) ? message.id : undefined;
    const isSame = typeof own === "string" && own === id;
    const last = places.at(-1);
    if (fromModel && wasFromModel && last?.end === at) last.end = at + 1;
    else if (fromModel && at > 0 && !isSame) places.push({ at, end: at + 1 });
    if (fromModel) id = own;
    wasFromModel = fromModel;
  }
  return places;
}

interface NeedsOfTurn {
  readonly given: readonly unknown[];
  readonly shown: readonly ReadMessage[];
  /** Messages of which something was left out. */
  readonly shortened: ReadonlySet<number>;
  readonly answer: readonly unknown[];
  /** Earlier messages are shown in another way than in the turn before. */
  readonly isBroken: boolean;
}

/** Finds words of a call that stood in a shortened result and stand nowhere in the request: tokens of the originals to ask for. */
function retrievalNeeds(read: Read): (turn: NeedsOfTurn) => readonly number[] {
  /** The message each word stood in last, in the result of a tool. */
  const sources = new Map<string, number>();
  let visible = new Set<string>();
  const retrieved = new Set<number>();
  let [readUpTo, shownUpTo] = [0, 0];
  return ({ given, shown, shortened, answer, isBroken }) => {
    for (; readUpTo < given.length; readUpTo++)
      for (const text of read(given[readUpTo]).toolTexts)
        for (const word of wordsOf(text)) sources.set(word, readUpTo);
    if (isBroken) [visible, shownUpTo] = [new Set(), 0];
    for (; shownUpTo < shown.length; shownUpTo++) {
      const { toolTexts, otherTexts, callTexts } = shown[shownUpTo] ?? NO_TEXTS;
      for (const text of [...toolTexts, ...otherTexts, ...callTexts])
        for (const word of wordsOf(text)) visible.add(word);
    }
    const asked = new Set<number>();
    for (const text of answer.flatMap((message) => read(message).callTexts))
      for (const word of wordsOf(text)) {
        const source = sources.get(word);
        if (source === undefined || visible.has(word) || retrieved.has(source)) continue;
        if (shortened.has(source)) asked.add(source);
      }
    for (const source of asked) retrieved.add(source);
    return [...asked].map((source) => read(given[source]).tokens);
  };
}

const NO_TEXTS = { toolTexts: [], otherTexts: [], callTexts: [] };

/** Words long enough to be a name, a path or a number that nobody guesses. */
function wordsOf(text: string): Iterable<string> {
  return new Set(text.match(/[\w./-]{6,}/g) ?? []);
}

function checked(session: Session | readonly unknown[], prices: PriceTable): Session {
  for (const name of ["input", "output", "cacheWrite", "cacheRead"] as const)
    if (!isPrice(prices?.[name], name === "input" || name === "output"))
      throw new InvalidOptionError(
        `prices.${name}`,
        prices?.[name],
        "a price per million tokens, 0 or more",
      );
  const { minCacheableTokens, caching } = prices;
  if (!isPrice(minCacheableTokens, false))
    throw new InvalidOptionError(
      "prices.minCacheableTokens",
      minCacheableTokens,
      "tokens, 0 or more",
    );
  if (caching !== undefined && caching !== "automatic" && caching !== "marked")
    throw new InvalidOptionError("prices.caching", caching, '"automatic" or "marked"');
  const given = isList(session) ? { messages: session } : session;
  if (!Array.isArray(given?.messages))
    throw new InvalidOptionError("session", session, "messages, or an object that has messages");
  return given;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isPrice(value: unknown, isNeeded: boolean): boolean {
  if (value === undefined) return !isNeeded;
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}
