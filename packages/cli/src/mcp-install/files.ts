/**
 * Reads and writes other programs' files.
 *
 * A file is replaced by a finished one: whoever reads it meanwhile sees the old or the new text, never a part. Links stay links: their
 * target is replaced.
 */
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { ConfigProblem } from "./config-format.ts";

const MAX_BYTES = 64 * 1024 * 1024;

export interface ConfigFile {
  readonly bytes: Buffer;
  /** Without the byte order mark. */
  readonly text: string;
  readonly hasMark: boolean;
}

/** @returns undefined where there is no file */
export function readConfig(path: string): ConfigFile | undefined {
  if (!exists(path)) return undefined;
  const stat = guarded(() => statSync(path), "cannot be read");
  if (!stat.isFile()) throw new ConfigProblem("it is not a file");
  if (stat.size > MAX_BYTES) throw new ConfigProblem("it is larger than 64 MiB");
  const bytes = guarded(() => readFileSync(path), "cannot be read");
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ConfigProblem("it is not UTF-8 text");
  }
  const hasMark = text.startsWith("\uFEFF");
  return { bytes, text: hasMark ? text.slice(1) : text, hasMark };
}

/**
 * Puts bytes in the place of those that were read.
 *
 * @param before what was read; undefined where no file was
 * @returns false when somebody else changed the file meanwhile: nothing is written
 * @throws ConfigProblem where writing is not allowed
 */
export function replaceConfig(
  path: string,
  before: Buffer | undefined,
  bytes: Uint8Array,
  newMode: number,
): boolean {
  const target = exists(path) ? guarded(() => realpathSync(path), "cannot be written") : path;
  if (before) refuseReadOnly(target);
  else guarded(() => mkdirSync(dirname(target), { recursive: true }), "its folder cannot be made");
  const old = before && statSync(target);
  const temporary = `${target}.headroom-${randomBytes(6).toString("hex")}.tmp`;
  try {
    const handle = guarded(
      () => openSync(temporary, "wx", old ? 0o600 : newMode),
      "its folder cannot be written to",
    );
    try {
      writeFileSync(handle, bytes);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    if (old) {
      keepOwner(temporary, old);
      chmodSync(temporary, old.mode & 0o7777);
    }
    const now = exists(target) ? readFileSync(target) : undefined;
    if (now === undefined ? before !== undefined : !before || !now.equals(before)) return false;
    renameSync(temporary, target);
    return true;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Removes a file of ours, where links lead to as well as here. */
export function removeFile(path: string): void {
  guarded(() => unlinkSync(path), "cannot be removed");
}

/** Renaming asks the folder only: a file that is marked read-only would be replaced all the same. */
export function refuseReadOnly(path: string): void {
  if (!exists(path)) return;
  const stat = guarded(() => statSync(path), "cannot be read");
  if ((stat.mode & 0o222) === 0) throw new ConfigProblem("it is read-only");
  guarded(() => closeSync(openSync(path, "r+")), "cannot be written");
}

/** Links count as there, wherever they lead. */
export function exists(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return false;
    throw new ConfigProblem(`cannot be read (${code})`);
  }
}

function keepOwner(path: string, { uid, gid }: { uid: number; gid: number }): void {
  try {
    chownSync(path, uid, gid);
  } catch {
    // Only root may give a file away.
  }
}

function guarded<Value>(act: () => Value, words: string): Value {
  try {
    return act();
  } catch (error) {
    throw new ConfigProblem(`${words} (${codeOf(error)})`);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

/** Puts a file of ours there, and not where a link of that name leads. */
export function writeOwn(path: string, bytes: Uint8Array): void {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    guarded(
      () => writeFileSync(temporary, bytes, { flag: "wx", mode: 0o600, flush: true }),
      "no copy of it can be kept beside it",
    );
    guarded(() => renameSync(temporary, path), "no copy of it can be kept beside it");
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** A file of ours; a link or a folder of that name is none. */
export function readOwn(path: string): ConfigFile | undefined {
  if (!exists(path) || !lstatSync(path).isFile()) return undefined;
  return readConfig(path);
}

/** Removes the folder if it is empty. */
export function removeEmptyFolder(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // Something is in it: it stays.
  }
}
