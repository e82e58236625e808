import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { StoreError } from "@headroom/core";
import { connect } from "./connect.ts";
import {
  clearOrphans,
  fileAt,
  filesAt,
  lockFiles,
  makeFolderOf,
  makePrivate,
  renameAside,
  stampOf,
  withoutLinks,
} from "./files.ts";
import { hasWholePages } from "./first-page.ts";
import { CARRY, Predecessor } from "./predecessor.ts";
import { Rows } from "./rows.ts";
import { contentOf, createTables } from "./schema.ts";
import { isBusy, isCorrupt } from "./sqlite-errors.ts";

/** An open file that has the current format. */
export interface Connection {
  /** Where the file stands, links followed. */
  readonly file: string;
  readonly db: DatabaseSync;
  readonly rows: Rows;
  /** Files set aside whose originals are being carried over. */
  readonly predecessors: Predecessor[];
  /** What a user should know about the file, as sentences. */
  readonly warnings: readonly string[];
  /** False when the file, or one of SQLite's beside it, was deleted or replaced: other processes do not see this one. */
  isInPlace(): boolean;
  /** Before something is written: forgets what SQLite keeps of the file where another process has written to it. */
  forgetIfChanged(): void;
  /** After something was written: the changes up to now are those of this connection. */
  rememberOwnChange(): void;
  close(): void;
}

export interface OpenOptions {
  readonly file: string;
  readonly maxBytes: number;
  readonly now: () => number;
}

/** The file was replaced while it was being opened: worth another try. */
export class MovedError extends Error {
  override readonly name = "MovedError";
  constructor(file: string, how = "was replaced") {
    super(`${basename(file)} ${how}.`);
  }
}

/**
 * Opens the file for reading and writing; makes it when it is not there. One of an older format is set aside and carried
 * over, and so is a damaged one where `mayReplace`.
 *
 * @throws what `isBusy`, `isCorrupt` recognise; MovedError; StoreError; what the file system says
 */
export function openFile(options: OpenOptions, mayReplace: boolean): Connection {
  const { now } = options;
  if (options.file === ":memory:") return openMemory(options);
  const file = withoutLinks(options.file);
  makeFolderOf(file);
  const unlock = lockFiles(file);
  try {
    const warnings: string[] = [];
    for (let replacements = 0; ; replacements++) {
      try {
        if (hasLostItsLog(file)) {
          renameAside(file, `${CARRY}${now()}`);
          warnings.push(
            `SQLite's files beside ${basename(file)} were deleted while it was open: it has been set aside, and what it holds is carried over.`,
          );
        }
        clearOrphans(file, `corrupt-${now()}`);
        const opened = openUnderLock(options, file, warnings);
        if (opened) return opened;
        renameAside(file, `${CARRY}${now()}`);
      } catch (error) {
        if (!mayReplace || !isCorrupt(error) || replacements > 2) throw error;
        const mayBeOurs = hasWholePages(file);
        const aside = renameAside(file, `${mayBeOurs ? CARRY : "corrupt-"}${now()}`);
        warnings.push(setAsideWarning(file, aside));
      }
    }
  } finally {
    unlock?.();
  }
}

/** A process that closes a file holds it for an instant after it has deleted the log. */
const CLOSING_TRIES = 3;
const CLOSING_MS = 3;

/**
 * Whether another connection has the file open with a log, or an index of it, that is not beside it any more. Closing that connection would write
 * that log into the file, over what others have put there since; SQLite does so only while the file stands at its path.
 */
function hasLostItsLog(file: string): boolean {
  const isWhole = existsSync(`${file}-wal`) && existsSync(`${file}-shm`);
  if (isWhole || !existsSync(file)) return false;
  for (let count = 0; count < CLOSING_TRIES; count++) {
    if (!isBusyFor(file, "PRAGMA locking_mode = EXCLUSIVE")) return false;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, CLOSING_MS);
  }
  // Who keeps even readers out has no log, and will be done: what is busy is tried again.
  return !isBusyFor(file, "");
}

/** Whether reading the file in a certain way is kept off by another connection. */
function isBusyFor(file: string, pragma: string): boolean {
  try {
    connect(file, {}, (db) => {
      db.exec(pragma);
      db.prepare("SELECT 1 FROM sqlite_schema").get();
      db.close();
    });
    return false;
  } catch (error) {
    return isBusy(error);
  }
}

export function setAsideWarning(file: string, aside: string): string {
  const name = basename(aside).replace(`.${CARRY}`, ".corrupt-");
  return `${basename(file)} was damaged and has been set aside as ${name}; what cannot be read of it is lost.`;
}

/** `undefined` when the file has an older format. */
function openUnderLock(
  { file: path, maxBytes }: OpenOptions,
  file: string,
  earlier: readonly string[],
): Connection | undefined {
  const warnings = [...earlier, ...makePrivate(file)];
  const before = fileAt(file);
  return connect(file, {}, (db) => {
    const content = contentOf(db);
    if (content === "format 1") {
      db.close();
      return undefined;
    }
    db.exec("PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 16777216");
    if (content === "empty") createTables(db);
    // A copy that a tool has made may not have it.
    else db.exec("PRAGMA journal_mode = WAL");
    const rows = new Rows(db, maxBytes);
    // The first read opens SQLite's other files, by name.
    rows.totalBytes();
    const files = filesAt(file);
    if (fileAt(file) !== before) throw new MovedError(file);
    const predecessors = Predecessor.of(file, maxBytes);
    return {
      file,
      db,
      rows,
      predecessors,
      warnings,
      isInPlace: () => filesAt(file) === files && withoutLinks(path) === file,
      ...changesOf(file, db),
      close() {
        for (const predecessor of predecessors) predecessor.close();
        db.close();
      },
    };
  });
}

/** Looked at once for so many milliseconds: other processes move their log into the file now and then. */
const LOOK_MS = 1_000;

/**
 * Whether the file still holds what this connection believes. A copy that is written over an open file keeps its name and its
 * number; SQLite goes on answering from memory and from its log, and what it answers is in no file any more.
 */
function changesOf(
  file: string,
  db: DatabaseSync,
): Pick<Connection, "forgetIfChanged" | "rememberOwnChange"> {
  let known = stampOf(file);
  let isKnown = true;
  let lookedAt = Number.NEGATIVE_INFINITY;
  return {
    forgetIfChanged() {
      isKnown = stampOf(file) === known;
      const time = performance.now();
      if (isKnown || time - lookedAt < LOOK_MS) return;
      lookedAt = time;
      // The log is emptied too: what of it was moved into the file before is not moved there again.
      const outcome = db.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get();
      db.exec("PRAGMA shrink_memory");
      isKnown = outcome?.busy === 0;
      if (isKnown) known = stampOf(file);
    },
    rememberOwnChange() {
      if (isKnown) known = stampOf(file);
    },
  };
}

function openMemory({ file, maxBytes }: OpenOptions): Connection {
  return connect(file, {}, (db) => {
    createTables(db);
    return {
      file,
      db,
      rows: new Rows(db, maxBytes),
      predecessors: [],
      warnings: [],
      isInPlace: () => true,
      forgetIfChanged: () => undefined,
      rememberOwnChange: () => undefined,
      close: () => db.close(),
    };
  });
}

/**
 * Reads from a file that cannot be opened for writing: the file or its folder is read-only, or the disk is full, where
 * SQLite cannot make its files beside it.
 */
export function readOnly<Result>(
  { file: path, maxBytes }: OpenOptions,
  work: (rows: Rows) => Result,
): Result {
  const file = withoutLinks(path);
  const read = (address: string, options: { readOnly?: boolean }, pragma = ""): Result =>
    connect(address, options, (db) => {
      db.exec(pragma);
      const content = contentOf(db);
      if (content !== "current")
        throw new StoreError("sqlite", "get", "a file of an older format cannot be read here.");
      const result = work(new Rows(db, maxBytes));
      db.close();
      return result;
    });
  const hasLog = (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
  const ways = [
    () => read(file, { readOnly: true }),
    // No other process can be writing when the write-ahead log is not there.
    ...(hasLog ? [] : [() => read(`${uriOf(file)}?immutable=1`, { readOnly: true })]),
    // The log's index is kept in memory then.
    () => read(file, {}, "PRAGMA locking_mode = EXCLUSIVE"),
    () => onCopy(file, (copy) => read(copy, {})),
  ];
  let failure: unknown;
  for (const way of ways) {
    try {
      return way();
    } catch (error) {
      if (error instanceof StoreError || isBusy(error)) throw error;
      failure ??= error;
    }
  }
  throw failure;
}

function uriOf(file: string): string {
  return `file:${encodeURI(file).replaceAll("?", "%3f").replaceAll("#", "%23")}`;
}

/** The last way, for the first versions of Node.js 22 with SQLite, which do not take its addresses. */
function onCopy<Result>(file: string, work: (copy: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), "headroom-sqlite-"));
  try {
    const copy = join(folder, "copy.db");
    copyFileSync(file, copy);
    if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`);
    return work(copy);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
