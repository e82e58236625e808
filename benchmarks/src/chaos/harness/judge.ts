/** A fresh process with a fresh client and no copies of its own redeems every marker that left. */
import { StuckError, startAgent } from "./agent-process.ts";
import type { Marker, ReadResult } from "./protocol.ts";
import { type StoreSpec, withoutCopies } from "./spec.ts";

export interface JudgeOptions {
  readonly attempts?: number;
  readonly readLimitMs?: number;
}

export async function judge(
  spec: StoreSpec,
  markers: readonly Marker[],
  { attempts = 8, readLimitMs }: JudgeOptions = {},
): Promise<ReadResult> {
  const fresh = startAgent(withoutCopies(spec), readLimitMs === undefined ? {} : { readLimitMs });
  try {
    return await fresh.ask({ do: "read", markers, attempts });
  } catch (error) {
    if (!(error instanceof StuckError)) throw error;
    // All of its reads are unanswered, and nobody knows what they would have been.
    const hung = Math.max(1, markers.length);
    const unknown = Number.NaN;
    return {
      served: unknown,
      refused: [],
      missed: markers,
      wrong: unknown,
      hung,
      slowestMs: unknown,
    };
  } finally {
    await fresh.end();
  }
}
