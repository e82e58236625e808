/**
 * `npm run bench`: measures, prints every figure beside its target, and writes `results/*.md`.
 *
 *     --only savings,speed   these parts only; no summary is written
 *     --judge                a missed target, or one that nothing was measured for, makes it exit with 1
 *     --sabotage             small inputs, the library broken on purpose; exits with 1 unless every target turns red
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { CONCERNS, CONCERN_NAMES as NAMES } from "./concerns.ts";
import { corpora } from "./corpus.ts";
import { type Judged, ms, print, report, targetTable, unjudged } from "./report.ts";
import { runSabotages } from "./sabotage/run.ts";
import { type Bench, FULL, library } from "./subject.ts";

const README_FIGURES = fileURLToPath(new URL("../../scripts/readme-figures.ts", import.meta.url));

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: {
    only: { type: "string" },
    judge: { type: "boolean", default: false },
    sabotage: { type: "boolean", default: false },
  },
});
const chosen = values.only?.split(",") ?? NAMES;
const names = NAMES.filter((name) => chosen.includes(name));

if (names.length !== chosen.length) {
  print(
    `Usage: npm run bench [-- --only NAME,NAME] [--judge] [--sabotage]. Names: ${NAMES.join(", ")}.`,
  );
  process.exitCode = 2;
} else if (values.sabotage) {
  process.exitCode = (await runSabotages(names)) ? 0 : 1;
} else {
  const missed = await run();
  if (values.judge && missed.length > 0) process.exitCode = 1;
}

/** @returns what is missed */
async function run(): Promise<readonly Judged[]> {
  if (corpora.name === "fixtures")
    print("The shared corpora are not there: measuring the project's own fixtures.");
  const start = performance.now();
  const bench: Bench = { subject: library, data: corpora, size: FULL, report };
  const judged: Judged[] = [];
  for (const name of names) {
    const result = await CONCERNS[name](bench);
    judged.push(...result.judged, ...unjudged(name, result.judged));
  }
  const took = `All of it took ${ms(performance.now() - start)}.`;
  const missed = judged.filter(({ reached }) => !reached);
  const counted = `${judged.length - missed.length} of ${judged.length} targets are reached.`;
  if (names.length < NAMES.length) print(took);
  else {
    const summary = report("summary", "Every figure beside its target");
    summary.text(`${took} ${counted}`);
    for (const { name, measured, of, note } of judged) summary.judge(name, measured, { of, note });
    summary.save();
    // Here and not behind this program in the npm script, where the options above would end up.
    execFileSync(process.execPath, [README_FIGURES], { stdio: "inherit" });
  }
  if (missed.length > 0) print(`Missed:\n\n${targetTable(missed).join("\n")}\n`);
  print(counted);
  return missed;
}
