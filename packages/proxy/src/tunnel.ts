/** WebSockets: the bytes of both sides, unread. */
import type { IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectSecurely } from "node:tls";
import type { Observation } from "./observe/observation.ts";
import type { Target } from "./upstreams.ts";

const CONNECT_MS = 10_000;
/** How long a client may read a refusal of the provider's. */
const REFUSED_MS = 5_000;
const SWITCHED = /^HTTP\/1\.1 101[ \r]/;

/** Whether a request asks for a WebSocket, and for nothing else. */
export function isWebSocket({ method, headers }: IncomingMessage): boolean {
  return method === "GET" && headers.upgrade?.toLowerCase() === "websocket";
}

export function refuseUpgrade(client: Duplex, status: number): void {
  // Trap: the server has let go of this socket, and an error without a listener would end the process.
  client.on("error", () => client.destroy());
  client.end(`HTTP/1.1 ${status} Refused\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
}

export function tunnel(
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
  target: Target,
  open: Set<Duplex>,
  seen: Observation,
): void {
  open.add(client);
  client.once("close", () => {
    open.delete(client);
    seen.closed(true);
  });
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
    provider.write(headOf(request, target.path, host), "latin1");
  });
  // What the client sends is the provider's only once both speak WebSocket: until then it could be another request.
  provider.once("data", (first) => {
    client.write(first);
    provider.pipe(client);
    seen.answered(Number(first.toString("latin1", 9, 12)) || 0, []);
    if (!SWITCHED.test(first.toString("latin1", 0, 16))) {
      setTimeout(end, REFUSED_MS).unref();
      return;
    }
    provider.write(head);
    client.pipe(provider);
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
  return `${lines.join("\r\n")}\r\n\r\n`;
}
