/** opencode, headless, once with each of the three formats that it speaks. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Agent, agentRows } from "./agent.ts";
import { npmInstall } from "./npm-install.ts";
import { blockOf } from "./page.ts";
import { named, type Peer } from "./peer.ts";
import { runProgram } from "./task/run-program.ts";

/** Models of the providers on the page. */
const MODELS = ["anthropic/claude-sonnet-4-5", "openai/gpt-5.2", "gateway/gpt-5.5"];

function agent(folder: string, model: string): Agent {
  return {
    toTool(action, { tools }) {
      if (action.kind === "shell")
        return { name: "bash", args: { command: action.command, description: "Looks around" } };
      if (action.kind === "read") return { name: "read", args: { filePath: action.path } };
      const { path, from, to } = action;
      if (tools.includes("edit"))
        return { name: "edit", args: { filePath: path, oldString: from, newString: to } };
      const patchText = `*** Begin Patch\n*** Update File: ${path}\n@@\n-${from}+${to}*** End Patch`;
      return { name: "apply_patch", args: { patchText } };
    },
    start(url, prompt, options) {
      const settings = join(options.home, ".config/opencode");
      mkdirSync(settings, { recursive: true });
      writeFileSync(join(settings, "opencode.json"), blockOf("opencode", "json", url));
      const args = ["run", "--format", "json", "-m", model, prompt];
      return runProgram(join(folder, "node_modules/.bin/opencode"), args, {
        ...options,
        env: {
          OPENAI_API_KEY: "sk-fake",
          ANTHROPIC_API_KEY: "sk-ant-fake",
          // Nothing is sent but to the model.
          OPENCODE_DISABLE_AUTOUPDATE: "1",
          OPENCODE_DISABLE_MODELS_FETCH: "1",
          OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
          OPENCODE_DISABLE_DEFAULT_PLUGINS: "1",
        },
      });
    },
    answerOf: ({ stdout }) => lastText(stdout),
  };
}

/** The last line: words before a look-up may stand in the same text. @param stdout events as JSON, one a line */
function lastText(stdout: string): string {
  const texts = stdout.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    const { type, part } = JSON.parse(line);
    return type === "text" ? [String(part.text)] : [];
  });
  return texts.at(-1)?.split("\n").at(-1) ?? "no text";
}

export const opencode: Peer = {
  name: "opencode",
  install: (folder) => npmInstall(folder, "opencode-ai"),
  async run({ folder }, wire) {
    const rows = [];
    for (const model of MODELS)
      rows.push(...named(model, await agentRows(agent(folder, model), wire)));
    return rows;
  },
};
