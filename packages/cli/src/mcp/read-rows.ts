/** Settings of a `headroom mcp` command from flags and variables, by rows of the kind that the proxy has. */
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { CommandError } from "../command-error.ts";
import { parsed } from "../options.ts";
import type { Setting } from "../proxy/setting.ts";
import { flagOf } from "../proxy/settings.ts";

type Rows = Readonly<Record<string, Setting<unknown>>>;

/** Of the variables. */
export const PREFIX = "HEADROOM_MCP_";

export interface RowsOfCommand {
  readonly rows: Rows;
  /** What is said where something stands that is no option. */
  readonly misplaced: (positionals: readonly string[]) => string;
  /** Options of the command that are no rows. @default none */
  readonly more?: ParseArgsOptionsConfig;
}

export interface ReadRows {
  readonly settings: Readonly<Record<string, unknown>>;
  /** What the other options say. */
  readonly more: Readonly<Record<string, unknown>>;
}

/**
 * The flag `--store-ttl-seconds` is HEADROOM_MCP_STORE_TTL_SECONDS. A flag goes before a variable.
 *
 * @throws CommandError, one sentence that names the flag or the variable
 */
export function readRows(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  { rows, misplaced, more = {} }: RowsOfCommand,
): ReadRows {
  const options: ParseArgsOptionsConfig = {
    ...more,
    ...Object.fromEntries(
      Object.entries(rows).map(([key, { isList }]) => [
        flagOf(key),
        { type: "string" as const, ...(isList ? { multiple: true } : {}) },
      ]),
    ),
  };
  const { values, positionals } = parsed("mcp", () =>
    parseArgs({ args: [...args], options, allowPositionals: true }),
  );
  if (positionals.length > 0) throw new CommandError(misplaced(positionals));
  const settings: Record<string, unknown> = {};
  for (const [key, { expects, isSecret, fromText }] of Object.entries(rows)) {
    const flag = values[flagOf(key)];
    const variable = `${PREFIX}${flagOf(key).replaceAll("-", "_").toUpperCase()}`;
    const text = flag === undefined ? env[variable] || undefined : [flag].flat().join(",");
    if (text === undefined) continue;
    const value = fromText(text);
    if (value === undefined) {
      const shown = isSecret ? "what is there" : JSON.stringify(text.slice(0, 80));
      const where = flag === undefined ? variable : `--${flagOf(key)}`;
      throw new CommandError(`${where} takes ${expects}, not ${shown}.`);
    }
    settings[key] = value;
  }
  return { settings, more: values };
}
