/** The settings of `headroom mcp serve` as `--help` shows them. */
import { flagOf } from "../proxy/settings.ts";
import { row } from "../proxy/settings-text.ts";
import { MCP_SETTINGS } from "./settings.ts";

export function mcpHelp(): string {
  const own = [
    row("  --http", "Serves over HTTP at /mcp, and not over standard input and output."),
    row(
      "  --root FOLDER",
      "Folder that headroom_read may read; may be given several times (default: those that the client names; none over HTTP)",
    ),
  ];
  const rows = Object.entries(MCP_SETTINGS).map(([key, { type, help, fallback }]) =>
    row(`  --${flagOf(key)} ${type}`, `${help} (default: ${fallback})`),
  );
  return [...own, ...rows].join("");
}
