/**
 * Tokens saved and facts kept, per kind of text: lossless and balanced, beside minified JSON and head-and-tail.
 */
import { headAndTail, minified } from "./baseline.ts";
import { hasSet, readSet } from "./corpus.ts";
import { counter, type Measured, measure } from "./measure.ts";
import { addTallies, fraction, type Tally, tallyVisible } from "./needles.ts";
import { ms, percent, progress, type Report, report, saved } from "./report.ts";
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

/** What the issues ask of each set. */
const REACH: Readonly<Partial<Record<SetName, { lossless?: number; balanced?: number }>>> = {
  "api-json": { lossless: 0.6 },
  "json-tools": { balanced: 0.6 },
  logs: { lossless: 0.5, balanced: 0.85 },
  search: { lossless: 0.45, balanced: 0.8 },
  diffs: { lossless: 0.15, balanced: 0.4 },
  trees: { lossless: 0.5 },
  tables: { lossless: 0.4 },
};

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

export async function savings(): Promise<Report> {
  const out = report("savings", "Savings and facts kept, by kind");
  const results: SetResult[] = [];
  for (const set of SETS) {
    const samples = readSet(set);
    const measured: Measured[] = [];
    for (const [index, sample] of samples.entries()) {
      progress(`${set} ${index + 1}/${samples.length} ${sample.name}`);
      measured.push(await measure(sample));
    }
    progress("");
    if (measured.length > 0) results.push(total(set, measured));
  }
  printTotals(out, results);
  printBaselines(out, results);
  for (const result of results) {
    reach(out, result);
    printSamples(out, result);
  }
  everySet(out, results);
  out.save();
  return out;
}

function total(set: SetName, measured: readonly Measured[]): SetResult {
  const sum = (tokens: (one: Measured) => number): number =>
    measured.reduce((all, one) => all + tokens(one), 0);
  return {
    set,
    measured,
    before: sum(({ lossless }) => lossless.tokensBefore),
    lossless: sum(({ lossless }) => lossless.tokensAfter),
    balanced: sum(({ balanced }) => balanced.tokensAfter),
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
      `${measured.filter((one) => one.balanced.tokensSaved > 0).length}/${measured.length}`,
      ms(measured.reduce((all, one) => all + one.losslessMs, 0)),
      ms(measured.reduce((all, one) => all + one.balancedMs, 0)),
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
      const small = measured.reduce(
        (all, { sample }) => all + counter.count(minified(sample.text)),
        0,
      );
      const same = cutTallies(measured, ({ balanced }) => balanced.tokensAfter);
      const quarter = cutTallies(measured, ({ balanced }) => balanced.tokensBefore / 4);
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
    const text = sample.needles.length > 0 ? headAndTail(sample.text, budget(one), counter) : "";
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

function reach(out: Report, result: SetResult): void {
  const { set, measured, before, lossless, balanced, must, query } = result;
  const wanted = REACH[set];
  const nothingChanged = balanced === before && lossless === before;
  const value = (share: number): string => (nothingChanged ? "pass-through" : percent(share));
  if (wanted?.lossless !== undefined) {
    const share = saved(before, lossless);
    out.target({
      figure: `${set}, lossless`,
      target: `≥ ${percent(wanted.lossless, 0)} saved`,
      value: value(share),
      reached: share >= wanted.lossless,
    });
    const wrong = measured.filter(({ decoded }) => decoded === "WRONG").length;
    const known = measured.filter(
      ({ decoded }) => decoded === "exact" || decoded === "same value",
    ).length;
    const changed = measured.filter(({ decoded }) => decoded !== undefined).length;
    out.target({
      figure: `${set}, lossless forms decoded`,
      target: set.includes("json") ? "the same value, number text kept" : "byte for byte",
      value: `${known} of ${changed}, ${wrong} wrong`,
      reached: changed === 0 ? undefined : wrong === 0,
    });
  }
  if (wanted?.balanced !== undefined) {
    const share = saved(before, balanced);
    const all = must.met === must.needles && query.met === query.needles;
    out.target({
      figure: `${set}, balanced`,
      target: `≥ ${percent(wanted.balanced, 0)} saved, every needle visible`,
      value: `${value(share)}, must ${fraction(must)}, query ${fraction(query)}`,
      reached: share >= wanted.balanced && all,
    });
  }
  visibleLines(out, result);
}

/** Lines of a kind that must not go, found without our own parsers. */
function visibleLines(out: Report, { set, measured }: SetResult): void {
  const check = { logs: hiddenErrors, diffs: hiddenChanges, search: hiddenFiles }[set as string];
  if (check === undefined) return;
  const names = {
    logs: "every kind of error line",
    diffs: "every +/- line of human files",
    search: "every file named",
  };
  const checked = measured.map(({ sample, balanced }) => ({
    sample,
    ...check(sample.text, balanced.text, balanced.block.lossless),
  }));
  const hidden = checked.reduce((all, one) => all + one.hidden.length, 0);
  const lines = checked.reduce((all, one) => all + one.total, 0);
  const hiddenTable = checked.filter((one) => one.hidden.length > 0);
  if (hiddenTable.length > 0) {
    out.heading(`${set}: not visible (${names[set as keyof typeof names]})`);
    out.table(
      ["text", "hidden", "first of them"],
      hiddenTable.map((one) => [
        one.sample.name,
        `${one.hidden.length} of ${one.total}`,
        (one.hidden[0] ?? "").slice(0, 120),
      ]),
      "file",
    );
  }
  out.target({
    figure: `${set}, balanced: ${names[set as keyof typeof names]}`,
    target: "visible",
    value: `${lines - hidden} of ${lines}`,
    reached: lines === 0 ? undefined : hidden === 0,
  });
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
      String(one.lossless.tokensBefore),
      percent(one.lossless.savings),
      one.decoded ?? "–",
      percent(one.balanced.savings),
      one.balanced.block.kind ?? "–",
      fraction(one.must),
      fraction(one.query),
      fraction(one.exact),
      one.roundTrip ?? "–",
      String(one.invented.length),
      one.balanced.tokensSaved > 0 ? "" : one.balanced.block.reason,
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

function everySet(out: Report, results: readonly SetResult[]): void {
  const all = results.flatMap(({ measured }) => measured);
  const facts = (name: "must" | "query" | "exact", figure: string): void => {
    const tally = addTallies(results.map((result) => result[name]));
    out.target({
      figure,
      target: "all",
      value: `${tally.met} of ${tally.needles}`,
      reached: tally.needles === 0 ? undefined : tally.met === tally.needles,
    });
  };
  facts("must", "all sets: must visible");
  facts("query", "all sets: query visible when asked");
  facts("exact", "all sets: exact served by one retrieve");
  const changed = all.filter(({ roundTrip }) => roundTrip !== undefined);
  const back = changed.filter(({ roundTrip }) => roundTrip === "exact").length;
  out.target({
    figure: "all sets: round trip of changed texts, byte for byte",
    target: "100 %",
    value: `${back} of ${changed.length}`,
    reached: changed.length === 0 ? undefined : back === changed.length,
  });
  const invented = all.reduce((sum, one) => sum + one.invented.length, 0);
  out.target({
    figure: "all sets: literals changed or invented",
    target: "0",
    value: `${invented} in ${all.filter((one) => one.invented.length > 0).length} texts`,
    reached: invented === 0,
  });
  const larger = all.filter(
    ({ lossless, balanced }) => lossless.tokensSaved < 0 || balanced.tokensSaved < 0,
  );
  out.target({
    figure: "all sets: never larger",
    target: "0",
    value: String(larger.length),
    reached: larger.length === 0,
  });
  if (!hasSet("logs"))
    out.text("The shared corpora are not there: these are the fixtures of the compressors.");
}
