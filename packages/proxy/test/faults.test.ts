/**
 * Whatever fails while a request is looked into, the provider gets the request and the client the provider's answer. Each row of the
 * matrix is one stage and one way to fail; stages are broken from inside, where they are.
 */
import { once } from "node:events";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { type CcrStore, memoryStore } from "@headroom/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ProxyOptions } from "../src/index.ts";
import { type RawServer, startRawServer } from "./raw-server.ts";
import { chatRequest, closeAfter, ORDERS, proxyTo, SKU_500 } from "./setup.ts";

/** What the broken stages do; empty: they work. */
const faults = vi.hoisted(
  (): {
    decode?: () => unknown;
    parse?: () => unknown;
    compress?: () => unknown;
    splice?: () => unknown;
    lexer?: () => unknown;
  } => ({}),
);

vi.mock("../src/coding.ts", async (original) => {
  const own = await original<typeof import("../src/coding.ts")>();
  const decoded: typeof own.decoded = (...given) =>
    (faults.decode?.() as ReturnType<typeof own.decoded> | undefined) ?? own.decoded(...given);
  return { ...own, decoded };
});
vi.mock("../../core/src/wire/json.ts", async (original) => {
  const own = await original<typeof import("../../core/src/wire/json.ts")>();
  return {
    ...own,
    parseJson: (text: string) => (faults.parse ? faults.parse() : own.parseJson(text)),
  };
});
vi.mock("../../core/src/json/lexer.ts", async (original) => {
  const own = await original<typeof import("../../core/src/json/lexer.ts")>();
  return {
    ...own,
    parseJson: (text: string) => (faults.lexer ? faults.lexer() : own.parseJson(text)),
  };
});
vi.mock("../../core/src/wire/splice.ts", async (original) => {
  const own = await original<typeof import("../../core/src/wire/splice.ts")>();
  const spliceJson: typeof own.spliceJson = (...given) =>
    faults.splice ? (faults.splice() as string) : own.spliceJson(...given);
  const patchesFor: typeof own.patchesFor = (...given) => {
    if (!faults.splice) return own.patchesFor(...given);
    const text = faults.splice() as string | undefined;
    return text === undefined ? undefined : [{ start: 0, end: given[0].length, text }];
  };
  return { ...own, spliceJson, patchesFor };
});
vi.mock("../../core/src/create.ts", async (original) => {
  const own = await original<typeof import("../../core/src/create.ts")>();
  const createHeadroom: typeof own.createHeadroom = (options) => {
    const made = own.createHeadroom(options);
    const compress = (...given: Parameters<typeof made.compress>): unknown =>
      faults.compress ? faults.compress() : made.compress(...given);
    return { ...made, compress: compress as typeof made.compress };
  };
  return { ...own, createHeadroom };
});

function boom(): never {
  throw new Error("boom");
}
const rejects = (): Promise<never> => Promise.reject(new Error("boom"));
const hangs = (): Promise<never> => new Promise(() => {});

const request = JSON.stringify(chatRequest(ORDERS));
const { messages } = chatRequest(ORDERS);
const TEAPOT = "HTTP/1.1 418 Mine\r\ncontent-length: 2\r\n\r\nok";

let server: RawServer;
beforeEach(async () => {
  server = await startRawServer((socket) => void socket.write(TEAPOT));
  closeAfter(() => server.stop());
});
afterEach(() => {
  for (const stage of Object.keys(faults)) delete faults[stage as keyof typeof faults];
});

/** Sends the request and gives what the provider got. */
async function sent(
  options: ProxyOptions,
  { body = Buffer.from(request), headers = {} as Record<string, string> } = {},
): Promise<{ readonly body: Buffer; readonly failedOpen: Readonly<Record<string, number>> }> {
  const { base, proxy } = await proxyTo(server.url, options);
  const response = await fetch(`${base}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: new Uint8Array(body),
  });
  expect([response.status, response.statusText]).toEqual([418, "Mine"]);
  expect(await response.text()).toBe("ok");
  expect(server.requests).toHaveLength(1);
  return {
    body: server.requests[0]?.body ?? Buffer.alloc(0),
    failedOpen: proxy.stats().failedOpen,
  };
}

it("is compressed where nothing fails", async () => {
  const { body, failedOpen } = await sent({});
  expect(body.length).toBeLessThan(request.length / 4);
  expect(failedOpen).toEqual({});
});

const WRONG_OFFSETS = {
  type: "object",
  start: 0,
  end: request.length,
  members: Object.keys(JSON.parse(request)).map((key, at) => {
    const start = request.indexOf(`"${key}":`);
    const value = {
      start: start + 3,
      end: start + 9 + at,
      type: "array",
      items: messages.map(() => ({ type: "object", start: 5, end: 20, members: [] })),
    };
    return { key: { start, end: start + key.length + 2 }, value };
  }),
};

const FAULTS: readonly [stage: keyof typeof faults, how: string, fault: () => unknown][] = [
  ["decode", "throws", boom],
  ["decode", "rejects", rejects],
  ["decode", "hangs", hangs],
  ["decode", "gives bytes that are no text", async () => Buffer.from([0xff, 0xfe, 0])],
  ["decode", "gives nothing", async () => Buffer.alloc(0)],
  ["decode", "gives another text", async () => Buffer.from("[]")],
  ["parse", "throws", boom],
  ["parse", "gives nothing", () => undefined],
  ["parse", "gives another shape", () => ({ messages: 5 })],
  ["parse", "gives other messages", () => ({ model: "m", messages: [null, 1, "x"] })],
  ["compress", "throws", boom],
  ["compress", "rejects", rejects],
  ["compress", "hangs", hangs],
  ["compress", "loses a message", async () => ({ messages: messages.slice(1), blocks: [] })],
  [
    "compress",
    "changes a role",
    async () => ({ messages: messages.map((one) => ({ ...one, role: "user" })), blocks: [] }),
  ],
  ["compress", "gives no result", async () => undefined],
  ["compress", "gives other things", async () => ({ messages: [1, 2, 3], blocks: [] })],
  ["splice", "throws", boom],
  ["splice", "gives nothing", () => undefined],
  ["splice", "gives no JSON", () => request.slice(0, -5)],
  ["splice", "gives a request without its tools", () => JSON.stringify({ model: "m", messages })],
  [
    "splice",
    "loses a message",
    () => JSON.stringify({ ...JSON.parse(request), messages: messages.slice(1) }),
  ],
  ["lexer", "throws", boom],
  ["lexer", "gives nothing", () => undefined],
  ["lexer", "gives wrong offsets", () => WRONG_OFFSETS],
];

describe("the original bytes are sent", () => {
  it.each(FAULTS)("where %s %s", async (stage, how, fault) => {
    faults[stage] = fault;
    const { body } = await sent({ deadlineMs: 300 });
    expect(body.equals(Buffer.from(request))).toBe(true);
    expect(how).toBeTruthy();
  });

  it.each(["decode", "compress"] as const)("within the deadline where %s hangs", async (stage) => {
    faults[stage] = hangs;
    const began = performance.now();
    const { failedOpen } = await sent({ deadlineMs: 200 });
    expect(failedOpen).toEqual({ deadline: 1 });
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it.each([
    ["of an unknown coding", "snappy", gzipSync(request)],
    ["that do not decode", "gzip", Buffer.from(request)],
    ["that were cut short", "gzip", gzipSync(request).subarray(0, -20)],
    ["in two codings", "gzip, gzip", gzipSync(gzipSync(request))],
    ["of a coding with the name of a member", "constructor", Buffer.from(request)],
  ])("%s", async (_, coding, body) => {
    const got = await sent({}, { body, headers: { "content-encoding": coding } });
    expect(got.body.equals(body)).toBe(true);
    expect(got.failedOpen).toEqual({ decode: 1 });
  });
});

describe("a turn that is late", () => {
  const next = [
    ...messages,
    { role: "assistant", tool_calls: [{ id: "c2", type: "function", function: { name: "list" } }] },
    { role: "tool", tool_call_id: "c2", content: ORDERS.replaceAll("shipped", "packed") },
  ];
  const post = async (base: string, all: readonly object[]) => {
    const response = await fetch(`${base}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...JSON.parse(request), messages: all }),
    });
    await response.text();
    return JSON.parse(String(server.requests.at(-1)?.body)) as Record<string, unknown[]>;
  };

  it.each(["compress", "the store"])(
    "repeats what was sent shortened, where %s hangs",
    async (who) => {
      const store: CcrStore = memoryStore();
      const stuck = { ...store };
      const { base, proxy } = await proxyTo(server.url, { store: stuck, deadlineMs: 1_000 });
      const first = await post(base, messages);
      if (who === "compress") faults.compress = hangs;
      else Object.assign(stuck, { put: hangs, putMany: hangs, get: hangs });
      const late = await post(base, next);
      expect(late.tools).toHaveLength(2);
      expect(late.messages?.slice(0, 3)).toEqual(first.messages);
      expect(late.messages?.slice(3)).toEqual(next.slice(3));
      expect(proxy.stats().failedOpen.deadline).toBeGreaterThan(0);
    },
  );
});

/** A store whose methods fail in one way. */
function failing(fault: () => unknown, methods: readonly (keyof CcrStore)[]): CcrStore {
  const store: CcrStore = memoryStore();
  return { ...store, ...Object.fromEntries(methods.map((name) => [name, fault])) };
}

describe("nothing is left out", () => {
  const lies = async (): Promise<unknown> => ({ ref: "x", text: "another text" });
  it.each([
    ["its puts throw", failing(boom, ["put", "putMany"])],
    ["its puts reject", failing(rejects, ["put", "putMany"])],
    ["its puts hang", failing(hangs, ["put", "putMany"])],
    ["its puts keep nothing", failing(async () => undefined, ["put", "get"])],
    ["its gets throw", failing(boom, ["get"])],
    ["its gets reject", failing(rejects, ["get"])],
    ["its gets hang", failing(hangs, ["get"])],
    ["its gets give another text", failing(lies, ["get"])],
    ["all of it hangs", failing(hangs, ["put", "putMany", "get", "delete"])],
  ])("where there is a store and %s", async (_, store) => {
    const options = { store: { ...store, readsBack: false }, compression: { storeTimeoutMs: 200 } };
    const { body } = await sent({ ...options, deadlineMs: 20_000 });
    const text = body.toString();
    expect(/omitted: \d/.exec(text)).toBe(null);
    expect(/\[\[hr:[a-z]{22} /.exec(text)).toBe(null);
    expect(/500,SKU-219\b/.exec(text)?.[0]).toBe(`500,${SKU_500}`);
  });

  it("where the worker thread ends in the middle of its work, each time", async () => {
    const ended: Promise<unknown>[] = [];
    const end = (worker: import("node:worker_threads").Worker): void => {
      ended.push(once(worker, "exit"));
      worker.once("online", () => void worker.terminate());
    };
    process.on("worker", end);
    closeAfter(() => process.off("worker", end));
    const { body } = await sent({ workers: true, deadlineMs: 2_000 });
    expect(ended.length).toBeGreaterThan(0);
    const { messages: got } = JSON.parse(body.toString()) as { messages: unknown };
    expect(JSON.stringify(got) === JSON.stringify(messages)).toBe(true);
  });
});

describe("a client that stops in the middle of its request", () => {
  it("is let go after a while, and the provider is not asked", async () => {
    const { base } = await proxyTo(server.url, { times: { uploadIdleMs: 100 } });
    const { port } = new URL(base);
    const client = connect(Number(port), "127.0.0.1");
    client.write(
      "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{",
    );
    client.resume();
    await once(client, "close");
    expect(server.requests).toEqual([]);
  });
});
