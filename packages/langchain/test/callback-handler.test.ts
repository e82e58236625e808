import { memoryStore } from "@headroom/core";
import {
  bindRetrieveTool,
  createRetrieveTool,
  HeadroomCallbackHandler,
  HeadroomCompressor,
  type HeadroomMetrics,
} from "@headroom/langchain";
import { awaitAllCallbacks } from "@langchain/core/callbacks/promises";
import { AIMessage } from "@langchain/core/messages";
import { RunnableLambda } from "@langchain/core/runnables";
import { LangChainTracer } from "@langchain/core/tracers/tracer_langchain";
import { describe, expect, it } from "vitest";
import { conversation, refsIn } from "./support/data.ts";
import { ScriptedModel } from "./support/scripted-model.ts";

const answer = () =>
  new AIMessage({
    content: "ok",
    usage_metadata: {
      input_tokens: 50,
      output_tokens: 5,
      total_tokens: 55,
      input_token_details: { cache_read: 10, cache_creation: 3 },
    },
  } as never);

function chain() {
  const store = memoryStore();
  const retrieve = createRetrieveTool({ store });
  return new HeadroomCompressor({ store, retrieveTool: true })
    .pipe(
      RunnableLambda.from(async (messages, config) => {
        await retrieve.invoke({ hash: refsIn(messages as never)[0] ?? "", rows: "3" }, config);
        await retrieve.invoke({ hash: "nothing" }, config);
        return messages as never;
      }),
    )
    .pipe(bindRetrieveTool(new ScriptedModel([answer()]), retrieve));
}

describe("HeadroomCallbackHandler", () => {
  it("has the figures of a run when invoke resolves: compression, retrievals, usage with cache", async () => {
    const ended: [string, HeadroomMetrics][] = [];
    const handler = new HeadroomCallbackHandler({ onRunEnd: (...end) => ended.push(end) });
    await chain().invoke(conversation(), { callbacks: [handler] });
    const [[, run] = []] = [...handler.runs];
    expect(run).toMatchObject({
      compressions: 1,
      retrievals: 2,
      misses: 1,
      modelCalls: 1,
      errors: 0,
      usage: { input: 50, output: 5, cacheRead: 10, cacheWrite: 3 },
    });
    expect(run?.tokensSaved).toBe((run?.tokensBefore ?? 0) - (run?.tokensAfter ?? 0));
    expect((run?.tokensSaved ?? 0) / (run?.tokensBefore ?? 1)).toBeGreaterThan(0.85);
    expect(ended).toEqual([...handler.runs]);
  });

  it("keeps concurrent runs apart and adds them up", async () => {
    const handler = new HeadroomCallbackHandler();
    await chain().batch([conversation(), conversation(), conversation()], { callbacks: [handler] });
    expect([...handler.runs.values()].map(({ compressions }) => compressions)).toEqual([1, 1, 1]);
    expect(handler.total.usage.input).toBe(150);
    handler.reset();
    expect([handler.runs.size, handler.total.compressions]).toEqual([0, 0]);
  });

  it("counts usage of streamed answers", async () => {
    const handler = new HeadroomCallbackHandler();
    const stream = await chain().stream(conversation(), { callbacks: [handler] });
    for await (const _ of stream);
    expect(handler.total.usage).toEqual({ input: 50, output: 5, cacheRead: 10, cacheWrite: 3 });
  });

  it("is safe in the background queue, with listeners that throw and runs that fail", async () => {
    const handler = new HeadroomCallbackHandler({
      onRunEnd: () => {
        throw new Error("listener");
      },
    });
    handler.awaitHandlers = false;
    await chain().invoke(conversation(), { callbacks: [handler] });
    const failing = RunnableLambda.from(() => {
      throw new Error("boom");
    });
    const broken = new HeadroomCompressor().pipe(failing);
    await expect(broken.invoke("q", { callbacks: [handler] })).rejects.toThrow("boom");
    await awaitAllCallbacks();
    expect([handler.total.modelCalls, handler.total.errors]).toEqual([1, 1]);
  });

  it("forgets the oldest runs, not the total", async () => {
    const handler = new HeadroomCallbackHandler({ maxRuns: 2 });
    for (let i = 0; i < 4; i++)
      await new HeadroomCompressor().invoke("q", { callbacks: [handler] });
    expect([handler.runs.size, handler.total.compressions]).toEqual([2, 4]);
  });

  it("leaves what it is shown as it is", async () => {
    const messages = conversation();
    const before = JSON.stringify(messages);
    await new ScriptedModel([answer()]).invoke(messages, {
      callbacks: [new HeadroomCallbackHandler()],
    });
    expect(JSON.stringify(messages)).toBe(before);
  });

  it("alerts once for each run and figure", async () => {
    const alerts: [string, number][] = [];
    const handler = new HeadroomCallbackHandler({
      alerts: { inputTokens: 40, misses: 5, savingsBelow: 0.999 },
      onAlert: ({ figure, value, metrics }) => {
        alerts.push([figure, value]);
        expect(metrics.modelCalls).toBe(1);
        throw new Error("listener");
      },
    });
    for (let i = 0; i < 2; i++) await chain().invoke(conversation(), { callbacks: [handler] });
    expect(alerts.map(([figure]) => figure)).toEqual([
      "inputTokens",
      "savingsBelow",
      "inputTokens",
      "savingsBelow",
    ]);
    expect(alerts[0]?.[1]).toBe(50);
    expect(alerts[1]?.[1]).toBeGreaterThan(0.5);
    expect(() => new HeadroomCallbackHandler({ alerts: { cost: 1 } as never })).toThrow(
      'Invalid option "alerts.cost"',
    );
  });

  it("writes its figures into the metadata of the run in LangSmith", async () => {
    const updates: { name?: string; extra?: { metadata?: Record<string, unknown> } }[] = [];
    const client = {
      createRun: async () => {},
      updateRun: async (_: string, run: (typeof updates)[number]) => void updates.push(run),
    };
    const tracer = new LangChainTracer({ client } as never);
    await chain().invoke(conversation(), { callbacks: [tracer] });
    await awaitAllCallbacks();
    const figures = updates.flatMap(({ extra }) => {
      const { headroom_tokens_before: before, headroom_tokens_saved: saved } =
        extra?.metadata ?? {};
      return before === undefined ? [] : [[Number(before) > 20_000, Number(saved) > 10_000]];
    });
    expect(figures).toEqual([[true, true]]);
  });
});
