/**
 * Claude Code.
 *
 * Behind an address that is not Anthropic's it turns off tool search and fine-grained tool streaming and takes the context window of
 * `sonnet` and `opus` as 200,000 tokens (seen in 2.1.197: requests of 76 KB where 48 KB are sent directly). Where the proxy sends to
 * Anthropic all of that stays as it is without a proxy: that is what the variables below say.
 *
 * Trap: told so, it signs its requests (`cch=…`, a digest of the body, in an attribution line of the system prompt), and a request that
 * was shortened would not fit its signature. CLAUDE_CODE_ATTRIBUTION_HEADER=0, which is documented for gateways, leaves that line out.
 */
import { CommandError } from "../command-error.ts";
import { present } from "../options.ts";
import { type Agent, addressOf } from "./agent.ts";
import { claudeEnvironment } from "./claude-settings.ts";

const AS_WITHOUT_A_PROXY: Readonly<Record<string, string>> = {
  ENABLE_TOOL_SEARCH: "true",
  CLAUDE_CODE_ENABLE_FINE_GRAINED_TOOL_STREAMING: "1",
  _CLAUDE_CODE_ASSUME_FIRST_PARTY_BASE_URL: "1",
  CLAUDE_CODE_ATTRIBUTION_HEADER: "0",
};

/** With one of these it sends its requests elsewhere, whatever ANTHROPIC_BASE_URL says. */
const OTHER_PROVIDERS = ["BEDROCK", "VERTEX", "FOUNDRY", "MANTLE", "ANTHROPIC_AWS", "GATEWAY"].map(
  (name) => `CLAUDE_CODE_USE_${name}`,
);

export const claude: Agent = {
  program: "claude",
  install: "npm install -g @anthropic-ai/claude-code",
  plan({ args, env, cwd, settings }) {
    const own = claudeEnvironment({ cwd, env });
    const all = { ...env, ...own };
    const other = OTHER_PROVIDERS.find((name) => isOn(all[name]));
    if (other !== undefined)
      throw new CommandError(
        `${other} is set: Claude Code does not send its requests through ANTHROPIC_BASE_URL then. Unset it, or start claude itself.`,
      );
    const { upstream } = addressOf(settings.anthropicUrl, all.ANTHROPIC_BASE_URL);
    const isAnthropic = upstream === undefined || hostOf(upstream) === "api.anthropic.com";
    const unset = Object.entries(isAnthropic ? AS_WITHOUT_A_PROXY : {}).filter(
      ([name]) => all[name] === undefined,
    );
    const isHidden = own.ANTHROPIC_BASE_URL !== undefined;
    if (isHidden && args.includes("--settings"))
      throw new CommandError(
        "Claude Code's settings files set ANTHROPIC_BASE_URL, and --settings is what wrap would use to replace it: take one of them out.",
      );
    return {
      settings: present({ anthropicUrl: upstream }),
      env: (url) => ({ ANTHROPIC_BASE_URL: url, ...Object.fromEntries(unset) }),
      args: (url) =>
        isHidden
          ? ["--settings", JSON.stringify({ env: { ANTHROPIC_BASE_URL: url } }), ...args]
          : args,
    };
  },
};

function isOn(value: string | undefined): boolean {
  return value !== undefined && /^(?:1|true|yes|on)$/i.test(value);
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).host : undefined;
}
