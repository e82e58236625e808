/** Adds up calls and reads. */
import type { Reads } from "../measured.ts";
import type { Call, Marker, ReadResult } from "./protocol.ts";
import type { TextId } from "./texts.ts";

export const NO_READS: Reads = { tried: 0, served: 0, refused: 0, missed: 0 };

/** The markers that left, each once. */
export function markersOf(calls: readonly Call[]): readonly Marker[] {
  const byRef = new Map<string, TextId>();
  for (const { ref, id } of calls) if (ref !== undefined) byRef.set(ref, id);
  return [...byRef];
}

/** For rows in which nobody reads while the fault is on. */
export const WITHOUT_READS = { reads: NO_READS } as const;

export interface CallTotals {
  readonly tried: number;
  readonly acknowledged: number;
  readonly hung: number;
  readonly slowestMs: number;
  readonly why?: string;
}

export function totalsOf(calls: readonly Call[]): CallTotals {
  const refusals = calls.filter(({ acknowledged }) => !acknowledged).map(({ why }) => why);
  const why = mostOften(refusals);
  return {
    tried: calls.length,
    acknowledged: calls.filter(({ acknowledged }) => acknowledged).length,
    hung: calls.filter(({ hung }) => hung).length,
    slowestMs: calls.reduce((slowest, { ms }) => Math.max(slowest, ms), 0),
    ...(why === undefined ? {} : { why }),
  };
}

export function addReads(reads: Reads, result: ReadResult): Reads {
  const { served, refused, missed, wrong, hung } = result;
  return {
    tried: reads.tried + served + refused.length + missed.length + wrong + hung,
    served: reads.served + served,
    refused: reads.refused + refused.length,
    missed: reads.missed + missed.length,
  };
}

/** Markers nobody could redeem: nothing there, or never served. */
export function unredeemed({ missed, refused }: ReadResult): number {
  return missed.length + refused.length;
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function mostOften(reasons: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const reason of reasons) {
    const kind = reason.replace(/\d+/g, "N");
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0].slice(0, 120);
}
