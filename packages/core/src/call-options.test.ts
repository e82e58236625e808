/** What a single call may ask for: the same answer as an instance that was made for it, from one instance. */
import { describe, expect, it } from "vitest";
import { findMarkers } from "./ccr/marker.ts";
import { memoryStore } from "./ccr/memory-store.ts";
import { refToHex } from "./ccr/ref.ts";
import { compress } from "./compress.ts";
import { createHeadroom } from "./create.ts";
import { losslessOnly, resolveOptions } from "./options.ts";
import type { CompressResult } from "./result.ts";
import type { Compressor } from "./types/compressor.ts";
import type { Mode } from "./types/report.ts";
import type { CcrEntry, CcrStore } from "./types/store.ts";

const rows = JSON.stringify(
  Array.from({ length: 300 }, (_, id) => ({
    id,
    name: `user ${id * 7919}`,
    note: `नमस्ते seen ${(id * 104729) % 9973} times by ${(id * 31) % 977}`,
  })),
);
const messages = ["shell", "fetch", "other"].flatMap((name) => [
  {
    role: "assistant",
    content: null,
    tool_calls: [{ id: name, type: "function", function: { name, arguments: "{}" } }],
  },
  { role: "tool", tool_call_id: name, content: `${rows.slice(0, -1)},{"id":"${name}"}]` },
]);

/** A result without its times. */
function pure<Message>({ blocks, ...result }: CompressResult<Message>): unknown {
  return { ...result, blocks: blocks.map(({ milliseconds: _, ...row }) => row) };
}

const MODES: readonly Mode[] = ["audit", "lossless", "balanced", "aggressive"];

describe("tools", () => {
  it("go before those of the instance, in this call only", async () => {
    const tools = { "sh*": "aggressive", other: "exclude" } as const;
    const options = { store: memoryStore(), tools };
    const headroom = createHeadroom(options);
    const call = { tools: { shell: "exclude", other: "lossless" } } as const;
    const made = createHeadroom({ ...options, tools: { ...call.tools, "sh*": "aggressive" } });
    const result = await headroom.compress(messages, call);
    expect(pure(result)).toEqual(pure(await made.compress(messages)));
    expect(result.blocks.map(({ reason }) => reason)[0]).toBe("tool shell is excluded");
    expect(result.blocks.map(({ lossless }) => lossless)).toEqual([undefined, false, true]);
    expect((await headroom.compress(messages)).blocks[0]).toMatchObject({ lossless: false });
  });

  it("leave nothing out in a lossless call, and wrong ones are told", async () => {
    const headroom = createHeadroom({ store: memoryStore() });
    const tools = { shell: "aggressive", fetch: "exclude" } as const;
    const { blocks } = await headroom.compress(messages, { lossless: true, tools });
    expect(blocks.map(({ lossless }) => lossless)).toEqual([true, undefined, true]);
    for (const wrong of [[], "shell", { shell: "never" }])
      await expect(headroom.compress(messages, { tools: wrong as never })).rejects.toThrow(
        /tools.*from tool name or glob/,
      );
  });
});

describe("lossless", () => {
  it.each(MODES)("leaves nothing out in mode %s, whatever the modes of its tools", async (mode) => {
    const tools = { "sh*": "aggressive", fetch: "exclude", other: "audit" } as const;
    const options = { mode, tools, store: memoryStore() };
    const headroom = createHeadroom(options);
    const { blocks } = await headroom.compress(messages, { lossless: true });
    const changed = blocks.filter(({ outcome }) => outcome === "compressed");
    expect(changed.map(({ toolName }) => toolName)).toEqual(["shell"]);
    expect(changed.every((row) => row.lossless)).toBe(true);
    // The instance itself shortens, before and after such a call.
    const { blocks: free } = await headroom.compress(messages);
    expect(free[0]).toMatchObject({ toolName: "shell", lossless: false });
    const clamped = createHeadroom({
      ...options,
      mode: mode === "audit" ? mode : "lossless",
      tools: { ...tools, "sh*": "lossless" },
    });
    expect(pure(await headroom.compress(messages, { lossless: true }))).toEqual(
      pure(await clamped.compress(messages)),
    );
  });

  it("holds for simulate and for a text alone", async () => {
    const headroom = createHeadroom({ store: memoryStore() });
    const { blocks } = await headroom.simulate(messages, { lossless: true });
    expect(blocks.every((row) => row.lossless)).toBe(true);
    expect((await headroom.compressText(rows, { lossless: true })).block.lossless).toBe(true);
    expect((await headroom.compressText(rows)).block.lossless).toBe(false);
  });

  it("is made of the options once, and changes none of them", () => {
    const tools = { a: "balanced", b: "exclude", c: "audit" } as const;
    const options = resolveOptions({ tools, store: memoryStore() }, []);
    const clamped = losslessOnly(options);
    expect(clamped).toEqual({
      ...options,
      mode: "lossless",
      tools: { a: "lossless", b: "exclude", c: "audit" },
    });
    expect([options.mode, options.tools]).toEqual(["balanced", tools]);
  });
});

describe('lossless: "new"', () => {
  const bytes = (result: CompressResult<unknown>): unknown => result.messages;
  const some = messages.slice(0, 2);

  it("keeps the bytes of what was shortened, and shortens nothing new", async () => {
    const headroom = createHeadroom({ store: memoryStore() });
    const before = await headroom.compress(some);
    const forced = await headroom.compress(messages, { lossless: "new" });
    expect(forced.messages.slice(0, 2)).toEqual(before.messages);
    expect(forced.blocks.map(({ lossless }) => lossless)).toEqual([false, true, true]);
    // No marker whose original the model could ask for later: it is not stored.
    expect(forced.blocks.slice(1).map(({ ref }) => ref)).toEqual([undefined, undefined]);
    expect(bytes(await headroom.compress(messages))).toEqual(bytes(forced));
    expect(bytes(await headroom.compress(messages, { lossless: "new" }))).toEqual(bytes(forced));
  });

  it("knows from the store what another process has shortened", async () => {
    // Another object over the same data, as another process has.
    const store = { ...memoryStore(), survives: "restart" as const };
    const before = await createHeadroom({ store }).compress(some);
    const forced = await createHeadroom({ store: { ...store } }).compress(messages, {
      lossless: "new",
    });
    expect(forced.messages.slice(0, 2)).toEqual(before.messages);
    expect(forced.blocks.map(({ lossless }) => lossless)).toEqual([false, true, true]);
  });

  it("knows what another instance of this process has shortened over the same store", async () => {
    const store = memoryStore();
    const before = await createHeadroom({ store }).compress(some);
    const forced = await createHeadroom({ store }).compress(messages, { lossless: "new" });
    expect(forced.messages.slice(0, 2)).toEqual(before.messages);
    expect(forced.blocks.map(({ lossless }) => lossless)).toEqual([false, true, true]);
  });

  it.each(["process", "restart"] as const)(
    "takes no original that a lossless form has left there for one of a view (%s)",
    async (survives) => {
      const store = { ...memoryStore(), survives };
      await createHeadroom({ store }).compress(messages, { lossless: true });
      for (const other of [store, { ...store }]) {
        const headroom = createHeadroom({ store: other });
        const { blocks } = await headroom.compress(messages, { lossless: "new" });
        expect(blocks.map(({ lossless }) => lossless)).toEqual([true, true, true]);
      }
    },
  );

  it("stores one mark for a view, once in a process", async () => {
    const memory = memoryStore();
    const texts: string[] = [];
    const put = (entry: CcrEntry): Promise<void> => {
      texts.push(entry.text.length > 100 ? "original" : entry.text);
      return memory.put(entry);
    };
    const { putMany: _, ...single } = memory;
    const store: CcrStore = { ...single, survives: "restart", put };
    const headroom = createHeadroom({ store });
    await headroom.compress(some);
    await headroom.compress(some);
    expect(texts).toEqual(["original", "sent shortened", "original"]);
  });

  it("takes no simulation for a request that was sent, and remembers nothing from one", async () => {
    const headroom = createHeadroom({ store: memoryStore() });
    await headroom.simulate(messages);
    const { blocks } = await headroom.simulate(messages, { lossless: "new" });
    expect(blocks.map(({ lossless }) => lossless)).toEqual([true, true, true]);
    const { blocks: free } = await headroom.compress(messages);
    expect(free.map(({ lossless }) => lossless)).toEqual([false, false, false]);
  });

  it.each([
    ["fails", () => Promise.reject(new Error("down"))],
    ["hangs", () => new Promise<never>(() => {})],
  ])("shortens nothing while a store %s", async (_, get) => {
    const store = { ...memoryStore(), get };
    const headroom = createHeadroom({ store, storeTimeoutMs: 20 });
    const { blocks } = await headroom.compress(messages, { lossless: "new" });
    expect(blocks.map(({ lossless }) => lossless)).toEqual([true, true, true]);
  });

  it("leaves a text as it is that has no smaller lossless form", async () => {
    const halving: Compressor = {
      name: "head",
      kind: "json",
      detect: () => 1,
      encode: () => undefined,
      decode: () => undefined,
      shorten: (text) => ({
        text: text.slice(0, text.length / 8),
        omitted: [{ unit: "parts", count: 7, total: 8 }],
      }),
    };
    const options = { store: memoryStore(), compressors: [halving] };
    const { text, block } = await createHeadroom(options).compressText(rows, { lossless: "new" });
    expect(text).toBe(rows);
    expect(block).toMatchObject({
      outcome: "declined",
      reason: expect.stringMatching(/new where the model cannot/),
    });
    expect((await createHeadroom(options).compressText(rows)).block.lossless).toBe(false);
  });

  it("refuses other words", async () => {
    const headroom = createHeadroom({ store: memoryStore() });
    await expect(headroom.compress(messages, { lossless: "old" as never })).rejects.toThrow(
      /lossless/,
    );
  });
});

describe("model", () => {
  const MODELS = ["gpt-4o", "gpt-4", "claude-sonnet-4-5", "claude-opus-4-7", "gemini-2.5-pro"];

  it("counts as an instance of that model does, and takes no result of another's from memory", async () => {
    const headroom = createHeadroom({ store: memoryStore() });
    const totals = new Set<number>();
    // Twice: the second time everything comes from memory.
    for (const model of [...MODELS, ...MODELS]) {
      const result = await headroom.compress(messages, { model });
      const own = await createHeadroom({ model, store: memoryStore() }).compress(messages);
      expect(pure(result), model).toEqual(pure(own));
      totals.add(result.tokensBefore);
    }
    expect(totals.size).toBe(MODELS.length);
  });

  it("goes before the model of the instance, but not before its counter", async () => {
    const own = await createHeadroom({ model: "gpt-4" }).compress(messages, { model: "gpt-4o" });
    const other = await createHeadroom({ model: "gpt-4o" }).compress(messages);
    expect(own.tokensBefore).toBe(other.tokensBefore);
    const tokenCounter = { name: "characters", count: (text: string) => text.length };
    const counted = createHeadroom({ tokenCounter });
    const { tokensBefore } = await counted.compress(messages);
    expect((await counted.compress(messages, { model: "gpt-4o" })).tokensBefore).toBe(tokensBefore);
  });

  it("bounds a retrieval in that model's tokens, and so does maxTokens", async () => {
    const headroom = createHeadroom({ store: memoryStore() });
    const { refs } = await headroom.compress(messages);
    const request = { hash: String(refs[0]) };
    const shown = async (call: { model?: string; maxTokens?: number }): Promise<number> =>
      (await headroom.retrieve(request, call)).shown;
    expect(await shown({ model: "claude-opus-4-7" })).toBeLessThan(await shown({}));
    expect(await shown({ maxTokens: 500 })).toBeLessThan(await shown({ maxTokens: 1_000 }));
  });
});

describe("wrong call options", () => {
  const wrong: readonly (readonly [string, unknown])[] = [
    ["signal", {}],
    ["signal", { aborted: false }],
    ["query", 5],
    ["model", 5],
    ["lossless", "yes"],
  ];

  it.each(wrong)("are refused by every function that takes them: %s %j", async (name, value) => {
    const headroom = createHeadroom({ store: memoryStore() });
    const call = { [name]: value } as object;
    const problem = { code: "invalid-option", option: name };
    await expect(headroom.compress(messages, call)).rejects.toMatchObject(problem);
    await expect(headroom.simulate(messages, call)).rejects.toMatchObject(problem);
    await expect(headroom.compressText(rows, call)).rejects.toMatchObject(problem);
    if (name !== "signal") return;
    expect(() => createHeadroom(call)).toThrow(/"signal"/);
    await expect(headroom.retrieve({ hash: "x" }, call)).rejects.toMatchObject(problem);
  });

  it("are refused for a text: its tool's name and whether it is an error", async () => {
    const headroom = createHeadroom();
    for (const [option, value] of [
      ["toolName", 5],
      ["isError", "yes"],
    ] as const)
      await expect(
        headroom.compressText(rows, { [option]: value } as object),
      ).rejects.toMatchObject({ code: "invalid-option", option });
    await expect(headroom.compressText(rows, null as never)).rejects.toThrow(/"call"/);
  });

  it("leave out what is null where a fetch has no signal", async () => {
    const call = { signal: null } as unknown as { signal: AbortSignal };
    expect((await createHeadroom().compressText(rows, call)).block.outcome).toBe("compressed");
  });
});

describe("a runner", () => {
  it("is made once for each counter, of the model asked for, and closed", async () => {
    const made: (string | undefined)[] = [];
    let closed = 0;
    const headroom = createHeadroom({
      runner: ({ model }, inline) => {
        made.push(model);
        return { ...inline, close: async () => void closed++ };
      },
    });
    for (const model of ["gpt-4o", "gpt-4o-mini", "claude-sonnet-4-5", "claude-opus-4-7"])
      await headroom.compress(messages, { model });
    expect(made).toEqual(["gpt-4o", "claude-sonnet-4-5", "claude-opus-4-7"]);
    await headroom.close();
    expect(closed).toBe(3);
  });
});

it("rows say which blocks came with a marker, and no others", async () => {
  const headroom = createHeadroom({ store: memoryStore() });
  const first = await headroom.compress(messages);
  expect(first.blocks.map(({ carriesMarker }) => carriesMarker)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  const { blocks, messages: again } = await headroom.compress([...first.messages, ...messages]);
  const marked = again
    .slice(0, messages.length)
    .filter(({ content }) => findMarkers(content ?? "").length > 0);
  expect(blocks.map(({ carriesMarker }) => carriesMarker)).toEqual([
    ...marked.map(() => true),
    undefined,
    undefined,
    undefined,
  ]);
});

it.each([
  [{ lossless: "yes" }, /"lossless": expected true, false or "new"/],
  [{ model: 4 }, /"model": expected a string/],
  [{ frozenMessages: 1.5 }, /"frozenMessages": expected a whole number of messages/],
])("rejects a call with %j", async (call, message) => {
  const headroom = createHeadroom({ store: memoryStore() });
  await expect(headroom.compress(messages, call as never)).rejects.toThrow(message);
  await expect(headroom.compressText(rows, call as never)).rejects.toThrow(message);
  await expect(headroom.simulate(messages, call as never)).rejects.toThrow(message);
});

describe("frozenMessages", () => {
  it("leave the first messages alone, and those behind them as they are without it", async () => {
    const headroom = createHeadroom({ store: memoryStore() });
    const asked = [{ role: "user", content: "Who is user 500?" }, ...messages];
    const plain = await headroom.compress(asked);
    const frozen = await headroom.compress(asked, { frozenMessages: 4 });
    expect(frozen.messages.slice(0, 4).every((message, at) => message === asked[at])).toBe(true);
    expect(frozen.messages.slice(4)).toEqual(plain.messages.slice(4));
    expect(frozen.blocks.map(({ toolName, reason }) => [toolName, reason])).toContainEqual([
      "shell",
      "in the frozenMessages",
    ]);
  });

  it("are an option of an instance and of a single compress, too", async () => {
    const store = memoryStore();
    const all = { store, frozenMessages: messages.length };
    expect((await createHeadroom(all).compress(messages)).messages).toEqual(messages);
    expect((await compress(messages, all)).messages).toEqual(messages);
    expect((await compress(messages, { store })).messages).not.toEqual(messages);
  });
});

describe("refSpelling hex", () => {
  it("writes refs as 24 digits, which are found, retrieved and left alone like the letters", async () => {
    const headroom = createHeadroom({ store: memoryStore(), refSpelling: "hex" });
    const { messages: sent, refs } = await headroom.compress(messages);
    const [ref] = refs;
    if (!ref) throw new Error("Nothing was stored.");
    const hex = refToHex(ref);
    expect(hex).toMatch(/^[a-f0-9]{24}$/);
    expect(JSON.stringify(sent)).toContain(`[[hr:${hex} json`);
    expect(JSON.stringify(sent)).not.toContain(ref);
    expect(findMarkers(sent[1]?.content ?? "")[0]?.ref).toBe(ref);
    expect((await headroom.retrieve({ hash: hex, rows: "7" })).found).toBe(true);
    expect((await headroom.compress(sent)).messages).toEqual(sent);
    expect((await createHeadroom({ store: memoryStore() }).compress(sent)).messages).toEqual(sent);
  });
});
