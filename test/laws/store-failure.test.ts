/** Law 3 under failure: a store that throws, hangs or lies costs its deadline, and no lossy text leaves. */
import { type CcrEntry, type CcrStore, createHeadroom, memoryStore } from "@headroom/core";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { outputOf } from "../../packages/conformance/test/outputs.ts";
import { describeLaw, estimate, type Make } from "./law.ts";
import { changesBetween, messagesOf, requests } from "./transcript.ts";

const never = <Value>(): Promise<Value> => new Promise(() => undefined);
const refuse = (): Promise<never> => Promise.reject(new Error("ECONNREFUSED"));
const explode = (): never => {
  throw new TypeError("client is closed");
};
const fulfilled = async (): Promise<void> => undefined;

/** Stores that do not keep what they are given. */
const broken: Readonly<Record<string, (honest: CcrStore) => Partial<CcrStore>>> = {
  "rejects every put": () => ({ put: refuse }),
  "throws from put": () => ({ put: explode }),
  "rejects with something that is no error": () => ({ put: () => Promise.reject(undefined) }),
  "never answers a put": () => ({ put: never }),
  "acknowledges and forgets": () => ({ put: fulfilled }),
  "acknowledges and cannot be read": () => ({ put: fulfilled, get: refuse }),
  "acknowledges and never answers a get": () => ({ get: never }),
  "throws from get": () => ({ get: explode }),
  "serves another text": () => ({ get: async (ref) => ({ ref, text: "not what was put" }) }),
  "keeps half": (honest) => ({
    put: (entry) => honest.put({ ...entry, text: entry.text.slice(1) }),
  }),
  "answers null": () => ({ get: async () => null as unknown as undefined }),
  "rejects putMany": () => ({ putMany: refuse }),
  "throws from putMany": () => ({ putMany: explode }),
  "never answers putMany": () => ({ putMany: never }),
  "answers putMany with nothing, and kept nothing": () => ({ putMany: async () => [] }),
  "answers putMany with no list": () => ({ putMany: fulfilled as never }),
  "fails every entry of putMany": () => ({
    putMany: async (entries) => entries.map(() => new Error("OOM")),
  }),
};

/** A deadline the laws do not have to wait long for. */
const storeTimeoutMs = 5;
const common = { tokenCounter: estimate, minTokens: 40, storeTimeoutMs };

const trusting: Make = (options) => {
  const { store } = options;
  if (store === undefined) return createHeadroom(options);
  // Takes an acknowledgement for the deed, and a failure for one too.
  const put = async (entry: CcrEntry): Promise<void> => {
    store.put(entry).catch(() => undefined);
  };
  return createHeadroom({
    ...options,
    store: { name: store.name, readsBack: true, put, get: store.get, delete: store.delete },
  });
};
const silent: Make = (options) => {
  const honest = createHeadroom(options);
  return {
    ...honest,
    async compress(messages, call) {
      const result = await honest.compress(messages, call);
      return {
        ...result,
        blocks: result.blocks.map((row) =>
          row.outcome === "store-down" ? { ...row, outcome: "declined" } : row,
        ),
      };
    },
  };
};

describeLaw(
  "with a store that throws, hangs or lies only lossless forms leave, and the report says store-down",
  fc.record({ request: requests(), failure: fc.constantFrom(...Object.keys(broken)) }),
  async ({ request: { transcript, mode }, failure }, make) => {
    const input = messagesOf(transcript);
    const honest = memoryStore();
    const store = { ...honest, ...broken[failure]?.(honest) };
    const { messages, blocks, refs } = await make({ ...common, mode, store }).compress(input);
    expect(refs).toEqual([]);
    const healthy = await createHeadroom({ ...common, mode, store: memoryStore() }).compress(input);
    const without = await createHeadroom({ ...common, mode: "lossless" }).compress(input);
    const lossless = new Set(changesBetween(input, without.messages).map(({ after }) => after));
    // What leaves is what an instance without a store would have sent.
    for (const { after } of changesBetween(input, messages)) expect(lossless).toContain(after);
    for (const [index, row] of blocks.entries()) {
      const expected = healthy.blocks[index];
      expect(row.outcome).toBe(expected?.ref === undefined ? expected?.outcome : "store-down");
      expect([row.ref, row.omitted]).toEqual([undefined, undefined]);
      if (row.outcome === "store-down") expect(row.reason).not.toBe("");
    }
  },
  { "believes the store": trusting, "does not say why": silent },
);

describeLaw(
  "a store that fails for some originals: those blocks alone fall back",
  requests(),
  async ({ transcript, mode }, make) => {
    const input = messagesOf(transcript);
    const honest = memoryStore();
    const healthy = await createHeadroom({ ...common, mode, store: memoryStore() }).compress(input);
    const bad = new Set(healthy.refs.filter((_, index) => index % 2 === 0));
    const store: CcrStore = {
      ...honest,
      put: (entry) => (bad.has(entry.ref) ? refuse() : honest.put(entry)),
    };
    const result = await make({ ...common, mode, store }).compress(input);
    for (const [index, row] of result.blocks.entries()) {
      const { ref, outcome } = healthy.blocks[index] ?? {};
      if (ref !== undefined && bad.has(ref)) expect(row.outcome).toBe("store-down");
      else expect([row.outcome, row.ref]).toEqual([outcome, ref]);
    }
    for (const ref of result.refs) expect(await honest.get(ref)).toBeDefined();
    expect(result.refs).toEqual(healthy.refs.filter((ref) => !bad.has(ref)));
  },
  {
    "gives up on all of them": (options) =>
      createHeadroom({
        ...options,
        ...(options.store ? { store: { ...options.store, put: refuse } } : {}),
      }),
  },
);

describe("a store that hangs", () => {
  // `performance` too: what comes late on a busy machine does not count for the deadline.
  beforeEach(
    () => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }),
  );
  afterEach(() => void vi.useRealTimers());

  const input = [
    {
      role: "assistant",
      tool_calls: [{ id: "c", type: "function", function: { name: "read", arguments: "{}" } }],
    },
    ...["read", "log", "json"].map((kind, seed) => ({
      role: "tool",
      tool_call_id: "c",
      content: outputOf(kind as "read", seed, 60),
    })),
  ];

  it.each(["put", "get", "putMany"] as const)(
    "in %s holds the call up for its deadline and no longer, however many blocks",
    async (method) => {
      const store = { ...memoryStore(), [method]: never };
      let result: unknown;
      const call = createHeadroom({
        tokenCounter: estimate,
        minTokens: 40,
        store,
        storeTimeoutMs: 700,
      })
        .compress(input)
        .then((value) => {
          result = value;
          return value;
        });
      // Compression itself needs no timer: what is waited for is the store.
      while (vi.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve));
      await vi.advanceTimersByTimeAsync(699);
      expect(result).toBeUndefined();
      await vi.advanceTimersByTimeAsync(1);
      const { blocks } = await call;
      expect(blocks.filter(({ outcome }) => outcome === "store-down").length).toBeGreaterThan(0);
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  it("leaves no timer behind when it answers", async () => {
    vi.useRealTimers();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    await createHeadroom({ tokenCounter: estimate, minTokens: 40, store: memoryStore() }).compress(
      input,
    );
    expect(vi.getTimerCount()).toBe(0);
  });
});
