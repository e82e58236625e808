/**
 * Serves one client over standard input and output.
 *
 * Standard output carries the protocol only: what else writes there (a dependency, a `console.log`) goes to standard error.
 */
import process from "node:process";
import { Writable } from "node:stream";
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import { newConnection, type Service } from "../context.ts";
import { createServer } from "../server.ts";

/** A longer message ends the connection. */
const MAX_MESSAGE_BYTES = 128 * 1024 * 1024;

export interface StdioServer {
  /** Resolves when the client has gone, or the server was closed. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

export function startStdio(service: Service): StdioServer {
  const output = takeStandardOutput();
  const transport = new StdioServerTransport(process.stdin, output.stream, {
    maxBufferSize: MAX_MESSAGE_BYTES,
  });
  let hasEnded = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    hasEnded = resolve;
  });
  const handle = serveStdio(() => createServer(service, newConnection(true)), {
    transport,
    onerror: (error) => process.stderr.write(`headroom: ${firstLine(error.message)}\n`),
  });
  const { onclose } = transport;
  transport.onclose = () => {
    onclose?.();
    output.giveBack();
    hasEnded();
  };
  return { ended, close: () => handle.close() };
}

/** A stream to standard output, which nothing else can write to meanwhile. */
function takeStandardOutput(): { readonly stream: Writable; giveBack(): void } {
  const { stdout, stderr } = process;
  const write = stdout.write;
  const stream = new Writable({
    highWaterMark: stdout.writableHighWaterMark,
    write: (chunk: Buffer, _, done) => void write.call(stdout, chunk, "utf8", done),
  });
  // The client has gone: what is written to it is lost, as it has to be.
  const onError = (error: Error): void => void stream.destroy(error);
  stdout.on("error", onError);
  stream.on("error", () => undefined);
  stdout.write = stderr.write.bind(stderr);
  return {
    stream,
    giveBack() {
      stdout.write = write;
      stdout.off("error", onError);
    },
  };
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
