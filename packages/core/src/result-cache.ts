/** Least-recently-used results by text and parameters, bounded in bytes. A cache of a pure function: it changes nothing but time. */
export interface ResultCache<Value> {
  get(text: string, parameters: string): Value | undefined;
  set(text: string, parameters: string, value: Value, bytes: number): void;
}

interface Slot<Value> {
  readonly values: Map<string, Value>;
  bytes: number;
}

/** @param maxBytes UTF-16 bytes of texts and results kept; 0 keeps nothing */
export function resultCache<Value>(maxBytes: number): ResultCache<Value> {
  const slots = new Map<string, Slot<Value>>();
  let used = 0;
  return {
    get(text, parameters) {
      const slot = slots.get(text);
      const value = slot?.values.get(parameters);
      if (slot && value !== undefined) {
        slots.delete(text);
        slots.set(text, slot);
      }
      return value;
    },
    set(text, parameters, value, bytes) {
      const slot = slots.get(text) ?? { values: new Map<string, Value>(), bytes: text.length * 2 };
      if (slot.values.has(parameters)) return;
      used += slots.has(text) ? bytes : bytes + slot.bytes;
      slot.values.set(parameters, value);
      slot.bytes += bytes;
      slots.delete(text);
      slots.set(text, slot);
      for (const [oldest, { bytes: freed }] of slots) {
        if (used <= maxBytes) break;
        slots.delete(oldest);
        used -= freed;
      }
    },
  };
}
