/** The client that is made for an address: how fast it fails, what is waited for, and how it ends. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Connection, connect } from "./client.ts";

let server: Server;
let sockets: Socket[];
let url: string;
let made: Connection<Redis>[];
beforeEach(async () => {
  sockets = [];
  made = [];
  // It says OK to everything.
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      for (const _ of data.toString().matchAll(/^\*\d/gm)) socket.write("+OK\r\n");
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  for (const each of made) await each.close();
  for (const socket of sockets) socket.destroy();
  server.close();
});
const connectTo = (
  address = url,
  options?: Record<string, unknown>,
  onError: (message: string) => void = () => undefined,
): Connection<Redis> => {
  const connection = connect<Redis>({ url: address, ...(options ? { options } : {}) }, onError);
  made.push(connection);
  return connection;
};

describe("a client of ours", () => {
  it("fails fast, and asks for nothing that an ACL may forbid", async () => {
    const { options } = await connectTo().client();
    expect(options).toMatchObject({
      autoResendUnfulfilledCommands: false,
      connectTimeout: 3_000,
      enableOfflineQueue: false,
      enableReadyCheck: false,
      lazyConnect: true,
      maxRetriesPerRequest: 0,
    });
    expect(options.socketTimeout).toBeUndefined();
  });

  it.each([
    [1, 100],
    [2, 200],
    [3, 400],
    [4, 800],
    [5, 1_000],
    [6, 1_000],
    [100_000, 1_000],
  ])("connects again, attempt %d after %d ms", async (attempt, milliseconds) => {
    const { options } = await connectTo().client();
    expect(options.retryStrategy?.(attempt)).toBe(milliseconds);
  });

  it("takes the caller's options over those", async () => {
    const { options } = await connectTo(url, { connectTimeout: 7 }).client();
    expect([options.connectTimeout, options.lazyConnect]).toEqual([7, true]);
  });

  it("is one, however often it is asked for, and stands when it is handed over", async () => {
    const connection = connectTo();
    const [one, two] = await Promise.all([connection.client(), connection.client()]);
    expect(one).toBe(two);
    expect(await connection.client()).toBe(one);
    expect(one.status).toBe("ready");
    expect(sockets).toHaveLength(1);
  });

  it("is handed over where it is down, and the listener hears why", async () => {
    const heard: string[] = [];
    server.close();
    await once(server, "close");
    const client = await connectTo(url, undefined, (message) => heard.push(message)).client();
    expect(client.status).not.toBe("ready");
    await expect(client.ping()).rejects.toThrow();
    expect(heard.join()).toContain("ECONNREFUSED");
  });

  it("gets another connection when it is renewed", async () => {
    const connection = connectTo();
    connection.renew();
    const client = await connection.client();
    const { stream } = client;
    connection.renew();
    expect(stream.destroyed).toBe(true);
    await expect.poll(() => sockets.length).toBe(2);
  });

  it("is ended by a close, with its half of the connection", async () => {
    const connection = connectTo();
    const client = await connection.client();
    const { stream } = client;
    await connection.close();
    expect(stream.destroyed).toBe(true);
    await expect.poll(() => client.status).toBe("end");
  });

  it("that was never used is closed without a connection", async () => {
    await connectTo().close();
    expect(sockets).toEqual([]);
  });
});
