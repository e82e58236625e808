import { InvalidOptionError, StoreError } from "../errors.ts";
import type { CcrEntry, CcrStore } from "../types/store.ts";

export interface MemoryStoreOptions {
  /**
   * Bytes of originals that are kept, two for each UTF-16 code unit. Beyond them the least recently used are dropped.
   * @default 268_435_456 (256 MiB)
   */
  readonly maxBytes?: number;
  /**
   * Seconds that an entry without a deadline of its own is kept. A `get` or another `put` starts them anew.
   * @default no deadline
   */
  readonly ttlSeconds?: number;
  /** Current time in milliseconds; tests pass their own. @default Date.now */
  readonly now?: () => number;
}

interface Kept extends CcrEntry {
  readonly bytes: number;
}

/**
 * A store in the memory of this process. When it is full, the least recently used originals are dropped.
 *
 * An original larger than `maxBytes` is refused (`put` rejects), so that no marker is written for it. Where older originals
 * were dropped to make room, `warnings()` says how many. Nothing survives the process; use a SQLite or Redis store where markers
 * outlive it.
 */
export function memoryStore(options: MemoryStoreOptions = {}): CcrStore {
  const { maxBytes = 268_435_456, ttlSeconds, now = Date.now } = options;
  if (!(Number.isFinite(maxBytes) && maxBytes > 0))
    throw new InvalidOptionError("maxBytes", maxBytes, "a positive number of bytes");
  if (ttlSeconds !== undefined && !(ttlSeconds > 0))
    throw new InvalidOptionError("ttlSeconds", ttlSeconds, "a positive number of seconds");
  const entries = new Map<string, Kept>();
  let used = 0;
  let dropped = 0;

  const forget = (ref: string): boolean => {
    const entry = entries.get(ref);
    if (!entry) return false;
    used -= entry.bytes;
    return entries.delete(ref);
  };
  const keep = (entry: Kept): void => {
    forget(entry.ref);
    entries.set(entry.ref, entry);
    used += entry.bytes;
    for (const oldest of entries.keys()) {
      if (used <= maxBytes) break;
      // What had expired is no loss to anybody.
      if (alive(oldest)) dropped++;
      forget(oldest);
    }
  };
  const alive = (ref: string): Kept | undefined => {
    const entry = entries.get(ref);
    if (entry && deadlineOf(entry) > now()) return entry;
    forget(ref);
    return undefined;
  };
  const refreshed = (entry: Kept): Kept => {
    if (ttlSeconds === undefined || entry.expiresAt === undefined) return entry;
    return { ...entry, expiresAt: Math.max(entry.expiresAt, now() + ttlSeconds * 1000) };
  };

  return {
    name: "memory",
    survives: "process",
    async put(entry) {
      const bytes = entry.text.length * 2;
      if (bytes > maxBytes)
        throw new StoreError(
          "memory",
          "put",
          `${bytes} bytes are more than maxBytes (${maxBytes}).`,
        );
      const old = alive(entry.ref);
      if (old && old.text !== entry.text)
        throw new StoreError("memory", "put", `ref ${entry.ref} already holds another text.`);
      const life =
        entry.expiresAt ?? (ttlSeconds === undefined ? undefined : now() + ttlSeconds * 1000);
      const asked: Kept = {
        ref: entry.ref,
        text: entry.text,
        bytes,
        ...(life === undefined ? {} : { expiresAt: life }),
      };
      keep(old && deadlineOf(old) >= deadlineOf(asked) ? old : asked);
    },
    async get(ref) {
      const entry = alive(ref);
      if (!entry) return undefined;
      const kept = refreshed(entry);
      keep(kept);
      const { bytes: _, ...answer } = kept;
      return answer;
    },
    async delete(ref) {
      return forget(ref);
    },
    warnings: () =>
      dropped === 0
        ? []
        : [
            `${dropped} ${dropped === 1 ? "original was" : "originals were"} dropped to make room (maxBytes ${maxBytes}): what names them cannot be redeemed`,
          ],
  };
}

function deadlineOf(entry: CcrEntry): number {
  return entry.expiresAt ?? Number.POSITIVE_INFINITY;
}
