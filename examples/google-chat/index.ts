/**
 * A chat whose model lists 2,000 orders through the SDK's automatic function calling, reads the short form, and looks one row up. The
 * chat's history has the function's whole response, and nothing of the look-up.
 */
import { strict as assert } from "node:assert";
import { type CallableTool, GoogleGenAI } from "@google/genai";
import { type CompressResult, memoryStore } from "@headroom/core";
import { withHeadroom } from "@headroom/google";
import { scriptedFetch } from "./model.ts";

const orders = Array.from({ length: 2_000 }, (_, id) => ({
  id,
  sku: `SKU-${(id * 7_919) % 9_973}`,
  state: "shipped",
  warehouse: `W${id % 4}`,
}));
const listOrders: CallableTool = {
  tool: async () => ({
    functionDeclarations: [{ name: "list_orders", description: "All orders." }],
  }),
  callTool: async (calls) =>
    calls.map(({ name = "" }) => ({ functionResponse: { name, response: { orders } } })),
};

const reports: CompressResult<unknown>[] = [];
const looked: string[] = [];
const fetch = scriptedFetch();
// In place of `fetch`, your API key.
const client = new GoogleGenAI({ apiKey: "test", httpOptions: { fetch } });
const ai = withHeadroom(client, {
  store: memoryStore(),
  hooks: { afterCompress: (report) => void reports.push(report) },
  onRetrieval: ({ rows = "" }) => void looked.push(rows),
});

const chat = ai.chats.create({ model: "gemini-3-pro", config: { tools: [listOrders] } });
const reply = await chat.sendMessage({ message: "Which sku has order 1234?" });

assert.match(reply.text ?? "", new RegExp(orders[1234]?.sku ?? "none"));
assert.deepEqual(looked, ["1234"]);
const history = JSON.stringify(chat.getHistory());
assert.ok(history.includes(JSON.stringify(orders)) && !history.includes("headroom_retrieve"));
const { tokensBefore = 0, tokensAfter = 0 } = reports.at(-1) ?? {};
assert.ok(tokensAfter < tokensBefore / 4);
process.stdout.write(
  `The listing as the model saw it: ${tokensBefore} → ${tokensAfter} tokens; it looked row ${looked} up and said: ${reply.text}\n`,
);
