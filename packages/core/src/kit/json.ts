/** Reading parsed JSON without trusting it. */

export type UnknownRecord = { readonly [key: string]: unknown };

/** Whether a value is an object and no array. */
export function isRecord(value: unknown): value is UnknownRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The JSON text of a value; `undefined` for what has none (cycles, functions, big integers). */
export function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** The arguments of a tool call as a message adapter tells them: JSON text, absent where they have none. */
export function argsOf(value: unknown): { readonly args?: string } {
  const args = jsonOf(value);
  return args === undefined ? {} : { args };
}
