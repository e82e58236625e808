/** What a response comes to: which of its items are calls of ours, which wait for the caller. */
import { isRecord, sumUsage } from "@headroom/core/kit";
import { isOurs, type Json, type Round, type Turn } from "@headroom/core/wire";

/** Calls that the provider always runs itself; their output stands in the item or comes as another one. */
const RUN_BY_PROVIDER = new Set([
  "code_interpreter_call",
  "file_search_call",
  "image_generation_call",
  "mcp_call",
  "web_search_call",
]);

export function turnOfResponse(reply: Json): Turn {
  const items = itemsOf(reply);
  const ours = items
    .filter(isOurItem)
    .map((item) => ({ id: String(item.call_id), args: item.arguments }));
  const answered = new Set(items.filter(isOutput).map(callIdOf));
  return {
    items,
    ours,
    others: items.some((item) => waitsForCaller(item, answered)),
    complete: reply.status === "completed",
    ...(typeof reply.id === "string" ? { id: reply.id } : {}),
  };
}

/** Shells run at the provider or at the caller, under one type: there their output stands in the same reply. */
function waitsForCaller(item: Json, answered: ReadonlySet<unknown>): boolean {
  const type = String(item.type);
  if (type === "mcp_approval_request") return true;
  if (!type.endsWith("_call") || RUN_BY_PROVIDER.has(type) || isOurItem(item)) return false;
  if (type === "tool_search_call" && item.execution !== "client") return false;
  return !answered.has(callIdOf(item));
}

/**
 * The last reply with what is shown of the rounds before it, and what they cost.
 *
 * @param before the items of each round before it
 */
export function mergedResponse(
  before: readonly (readonly Json[])[],
  spent: unknown,
  last: Json,
): Json {
  const output = [...before.flatMap(shownOf), ...itemsOf(last).filter((item) => !isOurItem(item))];
  const usage = sumUsage(spent, last.usage);
  return { ...last, output, ...(usage === undefined ? {} : { usage }) };
}

/** Of a hidden round: what it said, with its reasoning. Reasoning alone is refused without the call that followed it. */
function shownOf(items: readonly Json[]): readonly Json[] {
  const shown = items.filter((item) => !isOurItem(item));
  return shown.every(({ type }) => type === "reasoning") ? [] : shown;
}

/** Our answers as items of the next request. */
export function outputsOf({ turn, answers }: Round): Json[] {
  return turn.ours.map(({ id }, index) => outputFor(id, answers[index]));
}

/** Left open, a call would be refused: one that was not answered is told so. */
export function outputFor(
  call_id: unknown,
  output = "This look-up was not made. Ask again if you still need it.",
): Json {
  return { type: "function_call_output", call_id, output };
}

export function isOurItem(item: unknown): boolean {
  return isRecord(item) && item.type === "function_call" && isOurs(item.name);
}

export function itemsOf({ output }: Json): readonly Json[] {
  return Array.isArray(output) ? output.filter(isRecord) : [];
}

function isOutput({ type }: Json): boolean {
  return String(type).endsWith("_call_output") || type === "tool_search_output";
}

function callIdOf(item: Json): unknown {
  return item.call_id ?? item.id;
}
