/** How far the estimator without a vocabulary is off, and what exact counting costs. */
import { percent, type Report } from "./report.ts";
import type { Bench } from "./subject.ts";
import { countsAgree, tokensAgain, tokensOf } from "./tokens.ts";

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
/** The second package is slow: of each text it counts a part. */
const MAX_AGAIN = 40_000;

export function estimate({ data, subject, report }: Bench): Report {
  const out = report("estimate", "Token counting: estimate and exact");
  let [compared, agreed] = [0, 0];
  const rows: string[][] = [];
  const errors: number[] = [];
  const time = { estimate: 0, exact: 0, characters: 0 };
  for (const set of SETS) {
    const off = data.readSet(set).map(({ text }) => {
      const sample = text.slice(0, MAX_LENGTH);
      const start = performance.now();
      const estimated = subject.estimate(sample);
      const between = performance.now();
      const exact = subject.counter.count(sample);
      time.estimate += between - start;
      time.exact += performance.now() - between;
      time.characters += sample.length;
      const part = text.slice(0, MAX_AGAIN);
      const again = [subject.counter.count(part), tokensAgain(part)] as const;
      compared++;
      if (countsAgree(exact, tokensOf(sample)) && countsAgree(...again)) agreed++;
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
  out.judge("estimator", errors.reduce((sum, one) => sum + one, 0) / errors.length);
  out.judge("exact counts", { met: agreed, of: compared });
  out.save();
  return out;
}
