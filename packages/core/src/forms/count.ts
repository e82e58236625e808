import { countInSteps } from "../steps.ts";
import type { Pace } from "../types/runner.ts";
import type { TokenCounter } from "../types/tokens.ts";
import { settle } from "./pace.ts";

/** Tokens of a text, a long one counted in pieces with rests between them. */
export function countTokens(text: string, counter: TokenCounter, pace: Pace): Promise<number> {
  return settle(countInSteps(text, counter), pace);
}
