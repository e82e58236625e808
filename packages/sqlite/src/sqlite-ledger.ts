/**
 * The ledger of a shared context whose agents live in several processes of one machine: names, refs and numbers in a SQLite file.
 *
 * It has a file of its own: that of a store may be set aside and begun anew when it is damaged.
 */
import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type CcrRef,
  InvalidOptionError,
  type SharedCount,
  type SharedLedger,
  type SharedRecord,
  StoreError,
} from "@headroom/core";
import { connect, requireSqlite, transaction } from "./connect.ts";
import { makeFolderOf, makePrivate } from "./files.ts";
import { isBusy, isClosed, messageOf } from "./sqlite-errors.ts";

export interface SqliteLedgerOptions {
  /** The database file, for its owner only. Not that of a store. */
  readonly path: string;
  /** Names what the agents share. Ledgers of other sessions in the file do not show. @default "" */
  readonly session?: string;
  /** Milliseconds that a call tries again while another process holds the file. @default 800 */
  readonly busyTimeoutMs?: number;
  /** Seconds after which it forgets what an agent has read, and versions that are not the newest. @default 2_592_000 (30 days) */
  readonly ttlSeconds?: number;
  /** Current time in milliseconds; tests pass their own. @default Date.now */
  readonly now?: () => number;
}

const TABLES = `
CREATE TABLE IF NOT EXISTS records (
  session TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, ref TEXT NOT NULL,
  agent TEXT NOT NULL, at INTEGER NOT NULL, tokens INTEGER NOT NULL, number INTEGER NOT NULL,
  PRIMARY KEY (session, name, version)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS records_by_number ON records (session, number);
CREATE TABLE IF NOT EXISTS firsts (
  session TEXT NOT NULL, ref TEXT NOT NULL, record TEXT NOT NULL, PRIMARY KEY (session, ref)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen (
  session TEXT NOT NULL, agent TEXT NOT NULL, key TEXT NOT NULL, sighting TEXT NOT NULL,
  at INTEGER NOT NULL, PRIMARY KEY (session, agent, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counts (
  session TEXT NOT NULL, name TEXT NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (session, name)
) WITHOUT ROWID;
`;
const COUNTS: Readonly<Record<SharedCount, number>> = {
  puts: 0,
  duplicates: 0,
  reads: 0,
  tokensPut: 0,
  tokensFull: 0,
  tokensServed: 0,
};
const RETRY_MS = 5;
/** Milliseconds between two looks for records of other processes. */
const POLL_MS = 250;

/**
 * A ledger in a SQLite file for `createSharedContext`. The file is opened on first use.
 *
 * @throws HeadroomError when this Node.js has no `node:sqlite`
 * @throws InvalidOptionError
 */
export function sqliteLedger(options: SqliteLedgerOptions): SharedLedger {
  const {
    path,
    session = "",
    busyTimeoutMs = 800,
    ttlSeconds = 2_592_000,
    now = Date.now,
  } = options;
  if (typeof path !== "string" || path === "" || path.includes("\0"))
    throw new InvalidOptionError("path", path, "the path of a file");
  if (typeof session !== "string" || !session.isWellFormed())
    throw new InvalidOptionError("session", session, "a well-formed string");
  for (const [name, value] of Object.entries({ busyTimeoutMs, ttlSeconds }))
    if (!(value > 0)) throw new InvalidOptionError(name, value, "a positive number");
  requireSqlite();
  let opened: DatabaseSync | undefined;
  const timers = new Set<NodeJS.Timeout>();

  function open(): DatabaseSync {
    makeFolderOf(path);
    makePrivate(path);
    return connect(path, {}, (db) => {
      db.exec("PRAGMA journal_mode = WAL");
      db.exec("PRAGMA synchronous = FULL");
      transaction(db, () => {
        db.exec(TABLES);
        forget(db, now() - ttlSeconds * 1_000);
      });
      return db;
    });
  }

  /** Runs `work` on the file, again while another process holds it. */
  async function ask<Result>(work: (db: DatabaseSync) => Result): Promise<Result> {
    const end = performance.now() + busyTimeoutMs;
    for (;;) {
      try {
        opened ??= open();
        return work(opened);
      } catch (error) {
        // A rollback that failed has closed it.
        if (isClosed(error)) opened = undefined;
        if ((isBusy(error) || isClosed(error)) && performance.now() < end) {
          await sleep(RETRY_MS);
          continue;
        }
        throw new StoreError("sqlite", "use the ledger", messageOf(error));
      }
    }
  }
  const write = <Result>(work: (db: DatabaseSync) => Result): Promise<Result> =>
    ask((db) => transaction(db, () => work(db)));

  const newest = (db: DatabaseSync, name: string): SharedRecord | undefined =>
    recordOf(
      db
        .prepare(
          "SELECT * FROM records WHERE session = ? AND name = ? ORDER BY version DESC LIMIT 1",
        )
        .get(session, name),
    );
  const sighting = (agent: string, key: string) =>
    ask((db) => {
      const row = db
        .prepare("SELECT sighting FROM seen WHERE session = ? AND agent = ? AND key = ?")
        .get(session, agent, key);
      return row ? JSON.parse(String(row.sighting)) : undefined;
    });

  return {
    name: "sqlite",
    append: (record) =>
      write((db) => {
        const version = (newest(db, record.name)?.version ?? 0) + 1;
        const { name, ref, agent, at, tokens } = record;
        db.prepare(
          "INSERT INTO records SELECT ?, ?, ?, ?, ?, ?, ?, 1 + coalesce(max(number), 0) FROM records WHERE session = ?",
        ).run(session, name, version, ref, agent, at, tokens, session);
        return { ...record, version };
      }),
    latest: (name) => ask((db) => newest(db, name)),
    list: () =>
      ask((db) =>
        db
          .prepare(
            `SELECT r.* FROM records r JOIN (
               SELECT name, max(version) AS version, min(number) AS first FROM records WHERE session = ? GROUP BY name
             ) n ON r.name = n.name AND r.version = n.version WHERE r.session = ? ORDER BY n.first`,
          )
          .all(session, session)
          .flatMap((row) => recordOf(row) ?? []),
      ),
    first: (ref, candidate) =>
      write((db) => {
        const row = db
          .prepare("SELECT record FROM firsts WHERE session = ? AND ref = ?")
          .get(session, ref);
        if (row) return JSON.parse(String(row.record));
        db.prepare("INSERT INTO firsts VALUES (?, ?, ?)").run(
          session,
          ref,
          JSON.stringify(candidate),
        );
        return candidate;
      }),
    seen: (agent, name) => sighting(agent, `name:${name}`),
    seenContent: (agent, ref) => sighting(agent, `ref:${ref}`),
    markSeen: (agent, seen) =>
      write((db) => {
        const put = db.prepare("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?, ?)");
        const text = JSON.stringify(seen);
        put.run(session, agent, `name:${seen.name}`, text, now());
        if (seen.whole) put.run(session, agent, `ref:${seen.ref}`, text, now());
      }),
    add: (counts) =>
      write((db) => {
        const put = db.prepare(
          "INSERT INTO counts VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = value + excluded.value",
        );
        for (const name of Object.keys(COUNTS) as SharedCount[])
          if (counts[name]) put.run(session, name, counts[name]);
      }),
    counts: () =>
      ask((db) => {
        const rows = db.prepare("SELECT name, value FROM counts WHERE session = ?").all(session);
        const kept = rows.map(({ name, value }) => [String(name), Number(value)] as const);
        return { ...COUNTS, ...Object.fromEntries(kept) };
      }),
    async subscribe(listener) {
      let last = await ask((db) =>
        Number(
          db.prepare("SELECT max(number) AS last FROM records WHERE session = ?").get(session)
            ?.last ?? 0,
        ),
      );
      const timer = setInterval(() => {
        // What cannot be read now is read the next time.
        void ask((db) =>
          db
            .prepare("SELECT * FROM records WHERE session = ? AND number > ? ORDER BY number")
            .all(session, last),
        ).then(
          (rows) => {
            for (const row of rows) {
              const number = Number(row.number);
              const record = recordOf(row);
              if (number <= last || !record) continue;
              last = number;
              listener(record);
            }
          },
          () => undefined,
        );
      }, POLL_MS);
      timer.unref();
      timers.add(timer);
      return async () => {
        clearInterval(timer);
        timers.delete(timer);
      };
    },
    async close() {
      for (const timer of timers) clearInterval(timer);
      timers.clear();
      opened?.close();
      opened = undefined;
    },
  };
}

/** Newest versions stay, so that the next one has the next number. */
function forget(db: DatabaseSync, before: number): void {
  db.prepare("DELETE FROM seen WHERE at < ?").run(before);
  db.prepare(
    `DELETE FROM records WHERE at < ? AND version < (
       SELECT max(version) FROM records n WHERE n.session = records.session AND n.name = records.name)`,
  ).run(before);
}

function recordOf(row: Record<string, SQLOutputValue> | undefined): SharedRecord | undefined {
  if (!row) return undefined;
  return {
    name: String(row.name),
    version: Number(row.version),
    ref: String(row.ref) as CcrRef,
    agent: String(row.agent),
    at: Number(row.at),
    tokens: Number(row.tokens),
  };
}
