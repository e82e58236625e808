/** Who may call the server over HTTP, and what it says to the others. */
import { request } from "node:http";
import { memoryStore } from "@headroom/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHeadroomMcp, type HttpServer } from "../src/index.ts";
import { clientV1, clientV2, said } from "./clients.ts";

const token = "s".repeat(40);
const mcp = createHeadroomMcp({ store: memoryStore() });
let open: HttpServer;
let closed: HttpServer;
beforeAll(async () => {
  open = await mcp.listen({
    port: 0,
    allowedHosts: ["mcp.example"],
    allowedOrigins: ["https://app.example"],
  });
  closed = await mcp.listen({ port: 0, token });
});
afterAll(async () => {
  await open.close();
  await closed.close();
  await mcp.close();
});

const LIST = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: {} });

/** Headers as they stand on the wire: names and values in turn. */
function post(url: string, headers: readonly string[], path = "/mcp"): Promise<number> {
  const { port } = new URL(url);
  const all = [
    ...["content-type", "application/json"],
    ...["accept", "application/json, text/event-stream"],
    ...headers,
  ];
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: "127.0.0.1", port, path, method: "POST", headers: all, setHost: false },
      (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode ?? 0));
      },
    );
    sent.on("error", reject);
    sent.end(LIST);
  });
}

describe("Host and Origin", () => {
  it.each([
    "localhost",
    "127.0.0.1:1234",
    "[::1]:80",
    "LOCALHOST:9",
    "mcp.example",
    "mcp.example:443",
  ])("Host %s is served", async (host) => {
    expect(await post(open.url, ["host", host])).toBe(200);
  });

  it.each([
    ["evil.example"],
    ["localhost.evil.example"],
    ["127.0.0.1.nip.io"],
    ["[::ffff:127.0.0.1]"],
    ["2130706433"],
    ["0x7f.1"],
    ["0.0.0.0"],
    ["localhost@evil.example"],
    ["evil.example/localhost"],
    ["localhost:80:80"],
    ["localhost#.evil.example"],
    ["mcp.example.evil.example"],
    ["xmcp.example"],
  ])("Host %s is refused, on every path", async (host) => {
    expect(await post(open.url, ["host", host])).toBe(403);
    expect(await post(open.url, ["host", host], "/other")).toBe(403);
  });

  it("a Host that is there twice is refused", async () => {
    const status = await post(open.url, ["host", "localhost", "host", "evil.example"]);
    expect([400, 403]).toContain(status);
  });

  it.each([
    ["https://app.example", 200],
    ["https://app.example.evil.example", 403],
    ["http://app.example", 403],
    ["http://localhost:3000", 403],
    ["null", 403],
    ["", 403],
    ["file://", 403],
    ["https://evil.example", 403],
  ])("Origin %s: %d", async (origin, status) => {
    expect(await post(open.url, ["host", "localhost", "origin", origin])).toBe(status);
  });

  it("two Origins have to be allowed both", async () => {
    const both = ["origin", "https://app.example", "origin", "https://evil.example"];
    expect(await post(open.url, ["host", "localhost", ...both])).toBe(403);
  });

  it("other paths are not there", async () => {
    expect(await post(open.url, ["host", "localhost"], "/")).toBe(404);
    expect(await post(open.url, ["host", "localhost"], "/mcp/../x")).toBe(404);
  });
});

describe("a token", () => {
  it.each([
    [[], 401],
    [["authorization", "Bearer wrong"], 401],
    [["authorization", token], 401],
    [["authorization", `Bearer ${token}x`], 401],
    [["authorization", `Basic ${token}`], 401],
    [["authorization", `Bearer ${token}`], 200],
  ] as const)("%j: %d", async (headers, status) => {
    expect(await post(closed.url, ["host", "localhost", ...headers])).toBe(status);
  });

  it("has to be long, and is needed where other machines reach the server", async () => {
    await expect(mcp.listen({ port: 0, token: "short" })).rejects.toThrow(/32 characters/);
    await expect(mcp.listen({ port: 0, host: "0.0.0.0" })).rejects.toThrow(/token/);
  });
});

it("what a client over HTTP names as its folders is no permission", async () => {
  for (const connect of [clientV1, clientV2]) {
    const client = await connect({ url: open.url, roots: ["/"] });
    const answer = await client.call("headroom_read", { path: "/etc/hosts" });
    await client.close();
    expect(answer.isError).toBe(true);
    expect(said(answer)).toContain("--root");
  }
});

it.each([
  ["says so at its start or with each call", clientV2, { name: "claude-code" }],
  ["says so in a header", clientV1, { headers: { "user-agent": "claude-code/2.1.197 (cli)" } }],
])("Claude Code, which %s, gets the text alone", async (_, connect, as) => {
  const claude = await connect({ url: open.url, ...as });
  const [tool] = await claude.tools();
  const answer = await claude.call("headroom_compress", { content: "a" });
  await claude.close();
  expect(tool).not.toHaveProperty("outputSchema");
  expect(answer.structuredContent).toBeUndefined();
  expect(said(answer)).toBe("a");
});

it("wrong options are refused at once", () => {
  expect(() => createHeadroomMcp({ store: {} as never })).toThrow(/store/);
  expect(() => createHeadroomMcp({ store: memoryStore(), roots: [""] })).toThrow(/roots/);
  expect(() => createHeadroomMcp({ store: memoryStore(), maxReadTokens: 1 })).toThrow(/1000/);
  expect(() => createHeadroomMcp({ store: memoryStore(), rots: [] } as never)).toThrow(/rots/);
});
