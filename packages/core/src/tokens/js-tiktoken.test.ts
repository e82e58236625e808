import cl100k from "js-tiktoken/ranks/cl100k_base";
import { describe, expect, it } from "vitest";
import { loadBpe } from "./bpe.ts";
import { jsTiktokenCounter } from "./js-tiktoken.ts";

describe("jsTiktokenCounter", async () => {
  const counter = jsTiktokenCounter(cl100k, "cl100k_base");
  const exact = await loadBpe("cl100k_base");

  it("is exact on normal text and on special tokens", () => {
    for (const text of [
      "",
      "plain words, 12345",
      "<|endoftext|>",
      "\ufeffé中😀\n\n  x",
      "a".repeat(256),
    ]) {
      expect(counter.count(text)).toBe(exact.count(text));
    }
  });

  it("extrapolates a long run within a few percent", () => {
    for (const unit of ["a", "中", "!", "/\n"]) {
      const text = `before ${unit.repeat(100_000)} after`;
      expect(Math.abs(counter.count(text) / exact.count(text) - 1)).toBeLessThan(0.05);
    }
  });

  it("counts four parts of 64 of a run that is longer than 256, and scales them up", () => {
    const seen: string[] = [];
    const encode = (text: string): number[] => {
      seen.push(text);
      return Array.from({ length: Math.ceil(text.length / 10) }, () => 0);
    };
    const watched = jsTiktokenCounter({ encode });
    const part = "a".repeat(64);
    // 64 letters are 7 tokens of this encoder: 28 for 256, and so 33 for 300.
    expect(watched.count(`- ${"a".repeat(300)} ${"a".repeat(256)}`)).toBe(1 + 33 + 26);
    expect(seen).toEqual(["- ", part, part, part, part, ` ${"a".repeat(256)}`]);
    seen.length = 0;
    expect(watched.count("a".repeat(1_000))).toBe(Math.round((28 * 1_000) / 256));
    expect(seen).toEqual(["", part, part, part, part, ""]);
  });

  it("does not cut a pair of surrogates in two", () => {
    const seen: string[] = [];
    const watched = jsTiktokenCounter({
      encode(text: string): number[] {
        seen.push(text);
        return [];
      },
    });
    watched.count(`!${"😀".repeat(200)}`);
    expect(seen.map((text) => text.length)).toEqual([0, 65, 64, 64, 64, 0]);
    expect(seen.every((text) => text.isWellFormed())).toBe(true);
  });

  it("hands the encoder no special tokens to allow or to refuse, and is named js-tiktoken", () => {
    const calls: unknown[][] = [];
    const watched = jsTiktokenCounter({
      encode(...args: unknown[]): number[] {
        calls.push(args);
        return [];
      },
    });
    watched.count("<|endoftext|>");
    expect(calls).toEqual([["<|endoftext|>", [], []]]);
    expect(watched.name).toBe("js-tiktoken");
    expect(counter.name).toBe("cl100k_base");
  });

  it("takes an encoder made already", () => {
    const encoder = { encode: (text: string) => Array.from(text, () => 0) };
    expect(jsTiktokenCounter(encoder).count("four")).toBe(4);
  });
});
