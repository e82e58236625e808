/** A proxy from settings: store opened and asked, listening. */
import { InvalidOptionError, refOf, refScope } from "@headroom/core";
import { createProxy, type ProxyOptions, type ProxyStats } from "@headroom/proxy";
import { CommandError } from "../command-error.ts";
import { listenProblem } from "../listen-problem.ts";
import { openProxyStore, type ProxyStore } from "./open-proxy-store.ts";
import { isAnyAddress, listenOptions, proxyOptions } from "./proxy-options.ts";
import type { Settings } from "./settings.ts";

export interface RunningProxy {
  /** The base URL for clients, without a path. */
  readonly url: string;
  /** What it counted. */
  stats(): ProxyStats;
  /** Ends what is still at work after so many milliseconds; then closes the store. */
  close(graceMs: number): Promise<void>;
}

/**
 * @param tell gets sentences for the person who runs it, now or later
 * @param more options that no setting has
 * @throws CommandError or HeadroomError for what that person can put right
 */
export async function startProxy(
  settings: Settings,
  tell: (sentence: string) => void,
  more: Pick<ProxyOptions, "log" | "ownsProcess"> = {},
): Promise<RunningProxy> {
  const opened = await openProxyStore(settings, tell);
  const { store, kind } = opened;
  const { mode } = settings;
  if (store === undefined && (mode === "balanced" || mode === "aggressive"))
    throw new CommandError(`--mode ${mode} leaves text out, so it needs a store.`);
  try {
    const proxy = createProxy({ ...proxyOptions(settings), ...more, ...(store ? { store } : {}) });
    // A file that cannot be opened stays so; a server may come later.
    if (kind === "sqlite") await ask(opened);
    const url = await proxy.listen(listenOptions(settings));
    if (isAnyAddress(settings.host) && settings.host !== undefined && !settings.allowedHosts)
      tell("Clients on other machines are refused until --allowed-hosts has the names they use.");
    if (kind === "redis") void askRedis(opened, tell);
    return {
      url,
      stats: () => proxy.stats(),
      async close(graceMs) {
        await proxy.close(graceMs);
        await store?.close?.();
      },
    };
  } catch (error) {
    await store?.close?.();
    throw inWords(error, settings);
  }
}

/** Stores a text and takes it out again: rejects where the store cannot be used. */
async function ask({ store }: ProxyStore): Promise<void> {
  const text = "Is anybody there?";
  const ref = refOf(text, refScope("headroom proxy at its start"));
  await store?.put({ ref, text });
  await store?.delete(ref);
}

async function askRedis(opened: ProxyStore, tell: (sentence: string) => void): Promise<void> {
  try {
    await ask(opened);
    for (const warning of opened.store?.warnings?.() ?? []) tell(`Redis: ${warning}`);
  } catch {
    tell("Redis does not answer. Until it does, nothing is left out of requests.");
  }
}

function inWords(error: unknown, { port = 8787, host = "127.0.0.1" }: Settings): unknown {
  if (InvalidOptionError.isInstance(error) && "option" in error && error.option === "host")
    return new CommandError(
      `Other machines reach ${host}: set HEADROOM_PROXY_TOKEN to a secret of 32 characters or more, and have clients send it as x-headroom-token.`,
    );
  return listenProblem(error, { port, host }) ?? error;
}
