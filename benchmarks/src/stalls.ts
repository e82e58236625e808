/** `npm run bench:stalls`: the longest time the event loop is held in one piece, in this thread and with worker threads. */
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { createHeadroom, type Headroom, memoryStore } from "@headroom/core";
import { workerRunner } from "@headroom/worker";
import { searchResultsOf } from "./generate.ts";
import { median, ms, progress, report } from "./report.ts";

const MEGABYTES_4 = 4_000_000;
const CALLS = 500;
const RUNS = 3;

/** Lines of a service's log, none like the other. */
function logOf(length: number, seed = 0): string {
  const lines: string[] = [];
  let size = 0;
  for (let at = seed; size < length; at++) {
    const line = `2026-01-05T10:${String(Math.floor(at / 60) % 60).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}.${String(at % 1_000).padStart(3, "0")}Z ${at % 97 === 0 ? "ERROR" : "INFO"} worker-${at % 7} job ${(at * 2_654_435_761) >>> 0} took ${(at * 37) % 901} ms`;
    lines.push(line);
    size += line.length + 1;
  }
  return lines.join("\n");
}

/** Milliseconds of the longest gap between two ticks of a timer while `work` goes on. */
async function longestGap(work: () => Promise<unknown>): Promise<number> {
  let last = performance.now();
  let longest = 0;
  const tick = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(tick, 1);
  await sleep(5);
  longest = 0;
  last = performance.now();
  await work();
  tick();
  clearInterval(timer);
  return longest;
}

async function typical(measure: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let run = 0; run < RUNS; run++) values.push(await measure());
  return median(values);
}

const out = report("stalls", "How long the event loop is held in one piece", {
  command: "bench:stalls",
});
const rows: string[][] = [];
const texts: readonly (readonly [string, string])[] = [
  ["4 MB of JSON", searchResultsOf(MEGABYTES_4)],
  ["4 MB of a log", logOf(MEGABYTES_4)],
];
const small = Array.from({ length: CALLS }, (_, at) => logOf(7_000 + at * 60, at * 1_000));

/** What the machine itself does to a timer while another thread is busy: no figure below can be better. */
async function noise(): Promise<number> {
  const busy = new Worker("for (;;) Array.from({ length: 1e5 }, (_, at) => ({ at }))", {
    eval: true,
  });
  const gap = await typical(() => longestGap(() => sleep(600)));
  await busy.terminate();
  return gap;
}

rows.push(["nothing", "beside a busy thread", ms(await noise())]);
for (const [where, target, runner] of [
  ["in this thread", "stall", undefined],
  ["worker threads", "worker stall", workerRunner({ minCharacters: 0 })],
] as const) {
  const make = (): Headroom =>
    createHeadroom({ store: memoryStore(), cacheBytes: 0, ...(runner ? { runner } : {}) });
  const keep = make();
  await keep.compressText(logOf(100_000));
  const judge = (what: string, value: number): void => {
    rows.push([what, where, ms(value)]);
    out.judge(target, value, { of: what });
  };
  for (const [what, text] of texts) {
    for (const mode of ["lossless", "balanced"] as const) {
      progress(`${what}, ${mode}, ${where}`);
      const value = await typical(() =>
        longestGap(() =>
          createHeadroom({
            store: memoryStore(),
            mode,
            cacheBytes: 0,
            ...(runner ? { runner } : {}),
          }).compressText(text),
        ),
      );
      judge(`${what}, ${mode}`, value);
    }
  }
  progress(`${CALLS} calls, ${where}`);
  const headroom = make();
  judge(
    `${CALLS} calls at once`,
    await longestGap(() => Promise.all(small.map((text) => headroom.compressText(text)))),
  );
  for (const [what, text] of texts) {
    progress(`abort, ${what}, ${where}`);
    const after = await typical(async () => {
      const started = performance.now();
      const isRejected = await make()
        .compressText(text, { signal: AbortSignal.timeout(50) })
        .then(
          () => false,
          () => true,
        );
      // An answer is no rejection, however soon it comes.
      return isRejected ? performance.now() - started : Number.NaN;
    });
    rows.push([`aborted after 50 ms: ${what}`, where, ms(after)]);
    out.judge("abort", after, { of: `${what}, ${where}` });
  }
  await keep.close();
}
progress("");
out.table(["work", "where", "longest stall or time"], rows);
out.save();
process.exitCode = out.judged.every(({ reached }) => reached) ? 0 : 1;
