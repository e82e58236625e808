/** What the suite prints and writes. */
import { cpus, loadavg } from "node:os";
import { report } from "../report.ts";
import type { RowResult } from "./harness/run-rows.ts";
import { isSeen } from "./row.ts";

type Status = "green" | "red" | "not run";

export function statusOf({ findings }: RowResult): Status {
  if (findings.some(({ kind }) => kind === "not run")) return "not run";
  return findings.length > 0 ? "red" : "green";
}

const reasons = ({ findings }: RowResult): string =>
  findings.map(({ kind, text }) => `${kind}: ${text}`).join("; ");

export function printReport(result: RowResult): void {
  const { row, measured, seconds } = result;
  const { tried, acknowledged, markers, wrong, hung } = measured;
  const faults = Object.entries(measured.faults)
    .map(([what, count]) => `${what} ${count}`)
    .join(", ");
  const why = measured.why === undefined ? "" : ` | mostly refused with: ${measured.why}`;
  process.stdout.write(
    `${row.id.padEnd(5)} ${statusOf(result).padEnd(7)} tried ${tried}, acknowledged ${acknowledged}, markers ${markers}, ` +
      `lost ${lostOf(result)}, wrong ${wrong}, hung ${hung} | ${faults} | ${seconds.toFixed(0)} s${why}` +
      `${reasons(result) ? `\n      ${reasons(result)}` : ""}\n`,
  );
}

export function printSabotage(result: RowResult): void {
  const { row, sabotage, findings, seconds } = result;
  const seen = sabotage !== undefined && isSeen(sabotage, findings);
  process.stdout.write(
    `${row.id.padEnd(5)} ${seen ? "red, as it has to be" : "NOT SEEN"}: a store that ${sabotage?.does}` +
      ` | ${reasons(result) || "no finding"} | ${seconds.toFixed(0)} s\n`,
  );
}

export function saveReport(results: readonly RowResult[]): void {
  const out = report("chaos", "Faults: what happens to originals whose markers left", {
    command: "chaos",
  });
  out.text(
    "Every figure is counted while the row runs. Lost: markers a fresh process without copies could not redeem, at the first look after the fault / after every text was sent again. " +
      "A level that keeps must lose none at the first look, one that heals none after the next turn, one that refuses lets no marker leave. Wrong and hung must be 0 in every row.",
  );
  out.text(
    `Load of the machine in the last 15 minutes of the run: ${loadavg()[2]?.toFixed(1)} on ${cpus().length} processors. Times mean little where it is above that number.`,
  );
  out.table(
    [
      "row",
      "what happens",
      "promise",
      "tried",
      "acknowledged",
      "markers",
      "lost",
      "wrong",
      "hung",
      "reads during: served / refused / missed",
      "first put after",
      "slowest call",
      "what was counted",
      "status",
      "took",
    ],
    results.map((result) => {
      const { row, measured, seconds } = result;
      const { served, refused, missed } = measured.reads;
      const waited = measured.after?.waitedMs;
      return [
        row.id,
        row.title,
        row.promise,
        String(measured.tried),
        String(measured.acknowledged),
        String(measured.markers),
        lostOf(result),
        String(measured.wrong),
        String(measured.hung),
        measured.reads.tried > 0 ? `${served} / ${refused} / ${missed}` : "–",
        waited === undefined ? "–" : `${waited} ms`,
        `${measured.slowestMs.toFixed(0)} ms`,
        Object.entries(measured.faults)
          .map(([what, count]) => `${what}: ${count}`)
          .join("; "),
        statusOf(result),
        `${seconds.toFixed(0)} s`,
      ];
    }),
  );
  const demands = results.flatMap(({ row, measured }) =>
    measured.demands.map(({ what, measured: value, holds }) => [
      row.id,
      what,
      value,
      holds ? "yes" : "NO",
    ]),
  );
  out.heading("Figures of single rows");
  out.table(["row", "figure", "measured", "reached"], demands);
  const red = results.filter((result) => statusOf(result) !== "green");
  out.heading("Rows that are not green");
  if (red.length === 0) out.text("None.");
  else
    out.table(
      ["row", "why"],
      red.map((result) => [result.row.id, reasons(result)]),
    );
  out.judge("rows", { met: results.length - red.length, of: results.length });
  out.save();
}

function lostOf({ measured }: RowResult): string {
  const { lostAtFirstLook, lostAfterNextTurn } = measured;
  return `${lostAtFirstLook} / ${lostAfterNextTurn ?? "–"}`;
}
