/** The table of settings as `--help` and docs/proxy.md show it. */
import { wrapped } from "../words.ts";
import { flagOf, GROUPS, SETTINGS, type SettingKey, variableOf } from "./settings.ts";

const WIDTH = 88;
const INDENT = 28;

/** Lines for `--help`. @param without settings that the command does not take */
export function settingsHelp(without: readonly SettingKey[] = []): string {
  const groups = Object.entries(GROUPS).map(([heading, group]) => {
    const rows = group.filter((key) => !without.includes(key)).map(settingRow);
    return rows.length === 0 ? "" : `${heading}:\n${rows.join("")}`;
  });
  const config = helpRow(
    "  --config FILE",
    "The same settings from a file: JSON, comments allowed.",
  );
  return `${groups.filter((one) => one !== "").join("\n")}${config}`;
}

function settingRow(key: SettingKey): string {
  const { help, fallback, isSwitch } = SETTINGS[key];
  return helpRow(`  ${flag(key)}`, isSwitch ? help : `${help} (default: ${fallback})`);
}

/** What a person types. What is on by default is there to be turned off. */
function flag(key: SettingKey): string {
  const { type, isSwitch } = SETTINGS[key];
  return isSwitch ? `--no-${flagOf(key)}` : `--${flagOf(key)} ${type}`;
}

/** A line of help: what a person types, and what it does beside or below it. */
export function helpRow(head: string, words: string): string {
  const indent = " ".repeat(INDENT);
  const first = head.length < INDENT - 1 ? head.padEnd(INDENT) : `${head}\n${indent}`;
  return (
    first +
    wrapped(words, WIDTH - INDENT)
      .trimEnd()
      .replaceAll("\n", `\n${indent}`) +
    "\n"
  );
}

const COLUMNS = ["Flag", "Variable", "Key in the file", "Value", "Default", "Meaning"];

/** The same in Markdown. */
export function settingsTable(): string {
  const sections = Object.entries(GROUPS).map(
    ([heading, group]) => `### ${heading}\n\n${table([COLUMNS, ...group.map(cells)])}`,
  );
  return sections.join("\n");
}

function cells(key: SettingKey): readonly string[] {
  const { type, isSwitch, help, fallback } = SETTINGS[key];
  return [
    `\`${isSwitch ? `--no-${flagOf(key)}` : `--${flagOf(key)}`}\``,
    `\`${variableOf(key)}\``,
    `\`${key}\``,
    isSwitch ? "`true` or `false`" : `\`${type.replaceAll("|", "\\|")}\``,
    fallback,
    help.replaceAll("*", "\\*"),
  ];
}

/** Columns one under the other, as the formatter has them. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = COLUMNS.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const lines = rows.map((row) =>
    widths.map((width, at) => (row[at] ?? "").padEnd(width)).join(" | "),
  );
  const rule = widths.map((width) => "-".repeat(width)).join(" | ");
  return [lines[0], rule, ...lines.slice(1)].map((line) => `| ${line} |\n`).join("");
}
