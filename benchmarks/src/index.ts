/**
 * `npm run bench [-- --only savings,speed]`: measures, prints every figure beside its target, and writes `results/*.md`.
 */
import { ciLogs } from "./ci-logs.ts";
import { corpora } from "./corpus.ts";
import { estimate } from "./estimate.ts";
import { growth } from "./growth.ts";
import { hostile } from "./hostile.ts";
import { laws } from "./laws.ts";
import { reference } from "./reference.ts";
import { ms, print, type Report, report } from "./report.ts";
import { savings } from "./savings.ts";
import { sessions } from "./sessions.ts";
import { speed } from "./speed.ts";
import { storeFailure } from "./store-failure.ts";
import { trajectories } from "./trajectories.ts";

const CONCERNS: Readonly<Record<string, () => Promise<Report> | Report>> = {
  savings,
  "ci-logs": ciLogs,
  reference,
  sessions,
  trajectories,
  laws,
  "store-failure": storeFailure,
  hostile,
  speed,
  growth,
  estimate,
};

const only = onlyOption(process.argv.slice(2));
if (only === undefined) {
  print(`Usage: npm run bench [-- --only NAME,NAME]. Names: ${Object.keys(CONCERNS).join(", ")}.`);
  process.exitCode = 2;
} else await run(only);

async function run(names: readonly string[]): Promise<void> {
  if (corpora === undefined)
    print("The shared corpora are not there: measuring the project's own fixtures.");
  const start = performance.now();
  const reports: Report[] = [];
  for (const name of names) {
    const concern = CONCERNS[name];
    if (concern !== undefined) reports.push(await concern());
  }
  const took = `All of it took ${ms(performance.now() - start)}.`;
  if (names.length < Object.keys(CONCERNS).length) {
    print(took);
    return;
  }
  const summary = report("summary", "Every figure beside its target");
  summary.text(took);
  for (const { targets } of reports) for (const target of targets) summary.target(target);
  summary.save();
}

function onlyOption(args: readonly string[]): readonly string[] | undefined {
  const rest = args.filter((argument) => argument !== "--");
  if (rest.length === 0) return Object.keys(CONCERNS);
  const [flag, value = "", ...more] = rest[0]?.startsWith("--only=")
    ? ["--only", rest[0].slice(7)]
    : rest;
  const names = value.split(",").filter((name) => name !== "");
  const known = names.length > 0 && names.every((name) => Object.hasOwn(CONCERNS, name));
  return flag === "--only" && known && more.length === 0 ? names : undefined;
}
