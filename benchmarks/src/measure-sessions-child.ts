/** Runs `headroom measure`, and says on standard error what that took, start of the process included. */
import process from "node:process";
import { run } from "../../packages/cli/src/run.ts";

const code = await run(["measure", ...process.argv.slice(2)], process);
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
process.stderr.write(
  `${JSON.stringify({
    ms: Math.round(performance.now()),
    cpuMs: Math.round((userCPUTime + systemCPUTime) / 1_000),
    peakMb: Math.round(maxRSS / 1_024),
  })}\n`,
);
process.exitCode = code;
