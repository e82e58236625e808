/**
 * Every target of the benchmarks, in this one place: what is measured, by which part of `npm run bench`, what it has to reach,
 * and the issue that asks for it. Where issues ask for different figures, the higher one stands here; only where a later issue says
 * that views show more than before, its figure does (issue 13: savings of logs and search, balanced).
 *
 * A target that is missed stays as it is and is printed as missed.
 */

/** So many of so many cases hold. */
export interface Count {
  readonly met: number;
  readonly of: number;
}

/** `undefined`: it could not be measured, which is a miss. */
export type Measurement = number | Count | undefined;

interface Named {
  /** What is measured; `{}` stands for the kind or case of a row. */
  readonly figure: string;
  readonly issue: number;
}
export type Unit = "%" | "ms" | "µs" | "MB" | "MB/s" | "req/s" | "×";
export type Target = Named &
  (
    | { readonly atLeast: number; readonly unit: Unit }
    | { readonly atMost: number; readonly unit: Unit }
    /** The share of cases that have to hold; there has to be a case. */
    | { readonly share: number }
  );

const share = (figure: string, issue: number, least: number): Target => ({
  figure,
  issue,
  atLeast: least,
  unit: "%",
});
const all = (figure: string, issue: number): Target => ({ figure, issue, share: 1 });
const most = (figure: string, issue: number, atMost: number, unit: Unit): Target => ({
  figure,
  issue,
  atMost,
  unit,
});

const BENCHES = {
  savings: {
    "api-json lossless": share("api-json, lossless: saved", 10, 0.72),
    "json-tools lossless": share("json-tools, lossless: saved", 10, 0.535),
    "logs lossless": share("logs, lossless: saved", 10, 0.61),
    "search lossless": share("search, lossless: saved", 10, 0.457),
    "diffs lossless": share("diffs, lossless: saved", 10, 0.151),
    "trees lossless": share("trees, lossless: saved", 10, 0.524),
    "tables lossless": share("tables, lossless: saved", 14, 0.4),
    "json-tools balanced": share("json-tools, balanced: saved", 13, 0.75),
    "logs balanced": share("logs, balanced: saved", 13, 0.82),
    "search balanced": share("search, balanced: saved", 13, 0.7),
    "diffs balanced": share("diffs, balanced: saved", 13, 0.4),
    "trees balanced": share("trees, balanced: saved", 13, 0.7),
    "tables balanced": share("tables, balanced: saved", 13, 0.7),
    decoded: all("{}, lossless forms that give the original back", 3),
    "error lines": all("logs, balanced: every kind of error line visible", 3),
    "changed lines": all("diffs, balanced: every +/- line of human files visible", 3),
    "files named": all("search, balanced: every file named", 3),
    must: all("all sets: must visible", 3),
    query: all("all sets: query visible when asked", 3),
    exact: all("all sets: exact served by one retrieve", 3),
    "round trip": all("all sets: changed texts that come back byte for byte", 3),
    invented: all("all sets: texts in which no literal is changed or invented", 3),
    "never larger": all("all sets: texts that did not get larger", 2),
    "reported tokens": all("all sets: tokens reported as another package counts them", 11),
  },
  "ci-logs": {
    "ci-logs lossless": share("ci-logs, lossless: saved", 10, 0.58),
    "ci-logs balanced": share("ci-logs, balanced: saved", 13, 0.88),
    "critical signals": all(
      "ci-logs, balanced: critical signals visible that stand in the log",
      13,
    ),
    "ci-logs decoded": all("ci-logs, lossless forms that give the original back", 3),
    "ci-logs round trip": all("ci-logs, changed texts that come back byte for byte", 3),
    "ci-logs invented": all("ci-logs, texts in which no literal is changed or invented", 3),
  },
  reference: {
    "reference json": all("reference: JSON cases that save what the reference saves", 2),
    "reference cases": {
      figure: "reference: cases that save what the reference saves",
      issue: 13,
      share: 90 / 94,
    },
    "reference saved": share("reference: saved over all cases", 2, 0.8),
    "reference must": all("reference: must visible", 2),
    "reference query": all("reference: query visible when asked", 2),
    "reference exact": all("reference: ccr found by one retrieve", 2),
    "reference round trip": all("reference: changed blocks that come back byte for byte", 2),
  },
  sessions: {
    "sparse numbers": share("sessions: tokens of reads saved by sparse numbers alone", 3, 0.2),
    "sessions lossless": share("sessions, lossless: tool tokens saved", 17, 0.38),
    "sessions balanced": share("sessions, balanced: tool tokens saved", 17, 0.5),
    "next actions": {
      figure: "sessions, {}: literals of the next action still readable",
      issue: 17,
      share: 0.995,
    },
    "sessions round trip": all(
      "sessions, balanced: changed blocks that come back byte for byte",
      3,
    ),
    "sessions append-only": all("sessions: earlier messages that keep their bytes", 3),
    "sessions decoded": all("sessions, lossless: texts told from what is sent alone", 17),
    "turn warm": most("sessions: next turn of 200 k tokens", 17, 15, "ms"),
    "turn cold": most("sessions: 200 k tokens for the first time", 17, 400, "ms"),
    "turn growth": most("sessions: time of a message, in 800 beside in 100", 17, 2, "×"),
  },
  history: {
    "history breaks": all(
      "history: requests that go on where the one before ended, or follow an epoch",
      17,
    ),
    "history redeemable": all("history: old blocks that come back byte for byte", 17),
    "history warm": most("history: next turn of 200 k tokens", 17, 15, "ms"),
    "history cold": most("history: 200 k tokens for the first time", 17, 400, "ms"),
    "input cost": all("sessions whose simulated input cost is 30 % lower", 17),
    "input cost never above": all("sessions whose simulated input cost is not higher", 17),
  },
  trajectories: {
    "trajectory actions": {
      figure: "trajectories: literals of the next action still readable",
      issue: 17,
      share: 0.995,
    },
  },
  documents: {
    "answers at 25 %": { figure: "answers visible at 25 % of the tokens", issue: 18, share: 0.9 },
    "answers at 50 %": { figure: "answers visible at 50 % of the tokens", issue: 18, share: 0.97 },
  },
  laws: {
    "same bytes": all("same bytes in another process", 2),
    "append-only": all("earlier messages keep their bytes when the request grows", 2),
    idempotent: all("compressing the result changes nothing", 2),
    "requests never larger": all("no block and no request larger", 2),
    "same objects": all("messages that did not change are the same objects", 2),
    "hands off": all("all but the text of tool results kept: ids, names, order, unknown fields", 2),
    declared: all(
      "every text that does not decode declares what is gone, under a marker whose original is stored",
      2,
    ),
  },
  "store-failure": {
    "no lossy text": all("failing store: blocks untouched, decodable, or stored all the same", 2),
    "store-down told": all("failing store: blocks without an original reported as store-down", 2),
    "in time": all("failing store: calls that end within their deadline", 2),
  },
  hostile: {
    "hostile thrown": all("hostile input: calls that do not throw", 2),
    "hostile exact": all("hostile input: results untouched or exact", 2),
    "hostile growth": most("hostile input: worst time(2n) / time(n)", 2, 2.5, "×"),
  },
  speed: {
    cold: most("100 k tokens of JSON rows, first call of a process, encoder loaded", 10, 160, "ms"),
    "cold with encoder": most("the same, loading the encoder included", 10, 350, "ms"),
    unseen: most("rows not seen before, code warm, beside counting them", 10, 2.5, "×"),
    "next turn": most("next turn over the same history", 2, 10, "ms"),
    rate: {
      figure: "{}: lossless tier, counting apart",
      issue: 3,
      atLeast: 20,
      unit: "MB/s",
    },
  },
  growth: {
    growth: most("growth: {}, time(2n) / time(n)", 2, 2.5, "×"),
  },
  estimate: {
    estimator: most("estimator, mean error over all texts", 2, 0.05, "%"),
    "exact counts": all("exact counts that agree with two other packages", 11),
  },
  stalls: {
    stall: most("{}: longest stall in this thread", 10, 50, "ms"),
    "worker stall": most("{}: longest stall beside worker threads", 10, 5, "ms"),
    abort: most("AbortSignal.timeout(50), {}: rejected after", 10, 100, "ms"),
  },
  unseen: {
    "unseen lossless": share("unseen, {}, lossless: saved", 14, 0.3),
    "unseen balanced": share("unseen, {}, balanced: saved", 14, 0.65),
    "unseen untouched": most("unseen, {}: share of the tokens untouched", 14, 0.1, "%"),
    "unseen views": all("unseen, {}: texts no larger than their lossless form", 14),
    "unseen round trip": all("unseen, {}: texts that come back byte for byte", 13),
    "unseen true": all("unseen, {}: texts of which every view says only what is so", 13),
    "unseen facts": all("unseen, {}: views with errors and tops of lists visible", 13),
  },
  langchain: {
    "nothing to do": most("HeadroomCompressor on 50 short messages", 5, 0.2, "ms"),
  },
  measure: {
    "measure time": most("headroom measure, 16 MB of sessions{}: whole run", 16, 10_000, "ms"),
    "measure memory": most("headroom measure, 16 MB of sessions{}: memory", 16, 500, "MB"),
  },
  proxy: {
    "P1 p50": most("P1, 20 KB {}: added, median", 15, 0.3, "ms"),
    "P1 p99": most("P1, 20 KB {}: added, p99", 15, 3, "ms"),
    P2: most("P2, 20 KB {}: processor time of a request", 15, 100, "µs"),
    P3: {
      figure: "P3, 20 KB {}: requests of one process, 16 connections",
      issue: 15,
      atLeast: 5_000,
      unit: "req/s",
    },
    "P4 p50": most("P4, 560 KB, nothing to compress: added to the first byte, median", 15, 2, "ms"),
    "P4 p99": most("P4, the same, p99", 15, 10, "ms"),
    "P5 warm p50": most("P5, 560 KB transcript, one turn longer: added, median", 15, 8, "ms"),
    "P5 warm p99": most("P5, the same, p99", 15, 25, "ms"),
    "P5 cold p50": most("P5, 560 KB transcript never seen before: added, median", 15, 60, "ms"),
    P6: most("P6, a store that hangs: the last request, after its deadline", 15, 50, "ms"),
    P7: most("P7, events of a stream: added, p99", 15, 5, "ms"),
    "P7 first event": most("P7, first event of a stream: added, median", 15, 0.3, "ms"),
    P8: most("P8, 16 bodies of 5 MB at once: how late the event loop is, p99", 15, 20, "ms"),
    "P9 peak": most("P9, 560 KB bodies, 16 at a time: resident memory", 15, 300, "MB"),
    "P9 drift": most("P9, the same process after many requests: growth", 15, 0.05, "%"),
    P10: most("P10, from its start until it listens", 15, 500, "ms"),
    "prefix breaks": all("replayed sessions: turns that go on where the one before ended", 15),
    "dearer turns": all("replayed sessions: turns with no more newly paid tokens than without", 15),
    "cost of long sessions": share("replayed sessions of 40 turns and more: input cost", 15, 0.3),
    "cost of short sessions": share("replayed sessions of fewer turns: input cost", 15, 0.2),
  },
  chaos: {
    rows: all("chaos: rows that hold what their level promises", 4),
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Target>>>>;

type Benches = typeof BENCHES;
export type BenchName = keyof Benches;
export type TargetName = { [Name in BenchName]: keyof Benches[Name] }[BenchName] & string;

const byName: ReadonlyMap<string, Target> = new Map(
  Object.values(BENCHES).flatMap((targets): [string, Target][] => Object.entries(targets)),
);

export function targetOf(name: TargetName): Target {
  const target = byName.get(name);
  if (target === undefined) throw new Error(`There is no target ${name}.`);
  return target;
}

/** What a part of the benchmarks has to judge. */
export function targetsOf(bench: BenchName): readonly TargetName[] {
  return Object.keys(BENCHES[bench]) as TargetName[];
}

/** The target of this name, if one of the issues asks for it. */
export function knownTarget(name: string): TargetName | undefined {
  return byName.has(name) ? (name as TargetName) : undefined;
}

/** Whether a target is reached. What was not measured, no case at all, and what is no number are misses. */
export function reaches(target: Target, measured: Measurement): boolean {
  if (measured === undefined) return false;
  if ("share" in target)
    return typeof measured === "object" && measured.of > 0 && shareOf(measured) >= target.share;
  if (typeof measured !== "number" || !Number.isFinite(measured)) return false;
  // Shares are asked for, printed and compared to a tenth of a percent.
  const value = target.unit === "%" ? Math.round(measured * 1_000) / 1_000 : measured;
  return "atLeast" in target ? value >= target.atLeast : value <= target.atMost;
}

/** The share of cases that hold: `NaN` without any. */
export function shareOf({ met, of }: Count): number {
  return met / of;
}

/** What a target asks for, in words. */
export function wordsOf(target: Target): string {
  if ("share" in target)
    return target.share === 1 ? "all" : `≥ ${(target.share * 100).toFixed(1)} %`;
  return "atLeast" in target
    ? `≥ ${shown(target.atLeast, target.unit)}`
    : `≤ ${shown(target.atMost, target.unit)}`;
}

/** A measurement, in words. */
export function shownValue(target: Target, measured: Measurement): string {
  if (measured === undefined) return "not measured";
  if (typeof measured === "object") return `${measured.met} of ${measured.of}`;
  return "unit" in target ? shown(measured, target.unit) : String(measured);
}

function shown(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return "no number";
  if (unit === "%") return `${(value * 100).toFixed(1)} %`;
  return `${Number(value.toFixed(value >= 100 ? 0 : 2))} ${unit}`;
}
