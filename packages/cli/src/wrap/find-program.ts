/** Looks for a program as a shell does. */
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import type { Environment } from "./agent.ts";

/** The first file of this name in PATH that may be run; `undefined` where there is none. */
export function findProgram(name: string, env: Environment, cwd: string): string | undefined {
  const endings = process.platform === "win32" ? [".exe", ".cmd", ".bat"] : [""];
  for (const folder of (env.PATH ?? env.Path ?? "").split(delimiter))
    for (const ending of endings) {
      const file = resolve(cwd, join(folder, name + ending));
      if (isProgram(file)) return file;
    }
  return undefined;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
