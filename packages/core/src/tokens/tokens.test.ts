import fc from "fast-check";
import { getEncodingNameForModel } from "js-tiktoken/lite";
import { describe, expect, it, vi } from "vitest";
import { loadBpe } from "./bpe.ts";
import { calibratedCounter, digitTokens } from "./calibrated.ts";
import { counterKey } from "./choice.ts";
import { estimateCounter } from "./estimate.ts";
import { type CounterName, counterForModel, estimateTokens, loadCounter } from "./index.ts";

describe("loadCounter", () => {
  it("gives one encoding per name and loads it once", async () => {
    const counter = await loadCounter("o200k_base");
    expect(counter.name).toBe("o200k_base");
    expect(await loadCounter("o200k_base")).toBe(counter);
  });

  it("rejects an unknown name and lists the known ones", async () => {
    await expect(loadCounter("gpt2" as never)).rejects.toThrow(/"cl100k_base".*"estimate"/);
  });

  it("rejects an unknown name with the option, what was given and every name there is", async () => {
    await expect(loadCounter("gpt2" as never)).rejects.toMatchObject({
      option: "tokenCounter",
      message: expect.stringContaining(
        '"o200k_base", "cl100k_base", "claude", "gemini", "estimate" or an object { name, count }',
      ),
    });
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    "rejects the factor %d for every counter",
    async (factor) => {
      for (const name of ["o200k_base", "claude", "estimate"] as const)
        await expect(loadCounter(name, { factor })).rejects.toMatchObject({
          option: "factor",
          message: expect.stringContaining("a number above 0"),
        });
    },
  );

  it.each([
    ["o200k_base", 1],
    ["cl100k_base", 1],
    ["claude", 1.2],
    ["gemini", 1.09],
    ["estimate", 1],
  ] as const)("%s counts %d times its base, rounded up", async (name, factor) => {
    const base =
      name === "estimate"
        ? estimateCounter
        : await loadBpe(name === "cl100k_base" ? name : "o200k_base");
    const counter = await loadCounter(name);
    expect(counter.name).toBe(name);
    for (const text of ["", "one", "several words of a text, and signs: {}", "中文".repeat(40)])
      expect(counter.count(text)).toBe(Math.ceil(base.count(text) * factor));
    const own = await loadCounter(name, { factor: 1.5 });
    expect(own.name).toBe(name);
    expect(own.count("several words of a text")).toBe(
      Math.ceil(base.count("several words of a text") * 1.5),
    );
  });

  it("gives the counter itself for a factor of 1", async () => {
    expect(await loadCounter("estimate", { factor: 1 })).toBe(estimateCounter);
    expect(await loadCounter("o200k_base", { factor: 1 })).toBe(await loadCounter("o200k_base"));
    expect((await loadCounter("cl100k_base")).name).toBe("cl100k_base");
  });

  it("rounds up, then adds what else is to be counted", () => {
    const base = { name: "letters", count: (text: string): number => text.length };
    expect(calibratedCounter(base, "more", 1.1).count("abc")).toBe(4);
    expect(calibratedCounter(base, "more", 1).count("abc")).toBe(3);
    expect(calibratedCounter(base, "more", 1.1, () => 5).count("abc")).toBe(9);
  });

  it("lets the caller correct the factor", async () => {
    const base = await loadCounter("o200k_base");
    const text = "words and more words, as they come in the answers of tools";
    const counter = await loadCounter("claude", { factor: 2 });
    expect(counter.count(text)).toBe(base.count(text) * 2);
  });

  it("counts every digit for Gemini", async () => {
    expect(digitTokens("2026-11-22 7 1234567")).toBe(2 + 1 + 1 + 4);
    const extra = ["", "7", "12", "123", "1234", "12345", "123456", "0", "09", "9a9", "/0:9/"];
    expect(extra.map(digitTokens)).toEqual([0, 0, 1, 2, 2, 3, 4, 0, 1, 0, 0]);
    const gemini = await loadCounter("gemini");
    expect(gemini.count("123456789")).toBe(10);
  });
});

describe("a vocabulary that cannot be imported", () => {
  const module = "gpt-tokenizer/bpeRanks/cl100k_base";

  it("is imported again with the next call", async () => {
    vi.resetModules();
    vi.doMock(module, () => {
      throw new Error("no such package");
    });
    try {
      const fresh = await import("./index.ts");
      await expect(fresh.loadCounter("cl100k_base")).rejects.toThrow();
      vi.doUnmock(module);
      vi.resetModules();
      expect((await fresh.loadCounter("cl100k_base")).count("two words")).toBe(2);
    } finally {
      vi.doUnmock(module);
      vi.resetModules();
    }
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

  it.each([
    [undefined, "o200k_base "],
    ["", "o200k_base "],
    ["gpt-4o", "o200k_base "],
    ["GPT-4", "cl100k_base "],
    ["azure/gpt-4", "cl100k_base "],
    ["gpt-4-0613", "cl100k_base "],
    ["gpt-4-o1", "o200k_base "],
    ["gpt-45", "o200k_base "],
    ["gpt-3.5-turbo-16k", "cl100k_base "],
    ["my-gpt-4", "o200k_base "],
    ["gpt-2", "o200k_base "],
    ["GEMINI-3-pro", "gemini "],
    ["models/gemini-2.5-flash", "gemini "],
    ["claude", "claude 1.2"],
    ["CLAUDE-OPUS-4-7", "claude 1.4"],
    ["claude-2.1", "claude 1.2"],
    ["claude-instant-1.2", "claude 1.2"],
    ["claude-3-7-sonnet", "claude 1.2"],
    ["claude-opus-4", "claude 1.2"],
    ["claude-opus-4-6", "claude 1.2"],
    ["claude-opus-4.6", "claude 1.2"],
    ["claude-opus-4-7", "claude 1.4"],
    ["claude-opus-4.8", "claude 1.4"],
    ["claude-opus-4-10", "claude 1.4"],
    ["claude-opus-4-20250514", "claude 1.2"],
    ["claude-opus-4-1-20250805", "claude 1.2"],
    ["claude-sonnet-5", "claude 1.4"],
    ["claude-sonnet-5-20270101", "claude 1.4"],
    ["claude-haiku-10", "claude 1.4"],
    ["claude-haiku-3-7", "claude 1.2"],
    ["claude-haiku-3-9", "claude 1.2"],
    ["claude-sonnet-123", "claude 1.2"],
    ["us.anthropic.claude-opus-4-7-v1:0", "claude 1.4"],
    ["anthropic/claude-sonnet-4@20250514", "claude 1.2"],
    ["llama-4", "o200k_base "],
  ])("%s has the key %j", async (model, key) => {
    expect(counterKey(model)).toBe(key);
    const [name, factor] = key.split(" ") as [CounterName, string];
    const counter = await counterForModel(model);
    const same = await loadCounter(name, factor === "" ? {} : { factor: Number(factor) });
    const text = "The 3 replicas of shard 1234 answered in 56789 ms.".repeat(4);
    expect([counter.name, counter.count(text)]).toEqual([name, same.count(text)]);
    const own = await counterForModel(model, { factor: 3 });
    const base = await loadCounter(name, { factor: 3 });
    expect(own.count(text)).toBe(base.count(text));
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

  /** What a hundred of them take, so that fractions show. */
  const hundred = (unit: string): number => estimateTokens(unit.repeat(100));
  const letters = "abcdefghijklmnopqrstuvwxyz";

  it.each([
    [
      "behind a space",
      " ",
      [1, 1, 1.03, 1.03, 1.04, 1.09, 1.1, 1.17, 1.22, 1.34, 1.36, 1.38],
      1.66,
    ],
    [
      "behind a sign",
      "_",
      [1.01, 1.07, 1.23, 1.27, 1.49, 1.35, 1.59, 1.74, 2.04, 2.5, 2.7, 2.9],
      5.7,
    ],
  ])("takes words %s for so many tokens by their length", (_where, sign, costs, longest) => {
    costs.forEach((cost, at) => {
      expect(hundred(`${sign}${letters.slice(0, at + 1)}`)).toBe(Math.round(cost * 100));
    });
    expect(hundred(`${sign}${letters}`)).toBe(Math.round(longest * 100));
  });

  it.each([
    ["bare", "\n", [1, 1.02, 1.07, 1.06, 1.07, 1.08, 1.09, 1.25, 1.2, 1.38, 1.44, 1.5], 2.34],
    [
      "behind a digit",
      "1",
      [1, 1.05, 1.6, 2.1, 2.35, 2.75, 3.15, 3.55, 3.95, 4.35, 4.75, 5.15],
      10.75,
    ],
  ])("takes words %s for so many tokens by their length", (_where, sign, costs, longest) => {
    // What stands before the word is a token of its own.
    costs.forEach((cost, at) => {
      expect(hundred(`${sign}${letters.slice(0, at + 1)}`)).toBe(Math.round((cost + 1) * 100));
    });
    expect(hundred(`${sign}${letters}`)).toBe(Math.round((longest + 1) * 100));
  });

  it.each([
    ["Latin letters with marks", "\nñøæßå", 5 * 0.36],
    ["one of them", "\nñ", 1],
    ["one of them at the end", "\nabcdé", 5 * 0.36],
    ["one of them in the middle", "\nabéde", 5 * 0.36],
    ["one of them elsewhere", "\néabcd", 1.07],
    ["the last of Latin", "\n\u024f\u024f\u024f\u024f\u024f", 5 * 0.36],
    ["Greek", "\nκόσμος", 6 * 0.3],
    ["Cyrillic", "\nПривет", 6 * 0.3],
    ["the end of that range", "\n\u0561\u0561\u0561\u0561\u0561", 5 * 0.3],
    ["Hebrew", "\nשלוםש", 5 * 0.3],
    ["Arabic", "\nمرحبا", 5 * 0.36],
    ["Devanagari", "\nनमसतन", 5 * 0.36],
    ["Hangul", "\n안녕하세요", 5 * 0.72],
    ["Chinese", "\n价格三百", 4 * 0.72],
  ])("takes words of other scripts by their letters: %s", (_script, unit, cost) => {
    expect(hundred(unit)).toBe(Math.round((cost + 1) * 100));
  });

  it.each([
    ["a digit", "1\n", 2],
    ["three digits", "123\n", 2],
    ["four", "1234\n", 3],
    ["one sign", "1!", 1 + 1],
    ["two signs", "1!?", 1 + 1.02],
    ["three signs", "1!?-", 1 + 1.02],
    ["four equal signs", "1----", 1 + 1 + 4 / 40],
    ["four, of which one changes", "1---=", 1 + 1 + 0.22 + 4 / 40],
    ["four, all of which change", "1-=-=", 1 + 1 + 3 * 0.22 + 4 / 40],
    ["twenty equal signs", `1${"-".repeat(20)}`, 1 + 1 + 0.5],
    ["two dashes beyond ASCII", "1——", 1 + 2],
    ["two controls beyond ASCII", "1\u0080\u0080", 1 + 2],
    ["half a pair", "1\udfff\ud800", 1 + 2 * 0.9],
    ["what stands before the pairs", "1!\ud7ff", 1 + 2],
    ["an emoji", "1😀", 1 + 2 * 0.9],
    ["two emoji", "1😀😀", 1 + 4 * 0.9],
    ["three private signs", "1\ue000\ue000\ue000", 1 + 3],
    ["a space and signs", "1 --", 1 + 1.02],
  ])("takes signs, digits and spaces for so many tokens: %s", (_name, unit, cost) => {
    expect(hundred(unit)).toBe(Math.round(cost * 100));
  });

  it.each([
    ["   ", 4],
    [" ".repeat(128), 4],
    [" ".repeat(129), 5],
    [" ".repeat(257), 6],
    ["\u00a0\u00a0\u00a0", 4],
    ["\n", 3],
    ["\n\n\n", 3],
    [" ", 3],
    ["", 1],
  ])("takes the last of a run of spaces for a token of its own: 1%j1", (spaces, tokens) => {
    expect(estimateTokens(`1${spaces}1`)).toBe(tokens);
  });

  it("is at least 1 for a text, and 0 for none", () => {
    expect(["", "a", "!", "1", " ", "é"].map(estimateTokens)).toEqual([0, 1, 1, 1, 1, 1]);
    expect(estimateCounter.name).toBe("estimate");
    expect(estimateCounter.count("several words of a text")).toBe(5);
  });
});
