/** What Claude Code's own settings files set in its environment: it goes before the environment that Claude Code is started with. */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { AgentCall } from "./agent.ts";

/** Files in the order in which the later one counts. Managed settings of an administrator go before all; they are not looked at. */
export function claudeEnvironment({
  cwd,
  env,
}: Pick<AgentCall, "cwd" | "env">): Readonly<Record<string, string>> {
  const home = env.CLAUDE_CONFIG_DIR || join(env.HOME || homedir(), ".claude");
  const files = [
    join(home, "settings.json"),
    join(cwd, ".claude", "settings.json"),
    join(cwd, ".claude", "settings.local.json"),
  ];
  return Object.assign({}, ...files.map(environmentIn));
}

/** A file that is not there or not valid says nothing; Claude Code tells about it itself. */
function environmentIn(file: string): Record<string, string> {
  try {
    const { env } = JSON.parse(readFileSync(file, "utf8")) as { env?: unknown };
    if (typeof env !== "object" || env === null) return {};
    return Object.fromEntries(
      Object.entries(env)
        .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value))
        .map(([name, value]) => [name, String(value)]),
    );
  } catch {
    return {};
  }
}
