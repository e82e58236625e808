/**
 * Tokens saved and facts kept, per kind of text: lossless and balanced, beside minified JSON and head-and-tail.
 */
import { headAndTail, minified } from "./baseline.ts";
import { countBack, countDecoded, countOf, type Measured, measure } from "./measure.ts";
import { addTallies, fraction, type Tally, tallyVisible } from "./needles.ts";
import { ms, percent, progress, type Report, saved } from "./report.ts";
import type { Bench } from "./subject.ts";
import { knownTarget, type TargetName } from "./targets.ts";
import { tokensOf } from "./tokens.ts";
import { hiddenChanges, hiddenErrors, hiddenFiles } from "./visible-lines.ts";

const SETS = [
  "api-json",
  "json-tools",
  "logs",
  "search",
  "diffs",
  "trees",
  "tables",
  "code",
  "markdown",
  "html",
] as const;
type SetName = (typeof SETS)[number];

interface SetResult {
  readonly set: SetName;
  readonly measured: readonly Measured[];
  readonly before: number;
  readonly lossless: number;
  readonly balanced: number;
  readonly must: Tally;
  readonly query: Tally;
  readonly exact: Tally;
}

export async function savings(bench: Bench): Promise<Report> {
  const out = bench.report("savings", "Savings and facts kept, by kind");
  const results: SetResult[] = [];
  for (const set of SETS) {
    const samples = bench.data.readSet(set);
    const measured: Measured[] = [];
    for (const [index, sample] of samples.entries()) {
      progress(`${set} ${index + 1}/${samples.length} ${sample.name}`);
      measured.push(await measure(sample, bench.subject));
    }
    progress("");
    if (measured.length > 0) results.push(total(set, measured));
  }
  printTotals(out, results);
  printBaselines(out, results);
  for (const result of results) {
    judgeSet(out, result);
    printSamples(out, result);
  }
  judgeAll(out, results);
  if (bench.data.name === "fixtures")
    out.text("The shared corpora are not there: these are the fixtures of the compressors.");
  out.save();
  return out;
}

function total(set: SetName, measured: readonly Measured[]): SetResult {
  const sum = (tokens: (one: Measured) => number): number =>
    measured.reduce((all, one) => all + tokens(one), 0);
  return {
    set,
    measured,
    before: sum(({ tokens }) => tokens),
    lossless: sum(({ lossless }) => lossless.tokens),
    balanced: sum(({ balanced }) => balanced.tokens),
    must: addTallies(measured.map(({ must }) => must)),
    query: addTallies(measured.map(({ query }) => query)),
    exact: addTallies(measured.map(({ exact }) => exact)),
  };
}

function printTotals(out: Report, results: readonly SetResult[]): void {
  out.table(
    [
      "set",
      "texts",
      "tokens",
      "lossless",
      "balanced",
      "must",
      "query",
      "exact",
      "changed",
      "ms lossless",
      "ms balanced",
    ],
    results.map(({ set, measured, before, lossless, balanced, must, query, exact }) => [
      set,
      String(measured.length),
      String(before),
      percent(saved(before, lossless)),
      percent(saved(before, balanced)),
      fraction(must),
      fraction(query),
      fraction(exact),
      `${measured.filter(({ roundTrip }) => roundTrip !== undefined).length}/${measured.length}`,
      ms(measured.reduce((all, one) => all + one.lossless.milliseconds, 0)),
      ms(measured.reduce((all, one) => all + one.balanced.milliseconds, 0)),
    ]),
  );
}

/** What the same tokens buy when the middle is cut out, and what minifying saves. */
function printBaselines(out: Report, results: readonly SetResult[]): void {
  out.heading("Beside what anyone can do");
  out.table(
    [
      "set",
      "minified",
      "head and tail at our size: must",
      "query",
      "ours: must",
      "query",
      "head and tail at 25 %: must",
      "query",
    ],
    results.map(({ set, measured, before, must, query }) => {
      const small = measured.reduce((all, { sample }) => all + tokensOf(minified(sample.text)), 0);
      const same = cutTallies(measured, ({ balanced }) => balanced.tokens);
      const quarter = cutTallies(measured, ({ tokens }) => tokens / 4);
      return [
        set,
        small < before ? percent(saved(before, small)) : "–",
        fraction(same.must),
        fraction(same.query),
        fraction(must),
        fraction(query),
        fraction(quarter.must),
        fraction(quarter.query),
      ];
    }),
  );
}

function cutTallies(
  measured: readonly Measured[],
  budget: (one: Measured) => number,
): { must: Tally; query: Tally } {
  const tallies = measured.map((one) => {
    const { sample } = one;
    const text = sample.needles.length > 0 ? headAndTail(sample.text, budget(one), tokensOf) : "";
    const of = (kind: string): Tally =>
      addTallies(
        sample.needles
          .filter((needle) => needle.kind === kind)
          .map((needle) => tallyVisible(needle, text)),
      );
    return { must: of("must"), query: of("query") };
  });
  return {
    must: addTallies(tallies.map(({ must }) => must)),
    query: addTallies(tallies.map(({ query }) => query)),
  };
}

function judgeSet(out: Report, { set, measured, before, lossless, balanced }: SetResult): void {
  const savedBy = (tier: "lossless" | "balanced", after: number): void => {
    const name = knownTarget(`${set} ${tier}`);
    if (name !== undefined) out.judge(name, saved(before, after));
  };
  savedBy("lossless", lossless);
  savedBy("balanced", balanced);
  // A set of which nothing may get shorter without loss has no forms to decode.
  const forms = countDecoded(measured.map((one) => one.lossless));
  if (forms.of > 0 || knownTarget(`${set} lossless`) !== undefined)
    out.judge("decoded", forms, { of: set });
  judgeLines(out, set, measured);
}

const LINES = {
  logs: { name: "error lines", find: hiddenErrors },
  diffs: { name: "changed lines", find: hiddenChanges },
  search: { name: "files named", find: hiddenFiles },
} as const satisfies Partial<Record<SetName, { name: TargetName; find: unknown }>>;

/** Lines of a kind that must not go, found without our own parsers. A text that decodes has them all. */
function judgeLines(out: Report, set: SetName, measured: readonly Measured[]): void {
  if (set !== "logs" && set !== "diffs" && set !== "search") return;
  const { name, find } = LINES[set];
  const checked = measured.map(({ sample, balanced }) => {
    const { total, hidden } = find(sample.text, balanced.text);
    return { sample, total, hidden: balanced.decodes === true ? [] : hidden };
  });
  const hidden = checked.reduce((all, one) => all + one.hidden.length, 0);
  const lines = checked.reduce((all, one) => all + one.total, 0);
  const table = checked.filter((one) => one.hidden.length > 0);
  if (table.length > 0) {
    out.heading(`${set}: not visible (${name})`);
    out.table(
      ["text", "hidden", "first of them"],
      table.map((one) => [
        one.sample.name,
        `${one.hidden.length} of ${one.total}`,
        (one.hidden[0] ?? "").slice(0, 120),
      ]),
      "file",
    );
  }
  out.judge(name, { met: lines - hidden, of: lines });
}

function printSamples(out: Report, { set, measured }: SetResult): void {
  out.heading(set);
  out.table(
    [
      "text",
      "tokens",
      "lossless",
      "decoded",
      "balanced",
      "kind",
      "must",
      "query",
      "exact",
      "back",
      "invented",
      "why not",
    ],
    measured.map((one) => [
      one.sample.name,
      String(one.tokens),
      percent(saved(one.tokens, one.lossless.tokens)),
      one.lossless.decodes === undefined ? "–" : one.lossless.decodes ? "exact" : "NO",
      percent(saved(one.tokens, one.balanced.tokens)),
      one.balanced.block.kind ?? "–",
      fraction(one.must),
      fraction(one.query),
      fraction(one.exact),
      one.roundTrip ?? "–",
      String(one.invented.length),
      one.roundTrip !== undefined ? "" : one.balanced.block.reason,
    ]),
    "file",
  );
  const missing = measured.flatMap(({ sample, must, query, exact }) =>
    [...must.missing, ...query.missing, ...exact.missing].map((one) => [sample.name, one]),
  );
  if (missing.length > 0) out.table(["text", "needle not met"], missing, "file");
  const invented = measured.flatMap(({ sample, invented }) =>
    invented.slice(0, 5).map((one) => [sample.name, one]),
  );
  if (invented.length > 0)
    out.table(["text", "literal that did not stand before"], invented, "file");
}

function judgeAll(out: Report, results: readonly SetResult[]): void {
  const all = results.flatMap(({ measured }) => measured);
  for (const name of ["must", "query", "exact"] as const) {
    const { met, needles } = addTallies(results.map((result) => result[name]));
    out.judge(name, { met, of: needles });
  }
  out.judge("round trip", countBack(all.map(({ roundTrip }) => roundTrip)));
  const changed = all.filter(({ roundTrip }) => roundTrip !== undefined);
  const invented = all.reduce((sum, one) => sum + one.invented.length, 0);
  out.judge(
    "invented",
    countOf(changed, (one) => one.invented.length === 0),
    { note: `${invented} literals` },
  );
  const tiers = all.flatMap(({ tokens, lossless, balanced }) =>
    [lossless, balanced].map((tier) => ({ tokens, tier })),
  );
  out.judge(
    "never larger",
    countOf(tiers, ({ tokens, tier }) => tier.tokens <= tokens),
  );
  out.judge(
    "reported tokens",
    countOf(tiers, ({ tier }) => tier.reportsTokens),
  );
}
