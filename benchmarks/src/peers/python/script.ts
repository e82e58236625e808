/** The model that the Python programs talk to: it looks at everything, and looks up what it is not shown. */
import type { LlmReply } from "../../../../test/support/llm-server.ts";
import type { Called, Conversation } from "../conversation.ts";

/** The order that is looked up. */
const ORDER = 500;

/** Order 500 of `world.py`. It stands in no view of the orders. */
export const FACT = "SKU-219";

/** The tools, in the order in which the model calls them. */
export const STEPS: readonly string[] = [
  "list_packages",
  "find_files",
  "list_orders",
  "search",
  "read_file",
  "run_tests",
];

const RETRIEVE = "headroom_retrieve";

/**
 * Calls each tool once, and retrieves what it was not shown of the orders: as soon as it may, or in one reply with the next call, or
 * before its last words. The name of a scenario says which.
 */
export function lookingUp({ body, calls, tools }: Conversation): LlmReply {
  const made = calls.filter(({ name }) => STEPS.includes(name));
  const orders = made.find(({ name }) => name === "list_orders");
  const told = new RegExp(`${FACT}\\b`).exec(body)?.[0];
  const isMixed = body.includes("mixed]");
  const isLate = body.includes("late]");
  const lookup = orders && told === undefined && tools.includes(RETRIEVE) ? lookupOf(orders) : [];
  const next = STEPS[made.length];
  if (lookup.length > 0 && next === undefined) return { calls: lookup };
  if (lookup.length > 0 && !isMixed && !isLate) return { calls: lookup };
  if (next !== undefined)
    return {
      text: `Step ${made.length + 1} is ${next}.`,
      calls: [...(isMixed ? lookup : []), { name: next, args: { place: "." } }],
    };
  return { text: told ? `Order 500 is ${told}.` : "I cannot tell what order 500 is." };
}

/** LiteLLM's tool knows no other selection than a query. The hash is the one that the model reads, in either spelling. */
function lookupOf({ result = "" }: Called): NonNullable<LlmReply["calls"]> {
  const hash = /\[\[hr:([a-z0-9]+) /.exec(result)?.[1] ?? "none";
  return [{ name: RETRIEVE, args: { hash, query: `"id": ${ORDER}` } }];
}
