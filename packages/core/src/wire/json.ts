import { isRecord, type UnknownRecord } from "../kit/json.ts";

/** A parsed request, reply or event, or an object inside one. */
export type Json = UnknownRecord;

/** The object that a text is the JSON of; `undefined` for anything else. */
export function parseJson(text: string | undefined): Json | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
