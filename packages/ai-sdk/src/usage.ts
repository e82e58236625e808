/** Merging what the rounds of one call report, for flat usage (V2) and nested usage (V3, V4). */
import { isRecord } from "@headroom/core/kit";
import type { Metadata } from "./spec.ts";

/** Warnings of all rounds, each once: every round repeats what was wrong with the request. */
export function mergeWarnings(
  first: readonly unknown[],
  second: readonly unknown[],
): readonly unknown[] {
  const known = new Set(first.map((warning) => JSON.stringify(warning)));
  return [...first, ...second.filter((warning) => !known.has(JSON.stringify(warning)))];
}

/** A finish reason like `model`'s, in its version's form: a name (V2) or `{ unified, raw }`. */
export function finishReasonLike(model: unknown, reason: "error" | "other"): unknown {
  return isRecord(model) ? { unified: reason, raw: undefined } : reason;
}

/** `providerMetadata` with our report beside what the provider says. */
export function withReport(metadata: unknown, report: unknown): Metadata | undefined {
  const known = isRecord(metadata) ? metadata : undefined;
  return report === undefined ? known : { ...known, headroom: report };
}
