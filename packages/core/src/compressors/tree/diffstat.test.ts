/** `git diff --stat`: every byte comes back, and the largest changes are seen. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { viewWith } from "../../../test/compress-with.ts";
import { paths } from "../../../test/generated/paths.ts";
import { pick, type Random, randomOf, whole } from "../../../test/generated/random.ts";
import { itIsTrue } from "../../../test/truth.ts";
import { finish } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import { treeCompressor } from "./tree.ts";

const counter = { name: "quarter", count: (text: string): number => Math.ceil(text.length / 4) };
const compressor = treeCompressor();

function diffstat(random: Random): string {
  const files = paths(5 + whole(pick([20, 150], random), random), random);
  const rows = files.map((file) => {
    const path = random() < 0.05 ? `.../${file.slice(3)}` : file;
    return { path, count: `${whole(pick([9, 900], random), random)}` };
  });
  const width = Math.max(...rows.map(({ path }) => path.length));
  const digits = Math.max(...rows.map(({ count }) => count.length));
  const lines = rows.map(({ path, count }) => {
    if (random() < 0.03) return ` ${path.padEnd(width)} | Bin 0 -> 1234 bytes`;
    const bar = "+".repeat(whole(12, random)) + "-".repeat(whole(6, random));
    return ` ${path.padEnd(width)} | ${count.padStart(digits)}${bar === "" ? "" : ` ${bar}`}`;
  });
  return `${lines.join("\n")}\n ${files.length} files changed, 12 insertions(+), 3 deletions(-)\n`;
}

describe("a diffstat", () => {
  it("comes back byte for byte", () => {
    let shorter = 0;
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const text = diffstat(randomOf(seed));
        for (const form of finish(
          compressor.encode(text, { counter }) as Steps<readonly string[]>,
        )) {
          expect(compressor.decode(form)).toBe(text);
          if (form.startsWith("[git diff --stat") && form.length < text.length) shorter++;
        }
      }),
      { numRuns: 200 },
    );
    expect(shorter).toBeGreaterThan(150);
  });

  itIsTrue("diffstats", compressor, diffstat);

  it("shows the largest changes and the total", () => {
    const lines = Array.from(
      { length: 90 },
      (_, at) => ` src/f${at}.ts | ${`${at + 1}`.padStart(4)} +`,
    );
    lines[40] = " src/f40.ts | 1234 +++++-----";
    const text = [...lines, " 90 files changed, 5288 insertions(+)"].join("\n");
    const view = viewWith(compressor, text, { counter, budgetTokens: 500 })?.text.split("\n") ?? [];
    expect(view[view.indexOf("largest first:") + 1]).toBe(lines[40]);
    expect(view).toContain(" 90 files changed, 5288 insertions(+)");
    expect(view.some((line) => line.startsWith("… changes: 1–1234, sum "))).toBe(true);
  });
});
