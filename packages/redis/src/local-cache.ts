/** Recent originals in this process, by bytes. They never change under a ref, so a copy can only be too old to count as alive. */
export interface LocalCache {
  get(key: string, now: number): string | undefined;
  set(key: string, text: string, expiresAt: number): void;
  delete(key: string): void;
}

export function localCache(maxBytes: number): LocalCache {
  const entries = new Map<string, { readonly text: string; readonly expiresAt: number }>();
  let used = 0;
  const drop = (key: string): void => {
    const entry = entries.get(key);
    if (!entry) return;
    entries.delete(key);
    used -= entry.text.length * 2;
  };
  return {
    get(key, now) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      drop(key);
      if (entry.expiresAt <= now) return undefined;
      entries.set(key, entry);
      used += entry.text.length * 2;
      return entry.text;
    },
    set(key, text, expiresAt) {
      drop(key);
      if (text.length * 2 > maxBytes) return;
      entries.set(key, { text, expiresAt });
      used += text.length * 2;
      for (const oldest of entries.keys()) {
        if (used <= maxBytes) break;
        drop(oldest);
      }
    },
    delete: drop,
  };
}
