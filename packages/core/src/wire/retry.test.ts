import { describe, expect, it } from "vitest";
import { sendAgain } from "./retry.ts";

/** A `fetch` that answers with these statuses in turn (0: the connection breaks), and what it was sent. */
function answering(...statuses: readonly number[]) {
  const keys: (string | null)[] = [];
  const fetch = async (_url: unknown, init?: RequestInit): Promise<Response> => {
    keys.push(new Headers(init?.headers).get("idempotency-key"));
    const status = statuses[keys.length - 1] ?? 200;
    if (status === 0) throw new Error("connection reset");
    return new Response("{}", { status, headers: { "retry-after": "0" } });
  };
  return { fetch, keys };
}

const send = (fetch: ReturnType<typeof answering>["fetch"], init: RequestInit = {}) =>
  sendAgain(fetch, "https://api.example/v1", init, "{}", 2);

describe("a further request", () => {
  it.each([408, 409, 429, 500, 503, 529])("is sent again after %i", async (status) => {
    const { fetch, keys } = answering(status, status, 200);
    expect((await send(fetch)).status).toBe(200);
    expect(keys.length).toBe(3);
  });

  it.each([400, 401, 403, 404, 413, 422])("is not sent again after %i", async (status) => {
    const { fetch, keys } = answering(status);
    expect((await send(fetch)).status).toBe(status);
    expect(keys.length).toBe(1);
  });

  it("is sent three times at most, and then ends as it failed", async () => {
    const { fetch, keys } = answering(500, 500, 503, 200);
    expect((await send(fetch)).status).toBe(503);
    expect(keys.length).toBe(3);
  });

  it("is sent again where the connection breaks, under one key of its own", async () => {
    const { fetch, keys } = answering(0, 200);
    await send(fetch, { headers: { "idempotency-key": "call" } });
    expect(keys).toEqual(["call-2", "call-2"]);
  });

  it("is given up when its signal fires, also while it waits", async () => {
    const { fetch, keys } = answering(0);
    const signal = AbortSignal.timeout(20);
    await expect(send(fetch, { signal })).rejects.toThrow(/timeout/);
    expect(keys.length).toBe(1);
  });
});
