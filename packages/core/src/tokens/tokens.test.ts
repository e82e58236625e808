import fc from "fast-check";
import { getEncodingNameForModel } from "js-tiktoken/lite";
import { describe, expect, it } from "vitest";
import { digitTokens } from "./calibrated.ts";
import { counterForModel, estimateTokens, loadCounter } from "./index.ts";

describe("loadCounter", () => {
  it("gives one encoding per name and loads it once", async () => {
    const counter = await loadCounter("o200k_base");
    expect(counter.name).toBe("o200k_base");
    expect(await loadCounter("o200k_base")).toBe(counter);
  });

  it("rejects an unknown name and lists the known ones", async () => {
    await expect(loadCounter("gpt2" as never)).rejects.toThrow(/"cl100k_base".*"estimate"/);
  });

  it("rejects a factor that is no positive number", async () => {
    await expect(loadCounter("claude", { factor: 0 })).rejects.toThrow(/factor/);
    await expect(loadCounter("claude", { factor: Number.NaN })).rejects.toThrow(/factor/);
  });

  it("lets the caller correct the factor", async () => {
    const base = await loadCounter("o200k_base");
    const text = "words and more words, as they come in the answers of tools";
    const counter = await loadCounter("claude", { factor: 2 });
    expect(counter.count(text)).toBe(base.count(text) * 2);
  });

  it("counts every digit for Gemini", async () => {
    expect(digitTokens("2026-11-22 7 1234567")).toBe(2 + 1 + 1 + 4);
    const gemini = await loadCounter("gemini");
    expect(gemini.count("123456789")).toBe(10);
  });
});

describe("counterForModel", () => {
  it.each([
    [undefined, "o200k_base"],
    ["gpt-4o", "o200k_base"],
    ["openai/gpt-4o-mini", "o200k_base"],
    ["gpt-4.1-nano", "o200k_base"],
    ["gpt-5-codex", "o200k_base"],
    ["o4-mini", "o200k_base"],
    ["chatgpt-4o-latest", "o200k_base"],
    ["gpt-4", "cl100k_base"],
    ["gpt-4-turbo-2024-04-09", "cl100k_base"],
    ["gpt-3.5-turbo", "cl100k_base"],
    ["gpt-35-turbo", "cl100k_base"],
    ["claude-sonnet-4-5", "claude"],
    ["us.anthropic.claude-3-7-sonnet-20250219-v1:0", "claude"],
    ["google/gemini-2.5-pro", "gemini"],
    ["llama-4", "o200k_base"],
  ])("%s counts as %s", async (model, name) => {
    expect((await counterForModel(model)).name).toBe(name);
  });

  it("agrees with js-tiktoken on the models that one knows", async () => {
    for (const model of ["gpt-4", "gpt-4-32k", "gpt-4o", "gpt-3.5-turbo", "o1-mini"] as const) {
      expect((await counterForModel(model)).name).toBe(getEncodingNameForModel(model));
    }
  });

  it("knows the Claude models with the newer tokenizer", async () => {
    const text = "x ".repeat(100);
    const older = await counterForModel("claude-opus-4-20250514");
    for (const model of ["claude-3-7-sonnet", "claude-opus-4-6", "claude-opus-4-1-20250805"]) {
      expect((await counterForModel(model)).count(text)).toBe(older.count(text));
    }
    for (const model of ["claude-opus-4-7", "anthropic/claude-opus-4.8", "claude-sonnet-5"]) {
      expect((await counterForModel(model)).count(text)).toBeGreaterThan(older.count(text));
    }
  });
});

describe("estimateTokens", () => {
  it("is whole, deterministic and never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
        const tokens = estimateTokens(text);
        expect(Number.isInteger(tokens)).toBe(true);
        expect(tokens > 0).toBe(text.length > 0);
        expect(estimateTokens(text)).toBe(tokens);
      }),
    );
  });

  it("comes within a few percent on what tools print", async () => {
    const counter = await loadCounter("o200k_base");
    const samples = [
      JSON.stringify(
        Array.from({ length: 50 }, (_, id) => ({
          id,
          url: `https://example.com/repos/${id}/issues`,
          createdAt: `2026-11-${10 + (id % 20)}T08:${10 + id}:00Z`,
          state: id % 3 ? "open" : "closed",
        })),
        undefined,
        2,
      ),
      "2026-11-22 08:15:02,113 INFO  [worker-3] queue.consumer - took job 8813 in 15 ms\n".repeat(
        40,
      ),
      "The gateway retries a request three times before it gives up and reports the failure to the caller. ".repeat(
        20,
      ),
      "packages/core/src/compressors/json/encode-table.ts\npackages/core/src/messages/openai.ts\n".repeat(
        20,
      ),
    ];
    for (const text of samples) {
      const exact = counter.count(text);
      expect(Math.abs(estimateTokens(text) - exact) / exact).toBeLessThan(0.15);
    }
  });
});
