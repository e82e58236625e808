/** Compressors of other packages beside the built-in ones. */
import { describe, expect, it } from "vitest";
import { createHeadroom } from "./create.ts";
import type { Compressor } from "./types/compressor.ts";
import type { CompressorPlugin } from "./types/plugin.ts";

const hurrahs = Array(500).fill("hurrah").join(" ");
const compressor: Compressor = {
  name: "hurrah",
  kind: "hurrah",
  detect: (sample) => (sample.startsWith("hurrah ") ? 1 : 0),
  encode: (text) => `${text.split(" ").length} hurrahs`,
  decode: (form) => Array(Number.parseInt(form, 10)).fill("hurrah").join(" "),
};
const pluginOf = (one: Compressor): CompressorPlugin => ({
  module: "file:///nowhere.js",
  name: "plugin",
  compressors: () => [one],
});

describe("plugins", () => {
  it("work beside the built-in compressors", async () => {
    const headroom = createHeadroom({ plugins: [pluginOf(compressor)] });
    expect((await headroom.compressText(hurrahs)).text).toMatch(/\n500 hurrahs$/);
    const rows = JSON.stringify(Array(99).fill({ a: 1, b: "two" }));
    expect((await headroom.compressText(rows)).block.kind).toBe("json");
  });

  it("are loaded once, and not before the first text", async () => {
    let loads = 0;
    const plugins = async (): Promise<readonly CompressorPlugin[]> => {
      loads++;
      return [pluginOf(compressor)];
    };
    const headroom = createHeadroom({ plugins });
    expect(loads).toBe(0);
    await headroom.compressText(hurrahs);
    await headroom.compressText(`${hurrahs} hurrah`);
    expect(loads).toBe(1);
  });

  it("can be excluded by their kind", async () => {
    const headroom = createHeadroom({ plugins: [pluginOf(compressor)], exclude: ["hurrah"] });
    expect((await headroom.compressText(hurrahs)).block.kind).not.toBe("hurrah");
  });

  it.each([{}, [{}], [{ compressors: () => [] }], [compressor], "@headroom/html"])(
    "are told apart from what is none: %j",
    (plugins) => {
      expect(() => createHeadroom({ plugins: plugins as never })).toThrow(/plugins/);
    },
  );
});

describe("a compressor that leaves files", () => {
  const headroom = createHeadroom({ plugins: [pluginOf({ ...compressor, leavesFiles: true })] });
  const kindOf = async (name: string, args: object): Promise<string | undefined> => {
    const call = {
      id: "c1",
      type: "function",
      function: { name, arguments: JSON.stringify(args) },
    };
    const { blocks } = await headroom.compress([
      { role: "assistant", content: null, tool_calls: [call] },
      { role: "tool", tool_call_id: "c1", content: hurrahs },
    ]);
    return blocks.at(-1)?.kind;
  };

  it.each([
    ["Read", { file_path: "a.html" }],
    ["mcp__filesystem__read_text_file", { path: "a.html" }],
    ["str_replace_based_edit_tool", { command: "view", path: "a.html" }],
    ["Bash", { command: "cd site && cat a.html" }],
  ])("is not asked about what %s reads: %j", async (name, args) => {
    expect(await kindOf(name, args)).not.toBe("hurrah");
  });

  it.each([
    ["WebFetch", { url: "https://example.org" }],
    ["Bash", { command: "curl -s https://example.org" }],
    ["browser_snapshot", {}],
  ])("is asked about what %s returns: %j", async (name, args) => {
    expect(await kindOf(name, args)).toBe("hurrah");
  });

  it("knows the tool of a single text by its name", async () => {
    const read = await headroom.compressText(hurrahs, { toolName: "read_file" });
    const fetched = await headroom.compressText(hurrahs, { toolName: "fetch" });
    expect([read.block.kind, fetched.block.kind]).toEqual([undefined, "hurrah"]);
  });
});
