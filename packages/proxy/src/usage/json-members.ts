/**
 * Single members of a JSON text, read as it arrives and without keeping the rest of it.
 *
 * Only members of the outermost objects are seen. A text that is no JSON gives nothing, or something that no caller takes for a
 * number of tokens; it never throws.
 */

const [QUOTE, BACKSLASH, COMMA, COLON] = [34, 92, 44, 58];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];

/** Objects deeper than this are only counted. */
const MAX_DEPTH = 3;
/** A longer value is none that we look for. */
const MAX_VALUE_BYTES = 8_192;
const MAX_KEY_BYTES = 64;

export interface JsonMembers {
  push(bytes: Buffer): void;
  /** The text has ended; the next one begins. */
  reset(): void;
}

/**
 * @param paths of the members, keys joined by dots; a list around everything does not count
 * @param found gets the JSON of a value, also of one that is not whole where the text is no JSON
 */
export function jsonMembers(
  paths: ReadonlySet<string>,
  found: (path: string, json: string) => void,
): JsonMembers {
  let depth = 0;
  /** The key that stands at each depth; `undefined` in a list. */
  let keys: (string | undefined)[] = [];
  let isObject: boolean[] = [];
  let inString = false;
  /** The bytes so far end with an odd number of backslashes. */
  let escaped = false;
  /** A string that begins here is a key. */
  let expectsKey = false;
  let key: Buffer[] | undefined;
  let value:
    | { readonly path: string; readonly depth: number; readonly parts: Buffer[]; size: number }
    | undefined;

  const reset = (): void => {
    [depth, keys, isObject] = [0, [], []];
    [inString, escaped, expectsKey] = [false, false, false];
    [key, value] = [undefined, undefined];
  };
  const finish = (): void => {
    if (value && value.size <= MAX_VALUE_BYTES)
      found(value.path, Buffer.concat(value.parts).toString());
    value = undefined;
  };
  const take = (bytes: Buffer, from: number, to: number): void => {
    if (value === undefined || to <= from) return;
    value.size += to - from;
    if (value.size <= MAX_VALUE_BYTES) value.parts.push(bytes.subarray(from, to));
  };
  const pathHere = (): string | undefined => {
    const from = isObject[0] === false ? 1 : 0;
    let path = "";
    for (let at = from; at < depth; at++) {
      if (!isObject[at] || keys[at] === undefined) return undefined;
      path += at === from ? keys[at] : `.${keys[at]}`;
    }
    return path;
  };

  return {
    reset,
    push(bytes) {
      /** Where what belongs to `value` or `key` begins in these bytes. */
      let from = 0;
      let at = 0;
      while (at < bytes.length) {
        if (inString) {
          const end = endOfString(bytes, at, escaped);
          escaped = end.escaped;
          if (key && end.at > at) {
            const size = key.reduce((sum, { length }) => sum + length, end.at - at);
            if (size <= MAX_KEY_BYTES) key.push(bytes.subarray(at, end.at));
            else key = undefined;
          }
          at = end.at;
          if (!end.found) break;
          inString = false;
          at++;
          if (key) {
            keys[depth - 1] = Buffer.concat(key).toString();
            key = undefined;
          }
          continue;
        }
        const byte = bytes[at];
        switch (byte) {
          case QUOTE:
            inString = true;
            escaped = false;
            if (expectsKey && depth <= MAX_DEPTH) key = [];
            expectsKey = false;
            break;
          case COLON:
            if (value === undefined && depth <= MAX_DEPTH) {
              const path = pathHere();
              if (path !== undefined && paths.has(path)) {
                value = { path, depth, parts: [], size: 0 };
                from = at + 1;
              }
            }
            break;
          case COMMA:
            if (value?.depth === depth) {
              take(bytes, from, at);
              finish();
            }
            expectsKey = isObject[depth - 1] === true;
            if (expectsKey && depth <= MAX_DEPTH) keys[depth - 1] = undefined;
            break;
          case OPEN_OBJECT:
          case OPEN_LIST:
            if (depth <= MAX_DEPTH) {
              isObject[depth] = byte === OPEN_OBJECT;
              keys[depth] = undefined;
            }
            depth++;
            expectsKey = byte === OPEN_OBJECT;
            break;
          case CLOSE_OBJECT:
          case CLOSE_LIST:
            if (value?.depth === depth) {
              take(bytes, from, at);
              finish();
            }
            depth = Math.max(0, depth - 1);
            expectsKey = false;
            break;
        }
        at++;
      }
      take(bytes, from, bytes.length);
    },
  };
}

/** Where a string ends, at `at` or later. Bytes of no interest are passed over by the platform's own search. */
function endOfString(
  bytes: Buffer,
  at: number,
  escaped: boolean,
): { readonly at: number; readonly found: boolean; readonly escaped: boolean } {
  let from = at;
  let isEscaped = escaped;
  for (;;) {
    const quote = bytes.indexOf(QUOTE, from);
    const end = quote === -1 ? bytes.length : quote;
    let first = end;
    while (first > from && bytes[first - 1] === BACKSLASH) first--;
    const odd = (end - first + (first === from && isEscaped ? 1 : 0)) % 2 === 1;
    if (quote === -1) return { at: end, found: false, escaped: odd };
    if (!odd) return { at: end, found: true, escaped: false };
    from = quote + 1;
    isEscaped = false;
  }
}
