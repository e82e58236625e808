/** The command: reads options, draws, runs, prints, writes the results, and says with the exit code whether it is enough. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { NAMED, type Named } from "./named.ts";
import { printed, resultsOf } from "./results.ts";
import { ROOMS, type Room, sourcesOf } from "./rooms.ts";
import { runMutants } from "./run-mutants.ts";
import { flat, quotas, sample } from "./sample.ts";
import { isReached, type Outcome, scoresOf } from "./score.ts";

export interface Setting {
  readonly root: string;
  readonly rooms?: readonly Room[];
  readonly named?: readonly Named[];
  readonly print: (text: string) => void;
  /** Gets what is committed: of every room whose files were all drawn from, and, under the name `all`, of a run of all rooms. */
  readonly save: (name: string, markdown: string) => void;
}

const USAGE =
  "Usage: npm run mutation -- [--seed N] [--count N] [--room NAME,NAME] [--file PATH,PATH] [--at-once N] [--time-out SECONDS]";

/** @returns the exit code: 1 when too little was noticed, 2 when the options are wrong. */
export async function main(args: readonly string[], setting: Setting): Promise<number> {
  const { root, rooms = ROOMS, named = NAMED, print } = setting;
  const options = optionsOf(args, rooms);
  if (typeof options === "string") {
    print(`${options}\n${USAGE}`);
    return 2;
  }
  const { seed, count } = options;
  print(`Seed ${seed}, ${count} changes.`);
  const outcomes: Outcome[] = [];
  const shares = quotas(count, options.rooms.length);
  for (const [index, room] of options.rooms.entries()) {
    const files = sourcesOf(room, root).filter(
      (file) => options.files.length === 0 || options.files.some((part) => file.includes(part)),
    );
    const mutants = sample(room.name, files, { root, seed, count: shares[index] ?? 0 });
    print(`\n${room.name}: ${mutants.length} changes in ${files.length} files`);
    const onOutcome = (outcome: Outcome): void => print(printed(outcome, named));
    const own = await runMutants(room, mutants, { root, ...options, onOutcome });
    if (options.files.length === 0)
      setting.save(room.name, resultsOf(own, scoresOf(own, named), named, seed));
    outcomes.push(...own);
  }
  const scores = scoresOf(outcomes, named);
  const markdown = resultsOf(outcomes, scores, named, seed);
  print(`\n${markdown}`);
  for (const { file, before } of stale(named, root))
    print(`named.ts: ${file} no longer has the line ${before}`);
  const isWhole = options.rooms.length === rooms.length && options.files.length === 0;
  if (isWhole) setting.save("all", markdown);
  return scores.every(isReached) ? 0 : 1;
}

interface Options {
  readonly seed: number;
  readonly count: number;
  readonly rooms: readonly Room[];
  /** Parts of paths. */
  readonly files: readonly string[];
  readonly atOnce: number;
  readonly timeOutMs: number;
}

/** @returns what is wrong with the options, as a sentence, where something is. */
function optionsOf(args: readonly string[], rooms: readonly Room[]): Options | string {
  const text = { type: "string" } as const;
  const known = {
    seed: text,
    count: text,
    room: text,
    file: text,
    "at-once": text,
    "time-out": text,
  };
  try {
    const { values } = parseArgs({ args: args.filter((arg) => arg !== "--"), options: known });
    const names = list(values.room);
    const unknown = names.find((name) => rooms.every((room) => room.name !== name));
    if (unknown !== undefined)
      return `No room is named ${unknown}. There are ${rooms.map(({ name }) => name).join(", ")}.`;
    return {
      seed: whole("seed", values.seed, today()),
      count: whole("count", values.count, 300),
      rooms: rooms.filter(({ name }) => names.length === 0 || names.includes(name)),
      files: list(values.file),
      atOnce: whole("at-once", values["at-once"], 2),
      timeOutMs: whole("time-out", values["time-out"], 90) * 1_000,
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function list(value: string | undefined): readonly string[] {
  return value === undefined ? [] : value.split(",").filter((part) => part !== "");
}

function whole(name: string, value: string | undefined, otherwise: number): number {
  const number = value === undefined ? otherwise : Number(value);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new Error(`--${name} has to be a whole number from 1: ${value}`);
}

/** The day as a number, 20261128. */
function today(): number {
  return Number(new Date().toISOString().slice(0, 10).replaceAll("-", ""));
}

function stale(named: readonly Named[], root: string): readonly Named[] {
  return named.filter(({ file, before }) => {
    try {
      return !flat(readFileSync(join(root, file), "utf8")).includes(before);
    } catch {
      return true;
    }
  });
}
