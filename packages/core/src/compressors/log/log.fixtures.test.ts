import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { viewWith } from "../../../test/compress-with.ts";
import { capFor } from "../../forms/cap.ts";
import { finish } from "../../steps.ts";
import { logCompressor } from "./log.ts";
import { encodeLog } from "./lossless.ts";
import { decodeLog } from "./lossless-decode.ts";

const log = logCompressor();
const home = new URL("./fixtures/", import.meta.url);
/** Of smaller texts nothing is left out; the fixtures are small, and drawn as if they were not. */
const SMALLEST_CAP = 480;
const counter = { name: "rough", count: (text: string): number => Math.ceil(text.length / 3) };

describe("what tools print", () => {
  for (const name of readdirSync(home).sort()) {
    const input = readFileSync(new URL(`${name}/input.log`, home), "utf8");
    const facts = readFileSync(new URL(`${name}/facts.txt`, home), "utf8")
      .trimEnd()
      .split("\n");
    const budgetTokens = Math.max(SMALLEST_CAP, capFor(counter.count(input), "balanced"));
    const text = viewWith(log, input, { budgetTokens, counter })?.text ?? input;

    it(`is a log: ${name}`, () => {
      expect(log.detect(input)).toBeGreaterThanOrEqual(0.5);
    });

    it(`keeps every fact: ${name}`, () => {
      expect(facts.filter((fact) => !text.includes(fact))).toEqual([]);
    });

    it(`looks as expected: ${name}`, async () => {
      await expect(text).toMatchFileSnapshot(new URL(`${name}/output.txt`, home).pathname);
    });

    it(`comes back from its lossless form: ${name}`, async () => {
      const form = finish(encodeLog(input)) ?? "";
      expect(decodeLog(form)).toBe(input);
      await expect(form).toMatchFileSnapshot(new URL(`${name}/lossless.txt`, home).pathname);
    });
  }
});
