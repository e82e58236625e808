/**
 * A deep agent with a subagent. deepagents moves tool results over 20,000 tokens into files before any middleware sees them, and the
 * agent then reads the file page by page; a tool wrapped with `withHeadroomTool` is short before that. The subagent, which saw
 * neither the result nor a file, gets one row of it back by the marker it is handed. Checks what it prints.
 */
import assert from "node:assert/strict";
import process from "node:process";
import { memoryStore } from "@headroom/core";
import { createRetrieveTool, withHeadroomTool } from "@headroom/langchain";
import { headroomMiddleware } from "@headroom/langchain/middleware";
import { AIMessage, type BaseMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { createDeepAgent } from "deepagents";
import { fakeModel } from "langchain";

const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const rows = JSON.stringify(
  Array.from({ length: 2_000 }, (_, id) => ({
    id,
    host: `web-${id % 12}`,
    path: `/api/items/${(id * 7) % 500}`,
    status: id === 733 ? 502 : 200,
    ms: 5 + ((id * 13) % 40),
  })),
);
const listRequests = tool(() => rows, {
  name: "list_requests",
  description: "The last 2,000 requests.",
  schema: { type: "object", properties: { hour: { type: "integer" } }, required: ["hour"] },
});

/** A model that answers from a script; each answer may use what the model reads. */
type Answer = (read: string) => { tool: string; args: Record<string, unknown> } | string;
const scripted = (...answers: Answer[]) => {
  const model = fakeModel();
  for (const [index, answer] of answers.entries())
    model.respond((messages: BaseMessage[]) => {
      const said = answer(messages.map(({ text }) => text).join("\n"));
      if (typeof said === "string") return new AIMessage(said);
      const call = { name: said.tool, args: said.args, id: `call_${index}` };
      return new AIMessage({ content: "", tool_calls: [{ ...call, type: "tool_call" }] });
    });
  return model;
};
const hashIn = (read: string): string => /\[\[hr:([a-z]{22})/.exec(read)?.[1] ?? "none";

const run = async (compressed: boolean) => {
  // The state keeps only the short text; a checkpointed agent wants sqliteStore or redisStore here.
  const options = { store: memoryStore(), acceptMemoryStore: true, retrieveTool: true };
  const middleware = compressed ? [headroomMiddleware({ store: options.store })] : [];
  const agent = createDeepAgent({
    model: scripted(
      () => ({ tool: "list_requests", args: { hour: 9 } }),
      (read) => ({
        tool: "task",
        args: {
          subagent_type: "analyst",
          description: `Which host served request 731? The requests are [[hr:${hashIn(read)}]].`,
        },
      }),
      (read) => read.slice(read.lastIndexOf("Host:")),
    ),
    tools: [compressed ? withHeadroomTool(listRequests, options) : listRequests],
    middleware,
    subagents: [
      {
        name: "analyst",
        description: "Answers questions about data.",
        systemPrompt: "Answer from the data you are given.",
        tools: compressed ? [createRetrieveTool(options)] : [],
        model: compressed
          ? scripted(
              (read) => ({
                tool: "headroom_retrieve",
                args: { hash: hashIn(read), rows: "731" },
              }),
              (read) => `Host: ${/"id":731,"host":"(web-\d+)"/.exec(read)?.[1]}`,
            )
          : scripted(() => "Host: unknown"),
      },
    ],
  });
  const { messages } = await agent.invoke({ messages: [new HumanMessage("Who served 731?")] });
  const result = messages.find(ToolMessage.isInstance)?.text ?? "";
  return { answer: String(messages.at(-1)?.text), result };
};

const without = await run(false);
const withHeadroom = await run(true);
print(`the tool returned       ${rows.length.toLocaleString("en").padStart(8)} characters`);
print(`without Headroom: ${without.result.slice(0, 60).replaceAll("\n", " ")}…`);
print(`with: ${withHeadroom.result.split("\n")[0]}`);
print(`the subagent's answer: ${withHeadroom.answer}`);
assert.match(without.result, /large_tool_results/, "deepagents moved the whole result to a file");
assert(withHeadroom.result.includes("502"), "what matters is in the short text");
assert(withHeadroom.result.length < rows.length / 20, "and little else");
assert.equal(withHeadroom.answer, "Host: web-11");
