/**
 * `headroom wrap claude -- ARGS`: a coding agent with a proxy of its own, which lives as long as the agent.
 *
 * Only the child's environment and arguments say where the proxy is; no file is written.
 */
import process from "node:process";
import { CommandError } from "./command-error.ts";
import { noteProxy } from "./ledger/proxy-ledger.ts";
import { type ProxyArguments, readArguments, readSettings } from "./proxy/read-settings.ts";
import { flagOf, SETTING_KEYS, type SettingKey } from "./proxy/settings.ts";
import { exitCodeOf } from "./proxy/signals.ts";
import { startProxy } from "./proxy/start-proxy.ts";
import type { Terminal } from "./terminal.ts";
import type { AgentPlan, Environment } from "./wrap/agent.ts";
import { AGENTS } from "./wrap/agents.ts";
import { findProgram } from "./wrap/find-program.ts";
import { NOT_FOR_WRAP } from "./wrap/not-for-wrap.ts";
import { type Ended, runChild } from "./wrap/run-child.ts";

/** What the agent left at work when it ended is not waited for. */
const GRACE_MS = 200;

export async function wrapCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const { name, agentArgs, given } = takeApart(args);
  const agent = Object.hasOwn(AGENTS, name) ? AGENTS[name] : undefined;
  if (!agent)
    throw new CommandError(
      `wrap knows no agent "${name}". Agents: ${Object.keys(AGENTS).join(", ")}. For others start headroom proxy.`,
    );
  const cwd = process.cwd();
  const { env } = terminal;
  const read = await readSettings(given, env);
  const own = Object.fromEntries(
    Object.entries(read).filter(([key]) => !NOT_FOR_WRAP.includes(key as SettingKey)),
  );
  const program = findProgram(agent.program, env, cwd);
  if (program === undefined)
    throw new CommandError(`${agent.program} is not on PATH. Install it: ${agent.install}`);
  const plan = await agent.plan({ args: agentArgs, env, cwd, program, settings: own });
  const port = given.flags.port === undefined ? undefined : read.port;
  if (given.switches.has("print")) {
    terminal.stdout.write(printed(agent.program, plan, env, port || 8787));
    return 0;
  }
  if (/\.(?:cmd|bat)$/i.test(program))
    throw new CommandError(
      `wrap does not start ${program}. Start headroom proxy, and set what headroom wrap ${name} --print shows.`,
    );
  let isSilent = false;
  const proxy = await startProxy({ ...own, ...plan.settings, port: port ?? 0 }, (sentence) => {
    // The terminal is the agent's from the moment it is started.
    if (!isSilent) terminal.stderr.write(`headroom: ${sentence}\n`);
  });
  const noteRest = noteProxy(env, "wrap", proxy.stats);
  let ended: Ended;
  try {
    isSilent = true;
    const { url } = proxy;
    const childEnv = { ...env, ...directTo(env), ...plan.env(url) };
    ended = await runChild(program, plan.args(url), childEnv, terminal);
  } finally {
    await proxy.close(GRACE_MS);
    await noteRest();
  }
  if ("code" in ended) {
    terminal.exit?.(ended.code);
    return ended.code;
  }
  // Ended as the child did: a script that is told to stop by Ctrl-C looks for that.
  if (terminal.pid !== undefined && RAISED.has(ended.signal))
    terminal.kill?.(terminal.pid, ended.signal);
  return exitCodeOf(ended.signal);
}

/** Others would write a core file, or are none to end by. */
const RAISED: ReadonlySet<string> = new Set(["SIGINT", "SIGTERM", "SIGHUP"]);

interface WrapArguments {
  readonly name: string;
  readonly agentArgs: readonly string[];
  readonly given: ProxyArguments;
}

/** `AGENT [options] [-- ARGS]`. */
function takeApart(args: readonly string[]): WrapArguments {
  const end = args.indexOf("--");
  const before = end < 0 ? args : args.slice(0, end);
  const agentArgs = end < 0 ? [] : args.slice(end + 1);
  const keys = SETTING_KEYS.filter((key) => !NOT_FOR_WRAP.includes(key));
  const given = readArguments("wrap", before, keys, ["print"]);
  const [name, ...more] = given.positionals;
  if (name === undefined)
    throw new CommandError(`wrap takes an agent: ${Object.keys(AGENTS).join(", ")}.`);
  if (more.length > 0)
    throw new CommandError(
      `What is for ${name} comes after "--": headroom wrap ${name} -- ${more.join(" ")}`,
    );
  return { name, agentArgs, given };
}

/** Where requests go through a proxy of the company's, those to this machine must not. */
function directTo(env: Environment): Environment {
  const proxies = ["http_proxy", "https_proxy", "all_proxy"];
  const isSet = Object.entries(env).some(
    ([name, value]) => proxies.includes(name.toLowerCase()) && value,
  );
  if (!isSet) return {};
  const listed = env.NO_PROXY || env.no_proxy;
  const value = listed ? `${listed},127.0.0.1` : "127.0.0.1";
  return { NO_PROXY: value, no_proxy: value };
}

/** As a shell would take it. */
function printed(program: string, plan: AgentPlan, env: Environment, port: number): string {
  const url = `http://127.0.0.1:${port}`;
  const variables = Object.entries({ ...directTo(env), ...plan.env(url) });
  const flags = Object.entries(plan.settings)
    .map(([key, value]) => (value === false ? `--no-${flagOf(key)}` : `--${flagOf(key)} ${value}`))
    .join(" ");
  return [
    `# beside: headroom proxy --port ${port}${flags === "" ? "" : ` ${flags}`}`,
    ...variables.map(([name, value]) => `export ${name}=${quoted(value ?? "")}`),
    [program, ...plan.args(url)].map(quoted).join(" "),
    "",
  ].join("\n");
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
