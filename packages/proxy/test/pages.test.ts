/** `/health`, `/metrics`, `/stats` and the log: what they tell, whom, and what they never tell. */
import { readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { memoryStore } from "@headroom/core";
import { HeadroomClient } from "headroom-ai";
import { describe, expect, it, vi } from "vitest";
import type { LogEntry, ProxyStats } from "../src/index.ts";
import { startRawServer } from "./raw-server.ts";
import { chatRequest, closeAfter, model, ORDERS, post, proxyTo } from "./setup.ts";

/** The machine may be busy. */
const WAIT = { timeout: 30_000 };

const TOKEN = "a token of the proxy, long enough to be one";
const PAGES = ["/healthz", "/readyz", "/health", "/stats", "/metrics", "/dashboard"] as const;

/** A request with any Host, which `fetch` does not send. */
function statusWith(base: string, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    httpRequest(`${base}${path}`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
}

describe("the pages", () => {
  it.each(PAGES)(
    "%s needs the token, a Host of this machine, and no foreign Origin",
    async (page) => {
      const { base } = await proxyTo("http://127.0.0.1:9", { token: TOKEN });
      expect(await statusWith(base, page, {})).toBe(401);
      expect(await statusWith(base, `${page}?token=${TOKEN}`, {})).toBe(401);
      expect(await statusWith(base, page, { "x-headroom-token": "x".repeat(TOKEN.length) })).toBe(
        401,
      );
      expect(await statusWith(base, page, { "x-headroom-token": TOKEN })).toBe(200);
      // As Prometheus and load balancers can send it.
      expect(await statusWith(base, page, { authorization: `Bearer ${TOKEN}` })).toBe(200);
      const known = { "x-headroom-token": TOKEN };
      expect(await statusWith(base, page, { ...known, host: "evil.example" })).toBe(403);
      expect(await statusWith(base, page, { ...known, origin: "http://evil.example" })).toBe(403);
    },
  );

  it("are not the provider's, with a query or by HEAD, and only by these methods", async () => {
    const server = await startRawServer(
      (socket) => void socket.write("HTTP/1.1 418 Teapot\r\ncontent-length: 0\r\n\r\n"),
    );
    closeAfter(() => server.stop());
    const { base } = await proxyTo(server.url);
    for (const page of PAGES) {
      expect((await fetch(`${base}${page}?x=1`)).status).toBe(200);
      const head = await fetch(`${base}${page}`, { method: "HEAD" });
      expect([head.status, await head.text()]).toEqual([200, ""]);
      expect((await fetch(`${base}${page}`, { method: "POST", body: "x" })).status).toBe(418);
    }
    expect((await fetch(`${base}/stats/more`)).status).toBe(418);
  });

  it("may not be framed, embedded or read as another type", async () => {
    const { base } = await proxyTo("http://127.0.0.1:9", { token: TOKEN });
    for (const page of PAGES) {
      const { headers } = await fetch(`${base}${page}`);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
      expect(headers.get("cache-control")).toBe("no-store");
    }
    const asked = await fetch(`${base}/dashboard`);
    // Without the token it is the same page, which holds no figures and asks for it.
    expect(asked.status).toBe(401);
    expect(asked.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(asked.headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; script-src 'sha256-\S+'; style-src 'sha256-\S+'; connect-src 'self'; .*frame-ancestors 'none'/,
    );
    expect(await asked.text()).toContain("This proxy has a token");
  });
});

it("/health is what the reference system's client reads, in this package's version", async () => {
  const { base, proxy } = await proxyTo("http://127.0.0.1:9", { token: TOKEN });
  const client = new HeadroomClient({ baseUrl: base, apiKey: TOKEN });
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  expect(await client.health()).toEqual({
    status: "healthy",
    version: (JSON.parse(manifest) as { version: string }).version,
    config: { optimize: true, cache: false, rateLimit: false },
  });
  expect(await client.prometheusMetrics()).toContain("headroom_proxy_tokens_before_total 0");
  void proxy;
});

/** A result that nobody asked for. */
const REFUSED = { messages: [{ role: "tool", tool_call_id: "c9", content: "ok" }] };

/** One conversation in which the model reads an original back, and one that the provider refuses. */
async function used(
  options: Parameters<typeof proxyTo>[1] = {},
  stream = false,
): Promise<{ readonly base: string; stats(): Promise<ProxyStats> }> {
  let ref: string | undefined;
  const server = await model(({ body }, index) => {
    ref ??= /\[\[hr:([a-z]+)/.exec(body)?.[1];
    return index === 0 && ref !== undefined
      ? { calls: [{ name: "headroom_retrieve", args: { hash: ref, query: "SKU-219" } }] }
      : { text: "Order 500." };
  });
  const { base } = await proxyTo(server.url, options);
  const body = { ...chatRequest(ORDERS), ...(stream ? { stream } : {}) };
  await post(`${base}/v1/chat/completions`, body).then((one) => one.text());
  await post(`${base}/v1/chat/completions`, REFUSED).then((one) => one.text());
  const stats = async (): Promise<ProxyStats> =>
    (await (await fetch(`${base}/stats`)).json()) as ProxyStats;
  await expect.poll(async () => (await stats()).recent.length, WAIT).toBe(2);
  return { base, stats };
}

it.each([false, true])(
  "/stats tells of each request what became of it, stream: %s",
  async (stream) => {
    const { stats } = await used({}, stream);
    const got = await stats();
    const [second, first] = got.recent;
    expect(first).toMatchObject({
      id: 1,
      provider: "openai",
      route: "chat/completions",
      method: "POST",
      status: 200,
      ending: "complete",
      streamed: stream,
      model: "gpt-5.5",
      retrievals: 1,
      hiddenRounds: 1,
      failedOpen: [],
      addedMs: expect.any(Number),
      // Of both rounds.
      usage: { inputTokens: expect.any(Number), outputTokens: 10 },
    });
    expect(first?.tokensAfter).toBeLessThan((first?.tokensBefore ?? 0) / 4);
    expect(first?.totalMs).toBeGreaterThan(first?.addedMs ?? 0);
    expect(second).toMatchObject({ status: 400 });
    expect(second).not.toHaveProperty("usage");
    expect(got).toMatchObject({
      mode: "balanced",
      compressed: 2,
      retrievals: 1,
      hiddenRounds: 1,
      tools: [
        { name: "list", blocks: 1 },
        { name: "(unnamed)", blocks: 1 },
      ],
      kinds: [{ name: "json", blocks: 1 }],
      added: { count: 2 },
      usage: { answers: 1, dropped: 0, models: [{ model: "gpt-5.5", provider: "openai" }] },
      tokensBefore: (first?.tokensBefore ?? 0) + (second?.tokensBefore ?? 0),
      tokensAfter: (first?.tokensAfter ?? 0) + (second?.tokensAfter ?? 0),
    });
  },
);

it("/stats has what the endpoints of the proxy's own did, in totals and over time alike", async () => {
  const { base, proxy } = await proxyTo("http://127.0.0.1:9");
  const { messages } = chatRequest(ORDERS);
  const config = { mode: "ccr" };
  const made = await post(`${base}/v1/compress`, { messages, config });
  const { ccr_hashes: hashes } = (await made.json()) as { ccr_hashes: string[] };
  const simulated = { messages, config: { default_mode: "simulate" } };
  await post(`${base}/v1/compress`, simulated).then((one) => one.text());
  await fetch(`${base}/v1/retrieve/${hashes[0]}`).then((one) => one.text());
  await expect.poll(() => proxy.stats().recent.length, WAIT).toBe(3);
  const { recent, minutes, tokensBefore, tokensAfter, compressed, retrievals } = proxy.stats();
  expect(recent.map(({ provider, route, status }) => `${provider} ${route} ${status}`)).toEqual([
    "headroom retrieve 200",
    "headroom compress 200",
    "headroom compress 200",
  ]);
  expect({ compressed, retrievals }).toEqual({ compressed: 1, retrievals: 1 });
  expect(tokensAfter).toBeLessThan(tokensBefore / 4);
  const sum = (of: "tokensBefore" | "tokensAfter"): number =>
    minutes.reduce((total, one) => total + one[of], 0);
  expect([sum("tokensBefore"), sum("tokensAfter")]).toEqual([tokensBefore, tokensAfter]);
});

it("/metrics says the same, in names and labels that Prometheus takes", async () => {
  const { base, stats } = await used();
  const response = await fetch(`${base}/metrics`);
  expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  const { tokensBefore, tokensAfter, added } = await stats();
  for (const line of [
    "# TYPE headroom_proxy_requests_total counter",
    'headroom_proxy_requests_total{provider="openai",route="chat/completions",status="2xx"} 1',
    'headroom_proxy_requests_total{provider="openai",route="chat/completions",status="4xx"} 1',
    `headroom_proxy_tokens_before_total ${tokensBefore}`,
    `headroom_proxy_tokens_after_total ${tokensAfter}`,
    'headroom_proxy_handled_total{how="compressed"} 2',
    'headroom_proxy_blocks_total{outcome="compressed"} 1',
    "# TYPE headroom_proxy_added_seconds histogram",
    'headroom_proxy_added_seconds_bucket{le="+Inf"} 2',
    `headroom_proxy_added_seconds_count ${added.count}`,
    "headroom_proxy_retrievals_total 1",
    "headroom_proxy_hidden_rounds_total 1",
    "# TYPE process_resident_memory_bytes gauge",
  ])
    expect(text).toContain(`${line}\n`);
  for (const line of text.split("\n").filter(Boolean))
    expect(line).toMatch(
      /^(?:# (?:HELP|TYPE) \w+ .+|[a-z_]+(?:\{(?:\w+="[^"\\]*",?)+\})? -?[\d.e+-]+)$/i,
    );
});

it("each proxy counts for itself", async () => {
  const first = await used();
  const second = await proxyTo("http://127.0.0.1:9");
  const texts = await Promise.all(
    [first.base, second.base].map(async (base) => (await fetch(`${base}/metrics`)).text()),
  );
  expect(texts.map((text) => /hidden_rounds_total (\d)/.exec(text)?.[1])).toEqual(["1", "0"]);
});

describe("what did not become of a request", () => {
  it("is not counted as saved: compression that came too late", async () => {
    const server = await model(() => ({ text: "ok" }));
    const slow = memoryStore();
    const store = {
      ...slow,
      put: async (...given: Parameters<typeof slow.put>) => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        await slow.put(...given);
      },
    };
    const { base, proxy } = await proxyTo(server.url, {
      store,
      deadlineMs: 100,
      // The deadline of the proxy comes first.
      compression: { deadlineMs: 10_000 },
    });
    await post(`${base}/v1/chat/completions`, chatRequest(ORDERS)).then((one) => one.text());
    await new Promise((resolve) => setTimeout(resolve, 400));
    const { tokensBefore, tokensAfter, failedOpen, recent } = proxy.stats();
    expect(tokensBefore).toBe(tokensAfter);
    expect(failedOpen).toMatchObject({ deadline: 1 });
    expect(recent[0]?.failedOpen).toContain("deadline");
  });

  it("is told apart: a provider that leaves, a client that leaves, and no provider", async () => {
    const head =
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n";
    const leaves = await startRawServer((socket) => {
      socket.write(head);
      setTimeout(() => socket.resetAndDestroy(), 50);
    });
    const stays = await startRawServer((socket) => void socket.write(head));
    closeAfter(() => leaves.stop());
    closeAfter(() => stays.stop());
    const endings: unknown[] = [];
    for (const url of [leaves.url, stays.url, "http://127.0.0.1:9"]) {
      const { base, proxy } = await proxyTo(url);
      const leaving = new AbortController();
      await fetch(`${base}/v1/messages`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: "{}",
        signal: leaving.signal,
      })
        .then(async (response) => {
          if (url === stays.url) leaving.abort();
          await response.text();
        })
        .catch(() => undefined);
      await expect.poll(() => proxy.stats().recent.length, WAIT).toBe(1);
      endings.push(proxy.stats().recent[0]?.ending);
    }
    expect(endings).toEqual(["cut-off", "client-left", "failed"]);
  });
});

describe("the log", () => {
  it("has an entry for each request, and for what was refused or failed, and nothing else", async () => {
    const entries: LogEntry[] = [];
    await used({ log: (entry) => entries.push(entry) });
    expect(entries.map(({ event }) => event)).toEqual(["request", "request"]);
    expect(Object.keys(entries[0] ?? {}).sort()).toEqual(
      [
        "time event id provider route method status ending streamed model tokensBefore tokensAfter",
        "addedMs totalMs retrievals hiddenRounds failedOpen usage",
      ]
        .join(" ")
        .split(" ")
        .sort(),
    );
    const { base } = await proxyTo("http://127.0.0.1:9", {
      token: TOKEN,
      log: (entry) => entries.push(entry),
    });
    await fetch(`${base}/v1/models`);
    await fetch(`${base}/v1/models`, { headers: { "x-headroom-token": TOKEN } });
    await expect.poll(() => entries.length, WAIT).toBe(5);
    expect(entries.slice(2)).toMatchObject([
      { event: "refused", status: 401 },
      { event: "error", phase: "provider", error: "Error", code: "ECONNREFUSED" },
      { event: "request", status: 0, ending: "failed", route: "other" },
    ]);
  });

  it("that throws stops no request", async () => {
    const onError = vi.fn();
    const { stats } = await used({
      log: () => {
        throw new Error("disk full");
      },
      onError,
    });
    expect((await stats()).recent).toHaveLength(2);
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: "disk full" }), "log");
  });
});

it("nothing of a request's content, credentials, path or query is in any of them", async () => {
  let number = 0;
  const canaries: string[] = [];
  const canary = (kind: string): string => {
    canaries.push(`CANARY${++number}${kind}`);
    return `CANARY${number}${kind}`;
  };
  const told: string[] = [];
  const spans: unknown[] = [];
  const span = {
    setAttribute: (...given: unknown[]) => spans.push(given),
    setStatus: (...given: unknown[]) => spans.push(given),
    updateName: (...given: unknown[]) => spans.push(given),
    end() {},
  };
  const options = {
    log: (entry: LogEntry) => void told.push(JSON.stringify(entry)),
    tracer: {
      startSpan: (...given: unknown[]) => {
        spans.push(given);
        return span;
      },
    },
  };
  const says = canary("answer");
  const server = await model(() => ({ text: says, calls: [{ name: "x", args: { a: says } }] }));
  const odd = await startRawServer((socket) => {
    const body = JSON.stringify({
      id: canary("id"),
      model: `a model that says ${canary("model")}`,
      error: { message: canary("error") },
      usage: { input_tokens: 3, output_tokens: 4, [canary("usage")]: canary("usage") },
    });
    const lines = [
      "HTTP/1.1 200 OK",
      `x-request-id: ${canary("header")}`,
      "content-type: application/json",
      `content-length: ${body.length}`,
    ];
    socket.write(`${lines.join("\r\n")}\r\n\r\n${body}`);
  });
  closeAfter(() => odd.stop());
  for (const url of [server.url, odd.url, "http://127.0.0.1:9"]) {
    const { base } = await proxyTo(url, options);
    const headers = {
      authorization: `Bearer sk-${canary("key")}`,
      "x-api-key": canary("key"),
      "x-goog-api-key": canary("key"),
      cookie: `a=${canary("cookie")}`,
      "user-agent": canary("agent"),
      [`x-${canary("name").toLowerCase()}`]: canary("value"),
    };
    const secret = canary("content");
    const rows = JSON.stringify(
      Array.from({ length: 600 }, (_, id) => ({ id, secret, note: `${secret} ${id}` })),
    );
    const question = canary("question");
    for (const path of [
      "/v1/chat/completions",
      "/v1/messages",
      "/v1/responses",
      `/v1beta/models/${canary("model")}:generateContent`,
      `/v1/files/${canary("path")}`,
      "/v1/compress",
    ])
      for (const body of [
        chatRequest(rows, question),
        // The name of a model is shown, where it is one.
        { model: "gpt-5.5", messages: [], user: canary("user") },
        // The model's server takes JSON only.
        ...(url === server.url ? [] : [canary("no-json")]),
      ])
        await post(`${base}${path}?key=${canary("query")}`, body, headers).then((one) =>
          one.text(),
        );
    await fetch(`${base}/v1/retrieve/${canary("hash")}`, { headers }).then((one) => one.text());
    // A tool whose name is a sentence.
    const named = chatRequest(rows);
    const call = { name: `a name that says ${canary("tool")}`, arguments: "{}" };
    (named.messages[1] as { tool_calls?: unknown }).tool_calls = [
      { id: "c1", type: "function", function: call },
    ];
    await post(`${base}/v1/chat/completions`, named, headers).then((one) => one.text());
    for (const page of PAGES) told.push(await (await fetch(`${base}${page}`)).text());
  }
  told.push(JSON.stringify(spans));
  const all = told.join("\n").toUpperCase();
  expect(all).toContain("(OTHER)");
  expect(spans.length).toBeGreaterThan(10);
  expect(told.filter((line) => line.includes('"event":"request"')).length).toBeGreaterThan(50);
  expect(canaries.length).toBeGreaterThan(100);
  expect(canaries.filter((one) => all.includes(one.toUpperCase()))).toEqual([]);
  expect(all).not.toContain("CANARY");
});
