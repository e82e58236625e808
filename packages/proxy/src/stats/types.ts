/** What the proxy tells of itself. Never a text, a credential, an id of a provider's, or a query. */
import type { Mode } from "@headroom/core";
import type { Provider } from "../upstreams.ts";

/** Tokens that the provider says it was asked to read and has written. */
export interface UsageTotals {
  /** Tokens of the request, those of its cache included. */
  readonly inputTokens: number;
  /** Of these, read from the provider's cache. */
  readonly cacheReadTokens: number;
  /** Of these, written to the provider's cache. */
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
}

/** Who answered a request: a provider, or the proxy itself. */
export type Answerer = Provider | "headroom";

/** Which endpoint a request was for. */
export type Route =
  | "messages"
  | "count_tokens"
  | "batches"
  | "chat/completions"
  | "responses"
  | "generateContent"
  | "streamGenerateContent"
  | "compress"
  | "retrieve"
  | "websocket"
  | "other";

/** How a request ended. */
export type Ending =
  /** The answer was passed on whole, whatever its status. */
  | "complete"
  /** The provider left in the middle of its answer. */
  | "cut-off"
  /** The client left before the end. */
  | "client-left"
  /** No provider answered. */
  | "failed";

/** One request: figures, and names of a fixed set. */
export interface RequestRecord {
  /** Counts up from 1. */
  readonly id: number;
  readonly provider: Answerer;
  readonly route: Route;
  readonly method: string;
  /** 0 where there was no answer. */
  readonly status: number;
  readonly ending: Ending;
  readonly streamed: boolean;
  /** As the provider names it; `(other)` for a name that no provider would give. */
  readonly model?: string;
  /** Tokens before and after compression, as counted here. Absent for requests that went through unread. */
  readonly tokensBefore?: number;
  readonly tokensAfter?: number;
  /** Milliseconds from the end of the request's body until the provider was asked. */
  readonly addedMs?: number;
  /** Milliseconds from the head of the request to the end of the answer. */
  readonly totalMs: number;
  readonly retrievals: number;
  /** Replies of the provider that the client did not see, because they were answered here. */
  readonly hiddenRounds: number;
  /** Stages that failed; what they would have done was left out. */
  readonly failedOpen: readonly string[];
  /** As the provider reported it. Absent where it did not, or it could not be read in time. */
  readonly usage?: UsageTotals;
}

/** Tokens before and after compression. */
export interface TokenRow {
  readonly name: string;
  readonly blocks: number;
  readonly tokensBefore: number;
  readonly tokensAfter: number;
}

/** A minute, or an hour. */
export interface Period {
  /** When it began, in milliseconds since 1970. */
  readonly at: number;
  readonly requests: number;
  readonly tokensBefore: number;
  readonly tokensAfter: number;
  readonly retrievals: number;
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly addedP50Ms?: number;
  readonly addedP95Ms?: number;
}

/** What the proxy has counted since it was made. */
export interface ProxyStats {
  /** When it was made and when this was read, in milliseconds since 1970. */
  readonly startedAt: number;
  readonly now: number;
  readonly mode: Mode;
  /** Requests whose messages were looked into. */
  readonly compressed: number;
  /** Requests that went through unread. */
  readonly passed: number;
  /** Requests that no provider answered. */
  readonly failed: number;
  /** Requests that may not use the proxy. */
  readonly refused: number;
  /** Requests that went out as they came, or without a part of the work, because a stage failed. By stage. */
  readonly failedOpen: Readonly<Record<string, number>>;
  readonly tokensBefore: number;
  readonly tokensAfter: number;
  /** What `tokensAfter` would have been in another mode than `audit`; the same as it in those. */
  readonly tokensProjected: number;
  readonly retrievals: number;
  readonly hiddenRounds: number;
  /** Answered requests, by provider, endpoint and class of status. */
  readonly requests: readonly {
    readonly provider: Answerer;
    readonly route: Route;
    /** `2xx` to `5xx`, or `none`. */
    readonly status: string;
    readonly count: number;
  }[];
  /** Texts by what became of them, as `outcome` of a `BlockReport` has it. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Results of tools, by the tool's name. */
  readonly tools: readonly TokenRow[];
  /** Texts that were compressed, by what they are. */
  readonly kinds: readonly TokenRow[];
  /** How long requests were held up by compression. */
  readonly added: {
    /** Upper bounds, in milliseconds. `counts` has one more, for what is longer. */
    readonly boundsMs: readonly number[];
    readonly counts: readonly number[];
    readonly count: number;
    readonly sumMs: number;
    readonly p50Ms?: number;
    readonly p95Ms?: number;
    readonly p99Ms?: number;
  };
  readonly usage: UsageTotals & {
    /** Answers whose usage was read. */
    readonly answers: number;
    /** Answers that were not looked into to the end, because that would have lagged too far behind. */
    readonly dropped: number;
    /** By model. `savedTokens`: tokens that compression left out of its requests. */
    readonly models: readonly (UsageTotals & {
      readonly model: string;
      readonly provider: Answerer;
      readonly answers: number;
      readonly savedTokens: number;
    })[];
  };
  /** The last two hours. Minutes without requests are left out. */
  readonly minutes: readonly Period[];
  /** The last seven days. Hours without requests are left out. */
  readonly hours: readonly Period[];
  /** The last 100, newest first, with the times they ended at. */
  readonly recent: readonly (RequestRecord & { readonly at: number })[];
}
