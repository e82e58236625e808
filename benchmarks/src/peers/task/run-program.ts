/** A program in a home folder of its own: what it prints, and what it leaves behind. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly cwd: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds after which it is ended. @default 180_000 */
  readonly timeoutMs?: number;
}

/** Runs a program with nothing of this machine's environment but the path to programs. */
export function runProgram(
  file: string,
  args: readonly string[],
  { cwd, home, env, timeoutMs = 180_000 }: ProgramOptions,
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd,
      env: { PATH: process.env.PATH, HOME: home, LANG: "C.UTF-8", TERM: "dumb", ...env },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own: what it has started ends with it.
      detached: true,
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (bytes) => {
      stdout += bytes;
    });
    child.stderr.on("data", (bytes) => {
      stderr += bytes;
    });
    const timer = setTimeout(() => end(child.pid), timeoutMs);
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      end(child.pid);
      resolve({ code, stdout, stderr });
    });
  });
}

function end(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

/** All that stands in the files of a folder, with their paths. */
export function textsIn(folder: string): readonly { path: string; text: string }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return { path, text: readFileSync(path, "latin1") };
    });
}
