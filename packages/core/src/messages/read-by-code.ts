import { isRecord, type UnknownRecord } from "../kit/json.ts";

/**
 * For a call, or the result of one, that a program of the model made in the provider's sandbox (`caller`): what the tool returns is
 * parsed there, and has to stay as it is. Anthropic and OpenAI's Responses say it alike.
 */
export function readByCode({ caller }: UnknownRecord): { readonly keep?: string } {
  return isRecord(caller) && caller.type !== "direct" ? { keep: READ_BY_CODE } : {};
}

/** Whether only a program has seen a text, and the model has not. */
export function isReadByCode({ keep }: { readonly keep?: string }): boolean {
  return keep === READ_BY_CODE;
}

const READ_BY_CODE = "read by code";
