/**
 * Codex.
 *
 * No variable names its address; `-c openai_base_url` does, for one start and for its own provider, under which its sessions stay. It
 * tries a WebSocket first: told that there is none, it goes on over HTTP, where requests are shortened.
 */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { CommandError } from "../command-error.ts";
import { present } from "../options.ts";
import { type Agent, type AgentCall, addressOf, type Environment } from "./agent.ts";

/** Where the requests of those go who logged in with ChatGPT and not with an API key. */
const CHATGPT = "https://chatgpt.com/backend-api/codex";
const STATUS_MS = 10_000;

export const codex: Agent = {
  program: "codex",
  install: "npm install -g @openai/codex",
  async plan(call) {
    const { args, env, settings } = call;
    const own = settings.openaiUrl ?? configuredUrl(env) ?? (await usualUrl(call));
    // Nothing that the proxy is told by hand has another meaning here than elsewhere, except for the host that knows no `/v1`.
    const isChatgpt = own?.includes("/backend-api/") === true;
    const { upstream, version } = addressOf(isChatgpt ? undefined : settings.openaiUrl, own);
    return {
      settings: { ...present({ openaiUrl: upstream }), webSockets: false },
      env: () => ({}),
      args: (url) => ["-c", `openai_base_url="${url}${version}"`, ...args],
    };
  },
};

/** What `codex login status` says decides: each login is good for one of two hosts. */
async function usualUrl({ program, env }: AgentCall): Promise<string | undefined> {
  const said = await new Promise<string>((resolve) => {
    const options = { env: { ...env }, timeout: STATUS_MS };
    execFile(program, ["login", "status"], options, (_, stdout, stderr) =>
      resolve(`${stdout}\n${stderr}`),
    );
  });
  if (/Bedrock/i.test(said))
    throw new CommandError(
      "Codex is logged in with Amazon Bedrock, where no proxy of ours can stand between. Start codex itself.",
    );
  return /Logged in using (?!an API key)/i.test(said) ? CHATGPT : undefined;
}

/** `openai_base_url` of Codex's own file, above its first table. */
function configuredUrl(env: Environment): string | undefined {
  const file = join(env.CODEX_HOME || join(env.HOME || homedir(), ".codex"), "config.toml");
  try {
    const [top = ""] = readFileSync(file, "utf8").split(/^[ \t]*\[/m, 1);
    return /^openai_base_url[ \t]*=[ \t]*["']([^"'\n]*)["']/m.exec(top)?.[1];
  } catch {
    return undefined;
  }
}
