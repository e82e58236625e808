/**
 * The programs that can be given an MCP server by a file of theirs: where the file is, and what an entry looks like.
 *
 * To add one, add a row. Paths follow each program's own documentation, with the variables by which it lets itself be moved.
 */
import { join } from "node:path";
import type { Place } from "./place.ts";

export type Scope = "user" | "project";

/** What starts the server. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
}

export interface Client {
  /** As people write it. */
  readonly title: string;
  readonly format: "json" | "toml";
  /** The object that has one member for each server. */
  readonly container: string;
  /** Members of the entry. What else a user put there stays. */
  entry(server: ServerCommand): Readonly<Record<string, unknown>>;
  /** Files or folders of which one is there where the program is. */
  traces(place: Place): readonly string[];
  /** Files the program reads, by scope; of several the first that exists is edited, else the first. */
  readonly files: Readonly<Partial<Record<Scope, (place: Place) => readonly string[]>>>;
}

const plain = ({ command, args }: ServerCommand) => ({ command, args });
const typed = ({ command, args }: ServerCommand) => ({ type: "stdio", command, args });

/** Where programs built on Electron keep their files. */
function applicationData({ home, env, platform }: Place): string {
  if (platform === "win32") return env.APPDATA || join(home, "AppData", "Roaming");
  if (platform === "darwin") return join(home, "Library", "Application Support");
  return xdgConfig({ home, env });
}

function xdgConfig({ home, env }: Pick<Place, "home" | "env">): string {
  return env.XDG_CONFIG_HOME || join(home, ".config");
}

const codexHome = ({ home, env }: Place): string => env.CODEX_HOME || join(home, ".codex");

export const CLIENTS: Readonly<Record<string, Client>> = {
  "claude-code": {
    title: "Claude Code",
    format: "json",
    container: "mcpServers",
    entry: typed,
    traces: ({ home, env }) =>
      env.CLAUDE_CONFIG_DIR
        ? [env.CLAUDE_CONFIG_DIR]
        : [join(home, ".claude.json"), join(home, ".claude")],
    files: {
      user: ({ home, env }) => [join(env.CLAUDE_CONFIG_DIR || home, ".claude.json")],
      project: ({ cwd }) => [join(cwd, ".mcp.json")],
    },
  },
  "claude-desktop": {
    title: "Claude Desktop",
    format: "json",
    container: "mcpServers",
    entry: plain,
    traces: (place) => [join(applicationData(place), "Claude")],
    files: {
      user: (place) => [join(applicationData(place), "Claude", "claude_desktop_config.json")],
    },
  },
  cursor: {
    title: "Cursor",
    format: "json",
    container: "mcpServers",
    entry: plain,
    traces: ({ home }) => [join(home, ".cursor")],
    files: {
      user: ({ home }) => [join(home, ".cursor", "mcp.json")],
      project: ({ cwd }) => [join(cwd, ".cursor", "mcp.json")],
    },
  },
  vscode: {
    title: "VS Code",
    format: "json",
    container: "servers",
    entry: typed,
    traces: (place) => [codeUser(place)],
    files: {
      user: (place) => [join(codeUser(place), "mcp.json")],
      project: ({ cwd }) => [join(cwd, ".vscode", "mcp.json")],
    },
  },
  codex: {
    title: "Codex",
    format: "toml",
    container: "mcp_servers",
    entry: plain,
    traces: (place) => [codexHome(place)],
    files: {
      user: (place) => [join(codexHome(place), "config.toml")],
      project: ({ cwd }) => [join(cwd, ".codex", "config.toml")],
    },
  },
  opencode: {
    title: "OpenCode",
    format: "json",
    container: "mcp",
    entry: ({ command, args }) => ({ type: "local", command: [command, ...args] }),
    traces: (place) => [join(xdgConfig(place), "opencode")],
    files: {
      user: (place) =>
        ["opencode.json", "opencode.jsonc"].map((name) => join(xdgConfig(place), "opencode", name)),
      project: ({ cwd }) => ["opencode.json", "opencode.jsonc"].map((name) => join(cwd, name)),
    },
  },
  gemini: {
    title: "Gemini CLI",
    format: "json",
    container: "mcpServers",
    entry: plain,
    traces: ({ home, env }) => [join(env.GEMINI_CLI_HOME || home, ".gemini")],
    files: {
      user: ({ home, env }) => [join(env.GEMINI_CLI_HOME || home, ".gemini", "settings.json")],
      project: ({ cwd }) => [join(cwd, ".gemini", "settings.json")],
    },
  },
  windsurf: {
    title: "Windsurf",
    format: "json",
    container: "mcpServers",
    entry: plain,
    traces: ({ home }) => [join(home, ".codeium", "windsurf")],
    files: { user: ({ home }) => [join(home, ".codeium", "windsurf", "mcp_config.json")] },
  },
};

function codeUser(place: Place): string {
  return place.env.VSCODE_PORTABLE
    ? join(place.env.VSCODE_PORTABLE, "user-data", "User")
    : join(applicationData(place), "Code", "User");
}
