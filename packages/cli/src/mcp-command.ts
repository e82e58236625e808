/** `headroom mcp …`: picks what is asked for, and loads no more than that. */
import { CommandError } from "./command-error.ts";
import { thisPlace } from "./mcp-install/place.ts";
import type { Terminal } from "./terminal.ts";

type Subcommand = (args: readonly string[], terminal: Terminal) => Promise<number>;

const subcommands: Readonly<Record<string, Subcommand>> = {
  install: async (args, terminal) =>
    (await import("./mcp-install/command.ts")).installCommand(
      args,
      terminal,
      thisPlace(terminal.env),
    ),
  uninstall: async (args, terminal) =>
    (await import("./mcp-install/command.ts")).uninstallCommand(
      args,
      terminal,
      thisPlace(terminal.env),
    ),
  status: async (args, terminal) =>
    (await import("./mcp-install/command.ts")).statusCommand(
      args,
      terminal,
      thisPlace(terminal.env),
    ),
};

export async function mcpCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  const subcommand =
    name !== undefined && Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
  if (!subcommand)
    throw new CommandError(
      `mcp takes ${Object.keys(subcommands).join(", ")}${name === undefined ? "" : `, not "${name}"`}. See: headroom mcp --help`,
    );
  return subcommand(rest, terminal);
}
