/**
 * A LangGraph ReAct loop with a tool that returns 1,000 rows, the real ChatOpenAI package and originals in an SQLite file.
 *
 * `withHeadroomTools` makes results short before they enter the state, so state and checkpoints stay small too, and a new process
 * that opens the file can still redeem them. Checks what it prints, and exits non-zero when something is off.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { bindRetrieveTool, createRetrieveTool, withHeadroomTools } from "@headroom/langchain";
import { sqliteStore } from "@headroom/sqlite";
import { HumanMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { MemorySaver, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { ToolNode, toolsCondition } from "@langchain/langgraph/prebuilt";
import { ChatOpenAI } from "@langchain/openai";
import { startLlmServer } from "../../test/support/llm-server.ts";

const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const rows = JSON.stringify(
  Array.from({ length: 1_000 }, (_, id) => ({
    id,
    host: `web-${id % 12}`,
    path: `/api/items/${(id * 7) % 500}`,
    status: id === 733 ? 502 : 200,
    ms: 5 + ((id * 13) % 40),
  })),
);
const listRequests = tool(() => rows, {
  name: "list_requests",
  description: "The last 1,000 requests.",
  schema: { type: "object", properties: { hour: { type: "integer" } }, required: ["hour"] },
});

/** A model that reads the requests, then looks up the one before the failure, which it was not shown. */
const server = await startLlmServer(({ body }) => {
  if (!body.includes('"role":"tool"'))
    return { calls: [{ name: "list_requests", args: { hour: 9 } }] };
  const before = /id\\+":731,\\+"host\\+":\\+"(web-\d+)/.exec(body)?.[1];
  if (before) return { text: `Request 731 went to ${before}.` };
  const hash = /\[\[hr:([a-z]{22})/.exec(body)?.[1];
  return { calls: [{ name: "headroom_retrieve", args: { hash, rows: "731" } }] };
});
const folder = mkdtempSync(join(tmpdir(), "headroom-example-"));
const path = join(folder, "originals.db");
const store = sqliteStore({ path });

try {
  const retrieve = createRetrieveTool({ store });
  const model = new ChatOpenAI({
    model: "gpt-4o",
    apiKey: "not-needed",
    configuration: { baseURL: `${server.url}/v1` },
  });
  const bound = bindRetrieveTool(model, retrieve, [listRequests]);
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("agent", async ({ messages }) => ({ messages: [await bound.invoke(messages)] }))
    .addNode("tools", withHeadroomTools(new ToolNode([listRequests, retrieve]), { store }))
    .addEdge(START, "agent")
    .addConditionalEdges("agent", toolsCondition)
    .addEdge("tools", "agent")
    .compile({ checkpointer: new MemorySaver() });

  const thread = { configurable: { thread_id: "1" } };
  const input = { messages: [new HumanMessage("What came shortly before the failure?")] };
  const { messages } = await graph.invoke(input, thread);
  const state = JSON.stringify((await graph.getState(thread)).values);
  const answer = messages.at(-1)?.text ?? "";

  print(`the tool returned:   ${rows.length} characters`);
  print(`the state holds:     ${state.length} characters, all messages`);
  print(`answer:              ${answer}`);
  assert.equal(answer, "Request 731 went to web-11.");
  assert(state.length < rows.length * 0.15);
  assert(state.includes("502"), "the failure was shown");
  assert(!server.requests[1]?.body.includes('id\\":731,'), "the request before it was not");

  // Another process would do this: open the file, redeem what the state names.
  const hash = /\[\[hr:([a-z]{22})/.exec(state)?.[1] ?? "";
  await store.close?.();
  const later = sqliteStore({ path });
  const row = await createRetrieveTool({ store: later }).invoke({ hash, rows: "999" });
  await later.close?.();
  assert(row.includes('"id":999'));
  print(`from the file:       ${row.split("\n")[1]}`);
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
