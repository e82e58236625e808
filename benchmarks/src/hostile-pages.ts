/** Pages that want to be slow: how long each takes, and how that grows with the page. */

import process from "node:process";
import type { Compressor, EncodeContext } from "@headroom/core";
import { settle } from "@headroom/core/kit";
import { ms } from "./report.ts";

const WORDS = "<p>Some words of a page that people read, and a few more of them.</p>";
/** How much larger the second page is than the first. */
const STEP = 10;
/** Times the time at most, where the work grows in proportion; the smallest time that says something. */
const MOST_GROWTH = 30;
const LEAST_MS = 20;
const TOKENS = 4_000;

const PAGES: Readonly<Record<string, (size: number) => string>> = {
  "5 MB of paragraphs": (size) =>
    `<html><body>${WORDS.repeat(Math.round((size * 50) / WORDS.length))}`,
  "100,000 nested tags": (size) => `<html>${"<div>".repeat(size)}${WORDS}${"</div>".repeat(size)}`,
  "100,000 unclosed tags": (size) => `<html>${WORDS}${"<font><em>word ".repeat(size / 2)}`,
  "100,000 entities": (size) => `<html>${WORDS}${"&amp;&#x1F600;&notit;&#".repeat(size / 4)}`,
  "an attribute of 1 MB": (size) =>
    `<html>${WORDS}<p title="${"x&amp;".repeat(size * 2)}">${WORDS}`,
  "100,000 attributes": (size) =>
    `<html><div ${Array.from({ length: size }, (_, at) => `a${at}=b`).join(" ")}>${WORDS}`,
  "100,000 cells": (size) =>
    `<html><table>${"<tr><td rowspan=99 colspan=9>x<td>y".repeat(size / 2)}</table>${WORDS}`,
};
const LARGE = 100_000;

/** Of this process, all threads of it: what else a machine does counts for nothing. */
export function processorMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000;
}

/** One row a page, and whether none threw and all grew in proportion. */
export async function hostileRows(
  compressor: Compressor,
  { counter }: EncodeContext,
): Promise<{ readonly rows: readonly (readonly string[])[]; readonly isReached: boolean }> {
  let isReached = true;
  const timeOf = async (html: string): Promise<number> => {
    const start = process.cpuUsage();
    try {
      await settle(compressor.shorten?.(html, { counter, budgetTokens: TOKENS }));
    } catch {
      isReached = false;
    }
    return processorMs(start);
  };
  const rows: string[][] = [];
  for (const [what, make] of Object.entries(PAGES)) {
    await timeOf(make(LARGE / STEP));
    const small = await timeOf(make(LARGE / STEP));
    const html = make(LARGE);
    const large = await timeOf(html);
    const growth = large / small;
    if (large > LEAST_MS * STEP && growth > MOST_GROWTH) isReached = false;
    rows.push([
      what,
      `${(html.length / 1e6).toFixed(1)} MB`,
      ms(small),
      ms(large),
      growth.toFixed(1),
    ]);
  }
  return { rows, isReached };
}
