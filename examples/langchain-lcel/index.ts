/**
 * An LCEL chain with the real ChatOpenAI package, against a local server that speaks OpenAI's wire format.
 *
 * First `prompt.pipe(compressor).pipe(model)`: lossless, because this model has no tool to get anything back. Then the model
 * wrapped in `HeadroomChatModel`: shortened, and a question about an omitted row answered without an agent loop.
 * Checks what it prints, and exits non-zero when something is off.
 */
import assert from "node:assert/strict";
import process from "node:process";
import { memoryStore } from "@headroom/core";
import { HeadroomChatModel, HeadroomCompressor } from "@headroom/langchain";
import { AIMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { ChatPromptTemplate, MessagesPlaceholder } from "@langchain/core/prompts";
import { ChatOpenAI } from "@langchain/openai";
import { startLlmServer } from "../../test/support/llm-server.ts";

const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const sensors = JSON.stringify(
  Array.from({ length: 800 }, (_, id) => ({
    id,
    room: `room-${id % 40}`,
    celsius: 20 + (id % 9) / 2,
    state: id === 431 ? "no answer" : "ok",
  })),
);
const history = [
  new HumanMessage("Which sensor does not answer, and what does sensor 77 say?"),
  new AIMessage({
    content: "",
    tool_calls: [{ id: "c1", name: "read_sensors", args: {}, type: "tool_call" }],
  }),
  new ToolMessage({ content: sensors, tool_call_id: "c1" }),
];

/** A model that quotes sensor 600 once it can read it, and looks it up when it can. */
const server = await startLlmServer(({ body }) => {
  const hash = /\[\[hr:([a-z]{22})/.exec(body)?.[1];
  const row = /id\\+":600,\\+"room\\+":\\+"(room-\d+)/.exec(body)?.[1];
  if (row) return { text: `Sensor 600 is in ${row}.` };
  if (!body.includes('"headroom_retrieve"')) return { text: "Sensor 431 does not answer." };
  return { calls: [{ name: "headroom_retrieve", args: { hash, rows: "600" } }] };
});

try {
  const model = new ChatOpenAI({
    model: "gpt-4o",
    apiKey: "not-needed",
    configuration: { baseURL: `${server.url}/v1` },
  });
  const prompt = ChatPromptTemplate.fromMessages([
    ["system", "You watch {building}."],
    new MessagesPlaceholder("history"),
  ]);
  const input = { building: "the museum", history };
  const store = memoryStore();

  const plain = prompt.pipe(model).pipe(new StringOutputParser());
  const chain = prompt
    .pipe(new HeadroomCompressor({ store }))
    .pipe(model)
    .pipe(new StringOutputParser());
  const pieces: string[] = [];
  await plain.invoke(input);
  for await (const piece of await chain.stream(input)) pieces.push(piece);
  const [before, after] = server.requests.map(({ body }) => body.length);
  assert(before && after);
  print(`a chain, lossless:      ${before} bytes on the wire become ${after}`);
  print(`streamed in ${pieces.length} pieces:   ${pieces.join("")}`);
  assert(after < before * 0.6);
  assert.equal(pieces.join(""), "Sensor 431 does not answer.");
  assert(!server.requests[1]?.body.includes("omitted"), "no tool, so nothing is left out");

  const headroom = new HeadroomChatModel({ llm: model, store });
  const answer = await prompt.pipe(headroom).invoke(input);
  const asked = server.requests.slice(2).map(({ body }) => body);
  print(
    `HeadroomChatModel:      ${asked.map(({ length }) => length).join(" + ")} bytes in two requests`,
  );
  print(`                        ${answer.text}`);
  assert.equal(answer.text, "Sensor 600 is in room-0.");
  assert.equal(asked.length, 2);
  assert(!asked[0]?.includes('id\\":600,'), "the row was left out");
  assert(asked.every(({ length }) => length < before * 0.15));
  assert.equal(history[2]?.content, sensors, "the caller's messages are as they were");
} finally {
  await server.stop();
}
