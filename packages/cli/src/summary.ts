/** The one line on standard error that says what `compress` did, and how to have the originals back. */
import type { BlockReport, CompressResult, CompressTextResult, Omission } from "@headroom/core";
import { countOf, formatCount, formatShare } from "./words.ts";

interface Figures {
  readonly tokensBefore: number;
  readonly tokensAfter: number;
  readonly savings: number;
}

export function summarizeText(result: CompressTextResult, folder: string | undefined): string {
  const { block, ref } = result;
  const kind = block.kind ?? "text";
  if (!isChanged(block)) {
    return `headroom: unchanged, ${formatCount(result.tokensBefore)} tokens: ${block.reason}`;
  }
  return `headroom: ${kind}, ${saved(result)}, ${fate([block])}${ref && folder ? `. Original: ${howTo(ref, folder)}` : ""}${storeTrouble([block])}`;
}

export function summarizeMessages(
  result: CompressResult<unknown>,
  folder: string | undefined,
): string {
  const changed = result.blocks.filter(isChanged);
  const first = result.refs[0];
  if (changed.length === 0) {
    return `headroom: ${countOf(result.messages.length, "message")} unchanged, ${formatCount(result.tokensBefore)} tokens: ${mainReason(result.blocks)}`;
  }
  const kinds = [...new Set(changed.map(({ kind }) => kind ?? "text"))].join(", ");
  const originals = first && folder ? `. Originals: ${howTo(first, folder)}` : "";
  return `headroom: ${formatCount(changed.length)} of ${countOf(result.blocks.length, "block")} (${kinds}), ${saved(result)}, ${fate(changed)}${originals}${storeTrouble(result.blocks)}`;
}

/** Whatever the outcome is called: a block whose store was down may still have a lossless form. */
export function isChanged(block: BlockReport): boolean {
  return block.tokensAfter < block.tokensBefore;
}

function storeTrouble(blocks: readonly BlockReport[]): string {
  const trouble = blocks.find(({ outcome }) => outcome === "store-down");
  return trouble ? `. The store failed, so nothing was left out: ${trouble.reason}` : "";
}

function saved({ tokensBefore, tokensAfter, savings }: Figures): string {
  return `${formatCount(tokensBefore)} → ${formatCount(tokensAfter)} tokens, ${formatShare(savings)} saved`;
}

/** `lossless`, or what is gone, in the words of the omissions. */
function fate(blocks: readonly BlockReport[]): string {
  const omitted = blocks.flatMap((block) => block.omitted ?? []);
  if (omitted.length === 0) return "lossless";
  const shown = sumUp(omitted).slice(0, 3);
  return `left out ${shown.join(", ")}`;
}

function sumUp(omissions: readonly Omission[]): string[] {
  const sums = new Map<string, { count: number; total: number }>();
  for (const { unit, count, total } of omissions) {
    const sum = sums.get(unit) ?? { count: 0, total: 0 };
    sums.set(unit, { count: sum.count + count, total: sum.total + total });
  }
  return [...sums].map(
    ([unit, { count, total }]) => `${formatCount(count)} of ${formatCount(total)} ${unit}`,
  );
}

function mainReason(blocks: readonly BlockReport[]): string {
  const largest = blocks.reduce<BlockReport | undefined>(
    (best, block) => (best && best.tokensBefore >= block.tokensBefore ? best : block),
    undefined,
  );
  return largest ? `the largest block is ${largest.outcome}: ${largest.reason}` : "no text in them";
}

function howTo(ref: string, folder: string): string {
  return `headroom retrieve ${ref} --store ${shellWord(folder)}`;
}

function shellWord(word: string): string {
  return /^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
