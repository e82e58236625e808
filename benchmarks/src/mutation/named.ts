/**
 * Changes that may stay unnoticed, each with the reason. An equivalent one behaves exactly as the original and leaves the
 * score; an accepted one could be noticed, is not worth a test, and counts as not noticed.
 */
export interface Named {
  readonly file: string;
  /** The lines as `npm run mutation` prints them. */
  readonly before: string;
  readonly after: string;
  readonly verdict: "equivalent" | "accepted";
  readonly reason: string;
}

export const NAMED: readonly Named[] = [];
