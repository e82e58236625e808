import { type CounterName, loadCounter } from "@headroom/core";
import { describe, it } from "vitest";
import { tokenCounterCases } from "../src/index.ts";

// js-tiktoken is the oracle of the exact counters in core's own tests, where it is installed.
const names: CounterName[] = ["o200k_base", "cl100k_base", "claude", "gemini"];
for (const name of names) {
  describe(name, () => {
    for (const law of tokenCounterCases({ create: () => loadCounter(name) })) it(law.name, law.run);
  });
}

describe("estimate", async () => {
  const exact = await loadCounter("o200k_base");
  const subject = {
    create: () => loadCounter("estimate"),
    oracle: (text: string) => exact.count(text),
    tolerance: 0.25,
  };
  for (const law of tokenCounterCases(subject)) it(law.name, law.run);
});
