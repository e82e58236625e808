/** What `headroom wrap` knows of a coding agent: its program, and how one child of it is told of another address. */
import type { Settings } from "../proxy/settings.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the agent would be started with. */
export interface AgentCall {
  readonly args: readonly string[];
  readonly env: Environment;
  /** Where it is started. */
  readonly cwd: string;
  /** The program's file. */
  readonly program: string;
  readonly settings: Settings;
}

/** How it is started behind a proxy. */
export interface AgentPlan {
  /** Settings of the proxy for this agent, over those that were given. */
  readonly settings: Settings;
  /** Variables for the child, beside its own. @param url base URL of the proxy, without a path */
  env(url: string): Readonly<Record<string, string>>;
  /** The child's arguments. */
  args(url: string): readonly string[];
}

export interface Agent {
  readonly program: string;
  /** The command that installs it. */
  readonly install: string;
  /** @throws CommandError where a proxy would not be used */
  plan(call: AgentCall): Promise<AgentPlan> | AgentPlan;
}

/**
 * Where the proxy sends an agent's requests: to the address that the agent would use without us, because its credential belongs there.
 * Settings of the proxy go before.
 */
export interface Address {
  /** Absent: the provider's own. */
  readonly upstream?: string;
  /** What a client's base URL has behind the proxy's, where clients append `/chat/completions` to it. */
  readonly version: "" | "/v1";
}

/** @param own as the agent was configured: an address without `/v1` is one whose paths have none */
export function addressOf(given: string | undefined, own: string | undefined): Address {
  if (given !== undefined) return { upstream: given, version: "/v1" };
  if (own === undefined || own === "") return { version: "/v1" };
  return { upstream: own, version: /\/v1\/?$/.test(own) ? "/v1" : "" };
}
