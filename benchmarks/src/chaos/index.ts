/** `npm run chaos`: faults R1 to R18 against real servers; prints one row each and fails when an original was lost. */
import { redisAvailable } from "../../../test/support/redis-server.ts";
import { report } from "../report.ts";
import { type Outcome, scenarios } from "./scenarios.ts";

const only =
  process.argv.indexOf("--only") >= 0
    ? process.argv[process.argv.indexOf("--only") + 1]
    : undefined;
if (redisAvailable()) {
  const out = report("chaos", "Redis faults: originals lost where a marker left");
  const rows: string[][] = [];
  const failed: string[] = [];
  for (const { id, title, run } of scenarios) {
    if (only && !only.split(",").includes(id)) continue;
    const started = performance.now();
    const outcome: Outcome = await run();
    const { puts, acknowledged, lost, wrong, hung, note } = outcome;
    if (lost + wrong + hung > 0) failed.push(id);
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
  if (!only) out.save();
  process.exitCode = failed.length === 0 ? 0 : 1;
}
