import type { Compressor, ContentKind, Omission } from "../types/compressor.ts";
import type { Mode } from "../types/report.ts";
import type { TokenCounter } from "../types/tokens.ts";
import type { Pace } from "./pace.ts";

/** A shorter form of a text, without its marker line. */
export interface Form {
  readonly text: string;
  /** Tokens of `text`. */
  readonly tokens: number;
  /** Kinds of the parts that changed, joined by `+`. */
  readonly kind: ContentKind;
  readonly compressor: string;
  readonly lossless: boolean;
  /** Empty for a lossless form. */
  readonly omitted: readonly Omission[];
}

/** What the pipeline may use in place of a text. */
export interface Forms {
  /** The form to send, by the rule in `choose.ts`; `undefined` where the text is best left as it is. */
  readonly chosen?: Form | undefined;
  /**
   * The best lossless form, at hand for a store that fails. Absent also where `chosen` is a view so much smaller that no
   * lossless form was made: ask again with `lossy: false`.
   */
  readonly lossless?: Form | undefined;
  /** Why there is no form. */
  readonly reason: string;
  /** A compressor threw. */
  readonly failed: boolean;
}

/** Everything the forms of a text depend on, besides the text. */
export interface FormRequest {
  readonly mode: Mode;
  /** Views may be used. */
  readonly lossy: boolean;
  /** Tokens of the text. */
  readonly tokens: number;
  readonly query?: string;
  readonly counter: TokenCounter;
  readonly compressors: readonly Compressor[];
  readonly pace: Pace;
}
