/** What `--help` prints, made of the table of commands. */
import type { CommandRow, OptionRows } from "./commands/command-row.ts";
import { MCP_OPTIONS } from "./commands/mcp-row.ts";
import { COMMAND_NAMES, type CommandName, ROWS } from "./commands/rows.ts";
import { helpRow, settingsHelp } from "./proxy/settings-text.ts";
import { PLAIN, type Style } from "./style.ts";
import { wrapped } from "./words.ts";
import { NOT_FOR_WRAP } from "./wrap/not-for-wrap.ts";

const WIDTH = 88;

/** Exit codes of every command, and what they mean. */
export const EXIT_CODES: Readonly<Record<string, string>> = {
  "0": "Done.",
  "2": "Something to put right, said in one line on standard error; nothing was written to standard output.",
  "1": "A defect of headroom, with its stack.",
};

export function help(style: Style = PLAIN): string {
  const width = Math.max(...COMMAND_NAMES.map((name) => shortUsage(name).length));
  const list = COMMAND_NAMES.map(
    (name) => `  ${style.cyan(shortUsage(name).padEnd(width))}  ${ROWS[name].summary}\n`,
  );
  return `${style.bold("headroom")}: what LLM agents read in fewer tokens, every original redeemable.

${list.join("")}
  ${style.cyan("headroom COMMAND --help".padEnd(width))}  options and examples
  ${style.cyan("headroom --version".padEnd(width))}

${style.bold("Begin with:")}
  headroom measure           what it would save in the sessions on this machine
  headroom wrap claude       Claude Code with it
  headroom doctor            does everything work?

Exit code 0: done. 2: something to put right, said in one line. 1: a defect of headroom.
`;
}

function shortUsage(name: CommandName): string {
  return `headroom ${ROWS[name].usage.replace(" [options]", "")}`;
}

export function helpFor(command: string, style: Style = PLAIN): string {
  if (!Object.hasOwn(ROWS, command)) return help(style);
  const row = ROWS[command as CommandName];
  const sections = [
    `${style.bold(`headroom ${row.usage}`)}\n`,
    ...row.about.map((paragraph) => wrapped(paragraph, WIDTH)),
  ];
  const options = optionsHelp(command, row);
  if (options !== "") sections.push(options);
  const examples = row.examples.map(([line, what]) => `  ${style.dim(`# ${what}`)}\n  ${line}\n`);
  sections.push(`${style.bold("Examples:")}\n${examples.join("")}`);
  if (row.exits) {
    const codes = Object.entries(row.exits).map(([code, what]) => `  ${code}: ${what}\n`);
    sections.push(`${style.bold("Exit codes:")}\n${codes.join("")}`);
  }
  return sections.join("\n");
}

/** Settings stand under headings of their own. */
function optionsHelp(command: string, { options }: CommandRow): string {
  if (command === "proxy") return settingsHelp();
  const rowsOf = (rows: OptionRows): string =>
    Object.entries(rows)
      .map(([name, { value, help: words }]) =>
        helpRow(`  --${name}${value === undefined ? "" : ` ${value}`}`, words),
      )
      .join("");
  const rows = (names: readonly string[]): string =>
    rowsOf(
      Object.fromEntries(names.flatMap((name) => (options[name] ? [[name, options[name]]] : []))),
    );
  if (command === "wrap")
    return `${rows(["print", "port"])}\n${settingsHelp([...NOT_FOR_WRAP, "port"])}`;
  if (command === "mcp")
    return Object.entries(MCP_OPTIONS)
      .map(([usage, own]) => `${usage}:\n${rowsOf(own)}`)
      .join("\n");
  return rowsOf(options);
}
