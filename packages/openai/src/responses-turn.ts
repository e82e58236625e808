/** What a response comes to: which of its items are calls of ours, which wait for the caller. */
import { isRecord, sumUsage } from "@headroom/core/kit";
import { isOurs, type Json, type Turn } from "@headroom/core/wire";

/** Calls that the provider runs itself. */
const SERVER_CALLS = new Set([
  "code_interpreter_call",
  "file_search_call",
  "image_generation_call",
  "mcp_call",
  "tool_search_call",
  "web_search_call",
]);

export function turnOfResponse(reply: Json): Turn {
  const items = itemsOf(reply);
  const ours = items
    .filter(isOurItem)
    .map((item) => ({ id: String(item.call_id), args: item.arguments }));
  const others = items.some(
    (item) =>
      !isOurItem(item) &&
      (String(item.type).endsWith("_call") || item.type === "mcp_approval_request") &&
      !SERVER_CALLS.has(String(item.type)),
  );
  return {
    items,
    ours,
    others,
    complete: reply.status === "completed",
    ...(typeof reply.id === "string" ? { id: reply.id } : {}),
  };
}

/** The last reply with what was shown of the rounds before it, and what they cost. */
export function mergedResponse(before: readonly Json[], spent: unknown, last: Json): Json {
  const output = [...before, ...itemsOf(last)].filter((item) => !isOurItem(item));
  const usage = sumUsage(spent, last.usage);
  return { ...last, output, ...(usage === undefined ? {} : { usage }) };
}

export function isOurItem(item: unknown): boolean {
  return isRecord(item) && item.type === "function_call" && isOurs(item.name);
}

export function itemsOf({ output }: Json): readonly Json[] {
  return Array.isArray(output) ? output.filter(isRecord) : [];
}
