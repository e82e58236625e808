/** Serves clients over Streamable HTTP at `/mcp`. Each request stands for itself: there are no sessions to lose. */
import { once } from "node:events";
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { InvalidOptionError } from "@headroom/core";
import { createMcpHandler } from "@modelcontextprotocol/server";
import { newConnection, type Service } from "../context.ts";
import { createServer } from "../server.ts";
import { isLoopback, refusalOf } from "./guard.ts";

export interface HttpOptions {
  /** @default 8788; 0 is any that is free */
  readonly port?: number;
  /** Address to listen on. One that other machines reach needs a token. @default "127.0.0.1" */
  readonly host?: string;
  /** What clients send as `Authorization: Bearer`; 32 characters or more. @default none */
  readonly token?: string;
  /** Names by which clients call it, beside those of this machine. @default none */
  readonly allowedHosts?: readonly string[];
  /** Origins of web pages that may call it. @default none */
  readonly allowedOrigins?: readonly string[];
}

export interface HttpServer {
  /** Where clients connect to. */
  readonly url: string;
  close(): Promise<void>;
}

const PATH = "/mcp";
/** Longer requests are answered with 413. */
const MAX_BODY_BYTES = 128 * 1024 * 1024;
const MIN_TOKEN = 32;

/** @throws InvalidOptionError */
export async function startHttp(service: Service, options: HttpOptions): Promise<HttpServer> {
  const {
    port = 8788,
    host = "127.0.0.1",
    token,
    allowedHosts = [],
    allowedOrigins = [],
  } = options;
  if (token !== undefined && !(typeof token === "string" && token.length >= MIN_TOKEN))
    throw new InvalidOptionError("token", "another one", `${MIN_TOKEN} characters or more`);
  if (token === undefined && !isLoopback(host))
    throw new InvalidOptionError(
      "host",
      host,
      "an address of this machine alone, or a token with it",
    );
  const handler = createMcpHandler(() => createServer(service, newConnection(false)), {
    maxRequestBodySize: MAX_BODY_BYTES,
  });
  const guarded = { token, allowedHosts, allowedOrigins };
  const http = createHttpServer((request, response) => {
    answer(request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else refuse(response, 500, "The server failed at this request.");
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = refusalOf(request, guarded);
    if (refusal) return refuse(response, refusal.status, refusal.message);
    const [path] = (request.url ?? "").split("?", 1);
    if (path !== PATH) return refuse(response, 404, `MCP is served at ${PATH}.`);
    const left = new AbortController();
    response.on("close", () => {
      if (!response.writableFinished) left.abort();
    });
    const answered = await handler.fetch(webRequest(request, left.signal));
    response.writeHead(answered.status, Object.fromEntries(answered.headers));
    if (!answered.body) {
      response.end();
      return;
    }
    const body = Readable.fromWeb(answered.body as import("node:stream/web").ReadableStream);
    // The client may leave in the middle.
    await pipeline(body, response).catch(() => undefined);
  }

  http.listen(port, host);
  await once(http, "listening");
  const { port: bound } = http.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}${PATH}`,
    async close() {
      await handler.close();
      http.close();
      http.closeAllConnections();
    },
  };
}

function webRequest(request: IncomingMessage, signal: AbortSignal): Request {
  const headers = new Headers();
  for (let at = 0; at < request.rawHeaders.length; at += 2)
    headers.append(request.rawHeaders[at] ?? "", request.rawHeaders[at + 1] ?? "");
  const { method = "GET" } = request;
  const hasBody = method !== "GET" && method !== "HEAD";
  return new Request(new URL(request.url ?? "/", `http://${request.headers.host}`), {
    method,
    headers,
    signal,
    ...(hasBody ? { body: Readable.toWeb(request) as ReadableStream, duplex: "half" } : {}),
  } as RequestInit);
}

function refuse(response: ServerResponse, status: number, message: string): void {
  const error = { code: -32_000, message };
  response
    .writeHead(status, {
      "content-type": "application/json",
      ...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
    })
    .end(JSON.stringify({ jsonrpc: "2.0", error, id: null }));
}
