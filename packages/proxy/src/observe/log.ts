/** What is logged: figures and names of a fixed set, and nothing that came from a request. */
import type { RequestRecord } from "../stats/types.ts";

/** One line of the log. `JSON.stringify` makes it a line of JSON. */
export type LogEntry =
  | ({ readonly time: string; readonly event: "request" } & RequestRecord)
  | {
      readonly time: string;
      readonly event: "refused";
      readonly status: number;
    }
  | {
      readonly time: string;
      readonly event: "error";
      /** Where it happened. */
      readonly phase: string;
      /** Name and code of the error. Its message may quote what it was about, and is left out. */
      readonly error: string;
      readonly code?: string;
    };

export interface Logging {
  request(record: RequestRecord): void;
  refused(status: number): void;
  error(error: unknown, phase: string): void;
}

/** @param failed gets what `log` throws */
export function logging(
  log: ((entry: LogEntry) => void) | undefined,
  failed: (error: unknown) => void,
): Logging {
  const write = (entry: LogEntry): void => {
    try {
      log?.(entry);
    } catch (error) {
      failed(error);
    }
  };
  const time = (): string => new Date().toISOString();
  if (log === undefined) return { request() {}, refused() {}, error() {} };
  return {
    request: (record) => write({ time: time(), event: "request", ...record }),
    refused: (status) => write({ time: time(), event: "refused", status }),
    error: (error, phase) => write({ time: time(), event: "error", phase, ...errorNames(error) }),
  };
}

/** Words of programmers: `ECONNRESET`, `TypeError`. */
const WORD = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/** The names of an error that cannot carry content. */
export function errorNames(error: unknown): { readonly error: string; readonly code?: string } {
  if (!(error instanceof Error)) return { error: "unknown" };
  const code = "code" in error ? error.code : undefined;
  return {
    error: WORD.test(error.name) ? error.name : "Error",
    ...(typeof code === "string" && WORD.test(code) ? { code } : {}),
  };
}
