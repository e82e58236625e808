/** Codex, headless. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Agent, agentRows } from "./agent.ts";
import { npmInstall } from "./npm-install.ts";
import { blockOf } from "./page.ts";
import { named, type Peer } from "./peer.ts";
import { runProgram } from "./task/run-program.ts";
import type { Action, ToTool } from "./task/task.ts";

/** The largest output that the model asks for. */
const MAX_TOKENS = 20_000;

interface Variant {
  /** Further lines of the settings. */
  readonly settings: string;
  readonly toTool: ToTool;
}

/** Models up to 5.5: each tool is offered to the model. */
const DIRECT: Variant = {
  settings: 'model = "gpt-5.5"\n',
  toTool(action) {
    if (action.kind === "edit")
      return { name: "apply_patch", args: patchOf(action), isCustom: true };
    return {
      name: "exec_command",
      args: { cmd: commandOf(action), max_output_tokens: MAX_TOKENS },
    };
  },
};

/** Newer models, the default: one tool is offered, which runs a program that calls the others. */
const IN_CODE: Variant = {
  settings: "",
  toTool(action) {
    const call =
      action.kind === "edit"
        ? `apply_patch(${JSON.stringify(patchOf(action))})`
        : `exec_command(${JSON.stringify({ cmd: commandOf(action), max_output_tokens: MAX_TOKENS })})`;
    const program = `// @exec: {"max_output_tokens": ${MAX_TOKENS}}\nconst done = await tools.${call};\ntext(done.output ?? "done");`;
    return { name: "exec", args: program, isCustom: true };
  },
};

function commandOf(action: Exclude<Action, { readonly kind: "edit" }>): string {
  return action.kind === "shell" ? action.command : `cat ${action.path}`;
}

function patchOf({ path, from, to }: Action & { readonly kind: "edit" }): string {
  return `*** Begin Patch\n*** Update File: ${path}\n@@\n-${from}+${to}*** End Patch\n`;
}

function agent(folder: string, { settings, toTool }: Variant): Agent {
  return {
    toTool,
    start(url, prompt, options) {
      const own = join(options.home, ".codex");
      mkdirSync(own);
      writeFileSync(join(own, "config.toml"), settings + blockOf("codex", "toml", url));
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
  run: async ({ folder }, wire) => [
    ...named("default model", await agentRows(agent(folder, IN_CODE), wire)),
    ...named("gpt-5.5", await agentRows(agent(folder, DIRECT), wire)),
  ],
};
