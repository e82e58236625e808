/** Reading SQLite's result codes from what `node:sqlite` throws. */

const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/** Damage that SQLite itself does not report: an index that leads to rows which are not there, a changed schema. */
export class DamageError extends Error {
  override readonly name = "DamageError";
}

export function isCorrupt(error: unknown): boolean {
  if (error instanceof DamageError) return true;
  const code = resultCodeOf(error);
  return code === CORRUPT || code === NOT_A_DATABASE;
}

/** Another process holds a lock: worth another try. */
export function isBusy(error: unknown): boolean {
  const code = resultCodeOf(error);
  return code === BUSY || code === LOCKED;
}

export function isReadOnly(error: unknown): boolean {
  return resultCodeOf(error) === READONLY;
}

/** The connection was closed after a rollback that failed. */
export function isClosed(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_INVALID_STATE";
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function resultCodeOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("errcode" in error)) return undefined;
  // Extended result codes keep the primary one in their low byte.
  return typeof error.errcode === "number" ? error.errcode & 0xff : undefined;
}
