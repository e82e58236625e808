/**
 * A plain folder of originals, one file each, shared by every process that names the folder.
 *
 * Keeps each original as it was, with a digest that is checked on every read. A file is written whole or not at all
 * (temporary file, fsync, hard link into place, fsync of the folder), so readers never see half of one and two writers
 * cannot clobber each other. A longer life is appended as one more line, which is atomic too: no locks anywhere.
 *
 * A put that finds a file under its ref reads the whole of it, and replaces what is damaged or no regular file.
 *
 * Trap: an expired file is hidden, never unlinked by a reader. Another process may be lengthening it at that moment.
 */
import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { link, lstat, mkdir, open, rename, rm, unlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type CcrEntry, type CcrRef, type CcrStore, StoreError } from "@headroom/core";
import {
  appendDurably,
  hasCode,
  NotAFileError,
  readRegularFile,
  removeAbandoned,
  warningsAbout,
  writeDurably,
} from "./folder-files.ts";
import { formatLife, formatRecord, parseRecord, type StoredRecord } from "./folder-record.ts";

export interface FolderStoreOptions {
  /** Created (mode 0700) by the first `put` when it is not there. */
  readonly folder: string;
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
}

const NAME = "folder";
/**
 * Small letters, digits, `-` and `_`: no dot, no separator, so a ref can never name a file outside the folder, and no two
 * refs are one file where names ignore case.
 */
const SAFE_REF = /^[a-z0-9_-]{1,128}$/;
/** Entries of one `putMany` that are written at the same time. */
const BATCH = 16;

/** A store that keeps originals in a folder on this machine. */
export function folderStore(options: FolderStoreOptions): CcrStore {
  const folder = resolve(options.folder);
  const { now = Date.now } = options;
  let preparation: Promise<void> | undefined;
  let warnings: readonly string[] = [];
  const pathOf = (ref: CcrRef): string => join(folder, `${ref}.ccr`);

  async function load(ref: CcrRef): Promise<StoredRecord | undefined> {
    const bytes = await readRegularFile(pathOf(ref));
    return bytes && parseRecord(ref, bytes);
  }

  /** As `load`; what is no file is replaced like a damaged one. */
  async function proveHeld(ref: CcrRef): Promise<StoredRecord | undefined> {
    try {
      return await load(ref);
    } catch (error) {
      if (error instanceof NotAFileError) return { isIntact: false };
      throw error;
    }
  }

  /** Once for each store: makes the folder, looks at it, and clears what killed writers left. */
  function prepared(): Promise<void> {
    preparation ??= prepare().catch((error: unknown) => {
      preparation = undefined;
      throw error;
    });
    return preparation;
  }

  async function prepare(): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    warnings = await warningsAbout(folder);
    await removeAbandoned(folder, now());
  }

  /** Writes an entry so that only its name in the folder is not durable yet. */
  async function write(entry: CcrEntry): Promise<void> {
    const { ref, text, expiresAt } = entry;
    if (!SAFE_REF.test(ref))
      throw new StoreError(NAME, "put", `${JSON.stringify(ref)} is not a ref`);
    const path = pathOf(ref);
    const temporary = join(folder, `.${ref}.${randomBytes(8).toString("hex")}.tmp`);
    try {
      await writeDurably(temporary, formatRecord(entry));
      if (await linkInto(temporary, path)) return;
      const held = await proveHeld(ref);
      const isLive = held?.isIntact === true && !isOver(held.expiresAt, now());
      if (isLive && held.text !== text) {
        throw new StoreError(NAME, "put", `${ref} already holds another text`);
      }
      if (held?.isIntact !== true || held.text !== text) await rename(temporary, path);
      else if (isLonger(expiresAt, held.expiresAt))
        await appendDurably(path, `\n${formatLife(expiresAt)}`);
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async function readBack({ ref, text }: CcrEntry): Promise<void> {
    const written = await load(ref);
    if (written?.isIntact !== true || written.text !== text) {
      throw new StoreError(NAME, "put", `${ref} does not read back as written`);
    }
  }

  /** A few at a time: every entry has a file open. The folder is synced once for all. */
  async function putMany(entries: readonly CcrEntry[]): Promise<readonly (Error | undefined)[]> {
    if (entries.some(({ ref }) => SAFE_REF.test(ref))) await prepared();
    const problems: (Error | undefined)[] = [];
    const inBatches = async (step: (entry: CcrEntry) => Promise<void>): Promise<void> => {
      for (let start = 0; start < entries.length; start += BATCH) {
        const batch = entries.slice(start, start + BATCH);
        const steps = batch.map(async (entry, offset) => {
          const index = start + offset;
          problems[index] ??= await problemOf(() => step(entry));
        });
        await Promise.all(steps);
      }
    };
    await inBatches(write);
    if (entries.some((_, index) => problems[index] === undefined)) await syncFolder(folder);
    await inBatches(readBack);
    return problems;
  }

  async function put(entry: CcrEntry): Promise<void> {
    const [problem] = await putMany([entry]);
    if (problem) throw problem;
  }

  async function get(ref: CcrRef): Promise<CcrEntry | undefined> {
    if (!SAFE_REF.test(ref)) return undefined;
    const record = await load(ref);
    if (record === undefined) return undefined;
    if (!record.isIntact) {
      throw new StoreError(NAME, "get", `${pathOf(ref)} is damaged: its digest does not match`);
    }
    if (isOver(record.expiresAt, now())) return undefined;
    return {
      ref,
      text: record.text,
      ...(record.expiresAt === undefined ? {} : { expiresAt: record.expiresAt }),
    };
  }

  async function remove(ref: CcrRef): Promise<boolean> {
    if (!SAFE_REF.test(ref)) return false;
    const held = await proveHeld(ref);
    if (held === undefined) return false;
    try {
      await unlink(pathOf(ref));
    } catch (error) {
      if (hasCode(error, "ENOENT")) return false;
      throw error;
    }
    return !(held.isIntact && isOver(held.expiresAt, now()));
  }

  return {
    name: NAME,
    readsBack: true,
    put: (entry) => guarded("put", () => put(entry)),
    putMany: (entries) => guarded("put", () => putMany(entries)),
    get: (ref) => guarded("get", () => get(ref)),
    delete: (ref) => guarded("delete", () => remove(ref)),
    warnings: () => warnings,
  };
}

function isOver(expiresAt: number | undefined, now: number): boolean {
  return expiresAt !== undefined && expiresAt <= now;
}

function isLonger(candidate: number | undefined, current: number | undefined): boolean {
  if (current === undefined) return false;
  return candidate === undefined || candidate > current;
}

/** True when `path` is new. A hard link refuses to replace; where there are none, a rename has to do. */
async function linkInto(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    if (!hasCode(error, "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK")) throw error;
  }
  try {
    await lstat(path);
    return false;
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
  await rename(temporary, path);
  return true;
}

/** Makes the new name itself durable. Windows cannot open folders, and does not need to. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function guarded<Value>(operation: string, run: () => Promise<Value>): Promise<Value> {
  try {
    return await run();
  } catch (error) {
    throw storeError(operation, error);
  }
}

async function problemOf(run: () => Promise<void>): Promise<Error | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return storeError("put", error);
  }
}

function storeError(operation: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new StoreError(NAME, operation, message, { cause: error });
}
