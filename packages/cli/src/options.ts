/**
 * The options that commands share, and how wrong ones are told.
 *
 * Values that the core checks itself (modes, slices) are passed on as they are: it lists what it accepts.
 */
import { parseArgs } from "node:util";
import type { HeadroomOptions } from "@headroom/core";
import { CommandError } from "./command-error.ts";
import { type CommandName, ROWS } from "./commands/rows.ts";
import { nearest } from "./nearest.ts";
import { installedPlugins } from "./optional-compressors.ts";

/** A command line, read by the command's row of the table. */
export interface Options {
  /** What an option says. The table has to have it. */
  text(name: string): string | undefined;
  /** Whether a switch is there. */
  has(name: string): boolean;
  /** A whole number from zero up. @throws CommandError */
  number(name: string): number | undefined;
  readonly positionals: readonly string[];
}

/** @throws CommandError */
export function readOptions(command: CommandName, args: readonly string[]): Options {
  const rows = ROWS[command].options;
  const options = Object.fromEntries(
    Object.entries(rows).map(([name, { value }]) => [
      name,
      { type: value === undefined ? ("boolean" as const) : ("string" as const) },
    ]),
  );
  const { values, positionals } = parsed(command, () =>
    parseArgs({ args: [...args], allowPositionals: true, options }),
  );
  const given = (name: string): string | boolean | undefined => {
    if (!Object.hasOwn(rows, name)) throw new Error(`The table has no --${name} of ${command}.`);
    return values[name];
  };
  const text = (name: string): string | undefined => {
    const value = given(name);
    return typeof value === "string" ? value : undefined;
  };
  return {
    text,
    has: (name) => given(name) === true,
    number: (name) => wholeNumber(name, text(name)),
    positionals,
  };
}

/** Runs a `parseArgs` call; its errors become one line that points to the command's help. */
export function parsed<Result>(command: CommandName, parse: () => Result): Result {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [firstSentence = error.message] = error.message.split(". ");
    const [, unknown] = /^Unknown option '--?([^']+)'/.exec(firstSentence) ?? [];
    const near =
      unknown === undefined ? undefined : nearest(unknown, Object.keys(ROWS[command].options));
    const hint = near === undefined ? "" : ` Did you mean --${near}?`;
    throw new CommandError(
      `${firstSentence.replace(/\.$/, "")}.${hint} See: headroom ${command} --help`,
    );
  }
}

/** A whole number from zero up. */
function wholeNumber(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d{1,15}$/.test(value)) {
    throw new CommandError(`--${option} takes a whole number from 0 up, not "${value}".`);
  }
  return Number(value);
}

/** The core's options out of the command line's. */
export function headroomOptions({ text, number }: Options): HeadroomOptions {
  return present({
    plugins: installedPlugins,
    // Any other text is refused by the core, which lists the modes there are.
    mode: text("mode") as HeadroomOptions["mode"],
    model: text("model"),
    minTokens: number("min-tokens"),
  });
}

/** An object without its undefined members, as `exactOptionalPropertyTypes` wants it. */
export function present<Values extends object>(
  values: Values,
): { [Key in keyof Values]?: Exclude<Values[Key], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof Values]?: Exclude<Values[Key], undefined> };
}
