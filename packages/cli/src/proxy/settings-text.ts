/** The table of settings as `--help` and docs/proxy.md show it. */
import { flagOf, GROUPS, SETTINGS, type SettingKey, variableOf } from "./settings.ts";

const WIDTH = 80;
const INDENT = 28;

/** Lines for `--help`. @param without settings that the command does not take */
export function settingsHelp(without: readonly SettingKey[] = []): string {
  const groups = Object.entries(GROUPS).map(([heading, group]) => {
    const rows = group.filter((key) => !without.includes(key)).map(helpRow);
    return rows.length === 0 ? "" : `${heading}:\n${rows.join("")}`;
  });
  const config = row("  --config FILE", "The same settings from a file: JSON, comments allowed.");
  return `${groups.filter((one) => one !== "").join("\n")}${config}`;
}

function helpRow(key: SettingKey): string {
  const { help, fallback, isSwitch } = SETTINGS[key];
  return row(`  ${flag(key)}`, isSwitch ? help : `${help} (default: ${fallback})`);
}

/** What a person types. What is on by default is there to be turned off. */
function flag(key: SettingKey): string {
  const { type, isSwitch } = SETTINGS[key];
  return isSwitch ? `--no-${flagOf(key)}` : `--${flagOf(key)} ${type}`;
}

export function row(head: string, words: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of words.split(" ")) {
    if (line !== "" && INDENT + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = "";
    }
    line += line === "" ? word : ` ${word}`;
  }
  lines.push(line);
  const indent = " ".repeat(INDENT);
  const first = head.length < INDENT - 1 ? head.padEnd(INDENT) : `${head}\n${indent}`;
  return `${first}${lines.join(`\n${indent}`)}\n`;
}

/** The same in Markdown. */
export function settingsTable(): string {
  const sections = Object.entries(GROUPS).map(([heading, group]) => {
    const rows = group.map((key) => {
      const { type, isSwitch, help, fallback } = SETTINGS[key];
      const kind = isSwitch ? "`true` or `false`" : `\`${type}\``;
      const cells = [
        `\`${isSwitch ? `--no-${flagOf(key)}` : `--${flagOf(key)}`}\``,
        `\`${variableOf(key)}\``,
        `\`${key}\``,
        kind,
        fallback,
        help,
      ];
      return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
    });
    return `### ${heading}\n\n| Flag | Variable | Key in the file | Value | Default | Meaning |\n| --- | --- | --- | --- | --- | --- |\n${rows.join("\n")}\n`;
  });
  return sections.join("\n");
}
