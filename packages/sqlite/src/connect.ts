import type { DatabaseSync } from "node:sqlite";
import { HeadroomError } from "@headroom/core";

/** The built-in module, or a clear word on how to get it. */
export function requireSqlite(): typeof import("node:sqlite") {
  const module = process.getBuiltinModule?.("node:sqlite");
  if (module) return module;
  throw new HeadroomError(
    "store-failed",
    `Cannot open a SQLite store: Node.js ${process.versions.node} has no node:sqlite. Use Node.js 22.13 or newer, or another store.`,
  );
}

/** Opens a connection, lets `prepare` set it up, and closes it again when that fails. No call on it waits for a lock. */
export function connect<Result>(
  path: string,
  options: { readonly readOnly?: boolean },
  prepare: (db: DatabaseSync) => Result,
): Result {
  const { DatabaseSync: Database } = requireSqlite();
  const db = new Database(path, options);
  try {
    db.exec("PRAGMA busy_timeout = 0");
    return prepare(db);
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Runs one write transaction. What fails is rolled back; a connection that cannot even do that is closed. */
export function transaction<Result>(db: DatabaseSync, work: () => Result): Result {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    // Node.js before 22.16 cannot tell whether SQLite has rolled back already, so this is always tried. A connection
    // that will not is closed: `isClosed` recognises what its next use throws.
    try {
      db.exec("ROLLBACK");
    } catch {
      db.close();
    }
    throw error;
  }
}
