import type { ParsedQuery } from "../../../query/query.ts";

/** A bound the question sets. */
export interface Comparison {
  /** 1: above the bound, -1: below it. */
  readonly side: 1 | -1;
  readonly bound: number;
}

/** What a question asks of a table. */
export interface Ask {
  readonly query: ParsedQuery;
  /** Stemmed words of the question, stop words included. */
  readonly words: readonly string[];
  /** More is better (1) or less is better (-1), where the question asks for an end. */
  readonly end: 1 | -1 | 0;
  /** `top 3`. */
  readonly count: number;
  /** `over 50,000`. */
  readonly comparison: Comparison | undefined;
  /** The question wants the latest rather than the first. */
  readonly late: boolean;
}
