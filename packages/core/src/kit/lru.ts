/** Keeps the entries used last, within a bound on the sum of their sizes: by count where no sizes are given, else by bytes. */
export interface Lru<Key, Value> {
  /** Number of entries. */
  readonly count: number;
  /** Sum of the sizes of all entries. */
  readonly size: number;
  /** The value, which counts as used now. */
  get(key: Key): Value | undefined;
  /** The value, as long unused as it was before. */
  peek(key: Key): Value | undefined;
  /**
   * Keeps a value in place of an earlier one, as the one used last, and evicts from the other end until all fit.
   *
   * @param size in the unit of `max`; @default 1
   * @returns false for a value that is larger than `max` by itself: it is not kept, the earlier one is gone, the others stay
   */
  set(key: Key, value: Value, size?: number): boolean;
  /** Whether there was something to delete. */
  delete(key: Key): boolean;
  clear(): void;
  /** All entries, those unused for the longest time first. */
  entries(): Iterable<readonly [key: Key, value: Value]>;
}

export interface LruOptions<Key, Value> {
  /** Sizes are kept at or below this sum; 0 keeps nothing. */
  readonly max: number;
  /** Called for every entry that had to go to make room; not for those deleted or replaced. */
  readonly onEvict?: (key: Key, value: Value) => void;
}

interface Slot<Value> {
  readonly value: Value;
  readonly size: number;
}

/** A least-recently-used map: every operation takes constant time, evictions apart. */
export function lru<Key, Value>({ max, onEvict }: LruOptions<Key, Value>): Lru<Key, Value> {
  // A Map keeps the order of insertion: what is used is taken out and put in again.
  const slots = new Map<Key, Slot<Value>>();
  let used = 0;

  const take = (key: Key): Slot<Value> | undefined => {
    const slot = slots.get(key);
    if (slot === undefined) return undefined;
    slots.delete(key);
    used -= slot.size;
    return slot;
  };
  const put = (key: Key, slot: Slot<Value>): void => {
    slots.set(key, slot);
    used += slot.size;
  };

  return {
    get count() {
      return slots.size;
    },
    get size() {
      return used;
    },
    get(key) {
      const slot = take(key);
      if (slot !== undefined) put(key, slot);
      return slot?.value;
    },
    peek: (key) => slots.get(key)?.value,
    set(key, value, size = 1) {
      take(key);
      if (size > max) return false;
      put(key, { value, size });
      for (const [oldest, slot] of slots) {
        if (used <= max) break;
        take(oldest);
        onEvict?.(oldest, slot.value);
      }
      return true;
    },
    delete: (key) => take(key) !== undefined,
    clear() {
      slots.clear();
      used = 0;
    },
    *entries() {
      for (const [key, { value }] of slots) yield [key, value] as const;
    },
  };
}
