/** Opening the file: private, in WAL mode, and set aside instead of deleted when it is not a database any more. */
import { closeSync, existsSync, mkdirSync, openSync, renameSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { HeadroomError, StoreError } from "@headroom/core";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS originals (
    ref TEXT PRIMARY KEY NOT NULL,
    encoding INTEGER NOT NULL,
    digest BLOB NOT NULL,
    bytes BLOB NOT NULL,
    size INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    expires_at INTEGER
  ) STRICT;
  CREATE INDEX IF NOT EXISTS originals_used ON originals (used_at, size);
`;
/** Results of SQLite that mean the file is not a sound database: SQLITE_CORRUPT and SQLITE_NOTADB. */
const CORRUPT = 11;
const NOT_A_DATABASE = 26;
const BUSY = 5;
const LOCKED = 6;

/** Opens the file, made private first. A file that is no database is renamed and a new one begun. */
export function openDatabase(path: string, now: () => number): DatabaseSync {
  const file = path === ":memory:" ? path : resolve(path);
  if (file !== ":memory:") makePrivate(file);
  try {
    return connect(file);
  } catch (error) {
    if (!isCorrupt(error))
      throw new StoreError("sqlite", "open", messageOf(error), { cause: error });
    setAside(file, now);
    makePrivate(file);
    return connect(file);
  }
}

/** Renames a corrupt file and its companions, so that a person can look at them; nothing is deleted. */
export function setAside(file: string, now: () => number): void {
  const suffix = `.corrupt-${now()}`;
  for (const companion of ["", "-wal", "-shm"])
    if (existsSync(file + companion)) renameSync(file + companion, file + suffix + companion);
}

export function isCorrupt(error: unknown): boolean {
  const code = codeOf(error);
  return code === CORRUPT || code === NOT_A_DATABASE;
}

/** Another process is writing: worth another try. */
export function isBusy(error: unknown): boolean {
  const code = codeOf(error);
  return code === BUSY || code === LOCKED;
}

function connect(file: string): DatabaseSync {
  const { DatabaseSync: Database } = requireSqlite();
  const database = new Database(file, { timeout: 0 });
  try {
    database.exec(
      "PRAGMA busy_timeout = 1000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;",
    );
    database.exec(SCHEMA);
    database.exec("PRAGMA busy_timeout = 0;");
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The built-in module, or a clear word on how to get it. */
export function requireSqlite(): typeof import("node:sqlite") {
  const module = process.getBuiltinModule?.("node:sqlite");
  if (module) return module;
  throw new HeadroomError(
    "store-failed",
    `Cannot open a SQLite store: Node.js ${process.versions.node} has no node:sqlite. Use Node.js 22.13 or newer, or another store.`,
  );
}

function makePrivate(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (!existsSync(file)) closeSync(openSync(file, "a", 0o600));
}

function codeOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("errcode" in error)) return undefined;
  // Extended result codes keep the primary one in their low byte.
  return typeof error.errcode === "number" ? error.errcode & 0xff : undefined;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
