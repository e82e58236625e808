import type { TokenCounter } from "./tokens.ts";

/** What a block of text is. Built-ins use the names below; a third party may add its own. */
export type ContentKind =
  | "code"
  | "diff"
  | "html"
  | "json"
  | "log"
  | "read"
  | "search"
  | "table"
  | "text"
  | "tree"
  | (string & {});

/** What can be left out, and therefore asked for again. */
export type OmissionUnit =
  | "characters"
  | "files"
  | "hunks"
  | "items"
  | "keys"
  | "lines"
  | "paths"
  | "rows"
  | (string & {});

/** One declared omission: `count` of `total` units are not in the text any more. */
export interface Omission {
  readonly unit: OmissionUnit;
  readonly count: number;
  /** How many there were, omitted ones included. */
  readonly total: number;
  /** A few words for the reader, e.g. `INFO lines` or `data.items`. One line, no brackets. */
  readonly what?: string;
}

/** Everything a compressor may know. It has no store, no clock, no network and no idea of refs. */
export interface CompressionContext {
  /** False: only lossless forms may be returned. */
  readonly lossy: boolean;
  /** Tokens the lossy form should fit in. A target, not a promise: what must be kept is kept. */
  readonly budgetTokens: number;
  readonly counter: TokenCounter;
  /** The text the answer will be judged against. Ranks what a lossy form keeps, nothing else. */
  readonly query?: string;
  /**
   * Number of the text's first line in the original, where it is a part of one. Line numbers a form prints count from it:
   * they are what lines are asked for by.
   * @default 1
   */
  readonly firstLine?: number;
}

/**
 * A shorter form of a text.
 *
 * The caller puts one marker line (ref, kind, omissions) above `text`; compressors never print refs.
 */
export type Compressed =
  | {
      /** Starts with the kind's legend line where the format needs one. */
      readonly text: string;
      /** `decode(text)` of the same compressor gives the original back. The compressor has run it. */
      readonly lossless: true;
    }
  | {
      readonly text: string;
      readonly lossless: false;
      /** Everything that is gone, in total. Never empty: a lossy form that cannot say what it dropped is not used. */
      readonly omitted: readonly Omission[];
    };

/** Turns one kind of content into fewer tokens. Pure: same text and context, same result everywhere. */
export interface Compressor {
  /** Stable, kebab-case; appears in reports and options. */
  readonly name: string;
  readonly kind: ContentKind;
  /** How sure this text is mine, 0 (not) to 1 (certain). Sees a bounded sample (its head, cut after a line) and never throws. */
  detect(sample: string): number;
  /** `undefined` declines, and the next compressor is asked. Never throws on account of content. */
  compress(text: string, context: CompressionContext): MaybePromise<Compressed | undefined>;
  /**
   * The original of a lossless form. `undefined` where `compressed` is not one of ours.
   * Text kinds give the original byte for byte; json gives the same value with the same number text and key order.
   */
  decode(compressed: string): string | undefined;
  /**
   * Whether a decoded text counts as the original.
   * @default byte equality
   */
  same?(original: string, decoded: string): boolean;
}

/** Built-ins are synchronous; a model-backed compressor may not be. */
export type MaybePromise<Value> = Promise<Value> | Value;
