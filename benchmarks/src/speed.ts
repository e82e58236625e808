/**
 * How long it takes: a large request cold and warm, the next turn, and each compressor's lossless tier in MB/s.
 *
 * Times are processor time of the thread where the clock is not named: a busy machine does not change them much, and on an
 * idle one they are the same. Cold runs have a process of their own. Counting is part of the request figures and not of the MB/s, where a counter that
 * costs nothing stands in.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import {
  type Compressor,
  createHeadroom,
  defaultCompressors,
  type TokenCounter,
} from "@headroom/core";
import { readSet } from "./corpus.ts";
import { grown, searchResultsOf } from "./generate.ts";
import { losslessForm } from "./lossless-form.ts";
import { counter, timed } from "./measure.ts";
import { median, ms, percent, progress, type Report, report } from "./report.ts";

const COLD_RUNS = 5;
const MEGABYTE = 1_000_000;

/** Sets whose texts a compressor of this kind is timed on. */
const SETS_OF: Readonly<Record<string, readonly string[]>> = {
  json: ["api-json", "json-tools"],
  log: ["ci-logs", "logs"],
  search: ["search"],
  diff: ["diffs"],
  tree: ["trees"],
  table: ["tables"],
  code: ["code"],
  html: ["html"],
  text: ["markdown"],
};

export const freeCounter: TokenCounter = {
  name: "length / 4",
  count: (text) => Math.ceil(text.length / 4),
};

export async function speed(): Promise<Report> {
  const out = report("speed", "Speed");
  requests(out);
  await perMegabyte(out);
  await perKind(out);
  out.save();
  return out;
}

interface ChildTimes {
  /** By the clock on the wall, then processor time of the thread. */
  readonly cold: number;
  readonly coldThread: number;
  readonly turn: number;
  readonly turnThread: number;
  readonly warm: number;
  readonly warmThread: number;
  /** Rows not seen before, code warm. */
  readonly unseenThread: number;
  /** Only counting as many rows. */
  readonly countingThread: number;
  readonly tokens: number;
  readonly savings: number;
}

function requests(out: Report): void {
  const unloaded = coldRuns([]);
  const loaded = coldRuns(["--loaded"]);
  progress("");
  const of = (runs: readonly ChildTimes[], name: keyof ChildTimes): number =>
    median(runs.map((one) => one[name]));
  const row = (
    name: string,
    runs: readonly ChildTimes[],
    clock: "cold" | "turn" | "warm",
  ): readonly string[] => [
    name,
    ms(of(runs, `${clock}Thread`)),
    ms(of(runs, clock)),
    runs.map((one) => ms(one[clock])).join(", "),
  ];
  const tokens = of(loaded, "tokens");
  const savings = of(loaded, "savings");
  out.heading(`A request with 1,000 search results (${tokens} tokens, ${percent(savings)} saved)`);
  out.table(
    ["", "processor, median", "clock, median", "clock, all runs"],
    [
      row("cold, encoder not loaded yet", unloaded, "cold"),
      row("cold, encoder loaded", loaded, "cold"),
      row("same request, fresh instance, code warm", loaded, "warm"),
      row("next turn over the same history", loaded, "turn"),
    ],
  );
  out.target({
    figure: "100 k tokens of JSON rows, first call of a process, encoder loaded",
    target: "≤ 160 ms",
    value: `${ms(of(loaded, "coldThread"))} (clock ${ms(of(loaded, "cold"))})${savings > 0 ? "" : ", pass-through"}`,
    reached: savings > 0 ? of(loaded, "coldThread") <= 160 : undefined,
  });
  out.target({
    figure: "the same, loading the encoder included",
    target: "≤ 350 ms",
    value: `${ms(of(unloaded, "coldThread"))} (clock ${ms(of(unloaded, "cold"))})`,
    reached: savings > 0 ? of(unloaded, "coldThread") <= 350 : undefined,
  });
  const times = of(loaded, "unseenThread") / of(loaded, "countingThread");
  out.target({
    figure: "rows not seen before, code warm, beside counting them",
    target: "≤ 2.5 ×",
    value: `${times.toFixed(2)} × (${ms(of(loaded, "unseenThread"))}, counting ${ms(of(loaded, "countingThread"))})`,
    reached: savings > 0 ? times <= 2.5 : undefined,
  });
  out.target({
    figure: "next turn over the same history",
    target: "≤ 10 ms",
    value: `${ms(of(loaded, "turnThread"))} (clock ${ms(of(loaded, "turn"))})`,
    reached: of(loaded, "turnThread") <= 10,
  });
}

function coldRuns(flags: readonly string[]): readonly ChildTimes[] {
  const file = fileURLToPath(new URL("speed-child.ts", import.meta.url));
  const args = ["--conditions=@headroom/source", file, ...flags];
  return Array.from({ length: COLD_RUNS }, (_, run) => {
    progress(`cold request ${run + 1}/${COLD_RUNS}`);
    return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as ChildTimes;
  });
}

/** Whole calls, counting included, per megabyte of each set. */
async function perMegabyte(out: Report): Promise<void> {
  const rows: string[][] = [];
  for (const set of [...new Set(Object.values(SETS_OF).flat())]) {
    const text = inputOf([set], MEGABYTE / 2);
    if (text === undefined) continue;
    progress(`ms per MB: ${set}`);
    const times: number[] = [];
    for (let run = 0; run < 3; run++) {
      const { threadMs } = await timed(() =>
        createHeadroom({ mode: "lossless" }).compressText(text),
      );
      times.push((threadMs * MEGABYTE) / text.length);
    }
    const counting = await timed(() => counter.count(`${text} `));
    const [first = Number.NaN] = times;
    rows.push([
      set,
      ms(first),
      ms(Math.min(...times)),
      ms((counting.threadMs * MEGABYTE) / text.length),
    ]);
  }
  progress("");
  out.heading("Milliseconds per MB, lossless, counting included");
  out.table(["set", "first run", "best of three", "counting alone"], rows);
}

async function perKind(out: Report): Promise<void> {
  const rows: string[][] = [];
  for (const compressor of defaultCompressors()) {
    const text = await textFor(compressor, MEGABYTE);
    if (text === undefined) continue;
    progress(`MB/s: ${compressor.name}`);
    const times: number[] = [];
    let result = "declined";
    for (let run = 0; run < 4; run++) {
      const { value, threadMs } = await timed(() => losslessForm(compressor, text, freeCounter));
      times.push(threadMs);
      if (value !== undefined) result = percent(1 - value.length / text.length);
    }
    const rate = text.length / 1000 / Math.min(...times);
    rows.push([compressor.name, `${rate.toFixed(1)} MB/s`, ms(times[0] ?? Number.NaN), result]);
    out.target({
      figure: `${compressor.name}: lossless tier, counting apart`,
      target: "≥ 20 MB/s",
      value: `${rate.toFixed(1)} MB/s`,
      reached: rate >= 20,
    });
  }
  progress("");
  out.heading("Lossless tier of each compressor, 1 MB, counting apart");
  out.table(["compressor", "best of four", "first run", "characters saved"], rows);
}

const inputs = new Map<string, string | undefined>();

/** About `length` characters that this compressor claims: the largest text of its kind that it shortens, over and over. */
export async function textFor(compressor: Compressor, length: number): Promise<string | undefined> {
  const { name, kind } = compressor;
  if (kind === "json") return searchResultsOf(length);
  if (kind === "read") return numberedLines(length);
  if (!inputs.has(name)) inputs.set(name, await seedOf(compressor));
  const seed = inputs.get(name);
  return seed === undefined ? undefined : grown([seed], length);
}

async function seedOf(compressor: Compressor): Promise<string | undefined> {
  const texts = (SETS_OF[compressor.kind] ?? []).flatMap((set) =>
    readSet(set).map(({ text }) => text),
  );
  for (const text of texts.sort((a, b) => b.length - a.length)) {
    // Grown, because what is unique in one copy is not in many.
    if (await losslessForm(compressor, grown([text], 200_000), freeCounter)) return text;
  }
  return undefined;
}

function inputOf(sets: readonly string[], length: number): string | undefined {
  if (sets.some((set) => set.includes("json"))) return searchResultsOf(length);
  const texts = sets.flatMap((set) => readSet(set).map(({ text }) => text.slice(0, length / 4)));
  return texts.length === 0 ? undefined : grown(texts, length);
}

function numberedLines(length: number): string {
  const code = readSet("code").map(({ text }) => text.slice(0, length));
  if (code.length === 0) return "";
  return grown(code, length)
    .split("\n")
    .map((line, index) => `${String(index + 1).padStart(6)}→${line}`)
    .join("\n");
}
