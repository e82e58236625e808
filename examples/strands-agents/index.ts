/**
 * A researcher reads a long listing; a reviewer, who gets only the short text of it, looks one row up in the store they share.
 */
import { strict as assert } from "node:assert";
import { findMarkers, memoryStore } from "@headroom/core";
import { headroomPlugin, retrieveTool } from "@headroom/strands";
import { Agent, FunctionTool, type Message, TextBlock } from "@strands-agents/sdk";
import { ScriptedModel } from "./model.ts";

const orders = Array.from({ length: 2_000 }, (_, id) => ({
  id,
  sku: `SKU-${(id * 7_919) % 9_973}`,
  state: "shipped",
  warehouse: `W${id % 4}`,
}));
const listOrders = new FunctionTool({
  name: "list_orders",
  description: "All orders.",
  callback: () => orders,
});

/** The text of the last message: what its tool said, or what the user asked. */
function lastText(messages: readonly Message[]): string {
  const blocks = messages.at(-1)?.content ?? [];
  const parts = blocks.flatMap((block): readonly { readonly type: string }[] =>
    block.type === "toolResultBlock" ? block.content : [block],
  );
  return parts.map((part) => (part instanceof TextBlock ? part.text : "")).join("\n");
}

// With `redisStore` in place of `memoryStore` the two may run on different machines.
const store = memoryStore();
const plugin = headroomPlugin({ store });
const researcher = new Agent({
  id: "researcher",
  model: new ScriptedModel((messages) =>
    messages.length === 1 ? { name: "list_orders", input: {} } : lastText(messages),
  ),
  tools: [listOrders],
  plugins: [plugin],
  printer: false,
});
const notes = String(await researcher.invoke("List the orders."));

const reviewer = new Agent({
  id: "reviewer",
  model: new ScriptedModel((messages) => {
    const text = lastText(messages);
    const [marker] = findMarkers(text);
    return messages.length === 1 && marker
      ? { name: "headroom_retrieve", input: { hash: marker.ref, rows: "1234" } }
      : text;
  }),
  tools: [retrieveTool({ store })],
  printer: false,
});
const review = String(await reviewer.invoke(`Which sku has order 1234?\n\n${notes}`));

assert.match(review, new RegExp(orders[1234]?.sku ?? "none"));
const { tokensBefore, tokensAfter } = plugin.headroom.stats();
assert.ok(tokensAfter < tokensBefore / 4);
process.stdout.write(
  `The researcher's listing: ${tokensBefore} → ${tokensAfter} tokens; the reviewer looked up order 1234: ${orders[1234]?.sku}\n`,
);
