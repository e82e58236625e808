/** The row of `headroom mcp`, whose subcommands have options of their own. */
import { MCP_SETTINGS } from "../mcp/settings.ts";
import { WRAP_SETTINGS } from "../mcp/wrap-settings.ts";
import { flagOf } from "../proxy/settings.ts";
import type { CommandRow, OptionRows } from "./command-row.ts";

interface McpSetting {
  readonly type: string;
  readonly help: string;
  readonly fallback: string;
}

function settingRows(settings: Readonly<Record<string, McpSetting>>): OptionRows {
  return Object.fromEntries(
    Object.entries(settings).map(([key, { type, help, fallback }]) => [
      flagOf(key),
      { value: type, help: `${help} (default: ${fallback})` },
    ]),
  );
}

/** Options by what they belong to, in the order of help. */
export const MCP_OPTIONS: Readonly<Record<string, OptionRows>> = {
  "headroom mcp serve": {
    http: { help: "Serves over HTTP at /mcp, and not over standard input and output." },
    root: {
      value: "FOLDER",
      help: "Folder that headroom_read may read; may be given several times. (default: those that the client names; none over HTTP)",
      completes: "folder",
    },
    ...settingRows(MCP_SETTINGS),
  },
  "headroom mcp wrap -- COMMAND ARGS": settingRows(WRAP_SETTINGS),
  "headroom mcp install, uninstall, status": {
    client: {
      value: "NAME",
      help: "claude-code, claude-desktop, cursor, vscode, codex, opencode, gemini or windsurf; may be given several times. (default: all that are found)",
      words: [
        "claude-code",
        "claude-desktop",
        "cursor",
        "vscode",
        "codex",
        "opencode",
        "gemini",
        "windsurf",
      ],
    },
    scope: {
      value: "SCOPE",
      help: "user, or project: the files in this folder. (default: user)",
      words: ["user", "project"],
    },
    print: { help: "Shows what would change, and writes nothing." },
    json: { help: "Prints what was done, or the status, as JSON." },
  },
};

export const mcp: CommandRow = {
  usage: "mcp serve|wrap|install|uninstall|status",
  summary: "tools of headroom for MCP clients; other servers, shortened",
  about: [
    "serve is an MCP server for Claude Code, Cursor, VS Code and others: tools that shorten texts, give back any part of an original, read files in fewer tokens and share contents between agents. Over standard input and output, for a client that starts it; with --http for several. Each option can stand in the environment as well: --store is HEADROOM_MCP_STORE.",
    "wrap runs another MCP server, one that speaks over standard input and output, and shortens the results of its tools; headroom_retrieve among its tools gives back what was left out. All else is as without: exit code, signals and standard error are the server's.",
    'install puts the server into the configuration of programs that speak MCP, and uninstall takes it out again. Only the entry "headroom" changes: comments, order and line ends stay. What is changed is shown; the file as it was is kept beside it, and uninstall gives it back. A file that does not parse is left alone. What stands behind -- are options of the server.',
  ],
  options: Object.assign({}, ...Object.values(MCP_OPTIONS)),
  examples: [
    ["headroom mcp install", "for every client that is found"],
    ["headroom mcp install --client vscode --scope project", "for this folder alone"],
    ["headroom mcp status", "where it is installed"],
    ["headroom mcp serve --http --root . --port 8788", "for several clients"],
    [
      "headroom mcp wrap -- npx -y @modelcontextprotocol/server-filesystem .",
      "another server, its results shortened",
    ],
    [
      'headroom mcp wrap --tools "read_*=lossless" -- node my-server.js',
      "nothing left out of some",
    ],
  ],
  operands: ["serve", "wrap", "install", "uninstall", "status"],
};
