/** What `headroom mcp --help` says of `wrap`. */
import { flagOf } from "../proxy/settings.ts";
import { row } from "../proxy/settings-text.ts";
import { WRAP_SETTINGS } from "./wrap-settings.ts";

export function wrapHelp(): string {
  const rows = Object.entries(WRAP_SETTINGS).map(([key, { type, help, fallback }]) =>
    row(`  --${flagOf(key)} ${type}`, `${help} (default: ${fallback})`),
  );
  return `headroom mcp wrap [options] -- COMMAND ARGS

Runs another MCP server, one that speaks over standard input and output, and shortens the
results of its tools; headroom_retrieve among its tools gives back what was left out. All
else is as without: exit code, signals and standard error are the server's.

${rows.join("")}
Examples:
  claude mcp add files -- npx -y headroom mcp wrap -- npx -y @modelcontextprotocol/server-filesystem .
  headroom mcp wrap --tools "read_*=lossless" -- node my-server.js
`;
}
