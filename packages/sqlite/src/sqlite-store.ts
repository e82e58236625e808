import { type CcrEntry, type CcrRef, type CcrStore, StoreError } from "@headroom/core";
import { requireSqlite, transaction } from "./connect.ts";
import { Maintenance } from "./maintenance.ts";
import { type Connection, MovedError } from "./open.ts";
import { type SqliteStoreOptions, withDefaults } from "./options.ts";
import { type Encoded, encode, sameBytes, textOf } from "./record.ts";
import { EvictionSlice, type Row, type RowHead } from "./rows.ts";
import { Session } from "./session.ts";

/** A read that refreshes nothing noticeable should not cost a write. */
const REFRESH_AFTER_MS = 1_000;

/** An entry that is ready to be written. */
interface Prepared {
  readonly ref: CcrRef;
  readonly record: Encoded;
  readonly deadline: number;
}

/** What one transaction did for an entry: written, refused, or `"again"` when more room has to be made first. */
type PutResult = undefined | StoreError | "again";

/**
 * Originals in one SQLite file: the embedded durable store.
 *
 * A `put` resolves when the transaction is on disk (WAL, `synchronous = FULL`) in the file that other processes open, so an
 * original survives `kill -9`, power loss, and the file being deleted or replaced while it was written. Several processes
 * may use the file at once. A damaged file costs the originals that were hit: when nothing can be written to it any more it
 * is renamed to `….corrupt-<time>`, a new one is begun, and what can be read is carried over.
 *
 * The file is opened on first use.
 *
 * @throws HeadroomError when this Node.js has no `node:sqlite` (it came with 22.13)
 * @throws InvalidOptionError
 */
export function sqliteStore(options: SqliteStoreOptions): CcrStore {
  const { file, maxBytes, ttlSeconds, protectSeconds, busyTimeoutMs, now } = withDefaults(options);
  requireSqlite();
  const session = new Session({ file, maxBytes, busyTimeoutMs, now });
  const maintenance = new Maintenance(session, { maxBytes, protectSeconds, now });

  function prepare({ ref, text, expiresAt }: CcrEntry): Prepared | StoreError {
    const record = encode(ref, text);
    const size = record.bytes.byteLength;
    if (size > maxBytes) return refusal(`${size} bytes do not fit: maxBytes is ${maxBytes}.`);
    return { ref, record, deadline: deadlineOf(expiresAt ?? now() + ttlSeconds * 1_000) };
  }

  async function putMany(entries: readonly CcrEntry[]): Promise<(StoreError | undefined)[]> {
    const prepared = entries.map(prepare);
    const results: PutResult[] = prepared.map((entry) =>
      entry instanceof StoreError ? entry : "again",
    );
    while (results.includes("again")) {
      const round = await session.write("put", (connection) => putRound(connection, results));
      for (const [index, result] of round) results[index] = result;
    }
    void maintenance.startIfNeeded();
    return results as (StoreError | undefined)[];

    /** Bytes are hashed before the transaction begins, so that no other process waits for it. */
    function putRound(
      { db, rows, isInPlace }: Connection,
      state: readonly PutResult[],
    ): Map<number, PutResult> {
      const open = prepared.flatMap((entry, index) =>
        state[index] === "again" && !(entry instanceof StoreError) ? [{ entry, index }] : [],
      );
      const found = new Map(open.map(({ entry: { ref } }) => [ref, rows.prove(ref)]));
      return transaction(db, () => {
        const slice = new EvictionSlice();
        const round = new Map(
          open.map(({ entry, index }) => [index, putOne(rows, entry, found.get(entry.ref), slice)]),
        );
        if (!isInPlace()) throw new MovedError(file);
        return round;
      });
    }
  }

  function putOne(
    rows: Connection["rows"],
    { ref, record, deadline }: Prepared,
    proven: Row | "damaged" | undefined,
    slice: EvictionSlice,
  ): PutResult {
    const time = now();
    const head = rows.head(ref);
    if (head && head.expires_at > time) {
      // Between the proof and the transaction another process, or an earlier entry, may have written it.
      const isAsProven = typeof proven === "object" && sameBytes(proven.digest, head.digest);
      const row = isAsProven ? proven : rows.prove(ref);
      if (typeof row === "object") {
        if (!sameBytes(row.digest, record.digest))
          return refusal(`ref ${ref} already holds another text.`);
        rows.touch(ref, time, deadline);
        return undefined;
      }
    }
    const size = record.bytes.byteLength;
    const room = makeRoom(rows, size, time, slice);
    if (room !== undefined) return room;
    rows.write(ref, record, time, deadline);
    return undefined;
  }

  /**
   * Room for `size` bytes, in slices: a store far over its bound, because that was lowered, takes an original as soon as as
   * much has gone.
   */
  function makeRoom(
    rows: Connection["rows"],
    size: number,
    time: number,
    slice: EvictionSlice,
  ): PutResult {
    if (rows.totalBytes() + size <= maxBytes) return undefined;
    rows.recount();
    const surplus = rows.totalBytes() + size - maxBytes;
    if (surplus <= 0) return undefined;
    const wanted = Math.min(surplus, size);
    const gone = rows.evictIfEnough(wanted, time, time - protectSeconds * 1_000, slice);
    if (gone >= wanted) return undefined;
    if (slice.isUsedUp()) return "again";
    return refusal(
      `${size} bytes do not fit: maxBytes is ${maxBytes} and what is kept was used in the last ${protectSeconds} s.`,
    );
  }

  function isLive(row: RowHead | undefined): boolean {
    return row !== undefined && row.expires_at > now();
  }

  function find(ref: CcrRef): Promise<Row | "damaged" | undefined> {
    return session.read("get", (rows, connection) => {
      const row = rows.find(ref);
      if (typeof row === "object") return row;
      for (const predecessor of connection?.predecessors ?? []) {
        const carried = predecessor.find(ref);
        if (carried) return carried;
      }
      return row;
    });
  }

  return {
    name: "sqlite",
    async put(entry) {
      const [error] = await putMany([entry]);
      if (error) throw error;
    },
    putMany,
    async get(ref) {
      const time = now();
      const row = await find(ref);
      void maintenance.startIfNeeded();
      if (row === "damaged")
        throw new StoreError(
          "sqlite",
          "get",
          `the bytes of ${ref} are not the ones that were stored.`,
        );
      if (!row || row.expires_at <= time) return undefined;
      const text = textOf(row);
      const expiresAt = Math.max(row.expires_at, deadlineOf(time + ttlSeconds * 1_000));
      // A full disk or a busy file must not keep a reader from what is there.
      if (time - row.used_at > REFRESH_AFTER_MS)
        await session
          .write(
            "get",
            ({ db, rows }) => transaction(db, () => rows.touch(ref, time, expiresAt)),
            false,
          )
          .catch(() => undefined);
      return { ref, text, expiresAt };
    },
    async delete(ref) {
      return session.write("delete", ({ db, rows, predecessors }) =>
        transaction(db, () => {
          const carried = predecessors.some((predecessor) => isLive(predecessor.find(ref)));
          const wasLive = isLive(rows.head(ref)) || (carried && rows.head(ref) === undefined);
          // What is still in a file that was set aside would be carried over again.
          if (carried) rows.write(ref, encode(ref, ""), now(), 0);
          else rows.remove(ref);
          return wasLive;
        }),
      );
    },
    warnings: () => session.warnings,
    async close() {
      session.close();
    },
  };
}

/** SQLite keeps whole numbers. */
function deadlineOf(time: number): number {
  return Math.min(Math.ceil(time), Number.MAX_SAFE_INTEGER);
}

function refusal(message: string): StoreError {
  return new StoreError("sqlite", "put", message);
}
