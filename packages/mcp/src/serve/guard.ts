/**
 * Who may call the server over HTTP: programs of this machine, and whoever has the token.
 *
 * A web page in a browser of this machine is no such program. `Host` has to be a name of this machine (against DNS rebinding), and
 * `Origin` has to be absent or allowed.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { localhostAllowedHostnames, validateHostHeader } from "@modelcontextprotocol/server";

export interface GuardOptions {
  readonly token?: string | undefined;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
}

export interface Refusal {
  readonly status: 401 | 403;
  readonly message: string;
}

/** Why a request is refused; `undefined` where it is not. */
export function refusalOf(request: IncomingMessage, options: GuardOptions): Refusal | undefined {
  const hosts = headers(request, "host");
  const allowed = [...localhostAllowedHostnames(), ...options.allowedHosts.map(lower)];
  if (hosts.length !== 1 || !isPlainHost(hosts[0]) || !validateHostHeader(hosts[0], allowed).ok)
    return { status: 403, message: "This Host is not served here. Add it to allowedHosts." };
  const origins = new Set(options.allowedOrigins.map(lower));
  for (const origin of headers(request, "origin"))
    if (!origins.has(lower(origin)))
      return { status: 403, message: "Web pages of this Origin may not call this server." };
  const { token } = options;
  if (token === undefined) return undefined;
  const given = headers(request, "authorization");
  if (given.length === 1 && isSame(given[0] ?? "", `Bearer ${token}`)) return undefined;
  return { status: 401, message: "Authorization: Bearer TOKEN is missing or wrong." };
}

/** A URL parser reads names and numbers of hosts in many spellings; programs use one. */
function isPlainHost(host: string | undefined): boolean {
  return host !== undefined && /^(?:[\w.-]+|\[[\da-fA-F:.]+\])(?::\d{1,5})?$/.test(host);
}

/** Whether only programs of this machine reach an address. */
export function isLoopback(host: string): boolean {
  if (host === "localhost" || host === "::1") return true;
  return isIP(host) === 4 && host.startsWith("127.");
}

function headers({ rawHeaders }: IncomingMessage, name: string): string[] {
  return rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name);
}

function lower(text: string): string {
  return text.toLowerCase();
}

function isSame(left: string, right: string): boolean {
  const [a, b] = [left, right].map((text) => createHash("sha256").update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
