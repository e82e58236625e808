/** What the proxy tells of itself, by GET: whether it is well, what it has counted, and the dashboard. */
import type { ServerResponse } from "node:http";
import { send, sendJson } from "./answer.ts";
import type { ProxyStats } from "./stats/types.ts";
import { VERSION } from "./version.ts";

export interface OwnPagesOptions {
  /** No further requests are wanted. */
  readonly draining: boolean;
  stats(): ProxyStats;
  /** Metrics as Prometheus reads them. */
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
}

type Page = (response: ServerResponse, options: OwnPagesOptions) => unknown;

const PAGES: Readonly<Record<string, Page>> = {
  "/healthz": (response) => sendJson(response, 200, { status: "ok" }),
  "/readyz": (response, { draining }) =>
    sendJson(response, draining ? 503 : 200, { status: draining ? "draining" : "ready" }),
  // In the reference system's shape, which gateways and its npm client read.
  "/health": (response, { draining, stats }) =>
    sendJson(response, draining ? 503 : 200, {
      status: draining ? "unhealthy" : "healthy",
      version: VERSION,
      config: { optimize: stats().mode !== "audit", cache: false, rate_limit: false },
    }),
  "/stats": (response, { stats }) => sendJson(response, 200, stats()),
  "/metrics": async (response, { metrics }) => {
    const { contentType, text } = await metrics();
    send(response, 200, text, contentType);
  },
  "/dashboard": (response) => sendDashboard(response, 200),
};

/** The page that a request is for. A query changes nothing. */
export function ownPage(method: string | undefined, url: string | undefined): Page | undefined {
  if ((method !== "GET" && method !== "HEAD") || url === undefined) return undefined;
  const [path = ""] = url.split("?", 1);
  return Object.hasOwn(PAGES, path) ? PAGES[path] : undefined;
}

/** The page itself holds no figures: it asks for them, with the token where one is needed. @param status 401 where it has to ask for it */
export async function sendDashboard(response: ServerResponse, status: 200 | 401): Promise<void> {
  const { DASHBOARD } = await import("./dashboard/page.ts");
  for (const [name, value] of Object.entries(DASHBOARD.headers)) response.setHeader(name, value);
  send(response, status, DASHBOARD.html, "text/html; charset=utf-8");
}

/** Whether a request is for the dashboard. */
export function isDashboard(method: string | undefined, url: string | undefined): boolean {
  return ownPage(method, url) === PAGES["/dashboard"];
}
