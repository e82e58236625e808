/** The machine as the installer sees it. Tests pass their own. */
import { homedir } from "node:os";
import process from "node:process";

export interface Place {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
  /** This Node.js, and the script of this command. */
  readonly program: { readonly node: string; readonly script: string };
}

export function thisPlace(env: Place["env"]): Place {
  const { platform } = process;
  const named = platform === "win32" ? env.USERPROFILE : env.HOME;
  return {
    env,
    home: named || homedir(),
    cwd: process.cwd(),
    platform,
    program: { node: process.execPath, script: process.argv[1] ?? "" },
  };
}
