import type { ContentKind, Omission } from "./compressor.ts";
import type { Role } from "./message.ts";
import type { CcrRef } from "./store.ts";

/**
 * `lossless`: nothing is left out. `balanced`, `aggressive`: long texts may be shortened, to about 10 % and 5 % of their tokens.
 * `audit`: nothing changes, and the report says what would be saved.
 */
export type Mode = "audit" | "lossless" | "balanced" | "aggressive";

/** Views that are made on request, by kind of content: `{ code: "outline" }`. Everything else is as in the mode of the instance. */
export type ViewRule = Readonly<Record<string, string>>;

/** What `tools` says of the results of a tool: a mode, `"exclude"` to leave them alone, or the views that are wanted of them. */
export type ToolRule = Mode | "exclude" | ViewRule;

/** What became of one block. */
export type Outcome =
  /** A form was used. */
  | "compressed"
  /** Lines that stand above in the transcript are referred to, and the rest is sent; nothing is left out. */
  | "repeated"
  /** No compressor had a form, or the deadline came first. */
  | "declined"
  /** The block may not be touched. */
  | "protected"
  /** The form and its marker have as many tokens as the text, or more. */
  | "not-smaller"
  /** A compressor threw. */
  | "failed"
  /** The original could not be stored: the lossless form was used, or the text as it was. */
  | "store-down";

/** What became of one block, and why. */
export interface BlockReport {
  /** Index of the message in the input, from 0. */
  readonly message: number;
  /** The block's id within its message. */
  readonly block: string;
  readonly role: Role;
  readonly toolName?: string;
  readonly outcome: Outcome;
  /** One plain sentence fragment, e.g. `under minTokens (84 < 200)`. */
  readonly reason: string;
  /** What the block is; several kinds are joined by `+`. Absent where no form was used. */
  readonly kind?: ContentKind;
  /** The compressor whose form is used; several are joined by `+` where the block was split into parts. */
  readonly compressor?: string;
  /** Whether nothing was left out. */
  readonly lossless?: boolean;
  /** What a shortened form left out. */
  readonly omitted?: readonly Omission[];
  /** Tokens of the text. Those of a long text are guessed from its head where `deadlineMs` was over before they were counted. */
  readonly tokensBefore: number;
  /** Tokens of what is sent, marker line included. */
  readonly tokensAfter: number;
  /** Names the original. Set when the store acknowledged it. */
  readonly ref?: CcrRef;
  /** The block came with a marker of an earlier call, which is why it was left alone. */
  readonly carriesMarker?: true;
  /** Wall-clock time spent on this block. It differs from run to run. */
  readonly milliseconds: number;
}
