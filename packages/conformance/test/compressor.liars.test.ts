import type { Compressor, EncodeContext, ShortenContext, View } from "@headroom/core";
import { afterAll, describe, expect, it } from "vitest";
import { type CompressorSubject, compressorCases } from "../src/index.ts";
import { honestCompressor, honestSamples } from "./honest-compressor.ts";
import { describeLiars, failures } from "./liars.ts";

type Synchronous = Omit<Compressor, "encode" | "shorten"> & {
  encode(text: string, context: EncodeContext): string | undefined;
  shorten(text: string, context: ShortenContext): View | undefined;
};

const sized = (size: number): string =>
  Array.from({ length: size }, (_, index) => `line ${index % 97}`).join("\n");
const common = { samples: honestSamples, sized, runs: 40 };

function liar(
  change: (honest: Synchronous) => Partial<Compressor>,
  throws = false,
): {
  subject: CompressorSubject;
  throws: boolean;
} {
  const create = (): Compressor => {
    const honest = honestCompressor() as Synchronous;
    return { ...honest, ...change(honest) };
  };
  return { subject: { create, ...common }, throws };
}

/** Not enumerable, so that only those who look see it. */
const pollute = () =>
  Object.defineProperty(Object.prototype, "polluted", { value: 1, configurable: true });
afterAll(() => void Reflect.deleteProperty(Object.prototype, "polluted"));

/** Changes views only. */
function views(change: (view: View, text: string) => View | undefined): ReturnType<typeof liar> {
  return liar((honest) => ({
    shorten(text, context) {
      const view = honest.shorten(text, context);
      return view && change(view, text);
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
    "encode and shorten never throw, whatever the text": liar(
      (honest) => ({
        encode(text, context) {
          if (text.startsWith("[[[[")) throw new RangeError("Maximum call stack size exceeded");
          return honest.encode(text, context);
        },
      }),
      true,
    ),
    "any budget and any query will do": liar((honest) => ({
      shorten(text, context) {
        new RegExp(context.query ?? "");
        return honest.shorten(text, context);
      },
    })),
    "decode never throws, whatever the text": liar((honest) => ({
      decode: (text) => (text.startsWith("{") ? String(JSON.parse(text)) : honest.decode(text)),
    })),
    "it offers a lossless form or a view of some sample": liar(() => ({
      encode: () => undefined,
      shorten: () => undefined,
    })),
    "same text and context, same result, in any order and across instances": liar((honest) => {
      let calls = 0;
      return {
        shorten(text, context) {
          const view = honest.shorten(text, context);
          // Numbers its views.
          return view && { ...view, text: `${view.text} (${calls++})` };
        },
      };
    }),
    "a lossless form decodes to the original": liar((honest) => ({
      encode: (text, context) => honest.encode(text.replaceAll("\r\n", "\n"), context),
    })),
    "prove says what decode and same say": liar(() => ({
      // Believes every form.
      prove: () => true,
    })),
    "work in steps gives the same, whatever is worked on between its steps": liar((honest) => {
      let current = "";
      return {
        // One variable for all calls.
        *encode(text, context) {
          current = text;
          yield;
          return honest.encode(current, context);
        },
      };
    }),
    "its own output is one more text: a second pass round-trips too": liar((honest) => ({
      encode(text, context) {
        // Takes its own legend for granted and answers with what it already was.
        return isOwn(text) ? text : honest.encode(text, context);
      },
    })),
    "the same tells a text from a part of it": liar(() => ({
      same: (original, decoded) => original.startsWith(decoded),
    })),
    "a view declares what it left out": views((view) => ({ ...view, omitted: [] })),
    "no omission counts more than there was": views((view, text) => ({
      ...view,
      omitted: [{ unit: "lines", count: 1, total: text.length + 1 }],
    })),
    "what a sample says must be kept is kept, at any budget": views((view) => ({
      ...view,
      text: view.text.replaceAll("ERROR", "error"),
    })),
    "its samples taken together do not come back larger": views((view, text) => ({
      ...view,
      text: `${view.text}\n${text}${text}`,
    })),
    "well-formed text stays well-formed: no character is cut in half": views((view) => ({
      ...view,
      text: view.text
        .split("\n")
        .map((line) => (line.length > 15 ? line.slice(0, -1) : line))
        .join("\n"),
    })),
    "nothing handed in or out is mutated": liar((honest) => {
      const omitted = [{ unit: "lines", count: 0, total: 0 }];
      return {
        shorten(text, context) {
          const view = honest.shorten(text, context);
          if (view === undefined) return view;
          // One array for all answers.
          Object.assign(omitted[0] ?? {}, view.omitted[0]);
          return { ...view, omitted };
        },
      };
    }),
    "built-in prototypes stay as they were": liar((honest) => ({
      encode(text, context) {
        if (text.includes('{"__proto__":{"polluted":1}')) pollute();
        return honest.encode(text, context);
      },
    })),
    "what it counts grows in proportion to the text": liar((honest) => ({
      shorten(text, context) {
        // Takes lines off the end until it fits, counting anew every time.
        const lines = text.startsWith("line 0") ? text.split("\n") : [];
        for (; lines.length > 40; lines.length -= 40) {
          if (context.counter.count(lines.join("\n")) <= context.budgetTokens) break;
        }
        return honest.shorten(text, context);
      },
    })),
  },
);

describe("a compressor fails that", () => {
  const cases: readonly [string, Partial<Compressor>, string][] = [
    [
      "never compresses",
      { encode: () => undefined, shorten: () => undefined },
      "it offers a lossless form or a view of some sample",
    ],
    [
      "says that a form is lossless and cannot decode it",
      { decode: () => undefined },
      "a lossless form decodes to the original",
    ],
    [
      "decodes to another text",
      { decode: () => "line 1" },
      "a lossless form decodes to the original",
    ],
    [
      "calls every decoded text the same",
      { decode: () => "line 1", same: () => true },
      "the same tells a text from a part of it",
    ],
  ];
  it.each(cases)("%s", async (_, change, law) => {
    const { subject } = liar(() => change);
    expect(await failures(compressorCases(subject))).toContain(law);
  });

  it("throws instead of declining, in every law that asks it", async () => {
    const thrower = (): never => {
      throw new TypeError("text.split is not a function");
    };
    const laws = [
      "encode and shorten never throw, whatever the text",
      "it offers a lossless form or a view of some sample",
      "a lossless form decodes to the original",
      "its samples taken together do not come back larger",
    ];
    for (const change of [{ encode: thrower }, { shorten: thrower }]) {
      const { subject } = liar(() => change);
      expect(await failures(compressorCases(subject))).toEqual(expect.arrayContaining(laws));
    }
  });
});

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
