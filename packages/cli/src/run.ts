/**
 * The command line: picks the command, prints help, and turns errors into words and exit codes.
 *
 * 0: done. 1: a defect of ours, with its stack. 2: something the caller can put right, in one line. Commands that run others or are
 * ended by a signal have codes of their own.
 */
import { readFileSync } from "node:fs";
import { HeadroomError } from "@headroom/core";
import { CommandError } from "./command-error.ts";
import { help, helpFor } from "./help.ts";
import { nearest } from "./nearest.ts";
import { styleFor } from "./style.ts";
import type { Terminal } from "./terminal.ts";

type Command = (args: readonly string[], terminal: Terminal) => Promise<number | undefined>;

/** Each command is loaded when it is asked for: a proxy has to be there in half a second. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  compress: async () => (await import("./compress-command.ts")).compressCommand,
  retrieve: async () => (await import("./retrieve-command.ts")).retrieveCommand,
  measure: async () => (await import("./measure/measure-command.ts")).measureCommand,
  diff: async () => (await import("./diff-command.ts")).diffCommand,
  stats: async () => (await import("./stats-command.ts")).statsCommand,
  doctor: async () => (await import("./doctor-command.ts")).doctorCommand,
  proxy: async () => (await import("./proxy-command.ts")).proxyCommand,
  wrap: async () => (await import("./wrap-command.ts")).wrapCommand,
  mcp: async () => (await import("./mcp-command.ts")).mcpCommand,
  completion: async () => (await import("./completion-command.ts")).completionCommand,
};

/** Runs one command line. Resolves to the exit code and never rejects. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return (await dispatch(args, terminal)) ?? 0;
  } catch (error) {
    const words = expected(error);
    const { red } = styleFor(terminal.stderr, terminal.env);
    if (words !== undefined) {
      terminal.stderr.write(`${red("headroom:")} ${words}\n`);
      return 2;
    }
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    terminal.stderr.write(`headroom: this is a defect, please report it.\n${stack}\n`);
    return 1;
  }
}

async function dispatch(args: readonly string[], terminal: Terminal): Promise<number | undefined> {
  const [name, ...rest] = args;
  const style = styleFor(terminal.stdout, terminal.env);
  if (name === undefined || name === "--help" || name === "-h") {
    terminal.stdout.write(help(style));
    return undefined;
  }
  if (name === "--version" || name === "-v") {
    terminal.stdout.write(`${version()}\n`);
    return undefined;
  }
  if (name === "help") {
    terminal.stdout.write(
      rest[0] !== undefined && Object.hasOwn(commands, rest[0])
        ? helpFor(rest[0], style)
        : help(style),
    );
    return undefined;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    const known = Object.keys(commands).join(", ");
    const near = nearest(name, Object.keys(commands));
    const hint = near === undefined ? "" : ` Did you mean ${near}?`;
    throw new CommandError(
      `There is no command "${name}".${hint} Commands: ${known}. See: headroom --help`,
    );
  }
  if (asksForHelp(rest)) {
    terminal.stdout.write(helpFor(name, style));
    return undefined;
  }
  return (await command())(rest, terminal);
}

/** `--help` anywhere before `--`, whatever else is wrong with the line. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  const own = end < 0 ? args : args.slice(0, end);
  return own.includes("--help") || own.includes("-h");
}

/** The one line for an error that is not a defect. */
function expected(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof CommandError || HeadroomError.isInstance(error))
    return firstLine(error.message);
  if ("syscall" in error && "code" in error) return firstLine(systemErrorWords(error));
  return undefined;
}

const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  EACCES: "no permission to read or write it",
  EISDIR: "it is a folder, not a file",
  ENOENT: "no such file or folder",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of the path is a file, not a folder",
};

function systemErrorWords(error: Error & { code: unknown }): string {
  const words = SYSTEM_ERRORS[String(error.code)];
  if (words === undefined) return error.message;
  const path = "path" in error && typeof error.path === "string" ? error.path : undefined;
  return path === undefined ? `${words} (${String(error.code)})` : `${path}: ${words}.`;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}

/** Read at run time, so that source and build say the same. */
function version(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL("../package.json", import.meta.url), "utf8"),
  );
  return typeof manifest === "object" && manifest !== null && "version" in manifest
    ? String(manifest.version)
    : "unknown";
}
