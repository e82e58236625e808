/** CI failures with ground truth: which signals a reader needs can still be read, beside what truncation leaves. */
import { headAndTail, tailLines } from "./baseline.ts";
import { readSet, type Sample } from "./corpus.ts";
import { counter, type Measured, measure } from "./measure.ts";
import { addTallies, fraction, type Tally, tallyVisible } from "./needles.ts";
import { ms, percent, progress, type Report, report, saved } from "./report.ts";
import { withoutColour } from "./visible-lines.ts";

const RECALL = 0.949;
const SAVED = 0.88;

export async function ciLogs(): Promise<Report> {
  const out = report("ci-logs", "CI failures: signals kept");
  const samples = readSet("ci-logs");
  const measured: Measured[] = [];
  for (const sample of samples) {
    progress(sample.name);
    measured.push(await measure(sample));
  }
  progress("");
  const rivals: readonly (readonly [string, (one: Measured) => string])[] = [
    ["raw", ({ sample }) => sample.text],
    ["headroom, balanced", ({ balanced }) => balanced.text],
    ["headroom, lossless", ({ lossless }) => lossless.text],
    ["tail -200", ({ sample }) => tailLines(sample.text, 200)],
    [
      "head and tail at our size",
      ({ sample, balanced }) => headAndTail(sample.text, balanced.tokensAfter, counter),
    ],
    [
      "head and tail at 25 %",
      ({ sample, balanced }) => headAndTail(sample.text, balanced.tokensBefore / 4, counter),
    ],
  ];
  out.table(
    ["", "saved", "critical", "mean per case", "important", "optional"],
    rivals.map(([name, text]) => {
      const texts = measured.map((one) => ({ one, text: text(one) }));
      const before = measured.reduce((sum, { balanced }) => sum + balanced.tokensBefore, 0);
      const after = texts.reduce((sum, { text }) => sum + counter.count(text), 0);
      const of = (importance: string): Tally =>
        addTallies(texts.map(({ one, text }) => signals(one.sample, text, importance)));
      return [
        name,
        percent(saved(before, after)),
        `${fraction(of("critical"))} = ${recall(of("critical")).toFixed(3)}`,
        meanRecall(texts.map(({ one, text }) => signals(one.sample, text, "critical"))).toFixed(3),
        fraction(of("important")),
        fraction(of("optional")),
      ];
    }),
  );
  out.table(
    [
      "log",
      "tokens",
      "lossless",
      "balanced",
      "kind",
      "critical",
      "important",
      "back",
      "invented",
      "ms",
      "critical not visible",
      "why not",
    ],
    measured.map((one) => {
      const critical = signals(one.sample, one.balanced.text, "critical");
      return [
        one.sample.name,
        String(one.balanced.tokensBefore),
        percent(one.lossless.savings),
        percent(one.balanced.savings),
        one.balanced.block.kind ?? "–",
        fraction(critical),
        fraction(signals(one.sample, one.balanced.text, "important")),
        one.roundTrip ?? "–",
        String(one.invented.length),
        ms(one.balancedMs),
        critical.missing.join("; ").slice(0, 160),
        one.balanced.tokensSaved > 0 ? "" : one.balanced.block.reason,
      ];
    }),
    "file",
  );
  const invented = measured.flatMap(({ sample, invented }) =>
    invented.slice(0, 5).map((one) => [sample.name, one]),
  );
  if (invented.length > 0)
    out.table(["log", "literal that did not stand before"], invented, "file");
  targets(out, measured);
  out.save();
  return out;
}

function targets(out: Report, measured: readonly Measured[]): void {
  const before = measured.reduce((sum, { balanced }) => sum + balanced.tokensBefore, 0);
  const after = measured.reduce((sum, { balanced }) => sum + balanced.tokensAfter, 0);
  const critical = addTallies(
    measured.map((one) => signals(one.sample, one.balanced.text, "critical")),
  );
  const share = saved(before, after);
  // No text can score more than the log itself: some signals are a reader's words, not the log's.
  const raw = recall(
    addTallies(measured.map((one) => signals(one.sample, one.sample.text, "critical"))),
  );
  out.target({
    figure: "ci-logs, balanced",
    target: `≥ ${percent(SAVED, 0)} saved at ≥ ${RECALL} critical-signal recall (raw logs here: ${raw.toFixed(3)})`,
    value:
      after === before
        ? "pass-through"
        : `${percent(share)} at ${recall(critical).toFixed(3)} (${fraction(critical)})`,
    reached:
      critical.needles === 0
        ? undefined
        : share >= SAVED && recall(critical) >= Math.min(RECALL, raw),
  });
  const changed = measured.filter(({ roundTrip }) => roundTrip !== undefined);
  const back = changed.filter(({ roundTrip }) => roundTrip === "exact").length;
  out.target({
    figure: "ci-logs, round trip byte for byte",
    target: "100 %",
    value: `${back} of ${changed.length}`,
    reached: changed.length === 0 ? undefined : back === changed.length,
  });
  const wrong = measured.filter(({ decoded }) => decoded === "WRONG").length;
  out.target({
    figure: "ci-logs, lossless forms decoded",
    target: "byte for byte",
    value: `${measured.filter(({ decoded }) => decoded === "exact").length} of ${measured.filter(({ decoded }) => decoded !== undefined).length}, ${wrong} wrong`,
    reached: measured.every(({ decoded }) => decoded === undefined) ? undefined : wrong === 0,
  });
  const invented = measured.reduce((sum, one) => sum + one.invented.length, 0);
  out.target({
    figure: "ci-logs, literals changed or invented",
    target: "0",
    value: String(invented),
    reached: invented === 0,
  });
}

/** Colour codes do not count: they may stand inside a signal. */
function signals(sample: Sample, coloured: string, importance: string): Tally {
  const text = withoutColour(coloured);
  return addTallies(
    sample.needles
      .filter((needle) => needle.kind === "signal" && needle.importance === importance)
      .map((needle) => tallyVisible(needle, text)),
  );
}

function recall({ needles, met }: Tally): number {
  return needles === 0 ? 1 : met / needles;
}

function meanRecall(tallies: readonly Tally[]): number {
  const some = tallies.filter(({ needles }) => needles > 0);
  return some.reduce((sum, one) => sum + recall(one), 0) / Math.max(1, some.length);
}
