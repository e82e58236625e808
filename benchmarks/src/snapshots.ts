/** Snapshots of browser tools: what is saved, and whether each element that can be clicked stays. */
import {
  type CompressTextResult,
  createHeadroom,
  type HeadroomOptions,
  memoryStore,
} from "@headroom/core";
import { htmlPlugin } from "@headroom/html";
import { randomOf } from "../../packages/core/test/generated/random.ts";
import { type MadeSnapshot, snapshot, type Tool } from "../../packages/html/test/snapshots.ts";

const TOOLS: readonly Tool[] = ["playwright", "devtools", "agent-browser"];
const PAGES = 20;

/** One row a tool, and whether all of them stay. */
export async function snapshotRows(): Promise<{
  readonly rows: readonly (readonly string[])[];
  readonly isReached: boolean;
}> {
  let isReached = true;
  const rows: string[][] = [];
  for (const tool of TOOLS) {
    const sums = { before: 0, lossless: 0, balanced: 0, controls: 0, kept: 0 };
    for (let seed = 0; seed < PAGES; seed++) {
      const page = snapshot(randomOf(seed), tool);
      const lossless = await compressed(page, {});
      const balanced = await compressed(page, { store: memoryStore() });
      sums.before += lossless.tokensBefore;
      sums.lossless += lossless.tokensAfter;
      sums.balanced += balanced.tokensAfter;
      sums.controls += page.controls.length;
      sums.kept += page.controls.filter(
        ({ ref }) => hasRef(lossless.text, ref) && hasRef(balanced.text, ref),
      ).length;
    }
    const saved = (after: number): string => `${(100 * (1 - after / sums.before)).toFixed(1)} %`;
    if (sums.kept < sums.controls) isReached = false;
    rows.push([
      tool,
      `${sums.before}`,
      saved(sums.lossless),
      saved(sums.balanced),
      `${sums.kept} of ${sums.controls}`,
    ]);
  }
  return { rows, isReached };
}

function compressed({ text }: MadeSnapshot, options: HeadroomOptions): Promise<CompressTextResult> {
  return createHeadroom({ ...options, plugins: [htmlPlugin] }).compressText(text);
}

function hasRef(text: string, ref: string): boolean {
  return new RegExp(`(?<!\\w)${ref}(?!\\w)`).test(text);
}
