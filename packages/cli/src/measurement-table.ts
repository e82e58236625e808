/** What `headroom measure` prints for people. */
import { formatTable, type Row } from "./table.ts";
import type { Sum, Tally } from "./tally.ts";
import { countOf, formatCount, formatMilliseconds, formatShare } from "./words.ts";

const TOP_REASONS = 8;
const TOP_TOOLS = 15;

/** What a run of `headroom measure` found. */
export interface Measurement {
  readonly files: number;
  readonly transcripts: number;
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  readonly tally: Tally;
  /** Wall-clock time of the whole run, reading included. */
  readonly milliseconds: number;
}

export function printMeasurement(measurement: Measurement): string {
  const { tally } = measurement;
  const total = tally.total();
  const tools = tally.byTool();
  const sections = [
    headline(measurement),
    formatTable(header("kind"), tally.byKind().map(sumRow), sumRow(total)),
  ];
  if (tools.length > 0) {
    const shown = tools.slice(0, TOP_TOOLS);
    const more =
      tools.length > shown.length
        ? `  … and ${countOf(tools.length - shown.length, "more tool")}\n`
        : "";
    sections.push(formatTable(header("tool"), shown.map(sumRow)) + more);
  }
  const reasons = tally.reasons();
  if (reasons.length > 0) {
    const rows = reasons
      .slice(0, TOP_REASONS)
      .map(({ reason, blocks, tokens }): Row => [reason, formatCount(blocks), formatCount(tokens)]);
    sections.push(formatTable(["unchanged, because", "blocks", "tokens"], rows));
  }
  if (measurement.skipped.length > 0) sections.push(skippedLines(measurement.skipped));
  return `${sections.join("\n")}`;
}

function headline({ files, transcripts, tally, milliseconds }: Measurement): string {
  const { tokensBefore, tokensAfter } = tally.total();
  const sessions = transcripts > 0 ? `, ${countOf(transcripts, "transcript")} among them` : "";
  const share = formatShare(tokensBefore === 0 ? 0 : (tokensBefore - tokensAfter) / tokensBefore);
  return `${countOf(files, "file")}${sessions}: ${formatCount(tokensBefore)} → ${formatCount(tokensAfter)} tokens, ${share} saved, in ${formatMilliseconds(milliseconds)} ms\n`;
}

function header(first: string): Row {
  return [first, "blocks", "changed", "tokens", "after", "saved", "lossless", "ms"];
}

function sumRow(sum: Sum): Row {
  const saved = sum.tokensBefore - sum.tokensAfter;
  return [
    sum.name,
    formatCount(sum.blocks),
    formatCount(sum.changed),
    formatCount(sum.tokensBefore),
    formatCount(sum.tokensAfter),
    saved === 0 ? "–" : formatShare(saved / sum.tokensBefore),
    saved === 0 ? "–" : formatShare(sum.savedLossless / saved),
    formatMilliseconds(sum.milliseconds),
  ];
}

function skippedLines(skipped: Measurement["skipped"]): string {
  const byReason = new Map<string, string[]>();
  for (const { path, reason } of skipped)
    byReason.set(reason, [...(byReason.get(reason) ?? []), path]);
  const lines = [...byReason].map(
    ([reason, paths]) =>
      `  ${countOf(paths.length, "file")} left out, ${reason}: ${paths[0]}${paths.length > 1 ? ", …" : ""}\n`,
  );
  return lines.join("");
}
