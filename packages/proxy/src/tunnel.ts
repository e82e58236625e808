/** WebSockets: the bytes of both sides, unread. */
import type { IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectSecurely } from "node:tls";
import type { Target } from "./upstreams.ts";

const CONNECT_MS = 10_000;

export function tunnel(
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
  target: Target,
): void {
  const { hostname, port, protocol, host } = new URL(target.origin);
  const isSecure = protocol === "https:";
  const at = {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port || (isSecure ? 443 : 80)),
  };
  const provider: Socket = isSecure
    ? connectSecurely({ ...at, servername: hostname, ALPNProtocols: ["http/1.1"] })
    : connect(at);
  provider.setNoDelay(true);
  provider.setTimeout(CONNECT_MS, () => provider.destroy());
  const end = (): void => {
    provider.destroy();
    client.destroy();
  };
  provider.once(isSecure ? "secureConnect" : "connect", () => {
    provider.setTimeout(0);
    provider.write(headOf(request, target.path, host));
    provider.write(head);
    provider.pipe(client).pipe(provider);
  });
  provider.on("error", end).on("close", end);
  client.on("error", end).on("close", end);
}

/** The client's own request, for the provider's host and without what is meant for the proxy. */
function headOf({ method, rawHeaders }: IncomingMessage, path: string, host: string): string {
  const lines = [`${method} ${path} HTTP/1.1`, `Host: ${host}`];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    const lower = name.toLowerCase();
    if (lower !== "host" && !lower.startsWith("x-headroom-"))
      lines.push(`${name}: ${rawHeaders[at + 1] ?? ""}`);
  }
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1").toString("latin1");
}
