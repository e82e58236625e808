/**
 * Files of a folder that other programs may write into: only regular files are read, nothing is followed, nothing waits.
 *
 * A FIFO opened the ordinary way waits for a writer for ever, and so do some devices.
 */
import { constants } from "node:fs";
import { type FileHandle, open, readdir, stat, unlink } from "node:fs/promises";
import { basename, join } from "node:path";

/** Node.js cannot hold longer texts. */
const MAX_FILE_BYTES = 1 << 30;
/** Longer than any write takes: what is older was left by a process that was killed. */
const ABANDONED_AFTER_MS = 3_600_000;
const TEMPORARY = /^\.[a-z0-9_-]+\.[0-9a-f]{16}\.tmp$/;
const WRITABLE_BY_OTHERS = 0o022;
const OTHERS = 0o077;

/** What stands under a name is a link, a FIFO, a folder, a device: not an original. */
export class NotAFileError extends Error {
  override readonly name = "NotAFileError";
}

/** The bytes of a regular file; `undefined` when there is none. Takes the rights of other users from it. */
export async function readRegularFile(path: string): Promise<Buffer | undefined> {
  try {
    return await withRegularFile(path, constants.O_RDONLY, async (file, { mode, size }) => {
      if (size > MAX_FILE_BYTES) throw new NotAFileError(`${path} is too large for an original`);
      // Not ours to change: the folder's owner is told by `warningsAbout`.
      if ((mode & OTHERS) !== 0) await file.chmod(mode & 0o700).catch(() => undefined);
      return file.readFile();
    });
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Adds to a regular file that is there, and syncs it. */
export async function appendDurably(path: string, text: string): Promise<void> {
  await withRegularFile(path, constants.O_WRONLY | constants.O_APPEND, async (file) => {
    await file.write(text);
    await file.sync();
  });
}

/** Makes a file that is not there yet, for its owner only, and syncs it. */
export async function writeDurably(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Deletes temporary files of writers that were killed long ago. */
export async function removeAbandoned(folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!TEMPORARY.test(name)) continue;
    const path = join(folder, name);
    try {
      if (now - (await stat(path)).mtimeMs > ABANDONED_AFTER_MS) await unlink(path);
    } catch {
      // Another process was faster.
    }
  }
}

/** What a user should know about the folder, as sentences. */
export async function warningsAbout(folder: string): Promise<readonly string[]> {
  if (process.platform === "win32") return [];
  const mode = (await stat(folder)).mode & 0o777;
  if ((mode & WRITABLE_BY_OTHERS) === 0) return [];
  return [
    `the folder ${basename(folder)} can be written by other users of this machine (mode 0${mode.toString(8)}): they could delete originals.`,
  ];
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    codes.includes(error.code)
  );
}

async function withRegularFile<Result>(
  path: string,
  flags: number,
  use: (file: FileHandle, stats: { mode: number; size: number }) => Promise<Result>,
): Promise<Result> {
  // Windows has neither flag; its folders have neither FIFOs nor links made by others.
  const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  let file: FileHandle;
  try {
    file = await open(path, flags | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    // A link, a folder opened for writing, a FIFO without a reader, a socket.
    if (hasCode(error, "ELOOP", "EISDIR", "ENXIO", "EOPNOTSUPP"))
      throw new NotAFileError(`${path} is not a regular file`, { cause: error });
    throw error;
  }
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new NotAFileError(`${path} is not a regular file`);
    return await use(file, stats);
  } finally {
    await file.close();
  }
}
