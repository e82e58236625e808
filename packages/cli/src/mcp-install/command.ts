/** `headroom mcp install | uninstall | status`: what the line says, and what is printed. */
import { parseArgs } from "node:util";
import { CommandError } from "../command-error.ts";
import { parsed } from "../options.ts";
import type { Terminal } from "../terminal.ts";
import { CLIENTS, type Client, type Scope } from "./clients.ts";
import { ConfigProblem } from "./config-format.ts";
import { exists } from "./files.ts";
import {
  install,
  type Outcome,
  type StateOf,
  serverCommand,
  stateOf,
  type Target,
  targetOf,
  uninstall,
} from "./installer.ts";
import type { Place } from "./place.ts";

const OPTIONS = {
  client: { type: "string", multiple: true },
  scope: { type: "string" },
  print: { type: "boolean" },
  json: { type: "boolean" },
} as const;

export function installCommand(args: readonly string[], terminal: Terminal, place: Place): number {
  const end = args.indexOf("--");
  const more = end < 0 ? [] : args.slice(end + 1);
  const line = readLine("install", end < 0 ? args : args.slice(0, end));
  if (line.scope !== "project" && !line.isPlan) refusePassing(place);
  return forEach(line, terminal, place, (target) =>
    install(target, serverCommand(target.scope, place, more), line.isPlan),
  );
}

export function uninstallCommand(
  args: readonly string[],
  terminal: Terminal,
  place: Place,
): number {
  const line = readLine("uninstall", args);
  return forEach(line, terminal, place, (target) => uninstall(target, place, line.isPlan));
}

/** The state of one client's file, as `headroom mcp status --json` prints it. */
export interface ClientState extends StateOf {
  readonly client: string;
  readonly scope: Scope;
  readonly path: string;
  /** Whether the program seems to be on this machine. */
  readonly found: boolean;
}

export function clientStates(
  place: Place,
  names: readonly string[] = Object.keys(CLIENTS),
): readonly ClientState[] {
  return names.flatMap((key) =>
    targetsOf(key, ["user", "project"], place).map((target) => ({
      client: key,
      scope: target.scope,
      path: target.path,
      found: isFound(target.client, place),
      ...stateOf(target, place),
    })),
  );
}

export function statusCommand(args: readonly string[], terminal: Terminal, place: Place): number {
  const line = readLine("status", args);
  if (line.isPlan)
    throw new CommandError("status writes nothing: --print is for install and uninstall.");
  const states = clientStates(place, line.clients).filter(
    ({ scope }) => line.scope === undefined || scope === line.scope,
  );
  if (line.isJson) {
    terminal.stdout.write(`${JSON.stringify(states, undefined, 2)}\n`);
    return 0;
  }
  // Files of a project are seldom there: those that are not say nothing.
  const rows = states
    .filter(({ scope, state }) => scope === "user" || state !== "absent" || line.scope === scope)
    .map(({ client, scope, state, path, found, reason, line: at }) => [
      CLIENTS[client]?.title ?? client,
      scope,
      state,
      `${path}${reason === undefined ? "" : `${at === undefined ? "" : `, line ${at}`}: ${reason}`}${found || state !== "absent" ? "" : " (program not found)"}`,
    ]);
  const widths = [0, 1, 2].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of rows)
    terminal.stdout.write(`${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ")}\n`);
  return 0;
}

interface Line {
  readonly clients: readonly string[] | undefined;
  readonly scope: Scope | undefined;
  readonly isPlan: boolean;
  readonly isJson: boolean;
}

function readLine(
  command: string,
  args: readonly string[],
): Line & { clients: string[] | undefined } {
  const { values, positionals } = parsed("mcp", () =>
    parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true }),
  );
  if (positionals[0] !== undefined)
    throw new CommandError(
      `mcp ${command} takes options only, not "${positionals[0]}". A client is named by --client ${positionals[0]}.`,
    );
  const { scope, client: clients } = values;
  if (scope !== undefined && scope !== "user" && scope !== "project")
    throw new CommandError(`--scope takes user or project, not "${scope}".`);
  const unknown = clients?.find((name) => !Object.hasOwn(CLIENTS, name));
  if (unknown !== undefined)
    throw new CommandError(
      `There is no client "${unknown}". Clients: ${Object.keys(CLIENTS).join(", ")}.`,
    );
  return {
    clients: clients && [...new Set(clients)],
    scope,
    isPlan: values.print === true,
    isJson: values.json === true,
  };
}

/** Runs over the clients that are asked for; one that fails does not keep the others. */
function forEach(
  line: Line,
  terminal: Terminal,
  place: Place,
  act: (target: Target) => Outcome,
): number {
  const results = chosen(line, place).map((target) => {
    const about = { client: target.key, scope: target.scope, path: target.path };
    const title = `${target.client.title} (${target.scope})`;
    try {
      const outcome = act(target);
      if (!line.isJson) {
        if (outcome.difference !== undefined) terminal.stdout.write(outcome.difference);
        terminal.stderr.write(`headroom: ${title}: ${words(outcome, target)}\n`);
      }
      return { ...about, ...outcome };
    } catch (error) {
      if (!(error instanceof ConfigProblem)) throw error;
      const at = error.line === undefined ? "" : `, line ${error.line}`;
      const reason = `${target.path}${at}: ${error.message}.`;
      if (!line.isJson) terminal.stderr.write(`headroom: ${title}: nothing written. ${reason}\n`);
      return { ...about, action: "refused" as const, reason };
    }
  });
  if (line.isJson) terminal.stdout.write(`${JSON.stringify(results, undefined, 2)}\n`);
  return results.some(({ action }) => action === "refused") ? 2 : 0;
}

function words({ action, backup, note }: Outcome, { client }: Target): string {
  const more = note === undefined ? "" : ` ${note}`;
  if (action === "unchanged") return "nothing to change.";
  if (action === "planned") return "not written, because of --print.";
  if (action === "removed") return `removed.${more} Start ${client.title} anew.`;
  const kept = backup === undefined ? "" : ` The file as it was: ${backup}.`;
  return `installed.${kept} Start ${client.title} anew.`;
}

function chosen(line: Line, place: Place): readonly Target[] {
  const scope = line.scope ?? "user";
  if (line.clients) {
    return line.clients.map((key) => {
      const [target] = targetsOf(key, [scope], place);
      if (!target)
        throw new CommandError(
          `${CLIENTS[key]?.title} has no file for a project; use --scope user.`,
        );
      return target;
    });
  }
  const targets = Object.keys(CLIENTS)
    .flatMap((key) => targetsOf(key, [scope], place))
    .filter(({ client, path }) => isFound(client, place) || exists(path));
  if (targets.length === 0)
    throw new CommandError(
      `No client was found. Name one by --client: ${Object.keys(CLIENTS).join(", ")}.`,
    );
  return targets;
}

function targetsOf(key: string, scopes: readonly Scope[], place: Place): readonly Target[] {
  const client = CLIENTS[key];
  if (!client) return [];
  return scopes.flatMap((scope) => targetOf(key, client, scope, place) ?? []);
}

function isFound(client: Client, place: Place): boolean {
  return client.traces(place).some(exists);
}

/** What npx downloads is gone after a while, and with it what a client was told to start. */
function refusePassing({ program }: Place): void {
  if (program.script === "" || /[\\/]_npx[\\/]/.test(program.script))
    throw new CommandError(
      "npx keeps this command only for a while. Install it first (npm install --global), then run headroom mcp install.",
    );
}
