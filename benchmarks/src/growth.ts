/** Processor time over size: half a megabyte, one, two. What is linear doubles. */
import { formOf } from "./forms.ts";
import { timed } from "./measure.ts";
import { median, ms, progress, type Report } from "./report.ts";
import { freeCounter, textFor } from "./speed.ts";
import type { Bench, Size } from "./subject.ts";

export async function growth(bench: Bench): Promise<Report> {
  const { subject, size } = bench;
  const out = bench.report("growth", `Growth: ${size.growthBytes.map(megabytes).join(", ")}`);
  const rows: string[][] = [];
  for (const tier of ["lossless", "view"] as const) {
    for (const compressor of subject.compressors()) {
      // What has no view by design has none to time.
      if (tier === "view" && compressor.shorten === undefined) continue;
      const of = `${compressor.name}, ${tier}`;
      const times: (number | undefined)[] = [];
      for (const bytes of size.growthBytes) {
        progress(`growth: ${of} ${megabytes(bytes)}`);
        const text = await textFor(compressor, bytes, bench, tier);
        const work =
          text === undefined ? undefined : () => formOf(compressor, tier, text, freeCounter);
        times.push(await typical(work, size));
      }
      rows.push(judgeRow(out, of, times));
    }
  }
  const whole: (number | undefined)[] = [];
  for (const bytes of size.growthBytes) {
    const json = subject.compressors().find(({ kind }) => kind === "json");
    const text = json === undefined ? undefined : await textFor(json, bytes, bench);
    const work =
      text === undefined
        ? undefined
        : async () => {
            const answer = await subject.make({ store: subject.store() }).compressText(text);
            return answer.text === text ? undefined : answer.text;
          };
    whole.push(await typical(work, size));
  }
  rows.push(judgeRow(out, "whole call on JSON rows, counting included", whole));
  progress("");
  out.table(["", ...size.growthBytes.map(megabytes), "time(2n) / time(n)"], rows);
  out.save();
  return out;
}

/**
 * Processor time of one call: of batches that take long enough for the clock, the median.
 *
 * @returns undefined where there is no text, or the work gave nothing: a compressor that declines is quick
 */
async function typical(
  work: (() => Promise<string | undefined>) | undefined,
  { enoughMs, batches }: Size,
): Promise<number | undefined> {
  if (work === undefined || (await work()) === undefined) return undefined;
  const times: number[] = [];
  for (let batch = 0; batch < batches; batch++) {
    let [spent, calls] = [0, 0];
    while (spent < enoughMs && calls < 1_000) {
      spent += (await timed(work)).threadMs;
      calls++;
    }
    times.push(spent / calls);
  }
  return median(times);
}

function judgeRow(out: Report, of: string, times: readonly (number | undefined)[]): string[] {
  const [half = Number.NaN, one = Number.NaN, two = Number.NaN] = times;
  const factors = `${(one / half).toFixed(2)}, ${(two / one).toFixed(2)}`;
  // Over the whole span: two doublings, which is steadier than either alone.
  const isMeasured = times.every((time) => time !== undefined);
  out.judge("growth", isMeasured ? Math.sqrt(two / half) : undefined, {
    of,
    ...(isMeasured ? { note: factors } : { note: "no form of some size" }),
  });
  return [of, ms(half), ms(one), ms(two), factors];
}

function megabytes(bytes: number): string {
  return `${bytes / 1e6} MB`;
}
