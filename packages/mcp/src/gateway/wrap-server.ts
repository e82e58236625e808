/**
 * Runs an MCP server that speaks over standard input and output, and compresses the results of its tools.
 *
 * The server's standard error, exit code and signals are the caller's.
 */
import { spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { Headroom } from "@headroom/core";
import { relay } from "./relay.ts";
import type { StructuredPolicy } from "./structured.ts";

export type { StructuredPolicy } from "./structured.ts";

export interface WrapServerOptions {
  readonly command: string;
  /** @default none */
  readonly args?: readonly string[];
  /** @default that of this process */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Compresses results and serves originals. It is not closed. */
  readonly headroom: Headroom;
  /**
   * Whether `headroom_retrieve` is added to the server's tools. Without it nothing is left out of results.
   * @default whether `headroom` has a store
   */
  readonly offersRetrieval?: boolean;
  /**
   * What becomes of structured content that says what a shortened text says: `"keep"`, `"drop"`, or `"auto"`, which drops it for
   * clients that are known to show models structured content in place of the text.
   * @default "auto"
   */
  readonly structured?: StructuredPolicy;
  /** Milliseconds that one result may be held up; then it goes on as it came. @default 2_000 */
  readonly deadlineMs?: number;
  /** Longer messages pass unread, in pieces. @default 33_554_432 (32 MiB) */
  readonly maxFrameBytes?: number;
  /** What the client writes. @default process.stdin */
  readonly input?: Readable;
  /** What the client reads. @default process.stdout */
  readonly output?: Writable;
  /** Gets a signal to pass on to the server. Called once, when it runs. */
  readonly onStart?: (kill: (signal: NodeJS.Signals) => void) => void;
  /** The server has ended; the client may not have read all it said. */
  readonly onExit?: () => void;
}

/** How the server ended. */
export type ServerEnd = { readonly code: number } | { readonly signal: NodeJS.Signals };

/** What a process that the server started, and that still holds its output, may say after the server is gone. */
const LAST_WORDS_MS = 1_000;

/** Resolves when the server has ended and the client has got its last message. Rejects where the server cannot be started. */
export async function wrapServer(options: WrapServerOptions): Promise<ServerEnd> {
  const { command, args = [], env = process.env, headroom } = options;
  const { input = process.stdin, output = process.stdout } = options;
  const child = spawn(command, [...args], { stdio: ["pipe", "pipe", "inherit"], env: { ...env } });
  const ended = new Promise<ServerEnd>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) =>
      resolve(signal === null ? { code: code ?? 1 } : { signal }),
    );
  });
  // A signal that reaches this process before its server runs is not lost either.
  options.onStart?.((signal) => void child.kill(signal));
  const { serverEnded } = relay(
    { from: input, to: output },
    { from: child.stdout, to: child.stdin },
    {
      headroom,
      offersRetrieval: options.offersRetrieval ?? headroom.tools.length > 0,
      structured: options.structured ?? "auto",
      deadlineMs: options.deadlineMs ?? 2_000,
      maxFrameBytes: options.maxFrameBytes ?? 33_554_432,
    },
  );
  // Vocabularies and compressors are there when the first result comes.
  headroom.simulate([{ role: "tool", tool_call_id: "1", content: WARM_UP }]).catch(() => {});
  const end = await ended;
  options.onExit?.();
  await saidAll(serverEnded, child.stdout);
  await flushed(output);
  return end;
}

const WARM_UP = JSON.stringify(Array.from({ length: 99 }, (_, id) => ({ id, name: `row ${id}` })));

function flushed(output: Writable): Promise<void> {
  return new Promise((resolve) => {
    if (output.destroyed || !output.writable) resolve();
    else output.write("", () => resolve());
  });
}

/** Waits for the end of what the server says, or until nothing has been said for a while. */
async function saidAll(ended: Promise<void>, stdout: Readable): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<void>((resolve) => {
    let before = -1;
    const look = (): void => {
      // What waits in the stream is still to be carried: the client is slow.
      const isSilent = stdout.readableLength === 0 && before === stdout.readableLength;
      before = stdout.readableLength;
      if (isSilent) resolve();
      else timer = setTimeout(look, LAST_WORDS_MS);
    };
    timer = setTimeout(look, LAST_WORDS_MS);
  });
  await Promise.race([ended, silence]);
  clearTimeout(timer);
}
