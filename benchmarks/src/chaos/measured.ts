/** What a row hands back. Every figure is counted by the harness while it runs. */

/** A figure of one row that has to reach something. */
export interface Demand {
  readonly what: string;
  readonly measured: string;
  readonly holds: boolean;
}

export interface Reads {
  readonly tried: number;
  readonly served: number;
  /** The store said it cannot. */
  readonly refused: number;
  /** The store said there is nothing under a ref whose marker had left. */
  readonly missed: number;
}

export interface Measured {
  /** Calls that would have stored an original. */
  readonly tried: number;
  /** Calls whose original the store acknowledged. */
  readonly acknowledged: number;
  /** Distinct markers that left the process. */
  readonly markers: number;
  /** Markers a fresh process could not redeem once the fault was over. */
  readonly lostAtFirstLook: number;
  /** What the first look was told about them. */
  readonly lostHow?: string;
  /** The same after every text was sent again. */
  readonly lostAfterNextTurn?: number;
  /** Answers with other bytes than the original's, whoever read them and whenever. */
  readonly wrong: number;
  /** Calls that did not end by their deadline and a bound, those that never ended included. */
  readonly hung: number;
  readonly slowestMs: number;
  /** Reads by another process while the fault was on. */
  readonly reads: Reads;
  /** Puts after the fault: how long until the first was acknowledged, and how many were from two seconds after it on. */
  readonly after?: {
    readonly waitedMs: number | undefined;
    readonly tried: number;
    readonly acknowledged: number;
  };
  /** What really happened, by name; a zero makes the row red. */
  readonly faults: Readonly<Record<string, number>>;
  readonly demands: readonly Demand[];
  /** The reason most calls without a marker gave. */
  readonly why?: string;
}

/** A row that was not run, or broke off: none of its figures is a number. */
export const NOT_MEASURED: Measured = {
  tried: Number.NaN,
  acknowledged: Number.NaN,
  markers: Number.NaN,
  lostAtFirstLook: Number.NaN,
  wrong: Number.NaN,
  hung: Number.NaN,
  slowestMs: Number.NaN,
  reads: { tried: Number.NaN, served: Number.NaN, refused: Number.NaN, missed: Number.NaN },
  faults: {},
  demands: [],
};
