/**
 * How long it takes: a large request cold and warm, the next turn, and each compressor's lossless tier in MB/s.
 *
 * Times are processor time of the thread where the clock is not named: a busy machine does not change them much, and on an
 * idle one they are the same. Cold runs have a process of their own. Counting is part of the request figures and not of the MB/s, where a counter that
 * costs nothing stands in.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Compressor, TokenCounter } from "@headroom/core";
import { outputKinds, outputOf } from "../../packages/conformance/test/outputs.ts";
import type { Data } from "./corpus.ts";
import { type FormTier, formOf } from "./forms.ts";
import { grown, searchResultsOf } from "./generate.ts";
import { timed } from "./measure.ts";
import { median, ms, percent, progress, type Report } from "./report.ts";
import { type Bench, library } from "./subject.ts";

/** Lines or rows of a text that is made. */
const MADE_LINES = 2_000;

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

export async function speed(bench: Bench): Promise<Report> {
  const out = bench.report("speed", "Speed");
  requests(out, bench);
  await perMegabyte(out, bench);
  await perKind(out, bench);
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

function requests(out: Report, bench: Bench): void {
  const unloaded = coldRuns([], bench);
  const loaded = coldRuns(["--loaded"], bench);
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
  out.heading(
    `A request with ${bench.size.coldRows} search results (${tokens} tokens, ${percent(savings)} saved)`,
  );
  out.table(
    ["", "processor, median", "clock, median", "clock, all runs"],
    [
      row("cold, encoder not loaded yet", unloaded, "cold"),
      row("cold, encoder loaded", loaded, "cold"),
      row("same request, fresh instance, code warm", loaded, "warm"),
      row("next turn over the same history", loaded, "turn"),
    ],
  );
  // A request that nothing was saved on is quick, and says nothing.
  const worked = (runs: readonly ChildTimes[], value: number): number | undefined =>
    of(runs, "savings") > 0 ? value : undefined;
  const judge = (
    name: "cold" | "cold with encoder" | "next turn",
    runs: readonly ChildTimes[],
    clock: "cold" | "turn",
  ): void =>
    out.judge(name, worked(runs, of(runs, `${clock}Thread`)), {
      note: `clock ${ms(of(runs, clock))}`,
    });
  judge("cold", loaded, "cold");
  judge("cold with encoder", unloaded, "cold");
  judge("next turn", loaded, "turn");
  const [unseen, counting] = [of(loaded, "unseenThread"), of(loaded, "countingThread")];
  out.judge("unseen", worked(loaded, unseen / counting), {
    note: `${ms(unseen)}, counting ${ms(counting)}`,
  });
}

function coldRuns(flags: readonly string[], { size, subject }: Bench): readonly ChildTimes[] {
  const file = fileURLToPath(new URL("speed-child.ts", import.meta.url));
  const sabotage = subject.sabotage === undefined ? [] : ["--sabotage", subject.sabotage];
  const args = ["--conditions=@headroom/source", file, ...flags, ...sabotage];
  args.push("--rows", String(size.coldRows));
  return Array.from({ length: size.coldRuns }, (_, run) => {
    progress(`cold request ${run + 1}/${size.coldRuns}`);
    return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as ChildTimes;
  });
}

/** Whole calls, counting included, per megabyte of each set. */
async function perMegabyte(out: Report, { subject, data, size }: Bench): Promise<void> {
  const rows: string[][] = [];
  for (const set of [...new Set(Object.values(SETS_OF).flat())]) {
    const text = inputOf([set], size.rateBytes / 2, data);
    if (text === undefined) continue;
    progress(`ms per MB: ${set}`);
    const times: number[] = [];
    for (let run = 0; run < 3; run++) {
      const { threadMs } = await timed(() => subject.make({ mode: "lossless" }).compressText(text));
      times.push((threadMs * 1_000_000) / text.length);
    }
    const counting = await timed(() => subject.counter.count(`${text} `));
    const [first = Number.NaN] = times;
    rows.push([
      set,
      ms(first),
      ms(Math.min(...times)),
      ms((counting.threadMs * 1_000_000) / text.length),
    ]);
  }
  progress("");
  out.heading("Milliseconds per MB, lossless, counting included");
  out.table(["set", "first run", "best of three", "counting alone"], rows);
}

async function perKind(out: Report, bench: Bench): Promise<void> {
  const { subject, size } = bench;
  const rows: string[][] = [];
  for (const compressor of subject.compressors()) {
    progress(`MB/s: ${compressor.name}`);
    // Some kinds have a view only.
    const lossless = await textFor(compressor, size.rateBytes, bench);
    const tier: FormTier = lossless === undefined ? "view" : "lossless";
    const text = lossless ?? (await textFor(compressor, size.rateBytes, bench, tier));
    const times: number[] = [];
    let form: string | undefined;
    for (let run = 0; run < 4 && text !== undefined; run++) {
      // Often enough for the clock.
      let [spent, calls] = [0, 0];
      while (spent < size.enoughMs / 2 && calls < 1_000) {
        const { value, threadMs } = await timed(() => formOf(compressor, tier, text, freeCounter));
        form = value;
        spent += threadMs;
        calls++;
        // Nothing to time: it has declined.
        if (value === undefined) break;
      }
      times.push(spent / calls);
    }
    const rate =
      text === undefined || form === undefined
        ? undefined
        : text.length / 1000 / Math.min(...times);
    const result =
      text === undefined || form === undefined
        ? "declined"
        : percent(1 - form.length / text.length);
    rows.push([
      compressor.name,
      rate === undefined ? "–" : `${rate.toFixed(1)} MB/s`,
      ms(times[0] ?? Number.NaN),
      result,
    ]);
    out.judge("rate", rate, {
      of: compressor.name,
      ...(tier === "view" ? { note: "its view: it has no lossless form" } : {}),
    });
  }
  progress("");
  out.heading("Lossless tier of each compressor, counting apart");
  out.table(["compressor", "best of four", "first run", "characters saved"], rows);
}

const inputs = new WeakMap<Data, Map<string, Promise<string | undefined>>>();

/** About `length` characters that this compressor claims: the largest text of its kind that it shortens, over and over. */
export async function textFor(
  compressor: Compressor,
  length: number,
  { data }: Pick<Bench, "data">,
  tier: FormTier = "lossless",
): Promise<string | undefined> {
  const { name, kind } = compressor;
  if (kind === "json") return searchResultsOf(length);
  if (kind === "read") return numberedLines(length, data);
  // The library as it is chooses, so that one that is broken is measured on the same text.
  const honest = library.compressors().find((one) => one.name === name) ?? compressor;
  const key = `${name} ${tier}`;
  const known = inputs.get(data) ?? new Map<string, Promise<string | undefined>>();
  inputs.set(data, known);
  if (!known.has(key)) known.set(key, seedOf(honest, data, tier));
  const seed = await known.get(key);
  return seed === undefined ? undefined : grown([seed], length);
}

async function seedOf(
  compressor: Compressor,
  data: Data,
  tier: FormTier,
): Promise<string | undefined> {
  const real = (SETS_OF[compressor.kind] ?? []).flatMap((set) =>
    data.readSet(set).map(({ text }) => text),
  );
  // Kinds that no set has: what the conformance tests make of them.
  const made = outputKinds.find((kind) => kind === compressor.kind);
  const texts = real.length > 0 || made === undefined ? real : [outputOf(made, 1, MADE_LINES)];
  for (const text of texts.sort((a, b) => b.length - a.length)) {
    // Grown, because what is unique in one copy is not in many.
    if (await formOf(compressor, tier, grown([text], 200_000), freeCounter)) return text;
  }
  return undefined;
}

function inputOf(sets: readonly string[], length: number, { readSet }: Data): string | undefined {
  if (sets.some((set) => set.includes("json"))) return searchResultsOf(length);
  const texts = sets.flatMap((set) => readSet(set).map(({ text }) => text.slice(0, length / 4)));
  return texts.length === 0 ? undefined : grown(texts, length);
}

function numberedLines(length: number, { readSet }: Data): string | undefined {
  const code = [...readSet("code"), ...readSet("markdown")].map(({ text }) =>
    text.slice(0, length),
  );
  if (code.length === 0) return undefined;
  return grown(code, length)
    .split("\n")
    .map((line, index) => `${String(index + 1).padStart(6)}→${line}`)
    .join("\n");
}
