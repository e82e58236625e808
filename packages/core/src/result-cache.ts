/** Results by text and parameters, those used last, bounded in bytes. A cache of a pure function: it changes nothing but time. */
import { lru } from "./kit/lru.ts";

export interface ResultCache<Value> {
  get(text: string, parameters: string): Value | undefined;
  set(text: string, parameters: string, value: Value, bytes: number): void;
}

/** All results of one text: they live and go together, so that the text is held once. */
interface Slot<Value> {
  readonly values: Map<string, Value>;
  bytes: number;
}

/** @param maxBytes UTF-16 bytes of texts and results kept; 0 keeps nothing */
export function resultCache<Value>(maxBytes: number): ResultCache<Value> {
  const slots = lru<string, Slot<Value>>({ max: maxBytes });
  return {
    get: (text, parameters) => slots.get(text)?.values.get(parameters),
    set(text, parameters, value, bytes) {
      const slot = slots.peek(text) ?? { values: new Map<string, Value>(), bytes: text.length * 2 };
      if (slot.values.has(parameters)) return;
      slot.values.set(parameters, value);
      slot.bytes += bytes;
      slots.set(text, slot, slot.bytes);
    },
  };
}
