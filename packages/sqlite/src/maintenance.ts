/** Work that no call waits for: carrying over, dropping what expired or is over the bound, giving pages back. */
import { setTimeout as sleep } from "node:timers/promises";
import { transaction } from "./connect.ts";
import type { Connection } from "./open.ts";
import { EvictionSlice } from "./rows.ts";
import type { Session } from "./session.ts";

/** Between two slices the event loop and other processes have their turn. */
const PAUSE_MS = 5;
const BUSY_PAUSE_MS = 50;

export interface MaintenanceOptions {
  readonly maxBytes: number;
  readonly protectSeconds: number;
  readonly now: () => number;
}

export class Maintenance {
  readonly #session: Session;
  readonly #options: MaintenanceOptions;
  #running: Promise<void> | undefined;

  constructor(session: Session, options: MaintenanceOptions) {
    this.#session = session;
    this.#options = options;
  }

  /** Starts when there is something to do. Keeps no process alive. Resolves at the end of what runs, which no call waits for. */
  startIfNeeded(): Promise<void> {
    const { current } = this.#session;
    if (this.#running !== undefined) return this.#running;
    if (!current || !this.#isNeeded(current)) return Promise.resolve();
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  #isNeeded({ predecessors, rows }: Connection): boolean {
    try {
      return predecessors.length > 0 || rows.isOver() || rows.hasExpired(this.#options.now());
    } catch {
      // Busy or damaged: the call that finds out says so.
      return false;
    }
  }

  async #run(): Promise<void> {
    for (let failures = 0; failures < 20; ) {
      await sleep(failures === 0 ? PAUSE_MS : BUSY_PAUSE_MS, undefined, { ref: false });
      const connection = this.#session.current;
      if (!connection?.isInPlace()) return;
      try {
        if (!this.#slice(connection)) return;
        failures = 0;
      } catch {
        // Busy, full or damaged: the calls themselves deal with it, and the next put starts this again.
        failures++;
      }
    }
  }

  /** True while there is more to do. */
  #slice(connection: Connection): boolean {
    return this.#carryOver(connection) || this.#drop(connection) || connection.rows.shrink();
  }

  #carryOver({ db, rows, predecessors }: Connection): boolean {
    const [predecessor] = predecessors;
    if (!predecessor) return false;
    const time = this.#options.now();
    const found = predecessor.slice().filter((row) => row.expires_at > time);
    if (found.length > 0)
      transaction(db, () => {
        for (const row of found) rows.carry(row);
      });
    if (!predecessor.advance()) {
      predecessors.shift();
      predecessor.finish();
    }
    return true;
  }

  #drop({ db, rows }: Connection): boolean {
    const { maxBytes, protectSeconds, now } = this.#options;
    const time = now();
    if (!rows.isOver() && !rows.hasExpired(time)) return false;
    return transaction(db, () => {
      const slice = new EvictionSlice();
      if (rows.isOver()) rows.recount();
      const surplus = rows.totalBytes() - maxBytes;
      const expired = rows.evict(Number.POSITIVE_INFINITY, time, Number.NEGATIVE_INFINITY, slice);
      const enough = surplus - expired;
      return (
        expired +
          (enough > 0 ? rows.evict(enough, time, time - protectSeconds * 1_000, slice) : 0) >
        0
      );
    });
  }
}
