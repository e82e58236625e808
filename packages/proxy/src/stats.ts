/** What the proxy counts. Never a text, a credential or an id. */
import type { CompressResult } from "@headroom/core";

export interface Counts {
  /** Requests whose messages were looked into. */
  readonly compressed: number;
  /** Requests that went through unread. */
  readonly passed: number;
  /** Requests that no provider answered. */
  readonly failed: number;
  /** Requests that went out as they came because compression failed, by stage. */
  readonly failedOpen: Readonly<Record<string, number>>;
  readonly tokensBefore: number;
  readonly tokensAfter: number;
  readonly retrievals: number;
}

export interface Counting {
  compressed(result: CompressResult<unknown>): void;
  passed(): void;
  failed(): void;
  failedOpen(stage: string): void;
  retrieved(): void;
  read(): Counts;
}

export function counting(): Counting {
  const failedOpen: Record<string, number> = {};
  const counts = {
    compressed: 0,
    passed: 0,
    failed: 0,
    tokensBefore: 0,
    tokensAfter: 0,
    retrievals: 0,
  };
  return {
    compressed({ tokensBefore, tokensAfter }) {
      counts.compressed++;
      counts.tokensBefore += tokensBefore;
      counts.tokensAfter += tokensAfter;
    },
    passed: () => void counts.passed++,
    failed: () => void counts.failed++,
    failedOpen(stage) {
      failedOpen[stage] = (failedOpen[stage] ?? 0) + 1;
    },
    retrieved: () => void counts.retrievals++,
    read: () => ({ ...counts, failedOpen: { ...failedOpen } }),
  };
}
