/**
 * Token counters by name or by model. Vocabularies are imported on first use and shared by the whole process.
 */
import { InvalidOptionError } from "../errors.ts";
import type { TokenCounter } from "../types/tokens.ts";
import { type BpeEncoding, loadBpe } from "./bpe.ts";
import { calibratedCounter } from "./calibrated.ts";
import { estimateCounter } from "./estimate.ts";
import { cachedCounter } from "./lru.ts";

export { estimateTokens } from "./estimate.ts";

/** Names `loadCounter` accepts. */
export type CounterName = "o200k_base" | "cl100k_base" | "claude" | "gemini" | "estimate";

const loading = new Map<BpeEncoding, Promise<TokenCounter>>();

/** A counter by name. Rejects with `InvalidOptionError` on any other name. */
export async function loadCounter(name: CounterName): Promise<TokenCounter> {
  switch (name) {
    case "o200k_base":
    case "cl100k_base":
      return bpe(name);
    case "claude":
      return calibratedCounter(await bpe("o200k_base"), "claude", 1.2);
    case "gemini":
      return calibratedCounter(await bpe("o200k_base"), "gemini", 1.05);
    case "estimate":
      return estimateCounter;
    default:
      throw new InvalidOptionError(
        "tokenCounter",
        name,
        '"o200k_base", "cl100k_base", "claude", "gemini", "estimate" or a TokenCounter',
      );
  }
}

/** The counter of a model, by its published name; a provider prefix (`openai/gpt-4o`) is ignored. Unknown: `o200k_base`. */
export function counterForModel(model?: string): Promise<TokenCounter> {
  return loadCounter(counterNameForModel(model));
}

export function counterNameForModel(model?: string): CounterName {
  const name = (model ?? "").toLowerCase().replace(/^.*\//, "");
  if (/(^|[.-])claude/.test(name)) return "claude";
  if (/(^|[.-])gemini/.test(name)) return "gemini";
  if (/^(gpt-4(?![.o\w])|gpt-4$|gpt-3|gpt-35|text-embedding)/.test(name)) return "cl100k_base";
  return "o200k_base";
}

function bpe(encoding: BpeEncoding): Promise<TokenCounter> {
  let counter = loading.get(encoding);
  if (counter === undefined) {
    counter = loadBpe(encoding).then((loaded) => cachedCounter(loaded));
    loading.set(encoding, counter);
    // A failed import must not be remembered: the next call may succeed.
    counter.catch(() => loading.delete(encoding));
  }
  return counter;
}
