/** Claude Code, headless. */
import { join } from "node:path";
import { type Agent, agentRows } from "./agent.ts";
import { npmInstall } from "./npm-install.ts";
import { blockOf, exportsOf } from "./page.ts";
import type { Peer } from "./peer.ts";
import { runProgram } from "./task/run-program.ts";

const TOOLS = "Bash,Read,Edit";

function agent(folder: string): Agent {
  return {
    toTool(action) {
      if (action.kind === "shell")
        return { name: "Bash", args: { command: action.command, description: "Looks around" } };
      if (action.kind === "read") return { name: "Read", args: { file_path: action.path } };
      const { path, from, to } = action;
      return { name: "Edit", args: { file_path: path, old_string: from, new_string: to } };
    },
    start(url, prompt, options) {
      const env = {
        ...exportsOf(blockOf("claude-code", "sh", url)),
        ANTHROPIC_API_KEY: "sk-ant-fake",
        // Nothing is sent but to the model.
        DISABLE_TELEMETRY: "1",
        DISABLE_AUTOUPDATER: "1",
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      };
      const args = ["-p", prompt, "--tools", TOOLS, "--allowedTools", TOOLS];
      return runProgram(
        join(folder, "node_modules/.bin/claude"),
        [...args, "--output-format", "json"],
        { ...options, env },
      );
    },
    answerOf: ({ stdout }) => resultOf(stdout),
  };
}

function resultOf(stdout: string): string {
  try {
    return String(JSON.parse(stdout).result);
  } catch {
    return `no JSON: ${stdout.slice(0, 200)}`;
  }
}

export const claudeCode: Peer = {
  name: "claude-code",
  install: (folder) => npmInstall(folder, "@anthropic-ai/claude-code"),
  run: ({ folder }, wire) => agentRows(agent(folder), wire),
};
