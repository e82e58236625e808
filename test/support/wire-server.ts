/** A local HTTP server that sends scripted replies, cut at odd bytes, and keeps every request body as it came. */
import { once } from "node:events";
import { createServer } from "node:http";

export interface WireRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
  // biome-ignore lint/suspicious/noExplicitAny: bodies of many shapes, looked into by tests
  readonly json: any;
}

export interface WireReply {
  readonly status?: number;
  readonly json?: unknown;
  /** Sent as server-sent events, as they are. */
  readonly sse?: string;
  /** Bytes a write; the connection is flushed in between. @default all at once */
  readonly cut?: number;
  /** Wait for this before the last write. */
  readonly last?: Promise<unknown>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface WireServer {
  readonly url: string;
  readonly requests: WireRequest[];
  /** The replies to come, in order; the last one stays. */
  reply(...replies: (WireReply | ((request: WireRequest) => WireReply))[]): void;
  /** Resolves when the client has left the last request before its end, or after a second. */
  closed(): Promise<boolean>;
  stop(): Promise<void>;
}

export async function startWireServer(): Promise<WireServer> {
  const requests: WireRequest[] = [];
  let queue: (WireReply | ((request: WireRequest) => WireReply))[] = [];
  let left = Promise.resolve(false);
  const server = createServer((incoming, response) => {
    left = new Promise((resolve) => {
      response.on("close", () => resolve(!response.writableFinished));
    });
    const parts: Buffer[] = [];
    incoming.on("data", (part: Buffer) => parts.push(part));
    incoming.on("end", async () => {
      const body = Buffer.concat(parts).toString("utf8");
      const json = body.startsWith("{") ? JSON.parse(body) : undefined;
      const request = { path: incoming.url ?? "", headers: incoming.headers, body, json };
      requests.push(request);
      const next = queue.length > 1 ? queue.shift() : queue[0];
      const reply = typeof next === "function" ? next(request) : (next ?? { status: 404 });
      const { status = 200, sse, cut, last, headers = {} } = reply;
      const type = sse === undefined ? "application/json" : "text/event-stream; charset=utf-8";
      const bytes = Buffer.from(sse ?? JSON.stringify(reply.json ?? {}));
      response.writeHead(status, { "content-type": type, "x-request-id": "req_1", ...headers });
      response.flushHeaders();
      const size = cut ?? bytes.length;
      for (let at = 0; at < bytes.length && !response.destroyed; at += size) {
        if (last && at + size >= bytes.length) await last;
        response.write(bytes.subarray(at, at + size));
        if (cut !== undefined) await new Promise((resolve) => setImmediate(resolve));
      }
      response.end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    reply(...replies) {
      queue = replies;
      requests.length = 0;
    },
    closed: () =>
      Promise.race([
        left,
        new Promise<boolean>((resolve) => setTimeout(resolve, 1_000, false).unref()),
      ]),
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
