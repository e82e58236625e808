import { createServer, type Server, Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { memoryStore } from "./ccr/memory-store.ts";
import { refOf, refScope } from "./ccr/ref.ts";
import { createHeadroom } from "./create.ts";
import { StoreError } from "./errors.ts";
import { saveOriginals, warningsOf } from "./save.ts";
import type { CcrEntry, CcrStore } from "./types/store.ts";

const scope = refScope("default");
const entry = (text: string): CcrEntry => ({ ref: refOf(text, scope), text });
const rows = (from: number): string =>
  JSON.stringify(
    Array.from({ length: 500 }, (_, id) => ({ id: ((id + from) * 7919) % 9973, status: "active" })),
  );

const open: (Server | Socket)[] = [];
afterEach(() => {
  for (const handle of open.splice(0)) handle instanceof Socket ? handle.destroy() : handle.close();
});

/** A store at the other end of a TCP connection; `answers` false takes everything and says nothing. */
async function tcpStore(answers: boolean, readsBack = true): Promise<CcrStore> {
  const kept = new Map<string, string>();
  const server = createServer((peer) => {
    open.push(peer);
    // As drivers do: otherwise small answers wait up to 40 ms for each other.
    peer.setNoDelay(true);
    let buffered = "";
    peer.on("error", () => {});
    peer.on("data", (bytes) => {
      buffered += bytes.toString();
      for (let at = buffered.indexOf("\n"); at >= 0; at = buffered.indexOf("\n")) {
        const [id, ref = "", text] = JSON.parse(buffered.slice(0, at)) as [number, string, string?];
        buffered = buffered.slice(at + 1);
        if (text !== undefined) kept.set(ref, text);
        if (answers) peer.write(`${JSON.stringify([id, kept.get(ref)])}\n`);
      }
    });
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const socket = new Socket().setNoDelay(true);
  open.push(socket);
  await new Promise<void>((resolve) => socket.connect(port, "127.0.0.1", resolve));
  const waiting = new Map<number, (text: string | undefined) => void>();
  let buffered = "";
  socket.on("data", (bytes) => {
    buffered += bytes.toString();
    for (let at = buffered.indexOf("\n"); at >= 0; at = buffered.indexOf("\n")) {
      const [id, text] = JSON.parse(buffered.slice(0, at)) as [number, string | undefined];
      buffered = buffered.slice(at + 1);
      waiting.get(id)?.(text);
    }
  });
  let calls = 0;
  const ask = (...message: string[]): Promise<string | undefined> =>
    new Promise((resolve) => {
      waiting.set(++calls, resolve);
      socket.write(`${JSON.stringify([calls, ...message])}\n`);
    });
  return {
    name: "tcp",
    readsBack,
    async put({ ref, text }) {
      await ask(ref, text);
    },
    async get(ref) {
      const text = await ask(ref);
      return typeof text === "string" ? { ref, text } : undefined;
    },
    delete: async () => false,
  };
}

function block(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

describe("the deadline", () => {
  it.each([true, false])(
    "is the store's: it does not run out while this process is busy (readsBack %s)",
    async (readsBack) => {
      const store = await tcpStore(true, readsBack);
      const saving = saveOriginals(store, [entry("a"), entry("b")], 60);
      // Held up for longer than the deadline, twice: once before the answer to put is read, once after.
      block(300);
      setTimeout(() => block(300), 1);
      expect((await saving).unsafe).toEqual(new Map());
    },
  );

  it("lets 100 calls at once through on a store that answers, however long they hold up the loop", async () => {
    const headroom = createHeadroom({
      store: await tcpStore(true, false),
      // Shorter than the work of all calls together; the store's own answer takes some turns of the loop.
      storeTimeoutMs: 200,
      minTokens: 20,
      cacheBytes: 0,
    });
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, i) => headroom.compressText(rows(i * 1_000))),
    );
    expect(new Set(results.map(({ block }) => block.outcome))).toEqual(new Set(["compressed"]));
  });

  it("is over when the store does not answer, in an idle process and in a busy one", async () => {
    const store = await tcpStore(false);
    const from = performance.now();
    const { unsafe } = await saveOriginals(store, [entry("a")], 200);
    expect([...unsafe.values()]).toEqual(['no answer from store "tcp" within 200 ms']);
    expect(performance.now() - from).toBeGreaterThanOrEqual(190);
    expect(performance.now() - from).toBeLessThan(600);
    const busy = setInterval(() => block(40), 1);
    const begin = performance.now();
    expect((await saveOriginals(store, [entry("a")], 100)).unsafe.size).toBe(1);
    clearInterval(busy);
    expect(performance.now() - begin).toBeLessThan(2_500);
  });

  it("may be as long as one likes", async () => {
    const kept = memoryStore();
    const slow: CcrStore = {
      ...kept,
      put: async (asked) => {
        await new Promise((resolve) => setTimeout(resolve, 100));
        await kept.put(asked);
      },
    };
    for (const forever of [Number.POSITIVE_INFINITY, 1e15])
      expect((await saveOriginals(slow, [entry("a")], forever)).unsafe).toEqual(new Map());
  });

  it("ends with the signal, and the call rejects with its reason", async () => {
    const store = await tcpStore(false);
    const signal = AbortSignal.timeout(30);
    const from = performance.now();
    const call = createHeadroom({ store, storeTimeoutMs: 60_000, minTokens: 20 }).compressText(
      rows(0),
      { signal },
    );
    await expect(call).rejects.toThrow(/timeout|aborted/);
    expect(performance.now() - from).toBeLessThan(10_000);
    const gone = AbortSignal.abort();
    expect((await saveOriginals(store, [entry("a")], 60_000, gone)).unsafe.size).toBe(1);
  });
});

describe("putMany", () => {
  it("keeps nothing it did not answer for, one by one", async () => {
    const entries = [entry("a"), entry("b")];
    for (const answer of [[], [undefined], [undefined, undefined, undefined], undefined, 7])
      for (const readsBack of [true, false]) {
        const putMany = async (): Promise<never> => answer as never;
        const store: CcrStore = { ...memoryStore(), readsBack, putMany };
        const { unsafe } = await saveOriginals(store, entries, 1_000);
        expect([...unsafe.keys()]).toEqual(entries.map(({ ref }) => ref));
      }
  });
});

describe("the reason in a report", () => {
  const text = '{"token":"sk-canary-123456","note":"the original\\nover two lines"}'.repeat(3);
  const refusing = (error: unknown): CcrStore => ({
    ...memoryStore(),
    put: () => Promise.reject(error),
  });
  const reasonFor = async (error: unknown): Promise<string> => {
    const { unsafe } = await saveOriginals(refusing(error), [entry(text)], 1_000);
    return [...unsafe.values()].join();
  };

  it("has no part of an original that a driver put into its error", async () => {
    for (const message of [
      `ERR in SET x ${text}`,
      `insert into t values (${JSON.stringify(text)})`,
      `failed: ${text.slice(20, 70)}`,
      text.slice(0, 40),
    ]) {
      const reason = await reasonFor(new TypeError(message));
      expect(reason).not.toContain("canary");
      expect(reason).toMatch(/TypeError; its message is withheld/);
    }
    expect(await reasonFor(text)).not.toContain("canary");
  });

  it("says what a store says, cut to a length", async () => {
    expect(await reasonFor(new Error("disk full"))).toBe("disk full");
    expect(await reasonFor(new StoreError("s", "put", "no room"))).toBe(
      'Store "s" failed to put: no room',
    );
    expect((await reasonFor(new Error("long ".repeat(1_000)))).length).toBe(200);
  });
});

describe("what a store says of itself", () => {
  it("stands in the row of every block it keeps the original of, and in stats", async () => {
    const store = memoryStore({ maxBytes: 50_000 });
    const headroom = createHeadroom({ store, minTokens: 20 });
    const first = await headroom.compressText(rows(0));
    expect(first.block.reason).toBe("shortened, original kept");
    expect(headroom.stats().store).toEqual({ name: "memory", warnings: [] });
    const later = await headroom.compressText(rows(1_000));
    const warning =
      "1 original was dropped to make room (maxBytes 50000): what names them cannot be redeemed";
    expect(later.block.reason).toBe(`shortened, original kept; the store says: ${warning}`);
    expect(headroom.stats().store).toEqual({ name: "memory", warnings: [warning] });
    expect((await headroom.compressText("short")).block.reason).not.toContain("dropped");
    expect(createHeadroom().stats().store).toBeUndefined();
  });

  it("is cut to a length, and a store that fails to speak says nothing", async () => {
    const wordy = { ...memoryStore(), warnings: () => ["w".repeat(5_000), "v".repeat(5_000)] };
    const { block } = await createHeadroom({ store: wordy, minTokens: 20 }).compressText(rows(0));
    expect(block.reason.length).toBeLessThan(400);
    const mute = {
      ...memoryStore(),
      warnings: () => {
        throw new Error("x");
      },
    };
    expect(warningsOf(mute)).toEqual([]);
    expect(
      (await createHeadroom({ store: mute, minTokens: 20 }).compressText(rows(0))).block.reason,
    ).toBe("shortened, original kept");
  });
});
