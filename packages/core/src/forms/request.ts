import type { Compressor } from "../types/compressor.ts";
import type { Mode, ViewRule } from "../types/report.ts";
import type { Pace } from "../types/runner.ts";
import type { TokenCounter } from "../types/tokens.ts";

/** Everything the forms of a text depend on, besides the text. */
export interface FormRequest {
  readonly mode: Mode;
  /** Views may be used. */
  readonly lossy: boolean;
  /** Tokens of the text. */
  readonly tokens: number;
  readonly query?: string;
  /** See `FormJob`. */
  readonly views?: ViewRule;
  /** See `FormJob`. */
  readonly isProgram?: boolean;
  readonly counter: TokenCounter;
  readonly compressors: readonly Compressor[];
  readonly pace: Pace;
}
