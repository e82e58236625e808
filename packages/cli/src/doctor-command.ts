/** `headroom doctor`: does everything work on this machine, and what is to be done where it does not. */
import process from "node:process";
import { CommandError } from "./command-error.ts";
import { type Check, failed } from "./doctor/check.ts";
import { agentsCheck, nodeCheck } from "./doctor/machine.ts";
import { clientChecks, portCheck } from "./doctor/network.ts";
import { optionalChecks } from "./doctor/optional.ts";
import { findStore, roundTripCheck, storeChecks } from "./doctor/store.ts";
import { ledgerCheck } from "./ledger/ledger.ts";
import { readOptions } from "./options.ts";
import { progressBar } from "./progress.ts";
import { readSettings } from "./proxy/read-settings.ts";
import type { Settings } from "./proxy/settings.ts";
import { type Style, styleFor } from "./style.ts";
import type { Terminal } from "./terminal.ts";
import { wrapped } from "./words.ts";

export async function doctorCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const { text, has, positionals } = readOptions("doctor", args);
  if (positionals.length > 0)
    throw new CommandError("doctor takes options only. See: headroom doctor --help");
  const bar = progressBar(terminal.stderr);
  const checks: Check[] = [];
  const steps: readonly (readonly [string, () => Promise<readonly Check[]>])[] = [
    ["Node.js", async () => [nodeCheck()]],
    ["round trip", async () => [await roundTripCheck()]],
    ["packages", optionalChecks],
    ["store", () => storeOf(text("store"), settings, terminal)],
    ["port", async () => [await portCheck(settings)]],
    ["clients", () => clientChecks(terminal.env, settings)],
    ["agents", async () => [agentsCheck(terminal.env, process.cwd())]],
    ["MCP", async () => [await mcpOf(terminal)]],
    ["ledger", async () => [await ledgerCheck(terminal.env)]],
  ];
  let settings: Settings = {};
  try {
    settings = await readSettings({ flags: {}, config: text("config") }, terminal.env);
    checks.push({ name: "Settings", state: "ok", says: wordsFor(settings) });
  } catch (error) {
    checks.push(failed("Settings", error, "Put it right: headroom proxy does not start with it."));
  }
  for (const [at, [label, step]] of steps.entries()) {
    bar.update(at / steps.length, label);
    checks.push(...(await step()));
  }
  bar.clear();
  const ok = checks.every(({ state }) => state !== "fail");
  const words = has("json")
    ? `${JSON.stringify({ ok, checks }, undefined, 2)}\n`
    : printed(checks, styleFor(terminal.stdout, terminal.env));
  terminal.stdout.write(words);
  return ok ? 0 : 2;
}

/** Loaded when it is asked for: it knows the files of all clients. */
async function mcpOf({ env }: Terminal): Promise<Check> {
  const [{ mcpCheck }, { thisPlace }] = await Promise.all([
    import("./doctor/mcp.ts"),
    import("./mcp-install/place.ts"),
  ]);
  return mcpCheck(thisPlace(env));
}

async function storeOf(
  option: string | undefined,
  settings: Settings,
  terminal: Terminal,
): Promise<readonly Check[]> {
  try {
    const found = await findStore(option, settings, terminal);
    try {
      return await storeChecks(found);
    } finally {
      await found.store?.close?.();
    }
  } catch (error) {
    return [failed("Store", error, "See: headroom doctor --help")];
  }
}

function wordsFor(settings: Settings): string {
  const names = Object.keys(settings);
  return names.length === 0
    ? "none of the proxy's is set: its defaults."
    : `of the proxy are set: ${names.join(", ")}.`;
}

const MARKS = { ok: "✓", warn: "!", fail: "✗" } as const;

function printed(checks: readonly Check[], style: Style): string {
  const colors = { ok: style.green, warn: style.yellow, fail: style.red };
  const width = Math.max(...checks.map(({ name }) => name.length));
  const indent = " ".repeat(width + 4);
  const rows = checks.map(({ name, state, says, todo }) => {
    const lines = wrapped(says, 84).trimEnd().replaceAll("\n", `\n${indent}`);
    const next = todo === undefined ? "" : `${indent}${style.cyan("→")} ${todo}\n`;
    return `${colors[state](MARKS[state])} ${style.bold(name.padEnd(width))}  ${lines}\n${next}`;
  });
  const count = (state: Check["state"]): number =>
    checks.filter((one) => one.state === state).length;
  const [bad, odd] = [count("fail"), count("warn")];
  const end =
    bad > 0
      ? style.red(`${bad} to put right.`)
      : style.green(odd > 0 ? `Everything works; ${odd} could be better.` : "Everything works.");
  return `${rows.join("")}\n${end}\n`;
}
