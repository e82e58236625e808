/**
 * Writes over a record that does not open.
 *
 * Several processes may find it at once, so one claims it, by a key made of the unreadable bytes, and the others wait for what
 * it writes. A sound record is never written over, and none is removed to make room.
 */
import { createHash } from "node:crypto";
import { AnswerError } from "./errors.ts";
import { inParallel } from "./in-parallel.ts";
import { type Call, CHUNK_LIFE, CHUNKS_AT_ONCE, readValue } from "./read-record.ts";
import { chunkNames, parseHeader, type Sealed } from "./record.ts";

/** How long a claim outlives a process that died with it. */
const CLAIM_MS = 2_000;
const POLL_MS = 10;
const MAX_POLLS = 400;
/** How long a reader may still need what was replaced. */
const RETIRED_MS = 60_000;

export interface MendCall extends Call {
  readonly lifeMs: number;
}

/**
 * @param holds whether a value opens as the same text; rejects where it opens as another
 * @returns `false` when another process was first with a record of the same text
 */
export async function mendRecord(
  call: MendCall,
  name: string,
  unreadable: Buffer,
  sealed: Sealed,
  holds: (value: Buffer) => Promise<boolean>,
): Promise<boolean> {
  const { client } = call;
  let bad = unreadable;
  for (let poll = 0; poll < MAX_POLLS; poll++) {
    const claim = `${name}:mend:${createHash("sha256").update(bad).digest("hex").slice(0, 16)}`;
    const [claimed, value] = await Promise.all([
      client.set(claim, Buffer.from("1"), "PX", CLAIM_MS, "NX"),
      readValue(client, name),
    ]);
    if (value.equals(bad)) {
      if (claimed === null) {
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        continue;
      }
      await writeOver(call, name, sealed);
      await retireChunks(call, name, bad);
      await client.unlink(claim);
      return true;
    }
    if (claimed !== null) await client.unlink(claim);
    if (value.byteLength > 0 && (await holds(value))) return false;
    bad = value;
  }
  throw new AnswerError("a damaged record is being written anew by another process");
}

/** Keeps the life that the key has, where it is the longer one. */
async function writeOver(
  { client, lengthen, lifeMs }: MendCall,
  name: string,
  sealed: Sealed,
): Promise<void> {
  const chunks = chunkNames(name, sealed.header);
  if (chunks.length > 0) {
    const left = Math.max(lifeMs, Number(await client.pttl(name)));
    await inParallel(chunks, CHUNKS_AT_ONCE, (chunk) =>
      client.pexpire(chunk, Math.ceil(left * CHUNK_LIFE), "GT"),
    );
  }
  const [, , , back] = await Promise.all([
    client.set(name, sealed.value, "KEEPTTL"),
    client.pexpire(name, lifeMs, "NX"),
    lengthen(name),
    readValue(client, name),
  ]);
  if (!back.equals(sealed.value)) throw new AnswerError("the record could not be read back");
}

/** Lets the chunks of a value that nothing names any more expire, once readers that are at it are done. */
export async function retireChunks({ client }: Call, name: string, value: Buffer): Promise<void> {
  const header = parseHeader(value);
  if (!header) return;
  await inParallel(chunkNames(name, header), CHUNKS_AT_ONCE, (chunk) =>
    client.pexpire(chunk, RETIRED_MS, "LT"),
  );
}

/** Lets a record expire that another one has replaced under another name; its chunks are retired apart. */
export async function retireRecord({ client }: Call, name: string): Promise<void> {
  await client.pexpire(name, RETIRED_MS, "LT");
}
