/**
 * `npm run chaos`: every fault against real servers, files and processes. Prints one line a row, writes `results/chaos.md`,
 * and fails when a row is red. See `README.md`.
 *
 *     --only R2,Q1        these rows only; nothing is written
 *     --sabotage          every row with its sabotage, at a reduced load; fails unless each turns red over it
 *     --without-redis     only the rows that need no redis-server
 *     --allow-skips       a row that could not be run is no failure
 *     --at-once 2         so many rows side by side, except those whose figures are times
 */
import { parseArgs } from "node:util";
import { redisStartable } from "../../../test/support/redis-server.ts";
import { runRows } from "./harness/run-rows.ts";
import { printReport, printSabotage, saveReport, statusOf } from "./print.ts";
import { isSeen } from "./row.ts";
import { rows } from "./rows/index.ts";

const SABOTAGE_SCALE = 0.1;
const SABOTAGES_AT_ONCE = 6;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    sabotage: { type: "boolean", default: false },
    "without-redis": { type: "boolean", default: false },
    "allow-skips": { type: "boolean", default: false },
    "at-once": { type: "string" },
  },
});

process.exitCode = await main();

async function main(): Promise<number> {
  const withoutRedis = values["without-redis"];
  if (!withoutRedis && !redisStartable()) {
    process.stderr.write(
      "No redis-server on the PATH: install it, or pass --without-redis to run the other rows.\n",
    );
    return 1;
  }
  const atOnce = values["at-once"] === undefined ? undefined : Number(values["at-once"]);
  if (atOnce !== undefined && !(Number.isSafeInteger(atOnce) && atOnce > 0)) {
    process.stderr.write("--at-once takes a whole number of rows, 1 or more.\n");
    return 1;
  }
  const only = values.only?.split(",");
  const unknown = only?.filter((id) => !rows.some((row) => row.id === id)) ?? [];
  if (unknown.length > 0) {
    const ids = rows.map(({ id }) => id).join(", ");
    process.stderr.write(`No row ${unknown.join(", ")}. There are ${ids}.\n`);
    return 1;
  }
  const chosen = rows
    .filter(({ id }) => only?.includes(id) ?? true)
    .filter(({ needsRedis = true }) => needsRedis === false || !withoutRedis);
  if (values.sabotage) {
    const jobs = chosen.flatMap((row) => row.sabotages.map((sabotage) => ({ row, sabotage })));
    const results = await runRows(jobs, {
      scale: SABOTAGE_SCALE,
      atOnce: atOnce ?? SABOTAGES_AT_ONCE,
      onResult: printSabotage,
    });
    const without = chosen.filter(({ sabotages }) => sabotages.length === 0);
    for (const { id } of without) process.stdout.write(`${id}: has no sabotage\n`);
    const blind = results.filter(
      ({ sabotage, findings }) => !(sabotage && isSeen(sabotage, findings)),
    );
    process.stdout.write(
      `\n${results.length - blind.length} of ${results.length} sabotages turned their row red.\n`,
    );
    return blind.length + without.length === 0 && results.length > 0 ? 0 : 1;
  }
  const results = await runRows(
    chosen.map((row) => ({ row })),
    { scale: 1, atOnce: atOnce ?? 1, onResult: printReport },
  );
  if (!only && !withoutRedis) saveReport(results);
  const failed = results.filter((result) => {
    const status = statusOf(result);
    return status === "red" || (status === "not run" && !values["allow-skips"]);
  });
  process.stdout.write(
    failed.length === 0
      ? `\n${results.length} rows, all green or allowed to be skipped.\n`
      : `\nRed: ${failed.map(({ row }) => row.id).join(", ")} of ${results.length} rows.\n`,
  );
  return failed.length === 0 && results.length > 0 ? 0 : 1;
}
