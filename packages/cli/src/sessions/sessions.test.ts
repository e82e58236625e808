import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "../run.ts";
import { codexSession } from "./codex.ts";
import { databaseSessions, folderSessions } from "./opencode.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "headroom-sessions-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function put(path: string, content: string): string {
  const file = join(home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

const lines = (values: readonly unknown[]): string =>
  values.map((value) => JSON.stringify(value)).join("\n");
const rows = JSON.stringify(
  Array.from({ length: 200 }, (_, id) => ({ id, state: "ok", region: "eu-west-1" })),
);

const CLAUDE = [
  { type: "user", message: { role: "user", content: "look" } },
  {
    message: {
      role: "assistant",
      content: [{ type: "tool_use", id: "t", name: "Bash", input: {} }],
    },
  },
  {
    message: { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: rows }] },
  },
  { message: { role: "assistant", content: "Seen <b>it</b>." } },
];
const CODEX = [
  { type: "session_meta", payload: { id: "s", base_instructions: { text: "You are Codex." } } },
  { type: "response_item", payload: { type: "additional_tools", tools: [{ name: "exec" }] } },
  {
    type: "response_item",
    payload: { type: "message", role: "user", content: [{ type: "input_text", text: "look" }] },
  },
  { type: "event_msg", payload: { type: "task_started" } },
  {
    type: "response_item",
    payload: { type: "function_call", call_id: "c", name: "exec", arguments: "{}" },
  },
  { type: "response_item", payload: { type: "function_call_output", call_id: "c", output: rows } },
];
const TOOL_PART = {
  type: "tool",
  callID: "o",
  tool: "bash",
  state: { status: "completed", input: { command: "ls" }, output: rows },
};

function openCodeDatabase(): string {
  const file = put(".local/share/opencode/opencode.db", "");
  const database = new DatabaseSync(file);
  database.exec(
    "CREATE TABLE message (id TEXT, session_id TEXT, data TEXT); CREATE TABLE part (id TEXT, message_id TEXT, session_id TEXT, data TEXT)",
  );
  const message = database.prepare("INSERT INTO message VALUES (?, 'ses_1', ?)");
  message.run("msg_1", '{"role":"user"}');
  message.run(
    "msg_2",
    '{"role":"assistant","tokens":{"input":9,"output":1,"cache":{"read":5,"write":7}}}',
  );
  const part = database.prepare("INSERT INTO part VALUES (?, ?, 'ses_1', ?)");
  part.run("prt_1", "msg_1", '{"type":"text","text":"look"}');
  part.run("prt_2", "msg_2", '{"type":"step-start"}');
  part.run("prt_3", "msg_2", JSON.stringify(TOOL_PART));
  part.run("prt_4", "msg_2", "broken");
  database.close();
  return file;
}

const OPENCODE = [
  { role: "user", content: [{ type: "text", text: "look" }] },
  {
    role: "assistant",
    content: [{ type: "tool_use", id: "o", name: "bash", input: { command: "ls" } }],
    usage: {
      input_tokens: 9,
      output_tokens: 1,
      cache_read_input_tokens: 5,
      cache_creation_input_tokens: 7,
    },
  },
  { role: "user", content: [{ type: "tool_result", tool_use_id: "o", content: rows }] },
];

describe("sessions", () => {
  it("of Codex are the items of its conversation, with what stands in front of them", () => {
    const session = codexSession(CODEX);
    expect(session).toMatchObject({ system: "You are Codex.", tools: [{ name: "exec" }] });
    expect(session?.messages.map((item) => (item as { type: string }).type)).toEqual([
      "message",
      "function_call",
      "function_call_output",
    ]);
    expect(codexSession(CLAUDE)).toBeUndefined();
  });

  it("of OpenCode are read from its database and from its older files alike", async () => {
    const [session, ...more] = databaseSessions(openCodeDatabase());
    expect(more).toEqual([]);
    expect(await session?.read()).toEqual(OPENCODE);
    put("storage/message/ses_1/msg_1.json", '{"role":"user"}');
    put("storage/message/ses_1/msg_2.json", '{"role":"assistant"}');
    put("storage/part/msg_1/prt_1.json", '{"type":"text","text":"look"}');
    put("storage/part/msg_2/prt_1.json", JSON.stringify(TOOL_PART));
    const [older] = await folderSessions(join(home, "storage"));
    const { usage: _, ...call } = OPENCODE[1] ?? {};
    expect(await older?.read()).toEqual([OPENCODE[0], call, OPENCODE[2]]);
  });

  it("are found by headroom measure, and go into a report that loads and runs nothing", async () => {
    put(".claude/projects/x/a.jsonl", lines(CLAUDE));
    put(".claude/projects/x/sub/evil<img src=x>.jsonl", lines(CLAUDE));
    put(".codex/sessions/2026/rollout-1.jsonl", lines(CODEX));
    openCodeDatabase();
    const report = join(home, "report.html");
    let [stdout, stderr] = ["", ""];
    const terminal = {
      stdin: (async function* () {})(),
      stdout: { write: (text: string) => (stdout += text) },
      stderr: { write: (text: string) => (stderr += text) },
      env: { HOME: home },
    };
    expect(await run(["measure", "--json", "--html", report], terminal)).toBe(0);
    const found = JSON.parse(stdout);
    expect(
      found.sources.map((one: { agent: string; sessions: number }) => [one.agent, one.sessions]),
    ).toEqual([
      ["Claude Code", 2],
      ["Codex", 1],
      ["OpenCode", 1],
    ]);
    expect(found.tools.map(({ name }: { name: string }) => name).sort()).toEqual([
      "Bash",
      "bash",
      "exec",
    ]);
    expect(found).toMatchObject({ files: 4, transcripts: 4, skipped: [] });
    expect(found.costs).toHaveLength(4);
    const html = readFileSync(report, "utf8");
    expect(html).not.toMatch(/<script|<img|https?:|url\(|Seen|eu-west-1/);
    expect(html).toContain("evil&lt;img src=x&gt;");
    expect(html.match(/<svg /g)?.length).toBeGreaterThanOrEqual(6);
    expect(stderr).toBe("");
  });
});
