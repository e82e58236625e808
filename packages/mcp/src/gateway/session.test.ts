import { createHeadroom, memoryStore } from "@headroom/core";
import { describe, expect, it } from "vitest";
import { type Between, between, frame, ROWS } from "./testing.ts";

interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: { readonly required: unknown };
}
interface Text {
  readonly text: string;
}
interface Answer {
  readonly tools: readonly [Tool, ...Tool[]];
  readonly content: readonly [Text, ...Text[]];
  readonly structuredContent?: unknown;
  readonly isError?: boolean;
  readonly resultType?: string;
}

let lastId = 0;
async function ask(both: Between, method: string, params: object, answer?: unknown) {
  const id = ++lastId;
  both.client(frame({ jsonrpc: "2.0", id, method, params }));
  await new Promise(setImmediate);
  if (answer !== undefined) both.server(frame({ jsonrpc: "2.0", id, result: answer }));
  const { result } = (await both.heard()) as { result: Answer };
  return result;
}
const list = (both: Between, tools: readonly unknown[] = [{ name: "rows" }], more: object = {}) =>
  ask(both, "tools/list", {}, { tools, ...more });
const call = (both: Between, result: object, name = "rows") =>
  ask(both, "tools/call", { name, arguments: {} }, result);
const retrieve = (both: Between, args: object, name = "headroom_retrieve") =>
  ask(both, "tools/call", { name, arguments: args });
const text = (words: string, more: object = {}) => ({ type: "text", text: words, ...more });
const refIn = (words: string) => /\[\[hr:(\w+)/.exec(words)?.[1] ?? "";

describe("tools/list", () => {
  it("gets headroom_retrieve behind the tools of the server, on the last page", async () => {
    const both = between();
    const first = await list(both, [{ name: "a" }], { nextCursor: "2" });
    expect(first).toEqual({ tools: [{ name: "a" }], nextCursor: "2" });
    const { tools } = await list(both, [{ name: "b" }]);
    expect(tools.map(({ name }: { name: string }) => name)).toEqual(["b", "headroom_retrieve"]);
    expect(tools[1]?.inputSchema.required).toEqual(["hash"]);
    // Asked again after list_changed.
    both.server(frame({ jsonrpc: "2.0", method: "notifications/tools/list_changed" }));
    expect((await both.heard()).method).toBe("notifications/tools/list_changed");
    expect((await list(both, [])).tools).toHaveLength(1);
  });

  it("changes no other byte", async () => {
    const both = between();
    both.client(frame({ jsonrpc: "2.0", id: 1, method: "tools/list" }));
    await new Promise(setImmediate);
    const before =
      '{ "id":1, "result":{"ttlMs":1.0,"tools":[ {"name":"a\\u0062","x":12345678901234567890} ';
    both.server(`${before}],"_meta":{"a":1e3}},"jsonrpc":"2.0"}\r\n`);
    const { atClient } = await both.end();
    const heard = atClient.toString();
    expect(heard.startsWith(before.trimEnd())).toBe(true);
    expect(heard.endsWith(' ],"_meta":{"a":1e3}},"jsonrpc":"2.0"}\r\n')).toBe(true);
  });

  it("calls our tool by another name where the server has one of that name", async () => {
    const both = between();
    const { tools } = await list(both, [{ name: "headroom_retrieve" }, { name: "rows" }]);
    const { name, description } = tools.at(-1) ?? {};
    expect(name).toBe("gateway_headroom_retrieve");
    expect(description).toContain(
      "Use this tool where a text of this server says headroom_retrieve.",
    );
    const ref = refIn((await call(both, { content: [text(ROWS)] })).content[0].text);
    expect((await retrieve(both, { hash: ref, rows: "3" }, name)).content[0].text).toContain(
      "SKU-",
    );
    // That of the server is the server's.
    const answer = { content: [text("its own")] };
    expect(await call(both, answer, "headroom_retrieve")).toEqual(answer);
  });

  it("is left alone without a store", async () => {
    const both = between({}, {});
    expect(await list(both)).toEqual({ tools: [{ name: "rows" }] });
  });
});

describe("results of tools", () => {
  it("are compressed block by block, and every part can be had", async () => {
    const both = between();
    await list(both);
    const image = { type: "image", data: "AAAA", mimeType: "image/png" };
    const link = { type: "resource_link", uri: "file:///a", name: "a" };
    const resource = { type: "resource", resource: { uri: "file:///b", text: ROWS } };
    const forUser = text(ROWS, { annotations: { audience: ["user"] } });
    const short = text("two words");
    const content = [
      image,
      text(ROWS, { annotations: { priority: 1 } }),
      link,
      resource,
      forUser,
      short,
    ];
    const result = await call(both, { content, isError: false, _meta: { a: 1 } });
    expect(result.content.toSpliced(1, 1)).toEqual(content.toSpliced(1, 1));
    expect(result).toMatchObject({ isError: false, _meta: { a: 1 } });
    const { text: shown, ...rest } = result.content[1] ?? { text: ROWS };
    expect(rest).toEqual({ type: "text", annotations: { priority: 1 } });
    expect(shown.length).toBeLessThan(ROWS.length * 0.15);
    const hash = refIn(shown);
    const served = [
      await retrieve(both, { hash, rows: "500-501" }),
      await retrieve(both, { hash, path: "[state=failed].id", count: true }),
      await retrieve(both, { hash, query: "SKU-7919" }),
      await retrieve(both, { hash, lines: "1", limit: 1 }),
    ];
    for (const { isError } of served) expect(isError).toBe(false);
    expect(served[0]?.content[0].text).toContain('"id":500');
    expect(served[1]?.content[0].text).toContain("11");
    expect(both.atServer()).not.toContain("headroom_retrieve");
  });

  it("lose nothing before the client knows headroom_retrieve", async () => {
    const both = between();
    const { content } = await call(both, { content: [text(ROWS)] });
    expect(content[0].text).not.toContain("omitted");
    expect(content[0].text.length).toBeLessThan(ROWS.length);
  });

  it("stay as they are where they are errors, asked for input, tasks, or of a server of memories", async () => {
    const both = between();
    await list(both);
    const failed = `Error: cannot open\n${"  at somewhere (file.ts:1)\n".repeat(100)}`;
    for (const result of [
      { content: [text(failed)], isError: true },
      { content: [text(ROWS)], resultType: "input_required" },
      { task: { taskId: "1", status: "working" } },
      { content: "no list" },
      { content: [null, 1, "x", { type: "text" }, { type: "text", text: 1 }] },
    ])
      expect(await call(both, result)).toEqual(result);
    await ask(both, "initialize", {}, { serverInfo: { name: "memory-server", version: "1" } });
    const graph = { content: [text(ROWS)] };
    expect(await call(both, graph, "read_graph")).toEqual(graph);
  });

  it("pass as they came where core fails, hangs, or the store does", {
    timeout: 20_000,
  }, async () => {
    const answer = { content: [text(ROWS)] };
    const headroom = createHeadroom({ store: memoryStore() });
    const fails = [() => Promise.reject(new Error("a defect")), () => new Promise<never>(() => {})];
    for (const compressText of fails) {
      const both = between({ headroom: { ...headroom, compressText }, deadlineMs: 10 });
      await list(both);
      expect(await call(both, answer)).toEqual(answer);
    }
    const store = { ...memoryStore(), put: () => Promise.reject(new Error("down")) };
    const both = between({}, { store });
    await list(both);
    expect((await call(both, answer)).content[0].text).not.toContain("omitted");
  });

  it("come in the order in which the server sent them, with what it says between them", async () => {
    const both = between();
    await list(both);
    const ids = [91, 92];
    for (const id of ids)
      both.client(frame({ jsonrpc: "2.0", id, method: "tools/call", params: { name: "rows" } }));
    await new Promise(setImmediate);
    const progress = { jsonrpc: "2.0", method: "notifications/progress", params: { progress: 1 } };
    both.server(
      frame({ jsonrpc: "2.0", id: 92, result: { content: [text(ROWS)] } }) +
        frame(progress) +
        frame({ jsonrpc: "2.0", id: 91, result: { content: [text("short")] } }),
    );
    expect((await both.heard()).id).toBe(92);
    expect(await both.heard()).toEqual(progress);
    expect((await both.heard()).id).toBe(91);
  });
});

describe("structured content", () => {
  const rows = JSON.parse(ROWS);
  const tool = { name: "rows", outputSchema: { type: "object" } };
  const initialize = (both: Between, name: string) =>
    ask(both, "initialize", { clientInfo: { name, version: "1" } }, { serverInfo: { name: "s" } });
  const copies = [
    { content: [text(ROWS)], structuredContent: { rows } },
    { content: [text(JSON.stringify({ rows }, null, 2))], structuredContent: { rows } },
    { content: [text(ROWS)], structuredContent: { content: ROWS } },
    {
      content: rows.slice(0, 2).map((row: unknown) => text(JSON.stringify([row, ...rows]))),
      structuredContent: { result: rows.slice(0, 2).map((row: unknown) => [row, ...rows]) },
    },
  ];

  it("stays, with its schema, for clients of which nothing is known", async () => {
    const both = between();
    await initialize(both, "some client");
    expect((await list(both, [tool])).tools[0]).toEqual(tool);
    for (const copy of copies) {
      const { content, structuredContent } = await call(both, copy);
      expect(structuredContent).toEqual(copy.structuredContent);
      expect(content[0].text).toContain("[[hr:");
    }
  });

  it("goes away for clients that would show it to the model, where the text says the same", async () => {
    const both = between();
    await initialize(both, "claude-code");
    expect((await list(both, [tool])).tools[0]).toEqual({ name: "rows" });
    for (const copy of copies) {
      const result = await call(both, copy);
      expect(Object.keys(result)).toEqual(["content"]);
      expect(result.content[0].text).toContain("[[hr:");
    }
    for (const structuredContent of [
      { rows: rows.slice(1) },
      { rows, total: 1_000 },
      {},
      [1],
      null,
    ]) {
      const result = await call(both, { content: [text(ROWS)], structuredContent });
      expect(result.structuredContent).toEqual(structuredContent);
    }
    const short = { content: [text('{"a":1}')], structuredContent: { a: 1 } };
    expect(await call(both, short)).toEqual(short);
  });

  it("stays where a number beside it could not be written again", async () => {
    const both = between({ structured: "drop" });
    await list(both);
    both.client(
      frame({ jsonrpc: "2.0", id: "big", method: "tools/call", params: { name: "rows" } }),
    );
    await new Promise(setImmediate);
    const meta = '"_meta":{"id":12345678901234567890}';
    const content = JSON.stringify([text(ROWS)]);
    both.server(
      `{"jsonrpc":"2.0","id":"big","result":{${meta},"content":${content},"structuredContent":{"rows":${ROWS}}}}\n`,
    );
    await both.heard();
    const heard = (await both.end()).atClient.toString();
    expect(heard).toContain(meta);
    expect(heard).toContain("structuredContent");
  });
});

describe("calls of headroom_retrieve", () => {
  it("never reach the server, nor do their cancellations; wrong ones are answered in words", async () => {
    const both = between();
    await list(both);
    for (const args of [{}, { hash: "x" }, { hash: 1 }, "text", null]) {
      const { isError, content } = await retrieve(both, args as object);
      expect(isError).toBe(true);
      expect(content[0].text).toMatch(/\w/);
    }
    const { atServer } = await both.end();
    expect(atServer.toString().split("\n")).toHaveLength(2);
  });

  it("are taken out of a batch", async () => {
    const both = between();
    await list(both);
    const own = {
      jsonrpc: "2.0",
      id: "r",
      method: "tools/call",
      params: { name: "headroom_retrieve", arguments: { hash: "a" } },
    };
    const ping = { jsonrpc: "2.0", id: "p", method: "ping" };
    both.client(frame([ping, own]) + frame([own]));
    expect(await both.heard()).toMatchObject([{ id: "r", result: { isError: true } }]);
    expect(await both.heard()).toMatchObject([{ id: "r" }]);
    expect((await both.end()).atServer.toString()).toContain(`\n${frame([ping])}`);
  });

  it("are cancelled without an answer", async () => {
    let aborted = false;
    const headroom = createHeadroom({ store: memoryStore() });
    const both = between({
      headroom: {
        ...headroom,
        retrieve: (_, call) =>
          new Promise((_resolve, reject) => {
            call?.signal?.addEventListener("abort", () => {
              aborted = true;
              reject(call.signal?.reason);
            });
          }),
      },
    });
    await list(both);
    const params = { name: "headroom_retrieve", arguments: { hash: "a".repeat(22) } };
    both.client(frame({ jsonrpc: "2.0", id: 77, method: "tools/call", params }));
    both.client(
      frame({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 77 } }),
    );
    both.client(
      frame({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 78 } }),
    );
    const { atServer, atClient } = await both.end();
    expect(aborted).toBe(true);
    expect(atServer.toString()).not.toContain("77");
    expect(atServer.toString()).toContain("78");
    expect(atClient.toString()).not.toContain("77");
  });

  it("have a resultType for clients of 2026 and later", async () => {
    const both = between();
    await list(both);
    const version = { "io.modelcontextprotocol/protocolVersion": "2026-07-28" };
    const params = { name: "headroom_retrieve", arguments: { hash: "a" }, _meta: version };
    expect((await ask(both, "tools/call", params)).resultType).toBe("complete");
  });
});
