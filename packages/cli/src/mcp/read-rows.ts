/** Settings of a `headroom mcp` command from flags and variables, by rows of the kind that the proxy has. */
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { CommandError } from "../command-error.ts";
import { parsed } from "../options.ts";
import type { Setting } from "../proxy/setting.ts";
import { flagOf } from "../proxy/settings.ts";

type Rows = Readonly<Record<string, Setting<unknown>>>;

const PREFIX = "HEADROOM_MCP_";

/** The flag `--store-ttl-seconds` is HEADROOM_MCP_STORE_TTL_SECONDS. A flag goes before a variable. @throws CommandError */
export function readRows(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  rows: Rows,
): Readonly<Record<string, unknown>> {
  const options: ParseArgsOptionsConfig = Object.fromEntries(
    Object.entries(rows).map(([key, { isList }]) => [
      flagOf(key),
      { type: "string" as const, ...(isList ? { multiple: true } : {}) },
    ]),
  );
  const { values, positionals } = parsed("mcp", () =>
    parseArgs({ args: [...args], options, allowPositionals: true }),
  );
  if (positionals.length > 0)
    throw new CommandError(
      `The server's command comes after "--": headroom mcp wrap -- ${positionals.join(" ")}`,
    );
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
  return settings;
}
