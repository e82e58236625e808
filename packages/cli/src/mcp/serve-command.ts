/**
 * `headroom mcp serve`: tools for MCP clients, over standard input and output or HTTP.
 *
 * Ends when its client has gone, or when it is told to stop.
 */
import type { HeadroomMcp } from "@headroom/mcp";
import { CommandError } from "../command-error.ts";
import { noteProxy } from "../ledger/proxy-ledger.ts";
import { listenProblem } from "../listen-problem.ts";
import { installedPlugins } from "../optional-compressors.ts";
import { present } from "../options.ts";
import { isAnyAddress } from "../proxy/proxy-options.ts";
import { exitCodeOf, listenForSignals } from "../proxy/signals.ts";
import { teller } from "../tell.ts";
import type { Terminal } from "../terminal.ts";
import { openMcpStores } from "./open-stores.ts";
import { readMcpSettings } from "./read-settings.ts";
import type { McpSettings } from "./settings.ts";

export async function serveCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const settings = readMcpSettings(args, terminal.env);
  const tell = teller(terminal);
  const [{ createHeadroomMcp }, { store, ledger }] = await Promise.all([
    import("@headroom/mcp"),
    openMcpStores(settings, terminal.env, tell),
  ]);
  const { namespace, secret, mode, minTokens, roots, storeTimeoutMs } = settings;
  const options = present({ namespace, secret, mode, minTokens, roots, storeTimeoutMs, ledger });
  const mcp = createHeadroomMcp({ ...options, plugins: installedPlugins, store });
  const noteRest = noteProxy(terminal.env, "mcp", mcp.stats);
  let stopListening = (): void => undefined;
  const signalled = new Promise<NodeJS.Signals>((resolve) => {
    stopListening = listenForSignals(terminal, ["SIGTERM", "SIGINT"], resolve);
  });
  try {
    const code = settings.http
      ? await overHttp(mcp, settings, terminal, signalled)
      : await overStdio(mcp, signalled);
    await mcp.close();
    await noteRest();
    // What the client left at work does not keep the process.
    terminal.exit?.(code);
    return code;
  } finally {
    stopListening();
  }
}

async function overStdio(mcp: HeadroomMcp, signalled: Promise<NodeJS.Signals>): Promise<number> {
  const server = mcp.serveStdio();
  const end = await Promise.race([server.ended, signalled]);
  if (end === undefined) return 0;
  await server.close();
  return exitCodeOf(end);
}

async function overHttp(
  mcp: HeadroomMcp,
  settings: McpSettings,
  terminal: Terminal,
  signalled: Promise<NodeJS.Signals>,
): Promise<number> {
  const { port, host, token, allowedHosts = [], allowedOrigins } = settings;
  const own = host === undefined || isAnyAddress(host) ? [] : [host];
  const server = await mcp
    .listen(present({ port, host, token, allowedOrigins, allowedHosts: [...allowedHosts, ...own] }))
    .catch((error: unknown) => {
      throw inWords(error, settings);
    });
  terminal.stdout.write(
    `headroom mcp at ${server.url}: ${token === undefined ? "programs of this machine" : "whoever sends Authorization: Bearer TOKEN"} may use it.\n`,
  );
  await signalled;
  await server.close();
  return 0;
}

function inWords(error: unknown, { port = 8788, host = "127.0.0.1" }: McpSettings): unknown {
  if (error instanceof Error && "option" in error && error.option === "host")
    return new CommandError(
      `Other machines reach ${host}: set HEADROOM_MCP_TOKEN to a secret of 32 characters or more, and have clients send it as Authorization: Bearer.`,
    );
  return listenProblem(error, { port, host }) ?? error;
}
