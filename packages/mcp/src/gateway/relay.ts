/** Carries frames between a client and a server, in order, both ways at the speed of whoever reads. */
import type { Readable, Writable } from "node:stream";
import { framesOf } from "./frames.ts";
import { type Held, type Outlet, outletTo } from "./outlet.ts";
import { Session, type SessionOptions } from "./session.ts";

/** What a client reads and writes, or a server. */
export interface Side {
  /** What it says. */
  readonly from: Readable;
  /** What it hears. */
  readonly to: Writable;
}

export interface RelayOptions extends SessionOptions {
  /** Longer frames pass unread, in pieces. */
  readonly maxFrameBytes: number;
}

/** Retrievals that are answered at a time; the client's next frames wait. */
const MAX_ANSWERS = 32;

export interface Relay {
  /** Resolves when the server has said its last. */
  readonly serverEnded: Promise<void>;
  /** Resolves when the client has said its last. */
  readonly clientEnded: Promise<void>;
}

export function relay(client: Side, server: Side, options: RelayOptions): Relay {
  const session = new Session(options);
  const toClient = outletTo(client.to);
  const toServer = outletTo(server.to);
  // Whoever has nobody to talk to any more is told as the system does it: by a closed pipe.
  client.to.once("close", () => server.from.destroy());
  client.to.once("error", () => server.from.destroy());
  server.to.once("error", () => client.from.destroy());
  const { maxFrameBytes } = options;
  const carryAnswers = answersTo(toClient);
  return {
    serverEnded: carry(server.from, toClient, maxFrameBytes, async (frame) =>
      toClient.write(await session.fromServer(frame)),
    ),
    clientEnded: carry(client.from, toServer, maxFrameBytes, async (frame) => {
      const { pass, answers } = { answers: undefined, ...session.fromClient(frame) };
      if (pass) await toServer.write(pass);
      if (answers) await carryAnswers(answers);
    }).finally(() => server.to.end()),
  };
}

async function carry(
  from: Readable,
  to: Outlet,
  maxFrameBytes: number,
  onFrame: (frame: Buffer) => Promise<void>,
): Promise<void> {
  let held: Held | undefined;
  try {
    for await (const { whole, ...rest } of framesOf(from, maxFrameBytes)) {
      if (whole) await onFrame(whole);
      else if ("piece" in rest && rest.piece) {
        held ??= await to.hold();
        await held.write(rest.piece);
        if (!rest.isLast) continue;
        held.release();
        held = undefined;
      }
    }
  } catch {
    // A broken pipe: there is nothing more to carry.
  } finally {
    held?.release();
  }
}

/** Writes answers when they are there, and lets few of them wait. */
function answersTo(client: Outlet): (answers: Promise<Buffer>) => Promise<void> {
  const waiting = new Set<Promise<void>>();
  return async (answers) => {
    const written = answers
      .then((bytes) => (bytes.length > 0 ? client.write(bytes) : undefined))
      .catch(() => {})
      .finally(() => waiting.delete(written));
    waiting.add(written);
    if (waiting.size >= MAX_ANSWERS) await Promise.race(waiting);
  };
}
