/** Law 9 as a property of one compressor, over texts made by a seed. */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Compressor } from "../src/types/compressor.ts";
import { type Random, randomOf } from "./generated/random.ts";
import { expectTruth } from "./liar.ts";

const runs: number = Number(process.env.HEADROOM_LAW_RUNS ?? 150);
/** Long enough for 10,000 runs; a hang still ends. */
const timeoutMs: number = 60_000 + runs * 100;

const counter = { name: "quarter", count: (text: string): number => Math.ceil(text.length / 4) };

/** Views of made texts are true at any cap, and liars are caught. */
export function itIsTrue(
  what: string,
  compressor: Compressor,
  make: (random: Random) => string,
): void {
  it(
    `says nothing false of ${what}, and a liar is caught`,
    () => {
      let views = 0;
      const input = fc.record({
        seed: fc.integer(),
        budgetTokens: fc.constantFrom(0, 60, 200, 600),
        query: fc.constantFrom(undefined, "Where is the queue of the main worker?"),
        firstLine: fc.integer({ min: 1, max: 100 }),
      });
      const property = fc.property(input, ({ seed, query, ...context }) => {
        const asked = query === undefined ? {} : { query };
        const view = expectTruth(compressor, make(randomOf(seed)), {
          ...context,
          ...asked,
          counter,
        });
        if (view !== undefined) views++;
      });
      fc.assert(property, { numRuns: runs });
      expect(views).toBeGreaterThan(runs / 10);
    },
    timeoutMs,
  );
}
