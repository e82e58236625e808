/** How a hidden round fails: as the same request would have failed with the client around us. */
import type { CompressResult } from "../result.ts";
import type { Patch } from "./splice.ts";

/** How the client retries and which errors it throws. */
export interface ClientWays {
  /** Retries of the call that this request belongs to. */
  maxRetries(init: RequestInit): number;
  /** Whether the client sends this request again. @default where `x-stainless-retry-count` says so */
  isRepeated?(init: RequestInit): boolean;
  /** The client's own error for a response with an error status; `undefined` where it has none. */
  statusError(status: number, body: unknown, text: string, headers: Headers): Error | undefined;
  /** The client's own error for a connection that failed. */
  connectionError(cause: unknown): Error | undefined;
  /** Told what became of the messages of a request; of each request in a batch. @default nobody is told */
  compressed?(init: RequestInit, result: CompressResult<unknown>): void;
  /** Resolves once a request has to go out with what is known of its messages by then. @default never */
  late?(init: RequestInit): Promise<void> | undefined;
  /** Told, before it is sent, by which patches of the body it was given a request is made. @default nobody is told */
  written?(init: RequestInit, body: string, patches: readonly Patch[]): void;
  /** Told that calls of a reply to a request are answered inside. @default nobody is told */
  answering?(init: RequestInit, calls: number): void;
}

/** The response of a hidden round that is no reply. */
export class FailedRound extends Error {
  override readonly name = "FailedRound";
  readonly response: Response;
  readonly text: string;
  constructor(response: Response, text: string) {
    super(`The request of a hidden round failed with status ${response.status}.`);
    this.response = response;
    this.text = text;
  }
}
