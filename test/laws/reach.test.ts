/** The generated transcripts reach what the laws speak of: a law over input that is never compressed says nothing. */
import { createHeadroom, memoryStore } from "@headroom/core";
import { defaultCompressors } from "@headroom/core/compressors";
import fc from "fast-check";
import { expect, it } from "vitest";
import { estimate } from "./law.ts";
import { messagesOf, requests } from "./transcript.ts";

it("every outcome, every compressor, lossless and lossy forms, mixed texts", async () => {
  const seen = new Map<string, number>();
  const see = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);
  for (const { transcript, mode } of fc.sample(requests(), { numRuns: 250, seed: 1 })) {
    const headroom = createHeadroom({
      store: memoryStore(),
      tokenCounter: estimate,
      minTokens: 40,
      mode,
    });
    for (const row of (await headroom.compress(messagesOf(transcript))).blocks) {
      see(row.outcome);
      if (row.outcome !== "compressed") continue;
      see(row.lossless ? "lossless" : "lossy");
      for (const name of row.compressor?.split("+") ?? []) see(name);
      for (const { unit } of row.omitted ?? []) see(`omitted ${unit}`);
      if (row.compressor?.includes("+")) see("mixed");
    }
  }
  for (const { name } of defaultCompressors())
    expect([name, seen.get(name) ?? 0]).not.toEqual([name, 0]);
  for (const what of ["compressed", "declined", "not-smaller", "protected", "lossless", "lossy"]) {
    expect([what, seen.get(what) ?? 0]).not.toEqual([what, 0]);
  }
  expect(seen.get("failed")).toBeUndefined();
  expect(seen.get("store-down")).toBeUndefined();
});
