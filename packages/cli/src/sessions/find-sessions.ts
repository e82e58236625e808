/** Where coding agents keep their sessions on this machine. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Terminal } from "../terminal.ts";

export interface SessionSource {
  readonly agent: "Claude Code" | "Codex" | "OpenCode";
  readonly path: string;
}

/** The places where sessions would be, by what the agents' own variables say. */
export function sessionPlaces(env: Terminal["env"]): readonly SessionSource[] {
  const home = env.HOME || env.USERPROFILE || undefined;
  const within = (folder: string | undefined, ...rest: string[]): string | undefined =>
    folder === undefined ? undefined : join(folder, ...rest);
  const claude = env.CLAUDE_CONFIG_DIR || within(home, ".claude");
  const codex = env.CODEX_HOME || within(home, ".codex");
  const data = env.XDG_DATA_HOME || within(home, ".local", "share");
  const places: readonly (readonly [SessionSource["agent"], string | undefined])[] = [
    ["Claude Code", within(claude, "projects")],
    ["Codex", within(codex, "sessions")],
    ["Codex", within(codex, "archived_sessions")],
    ["OpenCode", within(data, "opencode", "opencode.db")],
    ["OpenCode", within(data, "opencode", "storage", "message")],
  ];
  return places.flatMap(([agent, path]) => (path === undefined ? [] : [{ agent, path }]));
}

/** Those that are there. */
export async function findSessions(env: Terminal["env"]): Promise<readonly SessionSource[]> {
  const found = await Promise.all(
    sessionPlaces(env).map(async (place) => {
      const isThere = await stat(place.path).then(
        () => true,
        () => false,
      );
      return isThere ? [place] : [];
    }),
  );
  return found.flat();
}
