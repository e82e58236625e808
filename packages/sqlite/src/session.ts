/** The store's one connection: opened when needed, opened anew when its file is no longer the one at its path. */
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { StoreError } from "@headroom/core";
import { lockFiles, renameAside } from "./files.ts";
import {
  type Connection,
  MovedError,
  type OpenOptions,
  openFile,
  readOnly,
  setAsideWarning,
} from "./open.ts";
import { CARRY, isCarriedOver } from "./predecessor.ts";
import type { Rows } from "./rows.ts";
import { isBusy, isClosed, isCorrupt, isReadOnly, messageOf } from "./sqlite-errors.ts";

export interface SessionOptions extends OpenOptions {
  readonly busyTimeoutMs: number;
}

/** How often one call begins a new file. More means that the disk itself is failing. */
const MAX_REPLACEMENTS = 2;

export class Session {
  readonly #options: SessionOptions;
  readonly #warnings = new Set<string>();
  #connection: Connection | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** The open connection, if there is one. */
  get current(): Connection | undefined {
    return this.#connection;
  }

  get warnings(): readonly string[] {
    return [...this.#warnings];
  }

  /**
   * Runs work that writes. It has taken effect where other processes find it when this resolves; it is run again when the
   * file was replaced meanwhile. A file to which nothing can be written any more is set aside where `mayReplace`.
   */
  write<Result>(
    operation: string,
    work: (connection: Connection) => Result,
    mayReplace = true,
  ): Promise<Result> {
    const { file } = this.#options;
    let replacements = 0;
    return this.#attempts(operation, (retry) => {
      const isOld = this.#connection !== undefined;
      let connection: Connection | undefined;
      try {
        connection = this.#opened(mayReplace);
        // Where SQLite's files were replaced, writing to the old ones could write over what stands in the new ones.
        if (!connection.isInPlace()) throw new MovedError(file);
        connection.forgetIfChanged();
        const result = work(connection);
        connection.rememberOwnChange();
        if (connection.isInPlace()) return result;
        this.#drop();
        return retry;
      } catch (error) {
        if (error instanceof StoreError || isBusy(error)) throw error;
        if (connection && (isClosed(error) || !connection.isInPlace())) {
          this.#drop();
          return retry;
        }
        if (connection && isReadOnly(error)) {
          // The file may have become writable after it was opened.
          this.#drop();
          if (isOld) return retry;
        }
        if (!mayReplace || !connection || !isCorrupt(error)) throw error;
        if (replacements++ === MAX_REPLACEMENTS) throw error;
        this.#setAside(connection);
        return retry;
      }
    });
  }

  /** Runs work that reads. `undefined` where there is no file; a file that cannot be written is read all the same. */
  read<Result>(
    operation: string,
    work: (rows: Rows, connection?: Connection) => Result | undefined,
  ): Promise<Result | undefined> {
    const { file } = this.#options;
    return this.#attempts(operation, (retry) => {
      let connection: Connection | undefined;
      try {
        if (!this.#connection && file !== ":memory:" && !existsSync(file) && !isCarriedOver(file))
          return undefined;
        connection = this.#opened(false);
        const result = work(connection.rows, connection);
        if (result !== undefined || connection.isInPlace()) return result;
        this.#drop();
        return retry;
      } catch (error) {
        if (error instanceof StoreError || error instanceof MovedError || isBusy(error))
          throw error;
        if (!connection && !isCorrupt(error)) return readOnly(this.#options, work);
        if (!connection || (!isClosed(error) && connection.isInPlace())) throw error;
        this.#drop();
        return retry;
      }
    });
  }

  close(): void {
    this.#drop();
  }

  /** Tries again while another process holds a lock, or while the file is being replaced, without blocking. */
  async #attempts<Result>(
    operation: string,
    attempt: (retry: typeof RETRY) => Result | typeof RETRY,
  ): Promise<Result> {
    const { busyTimeoutMs, file } = this.#options;
    const deadline = performance.now() + busyTimeoutMs;
    for (let pause = 2; ; pause = Math.min(50, pause * 2)) {
      let problem: unknown;
      try {
        const result = attempt(RETRY);
        if (result !== RETRY) return result as Result;
        problem = new MovedError(file, "is being replaced again and again");
      } catch (error) {
        if (error instanceof StoreError) throw error;
        if (!isBusy(error) && !(error instanceof MovedError)) throw failure(operation, error);
        problem = error;
      }
      if (performance.now() > deadline) throw failure(operation, problem);
      await sleep(pause * (0.5 + Math.random() / 2));
    }
  }

  #opened(mayReplace: boolean): Connection {
    if (!this.#connection) {
      this.#connection = openFile(this.#options, mayReplace);
      for (const warning of this.#connection.warnings) this.#warnings.add(warning);
    }
    return this.#connection;
  }

  /** Closes the connection. SQLite leaves the files at the path alone when they are no longer its own. */
  #drop(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    try {
      connection?.close();
    } catch {
      // A connection that a failed rollback has closed.
    }
  }

  /** Renames the damaged file, unless another process did so first; the next attempt begins a new one. */
  #setAside(connection: Connection): void {
    const { now } = this.#options;
    const { file } = connection;
    if (file === ":memory:") {
      this.#drop();
      return;
    }
    const unlock = lockFiles(file);
    try {
      const isOurs = connection.isInPlace();
      this.#drop();
      if (!isOurs) return;
      const aside = renameAside(file, `${CARRY}${now()}`);
      this.#warnings.add(setAsideWarning(file, aside));
    } finally {
      unlock?.();
    }
  }
}

const RETRY = Symbol("retry");

function failure(operation: string, error: unknown): StoreError {
  const message = isCorrupt(error)
    ? `the file is damaged there (${messageOf(error)}).`
    : messageOf(error);
  return new StoreError("sqlite", operation, message, { cause: error });
}
