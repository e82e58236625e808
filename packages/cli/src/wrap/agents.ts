/** The agents that `headroom wrap` starts. Tried with Claude Code 2.1, Codex 0.171, OpenCode 1.18, Gemini CLI and aider 0.86. */
import { present } from "../options.ts";
import { type Agent, addressOf } from "./agent.ts";
import { claude } from "./claude.ts";
import { codex } from "./codex.ts";

/** Base URLs have a version in them. Its configuration files go before variables. */
const opencode: Agent = {
  program: "opencode",
  install: "npm install -g opencode-ai",
  plan({ args, env, settings }) {
    const anthropic = addressOf(settings.anthropicUrl, env.ANTHROPIC_BASE_URL);
    const openai = addressOf(settings.openaiUrl, env.OPENAI_BASE_URL);
    return {
      settings: present({ anthropicUrl: anthropic.upstream, openaiUrl: openai.upstream }),
      env: (url) => ({
        ANTHROPIC_BASE_URL: `${url}${anthropic.version}`,
        OPENAI_BASE_URL: `${url}${openai.version}`,
      }),
      args: () => args,
    };
  },
};

/** With an API key. A login with Google goes to another service, which is not read. */
const gemini: Agent = {
  program: "gemini",
  install: "npm install -g @google/gemini-cli",
  plan({ args, env, settings }) {
    const { upstream } = addressOf(settings.googleUrl, env.GOOGLE_GEMINI_BASE_URL);
    return {
      settings: present({ googleUrl: upstream }),
      env: (url) => ({ GOOGLE_GEMINI_BASE_URL: url }),
      args: () => args,
    };
  },
};

/** LiteLLM inside it knows two names for each address; the one it looks at first counts. */
const aider: Agent = {
  program: "aider",
  install: "python -m pip install aider-install && aider-install",
  plan({ args, env, settings }) {
    const openai = addressOf(settings.openaiUrl, env.OPENAI_BASE_URL || env.OPENAI_API_BASE);
    const anthropic = addressOf(
      settings.anthropicUrl,
      env.ANTHROPIC_API_BASE || env.ANTHROPIC_BASE_URL,
    );
    const google = addressOf(
      settings.googleUrl,
      env.GEMINI_API_BASE?.replace(/\/v1(?:beta)?\/?$/, ""),
    );
    return {
      settings: present({
        openaiUrl: openai.upstream,
        anthropicUrl: anthropic.upstream,
        googleUrl: google.upstream,
      }),
      env: (url) => ({
        OPENAI_BASE_URL: `${url}${openai.version}`,
        OPENAI_API_BASE: `${url}${openai.version}`,
        ANTHROPIC_API_BASE: url,
        ANTHROPIC_BASE_URL: url,
        GEMINI_API_BASE: `${url}/v1beta`,
      }),
      args: () => args,
    };
  },
};

export const AGENTS: Readonly<Record<string, Agent>> = { claude, codex, opencode, gemini, aider };
