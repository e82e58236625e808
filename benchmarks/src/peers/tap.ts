/** A line that passes bytes on and keeps them: what a client sent and what it was sent, with the times. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** One connection. */
export interface Tapped {
  readonly sent: string;
  readonly received: string;
  /** Whether the other side is gone. */
  readonly isClosed: boolean;
}

export interface Tap {
  readonly url: string;
  readonly connections: readonly Tapped[];
  /** When the client was sent a text for the first time after a time; `undefined` where it was not. */
  receivedAt(text: string, after: number): number | undefined;
  stop(): Promise<void>;
}

/** @param to the base URL of what stands behind */
export async function startTap(to: string): Promise<Tap> {
  const { hostname, port: target } = new URL(to);
  const connections: { sent: string; received: string; isClosed: boolean }[] = [];
  const chunks: { readonly at: number; readonly text: string }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const behind = connect({ host: hostname, port: Number(target) });
    const own = { sent: "", received: "", isClosed: false };
    connections.push(own);
    for (const socket of [client, behind]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => {});
      socket.on("close", () => {
        own.isClosed = true;
        client.destroy();
        behind.destroy();
      });
    }
    client.on("data", (bytes) => {
      own.sent += bytes.toString("latin1");
    });
    behind.on("data", (bytes) => {
      own.received += bytes.toString("latin1");
      chunks.push({ at: performance.now(), text: bytes.toString("latin1") });
    });
    client.pipe(behind);
    behind.pipe(client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    connections,
    receivedAt: (text, after) =>
      chunks.find(({ at, text: chunk }) => at >= after && chunk.includes(text))?.at,
    async stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}
