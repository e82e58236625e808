/**
 * `npm run bench:proxy`: what the proxy adds, beside a direct connection in the same run, and recorded sessions through it.
 *
 *     --only added,replay     these parts only; nothing is written
 *     --judge                 a missed target, or one that could not be judged, makes it exit with 1
 *     --sabotage              the proxy broken on purpose, on few requests; exits with 1 unless every target turns red
 *     --without-reference     the reference system's proxy is neither installed nor measured
 */
import { parseArgs } from "node:util";
import { type Judged, ms, print, progress, type Report, report } from "../report.ts";
import { isWorse } from "../sabotage/worse.ts";
import { shownValue, type TargetName, targetsOf } from "../targets.ts";
import { reference } from "./reference.ts";
import { replay } from "./replay.ts";
import {
  addedRows,
  type Board,
  deadline,
  eventLoop,
  memory,
  starts,
  streams,
  throughput,
} from "./rows.ts";
import { PROXY_SABOTAGES, type ProxySabotage } from "./sabotages.ts";
import { busy, openStage, type Stage } from "./stage.ts";

interface Part {
  run(stage: Stage, board: Board): Promise<void>;
  readonly judges: readonly TargetName[];
}

const PARTS: Readonly<Record<string, Part>> = {
  starts: { run: starts, judges: ["P10"] },
  added: {
    run: addedRows,
    judges: ["P1 p50", "P1 p99", "P4 p50", "P4 p99", "P5 warm p50", "P5 warm p99", "P5 cold p50"],
  },
  streams: { run: streams, judges: ["P7", "P7 first event"] },
  throughput: { run: throughput, judges: ["P2", "P3"] },
  deadline: { run: deadline, judges: ["P6"] },
  "event-loop": { run: eventLoop, judges: ["P8"] },
  memory: { run: memory, judges: ["P9 peak", "P9 drift"] },
  replay: {
    run: replay,
    judges: ["prefix breaks", "dearer turns", "cost of long sessions", "cost of short sessions"],
  },
};
const SABOTAGE_SCALE = 0.1;

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: {
    only: { type: "string" },
    judge: { type: "boolean", default: false },
    sabotage: { type: "boolean", default: false },
    "without-reference": { type: "boolean", default: false },
  },
});
const names = values.only?.split(",") ?? Object.keys(PARTS);
const unknown = names.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  print(`There is no part ${unknown.join(", ")}. There are ${Object.keys(PARTS).join(", ")}.`);
  process.exitCode = 2;
} else if (values.sabotage) process.exitCode = (await sabotages()) ? 0 : 1;
else process.exitCode = (await measure()) || !values.judge ? 0 : 1;

/** @returns whether every target is reached */
async function measure(): Promise<boolean> {
  const began = performance.now();
  const out = report("proxy", "What the proxy adds", { command: "bench:proxy" });
  out.text(
    `Direct and through the proxy in turn, arrivals that wait for nobody, median of the rounds; provider, load generator and proxy are processes of their own. Load average at the start: ${busy()}.`,
  );
  const { refused, rows, board } = boardOn(out);
  const stage = await openStage(1);
  try {
    for (const name of names) {
      progress(name);
      await PARTS[name]?.run(stage, board);
      progress("");
      if (rows.length > 0)
        out.table(["measured", "direct", "through the proxy", ""], rows.splice(0));
    }
    if (!values["without-reference"] && values.only === undefined) await reference(stage, board);
  } finally {
    await stage.stop();
  }
  for (const { name, of, why } of refused)
    out.text(
      `Not judged: ${name}${of === "" ? "" : `, ${of}`}: ${why}. Run it on a quiet machine.`,
    );
  const missed = out.judged.filter(({ reached }) => !reached);
  out.text(
    `All of it took ${ms(performance.now() - began)}; load average at the end: ${busy()}. ${out.judged.length - missed.length} of ${out.judged.length} judged figures are reached, ${refused.length} could not be judged.`,
  );
  if (values.only === undefined) out.save();
  else for (const row of out.judged) print(lineOf(row));
  return missed.length === 0 && refused.length === 0;
}

interface Refused {
  readonly name: TargetName;
  readonly of: string;
  readonly why: string;
}

function boardOn(out: Report) {
  const refused: Refused[] = [];
  const rows: string[][] = [];
  const board: Board = {
    report: out,
    row: (what, direct, figure, note = "") => void rows.push([what, direct, figure, note]),
    refuse: (name, of, _, why) => void refused.push({ name, of, why }),
  };
  return { refused, rows, board };
}

function lineOf({ name, of, target, measured, reached }: Judged): string {
  return `${reached ? "yes" : "NO "} ${name} ${of}: ${shownValue(target, measured)}`;
}

/** @returns whether every target of the chosen parts turned red under a sabotage of its own */
async function sabotages(): Promise<boolean> {
  const judgedWith = async (part: Part, sabotage?: ProxySabotage): Promise<readonly Judged[]> => {
    const out = report("proxy", "", { loud: false });
    const { board: strict } = boardOn(out);
    // Here two runs of the same machine are compared, and a sabotage is coarse.
    const board: Board = {
      ...strict,
      refuse: (name, of, measured) => out.judge(name, measured, { of }),
    };
    const stage = await openStage(SABOTAGE_SCALE, sabotage?.name);
    try {
      await part.run(stage, board);
    } finally {
      await stage.stop();
    }
    return out.judged;
  };
  const chosen = names.flatMap((name) => (PARTS[name] ? [PARTS[name]] : []));
  const honest = new Map<Part, readonly Judged[]>();
  for (const part of chosen) honest.set(part, await judgedWith(part));
  const seen = new Set<TargetName>();
  for (const sabotage of PROXY_SABOTAGES)
    for (const part of chosen) {
      const turned = part.judges.filter((name) => sabotage.turns.includes(name));
      if (turned.length === 0) continue;
      const broken = await judgedWith(part, sabotage);
      for (const name of turned) {
        const pairs = broken
          .filter((row) => row.name === name)
          .map((row) => ({
            row,
            before: honest.get(part)?.find((one) => one.name === name && one.of === row.of),
          }));
        const isRed =
          pairs.length > 0 &&
          pairs.every(
            ({ row, before }) =>
              isWorse(row.target, before?.measured ?? row.measured, row.measured) ||
              (before === undefined && !row.reached),
          );
        if (isRed) seen.add(name);
        const words = pairs.map(
          ({ row, before }) =>
            `${before ? shownValue(row.target, before.measured) : "not judged"} → ${shownValue(row.target, row.measured)}`,
        );
        print(
          `${isRed ? "red, as it has to be" : "NOT SEEN"}: ${name}, where the proxy ${sabotage.does}: ${words.join("; ")}`,
        );
      }
    }
  const all = chosen.flatMap(({ judges }) => judges);
  const blind = all.filter((name) => !seen.has(name));
  const without = targetsOf("proxy").filter(
    (name) => !PROXY_SABOTAGES.some(({ turns }) => turns.includes(name)),
  );
  for (const name of without) print(`${name}: has no sabotage`);
  print(
    `\n${seen.size} of ${all.length} targets turned red.${blind.length > 0 ? ` Not: ${blind.join(", ")}.` : ""}`,
  );
  return blind.length === 0 && without.length === 0;
}
