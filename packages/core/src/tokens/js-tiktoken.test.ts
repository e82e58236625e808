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

  it("takes an encoder made already", () => {
    const encoder = { encode: (text: string) => Array.from(text, () => 0) };
    expect(jsTiktokenCounter(encoder).count("four")).toBe(4);
  });
});
