/** What `--help` prints. Every option a command takes is here, and every line here works. */
import { mcpHelp } from "./mcp/help.ts";
import { settingsHelp } from "./proxy/settings-text.ts";
import { NOT_FOR_WRAP } from "./wrap/not-for-wrap.ts";

const SHARED = `  --mode MODE        audit | lossless | balanced | aggressive
                     (default: balanced with a store, lossless without)
  --query TEXT       what the answer is wanted for; ranks what stays visible
  --model NAME       count tokens as this model does (default: o200k_base)
  --min-tokens N     leave shorter texts alone (default: 200)`;

const COMMANDS: Readonly<Record<string, string>> = {
  compress: `headroom compress [FILE|-] [options]

Fewer tokens for the same content. FILE (or standard input) is any tool output, or
messages as JSON: an array, or an object with "messages". The result goes to standard
output, one line about it to standard error.

  --store DIR        keep originals in this folder (or set HEADROOM_STORE); without
                     it only lossless forms are used
${SHARED}
  --format FORMAT    text | messages (default: found out)
  --json             print the full report, the result under "output"

Examples:
  npm ls --all --json | headroom compress > small.txt
  headroom compress build.log --store .headroom --query "why did it fail?"
  headroom compress request.json --store .headroom > smaller-request.json
`,
  retrieve: `headroom retrieve REF [options]

The original that a marker [[hr:REF …]] stands for: whole and byte for byte, or a slice.

  --store DIR        the folder given to compress (or set HEADROOM_STORE)
  --lines RANGES     lines, counted from 1: 120-180,201
  --rows RANGES      elements of a JSON array, counted from 0: 0-19,57
  --path PATH        a place in JSON: data.items[3].name, items[status=failed].id
  --query TEXT       where this text stands, else the parts with its words
  --level LEVEL      lines and records of this level: error, warn, info, debug
  --count            only how many there are
  --offset N         go on where the page before ended
  --limit N          at most so many
  --json             print the whole answer as JSON

Examples:
  headroom retrieve REF --store .headroom > original.json
  headroom retrieve REF --store .headroom --lines 120-180
  headroom retrieve REF --store .headroom --query "connection refused"
`,
  measure: `headroom measure PATH... [options]

What compression would do to these files: a table by kind of content and by tool, and
why the rest stays as it is. PATHs are files or folders; message lists (JSON) and Claude
Code sessions (.jsonl) are measured as the conversations they are. Requests that begin
alike are compared: what changes between them, the prompt cache forgets. Writes nothing.

  --cost             simulate each transcript request by request, with the provider's
                     prompt cache, with compression and without
  --prices LIST      INPUT,OUTPUT[,WRITE[,READ]] per million tokens for --cost; WRITE
                     and READ are those of the cache (default: 1.25 and 0.1 of INPUT)
  --token-budget N   shrink older turns of transcripts that near N tokens
${SHARED}
  --json             print the figures as JSON

Examples:
  headroom measure logs/ api-response.json
  headroom measure ~/.claude/projects
  headroom measure captures/ --mode lossless --json
  headroom measure ~/.claude/projects --cost --prices 5,25
`,
  proxy: `headroom proxy [options]

A transparent proxy for programs that talk to Anthropic, OpenAI or Gemini: it shortens the
tool results in their requests and answers the model when it asks for the rest. Set
ANTHROPIC_BASE_URL or OPENAI_BASE_URL to it. Stops on Ctrl-C or SIGTERM when requests at
work have ended, at once on the second.

Each option can stand in the environment as well: --max-body-bytes is
HEADROOM_PROXY_MAX_BODY_BYTES, and maxBodyBytes in the file of --config. An option goes
before the environment, the environment before the file.

${settingsHelp()}
Examples:
  headroom proxy
  headroom proxy --mode audit
  headroom proxy --store sqlite:originals.db --openai-url https://gateway.example/v1
  HEADROOM_PROXY_STORE=redis://cache:6379 headroom proxy --config proxy.json
`,
  wrap: `headroom wrap AGENT [options] -- ARGS

Starts a coding agent (claude, codex, opencode, gemini or aider) behind a proxy of its own
on a free port, which ends with it. Terminal, signals and exit code are the agent's. No
file is changed.

  --print                   Show what would be set, and start nothing.
  --port N                  Port of its proxy. (default: any that is free)

${settingsHelp([...NOT_FOR_WRAP, "port"])}
Examples:
  headroom wrap claude
  headroom wrap claude -- -p "Why does the build fail?"
  headroom wrap codex --store sqlite:originals.db -- exec "Fix the tests"
  headroom wrap claude --print
`,
  mcp: `headroom mcp serve [options]

An MCP server for Claude Code, Cursor, VS Code and others: tools that shorten texts, give
back any part of an original, read files in fewer tokens and share contents between agents.
Over standard input and output, for a client that starts it; with --http for several.

Each option can stand in the environment as well: --store is HEADROOM_MCP_STORE.

${mcpHelp()}
Examples:
  claude mcp add headroom -- npx -y headroom mcp serve
  headroom mcp serve --store redis://cache:6379
  headroom mcp serve --http --root . --port 8788

headroom mcp install, uninstall and status are for the configuration of these clients. See:
headroom mcp install --help
`,
  "mcp install": `headroom mcp install|uninstall|status [options] [-- OPTIONS OF mcp serve]

Puts Headroom's MCP server into the configuration of programs that speak MCP, and takes it
out again. Only the entry "headroom" changes: comments, order and line ends stay. What is
changed is shown; the file as it was is kept beside it, and uninstall gives it back. A file
that does not parse is left alone.

  --client NAME      claude-code, claude-desktop, cursor, vscode, codex, opencode, gemini
                     or windsurf; may be repeated (default: all that are found)
  --scope SCOPE      user | project, the files in this folder (default: user)
  --print            show what would change, and write nothing
  --json             print what was done, or the status, as JSON

Examples:
  headroom mcp install
  headroom mcp install --client claude-code --client codex --print
  headroom mcp install --client vscode --scope project
  headroom mcp status
`,
};

export function help(): string {
  return `headroom: what LLM agents read in fewer tokens, every original redeemable.

  headroom compress [FILE|-]     shrink a text or a message list
  headroom retrieve REF          get an original back, whole or a slice
  headroom measure PATH...       see what it would save on your files and sessions
  headroom proxy                 the same for every program that is pointed at it
  headroom wrap AGENT -- ARGS    start claude, codex, opencode, gemini or aider behind it
  headroom mcp serve             tools of headroom for MCP clients
  headroom mcp install           give it to programs that speak MCP; uninstall, status

  headroom COMMAND --help        options and examples
  headroom --version

Exit code 0: done. 2: something to put right, said in one line. 1: a defect of headroom.
`;
}

/** Of a command, or of a subcommand that has a text of its own. */
export function helpFor(command: string, subcommand = ""): string {
  const shared = ["uninstall", "status"].includes(subcommand) ? "install" : subcommand;
  return COMMANDS[`${command} ${shared}`] ?? COMMANDS[command] ?? help();
}
