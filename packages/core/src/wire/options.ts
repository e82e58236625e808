import type { RetrieveResult } from "../ccr/page.ts";
import type { RetrieveRequest } from "../ccr/request.ts";
import type { ErrorPhase } from "../inline/answer.ts";
import type { HeadroomOptions } from "../options.ts";

/** Options of a wrapped client: those of `createHeadroom`, and who answers retrievals. */
export interface WireOptions extends Omit<HeadroomOptions, "adapter"> {
  /**
   * Who answers `headroom_retrieve`: `"inline"` answers inside the call; with `"tool"` the caller offers and answers the tool, and
   * requests without it are only compressed losslessly; `false` is lossless always.
   * @default "inline"
   */
  readonly retrieval?: "inline" | "tool" | false;
  /**
   * Which requests get the retrieve tool with `retrieval: "inline"`: `"auto"` those that have tools, `"always"` those without as
   * well. Where a model cannot retrieve, new texts are compressed losslessly, and what was shortened before stays as it was.
   * @default "auto"
   */
  readonly injectTool?: "auto" | "always";
  /** The deadline of a request by the characters of its body, in milliseconds. @default `deadlineMs` for all */
  readonly deadlineFor?: (characters: number) => number;
  /** The most replies of one call whose retrievals are answered. @default 8 */
  readonly maxRetrievals?: number;
  /** Called for each retrieval that was answered inside the call. @default none */
  readonly onRetrieval?: (request: RetrieveRequest, result: RetrieveResult) => void;
  /**
   * Called for an error that did not stop the call: a store that failed, or a callback or hook of yours that threw.
   * @default none
   */
  readonly onError?: (error: unknown, phase: ErrorPhase) => void;
}
