/** `POST /v1/compress` and `/v1/retrieve`, as gateways and the reference system's npm client use them. */
import { findMarkers, memoryStore, parseRef } from "@headroom/core";
import { HeadroomClient } from "headroom-ai";
import { describe, expect, it } from "vitest";
import { chatRequest, ORDERS, post, proxyTo, SKU_500 } from "./setup.ts";

const NOWHERE = "http://127.0.0.1:9";
const CCR = { mode: "ccr" };
const TOKEN = "a token of the proxy, long enough to be one";

interface Compressed {
  readonly messages: { role: string; content: string }[];
  readonly tokens_before: number;
  readonly tokens_after: number;
  readonly tokens_saved: number;
  readonly compression_ratio: number;
  readonly transforms_applied: string[];
  readonly ccr_hashes: string[];
}

const { messages } = chatRequest(ORDERS);
const read = async (response: Promise<Response>): Promise<Compressed> => {
  const answer = await response;
  expect(answer.status).toBe(200);
  return (await answer.json()) as Compressed;
};

describe("compress", () => {
  it("gives the same rows back, and names what it left out in 24 hexadecimal digits", async () => {
    const { base } = await proxyTo(NOWHERE);
    const got = await read(
      post(`${base}/v1/compress`, { messages, model: "gpt-5.5", config: CCR }),
    );
    expect(got.messages.map(({ role }) => role)).toEqual(messages.map(({ role }) => role));
    expect(got.messages.slice(0, 2)).toEqual(messages.slice(0, 2));
    expect(got.tokens_after).toBeLessThan(got.tokens_before / 4);
    expect(got.tokens_saved).toBe(got.tokens_before - got.tokens_after);
    expect(got.compression_ratio).toBeCloseTo(got.tokens_after / got.tokens_before);
    expect(got.transforms_applied).toEqual(["json"]);
    expect(got.ccr_hashes).toEqual([expect.stringMatching(/^[a-f0-9]{24}$/)]);
    const [hash = ""] = got.ccr_hashes;
    const view = got.messages[2]?.content ?? "";
    expect(view).toContain(`[[hr:${hash} json, omitted: `);
    expect(findMarkers(view)[0]?.ref).toBe(parseRef(hash));
    const original = await fetch(`${base}/v1/retrieve/${hash}`);
    expect(original.headers.get("content-type")).toBe("application/json");
    expect(await original.json()).toMatchObject({ hash, original_content: ORDERS });
  });

  it("leaves nothing out where the caller does not say that he can retrieve", async () => {
    const { base } = await proxyTo(NOWHERE);
    const alone = await proxyTo(NOWHERE, { retrieval: false });
    const storeless = await proxyTo(NOWHERE, { store: undefined as never });
    for (const [at, config] of [
      [base, undefined],
      [base, { mode: "token" }],
      [base, null],
      [alone.base, CCR],
      [storeless.base, CCR],
    ] as const) {
      const got = await read(post(`${at}/v1/compress`, { messages, config }));
      expect(got.messages[2]?.content).not.toContain("omitted:");
      expect(got.messages[2]?.content).toContain(SKU_500.slice(4));
      expect(got.tokens_after).toBeLessThan(got.tokens_before);
    }
  });

  it("returns rows in the bytes they came in, but for the texts it shortened", async () => {
    const { base } = await proxyTo(NOWHERE);
    const odd = '{"role":"user", "content":"a\\u0062", "n":1.0, "big":12345678901234567890}';
    const long = `{ "role":"tool","tool_call_id":"c1","x":1e400,"content":${JSON.stringify(ORDERS)} }`;
    const body = `{"config":{"mode":"ccr"},"messages": [ ${odd} , ${long}] }`;
    const text = await (await post(`${base}/v1/compress`, body)).text();
    expect(
      text.startsWith(
        `{"messages":[ ${odd} , { "role":"tool","tool_call_id":"c1","x":1e400,"content":"[[hr:`,
      ),
    ).toBe(true);
  });

  it("leaves the first frozen_message_count rows alone", async () => {
    const { base } = await proxyTo(NOWHERE);
    const all = [...messages, { role: "user", content: "And?" }, ...messages.slice(1)];
    const config = { ...CCR, frozen_message_count: 3 };
    const got = await read(post(`${base}/v1/compress`, { messages: all, config }));
    expect(got.messages.slice(0, 5)).toEqual(all.slice(0, 5));
    expect(got.messages[5]?.content).toContain("[[hr:");
  });

  it("gives a row the same bytes whatever is asked before and after it", async () => {
    const { base } = await proxyTo(NOWHERE);
    const [, ...rest] = messages;
    const views = new Set<string | undefined>();
    for (const asked of [
      rest,
      messages,
      chatRequest(ORDERS, `Where is ${SKU_500}?`).messages,
      [...messages, { role: "user", content: "And order 77?" }],
    ]) {
      const got = await read(post(`${base}/v1/compress`, { messages: asked, config: CCR }));
      views.add(got.messages.find(({ role }) => role === "tool")?.content);
    }
    expect(views.size).toBe(1);
  });

  it("returns everything as it came with x-headroom-bypass, and says nothing was saved", async () => {
    const { base } = await proxyTo(NOWHERE);
    const sent = post(
      `${base}/v1/compress`,
      { messages, config: CCR },
      { "x-headroom-bypass": "true" },
    );
    expect(await read(sent)).toMatchObject({
      messages,
      tokens_before: 0,
      tokens_saved: 0,
      compression_ratio: 1,
      transforms_applied: [],
      ccr_hashes: [],
    });
  });

  it("tells what a simulation would save and changes nothing", async () => {
    const store = memoryStore();
    const { base } = await proxyTo(NOWHERE, { store });
    const config = { ...CCR, default_mode: "simulate" };
    const got = await read(post(`${base}/v1/compress`, { messages, config }));
    expect(got.messages).toEqual(messages);
    expect(got.tokens_saved).toBeGreaterThan(1_000);
    expect(got.ccr_hashes).toEqual([]);
  });

  it("compresses what users wrote only where it is told to", async () => {
    const { base } = await proxyTo(NOWHERE);
    const asked = [{ role: "user", content: ORDERS }];
    const plain = await read(post(`${base}/v1/compress`, { messages: asked, config: CCR }));
    expect(plain.messages).toEqual(asked);
    const config = { ...CCR, compress_user_messages: true };
    const got = await read(post(`${base}/v1/compress`, { messages: asked, config }));
    expect(got.messages[0]?.content).toContain("[[hr:");
  });

  it.each([
    ["no JSON", "{", 400],
    ["a list", "[]", 400],
    ["no messages", {}, 400],
    ["messages that are none", { messages: [1] }, 400],
    ["a model that is none", { messages, model: 4 }, 400],
    ["a config that is none", { messages, config: 4 }, 400],
    ["a count below zero", { messages, config: { frozen_message_count: -1 } }, 400],
    ["more bytes than it takes", { messages, x: "x".repeat(200_000) }, 413],
  ])("refuses %s", async (_, body, status) => {
    const { base } = await proxyTo(NOWHERE, { maxBodyBytes: 150_000 });
    const answer = await post(`${base}/v1/compress`, body);
    expect(answer.status).toBe(status);
    const { error } = (await answer.json()) as { error: { type: string } };
    expect(error.type).toBe(status === 413 ? "request_too_large" : "invalid_request");
  });

  it("refuses what is not said to be JSON, and other methods", async () => {
    const { base } = await proxyTo(NOWHERE);
    const text = { "content-type": "text/plain" };
    expect((await post(`${base}/v1/compress`, { messages }, text)).status).toBe(400);
    expect((await fetch(`${base}/v1/compress`)).status).toBe(405);
    expect((await fetch(`${base}/v1/retrieve`, { method: "DELETE" })).status).toBe(405);
  });

  it("says 503 where compression fails", async () => {
    const errors: unknown[] = [];
    const hooks = {
      beforeCompress() {
        throw new Error("broken");
      },
    };
    const { base } = await proxyTo(NOWHERE, {
      compression: { hooks },
      onError: (error) => errors.push(error),
    });
    const answer = await post(`${base}/v1/compress`, { messages, config: CCR });
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ error: { type: "compression_error" } });
    expect(errors).toEqual([new Error("broken")]);
  });
});

describe("retrieve", () => {
  it("takes either spelling, by GET and POST, and selects as the tool does", async () => {
    const { base } = await proxyTo(NOWHERE);
    const got = await read(post(`${base}/v1/compress`, { messages, config: CCR }));
    const [hex = ""] = got.ccr_hashes;
    for (const hash of [hex, hex.toUpperCase(), parseRef(hex) ?? ""]) {
      const whole = { hash: hex, original_content: ORDERS };
      expect(await (await fetch(`${base}/v1/retrieve/${hash}`)).json()).toEqual(whole);
      expect(await (await post(`${base}/v1/retrieve`, { hash })).json()).toEqual(whole);
    }
    const found = await fetch(`${base}/v1/retrieve/${hex}?query=${SKU_500}`);
    expect(await found.json()).toMatchObject({
      hash: hex,
      query: SKU_500,
      original_content: expect.stringContaining('"id":500,'),
    });
    const row = await (await post(`${base}/v1/retrieve`, { hash: hex, rows: "500" })).json();
    expect(row).toMatchObject({ original_content: expect.stringContaining(SKU_500) });
  });

  it("says 404 of what is not there, of another key's and of what is no hash, and 400 without one", async () => {
    const { base } = await proxyTo(NOWHERE);
    const key = { authorization: "Bearer one" };
    const got = await read(post(`${base}/v1/compress`, { messages, config: CCR }, key));
    const [hash = ""] = got.ccr_hashes;
    const status = async (path: string, headers = {}): Promise<number> =>
      (await fetch(`${base}${path}`, { headers })).status;
    expect(await status(`/v1/retrieve/${hash}`, key)).toBe(200);
    expect(await status(`/v1/retrieve/${hash}`, { authorization: "Bearer two" })).toBe(404);
    expect(await status(`/v1/retrieve/${hash}`)).toBe(404);
    expect(await status(`/v1/retrieve/${"0".repeat(24)}`, key)).toBe(404);
    expect(await status("/v1/retrieve/..%2f..%2fetc", key)).toBe(404);
    expect(await status("/v1/retrieve", key)).toBe(400);
  });

  it("says 503 where the store fails", async () => {
    const store = memoryStore();
    const { base } = await proxyTo(NOWHERE, {
      store: { ...store, get: () => Promise.reject(new Error("down")) },
    });
    const got = await read(post(`${base}/v1/compress`, { messages, config: CCR }));
    expect(got.ccr_hashes).toEqual([]);
    const { ccr_hashes } = await read(
      post(`${(await proxyTo(NOWHERE, { store })).base}/v1/compress`, { messages, config: CCR }),
    );
    const answer = await fetch(`${base}/v1/retrieve/${ccr_hashes[0]}`);
    expect(answer.status).toBe(503);
  });
});

describe("a token", () => {
  it("may come as the bearer of these endpoints, and of no other", async () => {
    const { base } = await proxyTo(NOWHERE, { token: TOKEN });
    const status = async (path: string, headers: Record<string, string>): Promise<number> =>
      (await post(`${base}${path}`, { messages }, headers)).status;
    expect(await status("/v1/compress", { authorization: `Bearer ${TOKEN}` })).toBe(200);
    expect(await status("/v1/compress", { "x-headroom-token": TOKEN })).toBe(200);
    expect(await status("/v1/compress", { authorization: "Bearer wrong" })).toBe(401);
    expect(await status("/v1/compress", {})).toBe(401);
    expect(await status("/v1/messages", { authorization: `Bearer ${TOKEN}` })).toBe(401);
    expect((await fetch(`${base}/v1/retrieve/x`)).status).toBe(401);
  });
});

describe("headroom-ai, the reference system's npm client", () => {
  it("compresses, retrieves, simulates and is told of a wrong token", async () => {
    const { base } = await proxyTo(NOWHERE, { token: TOKEN });
    const config = CCR as never;
    const client = new HeadroomClient({ baseUrl: base, apiKey: TOKEN, fallback: false, config });
    const result = await client.compress(messages as never, { model: "gpt-5.5" });
    expect(result).toMatchObject({ compressed: true, transformsApplied: ["json"] });
    expect(result.tokensSaved).toBeGreaterThan(1_000);
    expect(result.messages).toHaveLength(3);
    const [hash = ""] = result.ccrHashes;
    expect(await client.retrieve(hash)).toEqual({ hash, originalContent: ORDERS });
    const found = await client.retrieve(hash, { query: SKU_500 });
    expect(found).toMatchObject({
      hash,
      query: SKU_500,
      originalContent: expect.stringContaining('"id":500,'),
    });
    const simulated = await client.chat.completions.simulate({
      messages: messages as never,
      model: "gpt-5.5",
    });
    expect(simulated).toMatchObject({ tokensBefore: result.tokensBefore });
    const stranger = new HeadroomClient({ baseUrl: base, apiKey: "no", fallback: false });
    await expect(stranger.compress(messages as never, {})).rejects.toThrow(/missing or wrong/);
  });

  it("has a model's call answered as a message, and asks no provider for what only the reference knows", async () => {
    const { base } = await proxyTo(NOWHERE);
    const config = CCR as never;
    const client = new HeadroomClient({ baseUrl: base, fallback: false, retries: 0, config });
    const { ccrHashes } = await client.compress(messages as never, { model: "gpt-5.5" });
    const args = { hash: ccrHashes[0], rows: "500" };
    const name = "headroom_retrieve";
    const content = expect.stringContaining(SKU_500);
    expect(
      await client.handleToolCall({ toolCall: { id: "t1", name, input: args } }),
    ).toMatchObject({ success: true, toolResult: { toolUseId: "t1", content } });
    const call = {
      id: "c1",
      type: "function",
      function: { name, arguments: JSON.stringify(args) },
    };
    expect(await client.handleToolCall({ toolCall: call, provider: "openai" })).toMatchObject({
      success: true,
      toolResult: { role: "tool", toolCallId: "c1", content },
    });
    const unknown = { id: "t2", name, input: { hash: "0".repeat(24) } };
    expect(await client.handleToolCall({ toolCall: unknown })).toMatchObject({ success: false });
    const other = { id: "t3", name: "list", input: {} };
    await expect(client.handleToolCall({ toolCall: other })).rejects.toThrow(/headroom_retrieve/);
    for (const ask of [
      () => client.telemetry.getStats(),
      () => client.telemetry.import({}),
      () => client.feedback.getHints("list"),
      () => client.toin.getPattern("x"),
      () => client.getCCRStats(),
    ])
      await expect(ask()).rejects.toThrow(/keeps nothing of the kind/);
  });
});
