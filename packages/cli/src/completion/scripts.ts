/** Completion scripts for bash, zsh and fish, made of the table of commands. */
import type { CommandRow, OptionRow } from "../commands/command-row.ts";
import { COMMAND_NAMES, type CommandName, ROWS } from "../commands/rows.ts";

export type Shell = "bash" | "zsh" | "fish";

export const SCRIPTS: Readonly<Record<Shell, () => string>> = { bash, zsh, fish };

const GLOBAL = ["--help", "--version"];

interface Option extends OptionRow {
  readonly flag: string;
}

function optionsOf(row: CommandRow): readonly Option[] {
  const own = Object.entries(row.options).map(([name, option]) => ({
    ...option,
    flag: `--${name}`,
  }));
  return [...own, { flag: "--help", help: "Options and examples." }];
}

function bash(): string {
  const cases = COMMAND_NAMES.map((name) => {
    const row: CommandRow = ROWS[name];
    const options = optionsOf(row);
    const values = options
      .filter(({ value }) => value !== undefined)
      .map(({ flag, words, completes }) => {
        const reply = words
          ? `COMPREPLY=($(compgen -W '${words.join(" ")}' -- "$cur"))`
          : completes === "folder"
            ? 'COMPREPLY=($(compgen -d -- "$cur"))'
            : completes === "file"
              ? 'COMPREPLY=($(compgen -f -- "$cur"))'
              : "COMPREPLY=()";
        return `        ${flag}) ${reply}; return ;;\n`;
      });
    const operands =
      row.operands === "file"
        ? 'COMPREPLY=($(compgen -f -- "$cur"))'
        : `COMPREPLY=($(compgen -W '${(row.operands ?? []).join(" ")}' -- "$cur"))`;
    return `    ${name})
      case "$prev" in
${values.join("")}      esac
      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '${options.map(({ flag }) => flag).join(" ")}' -- "$cur"))
      else ${operands}; fi ;;
`;
  });
  return `# bash completion for headroom: headroom completion bash
_headroom() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if (( COMP_CWORD == 1 )); then
    COMPREPLY=($(compgen -W '${[...COMMAND_NAMES, "help", ...GLOBAL].join(" ")}' -- "$cur"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
    help) COMPREPLY=($(compgen -W '${COMMAND_NAMES.join(" ")}' -- "$cur")) ;;
${cases.join("")}  esac
}
complete -o filenames -o bashdefault -F _headroom headroom
`;
}

function zsh(): string {
  const cases = COMMAND_NAMES.map((name) => {
    const row: CommandRow = ROWS[name];
    const specs = optionsOf(row).map(({ flag, value, help, words, completes }) => {
      const action =
        value === undefined
          ? ""
          : `:${forZsh(value)}:${words ? `(${words.join(" ")})` : completes === "folder" ? "_files -/" : completes === "file" ? "_files" : " "}`;
      return `'${flag}[${forZsh(firstSentence(help))}]${action}'`;
    });
    const operands =
      row.operands === "file" ? "'*:file:_files'" : `'*:word:(${(row.operands ?? []).join(" ")})'`;
    return `        ${name}) _arguments ${[...specs, operands].join(" \\\n          ")} ;;
`;
  });
  const described = COMMAND_NAMES.map((name) => `'${name}:${forZsh(ROWS[name].summary)}'`);
  return `#compdef headroom
# zsh completion for headroom: headroom completion zsh
_headroom() {
  local curcontext="$curcontext" state line
  local -a commands=(
    ${described.join("\n    ")}
    'help:options and examples'
  )
  _arguments -C '(- *)--help[options and examples]' '(- *)--version[the version]' '1:command:->command' '*::argument:->argument'
  case $state in
    command) _describe command commands ;;
    argument)
      case $line[1] in
        help) _describe command commands ;;
${cases.join("")}      esac ;;
  esac
}
if [[ $funcstack[1] == _headroom ]]; then _headroom "$@"; else compdef _headroom headroom; fi
`;
}

function forZsh(text: string): string {
  return text.replaceAll(/[[\]:\\]/g, (sign) => `\\${sign}`).replaceAll("'", "'\\''");
}

function fish(): string {
  const lines = [
    "# fish completion for headroom: headroom completion fish",
    "complete -c headroom -f",
    `complete -c headroom -n __fish_use_subcommand -l help -d ${forFish("Options and examples")}`,
    `complete -c headroom -n __fish_use_subcommand -l version -d ${forFish("The version")}`,
    `complete -c headroom -n '__fish_seen_subcommand_from help' -a '${COMMAND_NAMES.join(" ")}'`,
  ];
  for (const name of COMMAND_NAMES) lines.push(...fishCommand(name));
  return `${lines.join("\n")}\n`;
}

function fishCommand(name: CommandName): readonly string[] {
  const row: CommandRow = ROWS[name];
  const within = `complete -c headroom -n '__fish_seen_subcommand_from ${name}'`;
  const options = optionsOf(row).map(({ flag, value, help, words, completes }) => {
    const takes =
      value === undefined
        ? ""
        : words
          ? ` -x -a '${words.join(" ")}'`
          : completes === "folder"
            ? " -x -a '(__fish_complete_directories)'"
            : completes === "file"
              ? " -r -F"
              : " -x";
    return `${within} -l ${flag.slice(2)}${takes} -d ${forFish(firstSentence(help))}`;
  });
  const operands =
    row.operands === "file"
      ? [`${within} -F`]
      : row.operands
        ? [`${within} -a '${row.operands.join(" ")}'`]
        : [];
  return [
    `complete -c headroom -n __fish_use_subcommand -a ${name} -d ${forFish(row.summary)}`,
    ...options,
    ...operands,
  ];
}

function forFish(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

function firstSentence(text: string): string {
  return text.split(/\. |: /, 1)[0]?.replace(/\.$/, "") ?? "";
}
