/**
 * Reads the settings of `headroom mcp serve` from flags and variables.
 *
 * The flag `--store-ttl-seconds` is HEADROOM_MCP_STORE_TTL_SECONDS. A flag goes before a variable.
 */
import { delimiter } from "node:path";
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { CommandError } from "../command-error.ts";
import { parsed } from "../options.ts";
import { flagOf } from "../proxy/settings.ts";
import { MCP_SETTINGS, type McpSettings } from "./settings.ts";

const KEYS = Object.keys(MCP_SETTINGS) as readonly (keyof typeof MCP_SETTINGS)[];

const PREFIX = "HEADROOM_MCP_";

/** @throws CommandError, one sentence that names the flag or the variable */
export function readMcpSettings(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): McpSettings {
  const options: ParseArgsOptionsConfig = {
    http: { type: "boolean" },
    root: { type: "string", multiple: true },
    ...Object.fromEntries(
      KEYS.map((key) => [
        flagOf(key),
        { type: "string" as const, ...(MCP_SETTINGS[key].isList ? { multiple: true } : {}) },
      ]),
    ),
  };
  const { values, positionals } = parsed("mcp", () =>
    parseArgs({ args: [...args], options, allowPositionals: true }),
  );
  if (positionals.length > 0)
    throw new CommandError(
      `mcp serve takes options only, not "${positionals[0]}". See: headroom mcp --help`,
    );
  const settings: Record<string, unknown> = values.http === true ? { http: true } : {};
  const roots = (values.root ?? env[`${PREFIX}ROOT`]?.split(delimiter)) as string[] | undefined;
  const given = roots?.filter((root) => root !== "");
  if (given !== undefined && given.length > 0) settings.roots = given;
  for (const key of KEYS) {
    const flag = values[flagOf(key)];
    const variable = `${PREFIX}${flagOf(key).replaceAll("-", "_").toUpperCase()}`;
    const text = flag === undefined ? env[variable] || undefined : [flag].flat().join(",");
    if (text === undefined) continue;
    const { expects, isSecret } = MCP_SETTINGS[key];
    const value = MCP_SETTINGS[key].fromText(text);
    if (value === undefined)
      throw new CommandError(
        `${flag === undefined ? variable : `--${flagOf(key)}`} takes ${expects}, not ${isSecret ? "what is there" : JSON.stringify(text.slice(0, 80))}.`,
      );
    settings[key] = value;
  }
  return settings as McpSettings;
}
