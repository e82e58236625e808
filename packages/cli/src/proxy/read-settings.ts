/** Settings from flags, variables and a file, in this order: the first that says something counts. Wrong ones are refused, wherever. */
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { CommandError } from "../command-error.ts";
import { nearest } from "../nearest.ts";
import { parsed } from "../options.ts";
import { type FileEntry, readConfigFile } from "./config-file.ts";
import {
  flagOf,
  PREFIX,
  SETTING_KEYS,
  SETTINGS,
  type SettingKey,
  type Settings,
  variableOf,
} from "./settings.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** A command line, taken apart. */
export interface ProxyArguments {
  /** By key. */
  readonly flags: Partial<Record<SettingKey, string>>;
  readonly config: string | undefined;
  readonly positionals: readonly string[];
  /** What the command has beside settings. */
  readonly switches: ReadonlySet<string>;
}

interface Parsed {
  readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  readonly positionals: readonly string[];
}

/**
 * @param keys the settings that the command takes
 * @param switches further flags of the command, without values
 * @throws CommandError
 */
export function readArguments(
  command: "proxy" | "wrap",
  args: readonly string[],
  keys: readonly SettingKey[],
  switches: readonly string[] = [],
): ProxyArguments {
  const options: ParseArgsOptionsConfig = Object.fromEntries([
    ["config", { type: "string" as const }],
    ...switches.map((name) => [name, { type: "boolean" as const }] as const),
    ...keys.map((key) => {
      const { isList, isSwitch } = SETTINGS[key];
      const type = isSwitch ? ("boolean" as const) : ("string" as const);
      return [flagOf(key), { type, ...(isList ? { multiple: true } : {}) }] as const;
    }),
  ]);
  const { values, positionals }: Parsed = parsed(command, () =>
    parseArgs({ args: [...args], options, allowPositionals: true, allowNegative: true }),
  );
  const flags: Partial<Record<SettingKey, string>> = {};
  for (const key of keys) {
    const value = values[flagOf(key)];
    if (value !== undefined) flags[key] = Array.isArray(value) ? value.join(",") : String(value);
  }
  const { config } = values;
  return {
    flags,
    positionals,
    config: typeof config === "string" ? config : undefined,
    switches: new Set(switches.filter((name) => values[name] === true)),
  };
}

/** @throws CommandError, one sentence that names the flag, the variable or the line of the file */
export async function readSettings(
  { flags, config }: Pick<ProxyArguments, "flags" | "config">,
  env: Environment,
): Promise<Settings> {
  const variables = readVariables(env);
  const path = config ?? (env[CONFIG_VARIABLE] || undefined);
  const settings: Record<string, unknown> = {};
  for (const { key, value, line } of path === undefined ? [] : await readConfigFile(path))
    settings[key] = fileValue(path ?? "", { key, value, line });
  for (const [key, text] of Object.entries(variables))
    settings[key] = textValue(key as SettingKey, text, variableOf(key));
  for (const [key, text] of Object.entries(flags))
    settings[key] = textValue(key as SettingKey, text, `--${flagOf(key)}`);
  return settings as Settings;
}

const CONFIG_VARIABLE = variableOf("config");

function readVariables(env: Environment): Partial<Record<SettingKey, string>> {
  const keys = new Map(SETTING_KEYS.map((key) => [variableOf(key), key]));
  const found: Partial<Record<SettingKey, string>> = {};
  for (const [name, value] of Object.entries(env)) {
    // Compose files write `NAME=${NAME:-}`: an empty one says nothing.
    if (!name.startsWith(PREFIX) || !value || name === CONFIG_VARIABLE) continue;
    if (isServiceLink(name, value)) continue;
    const key = keys.get(name);
    if (key === undefined)
      throw new CommandError(
        `There is no setting ${name}.${meant(name, keys.keys())} See: headroom proxy --help`,
      );
    found[key] = value;
  }
  return found;
}

/**
 * Kubernetes and old Docker tell every container of a service called headroom-proxy: HEADROOM_PROXY_SERVICE_HOST,
 * HEADROOM_PROXY_PORT=tcp://10.0.0.7:8787, HEADROOM_PROXY_PORT_8787_TCP_ADDR.
 */
function isServiceLink(name: string, value: string): boolean {
  const rest = name.slice(PREFIX.length);
  return (
    /^SERVICE_(?:HOST|PORT)/.test(rest) ||
    /^PORT_\d+_/.test(rest) ||
    rest === "NAME" ||
    (rest === "PORT" && /^(?:tcp|udp|sctp):\/\//.test(value))
  );
}

function textValue(key: SettingKey, given: string, where: string): unknown {
  const setting = SETTINGS[key];
  const value = setting.fromText(given);
  if (value === undefined) throw wrong(where, key, given);
  return value;
}

function fileValue(path: string, { key, value, line }: FileEntry): unknown {
  if (!Object.hasOwn(SETTINGS, key))
    throw new CommandError(
      `${path}, line ${line}: there is no setting "${key}".${meant(key, SETTING_KEYS)} See: headroom proxy --help`,
    );
  const read = SETTINGS[key as SettingKey].fromJson(value);
  if (read === undefined) throw wrong(`${path}, line ${line}: "${key}"`, key as SettingKey, value);
  return read;
}

function meant(given: string, names: Iterable<string>): string {
  const near = nearest(given, names);
  return near === undefined ? "" : ` Did you mean ${near}?`;
}

function wrong(where: string, key: SettingKey, value: unknown): CommandError {
  const { expects, isSecret } = SETTINGS[key];
  const shown = isSecret ? "what is there" : (JSON.stringify(value) ?? "nothing").slice(0, 80);
  return new CommandError(`${where} takes ${expects}, not ${shown}.`);
}
