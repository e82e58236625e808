/**
 * Reading what a command works on: a file or standard input, as text and nothing else.
 *
 * Trap: `TextDecoder` drops a byte order mark unless told not to, and then the text is not the file any more.
 */
import { readFile } from "node:fs/promises";
import { CommandError } from "./command-error.ts";
import type { Terminal } from "./terminal.ts";

const STDIN = "-";
/** V8 strings end at 2^29 - 24 characters. */
const MAX_BYTES = 500_000_000;

export interface Input {
  /** How messages name it. */
  readonly label: string;
  readonly text: string;
}

/** The text of `path`; `-` or nothing is standard input. */
export async function readInput(path: string | undefined, terminal: Terminal): Promise<Input> {
  if (path === undefined && terminal.stdin.isTTY) {
    throw new CommandError("Nothing to read: give a FILE, or pipe something in.");
  }
  const fromStdin = path === undefined || path === STDIN;
  const label = fromStdin ? "standard input" : path;
  const bytes = fromStdin ? await readAll(terminal.stdin) : await readFile(path);
  const decoded = decodeText(bytes);
  if (decoded.text === undefined) throw new CommandError(`${label} is ${decoded.problem}.`);
  return { label, text: decoded.text };
}

export type Decoded =
  | { readonly text: string }
  | { readonly text: undefined; readonly problem: string };

/** UTF-8 to text, exactly; what is not text says so. */
export function decodeText(bytes: Uint8Array): Decoded {
  if (bytes.length > MAX_BYTES) return { text: undefined, problem: "larger than 500 MB" };
  if (bytes.includes(0)) return { text: undefined, problem: "binary, not text (it has NUL bytes)" };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { text: undefined, problem: "not valid UTF-8" };
  }
}

async function readAll(stream: AsyncIterable<Uint8Array | string>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes = typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk;
    chunks.push(bytes);
    length += bytes.length;
    if (length > MAX_BYTES) break;
  }
  return Buffer.concat(chunks, length);
}
