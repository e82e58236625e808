import { Tiktoken, type TiktokenBPE } from "js-tiktoken/lite";
import type { TokenCounter } from "../types/tokens.ts";
import { guardRuns } from "./run-guard.ts";

/** Counts with js-tiktoken, for applications that ship it already. */
export function jsTiktokenCounter(
  encoding: TiktokenBPE | Tiktoken,
  name = "js-tiktoken",
): TokenCounter {
  const encoder = encoding instanceof Tiktoken ? encoding : new Tiktoken(encoding);
  return guardRuns({ name, count: (text) => encoder.encode(text, [], []).length });
}
