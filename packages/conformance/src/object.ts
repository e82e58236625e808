/** Copies and walks of message-like objects. Prototypes and key order are kept; class instances are copied field by field. */
import { isObject } from "./assert.ts";

/** A copy in depth that keeps prototypes, which `structuredClone` does not. */
export function snapshot<Value>(value: Value): Value {
  if (!isObject(value)) return value;
  if (Array.isArray(value)) return value.map(snapshot) as Value;
  const copy: object = Object.create(Object.getPrototypeOf(value));
  for (const key of Reflect.ownKeys(value)) {
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    if (descriptor === undefined) continue;
    if ("value" in descriptor) descriptor.value = snapshot(descriptor.value);
    Object.defineProperty(copy, key, descriptor);
  }
  return copy as Value;
}

/** Freezes a value and everything in it. */
export function deepFreeze<Value>(value: Value): Value {
  if (!isObject(value) || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const key of Reflect.ownKeys(value)) deepFreeze(Reflect.get(value, key));
  return value;
}

export interface Place {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** Every leaf with the path to it; objects and arrays too when `inner` is set. */
export function leaves(root: unknown, inner = false): Place[] {
  const found: Place[] = [];
  const walk = (value: unknown, path: readonly string[]): void => {
    if (!isObject(value) || inner) found.push({ path, value });
    if (!isObject(value)) return;
    for (const key of Object.keys(value)) walk(Reflect.get(value, key), [...path, key]);
  };
  walk(root, []);
  return found;
}

/** A copy of `root` with the value at `path` replaced. */
export function replaceAt<Value>(
  root: Value,
  path: readonly string[],
  change: (old: unknown) => unknown,
): Value {
  const [key, ...rest] = path;
  if (key === undefined) return change(root) as Value;
  if (!isObject(root)) return root;
  const copy = Array.isArray(root)
    ? [...root]
    : Object.create(Object.getPrototypeOf(root), Object.getOwnPropertyDescriptors(root));
  const value = replaceAt(Reflect.get(root, key), rest, change);
  Object.defineProperty(copy, key, { value, writable: true, enumerable: true, configurable: true });
  return copy as Value;
}
