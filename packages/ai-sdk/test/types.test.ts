/** One set of types for ai 5, 6 and 7: this file has to compile; the assertions only keep it honest. */
import { memoryStore } from "@headroom/core";
import type { LanguageModelMiddleware as Middleware5 } from "ai5";
import * as ai5 from "ai5";
import type { LanguageModelMiddleware as Middleware6 } from "ai6";
import {
  generateText as generate6,
  jsonSchema as json6,
  tool as tool6,
  wrapLanguageModel as wrap6,
} from "ai6";
import {
  generateText as generate7,
  jsonSchema as json7,
  type LanguageModelMiddleware as Middleware7,
  type ModelMessage,
  tool as tool7,
  wrapLanguageModel as wrap7,
} from "ai7";
import { createOpenAI as openai5 } from "openai5";
import { createOpenAI as openai6 } from "openai6";
import { createOpenAI as openai7 } from "openai7";
import { expect, it } from "vitest";
import {
  compressModelMessages,
  headroomMiddleware,
  headroomTools,
  withHeadroom,
  wrapProvider,
} from "../src/index.ts";

const store = memoryStore();
const key = { apiKey: "x" };

it("is a middleware of all three versions", () => {
  const middleware = headroomMiddleware({ store });
  const five: Middleware5 = middleware;
  const six: Middleware6 = middleware;
  const seven: Middleware7 = middleware;
  expect(five === middleware && (six as unknown) === seven).toBe(true);
  ai5.wrapLanguageModel({ model: openai5(key)("gpt-4o"), middleware });
  wrap6({ model: openai6(key)("gpt-4o"), middleware: [middleware] });
  wrap7({ model: openai7(key)("gpt-4o"), middleware });
  // A provider package of the version before under ai 7.
  wrap7({ model: openai6(key)("gpt-4o"), middleware });
});

it("keeps the type of what it wraps", () => {
  const model = withHeadroom(openai7(key)("gpt-4o"), { store });
  const provider = wrapProvider(openai7(key), { store });
  expect(model.specificationVersion).toBe("v4");
  expect(provider.chat("gpt-4o").modelId).toBe("gpt-4o");
  expect(provider("gpt-4o").specificationVersion).toBe("v4");
});

it("offers tools whose calls are typed", () => {
  const tools = headroomTools({ store });
  const typed = async (): Promise<void> => {
    const other5 = ai5.tool({
      inputSchema: ai5.jsonSchema<{ q: string }>({ type: "object" }),
      execute: async ({ q }) => q.length,
    });
    const five = await ai5.generateText({
      model: withHeadroom(openai5(key)("gpt-4o"), { store, retrieval: "tool" }),
      prompt: "x",
      tools: { ...tools, other5 },
    });
    for (const call of five.staticToolCalls)
      if (call.toolName === "headroom_retrieve") call.input.hash.toUpperCase();
    const other6 = tool6({
      inputSchema: json6<{ q: string }>({ type: "object" }),
      execute: async ({ q }) => q.length,
    });
    const six = await generate6({
      model: withHeadroom(openai6(key)("gpt-4o"), { store, retrieval: "tool" }),
      prompt: "x",
      tools: { ...tools, other6 },
    });
    for (const call of six.staticToolCalls)
      if (call.toolName === "headroom_retrieve") call.input.hash.toUpperCase();
    const other7 = tool7({
      inputSchema: json7<{ q: string }>({ type: "object" }),
      execute: async ({ q }) => q.length,
    });
    const seven = await generate7({
      model: withHeadroom(openai7(key)("gpt-4o"), { store, retrieval: "tool" }),
      prompt: "x",
      tools: { ...tools, other7 },
      prepareStep: async ({ messages }) => ({
        messages: await compressModelMessages(messages, { store }),
      }),
    });
    for (const call of seven.staticToolCalls)
      if (call.toolName === "headroom_retrieve") call.input.hash.toUpperCase();
  };
  expect(typed).toBeTypeOf("function");
});

it("gives messages back as the messages they were", async () => {
  const messages: ModelMessage[] = [{ role: "user", content: "hello" }];
  const compressed: ModelMessage[] = await compressModelMessages(messages, { store });
  expect(compressed[0]).toBe(messages[0]);
});
