/** What most tests of the proxy need: a proxy in front of one server, closed after each test, and a long result. */
import { memoryStore } from "@headroom/core";
import { afterEach } from "vitest";
import {
  type LlmReply,
  type LlmRequest,
  type LlmServer,
  startLlmServer,
} from "../../../test/support/llm-server.ts";
import { createProxy, type HeadroomProxy, type ProxyOptions } from "../src/index.ts";

let closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  await Promise.all(closing.map((close) => close()));
  closing = [];
});

/** Has something closed after the test. */
export function closeAfter(close: () => Promise<unknown> | unknown): void {
  closing.unshift(close);
}

/** A proxy whose providers are all at one URL. In this thread, and patient: the machine may be busy. */
export async function proxyTo(
  url: string,
  options: ProxyOptions = {},
): Promise<{ readonly proxy: HeadroomProxy; readonly base: string }> {
  const proxy = createProxy({
    upstreams: { anthropic: url, openai: url, google: url },
    store: memoryStore(),
    workers: false,
    deadlineMs: 60_000,
    ...options,
  });
  const base = await proxy.listen({ port: 0 });
  closeAfter(() => proxy.close(100));
  return { proxy, base };
}

/** A model's server, closed after the test. */
export async function model(
  reply: (request: LlmRequest, index: number) => LlmReply,
): Promise<LlmServer> {
  const server = await startLlmServer(reply);
  closeAfter(() => server.stop());
  return server;
}

/** Orders 0 to 999; the SKU of order 500 is left out of every view. */
export const ORDERS: string = JSON.stringify(
  Array.from({ length: 1_000 }, (_, id) => ({
    id,
    sku: `SKU-${(id * 7_919) % 9_973}`,
    state: "shipped",
  })),
);
export const SKU_500 = "SKU-219";

/** A Chat Completions request whose tool gave a result. */
export function chatRequest(
  result: string,
  question = "Which orders are there?",
): {
  readonly model: string;
  readonly tools: object[];
  readonly messages: { role: string; content?: string }[];
} {
  const call = { name: "list", arguments: "{}" };
  return {
    model: "gpt-5.5",
    tools: [{ type: "function", function: { name: "list" } }],
    messages: [
      { role: "user", content: question },
      { role: "assistant", tool_calls: [{ id: "c1", type: "function", function: call }] } as {
        role: string;
      },
      { role: "tool", tool_call_id: "c1", content: result } as { role: string; content: string },
    ],
  };
}

/** Sends JSON. */
export function post(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}
