/** The text of a file, or in words why there is none. */
import { constants } from "node:fs";
import { type FileHandle, open, realpath, stat } from "node:fs/promises";
import { ToolError } from "../answer.ts";
import { type Inside, quoted } from "./roots.ts";

/** Longer files are answered in words. */
export const MAX_FILE_BYTES = 20_000_000;

/**
 * Neither follows a link that was put there since the path was checked, nor waits for a pipe.
 *
 * @throws ToolError
 */
export async function readText(inside: Inside, signal: AbortSignal): Promise<string> {
  const bytes = await readBytes(inside, signal);
  return decoded(bytes, inside.shown);
}

async function readBytes({ real, shown }: Inside, signal: AbortSignal): Promise<Buffer> {
  let file: FileHandle | undefined;
  try {
    // Windows has neither of the flags.
    const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
    file = await open(real, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const opened = await file.stat();
    if (opened.isDirectory())
      throw new ToolError(`${quoted(shown)} is a folder. headroom_read reads one file.`);
    if (!opened.isFile())
      throw new ToolError(`${quoted(shown)} is no regular file, and is not read.`);
    if (opened.size > MAX_FILE_BYTES)
      throw new ToolError(
        `${quoted(shown)} has ${megabytes(opened.size)} MB; headroom_read reads files up to ${megabytes(MAX_FILE_BYTES)} MB. Take the part you need with a command (grep, sed -n, tail, jq).`,
      );
    const now = await stat(real);
    if ((await realpath(real)) !== real || now.ino !== opened.ino || now.dev !== opened.dev)
      throw new ToolError(`${quoted(shown)} was replaced while it was opened. Read it again.`);
    signal.throwIfAborted();
    return await readUpTo(file, MAX_FILE_BYTES);
  } catch (error) {
    throw inWords(error, shown);
  } finally {
    await file?.close();
  }
}

/** A file may grow while it is read, and some say that they are empty. */
async function readUpTo(file: FileHandle, most: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of file.createReadStream({ autoClose: false, end: most })) {
    parts.push(part as Buffer);
    length += (part as Buffer).length;
  }
  if (length > most)
    throw new ToolError(
      `The file has more than ${megabytes(most)} MB by now, and is not read. Take the part you need with a command.`,
    );
  return Buffer.concat(parts);
}

/** Byte order marks stay: the text is the file. */
function decoded(bytes: Buffer, shown: string): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : "utf-8";
  try {
    const text = new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!text.includes("\0")) return text;
  } catch {
    // No text in this encoding.
  }
  throw new ToolError(
    `${quoted(shown)} is a binary file (${bytes.length} bytes), and headroom_read reads text. Look at it with a command that knows its format.`,
  );
}

const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  EACCES: "may not be read: no permission",
  EPERM: "may not be read: no permission",
  ELOOP: "was replaced by a link while it was opened. Read it again",
  ENOENT: "is gone",
  ENXIO: "is no regular file, and is not read",
};

function inWords(error: unknown, shown: string): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const words = SYSTEM_ERRORS[code];
  if (words !== undefined) return new ToolError(`${quoted(shown)} ${words}.`);
  return code === "" ? error : new ToolError(`${quoted(shown)} could not be read (${code}).`);
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1).replace(/\.0$/, "");
}
