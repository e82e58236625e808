/** What `headroom measure` prints for people. */
import type { SessionSource } from "../sessions/find-sessions.ts";
import { PLAIN, type Style } from "../style.ts";
import { formatTable, type Row } from "../table.ts";
import { countOf, formatCount, formatMilliseconds, formatShare } from "../words.ts";
import type { MeasuredStability } from "./conversations.ts";
import type { SimulatedSession } from "./session-cost.ts";
import type { Sum, Tally } from "./tally.ts";

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
  /** Simulated with prices. */
  readonly sessions?: readonly SimulatedSession[];
  /** What changed between requests that belong together, where there are such. */
  readonly stability?: MeasuredStability;
  /** Where sessions were found, where no path was given. */
  readonly sources?: readonly (SessionSource & { readonly sessions: number })[];
}

export function printMeasurement(measurement: Measurement, style: Style = PLAIN): string {
  const { tally } = measurement;
  const total = tally.total();
  const tools = tally.byTool();
  const sections = [
    headline(measurement, style),
    formatTable(header("kind"), tally.byKind().map(sumRow), sumRow(total), style),
  ];
  if (tools.length > 0) {
    const shown = tools.slice(0, TOP_TOOLS);
    const more =
      tools.length > shown.length
        ? `  … and ${countOf(tools.length - shown.length, "more tool")}\n`
        : "";
    sections.push(formatTable(header("tool"), shown.map(sumRow), undefined, style) + more);
  }
  const reasons = tally.reasons();
  if (reasons.length > 0) {
    const rows = reasons
      .slice(0, TOP_REASONS)
      .map(({ reason, blocks, tokens }): Row => [reason, formatCount(blocks), formatCount(tokens)]);
    sections.push(formatTable(["unchanged, because", "blocks", "tokens"], rows, undefined, style));
  }
  if (measurement.skipped.length > 0) sections.push(skippedLines(measurement.skipped));
  return `${sections.join("\n")}`;
}

function headline(measurement: Measurement, { bold, green }: Style): string {
  const { files, transcripts, tally, milliseconds, sources } = measurement;
  const { tokensBefore, tokensAfter } = tally.total();
  const conversations = transcripts > 0 ? `, ${countOf(transcripts, "transcript")} among them` : "";
  const share = formatShare(tokensBefore === 0 ? 0 : (tokensBefore - tokensAfter) / tokensBefore);
  const found = (sources ?? [])
    .filter(({ sessions }) => sessions > 0)
    .map(({ agent, path, sessions }) => `${countOf(sessions, "session")} of ${agent} in ${path}\n`);
  return `${found.join("")}${countOf(files, "file")}${conversations}: ${formatCount(tokensBefore)} → ${formatCount(tokensAfter)} tokens, ${bold(green(`${share} saved`))}, in ${formatMilliseconds(milliseconds)} ms\n`;
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
