import { describe, expect, it } from "vitest";
import { analysis, createHeadroom, history, repeats, retrieval } from "./bare.ts";
import { memoryStore } from "./ccr/memory-store.ts";
import { jsonCompressor } from "./compressors/json/json.ts";
import { logCompressor } from "./compressors/log/log.ts";
import { createHeadroom as createWhole } from "./create.ts";
import { InvalidOptionError } from "./errors.ts";
import { openaiMessages } from "./messages/openai.ts";
import { estimateCounter } from "./tokens/estimate.ts";

const rows = (count: number): string =>
  JSON.stringify(Array.from({ length: count }, (_, id) => ({ id, name: `job ${id}`, ok: id % 7 })));

const compressors = [jsonCompressor(), logCompressor()];
const notes = Array.from(
  { length: 90 },
  (_, at) => `${"abcdefghi"[at % 9]} is ${at * at} of ${at}`,
);
const messages = [rows(400), notes.join("\n"), notes.join("\n")].map((content, id) => ({
  role: "tool",
  tool_call_id: `${id}`,
  content,
}));

/** What a call needs of an instance, and an instance without it. */
const PRICES = { input: 1, output: 1 };

describe("an instance of named parts", () => {
  it("gives the bytes that the whole one gives for the same kinds", async () => {
    const store = memoryStore();
    const parts = { history, repeats, retrieval };
    const options = { compressors, store, adapter: openaiMessages };
    const bare = createHeadroom({ ...options, parts });
    const whole = createWhole({ ...options, tokenCounter: estimateCounter });
    const made = await bare.compress(messages);
    expect(made.messages).toEqual((await whole.compress(messages)).messages);
    expect(made.blocks.map(({ outcome }) => outcome)).toEqual([
      "compressed",
      "declined",
      "repeated",
    ]);
    const hash = made.refs[0] ?? "";
    expect((await bare.retrieve({ hash, path: "[399].name" })).slices[0]?.text).toBe('"job 399"');
  });

  it("leaves repeated lines and other kinds alone where nobody named them", async () => {
    const bare = createHeadroom({ compressors, adapter: openaiMessages });
    const { blocks } = await bare.compress(messages);
    expect(blocks.map(({ outcome }) => outcome)).toEqual(["compressed", "declined", "declined"]);
    const files = Array.from({ length: 300 }, (_, at) => `src/a/b/file-${at}.ts`).join("\n");
    expect((await bare.compressText(files)).block.outcome).toBe("declined");
  });

  it.each([
    ["store", { store: memoryStore() }, "retrieval"],
    ["history", { history: { triggerTokens: 1_000 } }, "history"],
    ["tokenBudget", { tokenBudget: 1_000 }, "history"],
    ["repeats", { repeats: true }, "repeats"],
  ])("refuses the option %s without its part", (name, options, part) => {
    expect(() => createHeadroom({ compressors, ...options })).toThrow(name);
    expect(() => createHeadroom({ compressors, ...options })).toThrow(`parts: { ${part} }`);
  });

  it.each([
    ["no compressors", {}],
    ["parts of a list", { compressors, parts: [retrieval] }],
    ["an unknown part", { compressors, parts: { sessions: retrieval } }],
    ["a part that loads nothing", { compressors, parts: { retrieval: true } }],
    ["an unknown option", { compressors, colour: "red" }],
  ])("refuses %s", (_, options) => {
    // @ts-expect-error: none of these is what the type says
    expect(() => createHeadroom(options)).toThrow(InvalidOptionError);
  });

  it("rejects calls that need a part or an adapter it has not, and says so", async () => {
    const bare = createHeadroom({ compressors });
    await expect(bare.compress(messages)).rejects.toThrow("adapter");
    await expect(bare.compressText(rows(9), { repeats: true })).rejects.toThrow("repeats");
    await expect(bare.stability([])).rejects.toThrow('the part "analysis"');
    await expect(bare.cost([], PRICES)).rejects.toThrow('the part "analysis"');
    const knowing = createHeadroom({ compressors, parts: { analysis } });
    await expect(knowing.stability([])).resolves.toBeDefined();
  });
});
