/** WebSockets go through unread, to the host of their path, and only once both sides speak it. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { exchangeRaw, type RawServer, startRawServer } from "./raw-server.ts";
import { closeAfter, proxyTo } from "./setup.ts";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** Takes every upgrade, then gives every byte back. */
async function echo(): Promise<RawServer> {
  const server = await startRawServer((socket, { head }) => {
    const key = head.find((line) => /^sec-websocket-key:/i.test(line))?.split(": ")[1] ?? "";
    const accept = createHash("sha1")
      .update(key + GUID)
      .digest("base64");
    socket.removeAllListeners("data");
    socket.on("data", (bytes) => void socket.write(bytes));
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
    );
  });
  closeAfter(() => server.stop());
  return server;
}

const request = (...more: string[]): string =>
  [
    "GET /v1/responses?x=1 HTTP/1.1",
    "Host: localhost:8787",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Extensions: permessage-deflate",
    "OpenAI-Beta: responses_websockets=2",
    ...more,
    "",
    "",
  ].join("\r\n");

async function opened(base: string): Promise<Socket> {
  const client = connect(Number(new URL(base).port), "127.0.0.1");
  client.on("error", () => {});
  client.write(request("x-headroom-token: mine"));
  await once(client, "data");
  return client;
}

describe("a WebSocket", () => {
  it("is opened with the client's headers, for the provider's host, without those of ours", async () => {
    const server = await echo();
    const { base } = await proxyTo(server.url);
    const got = await exchangeRaw(base, request("x-headroom-token: mine"), (all) =>
      all.includes("\r\n\r\n"),
    );
    expect(got.toString()).toContain("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    const given = request().trim().split("\r\n");
    given[1] = `Host: ${new URL(server.url).host}`;
    expect(server.requests[0]?.head).toEqual(given);
  });

  it("carries every byte both ways, whatever it is", async () => {
    const server = await echo();
    const { base } = await proxyTo(server.url);
    const client = await opened(base);
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, at) => (at * 31) % 256));
    let got = Buffer.alloc(0);
    const all = new Promise<void>((resolve) => {
      client.on("data", (chunk) => {
        got = Buffer.concat([got, chunk]);
        if (got.length === bytes.length) resolve();
      });
    });
    client.write(bytes);
    await all;
    expect(got.equals(bytes)).toBe(true);
    client.destroy();
  });

  it("ends on both sides when one of them leaves, and with the proxy", async () => {
    const server = await echo();
    const { base, proxy } = await proxyTo(server.url);
    const one = await opened(base);
    const [provider] = server.sockets;
    one.destroy();
    if (provider && !provider.destroyed) await once(provider, "close");
    const other = await opened(base);
    const ended = once(other, "close");
    for (const socket of server.sockets) socket.destroy();
    await ended;
    const last = await opened(base);
    const left = once(last, "close");
    await proxy.close(50);
    await left;
    while (server.sockets.size > 0) await sleep(5);
  });

  it("that the provider refuses carries no further request", async () => {
    const server = await startRawServer(
      (socket) => void socket.write("HTTP/1.1 401 No\r\ncontent-length: 2\r\n\r\nno"),
    );
    closeAfter(() => server.stop());
    const { base } = await proxyTo(server.url);
    const got = await exchangeRaw(
      base,
      `${request()}POST /v1/files HTTP/1.1\r\nHost: x\r\nx-headroom-token: mine\r\n\r\n`,
      (all) => all.includes("\r\n\r\nno"),
    );
    expect(got.toString()).toContain("HTTP/1.1 401 No");
    await sleep(50);
    expect(server.requests).toHaveLength(1);
  });

  it("is not what an upgrade to another protocol gets", async () => {
    const server = await startRawServer(
      (socket) => void socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"),
    );
    closeAfter(() => server.stop());
    const { base } = await proxyTo(server.url);
    const h2c = request().replace("Upgrade: websocket", "Upgrade: h2c");
    const got = await exchangeRaw(base, h2c, (all) => all.includes("\r\n\r\n"));
    // Node.js 24 lets a server answer in HTTP/1.1; before, it has to be refused.
    expect(got.toString()).toMatch(/^HTTP\/1\.1 (?:501|200) /);
    expect(server.requests.some(({ head }) => head.join().includes("h2c"))).toBe(false);
  });
});
