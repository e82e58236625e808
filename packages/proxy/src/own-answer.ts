/** Answers of the proxy's own endpoints. */

export interface OwnAnswer {
  readonly status: number;
  /** JSON. */
  readonly body: string;
  /** What went wrong here, for those who run the proxy. */
  readonly error?: unknown;
}

/** An error in the reference system's shape. */
export function failure(status: number, type: string, message: string, error?: unknown): OwnAnswer {
  const body = JSON.stringify({ error: { type, message: `headroom proxy: ${message}` } });
  return { status, body, ...(error === undefined ? {} : { error }) };
}
