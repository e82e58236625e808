/**
 * What the benchmarks print: markdown tables, on the terminal and in `results/<name>.md`, and the list of targets.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";

/** One figure beside what it has to reach. */
export interface Target {
  readonly figure: string;
  readonly target: string;
  readonly value: string;
  /** `undefined` where there is nothing to measure yet. */
  readonly reached: boolean | undefined;
}

/** Collects one file of results. */
export interface Report {
  readonly name: string;
  heading(text: string): void;
  text(line: string): void;
  table(head: readonly string[], rows: readonly (readonly string[])[], where?: "file"): void;
  target(target: Target): void;
  readonly targets: readonly Target[];
  /** Writes the file. */
  save(): void;
}

const RESULTS = new URL("../results/", import.meta.url);

/** @param command the npm script that writes the file. @default "bench" */
export function report(name: string, title: string, command = "bench"): Report {
  const lines: string[] = [`# ${title}`, "", `Written by \`npm run ${command}\`. ${machine()}`, ""];
  const targets: Target[] = [];
  const add = (block: readonly string[], printed: boolean): void => {
    lines.push(...block, "");
    if (printed) print(`${block.join("\n")}\n`);
  };
  print(`\n# ${title}\n`);
  return {
    name,
    targets,
    heading: (text) => add([`## ${text}`], true),
    text: (line) => add([line], true),
    table: (head, rows, where) => add(markdownTable(head, rows), where !== "file"),
    target: (target) => targets.push(target),
    save() {
      if (targets.length > 0) add(["## Targets", "", ...targetTable(targets)], true);
      mkdirSync(RESULTS, { recursive: true });
      writeFileSync(new URL(`${name}.md`, RESULTS), `${lines.join("\n").trimEnd()}\n`);
    },
  };
}

export function targetTable(targets: readonly Target[]): readonly string[] {
  return markdownTable(
    ["figure", "target", "measured", "reached"],
    targets.map(({ figure, target, value, reached }) => [
      figure,
      target,
      value,
      reached === undefined ? "–" : reached ? "yes" : "NO",
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

export function saved(before: number, after: number): number {
  return before === 0 ? 0 : (before - after) / before;
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
