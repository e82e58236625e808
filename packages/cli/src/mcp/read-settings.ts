/** Reads the settings of `headroom mcp serve` from flags and variables. */
import { delimiter } from "node:path";
import { PREFIX, readRows } from "./read-rows.ts";
import { MCP_SETTINGS, type McpSettings } from "./settings.ts";

/** @throws CommandError, one sentence that names the flag or the variable */
export function readMcpSettings(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): McpSettings {
  const { settings, more } = readRows(args, env, {
    rows: MCP_SETTINGS,
    misplaced: ([first]) =>
      `mcp serve takes options only, not "${first}". See: headroom mcp --help`,
    more: { http: { type: "boolean" }, root: { type: "string", multiple: true } },
  });
  const roots = (more.root ?? env[`${PREFIX}ROOT`]?.split(delimiter)) as string[] | undefined;
  const given = roots?.filter((root) => root !== "") ?? [];
  return {
    ...settings,
    ...(more.http === true ? { http: true } : {}),
    ...(given.length > 0 ? { roots: given } : {}),
  };
}
