import type { ContentKind, Omission } from "./compressor.ts";
import type { Role } from "./message.ts";
import type { CcrRef } from "./store.ts";

/** How hard to try. `audit` measures and changes nothing. */
export type Mode = "audit" | "lossless" | "balanced" | "aggressive";

/** What became of one block. */
export type Outcome =
  | "compressed"
  | "declined"
  | "protected"
  | "not-smaller"
  | "failed"
  | "store-down";

/** What happened to one block, and why: "it does nothing" must never be a mystery. */
export interface BlockReport {
  /** Index of the message in the input. */
  readonly message: number;
  /** The block's id within its message. */
  readonly block: string;
  readonly role: Role;
  readonly toolName?: string;
  readonly outcome: Outcome;
  /** One plain sentence fragment, e.g. `under minTokens (84 < 200)`. */
  readonly reason: string;
  readonly kind?: ContentKind;
  /** Names of the compressors whose text is used; several when the block was split into parts. */
  readonly compressor?: string;
  readonly lossless?: boolean;
  readonly omitted?: readonly Omission[];
  readonly tokensBefore: number;
  readonly tokensAfter: number;
  /** Redeems the original; set when the store acknowledged it. */
  readonly ref?: CcrRef;
  /** The block came with a marker of an earlier call, and was left alone for it. */
  readonly carriesMarker?: true;
  /** Wall-clock time spent on this block. Not part of the pure result. */
  readonly milliseconds: number;
}
