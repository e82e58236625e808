/** A coding agent at the task, with and without the proxy: what has to be the same, and what has to be less. */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deathRows, overloadRows, streamErrorRows } from "./failure-rows.ts";
import type { Faults } from "./model-server.ts";
import type { Row } from "./peer.ts";
import type { Part } from "./sabotage.ts";
import { changesIn, makeFolder } from "./task/folder.ts";
import { type ProgramOptions, type Ran, textsIn } from "./task/run-program.ts";
import { PROMPT, type ToTool, task } from "./task/task.ts";
import { taskRows } from "./task-rows.ts";
import type { Pair, Trial } from "./trial.ts";
import type { Wire } from "./wire.ts";

export interface Agent {
  readonly toTool: ToTool;
  /** Runs it in `options.cwd`, with its provider at `url`. */
  start(url: string, prompt: string, options: Omit<ProgramOptions, "env">): Promise<Ran>;
  /** Its last words, from what it has printed. */
  answerOf(ran: Ran): string;
}

const TEMPLATE = "template";

/** Commands of the runs in which something fails. */
const FEW = 4;

export async function agentRows(agent: Agent, wire: Wire): Promise<readonly Row[]> {
  const base = mkdtempSync(join(realpathSync(tmpdir()), "agent-"));
  const pair = async (steps?: number, faults?: Faults): Promise<Pair> => ({
    straight: await trial(agent, wire, { base, through: false, steps, faults }),
    through: await trial(agent, wire, { base, through: true, steps, faults }),
  });
  const on = (index: number, fault: "overloaded" | "error-event" | "dies"): Faults => {
    return (at) => (at === index ? fault : undefined);
  };
  try {
    makeFolder(join(base, TEMPLATE));
    const parts: readonly (readonly [Part, () => Promise<readonly Row[]>])[] = [
      ["task", async () => taskRows(await pair())],
      ["overloaded", async () => overloadRows(await pair(FEW, on(2, "overloaded")))],
      ["error-event", async () => streamErrorRows(await pair(FEW, on(2, "error-event")))],
      ["dies", async () => deathRows(await pair(FEW, on(2, "dies")))],
    ];
    const rows: Row[] = [];
    for (const [part, run] of parts)
      if (wire.part === undefined || wire.part === part) rows.push(...(await run()));
    return rows;
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

interface TrialOptions {
  readonly base: string;
  readonly through: boolean;
  readonly steps: number | undefined;
  readonly faults: Faults | undefined;
}

async function trial(
  { toTool, start, answerOf }: Agent,
  wire: Wire,
  { base, through, steps, faults }: TrialOptions,
): Promise<Trial> {
  // The same paths each time: they are part of what is sent.
  const [folder, home, log] = ["project", "home", "executed"].map((name) => join(base, name)) as [
    string,
    string,
    string,
  ];
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(base, TEMPLATE), folder, { recursive: true });
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home);
  writeFileSync(log, "");
  const { model } = task(folder, log, toTool, steps);
  const line = await wire.open({ through, model, ...(faults ? { faults } : {}) });
  try {
    const ran = await start(line.url, PROMPT, { cwd: folder, home });
    return {
      line,
      ran,
      answer: answerOf(ran),
      executed: readFileSync(log, "utf8").trim().replaceAll("\n", " "),
      changes: changesIn(folder),
      stored: textsIn(home),
    };
  } finally {
    await line.close();
  }
}
