import type { DatabaseSync } from "node:sqlite";
import { StoreError } from "@headroom/core";
import { transaction } from "./connect.ts";
import { DamageError } from "./sqlite-errors.ts";

/** `PRAGMA user_version` of the files this package writes. Format 1 did not set it. */
export const FORMAT = 2;

/** As SQLite keeps them. Rows are added at the end, so that a put writes few pages however many there are. The bytes stand last, so that what is asked about a row does not read them. */
const TABLES = [
  `CREATE TABLE originals (
    id INTEGER PRIMARY KEY NOT NULL,
    key INTEGER NOT NULL,
    ref TEXT NOT NULL,
    encoding INTEGER NOT NULL,
    digest BLOB NOT NULL,
    size INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    bytes BLOB NOT NULL
  ) STRICT`,
  "CREATE UNIQUE INDEX originals_key ON originals (key)",
  "CREATE INDEX originals_used ON originals (used_at, size)",
  "CREATE INDEX originals_expiry ON originals (expires_at)",
  "CREATE TABLE totals (id INTEGER PRIMARY KEY CHECK (id = 1), bytes INTEGER NOT NULL) STRICT",
  `CREATE TRIGGER originals_added AFTER INSERT ON originals
    BEGIN UPDATE totals SET bytes = bytes + new.size; END`,
  `CREATE TRIGGER originals_removed AFTER DELETE ON originals
    BEGIN UPDATE totals SET bytes = bytes - old.size; END`,
  `CREATE TRIGGER originals_resized AFTER UPDATE OF size ON originals
    BEGIN UPDATE totals SET bytes = bytes - old.size + new.size; END`,
];

/** What stands in a file that opens as a database. */
export type Content = "empty" | "current" | "format 1";

/** @throws StoreError when the file belongs to something else or to a newer version; DamageError */
export function contentOf(db: DatabaseSync): Content {
  const version = Number(db.prepare("PRAGMA user_version").get()?.user_version);
  if (version > FORMAT)
    throw new StoreError("sqlite", "open", `the file has format ${version} of a newer version.`);
  const schema = db.prepare("SELECT type, name, sql FROM sqlite_schema").all();
  const found = new Set(schema.map(({ sql }) => sql));
  if (TABLES.every((sql) => found.has(sql))) return "current";
  if (version === FORMAT) throw new DamageError("its schema is damaged.");
  const tables = schema.filter(({ type }) => type === "table");
  if (tables.length === 0) return "empty";
  if (version === 0 && tables.some(({ name }) => name === "originals")) return "format 1";
  throw new StoreError("sqlite", "open", "the file is a database of something else.");
}

/** Makes the tables in an empty file. */
export function createTables(db: DatabaseSync): void {
  // Only an empty file takes this setting, and only before the journal mode is set.
  db.exec("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL");
  transaction(db, () => {
    if (contentOf(db) !== "empty") return;
    for (const sql of [...TABLES, "INSERT INTO totals VALUES (1, 0)"]) db.exec(sql);
    db.exec(`PRAGMA user_version = ${FORMAT}`);
  });
}
