import { describe, expect, it } from "vitest";
import { furtherRequest, sendAgain } from "./retry.ts";

/** A `fetch` that answers with these statuses in turn (0: the connection breaks), and what it was sent. */
function answering(statuses: readonly number[], headers: Record<string, string> = {}) {
  const sent: (RequestInit | undefined)[] = [];
  const fetch = async (_url: unknown, init?: RequestInit): Promise<Response> => {
    sent.push(init);
    const status = statuses[sent.length - 1] ?? 200;
    if (status === 0) throw new Error("connection reset");
    return new Response("{}", { status, headers: { "retry-after": "0", ...headers } });
  };
  return { fetch, sent };
}

const send = (fetch: ReturnType<typeof answering>["fetch"], init: RequestInit = {}, retries = 2) =>
  sendAgain(fetch, "https://api.example/v1", init, retries);

describe("a further request", () => {
  it.each([408, 409, 429, 500, 503, 529])("is sent again after %i", async (status) => {
    const { fetch, sent } = answering([status, status, 200]);
    expect((await send(fetch)).status).toBe(200);
    expect(sent.length).toBe(3);
  });

  it.each([400, 401, 403, 404, 413, 422])("is not sent again after %i", async (status) => {
    const { fetch, sent } = answering([status]);
    expect((await send(fetch)).status).toBe(status);
    expect(sent.length).toBe(1);
  });

  it.each([0, 1, 2])("is sent again %i times at most, and then ends as it failed", async (most) => {
    const { fetch, sent } = answering([500, 502, 503, 200].slice(2 - most));
    expect((await send(fetch, {}, most)).status).toBe(503);
    expect(sent.length).toBe(most + 1);
    const broken = answering([0, 0, 0, 0]);
    await expect(send(broken.fetch, {}, 0)).rejects.toThrow("connection reset");
    expect(broken.sent.length).toBe(1);
  });

  it("follows x-should-retry, whatever the status", async () => {
    const not = answering([503, 200], { "x-should-retry": "false" });
    expect((await send(not.fetch)).status).toBe(503);
    const again = answering([400, 200], { "x-should-retry": "true" });
    expect((await send(again.fetch)).status).toBe(200);
  });

  it("waits as long as the server asks, in any of its ways, and no more than a minute", async () => {
    const took = async (headers: Record<string, string>): Promise<number> => {
      const start = performance.now();
      await send(answering([503, 200], headers).fetch);
      return performance.now() - start;
    };
    expect(await took({ "retry-after-ms": "30" })).toBeGreaterThan(25);
    expect(await took({ "retry-after": new Date().toUTCString() })).toBeLessThan(2_000);
    expect(await took({ "retry-after": "3600" })).toBeLessThan(2_000);
  });

  it("is sent again where the connection breaks", async () => {
    const { fetch, sent } = answering([0, 200]);
    expect((await send(fetch)).status).toBe(200);
    expect(sent.length).toBe(2);
  });

  it("has a key of its own, the same for each of its attempts", () => {
    const init = { headers: { "idempotency-key": "call", other: "1" } };
    const { headers, body } = furtherRequest(init, "{}", 2);
    expect(Object.fromEntries(new Headers(headers))).toEqual({
      "idempotency-key": "call-2",
      other: "1",
    });
    expect(body).toBe("{}");
  });

  it("is given up when its signal fires, also while it waits", async () => {
    const { fetch, sent } = answering([0]);
    const signal = AbortSignal.timeout(20);
    await expect(send(fetch, { signal })).rejects.toThrow(/timeout/);
    expect(sent.length).toBe(1);
  });
});
