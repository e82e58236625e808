/**
 * The last look at what compression made of the messages, before it is sent: the same rows, each saying the same of itself. Whatever
 * else went wrong, no call loses its result and no message its role.
 */
import { isRecord } from "../kit/json.ts";

/** What a message or a part says of itself, in the words of the providers. */
const IDENTITY = new Set([
  "call_id",
  "id",
  "name",
  "role",
  "tool_call_id",
  "tool_use_id",
  "toolUseId",
  "type",
]);

/** Whether every row is still there, in order, with its roles, ids and parts. Rows that are the same object are not looked into. */
export function areSameRows(before: readonly unknown[], after: readonly unknown[]): boolean {
  return before.length === after.length && before.every((row, at) => isSameRow(row, after[at]));
}

function isSameRow(before: unknown, after: unknown): boolean {
  if (Object.is(before, after)) return true;
  if (typeof before === "string") return typeof after === "string";
  if (Array.isArray(before)) return Array.isArray(after) && areSameRows(before, after);
  if (!isRecord(before) || !isRecord(after)) return false;
  const keys = Object.keys(before);
  return (
    keys.length === Object.keys(after).length &&
    keys.every((key) => {
      const [old, made] = [before[key], after[key]];
      if (Object.is(old, made)) return true;
      if (IDENTITY.has(key)) return false;
      if (isRecord(old)) return isRecord(made);
      // The whole of a result may be written as one text.
      return typeof made === "string" || (Array.isArray(old) && isSameRow(old, made));
    })
  );
}
