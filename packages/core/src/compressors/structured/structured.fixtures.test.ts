import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { falseSentence } from "../../forms/check.ts";
import { settle } from "../../forms/pace.ts";
import { finish } from "../../steps.ts";
import { structuredCompressor } from "./structured.ts";

const structured = structuredCompressor();
const home = new URL("./fixtures/", import.meta.url);
const counter = { name: "rough", count: (text: string): number => Math.ceil(text.length / 3) };
/** What keeps to no rule that a lossless form could write down: comments, anchors, layouts of several lines. */
const WITHOUT_LOSSLESS = ["disks", "settings"];

/** Values in one line are asked for by what stands in them. */
function isOneLine(text: string): boolean {
  return text.trim().split("\n").length === 1;
}

describe("what tools write", () => {
  for (const name of readdirSync(home).sort()) {
    const file = readdirSync(new URL(`${name}/`, home)).find((each) => each.startsWith("input."));
    const input = readFileSync(new URL(`${name}/${file}`, home), "utf8");
    const facts = readFileSync(new URL(`${name}/facts.txt`, home), "utf8")
      .trimEnd()
      .split("\n");
    const context = { budgetTokens: Math.ceil(counter.count(input) / 6), counter };
    const view = () => settle(structured.shorten?.(input, context));

    it(`is structured: ${name}`, () => {
      expect(structured.detect(input)).toBeGreaterThan(0.9);
    });

    it(`keeps every fact, and says what is so: ${name}`, async () => {
      const shown = await view();
      expect(facts.filter((fact) => !shown?.text.includes(fact))).toEqual([]);
      const original = await settle(structured.original?.(input));
      if (shown) expect(finish(falseSentence(input, shown, original, 1))).toBeUndefined();
      expect(shown?.omitted.length).toBeGreaterThan(0);
      // Whoever wants the rest asks for lines.
      for (const line of shown?.text.match(/…[^\n]* rows omitted[^\n]*/g) ?? [])
        expect(
          /^\W*[\d\w .[\]"#]* rows omitted, lines \d+–\d+/.test(line) || isOneLine(input),
        ).toBe(true);
      const path = new URL(`${name}/output.txt`, home).pathname;
      await expect(`${shown?.text}\n`).toMatchFileSnapshot(path);
    });

    it(`comes back from its lossless form: ${name}`, async () => {
      const form = await settle(structured.encode(input, context));
      if (WITHOUT_LOSSLESS.includes(name)) return expect(form).toBeUndefined();
      expect(structured.decode(`${form}`)).toBe(input);
      await expect(`${form}\n`).toMatchFileSnapshot(new URL(`${name}/lossless.txt`, home).pathname);
    });
  }
});
