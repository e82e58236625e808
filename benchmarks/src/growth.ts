/** Processor time over size: half a megabyte, one, two. What is linear doubles. */
import { type Compressor, createHeadroom, defaultCompressors, memoryStore } from "@headroom/core";
import { settle } from "@headroom/core/kit";
import { losslessForm } from "./lossless-form.ts";
import { timed } from "./measure.ts";
import { median, ms, progress, type Report, report } from "./report.ts";
import { freeCounter, textFor } from "./speed.ts";

const SIZES = [500_000, 1_000_000, 2_000_000];
const MOST = 2.5;
/** The median counts: small inputs may escape the garbage collector in their best run, large ones never do. */
const RUNS = 5;
const ENOUGH_MS = 300;

export async function growth(): Promise<Report> {
  const out = report("growth", "Growth: 0.5, 1 and 2 MB");
  const rows: string[][] = [];
  for (const lossy of [false, true]) {
    for (const compressor of defaultCompressors()) {
      const times = await timesOf(compressor, lossy);
      if (times !== undefined)
        rows.push(row(out, `${compressor.name}, ${lossy ? "lossy" : "lossless"}`, times));
    }
  }
  const whole: number[] = [];
  for (const size of SIZES) {
    const json = defaultCompressors().find(({ kind }) => kind === "json");
    const text = json === undefined ? undefined : await textFor(json, size);
    if (text === undefined) continue;
    whole.push(await typical(() => createHeadroom({ store: memoryStore() }).compressText(text)));
  }
  if (whole.length === SIZES.length)
    rows.push(row(out, "whole call on JSON rows, counting included", whole));
  progress("");
  out.table(["", "0.5 MB", "1 MB", "2 MB", "time(2n) / time(n)"], rows);
  out.save();
  return out;
}

async function timesOf(
  compressor: Compressor,
  lossy: boolean,
): Promise<readonly number[] | undefined> {
  const times: number[] = [];
  for (const size of SIZES) {
    const text = await textFor(compressor, size);
    if (text === undefined || text === "") return undefined;
    progress(`growth: ${compressor.name} ${size / 1e6} MB`);
    times.push(
      await typical(() =>
        lossy
          ? settle(
              compressor.shorten?.(text, { budgetTokens: text.length / 40, counter: freeCounter }),
            )
          : losslessForm(compressor, text, freeCounter),
      ),
    );
  }
  return times;
}

async function typical(run: () => unknown): Promise<number> {
  const times: number[] = [];
  let spent = 0;
  while (times.length < RUNS || (spent < ENOUGH_MS && times.length < 40)) {
    const { threadMs } = await timed(run);
    times.push(threadMs);
    spent += threadMs;
  }
  return median(times);
}

function row(out: Report, name: string, [half = 0, one = 0, two = 0]: readonly number[]): string[] {
  const factors = `${(one / half).toFixed(2)}, ${(two / one).toFixed(2)}`;
  // Over the whole span: two doublings, which is steadier than either alone.
  const perDoubling = Math.sqrt(two / half);
  out.target({
    figure: `growth: ${name}`,
    target: `time(2n) / time(n) ≤ ${MOST}`,
    value: `${perDoubling.toFixed(2)} (${factors})`,
    reached: perDoubling <= MOST,
  });
  return [name, ms(half), ms(one), ms(two), factors];
}
