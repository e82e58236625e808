/** What goes through unchanged: bytes and headers of requests and replies, and how connections end. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { connect, type Socket } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { memoryStore } from "@headroom/core";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { createProxy, type HeadroomProxy, type ProxyOptions } from "../src/index.ts";
import { exchangeRaw, type RawServer, startRawServer } from "./raw-server.ts";

let closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.map((close) => close()));
  closing = [];
});

async function between(
  answer: Parameters<typeof startRawServer>[0],
  options: ProxyOptions = {},
): Promise<{ base: string; proxy: HeadroomProxy; server: RawServer }> {
  const server = await startRawServer(answer);
  const upstreams = { anthropic: server.url, openai: server.url, google: server.url };
  const proxy = createProxy({
    upstreams,
    store: memoryStore(),
    workers: false,
    deadlineMs: 30_000,
    ...options,
  });
  const base = await proxy.listen({ port: 0 });
  closing.push(
    () => proxy.close(50),
    () => server.stop(),
  );
  return { base, proxy, server };
}

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
const says = (text: string) => (socket: Socket) => void socket.write(text);

/** One request on a connection of its own. */
function post(path: string, body: Buffer | string, headers: readonly string[] = []): Buffer {
  const bytes = Buffer.from(body);
  const lines = [
    `POST ${path} HTTP/1.1`,
    "Host: localhost",
    "Content-Type: application/json",
    `Content-Length: ${bytes.length}`,
    "Connection: close",
    ...headers,
  ];
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), bytes]);
}

describe("a request that is not compressed", () => {
  it("reaches the provider in the bytes the client sent, whatever they are", async () => {
    const { base, server } = await between(says(OK));
    const paths = ["/v1/messages?beta=true", "/v1/chat/completions", "/v1/responses", "/v1/x"];
    const json = fc.json().map((text) => Buffer.from(text));
    const odd = fc.constantFrom(
      '{"a":1.0,"a":2,"messages":[{"role":"user","content":1e400}]}',
      '\uFEFF{"messages":[]}',
      '{"messages":[{"role":"tool","content":"\\ud800"}]}',
      `{"messages":${"[".repeat(5_000)}${"]".repeat(5_000)}}`,
      "{'messages':[]}",
      "",
    );
    const bytes = fc.uint8Array({ maxLength: 200 }).map((some) => Buffer.from(some));
    const body = fc.oneof(
      json,
      odd.map((text) => Buffer.from(text)),
      bytes,
    );
    const coding = fc.constantFrom("identity", "gzip", "br", "deflate", "unknown");
    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom(...paths), coding, async (plain, path, name) => {
        const encoders: Record<string, (one: Buffer) => Buffer> = {
          gzip: gzipSync,
          br: brotliCompressSync,
          deflate: deflateSync,
        };
        const sent = encoders[name]?.(plain) ?? plain;
        const headers = name === "identity" ? [] : [`Content-Encoding: ${name}`];
        const count = server.requests.length;
        await exchangeRaw(base, post(path, sent, headers));
        const got = server.requests[count];
        expect(got?.head[0]).toBe(`POST ${path} HTTP/1.1`);
        expect(got?.body.equals(sent)).toBe(true);
        if (name !== "identity") expect(got?.head).toContain(`Content-Encoding: ${name}`);
      }),
      { numRuns: 60 },
    );
  });

  it("keeps its headers, their order and case; those of the connection and ours stay here", async () => {
    const { base, server } = await between(says(OK));
    const own = ["anthropic-beta: a,b , c", "X-Api-Key: k", "x-B: 1", "X-b: 2"];
    const hop = ["Connection: close, X-Hop", "X-Hop: 1", "TE: trailers", "x-headroom-bypass: true"];
    const text = post("/v1/messages", "{}", own)
      .toString()
      .replace("Connection: close", hop.join("\r\n"));
    await exchangeRaw(base, text);
    const [, ...lines] = server.requests[0]?.head ?? [];
    const kept = lines.filter((line) => !/^(?:host|connection):/i.test(line));
    expect(kept).toEqual(["Content-Type: application/json", ...own, "content-length: 2"]);
  });

  it("of any other path and method reaches the provider of its headers", async () => {
    const server = await startRawServer(says(OK));
    const nowhere = "http://127.0.0.1:9";
    const proxy = createProxy({
      upstreams: { anthropic: server.url, openai: nowhere, google: nowhere },
      workers: false,
    });
    const base = await proxy.listen({ port: 0 });
    closing.push(
      () => proxy.close(50),
      () => server.stop(),
    );
    for (const [method, path, header] of [
      ["HEAD", "/", "User-Agent: claude-cli/2"],
      ["GET", "/v1/models?limit=2", "anthropic-version: 2023-06-01"],
      ["DELETE", "/v1/files/file_1", "X-Api-Key: k"],
      ["POST", "/v1/messages/batches/b1/cancel", "X-Api-Key: k"],
    ]) {
      const lines = [`${method} ${path} HTTP/1.1`, "Host: localhost", "Connection: close", header];
      await exchangeRaw(base, `${lines.join("\r\n")}\r\n\r\n`, (got) => got.includes("\r\n\r\n"));
      expect(server.requests.at(-1)?.head[0]).toBe(`${method} ${path} HTTP/1.1`);
    }
  });

  it("that is larger than the limit streams through", async () => {
    const { base, server } = await between(says(OK), { maxBodyBytes: 10_000 });
    const body = randomBytes(200_000);
    await exchangeRaw(base, post("/v1/messages", body));
    const chunked = post("/v1/messages", "")
      .toString()
      .replace("Content-Length: 0", "Transfer-Encoding: chunked");
    const size = body.length.toString(16);
    await exchangeRaw(
      base,
      Buffer.concat([Buffer.from(`${chunked}${size}\r\n`), body, Buffer.from("\r\n0\r\n\r\n")]),
    );
    expect(server.requests.map((one) => one.body.equals(body))).toEqual([true, true]);
  });
});

/** The bytes of a chunked body. */
function unchunked(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const line = body.indexOf("\r\n", at);
    const size = Number.parseInt(body.subarray(at, line).toString(), 16);
    parts.push(body.subarray(line + 2, line + 2 + size));
    at = line + 4 + size;
  }
  return Buffer.concat(parts);
}

describe("a reply", () => {
  const head =
    "HTTP/1.1 207 Odd Words\r\nX-Case: Kept\r\nset-cookie: a=1\r\nSet-Cookie: b=2\r\nDate: now\r\n";
  const events = 'event: ping\r\ndata: {"ü":"€😀"}\r\n\r\n: comment\n\ndata: [DONE]\n\n';

  it("comes back with its status, headers and bytes, wherever it was cut", async () => {
    const body = Buffer.from(events);
    const type = "content-type: text/event-stream\r\n";
    const { base } = await between((socket, _, index) => {
      const cut = (index % (body.length - 1)) + 1;
      const chunk = (bytes: Buffer): Buffer =>
        Buffer.concat([
          Buffer.from(`${bytes.length.toString(16)}\r\n`),
          bytes,
          Buffer.from("\r\n"),
        ]);
      socket.write(`${head}${type}transfer-encoding: chunked\r\n\r\n`);
      socket.write(chunk(body.subarray(0, cut)), () =>
        setImmediate(() => {
          socket.write(chunk(body.subarray(cut)));
          socket.write("0\r\n\r\n");
        }),
      );
    });
    const asked = '{"stream":true,"messages":[],"tools":[{"type":"function"}]}';
    for (let cut = 1; cut < body.length; cut++) {
      const got = await exchangeRaw(base, post("/v1/chat/completions", asked));
      const end = got.indexOf("\r\n\r\n");
      const lines = got.subarray(0, end).toString().split("\r\n");
      const ends = /^(?:connection|keep-alive|transfer-encoding):/i;
      expect(lines.filter((line) => !ends.test(line))).toEqual(
        `${head}${type}`.trim().split("\r\n"),
      );
      expect(unchunked(got.subarray(end + 4)).toString()).toBe(events);
    }
  });

  it("in a coding is passed on in it, also where it was looked into", async () => {
    const packed = gzipSync(
      '{"id":"x","choices":[{"message":{"role":"assistant","content":"hi"}}]}',
    );
    const { base } = await between((socket) => {
      socket.write(
        `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-type: application/json\r\ncontent-length: ${packed.length}\r\n\r\n`,
      );
      socket.write(packed);
    });
    const body = '{"messages":[],"tools":[{"type":"function","function":{"name":"f"}}]}';
    const got = await exchangeRaw(base, post("/v1/chat/completions", body));
    expect(got.subarray(got.indexOf("\r\n\r\n") + 4).equals(packed)).toBe(true);
    expect(got.toString("latin1")).toContain("content-encoding: gzip");
  });

  it.each([429, 503, 529])(
    "with status %s is passed on, and the request not sent again",
    async (status) => {
      const { base, server } = await between(
        says(`HTTP/1.1 ${status} No\r\nretry-after: 7\r\ncontent-length: 2\r\n\r\nno`),
      );
      const got = (await exchangeRaw(base, post("/v1/messages", "{}"))).toString();
      expect(got).toContain(`HTTP/1.1 ${status} No`);
      expect(got).toContain("retry-after: 7");
      expect(server.requests).toHaveLength(1);
    },
  );

  it("that is cut off in the middle is seen as cut off, with and without a length", async () => {
    const { base } = await between((socket, _, index) => {
      const length = index === 0 ? "content-length: 99" : "transfer-encoding: chunked";
      socket.write(`HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n${length}\r\n\r\n`);
      socket.write(index === 0 ? "data: 1\n\n" : "9\r\ndata: 1\n\n\r\n", () =>
        setTimeout(() => socket.destroy(), 20),
      );
    });
    for (let round = 0; round < 2; round++) {
      const outcome = await new Promise<string>((resolve) => {
        const request = httpRequest(`${base}/v1/messages`, {
          method: "POST",
          headers: { "content-type": "application/json" },
        });
        request.on("response", (response) => {
          response
            .on("error", () => resolve("aborted"))
            .on("end", () => resolve("ended"))
            .resume();
        });
        request.end("{}");
      });
      expect(outcome).toBe("aborted");
    }
  });

  it("of a provider that is not there is an error in its own shape", async () => {
    const proxy = createProxy({ upstreams: { anthropic: "http://127.0.0.1:9" }, workers: false });
    const base = await proxy.listen({ port: 0 });
    closing.push(() => proxy.close(50));
    const answer = await fetch(`${base}/v1/messages`, {
      method: "POST",
      body: "{}",
      headers: { "content-type": "application/json" },
    });
    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject({ type: "error", error: { type: "api_error" } });
  });
});

describe("a client that leaves", () => {
  it.each(["while it uploads", "before the reply", "in the middle of the reply"])(
    "%s ends the request to the provider",
    async (when) => {
      const { base, server } = await between(
        (socket) => {
          if (when === "in the middle of the reply")
            socket.write("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: 1\n\n");
        },
        { maxBodyBytes: 1_000 },
      );
      const { hostname, port } = new URL(base);
      const client = connect({ host: hostname, port: Number(port) });
      client.on("error", () => {});
      if (when === "while it uploads")
        client.write(post("/v1/messages", "x".repeat(50_000)).subarray(0, 30_000));
      else client.write(post("/v1/messages", "{}"));
      while (server.sockets.size === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      if (when === "in the middle of the reply") await once(client, "data");
      const [socket] = server.sockets;
      const closed = socket ? once(socket, "close") : undefined;
      client.destroy();
      await closed;
      expect(server.sockets.size).toBe(0);
    },
  );
});
