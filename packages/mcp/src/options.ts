import type { CcrStore, HeadroomOptions, SharedLedger } from "@headroom/core";

export interface HeadroomMcpOptions
  extends Pick<
    HeadroomOptions,
    | "deadlineMs"
    | "minTokens"
    | "mode"
    | "model"
    | "namespace"
    | "plugins"
    | "secret"
    | "storeTimeoutMs"
  > {
  /** Keeps originals, and what is shared. One that outlives the process keeps them over a restart. */
  readonly store: CcrStore;
  /** Keeps who shared and read what. One that several servers use lets their clients share. @default memoryLedger() */
  readonly ledger?: SharedLedger;
  /** Folders that `headroom_read` may read. @default those that the client names */
  readonly roots?: readonly string[];
  /** The most tokens of a file that one answer has. Claude Code cuts answers at 25,000. @default 20_000 */
  readonly maxReadTokens?: number;
}
