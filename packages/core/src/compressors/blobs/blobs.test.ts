import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { falseSentence } from "../../forms/check.ts";
import { finish } from "../../steps.ts";
import type { Steps, View } from "../../types/compressor.ts";
import type { OriginalUnits } from "../../types/statement.ts";
import { blobsCompressor } from "./blobs.ts";

const RUNS = Number(process.env.HEADROOM_LAW_RUNS ?? 200);
const blobs = blobsCompressor();
const counter = { name: "thirds", count: (text: string): number => Math.ceil(text.length / 3) };
const bytes = (count: number): string =>
  Buffer.from(Array.from({ length: count }, (_, at) => (at * at * 31 + at * 7) % 256)).toString(
    "base64",
  );

function viewOf(text: string): View | undefined {
  return finish(blobs.shorten?.(text, { counter, budgetTokens: 100 }) as Steps<View | undefined>);
}

function falseIn(text: string, view: View): string | undefined {
  const original = finish(blobs.original?.(text) as Steps<OriginalUnits>);
  return finish(falseSentence(text, view, original, 1));
}

describe("what has blobs in it", () => {
  const home = new URL("./fixtures/", import.meta.url);
  it.each(readdirSync(home))("keeps every fact: %s", async (name) => {
    const input = readFileSync(new URL(`${name}/input.txt`, home), "utf8");
    const facts = readFileSync(new URL(`${name}/facts.txt`, home), "utf8")
      .trimEnd()
      .split("\n");
    const view = viewOf(input);
    expect(facts.filter((fact) => !view?.text.includes(fact))).toEqual([]);
    expect(view && falseIn(input, view)).toBeUndefined();
    const path = new URL(`${name}/output.txt`, home).pathname;
    await expect(view?.text).toMatchFileSnapshot(path);
  });
});

describe("blobs in a text", () => {
  it("give way to what they are, and everything else stays", () => {
    const icon = bytes(900);
    const text = `name: logo\nicon: data:image/png;base64,${icon}\nsize: 900\n`;
    expect(viewOf(text)).toMatchObject({
      text: "name: logo\nicon: data:image/png;base64,… 1200 characters more of data URI of image/png (900 bytes) …\nsize: 900\n",
      omitted: [{ unit: "characters", count: 1_200, total: text.length }],
    });
    expect(blobs.detect(text)).toBeGreaterThan(0);
    expect(blobs.detect("name: logo\n".repeat(80) + bytes(200))).toBe(0);
    expect(viewOf("name: logo\n".repeat(50))).toBeUndefined();
  });

  it("are described truly, and a liar is found out", () => {
    const piece = fc.oneof(
      fc.string(),
      fc.integer({ min: 200, max: 900 }).map(bytes),
      fc.integer({ min: 256, max: 500 }).map((count) => "-".repeat(count)),
      fc.constant("\n"),
    );
    fc.assert(
      fc.property(fc.array(piece), fc.nat(99), (pieces, pick) => {
        const text = pieces.join(" ");
        const view = viewOf(text);
        if (view === undefined) return;
        expect(falseIn(text, view)).toBeUndefined();
        const statements = view.statements ?? [];
        const at = pick % statements.length;
        const said = statements[at];
        if (said === undefined) throw new Error("A view without a sentence.");
        const lie = said.text.replace(/\d+/, (number) => `${Number(number) + 1}`);
        const place = view.text.indexOf(said.text);
        const liar = (facts: typeof said.facts): View => ({
          ...view,
          text: `${view.text.slice(0, place)}${lie}${view.text.slice(place + said.text.length)}`,
          statements: statements.map((each, index) =>
            index === at ? { ...said, text: lie, facts } : each,
          ),
        });
        expect(falseIn(text, liar(said.facts))).toBeDefined();
        expect(falseIn(text, liar([{ says: "list", values: [lie] }]))).toBeDefined();
      }),
      { numRuns: RUNS },
    );
  });
});
