import { createHeadroom } from "@headroom/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Make } from "./instance.ts";

export { estimate, lying, type Make, rewriting } from "./instance.ts";

/** Runs of each generated law: 60, or what `HEADROOM_LAW_RUNS` says (`pnpm run laws` takes 10,000). */
export const lawRuns: number = Number(process.env.HEADROOM_LAW_RUNS ?? 60);
if (!Number.isSafeInteger(lawRuns) || lawRuns < 1) {
  throw new Error(`HEADROOM_LAW_RUNS has to be a whole number: ${process.env.HEADROOM_LAW_RUNS}`);
}
/** Whether new counterexamples are looked for: every law gets all runs. */
const isHunting = process.env.HEADROOM_LAW_RUNS !== undefined;
/** Long enough for 10,000 runs on a busy machine; a hang still ends. */
export const lawTimeoutMs: number = 60_000 + lawRuns * 400;
/** Runs in which a liar has to be caught. */
const LIAR_RUNS = 100;

/**
 * A law over generated input, and liars that show it can fail: instances that break it, each of which has to be rejected.
 *
 * @param share of the runs that are made where nobody hunts, for a law whose runs are long. @default 1
 */
export function describeLaw<Input>(
  name: string,
  input: fc.Arbitrary<Input>,
  law: (input: Input, make: Make) => Promise<void>,
  liars: Readonly<Record<string, Make>>,
  share = 1,
): void {
  const numRuns = isHunting ? lawRuns : Math.ceil(lawRuns * share);
  const property = (make: Make) => fc.asyncProperty(input, (value) => law(value, make));
  describe(name, () => {
    it("holds", () => fc.assert(property(createHeadroom), { numRuns }), lawTimeoutMs);

    for (const [liar, make] of Object.entries(liars)) {
      it(`is broken by an instance that ${liar}`, async () => {
        // A fixed seed: whether a liar is caught must not be luck.
        const parameters = { numRuns: LIAR_RUNS, seed: 20_261_122, endOnFailure: true };
        await expect(fc.assert(property(make), parameters)).rejects.toThrow("Property failed");
      });
    }
  });
}
