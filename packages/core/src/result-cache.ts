/** Results by text and parameters, those used last, bounded in bytes. A cache of a pure function: it changes nothing but time. */
import { lru } from "./kit/lru.ts";

export interface ResultCache<Value> {
  get(text: string, parameters: string): Value | undefined;
  /** Whether there is a result of the text, whatever the parameters. */
  has(text: string): boolean;
  /** Keeps a result, in place of an earlier one. */
  set(text: string, parameters: string, value: Value, bytes: number): void;
}

interface Kept<Value> {
  readonly value: Value;
  readonly bytes: number;
}

/** All results of one text: they live and go together, so that the text is held once. */
interface Slot<Value> {
  readonly results: Map<string, Kept<Value>>;
  bytes: number;
}

/** @param maxBytes UTF-16 bytes of texts and results kept; 0 keeps nothing */
export function resultCache<Value>(maxBytes: number): ResultCache<Value> {
  const slots = lru<string, Slot<Value>>({ max: maxBytes });
  return {
    get: (text, parameters) => slots.get(text)?.results.get(parameters)?.value,
    has: (text) => slots.peek(text) !== undefined,
    set(text, parameters, value, bytes) {
      const slot = slots.peek(text) ?? {
        results: new Map<string, Kept<Value>>(),
        bytes: text.length * 2,
      };
      slot.bytes += bytes - (slot.results.get(parameters)?.bytes ?? 0);
      slot.results.set(parameters, { value, bytes });
      slots.set(text, slot, slot.bytes);
    },
  };
}

/**
 * Joins what a result depends on. Blocks that are asked the same question get the same string object, whose hash is taken once: the
 * question may be long.
 */
export function parameterJoiner(): (parameters: string, query: string) => string {
  let asked = "";
  let joined = new Map<string, string>();
  return (parameters, query) => {
    if (query !== asked) [asked, joined] = [query, new Map()];
    const known = joined.get(parameters);
    if (known !== undefined) return known;
    const made = `${parameters}\0${query}`;
    joined.set(parameters, made);
    return made;
  };
}
