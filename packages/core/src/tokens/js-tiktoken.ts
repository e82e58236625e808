/**
 * Counting with js-tiktoken, for applications that ship it already (LangChain does).
 *
 * Exact on normal text. js-tiktoken takes seconds for a run of a few thousand characters, so of a long run only the first
 * parts are counted and the rest is extrapolated. Text that looks like a special token counts as text.
 */
import { Tiktoken } from "js-tiktoken/lite";
import type { TokenCounter } from "../types/tokens.ts";
import { cutAt, longRuns } from "./run-guard.ts";

/** Units of a run counted at once, and how many such parts of one run are counted at all. */
const PART = 64;
const COUNTED_PARTS = 4;

/** Ranks as js-tiktoken publishes them. Its own types cannot be imported from CommonJS. */
export interface TiktokenRanks {
  readonly pat_str: string;
  readonly special_tokens: Record<string, number>;
  readonly bpe_ranks: string;
}

/** An encoder of js-tiktoken, or one with the same method. */
export interface TiktokenEncoder {
  encode(text: string, allowedSpecial?: string[], disallowedSpecial?: string[]): number[];
}

/**
 * A counter over ranks (`js-tiktoken/ranks/o200k_base`) or over an encoder made already.
 *
 * @param name shown in reports
 */
export function jsTiktokenCounter(
  encoding: TiktokenRanks | TiktokenEncoder,
  name = "js-tiktoken",
): TokenCounter {
  const encoder = "encode" in encoding ? encoding : new Tiktoken(encoding);
  const exact = (text: string): number => encoder.encode(text, [], []).length;
  return {
    name,
    count(text) {
      let tokens = 0;
      let done = 0;
      for (const [start, end] of longRuns(text)) {
        tokens += exact(text.slice(done, start)) + extrapolate(text, start, end, exact);
        done = end;
      }
      return tokens + exact(done === 0 ? text : text.slice(done));
    },
  };
}

function extrapolate(
  text: string,
  start: number,
  end: number,
  exact: (text: string) => number,
): number {
  let tokens = 0;
  let at = start;
  for (let part = 0; part < COUNTED_PARTS && at < end; part++) {
    const cut = cutAt(text, at + PART, end);
    tokens += exact(text.slice(at, cut));
    at = cut;
  }
  return Math.round((tokens * (end - start)) / (at - start));
}
