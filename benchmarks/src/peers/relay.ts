/** A relay that changes what passes through it. It stands in for proxies that do wrong. */
import { once } from "node:events";
import { request as ask, createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface RelayOptions {
  /** Added to requests. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Changes a header of a request. */
  header?(name: string, value: string): string;
  /** Changes the body of a request. */
  body?(text: string): string;
  /** Changes a chunk of a reply. */
  reply?(text: string): string;
  /** Replies are passed on when they have ended. */
  readonly buffers?: boolean;
  /** How often an overloaded server is asked again. */
  readonly retries?: number;
  /** Replies that break off end in order. */
  readonly hidesDeath?: boolean;
  /** The reply of this number (from 0) is given once more to the request after it. */
  readonly repeats?: number;
}

export interface Relay {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startRelay(to: string, options: RelayOptions): Promise<Relay> {
  const target = new URL(to);
  let replies = 0;
  let kept: readonly Buffer[] | undefined;

  async function relay(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString();
    const bytes = Buffer.from(options.body?.(text) ?? text);
    const headers: string[] = [];
    for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
      const name = incoming.rawHeaders[at] ?? "";
      const value = incoming.rawHeaders[at + 1] ?? "";
      const lower = name.toLowerCase();
      if (lower === "host") headers.push(name, target.host);
      else if (lower !== "content-length" && lower !== "transfer-encoding")
        headers.push(name, options.header?.(lower, value) ?? value);
    }
    for (const [name, value] of Object.entries(options.headers ?? {})) headers.push(name, value);
    if (bytes.length > 0) headers.push("content-length", String(bytes.length));
    let from = await send(target, incoming, headers, bytes);
    for (let again = options.retries ?? 0; again > 0 && (from.statusCode ?? 0) >= 503; again--) {
      from.resume();
      from = await send(target, incoming, headers, bytes);
    }
    const index = incoming.method === "POST" ? replies++ : -1;
    response.writeHead(from.statusCode ?? 502, withoutLength(from.rawHeaders));
    response.flushHeaders();
    const held: Buffer[] = [];
    try {
      for await (const chunk of from) {
        const changed = options.reply
          ? Buffer.from(options.reply(String(chunk)))
          : (chunk as Buffer);
        held.push(changed);
        const holds =
          options.buffers || (options.repeats !== undefined && index === options.repeats + 1);
        if (!holds) response.write(changed);
      }
    } catch {
      if (!options.hidesDeath) {
        response.destroy();
        return;
      }
    }
    if (index === options.repeats) kept = held;
    if (options.repeats !== undefined && index === options.repeats + 1)
      for (const chunk of kept ?? []) response.write(chunk);
    else if (options.buffers) for (const chunk of held) response.write(chunk);
    response.end();
  }

  const server = createServer((incoming, response) => {
    relay(incoming, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function send(
  target: URL,
  { method, url }: IncomingMessage,
  headers: readonly string[],
  bytes: Buffer,
): Promise<IncomingMessage> {
  const { hostname, port } = target;
  const request = ask({ hostname, port, method, path: url, headers: [...headers], agent: false });
  request.end(bytes);
  const [from] = (await once(request, "response")) as [IncomingMessage];
  return from;
}

function withoutLength(headers: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < headers.length; at += 2)
    if (!/^(?:content-length|transfer-encoding)$/i.test(headers[at] ?? ""))
      kept.push(headers[at] ?? "", headers[at + 1] ?? "");
  return kept;
}
