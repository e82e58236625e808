/** The sample at the top of the README: one real tool result, before and after. `scripts/readme-figures.ts` copies it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import process from "node:process";
import { stripVTControlCharacters } from "node:util";
import { createHeadroom, memoryStore } from "@headroom/core";

const output = readFileSync(new URL("./data/vitest.log", import.meta.url), "utf8");
const headroom = createHeadroom({ store: memoryStore() });
const { text, tokensBefore, tokensAfter } = await headroom.compressText(output);

const before = linesOf(output);
print("npx vitest run", tokensBefore, before, [3, 15]);
process.stdout.write("\n");
const after = linesOf(text);
const failure = after.findIndex((line) => line.includes("× test/price.test.js > knows the rate"));
assert(failure > 0, "the failure is not shown");
print("what the model reads", tokensAfter, after, [0, 12], [failure, failure + 14]);

function linesOf(whole: string): readonly string[] {
  return stripVTControlCharacters(whole).replace(/\n$/, "").split("\n");
}

/** A title, and windows of lines: from an index to another. Blank lines are left out. */
function print(
  title: string,
  tokens: number,
  lines: readonly string[],
  ...windows: readonly [from: number, to: number][]
): void {
  const shown: string[] = [];
  let at = 0;
  const skipTo = (from: number): void => {
    if (from > at) shown.push(`        (${from - at} lines are not printed here)`);
  };
  for (const [from, to] of windows) {
    skipTo(from);
    shown.push(...lines.slice(from, to).filter((line) => line !== ""));
    at = to;
  }
  skipTo(lines.length);
  const size = `${lines.length} lines, ${tokens.toLocaleString("en-US")} tokens`;
  process.stdout.write(`── ${title}: ${size} ──\n${shown.join("\n")}\n`);
}
