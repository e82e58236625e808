/** Claude Code with `--mcp-config`, headless: a scripted model calls every tool of `headroom mcp serve`. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LlmReply } from "../../../../test/support/llm-server.ts";
import { tokensOf } from "../../tokens.ts";
import { conversationOf } from "../conversation.ts";
import type { Model } from "../model-server.ts";
import { npmInstall } from "../npm-install.ts";
import { holds, named, type Peer, type Row } from "../peer.ts";
import { type Ran, runProgram } from "../task/run-program.ts";
import type { Wire } from "../wire.ts";
import { serveOverHttp, serverCommand } from "./server.ts";

const ROWS = JSON.stringify(
  Array.from({ length: 1_000 }, (_, id) => ({
    id,
    user: `user ${id}`,
    email: `user${id}@mail.example`,
    status: id === 613 ? "failed" : "ok",
  })),
);
const FILE = Array.from(
  { length: 300 },
  (_, at) => `export const value${at} = ${at * 7919}; // ${"x".repeat(at % 13)}`,
).join("\n");
const LAST_WORDS = "All tools were called.";

/** What the model calls, one after the other. Each gets the answers to those before. */
type Step = (answers: readonly string[]) => { readonly tool: string; readonly args: object };

const read: Step = () => ({ tool: "headroom_read", args: { path: "values.ts" } });
const STEPS: readonly Step[] = [
  () => ({ tool: "headroom_compress", args: { content: ROWS } }),
  ([first = ""]) => ({
    tool: "headroom_retrieve",
    args: { hash: /\[\[hr:([a-z]{22}) /.exec(first)?.[1] ?? "none", rows: "500" },
  }),
  read,
  () => ({ tool: "Bash", args: { command: "sed -i s/value77/seventySeven/ values.ts" } }),
  (answers) => {
    const [, version] = /\(version ([a-z]{22})\)/.exec(answers[2] ?? "") ?? [];
    const since = version === undefined ? {} : { since: version };
    return { tool: "headroom_read", args: { path: "values.ts", ...since } };
  },
  () => ({ tool: "headroom_share", args: { name: "rows", content: ROWS, agent: "one" } }),
  () => ({ tool: "headroom_shared", args: {} }),
  () => ({ tool: "headroom_shared", args: { name: "rows", agent: "two" } }),
  () => ({ tool: "headroom_read", args: { path: "../../../../etc/hosts" } }),
  () => ({ tool: "headroom_stats", args: {} }),
];

const model: Model = ({ calls, tools }): LlmReply => {
  if (tools.length === 0) return { text: "A title" };
  const step = STEPS[calls.length];
  if (!step) return { text: LAST_WORDS };
  const { tool, args } = step(calls.map(({ result = "" }) => result));
  const name = tools.find((one) => one.endsWith(tool)) ?? tool;
  return { calls: [{ name, args: { ...args } }] };
};

async function trial(folder: string, wire: Wire, way: "stdio" | "http"): Promise<readonly Row[]> {
  const base = mkdtempSync(join(realpathSync(tmpdir()), "claude-mcp-"));
  const [project, home, store] = ["project", "home", "store"].map((name) => join(base, name)) as [
    string,
    string,
    string,
  ];
  for (const made of [project, home]) mkdirSync(made);
  writeFileSync(join(project, "values.ts"), FILE);
  const line = await wire.open({ through: false, model });
  const served =
    way === "http" ? await serveOverHttp("--store", store, "--root", project) : undefined;
  try {
    const server = served ? { type: "http", url: served.url } : serverCommand("--store", store);
    const config = join(base, "mcp.json");
    writeFileSync(config, JSON.stringify({ mcpServers: { headroom: server } }));
    const ran = await start(folder, config, line.url, { cwd: project, home });
    const last = line.server.seen.findLast(({ path, json }) => {
      return path.includes("/messages") && !path.includes("count_tokens") && "tools" in json;
    });
    const answers = last ? conversationOf(last).calls.map(({ result = "" }) => result) : [];
    if (process.env.PEERS_SHOW)
      process.stderr.write(`${JSON.stringify(answers, undefined, 1).slice(0, 20_000)}\n`);
    return rowsOf(ran, answers);
  } finally {
    await served?.stop();
    await line.close();
    rmSync(base, { recursive: true, force: true });
  }
}

function start(
  folder: string,
  config: string,
  url: string,
  options: { readonly cwd: string; readonly home: string },
): Promise<Ran> {
  const env = {
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: "sk-ant-fake",
    DISABLE_TELEMETRY: "1",
    DISABLE_AUTOUPDATER: "1",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  };
  const args = ["-p", "Call every tool.", "--mcp-config", config, "--strict-mcp-config"];
  return runProgram(
    join(folder, "node_modules/.bin/claude"),
    [...args, "--tools", "Bash", "--allowedTools", "Bash,mcp__headroom", "--output-format", "json"],
    { ...options, env },
  );
}

function rowsOf({ code, stdout, stderr }: Ran, answers: readonly string[]): readonly Row[] {
  const said = (at: number, ...parts: readonly string[]): boolean =>
    parts.every((part) => answers[at]?.includes(part));
  const row = (what: string, at: number, ...parts: readonly string[]): Row =>
    holds(what, said(at, ...parts), (answers[at] ?? "no answer").slice(0, 200));
  const shortened = tokensOf(answers[0] ?? ROWS);
  return [
    holds(
      "ran to its end",
      code === 0 && stdout.includes(LAST_WORDS),
      `exit ${code}: ${(stderr || stdout).slice(-300)}`,
    ),
    {
      what: `headroom_compress, 1,000 rows (${tokensOf(ROWS)} tokens)`,
      value: `${shortened} tokens`,
      reach: "≤ 15 %",
      isMet: shortened <= 0.15 * tokensOf(ROWS),
    },
    row("the failed row is in it", 0, "613"),
    row("headroom_retrieve: a row that was left out", 1, "user500@mail.example"),
    row("headroom_read: the file", 2, "value0", "value299", "2367781"),
    row("headroom_read after a change: what changed", 4, "unified diff", "seventySeven"),
    holds("and nothing else", !said(4, "value299"), (answers[4] ?? "").slice(0, 200)),
    row("headroom_share", 5, "Shared rows, version 1"),
    row("headroom_shared: the names", 6, "rows", "one"),
    row("headroom_shared: the content", 7, "omitted"),
    row("headroom_read stays inside the project", 8, "is not in the folders that may be read"),
    row("headroom_stats", 9, "tokens"),
  ];
}

export const claudeCodeMcp: Peer = {
  name: "claude-code-mcp",
  install: (folder) => npmInstall(folder, "@anthropic-ai/claude-code"),
  async run({ folder }, wire) {
    return [
      ...named("stdio", await trial(folder, wire, "stdio")),
      ...named("HTTP", await trial(folder, wire, "http")),
    ];
  },
};
