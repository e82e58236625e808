/** Runs a call and says whether it ended in time. One that never ends counts like one that is late. */
export interface Bounded<Value> {
  readonly value?: Value;
  readonly error?: unknown;
  readonly hung: boolean;
  readonly ms: number;
}

export async function bounded<Value>(
  limitMs: number,
  call: () => Promise<Value>,
): Promise<Bounded<Value>> {
  const started = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Bounded<Value>>((resolve) => {
    timer = setTimeout(() => resolve({ hung: true, ms: performance.now() - started }), limitMs);
  });
  const ended = call().then(
    (value): Bounded<Value> => {
      const ms = performance.now() - started;
      return { value, hung: ms > limitMs, ms };
    },
    (error: unknown): Bounded<Value> => {
      const ms = performance.now() - started;
      return { error: error ?? new Error("rejected with nothing"), hung: ms > limitMs, ms };
    },
  );
  try {
    return await Promise.race([late, ended]);
  } finally {
    clearTimeout(timer);
  }
}
