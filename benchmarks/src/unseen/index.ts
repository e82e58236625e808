/**
 * `npm run unseen`: runs ordinary commands of this machine, compresses what they print, and judges it. Nothing that was captured
 * is written anywhere but where `--keep` says.
 *
 *     --half write        only the half that may be looked at while rules are written
 *     --only TEXT         only commands that contain the text
 *     --keep FOLDER       writes originals and both forms there (of the write half only)
 *     --judge             exits with 1 where a target is missed
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { countOf, type Measured } from "../measure.ts";
import {
  ms,
  percent,
  print,
  progress,
  type Report,
  report,
  saved,
  targetTable,
} from "../report.ts";
import { library } from "../subject.ts";
import { capture, type Skipped } from "./capture.ts";
import { COMMANDS } from "./commands.ts";
import { type Judgement, judge } from "./judge.ts";

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: {
    half: { type: "string" },
    only: { type: "string" },
    keep: { type: "string" },
    judge: { type: "boolean", default: false },
  },
});

await run();

async function run(): Promise<void> {
  const chosen = COMMANDS.filter(
    ({ half, run }) =>
      (values.half === undefined || half === values.half) &&
      (values.only === undefined || run.includes(values.only)),
  );
  const judgements: Judgement[] = [];
  const skipped: Skipped[] = [];
  for (const command of chosen) {
    progress(command.run);
    const captured = capture(command);
    if ("why" in captured) skipped.push(captured);
    else judgements.push(await judge(captured, library));
  }
  progress("");
  if (values.keep !== undefined) keep(values.keep, judgements);

  const out = report("unseen", "Outputs of ordinary commands", { command: "unseen" });
  for (const half of ["write", "judge"] as const) {
    const own = judgements.filter(({ captured }) => captured.command.half === half);
    if (own.length > 0) printHalf(out, half, own);
  }
  out.heading("Skipped");
  out.table(
    ["command", "why"],
    skipped.map(({ command, why }) => [command.run, why.slice(0, 100)]),
  );
  const whole = values.only === undefined && values.half === undefined;
  if (whole) out.save();
  else print(targetTable(out.judged).join("\n"));
  if (values.judge && out.judged.some(({ reached }) => !reached)) process.exitCode = 1;
}

function printHalf(to: Report, half: string, all: readonly Judgement[]): void {
  to.heading(half === "write" ? "Looked at while rules were written" : "Not looked at");
  to.table(
    [
      "command",
      "tokens",
      "kind",
      "lossless",
      "balanced",
      "ms",
      "untrue",
      "hidden",
      "why nothing was done",
    ],
    all.map(({ captured, measured, untrue, hidden }) => [
      captured.command.run.slice(0, 70),
      String(measured.tokens),
      measured.balanced.block.kind ?? "–",
      percent(saved(measured.tokens, measured.lossless.tokens)),
      percent(saved(measured.tokens, measured.balanced.tokens)),
      ms(measured.balanced.milliseconds),
      untrue[0]?.slice(0, 60) ?? "",
      hidden[0]?.slice(0, 60) ?? "",
      isUntouched(measured) ? measured.balanced.block.reason.slice(0, 90) : "",
    ]),
  );
  const sum = (tokens: (one: Measured) => number): number =>
    all.reduce((total, { measured }) => total + tokens(measured), 0);
  const before = sum(({ tokens }) => tokens);
  const of = `${half} half`;
  to.judge(
    "unseen lossless",
    saved(
      before,
      sum(({ lossless }) => lossless.tokens),
    ),
    { of },
  );
  to.judge(
    "unseen balanced",
    saved(
      before,
      sum(({ balanced }) => balanced.tokens),
    ),
    { of },
  );
  to.judge("unseen untouched", sum((one) => (isUntouched(one) ? one.tokens : 0)) / before, { of });
  to.judge(
    "unseen views",
    countOf(all, ({ measured }) => isNoLarger(measured)),
    { of },
  );
  to.judge(
    "unseen round trip",
    countOf(all, ({ measured }) => comesBack(measured)),
    { of },
  );
  to.judge(
    "unseen true",
    countOf(all, ({ untrue }) => untrue.length === 0),
    { of },
  );
  to.judge(
    "unseen facts",
    countOf(all, ({ hidden }) => hidden.length === 0),
    { of },
  );
}

function isUntouched({ roundTrip }: Measured): boolean {
  return roundTrip === undefined;
}

/** A view is no larger than the lossless form. */
function isNoLarger({ lossless, balanced }: Measured): boolean {
  return balanced.decodes !== false || balanced.tokens <= lossless.tokens;
}

function comesBack({ roundTrip, lossless }: Measured): boolean {
  return (roundTrip === undefined || roundTrip === "exact") && lossless.decodes !== false;
}

function keep(folder: string, all: readonly Judgement[]): void {
  mkdirSync(folder, { recursive: true });
  for (const { captured, measured } of all) {
    if (captured.command.half !== "write") continue;
    const name = captured.command.run.replace(/[^a-z0-9]+/gi, "-").slice(0, 60);
    writeFileSync(join(folder, `${name}.txt`), captured.text);
    writeFileSync(join(folder, `${name}.lossless.txt`), measured.lossless.text);
    writeFileSync(join(folder, `${name}.balanced.txt`), measured.balanced.text);
  }
}
