/**
 * `headroom proxy`: a transparent proxy in front of Anthropic, OpenAI and Gemini, until it is told to stop.
 *
 * The first SIGTERM or SIGINT takes no more connections and lets requests at work end; the second ends the process at once.
 */
import { CommandError } from "./command-error.ts";
import { noteProxy } from "./ledger/proxy-ledger.ts";
import { readArguments, readSettings } from "./proxy/read-settings.ts";
import { SETTING_KEYS } from "./proxy/settings.ts";
import { exitCodeOf, listenForSignals } from "./proxy/signals.ts";
import { startProxy } from "./proxy/start-proxy.ts";
import { teller } from "./tell.ts";
import type { Terminal } from "./terminal.ts";

const DRAIN_MS = 30_000;

export async function proxyCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const given = readArguments("proxy", args, SETTING_KEYS);
  if (given.positionals.length > 0)
    throw new CommandError(
      `proxy takes options only, not "${given.positionals[0]}". See: headroom proxy --help`,
    );
  const settings = await readSettings(given, terminal.env);
  const tell = teller(terminal);
  const isLogging = settings.log === "json";
  const log = (entry: unknown): void => void terminal.stdout.write(`${JSON.stringify(entry)}\n`);
  const signals = waitForSignals(terminal);
  try {
    const more = { ownsProcess: true, ...(isLogging ? { log } : {}) };
    const starting = startProxy(settings, tell, more);
    const started = await Promise.race([starting, signals.first]);
    // Nobody uses it yet, and whatever it is waiting for may never come.
    if (typeof started === "string") return end(terminal, exitCodeOf(started));
    const { url, close, stats } = started;
    const noteRest = noteProxy(terminal.env, "proxy", stats);
    // Where a log is on standard output, nothing else is.
    const words = isLogging ? terminal.stderr : terminal.stdout;
    words.write(`${announcement(url, settings.token !== undefined)}\n`);
    await signals.first;
    const drained = close(settings.drainMs ?? DRAIN_MS)
      .then(noteRest)
      .then(() => 0);
    return end(terminal, await Promise.race([drained, signals.second.then(exitCodeOf)]));
  } finally {
    signals.stop();
  }
}

/** Whatever is still open does not keep the process. */
function end(terminal: Terminal, code: number): number {
  terminal.exit?.(code);
  return code;
}

/** The address and what to set for a client; where a person can look. */
function announcement(url: string, hasToken: boolean): string {
  const token = hasToken ? ", x-headroom-token with each request" : "";
  return `headroom proxy at ${url}: set ANTHROPIC_BASE_URL=${url} or OPENAI_BASE_URL=${url}/v1${token}\nheadroom dashboard at ${url}/dashboard`;
}

function waitForSignals(terminal: Terminal): {
  readonly first: Promise<NodeJS.Signals>;
  readonly second: Promise<NodeJS.Signals>;
  stop(): void;
} {
  const waiting: ((signal: NodeJS.Signals) => void)[] = [];
  const next = (): Promise<NodeJS.Signals> => new Promise((resolve) => waiting.push(resolve));
  const [first, second] = [next(), next()];
  const stop = listenForSignals(terminal, ["SIGTERM", "SIGINT"], (signal) =>
    waiting.shift()?.(signal),
  );
  return { first, second, stop };
}
