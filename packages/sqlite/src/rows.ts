import type { DatabaseSync, StatementSync } from "node:sqlite";
import { digestOf, type Encoded, isIntact, keyOf } from "./record.ts";
import { DamageError, isCorrupt } from "./sqlite-errors.ts";

/** What a row says about its original. */
export interface RowHead {
  readonly ref: string;
  readonly digest: Uint8Array;
  readonly used_at: number;
  readonly expires_at: number;
}

export interface Row extends RowHead, Encoded {
  readonly size: number;
}

/** Numbers of a damaged row can be larger than JavaScript can tell; they are cut to what it can. */
const cut = (column: string): string =>
  `max(0, min(${column}, ${Number.MAX_SAFE_INTEGER})) AS ${column}`;
const HEAD = `ref, digest, ${cut("used_at")}, ${cut("expires_at")}`;
/** A whole row; takes the longest original to read as a parameter. */
export const ROW: string = `${HEAD}, ${cut("encoding")}, ${cut("size")}, CASE WHEN length(bytes) <= ? THEN bytes END AS bytes`;

/** Rows and milliseconds that one transaction spends on making room: others wait for it, and so does the event loop. */
const SLICE_ROWS = 256;
const SLICE_MS = 8;

/** The statements of one connection, prepared on first use. */
export class Rows {
  readonly #db: DatabaseSync;
  readonly #maxBytes: number;
  #isCounted = false;
  readonly #statements = new Map<string, StatementSync>();

  /** @param maxBytes a longer row is not read: a file can be forged */
  constructor(db: DatabaseSync, maxBytes: number) {
    this.#db = db;
    this.#maxBytes = maxBytes;
  }

  /** The row of a ref; `"damaged"` when it is there and not the one that was stored. */
  find(ref: string): Row | "damaged" | undefined {
    const row = this.#prepare(`SELECT ${ROW} FROM originals WHERE key = ?`).get(
      this.#maxBytes,
      keyOf(ref),
    ) as Row | undefined;
    if (row === undefined) return undefined;
    return isWhole(row) && row.ref === ref && isIntact(ref, row) ? row : "damaged";
  }

  /** As `find`; what SQLite cannot read is damaged too. */
  prove(ref: string): Row | "damaged" | undefined {
    try {
      return this.find(ref);
    } catch (error) {
      if (isCorrupt(error)) return "damaged";
      throw error;
    }
  }

  /** Cheap: does not read the bytes. */
  head(ref: string): RowHead | undefined {
    return this.#prepare(`SELECT ${HEAD} FROM originals WHERE key = ?`).get(keyOf(ref)) as
      | RowHead
      | undefined;
  }

  /** Marks an original as used now; its life only ever gets longer. */
  touch(ref: string, usedAt: number, expiresAt: number): void {
    this.#prepare(
      "UPDATE originals SET used_at = ?, expires_at = max(expires_at, ?) WHERE key = ? AND ref = ?",
    ).run(usedAt, expiresAt, keyOf(ref), ref);
  }

  /** Adds a row, or takes the place of one that is damaged. @throws DamageError when the index leads to another original */
  write(ref: string, record: Encoded, usedAt: number, expiresAt: number): void {
    const values = [
      keyOf(ref),
      ref,
      record.encoding,
      record.digest,
      record.bytes.byteLength,
      usedAt,
      expiresAt,
      record.bytes,
    ];
    const id = this.#idInPlaceOf(ref);
    if (id === undefined)
      this.#prepare(
        `INSERT INTO originals (key, ref, encoding, digest, size, used_at, expires_at, bytes)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ).run(...values);
    else
      this.#prepare(
        `UPDATE originals SET key = ?, ref = ?, encoding = ?, digest = ?, size = ?, used_at = ?,
          expires_at = ?, bytes = ? WHERE id = ?`,
      ).run(...values, id);
  }

  /** The row that a ref's original replaces. It is never a sound one of another ref: then the index is what is damaged. */
  #idInPlaceOf(ref: string): bigint | undefined {
    const find = this.#prepare("SELECT id FROM originals WHERE key = ?");
    find.setReadBigInts(true);
    const id = find.get(keyOf(ref))?.id as bigint | undefined;
    if (id === undefined) return undefined;
    const row = this.#prepare(`SELECT ${ROW} FROM originals WHERE id = ?`).get(
      this.#maxBytes,
      id,
    ) as Row | undefined;
    if (row === undefined || (row.ref !== ref && isWhole(row) && isIntact(row.ref, row)))
      throw new DamageError("an index leads to another row.");
    return id;
  }

  /** Adds an original from another file as it was, unless it is here or there is no room. */
  carry(row: Row): void {
    if (this.head(row.ref) || this.totalBytes() + row.size > this.#maxBytes) return;
    const record = { ...row, digest: digestOf(row.ref, row.encoding, row.bytes) };
    this.write(row.ref, record, row.used_at, row.expires_at);
  }

  remove(ref: string): boolean {
    const { changes } = this.#prepare("DELETE FROM originals WHERE key = ? AND ref = ?").run(
      keyOf(ref),
      ref,
    );
    return Number(changes) > 0;
  }

  /** Bytes of all originals; kept by triggers, so that it costs the same however many there are. */
  totalBytes(): number {
    return Number(this.#prepare(`SELECT ${cut("bytes")} FROM totals`).get()?.bytes ?? 0);
  }

  isOver(): boolean {
    return this.totalBytes() > this.#maxBytes;
  }

  /** Counts the bytes once on this connection, inside a transaction: before something is dropped because of the total. */
  recount(): void {
    if (this.#isCounted) return;
    this.#isCounted = true;
    this.#prepare(
      "UPDATE totals SET bytes = (SELECT coalesce(sum(size), 0) FROM originals INDEXED BY originals_used)",
    ).run();
  }

  /**
   * Drops originals until `enough` bytes are gone or the slice is used up: expired ones first, then those not used since
   * `usedBefore`, the longest unused first. Returns the bytes that went. To be called in a transaction.
   */
  evict(enough: number, time: number, usedBefore: number, slice: EvictionSlice): number {
    const expired = "expires_at <= ? ORDER BY expires_at";
    const unused = "used_at < ? ORDER BY used_at";
    const first = this.#evict(expired, time, enough, slice);
    return first < enough ? first + this.#evict(unused, usedBefore, enough - first, slice) : first;
  }

  hasExpired(time: number): boolean {
    return (
      this.#prepare("SELECT 1 FROM originals WHERE expires_at <= ? LIMIT 1").get(time) !== undefined
    );
  }

  /** As `evict`, but nothing goes where all that may go is not enough: 0 then. */
  evictIfEnough(enough: number, time: number, usedBefore: number, slice: EvictionSlice): number {
    this.#db.exec("SAVEPOINT eviction");
    const gone = this.evict(enough, time, usedBefore, slice);
    const isInVain = gone < enough && !slice.isUsedUp();
    this.#db.exec(isInVain ? "ROLLBACK TO eviction; RELEASE eviction" : "RELEASE eviction");
    return isInVain ? 0 : gone;
  }

  /** Gives pages that hold nothing any more back to the file system. True while there are more. */
  shrink(): boolean {
    const free = Number(this.#db.prepare("PRAGMA freelist_count").get()?.freelist_count ?? 0);
    if (free < KEPT_PAGES) return false;
    this.#db.exec(`PRAGMA incremental_vacuum(${SLICE_PAGES})`);
    const left = Number(this.#db.prepare("PRAGMA freelist_count").get()?.freelist_count ?? 0);
    return left >= KEPT_PAGES && left < free;
  }

  #evict(which: string, bound: number, enough: number, slice: EvictionSlice): number {
    const choose = this.#prepare(`SELECT id, size FROM originals WHERE ${which} LIMIT 16`);
    choose.setReadBigInts(true);
    const remove = this.#prepare("DELETE FROM originals WHERE id = ?");
    let gone = 0;
    while (gone < enough && !slice.isUsedUp()) {
      const rows = choose.all(bound);
      if (rows.length === 0) break;
      for (const { id, size } of rows) {
        if (gone >= enough) break;
        if (Number(remove.run(id as bigint).changes) === 0)
          throw new DamageError("an index names a row that is not there.");
        gone += Number(size);
        slice.spend();
      }
    }
    return gone;
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** Pages that stay free for what comes next, and how many are given back at a time. */
const KEPT_PAGES = 256;
const SLICE_PAGES = 256;

/** What one transaction may still spend on making room. */
export class EvictionSlice {
  #rows = 0;
  readonly #end = performance.now() + SLICE_MS;

  spend(): void {
    this.#rows++;
  }

  isUsedUp(): boolean {
    return this.#rows >= SLICE_ROWS || (this.#rows > 0 && performance.now() > this.#end);
  }
}

/** A damaged or forged row can hold values of any type. */
export function isWhole(row: Row): boolean {
  return (
    typeof row.ref === "string" &&
    typeof row.used_at === "number" &&
    typeof row.expires_at === "number" &&
    row.digest instanceof Uint8Array &&
    row.bytes instanceof Uint8Array &&
    row.size === row.bytes.byteLength
  );
}
