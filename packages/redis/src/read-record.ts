/** Reads records: value, chunks, proof. */
import type { RedisClient } from "./client.ts";
import { AnswerError, isRefusal } from "./errors.ts";
import { inParallel } from "./in-parallel.ts";
import { recordPrint } from "./proofs.ts";
import { chunkNames, HEADER_BYTES, MAX_CHUNK, MAX_VALUE, open, parseHeader } from "./record.ts";
import type { Generation } from "./scope.ts";

/** Chunks outlive their manifest, so that a manifest that can be read can be served. */
export const CHUNK_LIFE = 1.1;
/** Megabytes in flight at a time. */
export const CHUNKS_AT_ONCE = 8;

/** One call to the server. */
export interface Call {
  readonly client: RedisClient;
  /** Lengthens the life of a key, never shortens it. Sent before the key is read: what is read then lives as long. */
  lengthen(name: string, factor?: number): Promise<unknown>;
  /** Allows the call the time that so many bytes more take. */
  extend(bytes: number): void;
}

/** A record is there and does not open. */
export class UnreadableError extends AnswerError {
  override readonly name = "UnreadableError";
}
class MissingPartError extends UnreadableError {}

/** The first bytes of a key's value, never more than a record has; empty when there is none. */
export async function readValue(
  client: RedisClient,
  name: string,
  // One byte more than a record has: a longer value shows, and is not read.
  bytes: number = MAX_VALUE + 1,
): Promise<Buffer> {
  try {
    return await client.getrangeBuffer(name, 0, bytes - 1);
  } catch (error) {
    if (isRefusal(error) && error.message.startsWith("WRONGTYPE")) return Buffer.from("no record");
    throw error;
  }
}

/** Lengthens the life of a record and reads its value, in one round trip. */
export async function look({ client, lengthen }: Call, name: string): Promise<Buffer> {
  const [, value] = await Promise.all([lengthen(name), readValue(client, name)]);
  return value;
}

export interface Examined {
  readonly print: string;
  /** Absent where the record is the one whose print is known. */
  readonly text?: string;
}

/** Reads all of a record and proves it. @throws UnreadableError */
export async function examine(
  call: Call,
  name: string,
  generation: Generation,
  value: Buffer,
  knownPrint?: string,
): Promise<Examined> {
  const header = parseHeader(value);
  if (!header) throw new UnreadableError("it is not a record of this version of the package");
  const names = chunkNames(name, header);
  if (names.length > 0) call.extend(header.payloadBytes);
  const chunks = await inParallel(names, CHUNKS_AT_ONCE, async (chunk) => {
    const [, part] = await Promise.all([
      call.lengthen(chunk, CHUNK_LIFE),
      call.client.getrangeBuffer(chunk, 0, MAX_CHUNK),
    ]);
    if (part.byteLength === 0) throw new MissingPartError("a part of it is missing");
    return part;
  });
  const print = recordPrint(value, chunks);
  if (print === knownPrint) return { print };
  const payload = names.length === 0 ? value.subarray(HEADER_BYTES) : Buffer.concat(chunks);
  try {
    return { print, text: await open(header, payload, name, generation) };
  } catch (error) {
    throw new UnreadableError(error instanceof Error ? error.message : String(error));
  }
}

/** The text under a name; `undefined` when there is none. @throws UnreadableError */
export async function readRecord(
  call: Call,
  name: string,
  generation: Generation,
): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    const value = await look(call, name);
    if (value.byteLength === 0) return undefined;
    try {
      return (await examine(call, name, generation, value)).text;
    } catch (error) {
      // Another process may have rewritten the record between its value and its chunks.
      if (!(error instanceof MissingPartError) || attempt === 2) throw error;
    }
  }
}
