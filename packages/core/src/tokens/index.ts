/**
 * Token counters by name or by model.
 *
 * Vocabularies are imported on first use and shared by the whole process. Counts are not remembered here: an instance puts
 * `cachedCounter` in front of the counter it uses.
 */
import { InvalidOptionError } from "../errors.ts";
import type { TokenCounter } from "../types/tokens.ts";
import { type BpeEncoding, loadBpe } from "./bpe.ts";
import { CLAUDE_FACTOR, calibratedCounter, digitTokens, GEMINI_FACTOR } from "./calibrated.ts";
import { type CounterName, choiceFor } from "./choice.ts";
import { estimateCounter } from "./estimate.ts";

export type { CounterName } from "./choice.ts";
export { estimateTokens } from "./estimate.ts";

export interface LoadCounterOptions {
  /**
   * Factor by which the count of the base encoding is multiplied, as you measured it between your model's `usage` and these counts.
   * @default 1 for OpenAI encodings and the estimate, 1.2 for Claude (1.4 from Opus 4.7 on), 1.09 for Gemini
   */
  readonly factor?: number;
}

const loading = new Map<BpeEncoding, Promise<TokenCounter>>();

/** Loads a counter by its name. Rejects with `InvalidOptionError` for any other name. */
export async function loadCounter(
  name: CounterName,
  options: LoadCounterOptions = {},
): Promise<TokenCounter> {
  const { factor } = options;
  if (factor !== undefined && !(factor > 0 && Number.isFinite(factor))) {
    throw new InvalidOptionError("factor", factor, "a number above 0");
  }
  switch (name) {
    case "o200k_base":
    case "cl100k_base":
      return scaled(await bpe(name), factor);
    case "claude":
      return calibratedCounter(await bpe("o200k_base"), name, factor ?? CLAUDE_FACTOR);
    case "gemini":
      return calibratedCounter(await bpe("o200k_base"), name, factor ?? GEMINI_FACTOR, digitTokens);
    case "estimate":
      return scaled(estimateCounter, factor);
    default:
      throw new InvalidOptionError(
        "tokenCounter",
        name,
        '"o200k_base", "cl100k_base", "claude", "gemini", "estimate" or an object { name, count }',
      );
  }
}

/**
 * The counter of a model by its published name; prefixes of providers and gateways (`openai/gpt-4o`,
 * `us.anthropic.claude-…`) do not matter. Any other model, or none: `o200k_base`.
 */
export function counterForModel(
  model?: string,
  options: LoadCounterOptions = {},
): Promise<TokenCounter> {
  const { name, ...own } = choiceFor(model);
  return loadCounter(name, { ...own, ...options });
}

function scaled(counter: TokenCounter, factor: number | undefined): TokenCounter {
  if (factor === undefined || factor === 1) return counter;
  return calibratedCounter(counter, counter.name, factor);
}

function bpe(encoding: BpeEncoding): Promise<TokenCounter> {
  let counter = loading.get(encoding);
  if (counter === undefined) {
    counter = loadBpe(encoding);
    loading.set(encoding, counter);
    // A failed import must not be remembered: the next call may succeed.
    counter.catch(() => loading.delete(encoding));
  }
  return counter;
}
