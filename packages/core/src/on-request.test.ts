import { describe, expect, it } from "vitest";
import { defaultCompressors } from "./compressors/index.ts";
import {
  type Compressor,
  createHeadroom,
  type Headroom,
  type HeadroomOptions,
  InvalidOptionError,
  memoryStore,
} from "./index.ts";

/** Takes any text, and shows its first line. */
const heads: Compressor = {
  name: "heads",
  kind: "code",
  onRequest: "outline",
  detect: () => 0.9,
  encode: () => undefined,
  decode: () => undefined,
  shorten(text) {
    const lines = text.split("\n");
    const [first = ""] = lines;
    return {
      text: first,
      omitted: [{ unit: "lines", count: lines.length - 1, total: lines.length }],
    };
  },
};
const program = Array.from(
  { length: 400 },
  (_, at) => `call(${(at * 7919) % 1009}, "${at}");`,
).join("\n");

function made(options: HeadroomOptions): Headroom {
  const compressors = [...defaultCompressors(), heads];
  return createHeadroom({ store: memoryStore(), compressors, ...options });
}

async function kindOf(headroom: Headroom, call: object = {}): Promise<string | undefined> {
  const { block } = await headroom.compressText(program, { toolName: "Read", ...call });
  return block.lossless === false ? block.kind : undefined;
}

describe("a view on request", () => {
  it.each<[string, HeadroomOptions, boolean]>([
    ["is not made by default", {}, false],
    ["is not made in mode lossless", { mode: "lossless" }, false],
    ["is made in mode aggressive", { mode: "aggressive" }, true],
    ["is made for a tool whose rule names it", { tools: { "Re*": { code: "outline" } } }, true],
    ["is not made for another tool", { tools: { Grep: { code: "outline" } } }, false],
    [
      "is not made where an earlier rule matches",
      { tools: { Read: "balanced", "*": { code: "outline" } } },
      false,
    ],
    ["is made for a tool in mode aggressive", { tools: { Read: "aggressive" } }, true],
    [
      "is not made where nothing may be left out",
      { mode: "lossless", tools: { Read: { code: "outline" } } },
      false,
    ],
    ["is not made in audit mode", { mode: "audit", tools: { Read: { code: "outline" } } }, false],
  ])("%s", async (_, options, isMade) => {
    expect((await kindOf(made(options))) === "code").toBe(isMade);
  });

  it("is made for a call that asks for it, and not for the next one", async () => {
    const headroom = made({});
    const tools = { Read: { code: "outline" } };
    expect(await kindOf(headroom, { tools })).toBe("code");
    expect(await kindOf(headroom)).not.toBe("code");
    expect(await kindOf(headroom, { tools })).toBe("code");
    expect(await kindOf(headroom, { tools, lossless: true })).toBeUndefined();
  });

  it("says in audit mode what would be sent", async () => {
    const headroom = made({ mode: "audit", tools: { Read: { code: "outline" } } });
    const { block } = await headroom.compressText(program, { toolName: "Read" });
    expect(block.reason).toMatch(/^audit: heads would give/);
  });

  it("that no compressor makes is an error, which names those there are", async () => {
    const rule = { Read: { code: "summary" } };
    expect(() => made({ tools: rule })).toThrow('on request: { code: "outline" }, received');
    await expect(kindOf(made({}), { tools: rule })).rejects.toThrow(InvalidOptionError);
  });
});
