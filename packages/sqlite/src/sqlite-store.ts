import { resolve } from "node:path";
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type CcrEntry,
  type CcrRef,
  type CcrStore,
  InvalidOptionError,
  StoreError,
} from "@headroom/core";
import { isBusy, isCorrupt, messageOf, openDatabase, requireSqlite, setAside } from "./database.ts";
import { decode, encode } from "./record.ts";

export interface SqliteStoreOptions {
  /** The database file; made with mode 0600, its folder with 0700. `:memory:` keeps nothing. */
  readonly path: string;
  /** Bytes of originals kept before the least recently used go. @default 1_073_741_824 (1 GiB) */
  readonly maxBytes?: number;
  /** Life of an entry that names no deadline of its own; a `get` or another `put` starts it anew. @default 2_592_000 (30 days) */
  readonly ttlSeconds?: number;
  /** An original used within this time is never dropped to make room; a `put` that finds no room is refused. @default 3_600 */
  readonly protectSeconds?: number;
  /** How long to wait for another process that is writing. @default 2000 */
  readonly busyTimeoutMs?: number;
  /** Current time in milliseconds; tests pass their own. @default Date.now */
  readonly now?: () => number;
}

interface Row {
  readonly encoding: number;
  readonly digest: Uint8Array;
  readonly bytes: Uint8Array;
  readonly used_at: number;
  readonly expires_at: number | null;
}

/**
 * Originals in one SQLite file: the embedded durable store.
 *
 * A `put` resolves when the transaction is on disk (WAL, `synchronous = FULL`), so an original survives `kill -9` and power
 * loss. Several processes may use the file at once. A file that turns out corrupt is renamed to `…corrupt-<time>` and a new
 * one begun: what it held is a miss from then on, never wrong bytes.
 *
 * The file is opened on first use.
 *
 * @throws HeadroomError when this Node.js has no `node:sqlite` (it came with 22.13)
 */
export function sqliteStore(options: SqliteStoreOptions): CcrStore {
  const {
    path,
    maxBytes = 1_073_741_824,
    ttlSeconds = 2_592_000,
    protectSeconds = 3_600,
    busyTimeoutMs = 2_000,
    now = Date.now,
  } = options;
  if (typeof path !== "string" || path === "")
    throw new InvalidOptionError("path", path, "the path of a file");
  for (const [name, value] of Object.entries({ maxBytes, ttlSeconds, busyTimeoutMs }))
    if (!(value > 0)) throw new InvalidOptionError(name, value, "a positive number");
  if (!(protectSeconds >= 0))
    throw new InvalidOptionError(
      "protectSeconds",
      protectSeconds,
      "a number of seconds, 0 or more",
    );
  requireSqlite();
  let database: DatabaseSync | undefined;
  const opened = (): DatabaseSync => {
    database ??= openDatabase(path, now);
    return database;
  };

  /** Runs one transaction. */
  const transact = <Result>(
    operation: string,
    work: (db: DatabaseSync) => Result,
  ): Promise<Result> => attempts(operation, (db) => transaction(db, work));

  /** A full disk or a busy file must not keep a reader from what is there. */
  const refresh = (ref: CcrRef, time: number, expiresAt: number): Promise<unknown> =>
    transact("get", (db) =>
      run(
        db,
        "UPDATE originals SET used_at = ?, expires_at = ? WHERE ref = ?",
        time,
        expiresAt,
        ref,
      ),
    ).catch(() => undefined);

  /** Waits while another process writes; begins a new file when this one is corrupt. */
  const attempts = async <Result>(
    operation: string,
    work: (db: DatabaseSync) => Result,
  ): Promise<Result> => {
    const deadline = performance.now() + busyTimeoutMs;
    for (let pause = 2; ; pause = Math.min(50, pause * 2)) {
      try {
        return work(opened());
      } catch (error) {
        if (error instanceof StoreError) throw error;
        if (isCorrupt(error) && path !== ":memory:") {
          database?.close();
          database = undefined;
          setAside(resolve(path), now);
          throw new StoreError(
            "sqlite",
            operation,
            `${path} was corrupt and has been set aside; a new file was begun.`,
            { cause: error },
          );
        }
        if (!isBusy(error) || performance.now() > deadline)
          throw new StoreError("sqlite", operation, messageOf(error), { cause: error });
      }
      await sleep(pause);
    }
  };

  const put = (db: DatabaseSync, { ref, text, expiresAt }: CcrEntry): void => {
    const time = now();
    const deadline = expiresAt ?? time + ttlSeconds * 1_000;
    const { encoding, bytes, digest } = encode(text);
    const old = rowOf(db, ref);
    if (old && isAlive(old, time)) {
      if (Buffer.compare(old.digest, digest) !== 0)
        throw new StoreError("sqlite", "put", `ref ${ref} already holds another text.`);
      // The bytes are compared too: a record that has rotted is written anew.
      if (decode(old) !== undefined) {
        run(
          db,
          "UPDATE originals SET used_at = ?, expires_at = max(expires_at, ?) WHERE ref = ?",
          time,
          deadline,
          ref,
        );
        return;
      }
    }
    makeRoom(db, bytes.byteLength, time);
    run(
      db,
      "INSERT OR REPLACE INTO originals (ref, encoding, digest, bytes, size, used_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
      ref,
      encoding,
      digest,
      bytes,
      bytes.byteLength,
      time,
      deadline,
    );
  };

  const makeRoom = (db: DatabaseSync, size: number, time: number): void => {
    const used = (): number =>
      Number(db.prepare("SELECT coalesce(sum(size), 0) AS used FROM originals").get()?.used ?? 0);
    let left = used();
    if (left + size <= maxBytes) return;
    run(db, "DELETE FROM originals WHERE expires_at <= ?", time);
    left = used();
    const oldest = db
      .prepare("SELECT ref, size FROM originals WHERE used_at < ? ORDER BY used_at")
      .iterate(time - protectSeconds * 1_000);
    const dropped: string[] = [];
    for (const row of oldest) {
      if (left + size <= maxBytes) break;
      dropped.push(String(row.ref));
      left -= Number(row.size);
    }
    for (const ref of dropped) run(db, "DELETE FROM originals WHERE ref = ?", ref);
    if (left + size > maxBytes)
      throw new StoreError(
        "sqlite",
        "put",
        `${size} bytes do not fit: maxBytes is ${maxBytes} and what is kept was used in the last ${protectSeconds} s.`,
      );
  };

  return {
    name: "sqlite",
    async put(entry) {
      await transact("put", (db) => put(db, entry));
    },
    async putMany(entries) {
      const failures: (Error | undefined)[] = [];
      await transact("put", (db) => {
        failures.length = 0;
        for (const entry of entries) failures.push(attempt(() => put(db, entry)));
      });
      return failures;
    },
    async get(ref) {
      const time = now();
      const row = await attempts("get", (db) => rowOf(db, ref));
      if (!row || !isAlive(row, time)) return undefined;
      const text = decode(row);
      if (text === undefined)
        throw new StoreError(
          "sqlite",
          "get",
          `the bytes of ${ref} are not the ones that were stored.`,
        );
      const expiresAt = Math.max(row.expires_at ?? 0, time + ttlSeconds * 1_000);
      // A read that refreshes nothing noticeable should not cost a write.
      if (time - row.used_at > 1_000) await refresh(ref, time, expiresAt);
      return { ref, text, expiresAt };
    },
    async delete(ref) {
      return transact(
        "delete",
        (db) =>
          Number(run(db, "DELETE FROM originals WHERE ref = ? AND expires_at > ?", ref, now())) > 0,
      );
    },
    async close() {
      database?.close();
      database = undefined;
    },
  };
}

function transaction<Result>(db: DatabaseSync, work: (db: DatabaseSync) => Result): Result {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work(db);
    db.exec("COMMIT");
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

function rowOf(db: DatabaseSync, ref: string): Row | undefined {
  return db
    .prepare("SELECT encoding, digest, bytes, used_at, expires_at FROM originals WHERE ref = ?")
    .get(ref) as Row | undefined;
}

function isAlive({ expires_at }: Row, time: number): boolean {
  return expires_at === null || expires_at > time;
}

function run(db: DatabaseSync, sql: string, ...values: readonly SQLInputValue[]): number | bigint {
  return db.prepare(sql).run(...values).changes;
}

/** One entry's refusal must not undo the others; trouble with the database must. */
function attempt(work: () => void): Error | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
}
