/**
 * What the benchmarks print: markdown tables, on the terminal and in `results/<name>.md`, and the list of targets.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import {
  type BenchName,
  type Measurement,
  reaches,
  shownValue,
  type Target,
  type TargetName,
  targetOf,
  targetsOf,
  wordsOf,
} from "./targets.ts";

/** One figure beside what it has to reach. */
export interface Judged {
  readonly name: TargetName;
  readonly target: Target;
  /** The kind or case this row is about, where a target has several. */
  readonly of: string;
  readonly measured: Measurement;
  /** More words behind the value. */
  readonly note: string;
  readonly reached: boolean;
}

/** Collects one file of results. */
export interface Report {
  readonly name: string;
  heading(text: string): void;
  text(line: string): void;
  table(head: readonly string[], rows: readonly (readonly string[])[], where?: "file"): void;
  /** Holds a measurement against its target; `of` names the kind or case, where the target has several. */
  judge(
    name: TargetName,
    measured: Measurement,
    more?: { readonly of?: string; readonly note?: string },
  ): void;
  readonly judged: readonly Judged[];
  /** Writes the file. */
  save(): void;
}

const RESULTS = new URL("../results/", import.meta.url);

export interface ReportOptions {
  /** The npm script that writes the file. @default "bench" */
  readonly command?: string;
  /** Whether anything is printed and written. @default true */
  readonly loud?: boolean;
}

export function report(name: string, title: string, options: ReportOptions = {}): Report {
  const { command = "bench", loud = true } = options;
  const lines: string[] = [`# ${title}`, "", `Written by \`npm run ${command}\`. ${machine()}`, ""];
  const judged: Judged[] = [];
  const add = (block: readonly string[], printed: boolean): void => {
    lines.push(...block, "");
    if (printed && loud) print(`${block.join("\n")}\n`);
  };
  if (loud) print(`\n# ${title}\n`);
  return {
    name,
    judged,
    heading: (text) => add([`## ${text}`], true),
    text: (line) => add([line], true),
    table: (head, rows, where) => add(markdownTable(head, rows), where !== "file"),
    judge(target, measured, { of = "", note = "" } = {}) {
      judged.push(judgedRow(target, measured, of, note));
    },
    save() {
      if (judged.length > 0) add(["## Targets", "", ...targetTable(judged)], true);
      if (!loud) return;
      mkdirSync(RESULTS, { recursive: true });
      writeFileSync(new URL(`${name}.md`, RESULTS), `${lines.join("\n").trimEnd()}\n`);
    },
  };
}

/** A target nobody has judged counts as missed. */
export function unjudged(bench: BenchName, judged: readonly Judged[]): readonly Judged[] {
  return targetsOf(bench)
    .filter((name) => !judged.some((row) => row.name === name))
    .map((name) => judgedRow(name, undefined, "any", ""));
}

function judgedRow(name: TargetName, measured: Measurement, of: string, note: string): Judged {
  const target = targetOf(name);
  return { name, target, of, measured, note, reached: reaches(target, measured) };
}

/** What a row is about, in words. */
export function figureOf({ target, of }: Pick<Judged, "target" | "of">): string {
  return target.figure.replace("{}", of);
}

export function targetTable(judged: readonly Judged[]): readonly string[] {
  return markdownTable(
    ["figure", "target", "issue", "measured", "reached"],
    judged.map((row) => [
      figureOf(row),
      wordsOf(row.target),
      String(row.target.issue),
      `${shownValue(row.target, row.measured)}${row.note === "" ? "" : ` (${row.note})`}`,
      row.reached ? "yes" : "NO",
    ]),
  );
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A line that is replaced, for a person who waits. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

export function percent(share: number, digits = 1): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(digits)} %` : "–";
}

/** The share that is saved: `NaN` of nothing. */
export function saved(before: number, after: number): number {
  return (before - after) / before;
}

export function ms(milliseconds: number): string {
  return milliseconds >= 100 ? `${Math.round(milliseconds)} ms` : `${milliseconds.toFixed(1)} ms`;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = head.map((_, column) =>
    Math.max(3, ...cells.map((row) => (row[column] ?? "").length)),
  );
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, column) => (row[column] ?? "").padEnd(width)).join(" | ")} |`;
  const [first = [], ...rest] = cells;
  return [
    line(first),
    `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`,
    ...rest.map(line),
  ];
}

function machine(): string {
  const [cpu] = cpus();
  return `Node ${process.versions.node}, ${cpus().length} × ${cpu?.model.trim() ?? "unknown processor"}.`;
}
