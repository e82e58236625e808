import assert from "node:assert/strict";
import { compressModelMessages, headroomMiddleware } from "@headroom/ai-sdk";
import { memoryStore } from "@headroom/core";
import { generateText, wrapLanguageModel } from "ai";
import * as mocks from "ai/test";
import { json } from "./original.mjs";

const messages = [
  { role: "user", content: "Is anything down?" },
  {
    role: "assistant",
    content: [{ type: "tool-call", toolCallId: "1", toolName: "list", input: {} }],
  },
  {
    role: "tool",
    content: [
      {
        type: "tool-result",
        toolCallId: "1",
        toolName: "list",
        output: { type: "text", value: json },
      },
    ],
  },
];
const compressed = await compressModelMessages(messages, { store: memoryStore() });
assert.ok(JSON.stringify(compressed).length < json.length / 4);

const Model = mocks.MockLanguageModelV4 ?? mocks.MockLanguageModelV3 ?? mocks.MockLanguageModelV2;
const isOld = mocks.MockLanguageModelV3 === undefined;
let asked = "";
const model = new Model({
  doGenerate: async ({ prompt }) => {
    asked = JSON.stringify(prompt);
    return {
      content: [{ type: "text", text: "Row 251 is down." }],
      finishReason: isOld ? "stop" : { unified: "stop" },
      usage: { inputTokens: isOld ? 1 : {}, outputTokens: isOld ? 1 : {}, totalTokens: 1 },
      warnings: [],
    };
  },
});
const middleware = headroomMiddleware({ store: memoryStore() });
const { text } = await generateText({ model: wrapLanguageModel({ model, middleware }), messages });
assert.equal(text, "Row 251 is down.");
assert.ok(asked.length < json.length / 4);
