import { isRecord } from "./json.ts";

/** No provider nests what it reports deeper; what stands deeper is taken from the later report whole. */
const MAX_DEPTH = 16;

/**
 * What two rounds with a provider cost together. Numbers are added, at any place; of anything else the later report counts,
 * and what only one of them says is kept.
 */
export function sumUsage(earlier: unknown, later: unknown): unknown {
  return sumUpTo(MAX_DEPTH, earlier, later);
}

function sumUpTo(depth: number, earlier: unknown, later: unknown): unknown {
  if (typeof earlier === "number" && typeof later === "number") return earlier + later;
  if (depth > 0 && isRecord(earlier) && isRecord(later)) {
    const sum: Record<string, unknown> = { ...earlier };
    for (const [key, value] of Object.entries(later))
      sum[key] = sumUpTo(depth - 1, earlier[key], value);
    return sum;
  }
  return later ?? earlier;
}
