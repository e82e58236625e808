/** What users rely on the compiler for: chains infer without casts. Type-checked with the tests; runs too. */
import { memoryStore } from "@headroom/core";
import {
  bindRetrieveTool,
  createRetrieveTool,
  HeadroomChatModel,
  HeadroomCompressor,
  type HeadroomCompressorInput,
} from "@headroom/langchain";
import { headroomMiddleware } from "@headroom/langchain/middleware";
import type { AIMessageChunk, BaseMessage } from "@langchain/core/messages";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { ChatPromptTemplate, PromptTemplate } from "@langchain/core/prompts";
import { type Runnable, RunnableSequence } from "@langchain/core/runnables";
import { ChatOpenAI } from "@langchain/openai";
import { createAgent } from "langchain";
import { describe, expectTypeOf, it } from "vitest";

const store = memoryStore();
const compressor = new HeadroomCompressor({ store });
const model = new ChatOpenAI({ model: "gpt-4o", apiKey: "test" });
const prompt = ChatPromptTemplate.fromMessages<{ q: string }>([["human", "{q}"]]);

describe("types", () => {
  it("infer through pipes", () => {
    const chain = prompt.pipe(compressor).pipe(model).pipe(new StringOutputParser());
    expectTypeOf(chain.invoke).returns.resolves.toEqualTypeOf<string>();
    expectTypeOf(chain.invoke).parameter(0).toEqualTypeOf<{ q: string }>();
    const messages = PromptTemplate.fromTemplate<{ a: string }>("{a}").pipe(compressor);
    expectTypeOf(messages.invoke).returns.resolves.toEqualTypeOf<BaseMessage[]>();
    const sequence = RunnableSequence.from([compressor, model]);
    expectTypeOf(sequence.invoke).returns.resolves.toExtend<AIMessageChunk>();
  });

  it("take what chat models take, and call options", () => {
    expectTypeOf<"text">().toExtend<HeadroomCompressorInput>();
    expectTypeOf<[["human", "x"]]>().toExtend<HeadroomCompressorInput>();
    const configured = compressor.withConfig({ runName: "shorten", query: "why" });
    expectTypeOf(configured.invoke).returns.resolves.toEqualTypeOf<BaseMessage[]>();
    // @ts-expect-error there is no such call option
    compressor.withConfig({ queries: 1 });
  });

  it("keep a model's own output through bindRetrieveTool", () => {
    const bound = bindRetrieveTool(model, { store });
    const chain = compressor.pipe(bound).pipe(new StringOutputParser());
    expectTypeOf(chain.invoke).returns.resolves.toEqualTypeOf<string>();
    expectTypeOf(bound.invoke).returns.resolves.toExtend<AIMessageChunk>();
    expectTypeOf(createRetrieveTool({ store }).name).toEqualTypeOf<string>();
  });

  it("make a chat model of HeadroomChatModel", () => {
    const headroom = new HeadroomChatModel({ llm: model, store });
    const chain = prompt.pipe(headroom).pipe(new StringOutputParser());
    expectTypeOf(chain).toExtend<Runnable<{ q: string }, string>>();
    const structured = headroom.withStructuredOutput<{ city: string }>({ type: "object" });
    expectTypeOf(structured.invoke).returns.resolves.toEqualTypeOf<{ city: string }>();
  });

  it("put the middleware into createAgent", () => {
    const agent = createAgent({ model, tools: [], middleware: [headroomMiddleware({ store })] });
    expectTypeOf(agent.invoke).toBeFunction();
  });
});
