/**
 * A TCP proxy that misbehaves like a network: it holds, delays, resets or goes silent. It never drops bytes inside a living
 * stream, which no network does and which would only prove that RESP cannot be resynchronised.
 */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export interface Fault {
  /** Every chunk waits this long, in order. */
  readonly delayMs?: number;
  /** Bytes a second each way. */
  readonly bytesPerSecond?: number;
  /** Connections open now go silent for good; new ones work. */
  readonly halfOpen?: boolean;
}

export interface ChaosProxy {
  readonly port: number;
  fault(next: Fault): void;
  /** Resets a share of the open connections. */
  reset(share: number): void;
  close(): Promise<void>;
}

export async function chaosProxy(target: number): Promise<ChaosProxy> {
  let fault: Fault = {};
  const pairs = new Set<{ near: Socket; far: Socket; silent: boolean }>();
  const server = createServer((near) => {
    const far = connect(target, "127.0.0.1");
    const pair = { near, far, silent: false };
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      if (!pair.silent) {
        near.destroy();
        far.destroy();
      }
    };
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      let due = 0;
      from.on("data", (chunk: Buffer) => {
        if (pair.silent) return;
        const { delayMs = 0, bytesPerSecond } = fault;
        const now = performance.now();
        const work = bytesPerSecond ? (chunk.byteLength * 1_000) / bytesPerSecond : 0;
        due = Math.max(due, now + delayMs) + work;
        if (due <= now) to.write(chunk);
        else setTimeout(() => pair.silent || to.destroyed || to.write(chunk), due - now);
      });
      from.on("error", end);
      from.on("close", end);
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    fault(next) {
      fault = next;
      if (next.halfOpen) for (const pair of pairs) pair.silent = true;
    },
    reset(share) {
      let index = 0;
      for (const { near, far } of [...pairs]) {
        if (index++ % Math.max(1, Math.round(1 / share)) !== 0) continue;
        near.resetAndDestroy();
        far.resetAndDestroy();
      }
    },
    async close() {
      server.close();
      for (const { near, far } of pairs) {
        near.destroy();
        far.destroy();
      }
    },
  };
}
