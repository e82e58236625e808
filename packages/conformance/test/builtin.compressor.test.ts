import { estimateTokens } from "@headroom/core";
import { defaultCompressors } from "@headroom/core/compressors";
import { describe, expect, it } from "vitest";
import { type CompressorSubject, compressorCases } from "../src/index.ts";
import { type OutputKind, outputKinds, outputOf } from "./outputs.ts";

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const SIZES = [12, 30, 80];

/** JSON is judged by a parser that is not ours, wherever the parser does not change the value itself. */
function parsesAlike(original: string, decoded: string): boolean {
  try {
    return JSON.stringify(JSON.parse(original)) === JSON.stringify(JSON.parse(decoded));
  } catch {
    return true;
  }
}

for (const [index, { kind, name }] of defaultCompressors().entries()) {
  const known = outputKinds.find((candidate) => candidate === kind);

  describe(name, () => {
    it("is of a kind there are samples of", () => expect(outputKinds).toContain(kind));
    for (const law of known === undefined ? [] : compressorCases(subjectOf(known, index))) {
      it(law.name, law.run);
    }
  });
}

function subjectOf(kind: OutputKind, index: number): CompressorSubject {
  const compressor = () => {
    const found = defaultCompressors()[index];
    if (found === undefined) throw new Error("the list of built-ins changed while it was read");
    return found;
  };
  return {
    create: compressor,
    samples: SEEDS.map((seed) => outputOf(kind, seed, SIZES[seed % SIZES.length] ?? 40)),
    sized: (size) => outputOf(kind, 9, size),
    counter: { name: "estimate", count: estimateTokens },
    runs: Number(process.env.HEADROOM_LAW_RUNS ?? 40),
    oracle: kind === "json" ? parsesAlike : (original, decoded) => original === decoded,
  };
}
