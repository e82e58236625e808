/** What `history` and `tokenBudget` accept, and what they mean. */
import { InvalidOptionError } from "../errors.ts";
import { type FileTools, isFileTools } from "./files.ts";

/** How a transcript that got long is shortened: in epochs, which are few, so that the provider's prompt cache keeps hitting between them. */
export interface HistoryOptions {
  /** Tokens of the compressed transcript above which older turns shrink. */
  readonly triggerTokens: number;
  /** Tokens that an epoch shrinks the transcript to, as far as it can. @default half of `triggerTokens` */
  readonly targetTokens?: number;
  /**
   * So many turns at the end stay whole. A turn is an answer of the model with the results of its calls.
   * @default 5
   */
  readonly keepRecentTurns?: number;
  /**
   * Tools of yours that read or change files, by name: a read whose file was changed or read again later shrinks first. `"other"`
   * takes a name out of the built-in list, which has those of the usual coding agents and frameworks. The path is found in the
   * arguments under one of the usual names (`path`, `file_path`, `filename` …).
   * @default none
   */
  readonly files?: FileTools;
  /**
   * Says of a message whether it stays whole, wherever it stands. The answer must depend on the message and its index only.
   * What it throws rejects the call.
   * @default none is pinned
   */
  readonly isPinned?: (message: unknown, index: number) => boolean;
}

/** `HistoryOptions` with every default filled in. */
export interface ResolvedHistory extends HistoryOptions {
  readonly targetTokens: number;
  readonly keepRecentTurns: number;
  readonly files: FileTools;
}

/** Of a budget of tokens: where an epoch begins, and what it shrinks to. The rest is room for the next turns. */
const BUDGET_TRIGGER = 0.8;
const BUDGET_TARGET = 0.4;
const KEEP_RECENT_TURNS = 5;

interface Given {
  readonly history?: HistoryOptions;
  readonly tokenBudget?: number;
  readonly store?: unknown;
}

/** @throws InvalidOptionError */
export function resolveHistory(given: Given): ResolvedHistory | undefined {
  const { history, tokenBudget, store } = given;
  if (history === undefined && tokenBudget === undefined) return undefined;
  if (history !== undefined && tokenBudget !== undefined)
    throw new InvalidOptionError(
      "tokenBudget",
      tokenBudget,
      "no history beside it: it says the same",
    );
  if (tokenBudget !== undefined && !isTokens(tokenBudget))
    throw new InvalidOptionError("tokenBudget", tokenBudget, "a whole number of tokens, 1 or more");
  if (store === undefined)
    throw new InvalidOptionError(
      history === undefined ? "tokenBudget" : "history",
      history ?? tokenBudget,
      "a store beside it, which keeps what is left out",
    );
  if (tokenBudget !== undefined)
    return {
      triggerTokens: Math.max(1, Math.floor(tokenBudget * BUDGET_TRIGGER)),
      targetTokens: Math.floor(tokenBudget * BUDGET_TARGET),
      keepRecentTurns: KEEP_RECENT_TURNS,
      files: {},
    };
  return checked(history);
}

function checked(history: HistoryOptions | undefined): ResolvedHistory {
  if (typeof history !== "object" || history === null)
    throw new InvalidOptionError("history", history, "an object that has triggerTokens");
  for (const name of Object.keys(history))
    if (!NAMES.has(name))
      throw new InvalidOptionError(
        `history.${name}`,
        "an unknown option",
        `one of ${[...NAMES].join(", ")}`,
      );
  const { triggerTokens, isPinned } = history;
  if (!isTokens(triggerTokens))
    throw new InvalidOptionError(
      "history.triggerTokens",
      triggerTokens,
      "a whole number of tokens, 1 or more",
    );
  const {
    targetTokens = Math.floor(triggerTokens / 2),
    keepRecentTurns = KEEP_RECENT_TURNS,
    files = {},
  } = history;
  if (!(Number.isSafeInteger(targetTokens) && targetTokens >= 0 && targetTokens < triggerTokens))
    throw new InvalidOptionError(
      "history.targetTokens",
      targetTokens,
      "a whole number of tokens, 0 or more and less than triggerTokens",
    );
  if (!isTokens(keepRecentTurns))
    throw new InvalidOptionError(
      "history.keepRecentTurns",
      keepRecentTurns,
      "a whole number of turns, 1 or more",
    );
  if (!isFileTools(files))
    throw new InvalidOptionError(
      "history.files",
      files,
      'an object from tool name to "read", "edit" or "other"',
    );
  if (isPinned !== undefined && typeof isPinned !== "function")
    throw new InvalidOptionError("history.isPinned", isPinned, "a function");
  return { ...history, triggerTokens, targetTokens, keepRecentTurns, files };
}

const NAMES: ReadonlySet<string> = new Set([
  "files",
  "isPinned",
  "keepRecentTurns",
  "targetTokens",
  "triggerTokens",
] satisfies (keyof HistoryOptions)[]);

function isTokens(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}
