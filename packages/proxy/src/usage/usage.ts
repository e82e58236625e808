/** What providers report of the tokens of an answer, in one shape. */
import { isRecord } from "@headroom/core/kit";
import type { UsageTotals } from "../stats/types.ts";

/** Where an answer, or an event of it, says what it cost. */
export const USAGE_PATHS: ReadonlySet<string> = new Set([
  "usage",
  "message.usage",
  "response.usage",
  "usageMetadata",
]);

/** Where it says which model wrote it. */
export const MODEL_PATHS: ReadonlySet<string> = new Set([
  "model",
  "message.model",
  "response.model",
  "modelVersion",
]);

/** Parts of a report. Those of a stream come in several events, and the last number of each counts. */
export interface UsageParts {
  /** Includes what was read from the cache; Anthropic's does not. */
  readonly all?: number;
  readonly uncached?: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly output?: number;
  readonly thoughts?: number;
}

/** Reads one report of Anthropic, OpenAI (Chat Completions and Responses) or Gemini. */
export function usageParts(report: unknown): UsageParts {
  if (!isRecord(report)) return {};
  const { prompt_tokens_details: chat, input_tokens_details: responses } = report;
  const details = isRecord(chat) ? chat : isRecord(responses) ? responses : undefined;
  const isOpenai = report.prompt_tokens !== undefined || isRecord(responses);
  const input = report.input_tokens;
  return withNumbers({
    all: isOpenai ? (report.prompt_tokens ?? input) : report.promptTokenCount,
    uncached: isOpenai ? undefined : input,
    cacheRead:
      details?.cached_tokens ?? report.cache_read_input_tokens ?? report.cachedContentTokenCount,
    cacheWrite: report.cache_creation_input_tokens,
    output: report.output_tokens ?? report.completion_tokens ?? report.candidatesTokenCount,
    thoughts: report.thoughtsTokenCount,
  });
}

/** `undefined` where nothing was reported. */
export function usageTotals(parts: UsageParts): UsageTotals | undefined {
  const { all, uncached, cacheRead = 0, cacheWrite = 0, output, thoughts = 0 } = parts;
  if (all === undefined && uncached === undefined && output === undefined) return undefined;
  return {
    inputTokens: Math.max(all ?? (uncached ?? 0) + cacheRead + cacheWrite, cacheRead + cacheWrite),
    cacheReadTokens: cacheRead,
    cacheWriteTokens: cacheWrite,
    outputTokens: (output ?? 0) + thoughts,
  };
}

/** No answer has as many. A larger number, a fraction or a negative one is no report. */
const MAX_TOKENS = 1e10;

function withNumbers(given: Readonly<Record<keyof UsageParts, unknown>>): UsageParts {
  return Object.fromEntries(
    Object.entries(given).filter(
      ([, value]) =>
        Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= MAX_TOKENS,
    ),
  );
}
