/** `npm run chaos`: faults R1 to R18 against real servers, Q1 to Q3 against the SQLite file; prints one row each and fails when an original was lost. */
import { redisAvailable } from "../../../test/support/redis-server.ts";
import { report, targetTable } from "../report.ts";
import { latency } from "./latency.ts";
import { type Outcome, scenarios } from "./scenarios.ts";
import { sqliteScenarios } from "./sqlite.ts";

const only =
  process.argv.indexOf("--only") >= 0
    ? process.argv[process.argv.indexOf("--only") + 1]
    : undefined;
if (redisAvailable()) {
  const out = report("chaos", "Faults: originals lost where a marker left");
  const rows: string[][] = [];
  const failed: string[] = [];
  for (const { id, title, run } of [...scenarios, ...sqliteScenarios]) {
    if (only && !only.split(",").includes(id)) continue;
    const started = performance.now();
    const outcome: Outcome = await run();
    const { puts, acknowledged, lost, wrong, hung, note } = outcome;
    // A row without its load proves nothing.
    const loaded = puts >= 2_000 || id === "R17" || note.startsWith("not run");
    if (lost + wrong + hung > 0 || !loaded) failed.push(id);
    const seconds = `${((performance.now() - started) / 1_000).toFixed(0)} s`;
    process.stderr.write(`${id} ${lost}/${wrong}/${hung} ${seconds}\n`);
    rows.push([
      id,
      title,
      String(puts),
      String(acknowledged),
      String(lost),
      String(wrong),
      String(hung),
      note,
      seconds,
    ]);
  }
  out.table(
    [
      "fault",
      "what happens",
      "puts",
      "acknowledged",
      "lost",
      "wrong",
      "hung",
      "how it went",
      "took",
    ],
    rows,
  );
  out.target({
    figure: "originals lost, wrong bytes served, hung calls",
    target: "0 in every row",
    value: failed.length === 0 ? `0 in ${rows.length} rows` : failed.join(", "),
    reached: failed.length === 0,
  });
  if (!only || only === "latency") await latency(out);
  if (!only) out.save();
  else process.stdout.write(`${targetTable(out.targets).join("\n")}\n`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}
