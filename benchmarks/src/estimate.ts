/** How far the estimator without a vocabulary is off, and what exact counting costs. */
import { estimateTokens } from "@headroom/core";
import { readSet } from "./corpus.ts";
import { counter } from "./measure.ts";
import { percent, type Report, report } from "./report.ts";

const SETS = [
  "api-json",
  "json-tools",
  "ci-logs",
  "logs",
  "search",
  "diffs",
  "trees",
  "tables",
  "code",
  "markdown",
  "html",
  "sessions",
];
const MAX_LENGTH = 400_000;

export function estimate(): Report {
  const out = report("estimate", "Token counting: estimate and exact");
  const rows: string[][] = [];
  const errors: number[] = [];
  const time = { estimate: 0, exact: 0, characters: 0 };
  for (const set of SETS) {
    const off = readSet(set).map(({ text }) => {
      const sample = text.slice(0, MAX_LENGTH);
      const start = performance.now();
      const estimated = estimateTokens(sample);
      const between = performance.now();
      const exact = counter.count(sample);
      time.estimate += between - start;
      time.exact += performance.now() - between;
      time.characters += sample.length;
      return { error: (estimated - exact) / exact, quarter: (sample.length / 4 - exact) / exact };
    });
    if (off.length === 0) continue;
    const mean = (of: (one: (typeof off)[number]) => number): number =>
      off.reduce((sum, one) => sum + of(one), 0) / off.length;
    errors.push(...off.map(({ error }) => Math.abs(error)));
    rows.push([
      set,
      percent(mean(({ error }) => Math.abs(error))),
      percent(Math.max(...off.map(({ error }) => Math.abs(error)))),
      percent(mean(({ quarter }) => Math.abs(quarter))),
    ]);
  }
  out.table(["set", "mean error", "worst text", "characters / 4: mean error"], rows);
  const speed = (milliseconds: number): string =>
    `${(time.characters / 1000 / milliseconds).toFixed(0)} MB/s`;
  out.text(`Exact o200k_base: ${speed(time.exact)}. Estimate: ${speed(time.estimate)}.`);
  const mean = errors.reduce((sum, one) => sum + one, 0) / Math.max(1, errors.length);
  out.target({
    figure: "estimator, mean error over all texts",
    target: "≤ 5 %",
    value: percent(mean),
    reached: mean <= 0.05,
  });
  out.save();
  return out;
}
