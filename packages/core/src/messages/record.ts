/** Copying parsed JSON without trusting its keys. */
import type { UnknownRecord } from "../kit/json.ts";

/**
 * A copy of `message` with the strings at the given paths replaced; `message` itself when nothing differs.
 *
 * A block id is the dotted path of its string (`content.2.content.0.text`). Only objects on a replaced path are copied;
 * everything else is shared with the original. Prototypes of copied objects are kept.
 */
export function replaceTexts<Message>(
  message: Message,
  replacements: ReadonlyMap<string, string>,
): Message {
  const paths = [...replacements].map(([id, text]): [string[], string] => [id.split("."), text]);
  return replacePaths(message, paths);
}

/** `replaceTexts` for paths whose keys may hold dots. */
export function replacePaths<Message>(
  message: Message,
  replacements: Iterable<readonly [path: readonly string[], text: string]>,
): Message {
  let result: unknown = message;
  for (const [path, text] of replacements)
    result = replaceValue(result, path, (value) => (typeof value === "string" ? text : value));
  return result as Message;
}

/** The message with the value at a path replaced by another, whatever it was. */
export function replaceValue<Message>(
  message: Message,
  path: readonly string[],
  replace: (value: unknown) => unknown,
): Message {
  return replaceAt(message, path, 0, replace) as Message;
}

function replaceAt(
  value: unknown,
  path: readonly string[],
  depth: number,
  replace: (value: unknown) => unknown,
): unknown {
  const key = path[depth];
  if (key === undefined) return replace(value);
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return value;
  const old = (value as UnknownRecord)[key];
  const next = replaceAt(old, path, depth + 1, replace);
  if (next === old) return value;
  const copy = shallowCopy(value);
  Object.defineProperty(copy, key, {
    value: next,
    configurable: true,
    enumerable: true,
    writable: true,
  });
  return copy;
}

function shallowCopy(value: object): object {
  if (Array.isArray(value)) return value.slice();
  const copy = Object.create(Object.getPrototypeOf(value)) as object;
  for (const key of Reflect.ownKeys(value)) {
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    if (descriptor)
      Object.defineProperty(copy, key, {
        ...descriptor,
        configurable: true,
        ...("value" in descriptor ? { writable: true } : {}),
      });
  }
  return copy;
}
