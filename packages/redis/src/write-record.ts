/**
 * Writes records, so that what is acknowledged can be read by another process.
 *
 * A text that this process has seen stored is looked up; another is written if nothing is there, and what stands there then is
 * read back: one round trip each. What another process has written costs a second one, once. What is there and does not open is written over, never removed first.
 */
import { AnswerError, isRefusal } from "./errors.ts";
import { inParallel } from "./in-parallel.ts";
import { type MendCall, mendRecord, retireChunks, retireRecord } from "./mend-record.ts";
import { type Proofs, recordPrint, textPrint } from "./proofs.ts";
import {
  type Call,
  CHUNK_LIFE,
  CHUNKS_AT_ONCE,
  examine,
  look,
  readValue,
  UnreadableError,
} from "./read-record.ts";
import {
  chunkNames,
  HEADER_BYTES,
  type Original,
  parseHeader,
  type Sealed,
  seal,
} from "./record.ts";
import type { Generation } from "./scope.ts";

/** Packing and sending a larger text costs more than asking first whether it is there. */
const ASK_FIRST_BYTES = 262_144;

/** Another text stands soundly under the name. */
export class CollisionError extends AnswerError {
  override readonly name = "CollisionError";
  constructor() {
    super("another text stands under this ref.");
  }
}

export interface WriteCall extends MendCall {
  readonly proofs: Proofs;
}

/**
 * Keeps a text under a name. Resolves when the server holds a record of it that opens.
 *
 * @returns whether a record was written; `false` when one was there
 * @throws CollisionError
 */
export async function writeRecord(
  call: WriteCall,
  name: string,
  generation: Generation,
  original: Original,
): Promise<boolean> {
  const print = textPrint(original);
  const known = call.proofs.of(name, print);

  const holds = async (value: Buffer): Promise<boolean> => {
    try {
      const { print: found, text } = await examine(call, name, generation, value, known);
      if (text !== undefined && text !== original.text) throw new CollisionError();
      call.proofs.set(name, print, found);
      return true;
    } catch (error) {
      if (error instanceof UnreadableError) return false;
      throw error;
    }
  };

  let found: Buffer | undefined;
  if (known !== undefined || original.bytes.byteLength > ASK_FIRST_BYTES) {
    found = await look(call, name);
    if (found.byteLength > 0 && (await holds(found))) return false;
  }
  const sealed = await seal(original, name, generation);
  await writeChunks(call, name, sealed).catch(async (error: unknown) => {
    // Nothing names them yet, and a full server would stay full of them.
    if (isAnswer(error)) await removeChunks(call, name, sealed.value).catch(() => undefined);
    throw error;
  });
  const written = await place(call, name, found, sealed, holds).catch(async (error: unknown) => {
    // Without an answer the record may stand, and another process may have acknowledged it: it keeps its chunks.
    if (isAnswer(error)) await retireUnnamed(call, name, sealed).catch(() => undefined);
    throw error;
  });
  if (written) call.proofs.set(name, print, recordPrint(sealed.value, sealed.chunks));
  else await retireChunks(call, name, sealed.value);
  return written;
}

/** Whether the server has answered all that was sent before, so that what it holds now is what it will hold. */
function isAnswer(error: unknown): boolean {
  return error instanceof AnswerError || isRefusal(error);
}

/** Lets the chunks of a refused record expire, unless the record stands all the same. */
async function retireUnnamed(call: WriteCall, name: string, { value }: Sealed): Promise<void> {
  const there = await readValue(call.client, name);
  if (!there.equals(value)) await retireChunks(call, name, value);
}

/** Puts the value of a record under its name. @returns `false` when a record of the same text is there already */
async function place(
  call: WriteCall,
  name: string,
  found: Buffer | undefined,
  sealed: Sealed,
  holds: (value: Buffer) => Promise<boolean>,
): Promise<boolean> {
  let there = found;
  if (there === undefined || there.byteLength === 0) {
    there = await publish(call, name, sealed);
    if (there.equals(sealed.value)) return true;
    if (there.byteLength > 0 && (await holds(there))) {
      await lengthenFound(call, name);
      return false;
    }
  }
  return mendRecord(call, name, there, sealed, holds);
}

/** Writes the value if there is none. @returns what stands there then */
async function publish(
  { client, lifeMs }: WriteCall,
  name: string,
  { value }: Sealed,
): Promise<Buffer> {
  const [, back] = await Promise.all([
    client.set(name, value, "PX", lifeMs, "NX"),
    readValue(client, name),
  ]);
  return back;
}

/** Lengthens the life of a record that was found without that. It may have ended meanwhile. */
async function lengthenFound(call: WriteCall, name: string): Promise<void> {
  const lengthened = Number(await call.lengthen(name)) === 1;
  if (!lengthened && (await readValue(call.client, name, 1)).byteLength === 0)
    throw new AnswerError("the record that was there has expired; the next put writes it");
}

async function writeChunks(
  { client, lifeMs }: WriteCall,
  name: string,
  { header, chunks }: Sealed,
): Promise<void> {
  const names = chunkNames(name, header);
  await inParallel(chunks, CHUNKS_AT_ONCE, (chunk, index) =>
    client.set(names[index] ?? name, chunk, "PX", Math.ceil(lifeMs * CHUNK_LIFE)),
  );
}

/** Removes the record under a name, with its chunks. @returns whether there was one */
export async function removeRecord(call: Pick<Call, "client">, name: string): Promise<boolean> {
  const head = await readValue(call.client, name, HEADER_BYTES);
  const removed = Number(await call.client.unlink(name));
  await removeChunks(call, name, head);
  return removed > 0;
}

async function removeChunks(
  { client }: Pick<Call, "client">,
  name: string,
  value: Buffer,
): Promise<void> {
  const header = parseHeader(value);
  if (!header) return;
  await inParallel(chunkNames(name, header), CHUNKS_AT_ONCE, (chunk) => client.unlink(chunk));
}

export interface Outdated {
  readonly name: string;
  /** Plain text goes at once; nobody who has a key reads it. */
  readonly isPlain: boolean;
}

/**
 * Ends the record that an earlier set of keys has left of a text, once the new one stands; the longer life is kept.
 *
 * While keys are rotated, another process may hold the same keys in the other order and do the same to the record written here.
 * So no encrypted record is removed: its life is cut to a minute, and only then that of ours is lengthened. Whichever process is
 * last leaves a record that lasts.
 */
export async function endOutdated(
  call: WriteCall,
  name: string,
  outdated: readonly Outdated[],
): Promise<void> {
  const { client } = call;
  const heads = await Promise.all(outdated.map((old) => readValue(client, old.name, HEADER_BYTES)));
  for (const [index, old] of outdated.entries()) {
    const head = heads[index];
    if (head === undefined || head.byteLength === 0) continue;
    const left = Math.max(call.lifeMs, Number(await client.pttl(old.name)));
    if (old.isPlain) {
      if (left > call.lifeMs) await lengthenTo(call, name, left);
      await removeRecord(call, old.name);
    } else {
      await Promise.all([retireRecord(call, old.name), retireChunks(call, old.name, head)]);
      await lengthenTo(call, name, left);
    }
  }
}

/** Lengthens a record of ours to the life that an outdated one had. */
async function lengthenTo({ client }: WriteCall, name: string, lifeMs: number): Promise<void> {
  const header = parseHeader(await readValue(client, name, HEADER_BYTES));
  for (const chunk of header ? chunkNames(name, header) : [])
    await client.pexpire(chunk, Math.ceil(lifeMs * CHUNK_LIFE), "GT");
  await client.pexpire(name, lifeMs, "GT");
  if ((await readValue(client, name, 1)).byteLength === 0)
    throw new AnswerError("the record was removed meanwhile; the next put writes it");
}
