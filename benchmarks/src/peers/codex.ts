/** Codex, headless. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Agent, agentRows } from "./agent.ts";
import { npmInstall } from "./npm-install.ts";
import { blockOf } from "./page.ts";
import type { Peer } from "./peer.ts";
import { runProgram } from "./task/run-program.ts";

function agent(folder: string): Agent {
  return {
    toTool(action) {
      const run = (cmd: string) => ({ name: "exec_command", args: { cmd } });
      if (action.kind === "shell") return run(action.command);
      if (action.kind === "read") return run(`cat ${action.path}`);
      const { path, from, to } = action;
      const patch = `*** Begin Patch\n*** Update File: ${path}\n@@\n-${from}+${to}*** End Patch\n`;
      return { name: "apply_patch", args: patch, isCustom: true };
    },
    start(url, prompt, options) {
      const settings = join(options.home, ".codex");
      mkdirSync(settings);
      writeFileSync(join(settings, "config.toml"), blockOf("codex", "toml", url));
      // It runs what the model of this script asks for, in a folder of this script.
      const args = ["exec", "--json", "--dangerously-bypass-approvals-and-sandbox", prompt];
      return runProgram(join(folder, "node_modules/.bin/codex"), args, {
        ...options,
        env: { OPENAI_API_KEY: "sk-fake" },
      });
    },
    answerOf: ({ stdout }) => lastMessage(stdout),
  };
}

/** @param stdout events as JSON, one a line */
function lastMessage(stdout: string): string {
  const messages = stdout.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    const { type, item } = JSON.parse(line);
    return type === "item.completed" && item.type === "agent_message" ? [String(item.text)] : [];
  });
  return messages.at(-1) ?? "no message";
}

export const codex: Peer = {
  name: "codex",
  install: (folder) => npmInstall(folder, "@openai/codex"),
  run: ({ folder }, wire) => agentRows(agent(folder), wire),
};
