import { describe, expect, it } from "vitest";
import { retrying } from "../src/retry.ts";

const failure = (fields: object = {}): Error =>
  Object.assign(new Error("failed"), {
    isRetryable: true,
    responseHeaders: { "retry-after-ms": "1" },
    ...fields,
  });
/** Tries of an `ask` that fails with these errors, one after the other, and how it ended. */
async function tries(
  errors: readonly unknown[],
  { signal, isLeft = () => false }: { signal?: AbortSignal; isLeft?: () => boolean } = {},
): Promise<readonly [number, unknown]> {
  let count = 0;
  const ask = async (): Promise<string> => {
    if (count < errors.length) throw errors[count++];
    count++;
    return "reply";
  };
  const result = await retrying(ask, signal, isLeft).catch((error: unknown) => error);
  return [count, result];
}

describe("retrying", () => {
  it("asks up to three times, and fails with the last error", async () => {
    const errors = [failure(), failure(), failure(), failure()];
    expect(await tries([])).toEqual([1, "reply"]);
    expect(await tries(errors.slice(0, 2))).toEqual([3, "reply"]);
    const [count, error] = await tries(errors);
    expect(count).toBe(3);
    expect(error).toBe(errors[2]);
  });

  it("asks once where the provider's answer is final, or nobody wants it", async () => {
    for (const error of [
      failure({ isRetryable: false }),
      new Error("plain"),
      "text",
      { isRetryable: true },
    ])
      expect(await tries([error])).toEqual([1, error]);
    const error = failure();
    expect(await tries([error], { isLeft: () => true })).toEqual([1, error]);
    expect(await tries([error], { signal: AbortSignal.abort("stop") })).toEqual([1, error]);
    let asked = 0;
    expect(await tries([error], { isLeft: () => ++asked > 1 })).toEqual([1, error]);
  });

  it("waits as long as the provider asks for, in milliseconds or seconds", async () => {
    const waited = async (responseHeaders: unknown): Promise<number> => {
      const start = performance.now();
      expect(await tries([failure({ responseHeaders })])).toEqual([2, "reply"]);
      return performance.now() - start;
    };
    expect(await waited({ "retry-after-ms": "1", "retry-after": "60" })).toBeLessThan(300);
    expect(await waited({ "retry-after": "0.4" })).toBeGreaterThan(390);
    expect(await waited({ "retry-after": "0" })).toBeLessThan(300);
    for (const headers of [{}, undefined, { "retry-after": "Sat, 28 Nov 2026 06:00:00 GMT" }])
      expect(await waited(headers)).toBeGreaterThan(450);
  });

  it("stops waiting when the caller leaves", async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("stop")), 20);
    const [count, error] = await tries([failure({ responseHeaders: { "retry-after": "30" } })], {
      signal: controller.signal,
    });
    expect([count, String(error)]).toEqual([1, "Error: stop"]);
  });
});
