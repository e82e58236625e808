/** The store's files on disk: who may read them, whether they are still the ones that were opened, setting them aside. */
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { StoreError } from "@headroom/core";
import { connect } from "./connect.ts";
import { isBusy } from "./sqlite-errors.ts";

/** SQLite's own files beside the database. */
export const COMPANIONS = ["", "-wal", "-shm"] as const;

const OTHERS = 0o077;
const WRITABLE_BY_OTHERS = 0o022;

/** A new folder is for its owner only. */
export function makeFolderOf(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
}

/**
 * Makes the file if it is not there, for its owner only, and takes the rights of others from files that were there.
 * Returns what could not be put right, as sentences.
 */
export function makePrivate(file: string): readonly string[] {
  const folder = dirname(file);
  createPrivate(file);
  if (!statSync(file).isFile())
    throw new StoreError("sqlite", "open", `${basename(file)} is not a file.`);
  if (process.platform === "win32") return [];
  const problems: string[] = [];
  for (const companion of COMPANIONS) {
    const mode = modeOf(file + companion);
    if (mode === undefined || (mode & OTHERS) === 0) continue;
    try {
      chmodSync(file + companion, mode & ~OTHERS);
    } catch {
      problems.push(
        `${basename(file + companion)} can be used by other users of this machine (mode ${octal(mode)}), and its mode cannot be changed.`,
      );
    }
  }
  const mode = modeOf(folder) ?? 0;
  if ((mode & WRITABLE_BY_OTHERS) !== 0)
    problems.push(
      `the folder of ${basename(file)} can be written by other users of this machine (mode ${octal(mode)}): they could replace the file.`,
    );
  return problems;
}

/** More links than this lead in a circle. */
const MAX_LINKS = 40;

/** The path of the file that a path leads to, whether or not it is there. SQLite names its files beside it after that one. */
export function withoutLinks(path: string): string {
  let file = path;
  for (let count = 0; count < MAX_LINKS; count++) {
    if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return file;
    file = resolve(dirname(file), readlinkSync(file));
  }
  throw new StoreError("sqlite", "open", `${basename(path)} is a link that leads nowhere.`);
}

/** Tells whether a file was written to: two equal answers are the same bytes. */
export function stampOf(file: string): string {
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stats ? `${stats.mtimeNs} ${stats.size}` : "none";
}

/** Which file stands at a path now. Two equal answers are the same file; `undefined`: none. */
export function fileAt(path: string): string | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats && `${stats.dev}:${stats.ino}`;
}

/** As `fileAt`, for the database and SQLite's files beside it: all of them have to be the ones other processes open. */
export function filesAt(file: string): string {
  return COMPANIONS.map((companion) => fileAt(file + companion) ?? "none").join(" ");
}

/** Renames the database with its companions to a name that is free. Nothing is deleted. */
export function renameAside(file: string, suffix: string): string {
  return renameAll(file, freeName(file, suffix));
}

/**
 * Puts away what SQLite would take for its own and is not: the log of a file that is gone (its originals were that file's),
 * and the index of a log that is gone, which another process may hold open for as long as it does nothing.
 */
export function clearOrphans(file: string, suffix: string): void {
  const isThere = existsSync(file);
  if (!isThere && existsSync(`${file}-wal`))
    renameSync(`${file}-wal`, `${freeName(file, suffix)}-wal`);
  // It holds nothing that is not in the log.
  if (!existsSync(`${file}-wal`)) rmSync(`${file}-shm`, { force: true });
}

function freeName(file: string, suffix: string): string {
  const isTaken = (name: string): boolean =>
    COMPANIONS.some((companion) => existsSync(name + companion));
  let name = `${file}.${suffix}`;
  for (let count = 1; isTaken(name); count++) name = `${file}.${suffix}-${count}`;
  return name;
}

export function renameAll(file: string, target: string): string {
  for (const companion of COMPANIONS)
    if (existsSync(file + companion)) renameSync(file + companion, target + companion);
  return target;
}

/**
 * Keeps other processes from opening or replacing the file until the returned function is called: both happen under this
 * lock, so that no one opens half of a replacement. It is a lock of the operating system on a file beside the database
 * and ends with the process. `undefined` where it cannot be made, as in a folder that can only be read.
 *
 * @throws what `isBusy` recognises while another process holds it
 */
export function lockFiles(file: string): (() => void) | undefined {
  try {
    createPrivate(`${file}-lock`);
    return connect(`${file}-lock`, {}, (db) => {
      db.exec("BEGIN EXCLUSIVE");
      return () => db.close();
    });
  } catch (error) {
    if (isBusy(error)) throw error;
    return undefined;
  }
}

/** Nothing is opened that exists: closing it would drop the locks this process has on it. */
function createPrivate(path: string): void {
  if (existsSync(path)) return;
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if (!existsSync(path)) throw error;
  }
}

function modeOf(path: string): number | undefined {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  return mode === undefined ? undefined : mode & 0o777;
}

function octal(mode: number): string {
  return `0${mode.toString(8)}`;
}
