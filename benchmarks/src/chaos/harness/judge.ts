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
    // All of its reads are unanswered.
    return { served: 0, refused: [], missed: markers, wrong: 0, hung: 1, slowestMs: 0 };
  } finally {
    await fresh.end();
  }
}
