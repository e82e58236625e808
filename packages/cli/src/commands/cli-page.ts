/** docs/cli.md, made of the table of commands. */
import { EXIT_CODES } from "../help.ts";
import type { CommandRow } from "./command-row.ts";
import { COMMAND_NAMES, type CommandName, ROWS } from "./rows.ts";

const WIDTH = 140;

export function cliPage(): string {
  const list = COMMAND_NAMES.map((name) => [
    `[\`${name}\`](#headroom-${name})`,
    ROWS[name].summary,
  ]);
  return `# The command line

<!-- Written by node --conditions=@headroom/source scripts/cli-page.ts from packages/cli/src/commands/rows.ts. -->

${table(["Command", "What it is for"], list)}
\`headroom COMMAND --help\` says the same in a terminal. Results go to standard output, words to standard error, so that every command can
stand in a pipe.

${COMMAND_NAMES.map(section).join("\n")}
## Web pages and snapshots of browsers

Every command reads web pages as Markdown, and keeps each element that can be clicked in what browser tools print, where
[\`@headroom/html\`](../packages/html/README.md) is installed beside it (\`npm install --global @headroom/html\`). Without it they are texts like
others. \`headroom doctor\` says whether it was found. What a tool read from a file is not shown as Markdown: an agent may want to edit it.

## JSON

\`--json\` prints one JSON document to standard output, with the members listed above. Members may be added; those that are there stay.
\`headroom proxy --log json\` writes a line for each request.

## Exit codes

${table(
  ["Code", "Meaning"],
  Object.entries(EXIT_CODES).map(([code, meaning]) => [`\`${code}\``, meaning]),
)}
## Environment

${table(["Variable", "What it does"], VARIABLES)}`;
}

const VARIABLES: readonly (readonly string[])[] = [
  ["`HEADROOM_STORE`", "The folder of originals, where `--store` names none."],
  ["`HEADROOM_LEDGER`", "The folder of what `headroom stats` shows; `off` keeps none."],
  ["`HEADROOM_PROXY_…`", "Settings of the proxy: see [its document](proxy.md#settings)."],
  ["`NO_COLOR`", "No colours. Where output is no terminal there are none anyway."],
  ["`FORCE_COLOR`", "Colours, whatever output is; `0` turns them off."],
  [
    "`CLAUDE_CONFIG_DIR`, `CODEX_HOME`, `XDG_DATA_HOME`",
    "Where `headroom measure` looks for sessions, as the agents themselves do.",
  ],
];

function section(name: CommandName): string {
  const row: CommandRow = ROWS[name];
  const parts = [
    `## headroom ${name}\n`,
    `\`\`\`\nheadroom ${row.usage}\n\`\`\`\n`,
    ...row.about.map((paragraph) => `${wrapMarkdown(paragraph)}\n`),
    `\`\`\`sh\n${examples(row)}\`\`\`\n`,
  ];
  if (name === "proxy" || name === "wrap")
    parts.push(`Its settings are those of the proxy: [one table](proxy.md#settings).\n`);
  else if (Object.keys(row.options).length > 0) parts.push(optionsTable(row));
  if (row.json)
    parts.push(
      table(
        ["Member of `--json`", "What it is"],
        Object.entries(row.json).map(([member, what]) => [`\`${member}\``, markdown(what)]),
      ),
    );
  if (row.exits) {
    const codes = Object.entries(row.exits).map(
      ([code, what]) => `exit code ${code}: ${what.charAt(0).toLowerCase()}${what.slice(1)}`,
    );
    parts.push(`${codes.join(" ").replace(/^e/, "E")}\n`);
  }
  return parts.join("\n");
}

function examples({ examples: lines }: CommandRow): string {
  const width = Math.max(...lines.map(([line]) => line.length));
  return lines.map(([line, what]) => `${line.padEnd(width)}  # ${what}\n`).join("");
}

function optionsTable({ options }: CommandRow): string {
  const rows = Object.entries(options).map(([name, { value, help }]) => [
    // A bar would begin another cell.
    `\`--${name}${value === undefined ? "" : ` ${value.replaceAll("|", "\\|")}`}\``,
    markdown(help),
  ]);
  return table(["Option", "What it does"], rows);
}

function wrapMarkdown(paragraph: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of markdown(paragraph).split(" ")) {
    if (line !== "" && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = "";
    }
    line += line === "" ? word : ` ${word}`;
  }
  return [...lines, line].join("\n");
}

/** Names of options as code; what Markdown would take for a mark stays what it is. */
function markdown(text: string): string {
  return text
    .replaceAll(/(^|[\s(])(--[a-z-]+)/g, "$1`$2`")
    .replaceAll(/\[\[hr:REF …\]\]/g, "`[[hr:REF …]]`")
    .replaceAll(/(\$XDG_STATE_HOME\/headroom|~\/\.local\/state\/headroom)/g, "`$1`")
    .replaceAll("INPUT,OUTPUT[,WRITE[,READ]]", "`INPUT,OUTPUT[,WRITE[,READ]]`")
    .replaceAll(/ (data\.items[^, ]+|items\[status=failed\]\.id)/g, " `$1`");
}

/** Columns one under the other, as the formatter has them. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  const lines = all.map(
    (row) => `| ${widths.map((width, at) => (row[at] ?? "").padEnd(width)).join(" | ")} |\n`,
  );
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |\n`;
  return [lines[0], rule, ...lines.slice(1)].join("");
}
