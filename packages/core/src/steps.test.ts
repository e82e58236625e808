import { describe, expect, it } from "vitest";
import { createHeadroom } from "./create.ts";
import { countInSteps, finish, mostMiscounted } from "./steps.ts";
import { type CounterName, loadCounter } from "./tokens/index.ts";
import type { Compressor } from "./types/compressor.ts";
import type { TokenCounter } from "./types/tokens.ts";

const COUNTERS: readonly CounterName[] = ["o200k_base", "cl100k_base", "claude", "gemini"];

/** Texts of 400,000 characters with nothing in them that a piece ends at well, and some with it. */
const texts: Readonly<Record<string, string>> = {
  "lines that begin with a slash": filled(
    (at) => `${at % 9 ? "//" : "call()"} line ${at * 7919};\n`,
  ),
  "a line break in every token": ";\n/".repeat(133_000),
  "words on one line": filled(
    (at) => ["alpha ", "beta ", `x${at} `, "foo.bar ", "  "][at % 5] ?? "",
  ),
  "no space at all": filled(
    (at) => ["alpha", "Beta", "12", "_", "é", "中", "😀", "=="][(at * at) % 8] ?? "",
  ),
  digits: filled((at) => String(at * 2_654_435_761)),
  spaces: " ".repeat(400_000),
  "line breaks": "\n".repeat(400_000),
  "blank lines": filled((at) => `word${at}\n\n\n`),
  "rows of JSON": filled((at) => `{"id":${at},"url":"https://x.example/${at * 31}"},`),
};

function filled(piece: (at: number) => string): string {
  const pieces: string[] = [];
  for (let at = 0, length = 0; length < 400_000; at++) {
    const next = piece(at);
    pieces.push(next);
    length += next.length;
  }
  return pieces.join("");
}

describe("counting in pieces", () => {
  for (const name of COUNTERS)
    it(`is never further from the count in one go than mostMiscounted says: ${name}`, async () => {
      const counter = await loadCounter(name);
      for (const [what, text] of Object.entries(texts)) {
        const off = Math.abs(finish(countInSteps(text, counter)) - counter.count(text));
        expect(off, what).toBeLessThanOrEqual(mostMiscounted(text.length));
      }
    });

  it("is exact where lines end, also before a line that begins with a slash", async () => {
    const counter = await loadCounter("o200k_base");
    for (const what of ["lines that begin with a slash", "blank lines"])
      expect(finish(countInSteps(texts[what] ?? "", counter)), what).toBe(
        counter.count(texts[what] ?? ""),
      );
  });

  it("takes time in proportion to a text without spaces and line breaks", () => {
    const none: TokenCounter = { name: "none", count: () => 1 };
    const time = (characters: number): number => {
      const text = "x".repeat(characters);
      const started = performance.now();
      finish(countInSteps(text, none));
      return performance.now() - started;
    };
    time(1 << 20);
    // 64 million characters took 20 seconds where each piece was searched back to the beginning of the text.
    expect(time(1 << 26)).toBeLessThan(1_000);
  });

  it("does not make a text seem larger than it is: what leaves has fewer tokens, counted in one go", async () => {
    const text = (texts.digits ?? "").slice(0, 66_000);
    const model = "claude-sonnet-4";
    const counter = await loadCounter("claude");
    const tokens = counter.count(text);
    let used = 0;
    for (let saved = -4; saved < 40; saved++) {
      // A form whose tokens are known and which is short enough to be counted in one go.
      const compressor: Compressor = {
        name: "barely",
        kind: "barely",
        detect: () => 1,
        encode: () => " a".repeat(Math.floor((tokens - saved) / 1.2)),
        decode: () => text,
      };
      const headroom = createHeadroom({ model, compressors: [compressor] });
      const result = await headroom.compressText(text);
      if (result.block.outcome !== "compressed") continue;
      used++;
      expect(counter.count(result.text)).toBeLessThan(tokens);
    }
    expect(used).toBeGreaterThan(0);
  });
});
