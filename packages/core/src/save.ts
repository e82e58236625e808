/** Law 3: stores originals, and counts one as safe only when its bytes were read back. */
import { HeadroomError, StoreError } from "./errors.ts";
import type { CcrEntry, CcrRef, CcrStore } from "./types/store.ts";

/** The result of storing a batch of originals. */
export interface Saved {
  /** Originals that are not safe, and why. */
  readonly unsafe: ReadonlyMap<CcrRef, string>;
  /** What the store says of itself afterwards. */
  readonly warnings: readonly string[];
}

/** How many parts the deadline is counted in. */
const TICKS = 20;
/** Timers set for longer fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** A process that is busy all the time waits this many times the deadline at most. */
const LONGEST = 3;
/** A timer that fires this many milliseconds after twice its time was held up by this process. */
const LATE_MS = 5;
/** The most characters of a foreign error, and of a store's warning, that a report repeats. */
const MAX_WORDS = 200;

/**
 * Stores originals within `timeoutMs` of the store's time, all at once; a firing `signal` ends the wait. Never rejects.
 *
 * An original counts as kept when the store acknowledged it and, unless the store has read it back itself, a `get` gave the
 * same text. While this process is too busy to read what the store has answered, the deadline does not go on.
 */
export async function saveOriginals(
  store: CcrStore,
  entries: readonly CcrEntry[],
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Saved> {
  const unsafe = new Map<CcrRef, string>();
  if (entries.length === 0) return { unsafe, warnings: [] };
  for (const { ref } of entries)
    unsafe.set(ref, `no answer from store "${store.name}" within ${timeoutMs} ms`);
  const settle = ({ ref, text }: CcrEntry, error?: unknown): void => {
    if (error === undefined) unsafe.delete(ref);
    else unsafe.set(ref, reasonOf(error, text));
  };
  await withinStoreTime(putAndReadBack(store, entries, settle), timeoutMs, signal);
  return { unsafe: new Map(unsafe), warnings: warningsOf(store) };
}

/** Which originals the store has. Waits as `saveOriginals` does; those that could not be read in time count as missing. */
export async function keptOf(
  store: CcrStore,
  refs: readonly CcrRef[],
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<ReadonlySet<CcrRef>> {
  const kept = new Set<CcrRef>();
  if (refs.length === 0) return kept;
  const reads = refs.map(async (ref) => {
    if (await store.get(ref)) kept.add(ref);
  });
  await withinStoreTime(
    Promise.allSettled(reads).then(() => {}),
    timeoutMs,
    signal,
  );
  return new Set(kept);
}

/** What a store says of itself; nothing where it says nothing, or fails to. */
export function warningsOf(store: CcrStore): readonly string[] {
  try {
    return (store.warnings?.() ?? []).map((warning) => clipped(String(warning)));
  } catch {
    return [];
  }
}

/**
 * Waits for `work`, for `timeoutMs` at most in which it could have gone on. The time is counted in ticks, and one that comes late
 * does not count: the event loop was held up, and what the store answered meanwhile is still unread.
 */
function withinStoreTime(
  work: Promise<void>,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve) => {
    const tickMs = Math.min(timeoutMs / TICKS, LONGEST_TIMER_MS);
    const end = performance.now() + timeoutMs * LONGEST;
    let counted = 0;
    let late = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
      resolve();
    };
    const next = (): void => {
      const from = performance.now();
      timer = setTimeout(() => {
        const now = performance.now();
        if (now - from > 2 * tickMs + LATE_MS) late++;
        else counted++;
        // Past the end, half of the ticks will do, on time or late: what was answered meanwhile has been read by then.
        const tired = now > end && Math.max(counted, late) > TICKS / 2;
        if (counted >= TICKS || tired) stop();
        else next();
      }, tickMs);
    };
    signal?.addEventListener("abort", stop, { once: true });
    work.then(stop, stop);
    if (signal?.aborted) stop();
    else next();
  });
}

type Settle = (entry: CcrEntry, error?: unknown) => void;

async function putAndReadBack(
  store: CcrStore,
  entries: readonly CcrEntry[],
  settle: Settle,
): Promise<void> {
  const put = await putAll(store, entries);
  await Promise.all(
    entries.map(async (entry, index) => {
      try {
        const error = put[index];
        if (error) throw error;
        if (!store.readsBack) await readBack(store, entry);
        settle(entry);
      } catch (error) {
        settle(entry, error);
      }
    }),
  );
}

async function putAll(
  store: CcrStore,
  entries: readonly CcrEntry[],
): Promise<readonly (Error | undefined)[]> {
  if (!store.putMany) return Promise.all(entries.map((entry) => attempt(() => store.put(entry))));
  try {
    const answers = await store.putMany(entries);
    if (answers.length === entries.length) return answers;
    // Which originals were answered for is not known: none of them is.
    throw new StoreError(
      store.name,
      "put",
      `putMany answered for ${answers.length} of ${entries.length} originals.`,
    );
  } catch (error) {
    const failure = asError(error);
    return entries.map(() => failure);
  }
}

async function readBack(store: CcrStore, { ref, text }: CcrEntry): Promise<void> {
  const kept = await store.get(ref);
  if (kept?.text !== text)
    throw new StoreError(store.name, "put", "what was stored could not be read back.");
}

async function attempt(action: () => Promise<void>): Promise<Error | undefined> {
  try {
    await action();
    return undefined;
  } catch (error) {
    return asError(error);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** Why an original is not safe, for a report. Drivers like to repeat in their errors what they were to write. */
function reasonOf(error: unknown, text: string): string {
  const message = clipped(error instanceof Error ? error.message : String(error));
  if (HeadroomError.isInstance(error) || !repeats(message, text)) return message;
  const name = error instanceof Error ? error.name : "error";
  return `the store failed (${name}; its message is withheld because it has a part of the original)`;
}

const SHORTEST_PART = 24;

/** Whether a message has a part of a text, as it stands there or escaped. */
function repeats(message: string, text: string): boolean {
  const words = bare(message);
  if (words.length < SHORTEST_PART / 2) return false;
  const source = bare(text);
  if (words.includes(source)) return true;
  // Every part of this length and a half has one of these in it.
  for (let at = 0; at + SHORTEST_PART <= words.length; at += SHORTEST_PART / 2)
    if (source.includes(words.slice(at, at + SHORTEST_PART))) return true;
  return false;
}

function bare(text: string): string {
  return text.replaceAll(/[\s"'\\]/g, "");
}

function clipped(words: string): string {
  return words.length <= MAX_WORDS ? words : `${words.slice(0, MAX_WORDS - 1).toWellFormed()}…`;
}
