/** Peers that refuse, accept and say nothing, or come up late; and a close that always ends. */
import { createServer, type Socket } from "node:net";
import { redisStore } from "@headroom/redis";
import { describe, expect, it } from "vitest";
import { freePort, redisStartable } from "../../../test/support/redis-server.ts";
import { entryOf, serve } from "./servers.ts";

const took = async (call: () => Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await call().catch(() => undefined);
  return performance.now() - started;
};

describe("connecting", () => {
  it("to a port where nobody listens costs next to nothing", async () => {
    const store = redisStore({ url: `redis://127.0.0.1:${await freePort()}` });
    await took(() => store.put(entryOf("the first call loads the client")));
    for (let i = 0; i < 10; i++) {
      expect(await took(() => store.put(entryOf(`${i}`)))).toBeLessThan(300);
      await expect(store.put(entryOf(`${i}`))).rejects.toThrow(/StoreError|failed to/);
    }
    expect(await took(async () => store.close?.())).toBeLessThan(300);
  });

  it("that is refused ends the wait of the first call too, long before its deadline", async () => {
    const store = redisStore({ url: `redis://127.0.0.1:${await freePort()}`, timeoutMs: 20_000 });
    expect(await took(() => store.put(entryOf("first")))).toBeLessThan(10_000);
    await store.close?.();
  });

  it("to a peer that accepts and never answers costs a deadline, then nothing, and can be closed", async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => {
      sockets.push(socket);
      socket.on("error", () => {}).resume();
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const address = silent.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const store = redisStore({ url: `redis://127.0.0.1:${port}`, timeoutMs: 100 });
    for (let i = 0; i < 5; i++)
      expect(await took(() => store.put(entryOf(`${i}`)))).toBeLessThan(2_000);
    await expect(store.get(entryOf("x").ref)).rejects.toThrow(/failed to/);
    expect(await took(() => store.put(entryOf("open")))).toBeLessThan(300);
    expect(await took(async () => store.close?.())).toBeLessThan(300);
    await expect.poll(() => sockets.every((socket) => socket.readyState !== "open")).toBe(true);
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  it.runIf(redisStartable())("is found again when the server comes up late", async () => {
    const port = await freePort();
    const store = redisStore({ url: `redis://127.0.0.1:${port}`, breaker: { pauseMs: 50 } });
    await expect(store.put(entryOf("early"))).rejects.toThrow(/failed to/);
    const served = await serve([], port);
    await expect
      .poll(() => store.put(entryOf("late")).then(() => "kept", String), { timeout: 5_000 })
      .toBe("kept");
    await store.close?.();
    await served.stop();
  });
});
