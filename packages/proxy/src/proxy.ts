/** The server: who may use it, where a request goes, and what becomes of it. */
import {
  createServer,
  type IncomingMessage,
  type ServerOptions,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex, Readable } from "node:stream";
import { type CompressResult, InvalidOptionError } from "@headroom/core";
import { type Admission, admission, SMALL_BYTES } from "./admission.ts";
import { passOn, sendError, sendJson } from "./answer.ts";
import { isBypassed, limitSilence, readBody } from "./body.ts";
import { CutOff, exchange } from "./exchange.ts";
import { type Guard, guard, isLoopback } from "./guard.ts";
import { forwarded, headerOf } from "./headers.ts";
import { keepHeapSmall } from "./heap.ts";
import { metrics } from "./metrics.ts";
import type { Observation } from "./observe/observation.ts";
import { type Observer, observer } from "./observe/observer.ts";
import {
  deadlineFor,
  type ProxyOptions,
  type ResolvedProxyOptions,
  resolveProxyOptions,
} from "./options.ts";
import { isDashboard, type OwnPagesOptions, ownPage, sendDashboard } from "./own-pages.ts";
import { answerOwn, isOwnRoute } from "./own-routes.ts";
import type { ProxyStats } from "./stats/types.ts";
import { stagesOf, type Tenants, tenants } from "./tenants.ts";
import { isWebSocket, refuseUpgrade, tunnel } from "./tunnel.ts";
import { type Upstream, upstream } from "./upstream.ts";
import { exchangeOf, upstreamFetch } from "./upstream-fetch.ts";
import { type Target, upstreamTargets } from "./upstreams.ts";
import { proxyRunner, warmUp } from "./warm-up.ts";

export interface ListenOptions {
  /** 0 for any that is free. @default 8787 */
  readonly port?: number;
  /** @default "127.0.0.1" */
  readonly host?: string;
}

/** A proxy that may listen. */
export interface HeadroomProxy {
  /** Begins to listen. @returns the base URL for clients. Rejects where the port is taken */
  listen(options?: ListenOptions): Promise<string>;
  /** What it has counted since it began. */
  stats(): ProxyStats;
  /**
   * Takes no more requests, waits for those it has, ends what is left after `graceMs`, and then resolves.
   * @param graceMs milliseconds. @default 30_000
   */
  close(graceMs?: number): Promise<void>;
}

/** Makes a proxy; `listen` starts it. @throws InvalidOptionError */
export function createProxy(given: ProxyOptions = {}): HeadroomProxy {
  const options = resolveProxyOptions(given);
  const targetOf = upstreamTargets(options.upstreams ?? {});
  const mayUse = guard(options);
  const seen = observer(options);
  const to = upstream(options.times);
  const runner = options.workers ? proxyRunner() : undefined;
  const all = tenants(options, {
    base: upstreamFetch(to),
    runner,
    compressed: (init, result) => tell(exchangeOf(init)?.seen, result),
    written(init, text, patches) {
      const one = exchangeOf(init);
      if (one) one.written = { text, patches };
    },
    late: (init) => exchangeOf(init)?.late,
    answering: (init, calls) => exchangeOf(init)?.seen.answering(calls),
    retrieved: seen.retrieved,
    failedOpen: seen.failedOpen,
    error: seen.error,
  });
  const context: Context = {
    ...options,
    targetOf,
    mayUse,
    seen,
    stats: seen.stats,
    metrics: metrics(seen.stats),
    to,
    admission: admission(),
    largeBody: options.ownsProcess ? keepHeapSmall() : () => {},
    tenants: all,
    tunnels: new Set(),
    draining: false,
  };
  const server = createServer(
    {
      // Of Node.js 24: what asks for HTTP/2 is answered in HTTP/1.1, as by a server that knows no upgrades.
      shouldUpgradeCallback: isWebSocket,
      requestTimeout: 0,
      headersTimeout: 60_000,
      keepAliveTimeout: 65_000,
      maxHeaderSize: 65_536,
      noDelay: true,
    } as ServerOptions,
    (request, response) => void serve(request, response, context),
  );
  server.on("upgrade", (request, socket, head) => {
    const refused = mayUse(request, false);
    if (refused !== undefined) {
      seen.refused(refused.status);
      refuseUpgrade(socket, refused.status);
    } else if (!isWebSocket(request) || context.draining) refuseUpgrade(socket, 501);
    else if (options.webSockets === false) refuseUpgrade(socket, 426);
    else {
      const target = targetOf(request);
      seen.passed();
      tunnel(request, socket, head, target, context.tunnels, seen.tunnel(target));
    }
  });
  let closing: Promise<void> | undefined;
  return {
    async listen({ port = 8787, host = "127.0.0.1" } = {}) {
      if (!isLoopback(host) && options.token === undefined)
        throw new InvalidOptionError(
          "host",
          host,
          "an address of this machine, or a token beside it",
        );
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, host, () => {
          server.off("error", reject);
          resolve();
          if (runner) void warmUp(runner, options.compression?.plugins);
        });
      });
      const { port: own } = server.address() as AddressInfo;
      return `http://${host.includes(":") ? `[${host}]` : host}:${own}`;
    },
    stats: seen.stats,
    close(graceMs = 30_000) {
      closing ??= close(graceMs);
      return closing;
    },
  };

  async function close(graceMs: number): Promise<void> {
    context.draining = true;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    const timer = setTimeout(() => {
      server.closeAllConnections();
      for (const socket of context.tunnels) socket.destroy();
    }, graceMs);
    await closed;
    clearTimeout(timer);
    await to.close();
  }
}

interface Context extends ResolvedProxyOptions, OwnPagesOptions {
  readonly targetOf: (request: IncomingMessage) => Target;
  readonly mayUse: Guard;
  readonly seen: Observer;
  readonly to: Upstream;
  readonly admission: Admission;
  /** Called for each body that is read, small ones apart. */
  readonly largeBody: () => void;
  readonly tenants: Tenants;
  /** Connections that speak WebSocket: the server has let go of them. */
  readonly tunnels: Set<Duplex>;
  draining: boolean;
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  context: Context,
): Promise<void> {
  const { seen } = context;
  const { method, url = "/" } = request;
  const page = ownPage(method, url);
  const isOwn = isOwnRoute(url);
  const refused = context.mayUse(request, isOwn || page !== undefined);
  if (refused !== undefined) {
    seen.refused(refused.status);
    if (refused.status === 401 && isDashboard(method, url)) return sendDashboard(response, 401);
    const message = `headroom proxy: ${refused.message}`;
    sendJson(response, refused.status, { error: { type: "permission_error", message } });
    return;
  }
  // Trap: a server that closes leaves connections alone whose response ends later, for as long as they are kept alive.
  response.once("finish", () => {
    if (context.draining) request.socket.end();
  });
  limitSilence(request, context.times?.uploadIdleMs ?? 120_000);
  if (page) return void page(response, context);
  const target = context.targetOf(request);
  const one = seen.request(method, target, isOwn);
  const leaving = new AbortController();
  // Trap: a request is closed as soon as its body has ended; only the response tells that the client is gone.
  response.once("close", () => {
    if (!response.writableFinished) leaving.abort();
    one.closed(response.writableFinished);
  });
  try {
    if (isOwn) {
      await answerOwn(request, response, leaving.signal, {
        ...context,
        retrieved: seen.retrieved,
        compressed(result) {
          tell(one, result);
          one.asked(true);
        },
        error: seen.error,
      });
      one.answered(response.statusCode, []);
      return;
    }
    await forward(request, response, target, leaving.signal, context, one);
  } catch (error) {
    if (leaving.signal.aborted) return;
    seen.failed(error);
    if (error instanceof CutOff || response.headersSent) one.cutOff();
    else one.failed();
    // A reply that broke off is seen as one, also where nothing of it has been passed on.
    if (response.headersSent || error instanceof CutOff) response.destroy();
    else sendError(response, target.provider, 502, reasonOf(error));
  }
}

async function forward(
  request: IncomingMessage,
  response: ServerResponse,
  target: Target,
  signal: AbortSignal,
  context: Context,
  one: Observation,
): Promise<void> {
  const { to, seen, maxBodyBytes, deadlineMs } = context;
  const method = request.method ?? "GET";
  const headers = forwarded(request.rawHeaders, ["host", "content-length"]);
  const plain = async (body: Readable | null): Promise<void> => {
    const length = headerOf(request.rawHeaders, "content-length");
    const sized = length === undefined ? headers : [...headers, "content-length", length];
    const raw = await to.send({ ...target, method, headers: sized, body, signal });
    await passOn(response, { raw }, one);
  };
  if (!mayCompress(request) || !context.tenants.reads(target.path)) {
    seen.passed();
    return plain(hasBody(request) ? request : null);
  }
  const body = await readBody(request, maxBodyBytes);
  if (body.bytes === undefined) {
    seen.passed();
    return plain(body.rest);
  }
  one.received();
  if (body.bytes.length > SMALL_BYTES) context.largeBody();
  const tenant = context.tenants.of(request.rawHeaders, target.path);
  const client = { target, method, headers, bytes: body.bytes, signal };
  const reply = await exchange(client, tenant.fetch, {
    upstream: to,
    admission: context.admission,
    deadlineMs: deadlineFor(body.bytes.length, tenant.isWarm, deadlineMs),
    maxBodyBytes,
    seen: one,
  });
  await passOn(response, reply, one);
}

function tell(seen: Observation | undefined, result: CompressResult<unknown>): void {
  seen?.compressed(result);
  for (const stage of stagesOf(result)) seen?.failedOpen(stage);
}

/** Only requests with JSON that the client has not excepted are looked into. */
function mayCompress(request: IncomingMessage): boolean {
  if (isBypassed(request)) return false;
  const { method, headers } = request;
  return method === "POST" && (headers["content-type"]?.includes("json") ?? false);
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
  return `the provider could not be reached${code}.`;
}
