/**
 * The few assertions the laws need, without a test framework or a Node built-in, so that a suite runs in a browser too.
 *
 * Errors carry `expected` and `actual`, which test runners print as a diff.
 */

/** A subject broke a law. */
export class LawError extends Error {
  readonly expected: unknown;
  readonly actual: unknown;

  constructor(what: string, expected: unknown, actual: unknown) {
    super(`${what}\n  expected: ${show(expected)}\n  received: ${show(actual)}`);
    this.name = "LawError";
    this.expected = expected;
    this.actual = actual;
  }
}

/** The very same value (`Object.is`). */
export function same(actual: unknown, expected: unknown, what: string): void {
  if (!Object.is(actual, expected)) throw new LawError(what, expected, actual);
}

/** Equal in depth: same keys in the same order, same prototypes, `Object.is` for the leaves. */
export function equal(actual: unknown, expected: unknown, what: string): void {
  const path = firstDifference(actual, expected);
  if (path !== undefined) {
    throw new LawError(
      path === "" ? what : `${what} (first difference at ${path})`,
      expected,
      actual,
    );
  }
}

/** A condition, with the words for what would have been right. */
export function check(condition: boolean, what: string, expected: unknown, actual: unknown): void {
  if (!condition) throw new LawError(what, expected, actual);
}

/** Fails when the promise resolves. */
export async function rejects(promise: Promise<unknown>, what: string): Promise<void> {
  let value: unknown;
  try {
    value = await promise;
  } catch {
    return;
  }
  throw new LawError(what, "a rejection", value);
}

/** Where two values differ first, as a path; `""` is the root, `undefined` means nowhere. */
export function firstDifference(left: unknown, right: unknown): string | undefined {
  if (Object.is(left, right)) return undefined;
  if (!isObject(left) || !isObject(right)) return "";
  if (Object.getPrototypeOf(left) !== Object.getPrototypeOf(right)) return "";
  if (left instanceof Map && right instanceof Map) return prefixed("", [...left], [...right]);
  const keys = Reflect.ownKeys(left);
  const others = Reflect.ownKeys(right);
  if (keys.length !== others.length || keys.some((key, index) => key !== others[index])) return "";
  for (const key of keys) {
    const found = prefixed(String(key), Reflect.get(left, key), Reflect.get(right, key));
    if (found !== undefined) return found;
  }
  return undefined;
}

function prefixed(key: string, left: unknown, right: unknown): string | undefined {
  const rest = firstDifference(left, right);
  if (rest === undefined) return undefined;
  return rest === "" || key === "" ? `${key}${rest}` : `${key}.${rest}`;
}

/** Any object or array; functions are leaves. */
export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** A value in at most 200 characters, control characters escaped. */
export function show(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : describe(value);
  return text.length <= 200 ? text : `${text.slice(0, 140)} … ${text.slice(-40)} (${text.length})`;
}

function describe(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (value instanceof Map) return `Map ${describe([...value])}`;
  if (!isObject(value)) return Object.is(value, -0) ? "-0" : String(value);
  try {
    return JSON.stringify(value);
  } catch {
    return Array.isArray(value) ? `an array of ${value.length}` : "an object";
  }
}
