/** Runs a command and keeps what it prints, both streams, as an agent's shell tool does. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Command } from "./commands.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const MAX_BYTES = 16 * 1024 ** 2;
const SECONDS = 60;
/** Characters. No tool hands a model more; a single dump would outweigh all other commands. */
const MAX_CHARACTERS = 200_000;
/** Shorter outputs say nothing about compression. */
const MIN_CHARACTERS = 200;

export interface Captured {
  readonly command: Command;
  readonly text: string;
}

export interface Skipped {
  readonly command: Command;
  readonly why: string;
}

/** What a command prints; why it was skipped, where it is not installed or prints next to nothing. */
export function capture(command: Command): Captured | Skipped {
  const result = spawnSync("sh", ["-c", `(${command.run}) 2>&1`], {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: MAX_BYTES,
    timeout: SECONDS * 1_000,
    env: {
      ...process.env,
      COLUMNS: "160",
      PAGER: "cat",
      MANPAGER: "cat",
      GIT_PAGER: "cat",
      PYTEST_ADDOPTS: "-p no:cacheprovider",
    },
  });
  const text = result.stdout ?? "";
  if (result.error) return { command, why: result.error.message };
  if (text.length > MAX_CHARACTERS)
    return { command, text: text.slice(0, text.lastIndexOf("\n", MAX_CHARACTERS) + 1) };
  if (text.length >= MIN_CHARACTERS) return { command, text };
  const last = text.trim().split("\n").at(-1);
  // What is committed names no folder of this machine.
  return { command, why: last?.replaceAll(ROOT.slice(0, -1), ".") || `exit code ${result.status}` };
}
