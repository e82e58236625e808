/** CI failures with ground truth: which signals a reader needs can still be read, beside what truncation leaves. */
import { headAndTail, tailLines } from "./baseline.ts";
import type { Sample } from "./corpus.ts";
import { countBack, countDecoded, countOf, type Measured, measure } from "./measure.ts";
import { addTallies, fraction, type Tally, tallyVisible } from "./needles.ts";
import { ms, percent, progress, type Report, saved } from "./report.ts";
import type { Bench } from "./subject.ts";
import { tokensOf } from "./tokens.ts";
import { withoutColour } from "./visible-lines.ts";

export async function ciLogs(bench: Bench): Promise<Report> {
  const out = bench.report("ci-logs", "CI failures: signals kept");
  const samples = bench.data.readSet("ci-logs");
  const measured: Measured[] = [];
  for (const sample of samples) {
    progress(sample.name);
    measured.push(await measure(sample, bench.subject));
  }
  progress("");
  const rivals: readonly (readonly [string, (one: Measured) => string])[] = [
    ["raw", ({ sample }) => sample.text],
    ["headroom, balanced", ({ balanced }) => balanced.text],
    ["headroom, lossless", ({ lossless }) => lossless.text],
    ["tail -200", ({ sample }) => tailLines(sample.text, 200)],
    [
      "head and tail at our size",
      ({ sample, balanced }) => headAndTail(sample.text, balanced.tokens, tokensOf),
    ],
    [
      "head and tail at 25 %",
      ({ sample, tokens }) => headAndTail(sample.text, tokens / 4, tokensOf),
    ],
  ];
  out.table(
    ["", "saved", "critical", "mean per case", "important", "optional"],
    rivals.map(([name, text]) => {
      const texts = measured.map((one) => ({ one, text: text(one) }));
      const before = measured.reduce((sum, { tokens }) => sum + tokens, 0);
      const after = texts.reduce((sum, { text }) => sum + tokensOf(text), 0);
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
        String(one.tokens),
        percent(saved(one.tokens, one.lossless.tokens)),
        percent(saved(one.tokens, one.balanced.tokens)),
        one.balanced.block.kind ?? "–",
        fraction(critical),
        fraction(signals(one.sample, one.balanced.text, "important")),
        one.roundTrip ?? "–",
        String(one.invented.length),
        ms(one.balanced.milliseconds),
        critical.missing.join("; ").slice(0, 160),
        one.roundTrip !== undefined ? "" : one.balanced.block.reason,
      ];
    }),
    "file",
  );
  const invented = measured.flatMap(({ sample, invented }) =>
    invented.slice(0, 5).map((one) => [sample.name, one]),
  );
  if (invented.length > 0)
    out.table(["log", "literal that did not stand before"], invented, "file");
  judgeLogs(out, measured);
  out.save();
  return out;
}

function judgeLogs(out: Report, measured: readonly Measured[]): void {
  const sum = (of: (one: Measured) => number): number =>
    measured.reduce((all, one) => all + of(one), 0);
  const before = sum(({ tokens }) => tokens);
  out.judge(
    "ci-logs lossless",
    saved(
      before,
      sum(({ lossless }) => lossless.tokens),
    ),
  );
  out.judge(
    "ci-logs balanced",
    saved(
      before,
      sum(({ balanced }) => balanced.tokens),
    ),
  );
  // Some signals are a reader's words, not the log's: no text can show those.
  const critical = measured.map(({ sample, balanced }) => {
    const raw = signals(sample, sample.text, "critical");
    const read = signals(sample, balanced.text, "critical");
    return { of: raw.met, lost: raw.met - read.met, read };
  });
  const inLogs = critical.reduce((all, { of }) => all + of, 0);
  const lost = critical.reduce((all, one) => all + Math.max(0, one.lost), 0);
  const recalled = recall(addTallies(critical.map(({ read }) => read))).toFixed(3);
  out.judge("critical signals", { met: inLogs - lost, of: inLogs }, { note: `recall ${recalled}` });
  out.judge("ci-logs decoded", countDecoded(measured.map(({ lossless }) => lossless)));
  out.judge("ci-logs round trip", countBack(measured.map(({ roundTrip }) => roundTrip)));
  const changed = measured.filter(({ roundTrip }) => roundTrip !== undefined);
  out.judge(
    "ci-logs invented",
    countOf(changed, ({ invented }) => invented.length === 0),
  );
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
  return met / needles;
}

function meanRecall(tallies: readonly Tally[]): number {
  const some = tallies.filter(({ needles }) => needles > 0);
  return some.reduce((sum, one) => sum + recall(one), 0) / Math.max(1, some.length);
}
