import type { Ran } from "./task/run-program.ts";
import type { Line } from "./wire.ts";

/** One run of an agent, and all that is known about it. */
export interface Trial {
  readonly line: Line;
  readonly ran: Ran;
  readonly answer: string;
  /** The numbers of the commands that were executed. */
  readonly executed: string;
  /** What became of the folder. */
  readonly changes: string;
  /** What it left in its home. */
  readonly stored: readonly { readonly path: string; readonly text: string }[];
}

export interface Pair {
  readonly straight: Trial;
  readonly through: Trial;
}
