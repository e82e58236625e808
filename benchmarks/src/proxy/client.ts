/** As little of an HTTP client as a measurement needs: kept connections, one request at a time on each, no copies of the body. */
import { connect, type Socket } from "node:net";

export interface Timed {
  readonly status: number;
  /** Milliseconds from handing the request over until the first byte of the answer, and until its end. */
  readonly firstMs: number;
  readonly endMs: number;
  /** Each chunk of the answer as it came, with the shared clock of its arrival. Only where asked for. */
  readonly chunks: readonly { readonly at: bigint; readonly bytes: Buffer }[];
}

export interface Sent {
  readonly port: number;
  readonly path: string;
  readonly headers?: readonly string[];
  /** Parts of one body. */
  readonly body: readonly Buffer[];
  readonly keepsChunks?: boolean;
}

const idle = new Map<number, Socket[]>();
const LAST_CHUNK = Buffer.from("0\r\n\r\n");

export function send({
  port,
  path,
  headers = [],
  body,
  keepsChunks = false,
}: Sent): Promise<Timed> {
  const length = body.reduce((sum, { length: one }) => sum + one, 0);
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    "Content-Type: application/json",
    "x-api-key: sk-bench",
    "anthropic-version: 2023-06-01",
    `Content-Length: ${length}`,
    ...headers,
  ];
  return new Promise((resolve, reject) => {
    const waiting = idle.get(port) ?? [];
    idle.set(port, waiting);
    const socket = waiting.pop() ?? connect({ port, host: "127.0.0.1", noDelay: true });
    const chunks: { at: bigint; bytes: Buffer }[] = [];
    let seen: Buffer = Buffer.alloc(0);
    let bodyAt = -1;
    let expected = -1;
    let firstMs = 0;
    const failed = (error?: Error): void => {
      detach();
      socket.destroy();
      reject(error ?? new Error("closed"));
    };
    const closed = (): void => failed();
    const detach = (): void => {
      socket.off("data", data).off("error", failed).off("close", closed);
    };
    const data = (chunk: Buffer): void => {
      const ms = performance.now() - started;
      if (firstMs === 0) firstMs = ms;
      if (keepsChunks) chunks.push({ at: process.hrtime.bigint(), bytes: chunk });
      seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
      if (bodyAt < 0) {
        const end = seen.indexOf("\r\n\r\n");
        if (end < 0) return;
        bodyAt = end + 4;
        const said = /\r\ncontent-length: *(\d+)/i.exec(seen.toString("latin1", 0, bodyAt));
        expected = said ? Number(said[1]) : -1;
      }
      const isWhole =
        expected >= 0
          ? seen.length - bodyAt >= expected
          : seen.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK);
      if (!isWhole) return;
      detach();
      // Between two requests nobody listens: a connection that fails there is not used again.
      socket.once("error", () => socket.destroy());
      socket.once("close", () => {
        const at = waiting.indexOf(socket);
        if (at >= 0) waiting.splice(at, 1);
      });
      waiting.push(socket);
      resolve({ status: Number(seen.toString("latin1", 9, 12)), firstMs, endMs: ms, chunks });
    };
    socket.removeAllListeners("close").removeAllListeners("error");
    socket.on("data", data).on("error", failed).on("close", closed);
    const started = performance.now();
    socket.cork();
    socket.write(`${head.join("\r\n")}\r\n\r\n`);
    for (const part of body) socket.write(part);
    socket.uncork();
  });
}
