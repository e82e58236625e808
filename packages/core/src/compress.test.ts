/** The plain functions: as warm as an instance where the store is the same, as cold as ever where it is not. */
import { beforeEach, describe, expect, it } from "vitest";
import { memoryStore } from "./ccr/memory-store.ts";
import { compress, compressText, simulate } from "./compress.ts";
import type { HeadroomOptions } from "./options.ts";
import type { Compressor } from "./types/compressor.ts";

const text = JSON.stringify(
  Array.from({ length: 200 }, (_, id) => ({ id, name: `user ${id * 7919}`, seen: (id * 31) % 97 })),
);
const messages = [
  {
    role: "assistant",
    content: null,
    tool_calls: [{ id: "c", type: "function", function: { name: "shell", arguments: "{}" } }],
  },
  { role: "tool", tool_call_id: "c", content: text },
];

/** How often a text was looked at in the second of two calls. */
async function second(first: HeadroomOptions, then: HeadroomOptions): Promise<number> {
  let looks = 0;
  const head: Compressor = {
    name: "head",
    kind: "head",
    detect: () => ++looks,
    encode: () => undefined,
    decode: () => undefined,
    shorten: (whole) => ({
      text: whole.slice(0, whole.length / 8),
      omitted: [{ unit: "parts", count: 7, total: 8 }],
    }),
  };
  const before = await compress(messages, { ...first, compressors: [head] });
  expect(before.blocks[0]?.outcome).toBe("compressed");
  looks = 0;
  await compress(messages, { ...then, compressors: [head] });
  return looks;
}

describe("compress, call after call", () => {
  const options = (): HeadroomOptions => ({
    store,
    tools: { fetch: "lossless", shell: "balanced" },
    include: ["head"],
  });
  let store = memoryStore();
  beforeEach(() => {
    store = memoryStore();
  });

  it("does the work once for one store and equal options", async () => {
    expect(await second(options(), options())).toBe(0);
    expect(await second(options(), { ...options(), mode: undefined as never })).toBe(0);
    const { include, ...others } = options();
    expect(await second(options(), { include: include ?? [], ...others })).toBe(0);
    expect(await second(options(), { ...options(), signal: AbortSignal.timeout(60_000) })).toBe(0);
  });

  it.each<[string, HeadroomOptions]>([
    ["another store", { store: memoryStore() }],
    ["another option", { minTokens: 201 }],
    ["another value in tools", { tools: { fetch: "balanced", shell: "balanced" } }],
    ["another order of tools", { tools: { shell: "balanced", fetch: "lossless" } }],
    ["another list", { include: ["head", "log"] }],
    ["a hook", { hooks: { onBlock() {} } }],
    ["no memory", { cacheBytes: 0 }],
  ])("does it again with %s", async (_, other) => {
    expect(await second(options(), { ...options(), ...other })).toBeGreaterThan(0);
  });

  it("keeps the instances of the last eight sets of options", async () => {
    let looks = 0;
    const head: Compressor = {
      name: "head",
      kind: "head",
      detect: () => 0 * ++looks,
      encode: () => undefined,
      decode: () => undefined,
    };
    const call = (minTokens: number): Promise<unknown> =>
      compress(messages, { store, compressors: [head], minTokens });
    for (let n = 1; n <= 8; n++) await call(n);
    looks = 0;
    for (let n = 1; n <= 8; n++) await call(n);
    expect(looks).toBe(0);
    await call(9);
    looks = 0;
    await call(1);
    expect(looks).toBeGreaterThan(0);
  });

  it("believes the options of the call, not what the caller did to them later", async () => {
    const store = memoryStore();
    const tools: Record<string, "lossless" | "exclude"> = { shell: "lossless" };
    const options = { store, tools };
    expect((await compress(messages, options)).blocks[0]?.outcome).toBe("compressed");
    tools.shell = "exclude";
    expect((await compress(messages, options)).blocks[0]?.outcome).toBe("protected");
  });

  it("takes query and signal from each call", async () => {
    const store = memoryStore();
    await compress(messages, { store });
    const asked = await compressText(text, { store, query: "user 1496691" });
    expect(asked.text).toContain("1496691");
    expect((await compressText(text, { store, query: "user 15838" })).text).not.toBe(asked.text);
    await expect(compress(messages, { store, signal: AbortSignal.abort("gone") })).rejects.toBe(
      "gone",
    );
    await expect(simulate(messages, { store, signal: AbortSignal.abort("gone") })).rejects.toBe(
      "gone",
    );
  });

  it("still refuses wrong options at once", async () => {
    await expect(compress(messages, { store: 5 as never })).rejects.toThrow(/store/);
    await expect(compress(messages, { store: memoryStore(), mod: "x" } as never)).rejects.toThrow(
      /mod/,
    );
    await expect(compress(messages, { query: 5 as never })).rejects.toThrow(/query/);
    await expect(compress(messages, { store: memoryStore(), signal: 5 as never })).rejects.toThrow(
      /signal/,
    );
  });
});
