import type { Compressed, CompressionContext, Compressor } from "@headroom/core";
import { afterAll, expect, it } from "vitest";
import { type CompressorSubject, compressorCases } from "../src/index.ts";
import { honestCompressor, honestSamples } from "./honest-compressor.ts";
import { describeLiars, failures } from "./liars.ts";

type Synchronous = Omit<Compressor, "compress"> & {
  compress(text: string, context: CompressionContext): Compressed | undefined;
};

const sized = (size: number): string =>
  Array.from({ length: size }, (_, index) => `line ${index % 97}`).join("\n");
const common = { samples: honestSamples, sized, runs: 40 };

function liar(change: (honest: Synchronous) => Partial<Compressor>): {
  subject: CompressorSubject;
} {
  const create = (): Compressor => {
    const honest = honestCompressor() as Synchronous;
    return { ...honest, ...change(honest) };
  };
  return { subject: { create, ...common } };
}

/** Not enumerable, so that only those who look see it. */
const pollute = () =>
  Object.defineProperty(Object.prototype, "polluted", { value: 1, configurable: true });
afterAll(() => void Reflect.deleteProperty(Object.prototype, "polluted"));

/** Changes lossy forms only. */
function lossy(
  change: (result: Compressed & { lossless: false }, text: string) => Compressed | undefined,
) {
  return liar((honest) => ({
    compress(text, context) {
      const result = honest.compress(text, context);
      return result === undefined || result.lossless ? result : change(result, text);
    },
  }));
}

const isOwn = (text: string): boolean => text.startsWith("#runs");

describeLiars<CompressorSubject>(
  compressorCases,
  { create: honestCompressor, ...common },
  {
    "its name is kebab-case and does not change": liar(() => ({ name: "Runs 2000" })),
    "detect claims its own samples": liar(() => ({ detect: () => 0 })),
    "detect answers from 0 to 1 and never throws, whatever the text": liar((honest) => ({
      detect: (sample) => (sample === "" ? Number.NaN : honest.detect(sample)),
    })),
    "compress never throws, whatever the text": liar((honest) => ({
      compress(text, context) {
        if (text.startsWith("[[[[")) throw new RangeError("Maximum call stack size exceeded");
        return honest.compress(text, context);
      },
    })),
    "any budget and any query will do": liar((honest) => ({
      compress(text, context) {
        new RegExp(context.query ?? "");
        return honest.compress(text, context);
      },
    })),
    "decode never throws, whatever the text": liar((honest) => ({
      decode: (text) => (text.startsWith("{") ? String(JSON.parse(text)) : honest.decode(text)),
    })),
    "same text and context, same result, in any order and across instances": liar((honest) => {
      let calls = 0;
      return {
        compress(text, context) {
          const result = honest.compress(text, context);
          // Numbers its lossy forms.
          return result?.lossless === false
            ? { ...result, text: `${result.text} (${calls++})` }
            : result;
        },
      };
    }),
    "a lossless form decodes to the original": liar((honest) => ({
      compress: (text, context) => honest.compress(text.replaceAll("\r\n", "\n"), context),
    })),
    "its own output is one more text: a second pass round-trips too": liar((honest) => ({
      compress(text, context) {
        // Takes its own legend for granted and answers with what it already was.
        return isOwn(text) ? { text, lossless: true } : honest.compress(text, context);
      },
    })),
    "the same tells a text from a part of it": liar(() => ({
      same: (original, decoded) => original.startsWith(decoded),
    })),
    "a lossy form declares what it left out": lossy((result) => ({ ...result, omitted: [] })),
    "no omission counts more than there was": lossy((result, text) => ({
      ...result,
      omitted: [{ unit: "lines", count: 1, total: text.length + 1 }],
    })),
    "with lossy off only lossless forms are returned": liar((honest) => ({
      compress: (text, context) =>
        honest.compress(text, { ...context, lossy: context.lossy || context.budgetTokens === 1 }),
    })),
    "a query never changes a lossless form": liar((honest) => ({
      compress(text, context) {
        const result = honest.compress(text, context);
        if (!result?.lossless || !context.query || context.query !== text.slice(0, 80))
          return result;
        return { ...result, text: `${result.text}\n#asked` };
      },
      decode: (text) => honest.decode(text.replace(/\n#asked$/, "")),
    })),
    "what a sample says must be kept is kept, at any budget": lossy((result) => ({
      ...result,
      text: result.text.replaceAll("ERROR", "error"),
    })),
    "its samples taken together do not come back larger": lossy((result, text) => ({
      ...result,
      text: `${result.text}\n${text}${text}`,
    })),
    "well-formed text stays well-formed: no character is cut in half": lossy((result) => ({
      ...result,
      text: result.text
        .split("\n")
        .map((line) => (line.length > 15 ? line.slice(0, -1) : line))
        .join("\n"),
    })),
    "nothing handed in or out is mutated": liar((honest) => {
      const omitted = [{ unit: "lines", count: 0, total: 0 }];
      return {
        compress(text, context) {
          const result = honest.compress(text, context);
          if (result === undefined || result.lossless) return result;
          // One array for all answers.
          Object.assign(omitted[0] ?? {}, result.omitted[0]);
          return { ...result, omitted };
        },
      };
    }),
    "built-in prototypes stay as they were": liar((honest) => ({
      compress(text, context) {
        if (text.includes('{"__proto__":{"polluted":1}')) pollute();
        return honest.compress(text, context);
      },
    })),
    "what it counts grows in proportion to the text": liar((honest) => ({
      compress(text, context) {
        // Takes lines off the end until it fits, counting anew every time.
        const lines = text.startsWith("line 0") ? text.split("\n") : [];
        for (; lines.length > 40; lines.length -= 40) {
          if (context.counter.count(lines.join("\n")) <= context.budgetTokens) break;
        }
        return honest.compress(text, context);
      },
    })),
  },
);

it("an oracle sees what a too kind same does not", async () => {
  const create = (): Compressor => {
    const honest = honestCompressor() as Synchronous;
    return {
      ...honest,
      decode: (text) => honest.decode(text)?.trimEnd(),
      same: (original, decoded) => original.trimEnd() === decoded.trimEnd(),
    };
  };
  const oracle = (original: string, decoded: string): boolean => original === decoded;
  expect(await failures(compressorCases({ create, ...common }))).toEqual([]);
  expect(await failures(compressorCases({ create, ...common, oracle }))).toEqual([
    "a lossless form decodes to the original",
  ]);
});
