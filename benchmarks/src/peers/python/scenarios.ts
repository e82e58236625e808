/**
 * Runs a Python program with and without the proxy, and tells what differed.
 *
 * `PEERS_SCENARIOS=dies,chat_whole` in the environment runs these alone and shows what the program prints, for those who look for a
 * cause; it counts as a miss.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Fault, type Faults, PAUSE_MS, type Seen } from "../model-server.ts";
import { holds, type Installed, type Row } from "../peer.ts";
import type { Wire } from "../wire.ts";
import { lookingUp } from "./script.ts";
import { grows, headersOf, type Sent, tokensSent } from "./sent.ts";
import { programOf } from "./venv.ts";

/** What a program saw in one scenario. */
export interface Scenario {
  readonly name: string;
  readonly seen: unknown;
  /** Tools that were really called. */
  readonly executed: readonly string[];
  /** Seconds from the first text of a stream to its end: the shortest. `null` where nothing was streamed. */
  readonly gap: number | null;
}

/** One run of a program. */
export interface Run {
  readonly scenarios: ReadonlyMap<string, Scenario>;
  readonly requests: readonly Seen[];
  readonly refused: readonly string[];
  readonly retrievals: number;
  readonly failedOpen: Readonly<Record<string, number>>;
  /** What the program printed. */
  readonly output: string;
}

const ONLY = process.env.PEERS_SCENARIOS?.split(",") ?? [];

/** A stream that was held back takes no time from its first text to its end. */
const LEAST_GAP_S = (PAUSE_MS * 0.3) / 1_000;

/** What is refused, by the name of the scenario in the question. */
const FAULTS: Readonly<Record<string, (attempt: number) => Fault | undefined>> = {
  refused_400: () => ({ status: 400 }),
  refused_401: () => ({ status: 401 }),
  refused_404: () => ({ status: 404 }),
  retried_429: (attempt) =>
    attempt < 2
      ? { status: 429, headers: { "retry-after-ms": "20", "retry-after": "1" } }
      : undefined,
  retried_529: (attempt) =>
    attempt < 2 ? { status: 529, headers: { "retry-after-ms": "20" } } : undefined,
  failing_500: () => ({ status: 500, headers: { "retry-after-ms": "20" } }),
  dies: () => "dies",
  error_event: () => "error-event",
};

export function faultsByName(): Faults {
  const attempts = new Map<string, number>();
  return (_, { body }) => {
    const name = nameOf(body);
    const attempt = attempts.get(name) ?? 0;
    attempts.set(name, attempt + 1);
    return FAULTS[name]?.(attempt);
  };
}

function headersIn({ requests }: Run, name: string): string {
  return headersOf(requests.filter(({ body }) => nameOf(body) === name));
}

/** The scenario that a request belongs to. */
export function nameOf(body: string): string {
  return /\[(\w+)\] Is the package/.exec(body)?.[1] ?? "";
}

/** A folder that is gone afterwards, with outputs of the packages of an environment. */
export async function withWorld<T>(
  folder: string,
  use: (home: string, world: string) => Promise<T>,
): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), "headroom-peer-"));
  const world = join(home, "world");
  mkdirSync(world);
  try {
    await runPython(folder, "world.py", [world], home, "");
    return await use(home, world);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

export interface ProgramOptions {
  readonly installed: Installed;
  readonly program: string;
  /** The configuration of the page, for a base URL. */
  config(url: string): string;
  readonly wire: Wire;
  readonly home: string;
  readonly world: string;
  readonly through: boolean;
  readonly other?: (request: Seen) => unknown;
}

export async function runProgram(options: ProgramOptions): Promise<Run> {
  const { installed, program, config, wire, home, world, through, other } = options;
  const faults = faultsByName();
  const line = await wire.open({ through, model: lookingUp, faults, ...(other ? { other } : {}) });
  try {
    const input = [config(line.url), world, ONLY].map((one) => `${JSON.stringify(one)}\n`).join("");
    const output = await runPython(installed.folder, program, [], home, input);
    const all = output
      .split("\n")
      .filter((text) => text.startsWith("SCENARIO "))
      .map((text) => JSON.parse(text.slice(9)) as Scenario);
    const { retrievals = 0, failedOpen = {} } = line.proxy?.stats() ?? {};
    return {
      scenarios: new Map(all.map((one) => [one.name, one])),
      requests: line.server.seen,
      refused: line.server.refused,
      retrievals,
      failedOpen,
      output,
    };
  } finally {
    await line.close();
  }
}

/** Nothing of the machine's own settings or home is seen by a program. */
function runPython(
  folder: string,
  program: string,
  args: readonly string[],
  home: string,
  input: string,
): Promise<string> {
  const path = fileURLToPath(new URL(`programs/${program}`, import.meta.url));
  const child = spawn(programOf(folder, "python"), ["-B", path, ...args], {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, NO_PROXY: "*", PYTHONUNBUFFERED: "1" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.end(input);
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  if (ONLY.length > 0) child.stderr.pipe(process.stderr);
  const timer = setTimeout(() => child.kill("SIGKILL"), 300_000);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(timer);
      if (code === 0) resolve(output);
      else reject(new Error(`${program} ended with ${code}: ${errors.trim().split("\n").at(-1)}`));
    });
  });
}

/** Runs a program on both lines, and compares. */
export function both(
  options: Omit<ProgramOptions, "home" | "world" | "through">,
  more: (direct: Run, through: Run) => readonly Row[] = () => [],
): Promise<readonly Row[]> {
  return withWorld(options.installed.folder, async (home, world) => {
    const direct = await runProgram({ ...options, home, world, through: false });
    const through = await runProgram({ ...options, home, world, through: true });
    const all = ONLY.length === 0 ? [] : [holds("every scenario was run", false)];
    return [...all, ...compared(direct, through), ...more(direct, through)];
  });
}

/** Both runs beside each other, a row for each question. */
export function compared(direct: Run, through: Run, { leastSaved = 0.5 } = {}): readonly Row[] {
  const names = [...direct.scenarios.keys()];
  const differs = (part: (one: Scenario) => unknown): string[] =>
    names.filter((name) => {
      const [a, b] = [direct, through].map((run) => run.scenarios.get(name));
      return (
        a === undefined || b === undefined || JSON.stringify(part(a)) !== JSON.stringify(part(b))
      );
    });
  const rows: Row[] = [];
  const answered = differs(({ seen }) => seen);
  rows.push(
    holds(
      `replies and errors of ${names.length} scenarios as without it`,
      answered.length === 0,
      shown(answered, direct, through),
    ),
  );
  const did = differs(({ executed }) => executed);
  rows.push(holds("the same tools executed", did.length === 0, did.join(", ")));
  const leaks = [...through.scenarios.values()].filter(
    ({ seen }) =>
      /headroom|\[\[hr/.test(JSON.stringify(seen).replaceAll('"leaks":false', "")) ||
      JSON.stringify(seen).includes('"leaks":true'),
  );
  rows.push(
    holds(
      "nothing of ours seen by the client",
      leaks.length === 0,
      leaks.map(({ name }) => name).join(", "),
    ),
  );
  // What was looked up once is in the conversation from then on.
  const lookups = [...through.scenarios.values()].filter(({ executed }) =>
    executed.some((call) => call.startsWith("list_orders")),
  ).length;
  rows.push({
    what: "retrievals answered inside the proxy",
    value: String(through.retrievals),
    reach: `${lookups}: once in each conversation`,
    isMet: through.retrievals === lookups && lookups > 0,
  });
  const before = tokensSent(direct.requests);
  const after = tokensSent(through.requests);
  const saved = 1 - after / before;
  rows.push({
    what: "tokens sent, hidden requests included",
    value: `${before} → ${after} (−${(saved * 100).toFixed(0)} %)`,
    reach: `−${leastSaved * 100} %`,
    isMet: saved >= leastSaved,
  });
  const gaps = [...through.scenarios.values()].flatMap(({ gap }) => (gap === null ? [] : [gap]));
  const shortest = Math.min(...gaps);
  if (gaps.length > 0)
    rows.push({
      what: `a stream's first text before its end, the least of ${gaps.length} scenarios`,
      value: `${Math.round(shortest * 1_000)} ms`,
      reach: `≥ ${Math.round(LEAST_GAP_S * 1_000)} ms`,
      isMet: shortest >= LEAST_GAP_S,
    });
  const broken = conversations(through.requests).flatMap(([name, sent]) =>
    grows(sent) ? [] : [name],
  );
  rows.push(
    holds("each request a byte prefix of the next", broken.length === 0, broken.join(", ")),
  );
  const heads = names.filter((name) => headersIn(direct, name) !== headersIn(through, name));
  rows.push(
    holds(
      "headers reach the provider as without it, retries' too",
      heads.length === 0,
      heads.join(", "),
    ),
  );
  // Beside what is asked for a retrieval.
  const tries = (run: Run, name: string): number =>
    run.requests.filter(({ body }) => nameOf(body) === name).length -
    (run === through && run.scenarios.get(name)?.executed.includes("list_orders(.)") ? 1 : 0);
  const refusals = names.filter((name) => name in FAULTS);
  const again = refusals.filter((name) => tries(direct, name) !== tries(through, name));
  if (refusals.length > 0)
    rows.push(
      holds(
        `the provider asked as often as without it where it fails (${refusals.length} ways)`,
        again.length === 0,
        again.join(", "),
      ),
    );
  rows.push(
    holds(
      "nothing refused by the provider's rules",
      through.refused.length === 0,
      through.refused[0],
    ),
  );
  const open = Object.entries(through.failedOpen).map(([stage, times]) => `${stage}: ${times}`);
  rows.push(holds("compression never failed", open.length === 0, open.join(", ")));
  return rows;
}

function shown(names: readonly string[], direct: Run, through: Run): string {
  const [name] = names;
  if (name === undefined) return "";
  const [a, b] = [direct, through].map(
    (run) => JSON.stringify(run.scenarios.get(name)?.seen) ?? "nothing",
  );
  let at = 0;
  while (at < (a?.length ?? 0) && a?.[at] === b?.[at]) at++;
  const part = (text = ""): string => text.slice(Math.max(0, at - 40), at + 80);
  return `${names.join(", ")}; ${name}: ${part(a)} | ${part(b)}`;
}

function conversations(requests: readonly Sent[]): readonly (readonly [string, readonly Sent[]])[] {
  const names = [...new Set(requests.map(({ body }) => nameOf(body)))].filter(
    (name) => name !== "",
  );
  return names.map((name) => [name, requests.filter(({ body }) => nameOf(body) === name)]);
}
