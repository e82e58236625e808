/**
 * A file that was set aside, damaged or of an older format, while its sound originals are carried over into the new one.
 *
 * It is named `….carry-<time>` until all that can be read has been read, so that any process that opens the store goes on
 * where another one ended. Every row is read on its own: damage costs the rows it hit.
 */
import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { StoreError } from "@headroom/core";
import { connect } from "./connect.ts";
import { COMPANIONS, renameAll, withoutLinks } from "./files.ts";
import { FIRST_PAGE, hasWholePages, replaceFirstPage } from "./first-page.ts";
import { isIntact, isIntactInFormat1, keyOf } from "./record.ts";
import { isWhole, ROW, type Row } from "./rows.ts";
import { type Content, contentOf } from "./schema.ts";
import { isCorrupt } from "./sqlite-errors.ts";

export const CARRY = "carry-";
/** Not SQLite's files beside it, nor the first page of one. */
const CARRIED = /\.carry-\d+(?:-\d+)?$/;
/** Names of rows read at a time. */
const STEP = 256;
/** Bytes and milliseconds of one slice. */
const SLICE_BYTES = 4_000_000;
const SLICE_MS = 8;

type Name = { readonly id: bigint; readonly used_at: bigint; readonly size: bigint };

export class Predecessor {
  readonly path: string;
  readonly #db: DatabaseSync;
  readonly #content: Content;
  readonly #maxBytes: number;
  readonly #rows: Iterator<Row | "unreadable">;
  #wasWhole: boolean;
  #slice: { readonly rows: readonly Row[]; readonly isLast: boolean } | undefined;

  private constructor(path: string, db: DatabaseSync, content: Content, maxBytes: number) {
    this.path = path;
    this.#db = db;
    this.#content = content;
    this.#maxBytes = maxBytes;
    this.#wasWhole = content === "format 1";
    this.#rows = this.#all();
  }

  /** Predecessors of a store's file that are not finished. One that cannot be read at all is finished. */
  static of(file: string, maxBytes: number): Predecessor[] {
    return unfinished(file)
      .sort()
      .flatMap((name) => {
        const path = join(dirname(file), name);
        try {
          return [Predecessor.#open(path, maxBytes)];
        } catch (error) {
          if (isCorrupt(error) || error instanceof StoreError) finish(path, false);
          return [];
        }
      });
  }

  static #open(path: string, maxBytes: number): Predecessor {
    const open = (): Predecessor =>
      connect(path, { readOnly: true }, (db) => {
        const content = contentOf(db);
        if (content === "empty") throw new StoreError("sqlite", "open", "nothing is in it.");
        return new Predecessor(path, db, content, maxBytes);
      });
    try {
      return open();
    } catch (error) {
      if (!isCorrupt(error) || !hasWholePages(path)) throw error;
      replaceFirstPage(path);
      return open();
    }
  }

  /** The sound original of a ref, if this file has it and it can be read. */
  find(ref: string): Row | undefined {
    const isCurrent = this.#content === "current";
    try {
      const row = this.#db
        .prepare(`SELECT ${ROW} FROM originals WHERE ${isCurrent ? "key" : "ref"} = ?`)
        .get(this.#maxBytes, isCurrent ? keyOf(ref) : ref) as Row | undefined;
      return row && this.#isSound(row) && row.ref === ref ? row : undefined;
    } catch {
      return undefined;
    }
  }

  /** The next sound originals; the same ones until `advance` says that they have been carried over. */
  slice(): readonly Row[] {
    if (!this.#slice) {
      const rows: Row[] = [];
      const end = performance.now() + SLICE_MS;
      let isLast = false;
      for (let bytes = 0; bytes < SLICE_BYTES && performance.now() < end; ) {
        const { value, done } = this.#rows.next();
        isLast = done === true;
        if (isLast) break;
        if (value === "unreadable") this.#wasWhole = false;
        else {
          rows.push(value);
          bytes += value.size;
        }
      }
      this.#slice = { rows, isLast };
    }
    return this.#slice.rows;
  }

  /** False when that was the last slice. */
  advance(): boolean {
    const isLast = this.#slice?.isLast === true;
    this.#slice = undefined;
    return !isLast;
  }

  close(): void {
    this.#db.close();
  }

  /** Ends the carrying over: a sound file of an older format has served its time, a damaged one is kept for a person. */
  finish(): void {
    this.close();
    finish(this.path, this.#wasWhole);
  }

  *#all(): Generator<Row | "unreadable"> {
    const read = this.#db.prepare(`SELECT ${ROW} FROM originals NOT INDEXED WHERE rowid = ?`);
    for (const id of this.#ids()) {
      let row: Row | undefined;
      try {
        row = read.get(this.#maxBytes, id) as Row | undefined;
      } catch {
        // Damaged: the row is lost, the next one may not be.
      }
      yield row && this.#isSound(row) ? row : "unreadable";
    }
  }

  /** From the front to the first damage, from the back to the last one, and what the index knows of those between. */
  *#ids(): Generator<bigint> {
    let low = FIRST;
    let high = LAST;
    const front = this.#sweep("rowid >= ? ORDER BY rowid", [FIRST], ({ id }) => [id + 1n]);
    for (const name of front) {
      if (name === "end") return;
      low = name.id;
      yield low;
    }
    this.#wasWhole = false;
    const back = this.#sweep("rowid <= ? ORDER BY rowid DESC", [LAST], ({ id }) => [id - 1n]);
    for (const name of back) {
      if (name === "end" || name.id <= low) break;
      high = name.id;
      yield high;
    }
    const indexed = this.#sweep(
      "(used_at, size, rowid) > (?, ?, ?) ORDER BY used_at, size, rowid",
      [FIRST, 0n, 0n],
      ({ used_at, size, id }) => [used_at, size, id],
    );
    for (const name of indexed) {
      if (name === "end") return;
      if (name.id > low && name.id < high) yield name.id;
    }
  }

  /** Names of rows in order until none follows (then `"end"`) or no more can be read. */
  *#sweep(
    where: string,
    start: readonly bigint[],
    cursorOf: (name: Name) => readonly bigint[],
  ): Generator<Name | "end"> {
    const columns = start.length > 1 ? "rowid AS id, used_at, size" : "rowid AS id";
    const statement = this.#db.prepare(`SELECT ${columns} FROM originals WHERE ${where} LIMIT ?`);
    statement.setReadBigInts(true);
    let cursor = start;
    for (let limit = STEP; ; ) {
      let names: Name[];
      try {
        names = statement.all(...cursor, limit) as unknown as Name[];
      } catch {
        // Once more, one by one, up to the damage.
        if (limit === 1) return;
        limit = 1;
        continue;
      }
      for (const name of names) {
        yield name;
        cursor = cursorOf(name);
      }
      if (names.length < limit) {
        yield "end";
        return;
      }
    }
  }

  #isSound(row: Row): boolean {
    if (!isWhole(row)) return false;
    return this.#content === "current" ? isIntact(row.ref, row) : isIntactInFormat1(row);
  }
}

function unfinished(file: string): string[] {
  const prefix = `${basename(file)}.${CARRY}`;
  return readdirSync(dirname(file)).filter((name) => name.startsWith(prefix) && CARRIED.test(name));
}

/** Whether originals are in a file that was set aside, also where a process died before it began the new one. */
export function isCarriedOver(path: string): boolean {
  const file = withoutLinks(path);
  return existsSync(dirname(file)) && unfinished(file).length > 0;
}

const FIRST = -(2n ** 63n);
const LAST = 2n ** 63n - 1n;

/** Another process may have done so already. */
function finish(path: string, isServed: boolean): void {
  const kept = path.replace(`.${CARRY}`, ".corrupt-");
  try {
    if (!isServed) renameAll(path, kept);
    else for (const companion of COMPANIONS) rmSync(path + companion, { force: true });
    if (existsSync(path + FIRST_PAGE)) renameSync(path + FIRST_PAGE, kept + FIRST_PAGE);
  } catch {
    // The next process that opens the store tries again.
  }
}
