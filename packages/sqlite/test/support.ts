/** Files, originals and other processes for the tests of the store. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { type CcrEntry, type CcrRef, type CcrStore, refOf, refScope } from "@headroom/core";
import { type SqliteStoreOptions, sqliteStore } from "@headroom/sqlite";
import { afterAll } from "vitest";
import type { Answer, Request } from "./peer.ts";

const scope = refScope("default");
/** A real SQLite beside the store, to damage files and hold locks with. */
export const { DatabaseSync: Database } = process.getBuiltinModule("node:sqlite");

export function entry(text: string): CcrEntry {
  return { ref: refOf(text, scope), text };
}

/** Different originals of about `size` characters. */
export function entries(from: number, count: number, size = 2_500): CcrEntry[] {
  return Array.from({ length: count }, (_, index) => {
    const line = `original ${from + index} holds this line again and again. `;
    return entry(line.repeat(Math.ceil(size / line.length)));
  });
}

export interface Peer {
  /** Resolves to the entries it acknowledged. */
  put(originals: readonly CcrEntry[]): Promise<CcrEntry[]>;
  get(ref: CcrRef): Promise<Answer>;
  /** Of these, how many it does not answer with their text. */
  missing(originals: readonly CcrEntry[]): Promise<number>;
  /** Closes its store and opens one with these options. */
  open(options: SqliteStoreOptions): Promise<unknown>;
  /** Closes its store; SQLite moves the log into the file then. */
  close(): Promise<unknown>;
  readonly child: ChildProcess;
}

/** A folder for one test file, with what was opened in it closed at the end. */
export function workplace(): {
  readonly folder: string;
  newPath(): string;
  store(options: SqliteStoreOptions): CcrStore;
  peer(options: SqliteStoreOptions, node?: string): Peer;
  /** Of these, how many another process does not find that opens the file for this look alone. */
  missingElsewhere(path: string, originals: readonly CcrEntry[]): Promise<number>;
} {
  const folder = mkdtempSync(join(tmpdir(), "headroom-sqlite-"));
  const stores: CcrStore[] = [];
  const children: ChildProcess[] = [];
  let files = 0;
  let reader: Peer | undefined;
  afterAll(async () => {
    for (const child of children) child.kill();
    for (const store of stores) await store.close?.();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder,
    newPath: () => join(folder, `store-${files++}.db`),
    store(options) {
      const store = sqliteStore(options);
      stores.push(store);
      return store;
    },
    async missingElsewhere(path, originals) {
      reader ??= peer({ path });
      await reader.open({ path });
      const count = await reader.missing(originals);
      await reader.close();
      return count;
    },
    peer,
  };

  function peer(options: SqliteStoreOptions, node?: string): Peer {
    const child = fork(new URL("peer.ts", import.meta.url), [JSON.stringify(options)], {
      execArgv: ["--conditions=@headroom/source", "--experimental-strip-types", "--no-warnings"],
      ...(node === undefined ? {} : { execPath: node }),
    });
    children.push(child);
    return peerOf(child);
  }
}

function peerOf(child: ChildProcess): Peer {
  const ask = async (request: Request): Promise<Answer> => {
    child.send(request);
    const [answer] = await once(child, "message");
    return answer as Answer;
  };
  const get = (ref: CcrRef): Promise<Answer> => ask({ get: ref });
  return {
    child,
    get,
    open: (options) => ask({ open: options }),
    close: () => ask({ close: true }),
    async put(originals) {
      const { errors, error } = await ask({ put: originals });
      if (error !== undefined) throw new Error(error);
      return originals.filter((_, index) => errors?.[index] === null);
    },
    async missing(originals) {
      let count = 0;
      for (const { ref, text } of originals) if ((await get(ref)).text !== text) count++;
      return count;
    },
  };
}

/** Of these originals, how many a store does not answer with their text. */
export async function missing(store: CcrStore, originals: readonly CcrEntry[]): Promise<number> {
  let count = 0;
  for (const { ref, text } of originals)
    if ((await store.get(ref).catch(() => undefined))?.text !== text) count++;
  return count;
}

/** Moves everything into the main file and closes it, so that a test can change its bytes. */
export function checkpoint(path: string): void {
  withDatabase(path, (db) => db.exec("PRAGMA wal_checkpoint(TRUNCATE)"));
}

export function withDatabase<Result>(path: string, use: (db: DatabaseSync) => Result): Result {
  const db = new Database(path);
  try {
    return use(db);
  } finally {
    db.close();
  }
}

/** The longest time for which the event loop stood still while `work` ran, in milliseconds. */
export async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const time = performance.now();
    longest = Math.max(longest, time - last);
    last = time;
  }, 2);
  try {
    await new Promise((resolve) => setTimeout(resolve, 10));
    await work();
    await new Promise((resolve) => setTimeout(resolve, 10));
  } finally {
    clearInterval(timer);
  }
  return longest;
}
