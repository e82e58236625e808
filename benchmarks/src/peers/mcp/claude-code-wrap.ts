/** Claude Code with `headroom mcp wrap` around a server of others: what its model reads of 1,000 rows, with it and without. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LlmReply } from "../../../../test/support/llm-server.ts";
import { tokensOf } from "../../tokens.ts";
import { conversationOf } from "../conversation.ts";
import type { Model } from "../model-server.ts";
import { npmInstall } from "../npm-install.ts";
import { holds, type Peer, type Row } from "../peer.ts";
import type { Wire } from "../wire.ts";
import { start } from "./claude-code-mcp.ts";
import { headroomCommand } from "./server.ts";

const FILESYSTEM = fileURLToPath(
  import.meta.resolve("@modelcontextprotocol/server-filesystem/dist/index.js"),
);
/** Few enough for Claude Code to show them whole. */
const ROWS = JSON.stringify(
  Array.from({ length: 1_000 }, (_, id) => ({ id, user: `user ${id * 7}`, ok: id !== 613 })),
);
const LAST_WORDS = "All was read.";

interface Answers {
  readonly first: string;
  readonly second: string;
  readonly ending: string;
}

function modelFor(file: string): Model {
  return ({ calls, tools }): LlmReply => {
    if (tools.length === 0) return { text: "A title" };
    const named = (name: string): string => tools.find((one) => one.endsWith(name)) ?? name;
    const [first] = calls;
    if (!first) return { calls: [{ name: named("read_text_file"), args: { path: file } }] };
    const hash = /\[\[hr:([a-z]{22}) /.exec(first.result ?? "")?.[1] ?? "none";
    if (calls.length === 1 && tools.some((one) => one.endsWith("headroom_retrieve")))
      return { calls: [{ name: named("headroom_retrieve"), args: { hash, rows: "500" } }] };
    return { text: LAST_WORDS };
  };
}

async function trial(folder: string, wire: Wire, isWrapped: boolean): Promise<Answers> {
  const base = mkdtempSync(join(realpathSync(tmpdir()), "claude-wrap-"));
  const [project, home] = [join(base, "project"), join(base, "home")];
  for (const made of [project, home]) mkdirSync(made);
  const file = join(project, "rows.json");
  writeFileSync(file, ROWS);
  const line = await wire.open({ through: false, model: modelFor(file) });
  try {
    const inner = [process.execPath, FILESYSTEM, project] as const;
    const [command, ...args] = inner;
    const server = isWrapped
      ? headroomCommand("mcp", "wrap", "--deadline-ms", "60000", "--", ...inner)
      : { command, args };
    const config = join(base, "mcp.json");
    writeFileSync(config, JSON.stringify({ mcpServers: { headroom: server } }));
    const { code, stdout, stderr } = await start(folder, config, line.url, { cwd: project, home });
    const last = line.server.seen.findLast(
      ({ path, json }) =>
        path.includes("/messages") && !path.includes("count_tokens") && "tools" in json,
    );
    const answers = last ? conversationOf(last).calls.map(({ result = "" }) => result) : [];
    const isDone = code === 0 && stdout.includes(LAST_WORDS);
    return {
      first: answers[0] ?? "",
      second: answers[1] ?? "",
      ending: isDone ? "done" : `exit ${code}: ${(stderr || stdout).slice(-300)}`,
    };
  } finally {
    await line.close();
    rmSync(base, { recursive: true, force: true });
  }
}

export const claudeCodeWrap: Peer = {
  name: "claude-code-wrap",
  install: (folder) => npmInstall(folder, "@anthropic-ai/claude-code"),
  async run({ folder }, wire): Promise<readonly Row[]> {
    const without = await trial(folder, wire, false);
    const behind = await trial(folder, wire, true);
    const [before, after] = [tokensOf(without.first), tokensOf(behind.first)];
    return [
      holds("ran to its end without", without.ending === "done", without.ending),
      holds("ran to its end behind mcp wrap", behind.ending === "done", behind.ending),
      {
        what: `read_text_file of server-filesystem, 1,000 rows (${before} tokens without)`,
        value: `${after} tokens`,
        reach: "≤ 15 %",
        isMet: behind.first.startsWith("[[hr:") && after <= 0.15 * before,
      },
      holds(
        "the one failed row is in it",
        behind.first.includes("613"),
        behind.first.slice(0, 200),
      ),
      holds(
        "headroom_retrieve: a row that was left out",
        behind.second.includes("user 3500"),
        behind.second.slice(0, 200),
      ),
    ];
  },
};
