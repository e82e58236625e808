/**
 * Who may use the proxy: programs of this machine, and whoever has the token.
 *
 * A web page in a browser of this machine is no such program. It can make the browser send requests here, so `Host` has to be a name
 * of this machine (against DNS rebinding) and `Origin` has to be absent or allowed.
 */
import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { hostNameOf } from "@headroom/core/kit";

export interface GuardOptions {
  readonly token?: string | undefined;
  readonly allowedHosts?: readonly string[] | undefined;
  readonly allowedOrigins?: readonly string[] | undefined;
}

/** Why a request is refused. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly message: string;
}

/** `undefined` where a request is not refused. @param isOwn no provider reads it: its bearer token may be the proxy's */
export type Guard = (request: IncomingMessage, isOwn: boolean) => Refusal | undefined;

export function guard({ token, allowedHosts = [], allowedOrigins = [] }: GuardOptions): Guard {
  const hosts = new Set(["localhost", "127.0.0.1", "[::1]", ...allowedHosts.map(lower)]);
  const origins = new Set(allowedOrigins.map(lower));
  return (request, isOwn) => {
    const given = valuesOf(request, "host");
    if (given.length !== 1 || !hosts.has(hostNameOf(given[0] ?? "")))
      return { status: 403, message: "This Host is not served here. Add it to allowedHosts." };
    for (const origin of valuesOf(request, "origin"))
      if (!origins.has(lower(origin)))
        return { status: 403, message: "Web pages of this Origin may not call the proxy." };
    if (token === undefined || isToken(token, valuesOf(request, "x-headroom-token")))
      return undefined;
    if (isOwn && isToken(`Bearer ${token}`, valuesOf(request, "authorization"))) return undefined;
    return { status: 401, message: "x-headroom-token is missing or wrong." };
  };
}

/** Whether only programs of this machine reach an address. */
export function isLoopback(host: string): boolean {
  if (host === "localhost") return true;
  return (isIP(host) === 4 && host.startsWith("127.")) || host === "::1";
}

function valuesOf({ rawHeaders }: IncomingMessage, name: string): string[] {
  const values: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (rawHeaders[at]?.toLowerCase() === name) values.push(rawHeaders[at + 1] ?? "");
  return values;
}

function lower(text: string): string {
  return text.toLowerCase();
}

function isToken(token: string, given: readonly string[]): boolean {
  const [own, other] = [Buffer.from(token), Buffer.from(given[0] ?? "")];
  return given.length === 1 && own.length === other.length && timingSafeEqual(own, other);
}
