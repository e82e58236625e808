import { isRecord, sumUsage } from "@headroom/core/kit";

/** What two rounds cost together; details by modality are added modality by modality. */
export function addUsage(earlier: unknown, later: unknown): unknown {
  const sum = sumUsage(earlier, later);
  if (!isRecord(sum) || !isRecord(earlier) || !isRecord(later)) return sum;
  const details = Object.keys(sum).flatMap((key) => {
    const [before, after] = [earlier[key], later[key]];
    return Array.isArray(before) && Array.isArray(after)
      ? [[key, byModality([...before, ...after])]]
      : [];
  });
  return { ...sum, ...Object.fromEntries(details) };
}

function byModality(counts: readonly unknown[]): readonly unknown[] {
  const sums = new Map<unknown, unknown>();
  for (const count of counts) {
    const key = isRecord(count) ? count.modality : count;
    const { modality: _, ...before } = (sums.get(key) ?? {}) as Record<string, unknown>;
    sums.set(key, isRecord(count) ? { ...count, ...numbers(before, count) } : count);
  }
  return [...sums.values()];
}

function numbers(before: unknown, now: unknown): object {
  const sum = sumUsage(before, now);
  return isRecord(sum) ? sum : {};
}
