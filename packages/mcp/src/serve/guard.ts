/**
 * Who may call the server over HTTP: programs of this machine, and whoever has the token.
 *
 * A web page in a browser of this machine is no such program. `Host` has to be a name of this machine (against DNS rebinding), and
 * `Origin` has to be absent or allowed.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { hostNameOf } from "@headroom/core/kit";
import { localhostAllowedHostnames } from "@modelcontextprotocol/server";

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
  const allowed = new Set([...localhostAllowedHostnames(), ...lower(options.allowedHosts)]);
  if (hosts.length !== 1 || !allowed.has(hostNameOf(hosts[0] ?? "")))
    return { status: 403, message: "This Host is not served here. Add it to allowedHosts." };
  const origins = new Set(lower(options.allowedOrigins));
  for (const origin of lower(headers(request, "origin")))
    if (!origins.has(origin))
      return { status: 403, message: "Web pages of this Origin may not call this server." };
  const { token } = options;
  if (token === undefined) return undefined;
  const given = headers(request, "authorization");
  if (given.length === 1 && isSame(given[0] ?? "", `Bearer ${token}`)) return undefined;
  return { status: 401, message: "Authorization: Bearer TOKEN is missing or wrong." };
}

/** Whether only programs of this machine reach an address. */
export function isLoopback(host: string): boolean {
  if (host === "localhost" || host === "::1") return true;
  return isIP(host) === 4 && host.startsWith("127.");
}

function headers({ rawHeaders }: IncomingMessage, name: string): string[] {
  return rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name);
}

function lower(texts: readonly string[]): string[] {
  return texts.map((text) => text.toLowerCase());
}

function isSame(left: string, right: string): boolean {
  const [a, b] = [left, right].map((text) => createHash("sha256").update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
