/**
 * `headroom mcp wrap -- COMMAND ARGS`: another MCP server, the results of its tools compressed.
 *
 * Standard output is the protocol's; what is said to people goes to standard error. Ends as the server ends.
 */
import { createHeadroom, type HeadroomOptions, refOf, refScope } from "@headroom/core";
import { type ServerEnd, wrapServer } from "@headroom/mcp/gateway";
import { CommandError } from "../command-error.ts";
import { blockCounter, noteProxy } from "../ledger/proxy-ledger.ts";
import { installedPlugins } from "../optional-compressors.ts";
import { present } from "../options.ts";
import { openProxyStore, type ProxyStore } from "../proxy/open-proxy-store.ts";
import { exitCodeOf, listenForSignals } from "../proxy/signals.ts";
import { toolRules } from "../proxy/tool-rules.ts";
import { teller } from "../tell.ts";
import type { Terminal } from "../terminal.ts";
import { storePlace } from "./open-stores.ts";
import { readRows } from "./read-rows.ts";
import { WRAP_SETTINGS, type WrapSettings } from "./wrap-settings.ts";

const SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];
/** What the store may need to put its things away. */
const CLOSE_MS = 1_000;

export async function wrapServerCommand(
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const at = args.indexOf("--");
  const read = readRows(at < 0 ? args : args.slice(0, at), terminal.env, {
    rows: WRAP_SETTINGS,
    misplaced: (words) =>
      `The server's command comes after "--": headroom mcp wrap -- ${words.join(" ")}`,
  });
  const settings = read.settings as WrapSettings;
  const [command, ...commandArgs] = at < 0 ? [] : args.slice(at + 1);
  if (command === undefined)
    throw new CommandError(
      'mcp wrap takes the command of a server after "--": headroom mcp wrap -- npx -y @modelcontextprotocol/server-filesystem .',
    );
  const tell = teller(terminal);
  const { store } = await openedStore(settings, terminal, tell);
  const { mode } = settings;
  if (store === undefined && (mode === "balanced" || mode === "aggressive"))
    throw new CommandError(`--mode ${mode} leaves text out, so it needs a store.`);
  const counted = blockCounter();
  const headroom = createHeadroom({
    ...headroomOptions(settings, store),
    hooks: { onBlock: counted.add },
  });
  const noteRest = noteProxy(terminal.env, "mcp", counted.stats);
  const isAudit = mode === "audit";
  let kill = (_signal: NodeJS.Signals): void => {};
  let hasEnded = false;
  const stop = listenForSignals(terminal, SIGNALS, (signal) => {
    // The server is gone, and the client does not read what it said last.
    if (hasEnded) terminal.exit?.(exitCodeOf(signal));
    kill(signal);
  });
  let end: ServerEnd;
  try {
    end = await wrapServer({
      command,
      args: commandArgs,
      env: terminal.env,
      headroom,
      offersRetrieval: store !== undefined && !isAudit,
      ...present({
        structured: isAudit ? ("keep" as const) : settings.structured,
        deadlineMs: settings.deadlineMs,
        maxFrameBytes: settings.maxFrameBytes,
      }),
      onStart: (pass) => {
        kill = pass;
      },
      onExit: () => {
        hasEnded = true;
      },
    });
  } catch (error) {
    throw inWords(command, error);
  } finally {
    stop();
    const closed = Promise.all([headroom.close().catch(() => {}), noteRest()]);
    await Promise.race([closed, waitMs(CLOSE_MS)]);
  }
  if ("signal" in end && terminal.pid !== undefined && RAISED.has(end.signal))
    terminal.kill?.(terminal.pid, end.signal);
  const code = "code" in end ? end.code : exitCodeOf(end.signal);
  // The client may keep this process's input open for ever.
  terminal.exit?.(code);
  return code;
}

/** Others would write a core file, or are none to end by. */
const RAISED: ReadonlySet<string> = new Set(["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"]);

function headroomOptions(settings: WrapSettings, store: ProxyStore["store"]): HeadroomOptions {
  const { namespace, secret, mode, minTokens, tools, include, exclude, storeTimeoutMs } = settings;
  return present({
    plugins: installedPlugins,
    store,
    namespace,
    secret,
    mode,
    minTokens,
    tools: toolRules(tools),
    include,
    exclude,
    storeTimeoutMs,
  }) as HeadroomOptions;
}

/** The server has to run also where this machine cannot keep originals in the usual place. */
async function openedStore(
  settings: WrapSettings,
  terminal: Terminal,
  tell: (sentence: string) => void,
): Promise<ProxyStore> {
  const open = (store: string): Promise<ProxyStore> => openProxyStore({ ...settings, store }, tell);
  const place = storePlace(settings.store, terminal.env);
  if (settings.store !== undefined) return open(place);
  try {
    const opened = await open(place);
    const text = "Is anybody there?";
    const ref = refOf(text, refScope("headroom mcp at its start"));
    await opened.store?.put({ ref, text });
    await opened.store?.delete(ref);
    return opened;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    tell(`Originals are kept in memory, as long as this server runs: ${why}`);
    return open("memory");
  }
}

function inWords(command: string, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code !== "ENOENT" && code !== "EACCES") return error;
  const hint =
    process.platform === "win32" ? " npx and the like need: headroom mcp wrap -- cmd /c npx …" : "";
  return new CommandError(
    `${command} could not be started: ${code === "ENOENT" ? "there is no such program." : "it may not be run."}${hint}`,
  );
}

function waitMs(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
