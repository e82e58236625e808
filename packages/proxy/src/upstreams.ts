/** Where requests go: one origin a provider, from configuration only. Nothing a client sends can name another. */
import type { IncomingMessage } from "node:http";
import { InvalidOptionError } from "@headroom/core";

/** Providers whose requests the proxy reads. */
export type Provider = "anthropic" | "openai" | "google";

/** Base URLs of the providers, or of gateways that speak as they do. A path in a URL is put before the path of the request. */
export type Upstreams = Readonly<Record<Provider, string>>;

export const DEFAULT_UPSTREAMS: Upstreams = {
  anthropic: "https://api.anthropic.com",
  openai: "https://api.openai.com",
  google: "https://generativelanguage.googleapis.com",
};

export interface Target {
  readonly provider: Provider;
  readonly origin: string;
  /** With the query, as the client wrote it. */
  readonly path: string;
}

/** Checks the URLs. @throws InvalidOptionError */
export function upstreamTargets(urls: Partial<Upstreams>): (request: IncomingMessage) => Target {
  const bases = Object.fromEntries(
    Object.entries({ ...DEFAULT_UPSTREAMS, ...urls }).map(([provider, url]) => [
      provider,
      baseOf(provider, url),
    ]),
  ) as Record<Provider, { origin: string; prefix: string }>;
  return (request) => {
    const path = pathOf(request.url ?? "/");
    const provider = providerOf(path, request);
    const { origin, prefix } = bases[provider];
    // A base URL that ends in /v1 is written by those who know the SDKs' habits: the request brings its own.
    const doubled = prefix.endsWith("/v1") && path.startsWith("/v1/");
    return { provider, origin, path: `${doubled ? prefix.slice(0, -3) : prefix}${path}` };
  };
}

function baseOf(name: string, url: string): { origin: string; prefix: string } {
  const expected =
    "an http or https URL without credentials, query or fragment, of a host that is no cloud's metadata service";
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (
    parsed === undefined ||
    !/^https?:$/.test(parsed.protocol) ||
    parsed.username !== "" ||
    parsed.password !== "" ||
    parsed.search !== "" ||
    parsed.hash !== "" ||
    isMetadata(parsed.hostname)
  )
    throw new InvalidOptionError(`upstreams.${name}`, url, expected);
  return {
    origin: parsed.origin,
    prefix: parsed.pathname.endsWith("/") ? parsed.pathname.slice(0, -1) : parsed.pathname,
  };
}

/** Services that hand out the credentials of a machine. `URL` has written every form of an address in one way. */
function isMetadata(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.$/, "");
  return (
    host.startsWith("169.254.") ||
    host.startsWith("[fe80:") ||
    host.startsWith("[::ffff:a9fe:") ||
    host === "[fd00:ec2::254]" ||
    host === "100.100.100.200" ||
    host === "metadata.google.internal"
  );
}

/** The path of a request target. One in absolute form names a host, which is not looked at. */
function pathOf(target: string): string {
  if (target.startsWith("/")) return target;
  const parsed = URL.canParse(target) ? new URL(target) : undefined;
  return parsed ? `${parsed.pathname}${parsed.search}` : "/";
}

/** By path where it tells, else by the headers that only one provider's clients send. */
function providerOf(path: string, { headers }: IncomingMessage): Provider {
  if (/^\/v1\/(?:messages|complete)(?:[/?]|$)/.test(path)) return "anthropic";
  if (/^\/(?:upload\/)?v1(?:alpha|beta)\w*\//.test(path) || /:\w*generateContent/i.test(path))
    return "google";
  if (headers["anthropic-version"] !== undefined || headers["x-api-key"] !== undefined)
    return "anthropic";
  if (headers["x-goog-api-key"] !== undefined) return "google";
  const agent = headers["user-agent"] ?? "";
  return /^(?:claude|anthropic)/i.test(agent) ? "anthropic" : "openai";
}
