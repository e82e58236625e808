import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { viewWith } from "../../../test/compress-with.ts";
import { expectTruth } from "../../../test/liar.ts";
import { finish } from "../../steps.ts";
import { encodeLines } from "./encode.ts";
import { linesCompressor } from "./lines.ts";

const compressor = linesCompressor();
const home = new URL("./fixtures/", import.meta.url);
const counter = { name: "rough", count: (text: string): number => Math.ceil(text.length / 3) };
const context = { budgetTokens: 600, counter };

describe("what tools print", () => {
  for (const name of readdirSync(home).sort()) {
    const input = readFileSync(new URL(`${name}/input.txt`, home), "utf8");
    const facts = readFileSync(new URL(`${name}/facts.txt`, home), "utf8")
      .trimEnd()
      .split("\n");
    const view = viewWith(compressor, input, context)?.text ?? input;

    it(`is lines: ${name}`, () => {
      expect(compressor.detect(input)).toBeGreaterThan(0);
    });

    it(`keeps every fact: ${name}`, () => {
      expect(facts.filter((fact) => !view.includes(fact))).toEqual([]);
    });

    it(`says what is so: ${name}`, () => {
      expectTruth(compressor, input, context);
    });

    it(`looks as expected: ${name}`, async () => {
      await expect(view).toMatchFileSnapshot(new URL(`${name}/output.txt`, home).pathname);
    });

    it(`comes back from its lossless form: ${name}`, async () => {
      const form = finish(encodeLines(input)) ?? "";
      expect(compressor.decode(form)).toBe(input);
      await expect(form).toMatchFileSnapshot(new URL(`${name}/lossless.txt`, home).pathname);
    });
  }
});
