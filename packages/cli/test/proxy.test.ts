/** `headroom proxy`: starts, tells, shares a store, and stops as it is told to. */
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { redisStartable, startRedis } from "../../../test/support/redis-server.ts";
import { CHAT, closeAfter, post, provider, REQUESTS, start, startedProxy } from "./command.ts";

/** An event stream with the given number of events, one each 20 ms. */
function streaming(events: number) {
  return provider((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    let sent = 0;
    const timer = setInterval(() => {
      if (response.destroyed || sent === events) {
        clearInterval(timer);
        response.end("data: end\n\n");
      } else response.write(`data: ${sent++}\n\n`);
    }, 20);
  });
}

describe("headroom proxy", () => {
  it("says where it is, what to set and where to look, and shortens requests", async () => {
    const { url: upstream, bodies } = await provider();
    const { url, out, err } = await startedProxy(["--openai-url", upstream]);
    expect(out()).toBe(
      `headroom proxy at ${url}: set ANTHROPIC_BASE_URL=${url} or OPENAI_BASE_URL=${url}/v1\nheadroom dashboard at ${url}/dashboard\n`,
    );
    expect((await fetch(`${url}/dashboard`)).status).toBe(200);
    expect(err()).toBe("");
    await (await post(`${url}/v1/chat/completions`, CHAT)).text();
    expect(bodies[0]?.length).toBeLessThan(CHAT.length / 2);
    expect(bodies[0]?.toString()).toContain("headroom_retrieve");
  });

  it.each(Object.entries(REQUESTS))(
    "sends the bytes it got to %s where it only measures",
    async (path, body) => {
      const { url: upstream, bodies } = await provider();
      const hosts = [
        "--openai-url",
        upstream,
        "--anthropic-url",
        upstream,
        "--google-url",
        upstream,
      ];
      const { url } = await startedProxy([...hosts, "--mode", "audit", "--tools", "x=exclude"]);
      await (await post(url + path, body)).text();
      expect(bodies[0]?.toString()).toBe(body);
      expect(await (await fetch(`${url}/stats`)).text()).toMatch(/"compressed":\s*1\b/);
      const shortening = await startedProxy(hosts);
      await (await post(shortening.url + path, body)).text();
      expect(bodies[1]?.toString()).toContain("headroom_retrieve");
    },
  );

  it("offers no tool and leaves nothing out with --no-retrieval", async () => {
    const { url: upstream, bodies } = await provider();
    const { url } = await startedProxy(["--openai-url", upstream, "--no-retrieval"]);
    await (await post(`${url}/v1/chat/completions`, CHAT)).text();
    expect(bodies[0]?.toString()).not.toContain("headroom_retrieve");
    expect(bodies[0]?.toString()).toContain("SKU-219");
  });

  it("answers a WebSocket with 426 where there are none", async () => {
    const { url } = await startedProxy(["--no-web-sockets"]);
    const client = connect(Number(new URL(url).port), "127.0.0.1");
    client.write(
      "GET /v1/responses HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    );
    const [answer] = (await once(client, "data")) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 426 /);
    client.destroy();
  });

  it("writes a line of JSON for each request with --log json, and nothing of what it says", async () => {
    const { url: upstream } = await provider();
    const { url, until, out, err } = await startedProxy([
      "--openai-url",
      upstream,
      "--log",
      "json",
    ]);
    expect(err()).toContain(`headroom proxy at ${url}: `);
    const headers = { authorization: "Bearer sk-canary" };
    await (await post(`${url}/v1/chat/completions?q=canary`, CHAT, headers)).text();
    await until(/"event":"request".*\n/);
    const lines = out().trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual(["request"]);
    expect(out()).not.toMatch(/canary|SKU|orders/i);
  });

  it("is called by the address it listens on", async () => {
    const token = "t".repeat(32);
    const { url } = await startedProxy(["--host", "127.0.0.2"], { HEADROOM_PROXY_TOKEN: token });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.2:/);
    const headers = { "x-headroom-token": token };
    expect((await fetch(`${url}/healthz`, { headers })).status).toBe(200);
    expect((await fetch(`${url}/healthz`)).status).toBe(401);
  });
});

describe("a signal", () => {
  it("lets 50 streams end and takes no more connections; then the exit code is 0", async () => {
    const { url: upstream } = await streaming(40);
    const { url, signal, ended, listeners } = await startedProxy(["--openai-url", upstream]);
    const streams = await Promise.all(
      Array.from({ length: 50 }, () =>
        fetch(`${url}/v1/models`, { headers: { connection: "close" } }),
      ),
    );
    signal("SIGTERM");
    await sleep(100);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    const texts = await Promise.all(streams.map((stream) => stream.text()));
    expect(texts.filter((text) => text.endsWith("data: end\n\n"))).toHaveLength(50);
    expect(await ended).toBe(0);
    expect(listeners()).toBe(0);
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("the second one (%s) ends it at once with %i", async (second, code) => {
    const { url: upstream } = await streaming(100_000);
    const { url, signal, ended } = await startedProxy(["--openai-url", upstream]);
    const stream = await fetch(`${url}/v1/models`);
    signal("SIGTERM");
    await sleep(50);
    const from = performance.now();
    signal(second);
    expect(await ended).toBe(code);
    expect(performance.now() - from).toBeLessThan(1_000);
    await stream.body?.cancel().catch(() => undefined);
  });

  it("cuts off what is still at work after --drain-ms", async () => {
    const { url: upstream } = await streaming(100_000);
    const { url, signal, ended } = await startedProxy([
      "--openai-url",
      upstream,
      "--drain-ms",
      "200",
    ]);
    const stream = await fetch(`${url}/v1/models`);
    signal("SIGINT");
    await expect(stream.text()).rejects.toThrow();
    expect(await ended).toBe(0);
  });
});

describe("what keeps it from starting is said in one line, with exit code 2", () => {
  it.each([
    [
      "a host without a token",
      ["--host", "0.0.0.0"],
      /Other machines reach 0\.0\.0\.0: set HEADROOM_PROXY_TOKEN/,
    ],
    ["a short token", ["--token", "short"], /--token takes a secret of 32 characters/],
    [
      "a host of another machine",
      ["--host", "192.0.2.1", "--token", "t".repeat(32)],
      /no address of this machine/,
    ],
    ["a store that there is not", ["--store", "disk"], /--store takes memory, sqlite:PATH/],
    ["a file that cannot be", ["--store", "sqlite:/etc/passwd/originals.db"], /"sqlite" failed/],
    ["a Redis that is none", ["--store", "redis://:::"], /no valid redis:\/\/ URL/],
    ["encryption of nothing", ["--encryption-key", "k".repeat(32)], /encrypts originals in Redis/],
    ["shortening without a store", ["--store", "none", "--mode", "balanced"], /needs a store/],
    [
      "a service that hands out credentials",
      ["--openai-url", "http://169.254.169.254"],
      /no cloud's metadata/,
    ],
    [
      "credentials in a URL",
      ["--openai-url", "https://me:pw@gateway.example"],
      /^headroom: --openai-url takes an http or https URL without credentials, not what is there\.$/,
    ],
    ["a kind that there is not", ["--include", "poem"], /--include takes json, /],
    ["an argument", ["8787"], /takes options only, not "8787"/],
  ] as const)("%s", async (_, args, words) => {
    const { ended, out, err } = start(["proxy", "--port", "0", ...args]);
    expect(await ended).toBe(2);
    expect(out()).toBe("");
    expect(err().trimEnd()).toMatch(words);
    expect(err().trimEnd()).not.toContain("\n");
  });

  it("a port that is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    closeAfter(() => other.close());
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const { ended, err } = start(["proxy", "--port", String(port)]);
    expect(await ended).toBe(2);
    expect(err()).toMatch(new RegExp(`Port ${port} of 127.0.0.1 is taken. Choose another`));
  });
});

describe("a Redis", () => {
  it.runIf(redisStartable())(
    "is shared: one proxy finds what another stored, for the same key only",
    async () => {
      const redis = await startRedis();
      closeAfter(() => redis.stop());
      const env = { HEADROOM_PROXY_STORE: redis.url };
      const [one, other] = await Promise.all([startedProxy([], env), startedProxy([], env)]);
      const key = { authorization: "Bearer key-of-a" };
      const body = `{"config":{"mode":"ccr"},${CHAT.slice(1)}`;
      const answer = await post(`${one.url}/v1/compress`, body, key);
      const { ccr_hashes: hashes } = (await answer.json()) as { ccr_hashes: string[] };
      const asked = `${other.url}/v1/retrieve/${hashes[0]}`;
      const found = (await (await fetch(asked, { headers: key })).json()) as Record<string, string>;
      expect(CHAT).toContain(JSON.stringify(found.original_content));
      const foreign = await fetch(asked, { headers: { authorization: "Bearer key-of-b" } });
      expect(foreign.status).toBe(404);
      expect(one.err() + other.err()).not.toContain("does not answer");
    },
  );

  it("that does not answer is told of, without its password, and requests go on", async () => {
    const { url: upstream, bodies } = await provider();
    const args = ["--openai-url", upstream, "--store", "redis://me:pa55word@127.0.0.1:1"];
    const { url, until, err, out } = await startedProxy(args);
    await until(/Redis does not answer\. Until it does, nothing is left out/);
    await (await post(`${url}/v1/chat/completions`, CHAT)).text();
    expect(bodies[0]?.toString()).toContain("SKU-219");
    expect(out() + err()).not.toContain("pa55word");
  });
});
