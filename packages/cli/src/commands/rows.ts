/** The table of commands. `proxy` and `wrap` take their options from the table of settings. */
import { flagOf, SETTING_KEYS, SETTINGS, type SettingKey } from "../proxy/settings.ts";
import { NOT_FOR_WRAP } from "../wrap/not-for-wrap.ts";
import type { CommandRow, OptionRow, OptionRows } from "./command-row.ts";
import { mcp } from "./mcp-row.ts";

const MODES: readonly string[] = ["audit", "lossless", "balanced", "aggressive"];

const STORE: OptionRow = {
  value: "DIR",
  help: "Folder of originals. HEADROOM_STORE does the same.",
  completes: "folder",
};

const COMPRESSION = {
  mode: {
    value: "MODE",
    help: "audit, lossless, balanced or aggressive. (default: balanced with a store, lossless without)",
    words: MODES,
  },
  query: {
    value: "TEXT",
    help: "What the answer is wanted for: ranks what stays visible.",
  },
  model: { value: "NAME", help: "Counts tokens as this model does. (default: o200k_base)" },
  "min-tokens": { value: "N", help: "Leaves shorter texts alone. (default: 200)" },
};

const compress: CommandRow = {
  usage: "compress [FILE|-] [options]",
  summary: "shrink a text or a message list",
  about: [
    'Fewer tokens for the same content. FILE (or standard input) is any tool output, or messages as JSON: an array, or an object with "messages". The result goes to standard output, one line about it to standard error.',
    "Without --store only lossless forms are used: what was left out could not be had back.",
  ],
  options: {
    store: STORE,
    ...COMPRESSION,
    format: {
      value: "FORMAT",
      help: "text or messages. (default: found out)",
      words: ["text", "messages"],
    },
    json: { help: "Prints the full report, the result in it." },
  },
  examples: [
    ["npm ls --all --json | headroom compress > small.txt", "lossless: nothing left out"],
    [
      'headroom compress build.log --store .headroom --query "why did it fail?"',
      "may leave out; originals go to the folder",
    ],
    [
      "headroom compress request.json --store .headroom > smaller-request.json",
      "a message list: only tool results change",
    ],
  ],
  json: {
    tokensBefore: "tokens of the input",
    tokensAfter: "tokens of the output",
    tokensSaved: "the difference",
    savings: "its share, 0 to 1",
    refs: "names of the originals that the output refers to",
    blocks: "what became of each text, and why",
    output: "the result: a text, or the document",
  },
  operands: "file",
};

const retrieve: CommandRow = {
  usage: "retrieve REF [options]",
  summary: "get an original back, whole or a slice",
  about: [
    "The original that a marker [[hr:REF …]] stands for: whole and byte for byte, or a slice.",
  ],
  options: {
    store: STORE,
    lines: { value: "RANGES", help: "Lines, counted from 1: 120-180,201." },
    rows: { value: "RANGES", help: "Elements of a JSON array, counted from 0: 0-19,57." },
    path: { value: "PATH", help: "A place in JSON: data.items[3].name, items[status=failed].id." },
    query: { value: "TEXT", help: "Where this text stands, else the parts with its words." },
    level: {
      value: "LEVEL",
      help: "Lines and records of this level: error, warn, info, debug.",
      words: ["error", "warn", "info", "debug"],
    },
    count: { help: "Only how many there are." },
    offset: { value: "N", help: "Goes on where the page before ended." },
    limit: { value: "N", help: "At most so many." },
    json: { help: "Prints the whole answer." },
  },
  examples: [
    ["headroom retrieve REF --store .headroom > original.json", "byte for byte"],
    ["headroom retrieve REF --store .headroom --lines 120-180", "a part of it"],
    ['headroom retrieve REF --store .headroom --query "connection refused"', "where a text stands"],
    ["headroom retrieve REF --store .headroom --level error --count", "how many there are"],
  ],
  json: {
    found: "whether there is such an original",
    text: "what a model would be answered",
    slices: "each part: label and text",
    ref: "the name of the original",
    unit: "what is counted: lines, rows, matches or characters",
    total: "how many the request stands for",
    shown: "how many are in the slices",
    nextOffset: "where the next page begins, if there is one",
    note: "what else is to be said, if anything",
  },
};

const measure: CommandRow = {
  usage: "measure [PATH...] [options]",
  summary: "see what it would save on your files and sessions",
  about: [
    "What compression would do to these files: a table by kind of content and by tool, and why the rest stays as it is. Without PATHs it looks for the sessions of Claude Code, Codex and OpenCode on this machine. PATHs are files or folders; message lists (JSON), requests and sessions are measured as the conversations they are.",
    "Requests that begin alike are compared: what changes between them, the prompt cache forgets. Nothing leaves this machine, and nothing is written but the report of --html.",
  ],
  options: {
    cost: {
      help: "Simulates each transcript request by request, with the provider's prompt cache, with compression and without.",
    },
    prices: {
      value: "LIST",
      help: "INPUT,OUTPUT[,WRITE[,READ]] per million tokens for --cost; WRITE and READ are those of the cache. (default: 1.25 and 0.1 of INPUT)",
    },
    html: {
      value: "FILE",
      help: "Writes a report with plots as one HTML file, which loads nothing. Includes --cost.",
      completes: "file",
    },
    "token-budget": {
      value: "N",
      help: "Shrinks older turns of transcripts that near N tokens.",
    },
    ...COMPRESSION,
    mode: {
      ...COMPRESSION.mode,
      help: "audit, lossless, balanced or aggressive. (default: balanced)",
    },
    json: { help: "Prints the figures." },
  },
  examples: [
    ["headroom measure", "the sessions of coding agents on this machine"],
    ["headroom measure --html report.html --prices 5,25", "with costs, as a page to look at"],
    ["headroom measure logs/ api-response.json", "files and folders"],
    ["headroom measure captures/ --mode lossless --json", "as JSON, nothing left out"],
  ],
  json: {
    files: "how many were measured",
    transcripts: "how many of them are conversations",
    sources: "where sessions were found, where no PATH was given: agent, path, sessions",
    skipped: "path and reason of each file left out",
    total: "blocks, changed, tokensBefore, tokensAfter, savedLossless, milliseconds",
    kinds: "the same by kind of content, with its name",
    tools: "the same by tool",
    unchanged: "why texts stayed as they were: reason, blocks, tokens",
    costs:
      "with --cost, of each transcript: path, turns, without, with, inputWithout, inputWith, retrievals, breaks",
    stability: "where requests belong together: what changed between them",
    milliseconds: "how long it took",
  },
  operands: "file",
};

const doctor: CommandRow = {
  usage: "doctor [options]",
  summary: "check that everything works on this machine",
  about: [
    "Checks Node.js, optional packages, the store (writes an original and reads it back), Redis' eviction and durability, the proxy's port, what clients are told, where the MCP server is installed, and a whole round trip: compress, store, retrieve, compare. Says what to do about each thing that is not right.",
  ],
  options: {
    store: {
      value: "STORE",
      help: "A folder, sqlite:PATH, redis://… or rediss://…. (default: HEADROOM_STORE, else that of the proxy's settings, else memory)",
      completes: "folder",
    },
    config: {
      value: "FILE",
      help: "The file of settings that the proxy is started with.",
      completes: "file",
    },
    json: { help: "Prints the checks." },
  },
  examples: [
    ["headroom doctor", "everything"],
    ["headroom doctor --store redis://cache:6379", "with the store that a proxy would use"],
  ],
  json: {
    ok: "whether no check failed",
    checks:
      "each check: name, state (ok, warn, fail), says, and todo where there is something to do",
  },
  exits: { "2": "A check failed." },
};

const stats: CommandRow = {
  usage: "stats [options]",
  summary: "what was saved on this machine, by day and tool",
  about: [
    "What headroom compress, headroom proxy and headroom wrap saved on this machine. They note figures and names of tools in a ledger, and nothing of the texts: a file for each month in $XDG_STATE_HOME/headroom (~/.local/state/headroom). HEADROOM_LEDGER names another folder; off keeps none. A proxy counts requests: what stands in ten of them was left out ten times.",
  ],
  options: {
    days: { value: "N", help: "The last N days, today included. (default: 30)" },
    json: { help: "Prints the figures." },
  },
  examples: [
    ["headroom stats", "the last 30 days"],
    ["headroom stats --days 1 --json", "today"],
  ],
  json: {
    folder: "where the ledger is",
    days: "by day: day, texts, tokensBefore, tokensAfter",
    tools: "by tool: name, texts, tokensBefore, tokensAfter",
    sources: "by command, with its name",
    total: "the sum",
  },
};

const diff: CommandRow = {
  usage: "diff [FILE|-] [options]",
  summary: "see an original beside what a model would see of it",
  about: [
    "The original and its view side by side, one above the other where the terminal is narrow. Marked are lines that are left out (-), lines whose words are there in another spelling or place (~), and lines that only the view has (+): markers and sums. What is left out can be retrieved when the text is compressed with a store.",
  ],
  options: {
    ...COMPRESSION,
    mode: { ...COMPRESSION.mode, help: "lossless, balanced or aggressive. (default: balanced)" },
    full: { help: "Shows every line, also where many in a row are left out or the same." },
    unified: { help: "One above the other, however wide the terminal is." },
    width: { value: "N", help: "Columns. (default: those of the terminal, else 80)" },
    json: { help: "Prints the rows." },
  },
  examples: [
    ["headroom diff build.log", "what stays and what goes"],
    ['git log --stat | headroom diff --query "who changed the parser?"', "with a question"],
  ],
  json: {
    tokensBefore: "tokens of the original",
    tokensAfter: "tokens of the view",
    kind: "what the text was taken for",
    lossless: "whether nothing was left out",
    outcome: "what became of the text: compressed, not-smaller, …",
    reason: "why the view is as it is",
    rows: "each row: mark (=, -, + or ~), and the line of the original and of the view, counted from 1, with its text",
  },
  operands: "file",
};

const completion: CommandRow = {
  usage: "completion bash|zsh|fish",
  summary: "a script that completes commands and options",
  about: ["Prints a script for your shell, which completes commands, options and their values."],
  options: {},
  examples: [
    ["headroom completion bash > ~/.local/share/bash-completion/completions/headroom", "bash"],
    [
      "headroom completion zsh > ~/.zfunc/_headroom",
      "zsh, with fpath+=~/.zfunc before compinit in ~/.zshrc",
    ],
    ["headroom completion fish > ~/.config/fish/completions/headroom.fish", "fish"],
  ],
  operands: ["bash", "zsh", "fish"],
};

const CONFIG: OptionRows = {
  config: {
    value: "FILE",
    help: "The same settings from a file: JSON, comments allowed.",
    completes: "file",
  },
};

const proxy: CommandRow = {
  usage: "proxy [options]",
  summary: "a proxy that does it for every program pointed at it",
  about: [
    "A transparent proxy for programs that talk to Anthropic, OpenAI or Gemini: it shortens the tool results in their requests and answers the model when it asks for the rest. Set ANTHROPIC_BASE_URL or OPENAI_BASE_URL to it. Stops on Ctrl-C or SIGTERM when requests at work have ended, at once on the second.",
    "Each option can stand in the environment as well: --max-body-bytes is HEADROOM_PROXY_MAX_BODY_BYTES, and maxBodyBytes in the file of --config. An option goes before the environment, the environment before the file.",
  ],
  options: { ...settingOptions([]), ...CONFIG },
  examples: [
    ["headroom proxy", "on port 8787, originals in memory"],
    ["headroom proxy --mode audit", "measures, and changes no request"],
    [
      "headroom proxy --store sqlite:originals.db --openai-url https://gateway.example/v1",
      "behind it a gateway",
    ],
    [
      "HEADROOM_PROXY_STORE=redis://cache:6379 headroom proxy --config proxy.json",
      "settings from everywhere",
    ],
  ],
  exits: { "130, 143": "A second signal ended it at once." },
};

const wrap: CommandRow = {
  usage: "wrap AGENT [options] -- ARGS",
  summary: "start claude, codex, opencode, gemini or aider behind such a proxy",
  about: [
    "Starts a coding agent (claude, codex, opencode, gemini or aider) behind a proxy of its own on a free port, which ends with it. Terminal, signals and exit code are the agent's. No file is changed.",
  ],
  options: {
    print: { help: "Show what would be set, and start nothing." },
    ...settingOptions(NOT_FOR_WRAP),
    port: { value: "N", help: "Port of its proxy. (default: any that is free)" },
    ...CONFIG,
  },
  examples: [
    ["headroom wrap claude", "Claude Code"],
    ['headroom wrap claude -- -p "Why does the build fail?"', "with arguments of its own"],
    [
      'headroom wrap codex --store sqlite:originals.db -- exec "Fix the tests"',
      "originals on disk",
    ],
    ["headroom wrap claude --print", "what it would set"],
  ],
  exits: { others: "The agent's." },
  operands: ["claude", "codex", "opencode", "gemini", "aider"],
};

function settingOptions(without: readonly SettingKey[]): OptionRows {
  return Object.fromEntries(
    SETTING_KEYS.filter((key) => !without.includes(key)).map((key) => {
      const { type, isSwitch, help } = SETTINGS[key];
      if (isSwitch) return [`no-${flagOf(key)}`, { help }];
      const words =
        key === "mode" ? { words: MODES } : key === "log" ? { words: ["json", "off"] } : {};
      return [flagOf(key), { value: type, help, ...words }];
    }),
  );
}

export type CommandName =
  | "compress"
  | "retrieve"
  | "measure"
  | "diff"
  | "stats"
  | "doctor"
  | "proxy"
  | "wrap"
  | "mcp"
  | "completion";

/** In the order in which help lists them. */
export const ROWS: Readonly<Record<CommandName, CommandRow>> = {
  compress,
  retrieve,
  measure,
  diff,
  stats,
  doctor,
  proxy,
  wrap,
  mcp,
  completion,
};

export const COMMAND_NAMES: readonly CommandName[] = Object.keys(ROWS) as CommandName[];
