/** `headroom mcp SUBCOMMAND`. */
import { CommandError } from "./command-error.ts";
import { thisPlace } from "./mcp-install/place.ts";
import type { Terminal } from "./terminal.ts";

type Command = (args: readonly string[], terminal: Terminal) => Promise<number | undefined>;

/** Each is loaded when it is asked for: clients wait for a server to answer. */
const SUBCOMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import("./mcp/serve-command.ts")).serveCommand,
  wrap: async () => (await import("./mcp/wrap-command.ts")).wrapServerCommand,
  install: () => inThisPlace("installCommand"),
  uninstall: () => inThisPlace("uninstallCommand"),
  status: () => inThisPlace("statusCommand"),
};

async function inThisPlace(
  name: "installCommand" | "statusCommand" | "uninstallCommand",
): Promise<Command> {
  const { [name]: command } = await import("./mcp-install/command.ts");
  return async (args, terminal) => command(args, terminal, thisPlace(terminal.env));
}

export async function mcpCommand(
  args: readonly string[],
  terminal: Terminal,
): Promise<number | undefined> {
  const [name, ...rest] = args;
  const command =
    name !== undefined && Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
  if (!command)
    throw new CommandError(
      `headroom mcp takes ${Object.keys(SUBCOMMANDS).join(", ")}${name === undefined ? "" : `, not "${name}"`}. See: headroom mcp --help`,
    );
  return (await command())(rest, terminal);
}
