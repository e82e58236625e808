/** `headroom completion SHELL`: prints a script. */
import { CommandError } from "./command-error.ts";
import { SCRIPTS, type Shell } from "./completion/scripts.ts";
import { nearest } from "./nearest.ts";
import { readOptions } from "./options.ts";
import type { Terminal } from "./terminal.ts";

export async function completionCommand(
  args: readonly string[],
  terminal: Terminal,
): Promise<undefined> {
  const { positionals } = readOptions("completion", args);
  const [shell = ""] = positionals;
  if (positionals.length !== 1 || !Object.hasOwn(SCRIPTS, shell)) {
    const near = nearest(shell, Object.keys(SCRIPTS));
    const hint = near === undefined ? "" : ` Did you mean ${near}?`;
    throw new CommandError(
      `completion takes bash, zsh or fish.${hint} See: headroom completion --help`,
    );
  }
  terminal.stdout.write(SCRIPTS[shell as Shell]());
}
