/** Parts of an instance that are loaded on first use, so that a bundle leaves out those that nobody names. */
import type { PlacedCall } from "./transcript.ts";

type RepeatsModule = typeof import("./repeat/index.ts");
type HistoryModule = typeof import("./history/index.ts");

/** Loaders by part. */
export interface Parts {
  /** Refers to lines that stand above in the transcript: the option `repeats`. */
  readonly repeats?: () => Promise<RepeatsModule>;
  /** Shrinks what has grown old: the options `history` and `tokenBudget`. */
  readonly history?: () => Promise<HistoryModule>;
  /** Serves originals: `retrieve`. A `store` needs it. */
  readonly retrieval?: () => Promise<typeof import("./ccr/retrieve.ts")>;
  /** Says what sessions cost and how stable their requests are: `cost` and `stability`. */
  readonly analysis?: () => Promise<typeof import("./history/analysis.ts")>;
}

/** What an instance remembers for its parts, made with the first request that needs it. */
export interface LoadedParts {
  /** Makes the stage of one request. */
  readonly repeats?: () => Promise<
    (calls: readonly PlacedCall[]) => InstanceType<RepeatsModule["Repeats"]>
  >;
  readonly history?: () => Promise<
    Pick<HistoryModule, "replayHistory"> & {
      readonly replays: ReturnType<HistoryModule["replayMemory"]>;
    }
  >;
}

/** @param cacheBytes of everything that an instance remembers */
export function loadOnce({ repeats, history }: Parts, cacheBytes: number): LoadedParts {
  return {
    ...(repeats && {
      repeats: once(async () => {
        const { Repeats, rememberedDocuments } = await repeats();
        const documents = rememberedDocuments(Math.floor(cacheBytes / 4));
        return (calls) => new Repeats(calls, documents);
      }),
    }),
    ...(history && {
      history: once(async () => {
        const { replayHistory, replayMemory } = await history();
        return { replayHistory, replays: replayMemory(Math.floor(cacheBytes / 2)) };
      }),
    }),
  };
}

/** Keeps what was loaded: an import that was done is looked up anew each time, which takes as long as a short request. */
function once<Value>(load: () => Promise<Value>): () => Promise<Value> {
  let loading: Promise<Value> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      // What could not be loaded now may be there next time.
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
