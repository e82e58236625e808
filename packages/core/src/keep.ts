/** Puts originals where they can be redeemed, and believes nothing but the bytes read back. Law 3 lives here. */
import { StoreError } from "./errors.ts";
import type { CcrEntry, CcrRef, CcrStore } from "./types/store.ts";

/**
 * Stores originals within `timeoutMs`, all at once. Resolves to what is not safe and why; never rejects.
 *
 * An original counts as kept when the store acknowledged it and, unless the store has read it back itself, a `get` gave the
 * same text.
 */
export async function keepOriginals(
  store: CcrStore,
  entries: readonly CcrEntry[],
  timeoutMs: number,
): Promise<ReadonlyMap<CcrRef, string>> {
  const unsafe = new Map<CcrRef, string>();
  if (entries.length === 0) return unsafe;
  for (const { ref } of entries)
    unsafe.set(ref, `no answer from store "${store.name}" within ${timeoutMs} ms`);
  const settle = (ref: CcrRef, error?: unknown): void => {
    if (error === undefined) unsafe.delete(ref);
    else unsafe.set(ref, error instanceof Error ? error.message : String(error));
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  try {
    await Promise.race([deadline, keepAll(store, entries, settle)]);
  } finally {
    clearTimeout(timer);
  }
  return new Map(unsafe);
}

type Settle = (ref: CcrRef, error?: unknown) => void;

async function keepAll(
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
        settle(entry.ref);
      } catch (error) {
        settle(entry.ref, error);
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
    return await store.putMany(entries);
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
