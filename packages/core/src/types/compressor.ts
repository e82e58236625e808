import type { OriginalUnits, Statement } from "./statement.ts";
import type { TokenCounter } from "./tokens.ts";

/** What a block of text is. Built-ins use the names below; a third party may add its own. */
export type ContentKind =
  | "commits"
  | "blobs"
  | "diff"
  | "hexdump"
  | "json"
  | "lines"
  | "log"
  | "read"
  | "search"
  | "structured"
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
  | "values"
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

/** Everything a compressor may know while it encodes. It has no store, no clock, no network and no idea of refs. */
export interface EncodeContext {
  readonly counter: TokenCounter;
}

/** Everything a compressor may know while it shortens. */
export interface ShortenContext extends EncodeContext {
  /**
   * The most tokens the view should take. A cap, not a target: a view that shows everything unusual, and says something true about
   * the rest, stops there, however small it is.
   */
  readonly budgetTokens: number;
  /** The question the text should answer. It ranks what a view shows, nothing else. */
  readonly query?: string;
  /**
   * Number of the text's first line in the original, where it is a part of one. Line numbers a view prints count from it:
   * lines are asked for by these numbers.
   * @default 1
   */
  readonly firstLine?: number;
}

/** A shortened form. The caller puts one marker line (ref, kind, omissions) above it; compressors never print refs. */
export interface View {
  readonly text: string;
  /** Everything that is gone, in total. Never empty: a view that cannot say what it left out is not used. */
  readonly omitted: readonly Omission[];
  /**
   * Every sentence of `text` about what is not in it. Each is checked against the original, and a view of which one is false is not
   * used. A line of the view that begins with `…` consists of such sentences, or is a line of the original.
   */
  readonly statements?: readonly Statement[];
  /** What the report should say besides: a part of the work that failed and was done in another way. One line. */
  readonly note?: string;
}

/**
 * Work in steps: a generator that yields wherever it may be interrupted, and returns the result. The caller rests between
 * steps, so that a text of megabytes does not hold the event loop. Where it yields changes nothing but time.
 */
export type Steps<Value> = Generator<void, Value, void>;

/** A value or work in steps that ends in one, now or later. */
export type Answer<Value> = Value | Steps<Value> | Promise<Value | Steps<Value>>;

/**
 * Offers forms of one kind of content. Pure: same text and context, same result everywhere.
 *
 * A compressor never chooses between its lossless form and its view: the pipeline does, by one rule for all kinds
 * (`forms/choose.ts`). It proves every lossless form with `decode` before it is used.
 */
export interface Compressor {
  /** Stable, kebab-case; appears in reports and options. */
  readonly name: string;
  readonly kind: ContentKind;
  /**
   * The name of its view, where that is made only when somebody asks for it: in mode `"aggressive"`, or by a rule of `tools` that
   * names it, such as `{ Read: { code: "outline" } }`. Elsewhere the compressor has no part in anything.
   * @default none: it is always asked
   */
  readonly onRequest?: string;
  /**
   * Whether its forms show another notation than the source's, so that a text is not edited by what they show. What a tool read from a
   * file is then left to other compressors.
   * @default false
   */
  readonly leavesFiles?: boolean;
  /** How sure this text is mine, 0 (not) to 1 (certain). Sees a bounded sample (its head, cut after a line) and never throws. */
  detect(sample: string): number;
  /**
   * Forms that `decode` gives the original back from, as few as are worth trying. `undefined` where there is none. Never
   * throws on account of content.
   */
  encode(text: string, context: EncodeContext): Answer<string | readonly string[] | undefined>;
  /**
   * The original of a lossless form. `undefined` where `encoded` is not one of ours.
   * Text kinds give the original byte for byte; json gives the same value with the same number text and key order.
   */
  decode(encoded: string): string | undefined;
  /**
   * Whether a decoded text counts as the original.
   * @default byte equality
   */
  same?(original: string, decoded: string): boolean;
  /**
   * Whether `decode` gives the text back from one of its forms: for large texts, where `decode` and `same` would take long in one
   * piece. Says what they say.
   * @default `decode` and `same`
   */
  prove?(text: string, form: string): Answer<boolean>;
  /** A shorter text that shows what matters and says what it left out. `undefined` where there is none. Never throws on account of content. */
  shorten?(text: string, context: ShortenContext): Answer<View | undefined>;
  /**
   * Reads a text again for the check of what a view says about it. Needed where statements are about anything but lines.
   * @default the lines of the text
   */
  original?(text: string): Answer<OriginalUnits>;
  /**
   * Tokens that no lossless form of the text can go below: a cheap bound, which spares encoding a text of which the view
   * shows a small part.
   * @default 0
   */
  leastTokens?(text: string, context: EncodeContext): Answer<number>;
}
