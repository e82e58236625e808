/** `headroom mcp SUBCOMMAND`. */
import { CommandError } from "./command-error.ts";
import type { Place } from "./mcp-install/place.ts";
import type { Terminal } from "./terminal.ts";

type Command = (args: readonly string[], terminal: Terminal) => Promise<number | undefined>;

/** Each is loaded when it is asked for: clients wait for a server to answer. */
const SUBCOMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import("./mcp/serve-command.ts")).serveCommand,
  wrap: async () => (await import("./mcp/wrap-command.ts")).wrapServerCommand,
  install: async () => here((await import("./mcp-install/command.ts")).installCommand),
  uninstall: async () => here((await import("./mcp-install/command.ts")).uninstallCommand),
  status: async () => here((await import("./mcp-install/command.ts")).statusCommand),
};

/** A command of the installer for this machine. */
function here(
  command: (args: readonly string[], terminal: Terminal, place: Place) => number,
): Command {
  return async (args, terminal) => {
    const { thisPlace } = await import("./mcp-install/place.ts");
    return command(args, terminal, thisPlace(terminal.env));
  };
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
