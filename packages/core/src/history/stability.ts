/**
 * What changes between the requests of one conversation, and so is paid for again: prompt caches know prefixes. It advises and never
 * rewrites anything.
 *
 * Requests are compared as providers cache them: tools, then the system prompt, then messages. Where a cache mark stands
 * (`cache_control`) changes no content and is not compared.
 */
import { isRecord, jsonOf, type UnknownRecord } from "../kit/json.ts";
import { estimateTokens } from "../tokens/estimate.ts";
import type { TokenCounter } from "../types/tokens.ts";
import { type Change, changeBetween } from "./change.ts";

/** A change of what an earlier request had sent already. */
export interface PrefixChange {
  /** Index of the request that no longer starts as the one before, from 0. */
  readonly request: number;
  readonly part: "messages" | "system" | "tools";
  /** Where it is: `tools[2].description`, `messages[0].content`. */
  readonly path: string;
  /** What makes the difference: a date, a time, an id, a number, other text, or the order of things. */
  readonly kind: "added" | "date" | "id" | "number" | "order" | "removed" | "text" | "time";
  /** What stood there, a few words around the difference. */
  readonly before: string;
  /** What stands there now. */
  readonly after: string;
  /** Tokens of the request before from here on: what this change alone keeps from being read from the cache. */
  readonly lostTokens: number;
  /** What to do about it. */
  readonly advice: string;
}

export interface Stability {
  readonly requests: number;
  /** Requests that do not start as the one before. */
  readonly broken: number;
  /** Tokens that were sent before and could not be read from the cache. */
  readonly lostTokens: number;
  /** Every change, in order; the first of a request costs its tokens, the others would if it were not there. */
  readonly changes: readonly PrefixChange[];
}

export interface StabilityOptions {
  /** @default an estimate */
  readonly tokenCounter?: TokenCounter;
}

export interface StabilityWatch {
  /** Takes the next request of the conversation: a body as it is sent, or its messages. Returns what changed. */
  add(request: unknown): readonly PrefixChange[];
  /** What was found so far. */
  report(): Stability;
}

/** More changes of one request are not told apart. */
const MAX_CHANGES = 10;

/** Compares requests that are fed one after the other. Nothing in a request makes it throw. */
export function watchStability({ tokenCounter }: StabilityOptions = {}): StabilityWatch {
  const count = tokenCounter ? (text: string) => tokenCounter.count(text) : estimateTokens;
  const changes: PrefixChange[] = [];
  let [requests, broken, lostTokens] = [0, 0, 0];
  let before: readonly Part[] = [];
  return {
    add(request) {
      const parts = partsOf(request);
      const found = requests === 0 ? [] : changesOf(before, parts, requests, count);
      if (found[0]) {
        broken++;
        lostTokens += found[0].lostTokens;
      }
      changes.push(...found);
      before = parts;
      requests++;
      return found;
    },
    report: () => ({ requests, broken, lostTokens, changes: [...changes] }),
  };
}

/** Compares the requests of one conversation, each with the one before. */
export function stabilityOf(requests: readonly unknown[], options?: StabilityOptions): Stability {
  const watch = watchStability(options);
  for (const request of requests) watch.add(request);
  return watch.report();
}

interface Part {
  readonly part: PrefixChange["part"];
  readonly path: string;
  readonly value: unknown;
  readonly json: string;
}

/** Names under which bodies of the providers have their parts. */
const MESSAGES = ["messages", "input", "contents"];
const SYSTEM = ["system", "instructions", "systemInstruction", "system_instruction"];

function partsOf(request: unknown): readonly Part[] {
  const body: UnknownRecord = Array.isArray(request)
    ? { messages: request }
    : isRecord(request)
      ? request
      : {};
  const parts: Part[] = [];
  const push = (part: Part["part"], path: string, value: unknown): void => {
    if (Array.isArray(value))
      for (const [index, item] of value.entries()) add(part, `${path}[${index}]`, item);
    else if (value !== undefined) add(part, path, value);
  };
  const add = (part: Part["part"], path: string, value: unknown): void => {
    const bare = withoutMarks(value);
    parts.push({ part, path, value: bare, json: jsonOf(bare) ?? "" });
  };
  push("tools", "tools", body.tools);
  for (const name of SYSTEM) push("system", name, body[name]);
  for (const name of MESSAGES) push("messages", name, body[name]);
  return parts;
}

/** The value without what tells a provider where to cache. Read as JSON: what JSON cannot say is not sent either. */
function withoutMarks(value: unknown): unknown {
  try {
    const json = JSON.stringify(value, (key, inner: unknown) =>
      key === "cache_control" ? undefined : inner,
    );
    return json === undefined ? undefined : JSON.parse(json);
  } catch {
    return undefined;
  }
}

function changesOf(
  before: readonly Part[],
  now: readonly Part[],
  request: number,
  count: (text: string) => number,
): readonly PrefixChange[] {
  const tails = tokensBehind(before, count);
  const changes: PrefixChange[] = [];
  const isReordered = sameParts(before, now, "tools");
  for (const [index, part] of before.entries()) {
    if (changes.length >= MAX_CHANGES) break;
    const other = now[index];
    if (part.json === other?.json && part.path === other.path) continue;
    // A request that ends earlier has only what was sent before.
    if (other === undefined) break;
    const moved = part.part === "tools" && isReordered;
    const change = moved ? ORDER : differenceAt(before, now, index);
    const { kind, path, before: old, after } = change;
    const place = kind === "added" && path === "" ? other : part;
    changes.push({
      request,
      part: place.part,
      path: `${place.path}${path}`,
      kind,
      before: old,
      after,
      lostTokens: tails[index] ?? 0,
      advice: adviceFor(place.part, kind),
    });
    // From here on the parts are others: nothing can be compared place by place.
    if (moved || kind === "added" || kind === "removed" || part.part === "messages") break;
  }
  return changes;
}

const ORDER: Change = { kind: "order", path: "", before: "", after: "" };

function differenceAt(before: readonly Part[], now: readonly Part[], index: number): Change {
  const [old, next] = [before[index], now[index]];
  if (!old || !next) return { ...ORDER, kind: "removed" };
  const isIn = (part: Part, parts: readonly Part[]): boolean =>
    parts.some(({ json, part: kind }) => json === part.json && kind === part.part);
  const excerpt = ({ json }: Part): string => json.slice(0, 60);
  if (old.part !== next.part || old.path.split("[")[0] !== next.path.split("[")[0])
    return next.part === "tools" || (next.part === "system" && old.part === "messages")
      ? { kind: "added", path: "", before: "", after: excerpt(next) }
      : { kind: "removed", path: "", before: excerpt(old), after: "" };
  if (isIn(old, now.slice(index + 1)) && !isIn(next, before))
    return { kind: "added", path: "", before: "", after: excerpt(next) };
  if (isIn(next, before.slice(index + 1)) && !isIn(old, now))
    return { kind: "removed", path: "", before: excerpt(old), after: "" };
  return changeBetween(old.value, next.value);
}

/** Whether two requests have the same parts of a kind, in another order. */
function sameParts(before: readonly Part[], now: readonly Part[], kind: Part["part"]): boolean {
  const sorted = (parts: readonly Part[]): string =>
    JSON.stringify(parts.flatMap(({ part, json }) => (part === kind ? [json] : [])).sort());
  return sorted(before) === sorted(now);
}

function tokensBehind(parts: readonly Part[], count: (text: string) => number): readonly number[] {
  let tokens = 0;
  const tails = parts.map(() => 0);
  for (let index = parts.length - 1; index >= 0; index--) {
    tokens += count(parts[index]?.json ?? "");
    tails[index] = tokens;
  }
  return tails;
}

function adviceFor(part: PrefixChange["part"], kind: PrefixChange["kind"]): string {
  if (kind === "order")
    return part === "tools"
      ? "Send the tools in the same order every time: sort them by name."
      : "Write the keys of objects in the same order every time.";
  if (part === "tools")
    return kind === "added" || kind === "removed"
      ? "Offer the same tools from the first request on; tell in a message which to use."
      : "Keep tool definitions as they are for the whole conversation.";
  if (part === "messages") return "Append messages and leave earlier ones as they were sent.";
  return kind === "date" || kind === "time" || kind === "id" || kind === "number"
    ? `Take the ${kind} out of the system prompt: say it in the newest message.`
    : "Keep the system prompt as it is for the whole conversation; say what is new in the newest message.";
}
