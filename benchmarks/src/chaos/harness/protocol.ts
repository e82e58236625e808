/** What the suite and its processes say to each other. */
import type { StoreSpec } from "./spec.ts";
import type { TextId } from "./texts.ts";

/** A process of its own that uses one store, as the pipeline does. */
export interface AgentJob {
  readonly spec: StoreSpec;
  /** A call that has not ended by then is hung. */
  readonly putLimitMs: number;
  readonly readLimitMs: number;
  /** A line is written here after every marker that left, so that a kill cannot take the news with it. */
  readonly ledger?: string;
}

/** A marker that left, and the text it stands for. */
export type Marker = readonly [ref: string, id: TextId];

export type Task =
  /** Sends one new text after the other until told to stop. */
  | {
      readonly do: "load";
      readonly first: number;
      readonly step: number;
      readonly lanes: number;
      readonly paceMs: number;
    }
  | { readonly do: "stop" }
  /** Sends these texts. `direct`: puts them into the store, past the pipeline. */
  | {
      readonly do: "send";
      readonly ids: readonly TextId[];
      readonly lanes: number;
      readonly direct?: boolean;
    }
  /** Tries to put another text under the ref of each of these. */
  | { readonly do: "forge"; readonly ids: readonly TextId[] }
  /** Redeems markers. What is refused is tried `attempts` times. */
  | { readonly do: "read"; readonly markers: readonly Marker[]; readonly attempts: number }
  /** Redeems markers of another store, with a client opened for it. */
  | { readonly do: "judge"; readonly spec: StoreSpec; readonly markers: readonly Marker[] }
  | { readonly do: "memory" }
  | { readonly do: "end" };

/** One call that would have stored an original. */
export interface Call {
  readonly id: TextId;
  /** When it began, in milliseconds since the epoch. */
  readonly at: number;
  readonly ms: number;
  readonly acknowledged: boolean;
  /** Set when a marker with this ref left. */
  readonly ref?: string;
  readonly why: string;
  readonly hung: boolean;
}

export interface ReadResult {
  readonly served: number;
  readonly refused: readonly Marker[];
  readonly missed: readonly Marker[];
  readonly wrong: number;
  readonly hung: number;
  readonly slowestMs: number;
  readonly why?: string;
}

export interface MemoryResult {
  readonly rssBytes: number;
  readonly peakRssBytes: number;
}

export interface Answers {
  readonly load: undefined;
  readonly stop: undefined;
  readonly send: readonly Call[];
  readonly forge: { readonly tried: number; readonly accepted: number };
  readonly read: ReadResult;
  readonly judge: ReadResult;
  readonly memory: MemoryResult;
  readonly end: undefined;
}

export type FromParent = { readonly number: number; readonly task: Task };
export type FromAgent =
  | { readonly call: Call }
  /** Still alive: sent after each read. */
  | { readonly beat: true }
  | { readonly number: number; readonly answer: unknown };
