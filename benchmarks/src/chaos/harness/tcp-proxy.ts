/**
 * A TCP proxy that misbehaves like a network: it holds, delays, throttles, resets or goes silent, and counts what it did. It
 * never drops bytes inside a living stream, which no network does and which would only prove that RESP cannot be
 * resynchronised.
 */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export interface Weather {
  /** Every chunk waits this long, in order. */
  readonly delayMs?: number;
  /** Bytes a second each way. */
  readonly bytesPerSecond?: number;
  /** Nothing passes until this is lifted; connections stay open. */
  readonly held?: boolean;
}

export interface ProxyCounts {
  readonly resets: number;
  readonly silenced: number;
  readonly delayedChunks: number;
  readonly throttledChunks: number;
  readonly heldChunks: number;
}

export interface ChaosProxy {
  readonly port: number;
  weather(next: Weather): void;
  /** Resets a share of the open connections. */
  reset(share: number): void;
  /** Connections open now go silent for good; new ones work. */
  silence(): void;
  counts(): ProxyCounts;
  close(): void;
}

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  silent: boolean;
}

export async function chaosProxy(target: number): Promise<ChaosProxy> {
  let weather: Weather = {};
  const counts = { resets: 0, silenced: 0, delayedChunks: 0, throttledChunks: 0, heldChunks: 0 };
  const pairs = new Set<Pair>();
  const held: (() => void)[] = [];

  const pass = (pair: Pair, from: Socket, to: Socket): void => {
    let due = 0;
    from.on("data", (chunk: Buffer) => {
      if (pair.silent) return;
      const write = (): void => {
        if (!pair.silent && !to.destroyed) to.write(chunk);
      };
      if (weather.held) {
        counts.heldChunks++;
        held.push(write);
        return;
      }
      const { delayMs = 0, bytesPerSecond } = weather;
      const now = performance.now();
      const work = bytesPerSecond ? (chunk.byteLength * 1_000) / bytesPerSecond : 0;
      if (delayMs > 0) counts.delayedChunks++;
      if (work > 0) counts.throttledChunks++;
      due = Math.max(due, now + delayMs) + work;
      if (due <= now) write();
      else setTimeout(write, due - now);
    });
  };

  const server = createServer((near) => {
    const far = connect(target, "127.0.0.1");
    const pair: Pair = { near, far, silent: false };
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      // Whoever stands behind a silent connection learns nothing, not even that it has ended.
      if (pair.silent) return;
      near.destroy();
      far.destroy();
    };
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      pass(pair, from, to);
      from.on("error", end);
      from.on("close", end);
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();

  return {
    port: typeof address === "object" && address ? address.port : 0,
    weather(next) {
      weather = next;
      if (!next.held) for (const write of held.splice(0)) write();
    },
    reset(share) {
      const every = Math.max(1, Math.round(1 / share));
      for (const [index, { near, far }] of [...pairs].entries()) {
        if (index % every !== 0) continue;
        near.resetAndDestroy();
        far.resetAndDestroy();
        counts.resets++;
      }
    },
    silence() {
      for (const pair of pairs) {
        if (!pair.silent) counts.silenced++;
        pair.silent = true;
      }
    },
    counts: () => ({ ...counts }),
    close() {
      server.close();
      for (const { near, far } of pairs) {
        near.destroy();
        far.destroy();
      }
    },
  };
}
