/** SQLite stores as somebody would write them first, each without one thing that matters. For sabotage only. */
import { existsSync, renameSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { CcrStore } from "@headroom/core";
import type { StoreSpec } from "./spec.ts";
import { tableOfRefs } from "./sqlite-file.ts";

/**
 * One handle for good, no digest, and a commit only every 40 puts: it does not notice that its file is gone, serves what
 * the file says, and loses what it acknowledged when it is killed. A busy or full file is taken for an acknowledgement.
 */
export function naiveSqlite(_store: CcrStore, { path = "" }: StoreSpec): CcrStore {
  let database: DatabaseSync | undefined;
  let puts = 0;
  const opened = (): DatabaseSync => {
    if (database) return database;
    database = new DatabaseSync(path, { timeout: 0 });
    database.exec(
      "PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS naive (ref TEXT PRIMARY KEY, text TEXT)",
    );
    return database;
  };
  return {
    name: "naive",
    readsBack: true,
    async put({ ref, text }) {
      try {
        const db = opened();
        if (puts++ % 40 === 0) db.exec("BEGIN IMMEDIATE");
        db.prepare("INSERT OR REPLACE INTO naive VALUES (?, ?)").run(ref, text);
        if (puts % 40 === 0) db.exec("COMMIT");
      } catch {
        // As if it had worked.
      }
    },
    async get(ref) {
      const row = opened().prepare("SELECT text FROM naive WHERE ref = ?").get(ref);
      return row ? { ref, text: String(row.text) } : undefined;
    },
    delete: async () => false,
    async close() {
      if (puts % 40 !== 0) database?.exec("COMMIT");
      database?.close();
    },
  };
}

/** On every failed read it renames whatever file is there, its own or another process's. */
export function setsAside(store: CcrStore, { path = "" }: StoreSpec): CcrStore {
  let asides = 0;
  return {
    ...store,
    async get(ref) {
      const found = await store.get(ref).catch(() => undefined);
      if (found || !existsSync(path)) return found;
      const aside = `${path}.aside-${process.pid}-${asides++}`;
      for (const companion of ["", "-wal", "-shm"])
        if (existsSync(path + companion)) renameSync(path + companion, aside + companion);
      return undefined;
    },
  };
}

/** Adds up all rows before every put. */
export function sumsAllRows(store: CcrStore, { path = "" }: StoreSpec): CcrStore {
  let reader: DatabaseSync | undefined;
  return {
    ...store,
    async put(entry) {
      await store.put(entry);
      reader ??= new DatabaseSync(path);
      reader.prepare(`SELECT sum(length(ref)) FROM ${tableOfRefs(reader)}`).get();
    },
    async close() {
      reader?.close();
      await store.close?.();
    },
  };
}
