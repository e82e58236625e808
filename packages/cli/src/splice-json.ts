/**
 * Puts changed strings into a JSON text without touching any other byte of it.
 *
 * Keeps formatting, number text (`1.0`, big integers), escapes, key order and duplicate keys of everything that did not
 * change, which `JSON.stringify(JSON.parse(text))` does not. One pass, no recursion.
 */

interface Frame {
  readonly before: unknown;
  readonly after: unknown;
  readonly isArray: boolean;
  /** Index or name of the value that comes next. */
  key: number | string;
  expectsKey: boolean;
}

/**
 * `source` with each string of `before` that differs in `after` replaced. `before` is what `JSON.parse(source)` gave.
 *
 * @returns undefined when `before` and `after` differ in more than strings
 */
export function spliceJson(source: string, before: unknown, after: unknown): string | undefined {
  const pieces: string[] = [];
  const stack: Frame[] = [];
  let copiedTo = 0;
  for (let at = 0; at < source.length; at++) {
    const frame = stack.at(-1);
    const char = source[at];
    if (char === '"') {
      const end = endOfString(source, at);
      if (frame?.expectsKey) {
        frame.key = JSON.parse(source.slice(at, end)) as string;
        frame.expectsKey = false;
      } else {
        const [old, now] = frame
          ? [child(frame.before, frame.key), child(frame.after, frame.key)]
          : [before, after];
        if (old !== now) {
          if (typeof old !== "string" || typeof now !== "string") return undefined;
          // Of duplicate members `JSON.parse` keeps the last; the others are not what was replaced.
          if (JSON.parse(source.slice(at, end)) === old) {
            pieces.push(source.slice(copiedTo, at), JSON.stringify(now));
            copiedTo = end;
          }
        }
      }
      at = end - 1;
    } else if (char === "{" || char === "[") {
      const [old, now] = frame
        ? [child(frame.before, frame.key), child(frame.after, frame.key)]
        : [before, after];
      const isArray = char === "[";
      if (old !== now && !differInTextsOnly(old, now)) return undefined;
      stack.push({ before: old, after: now, isArray, key: 0, expectsKey: !isArray });
    } else if (char === "}" || char === "]") {
      stack.pop();
    } else if (char === "," && frame) {
      if (frame.isArray) frame.key = Number(frame.key) + 1;
      else frame.expectsKey = true;
    }
  }
  pieces.push(source.slice(copiedTo));
  return pieces.join("");
}

/** Own members only: a source may have a key named `__proto__` or `toString`. */
function child(container: unknown, key: number | string): unknown {
  if (typeof container !== "object" || container === null) return undefined;
  return Object.getOwnPropertyDescriptor(container, key)?.value;
}

function differInTextsOnly(before: unknown, after: unknown): boolean {
  if (typeof before !== "object" || typeof after !== "object") return false;
  if (before === null || after === null || Array.isArray(before) !== Array.isArray(after))
    return false;
  const keys = Object.keys(before);
  if (keys.length !== Object.keys(after).length) return false;
  return keys.every((key) => {
    const old = child(before, key);
    const now = child(after, key);
    return Object.is(old, now) || (typeof old === typeof now && isTextOrContainer(old));
  });
}

function isTextOrContainer(value: unknown): boolean {
  return typeof value === "string" || (typeof value === "object" && value !== null);
}

/** Index behind the closing quote of the string that starts at `start`. */
function endOfString(source: string, start: number): number {
  let at = start + 1;
  while (at < source.length && source[at] !== '"') at += source[at] === "\\" ? 2 : 1;
  return at + 1;
}
