/** A provider as raw bytes over TCP: what came, as it came, and answers written byte by byte. */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";

/** A request as it came over the wire. */
export interface RawRequest {
  /** The request line and the header lines. */
  readonly head: readonly string[];
  readonly body: Buffer;
}

export interface RawServer {
  readonly url: string;
  readonly requests: RawRequest[];
  /** Sockets that were opened. */
  readonly sockets: Set<Socket>;
  stop(): Promise<void>;
}

/** @param answer writes the answer to the n-th request (from 0) and ends it, or does not */
export async function startRawServer(
  answer: (socket: Socket, request: RawRequest, index: number) => void,
): Promise<RawServer> {
  const requests: RawRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let bytes = Buffer.alloc(0);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (let next = read(bytes); next; next = read(bytes)) {
        bytes = bytes.subarray(next.end);
        requests.push(next.request);
        answer(socket, next.request, requests.length - 1);
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    sockets,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** A whole request at the start of the bytes. */
function read(bytes: Buffer): { request: RawRequest; end: number } | undefined {
  const headEnd = bytes.indexOf("\r\n\r\n");
  if (headEnd < 0) return undefined;
  const head = bytes.subarray(0, headEnd).toString("latin1").split("\r\n");
  const fieldOf = (name: string): string | undefined =>
    head
      .find((line) => line.toLowerCase().startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim();
  const start = headEnd + 4;
  if (fieldOf("transfer-encoding") !== undefined) {
    const chunks: Buffer[] = [];
    for (let at = start; ; ) {
      const line = bytes.indexOf("\r\n", at);
      if (line < 0) return undefined;
      const size = Number.parseInt(bytes.subarray(at, line).toString("latin1"), 16);
      const end = line + 2 + size + 2;
      if (bytes.length < end) return undefined;
      if (size === 0) return { request: { head, body: Buffer.concat(chunks) }, end };
      chunks.push(bytes.subarray(line + 2, line + 2 + size));
      at = end;
    }
  }
  const end = start + Number(fieldOf("content-length") ?? 0);
  return bytes.length < end
    ? undefined
    : { request: { head, body: bytes.subarray(start, end) }, end };
}

/** Sends bytes to a port and gives all that comes back until the connection ends or `until` holds. */
export async function exchangeRaw(
  url: string,
  bytes: string | Buffer,
  until: (got: Buffer) => boolean = () => false,
): Promise<Buffer> {
  const { connect } = await import("node:net");
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  let got = Buffer.alloc(0);
  socket.write(bytes);
  await new Promise<void>((resolve) => {
    socket.on("data", (chunk) => {
      got = Buffer.concat([got, chunk]);
      if (until(got)) resolve();
    });
    socket.on("close", () => resolve());
    socket.on("error", () => resolve());
  });
  socket.destroy();
  return got;
}
