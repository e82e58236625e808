/** Inline retrieval under ai 5, 6 and 7: unseen by the caller, exact for the model. */
import { memoryStore } from "@headroom/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { HEADROOM_RETRIEVE, headroomMiddleware } from "../src/index.ts";
import {
  generated,
  history,
  lastResult,
  orders,
  refIn,
  response,
  retrieveCall,
  streamedCall,
  streamedReasoning,
  streamedRetrieve,
  streamedText,
  wanted,
} from "./support/script.ts";
import { type Call, collect, type Script, type TestPart, versions } from "./support/versions.ts";

describe.each(versions)("$name", (version) => {
  const { ai } = version;
  const wrap = (script: Script, options: object = {}) => {
    const model = version.model(script);
    const middleware = headroomMiddleware({
      store: memoryStore(),
      injectTool: "always",
      ...options,
    });
    return { model, wrapped: ai.wrapLanguageModel({ model, middleware }) };
  };
  const logs = ai.tool({
    description: "logs",
    inputSchema: z.object({}),
    execute: async () => orders,
  });

  describe("generate", () => {
    it("answers a retrieval and returns the answer that follows", async () => {
      const events: unknown[] = [];
      const { model, wrapped } = wrap(
        {
          generate: (call, round) =>
            round === 1
              ? generated(
                  version,
                  [
                    {
                      type: "reasoning",
                      text: "need it",
                      providerMetadata: { anthropic: { signature: "SIG" } },
                    },
                    { type: "text", text: "Let me look." },
                    retrieveCall(call),
                  ],
                  "tool-calls",
                )
              : generated(version, [{ type: "text", text: lastResult(call) }], "stop", [20, 7]),
        },
        { onRetrieval: (event: unknown) => events.push(event) },
      );
      const result = await ai.generateText({ model: wrapped, messages: history() });
      expect(result.text).toContain(wanted);
      expect(result.text).not.toContain("Let me look");
      expect(result.toolCalls).toEqual([]);
      expect(result.steps).toHaveLength(1);
      expect(result.finishReason).toBe("stop");
      expect(result.usage).toMatchObject({ inputTokens: 30, outputTokens: 12 });
      expect(model.doGenerateCalls).toHaveLength(2);
      const [first, second] = model.doGenerateCalls;
      expect(first?.tools?.map(({ name }) => name)).toEqual([HEADROOM_RETRIEVE]);
      expect(second?.prompt.at(-2)?.content[0]).toMatchObject({
        type: "reasoning",
        providerOptions: { anthropic: { signature: "SIG" } },
      });
      expect(second?.prompt.slice(0, 3)).toEqual(first?.prompt);
      expect(JSON.stringify(first?.prompt)).not.toContain(wanted);
      expect(events).toMatchObject([{ found: true, request: { rows: "617" } }]);
      expect(result.providerMetadata).toMatchObject({ headroom: { retrievals: 1 } });
    });

    it("hands a mixed turn back, and gives the model its answer with the next request", async () => {
      const { model, wrapped } = wrap({
        generate: (call, round) =>
          round === 1
            ? generated(
                version,
                [
                  retrieveCall(call),
                  { type: "tool-call", toolCallId: "u1", toolName: "logs", input: "{}" },
                ],
                "tool-calls",
              )
            : generated(version, [{ type: "text", text: "done" }]),
      });
      const result = await ai.generateText({
        model: wrapped,
        messages: history(),
        tools: { logs },
        stopWhen: ai.stepCountIs(5),
      });
      expect(result.text).toBe("done");
      expect(
        result.steps.map(({ toolCalls }) => toolCalls.map(({ toolName }) => toolName)),
      ).toEqual([["logs"], []]);
      const call = model.doGenerateCalls[1];
      const [assistant, tool] = call?.prompt.slice(-2) ?? [];
      expect(assistant?.content.map(({ toolName }) => toolName)).toEqual([
        HEADROOM_RETRIEVE,
        "logs",
      ]);
      expect(JSON.stringify(assistant)).not.toContain('headroom":');
      expect(tool?.content.map(({ toolCallId }) => toolCallId)).toEqual(["u1", "r1"]);
      expect(JSON.stringify(tool?.content[1])).toContain(wanted);
      expect(refIn(tool?.content[0])).toMatch(/^[a-z]{22}$/);
    });

    it("gives the same request in another process that continues a mixed turn", async () => {
      const store = memoryStore();
      const first = wrap(
        {
          generate: (call) =>
            generated(
              version,
              [
                retrieveCall(call),
                { type: "tool-call", toolCallId: "u1", toolName: "logs", input: "{}" },
              ],
              "tool-calls",
            ),
        },
        { store },
      );
      const step = await ai.generateText({
        model: first.wrapped,
        messages: history(),
        tools: { logs },
      });
      const requests = await Promise.all(
        [1, 2].map(async () => {
          const other = wrap(
            { generate: () => generated(version, [{ type: "text", text: "done" }]) },
            { store },
          );
          const stored = JSON.parse(JSON.stringify(step.response.messages)) as object[];
          await ai.generateText({
            model: other.wrapped,
            messages: [...history(), ...stored],
            tools: { logs },
          });
          return JSON.stringify(other.model.doGenerateCalls[0]);
        }),
      );
      expect(requests[0]).toContain(wanted);
      expect(requests[0]).toBe(requests[1]);
    });

    it.each([1, 3])("stops after %i rounds, and lets the model answer", async (maxRetrievals) => {
      const { model, wrapped } = wrap(
        {
          generate: (call, round) =>
            call.toolChoice?.type === "none"
              ? generated(version, [{ type: "text", text: "enough" }])
              : generated(version, [retrieveCall(call, `r${round}`)], "tool-calls"),
        },
        { maxRetrievals },
      );
      const { text } = await ai.generateText({ model: wrapped, messages: history() });
      expect(text).toBe("enough");
      // Told in words that there are no more, then forbidden to call.
      expect(model.doGenerateCalls).toHaveLength(maxRetrievals + 2);
      expect(lastResult(model.doGenerateCalls.at(-1) as Call)).toContain("No more look-ups");
      expect(model.doGenerateCalls.at(-1)?.tools).toHaveLength(1);
    });

    it("keeps the tools when the rounds are used up, and the tool choice until the model insists", async () => {
      const { model, wrapped } = wrap(
        {
          generate: (call, round) =>
            call.toolChoice?.type === "none"
              ? generated(version, [{ type: "text", text: "enough" }])
              : generated(version, [retrieveCall(call, `r${round}`)], "tool-calls"),
        },
        { maxRetrievals: 2 },
      );
      const { text } = await ai.generateText({
        model: wrapped,
        messages: history(),
        tools: { logs },
      });
      expect(text).toBe("enough");
      const calls = model.doGenerateCalls;
      for (const { tools } of calls) expect(tools).toEqual(calls[0]?.tools);
      expect(calls.map(({ toolChoice }) => toolChoice?.type)).toEqual([
        ...["auto", "auto", "auto"],
        "none",
      ]);
    });

    it("answers a call it cannot make sense of with words", async () => {
      const { wrapped } = wrap({
        generate: (call, round) =>
          round === 1
            ? generated(
                version,
                [{ ...retrieveCall(call), input: '{"hash": 5, "rows": {}, ' }],
                "tool-calls",
              )
            : generated(version, [{ type: "text", text: lastResult(call) }]),
      });
      const { text } = await ai.generateText({ model: wrapped, messages: history() });
      expect(text).toContain("is not a hash");
    });
  });

  describe("objects", () => {
    const schema = z.object({ note: z.string() });
    const script: Script = {
      generate: (call, round) =>
        generated(
          version,
          round === 1
            ? [{ type: "text", text: "One moment." }, retrieveCall(call)]
            : [
                {
                  type: "text",
                  text: JSON.stringify({ note: /parcel \d+/.exec(lastResult(call))?.[0] }),
                },
              ],
          round === 1 ? "tool-calls" : "stop",
        ),
    };
    const note = /parcel \d+/.exec(wanted)?.[0];

    it("are made of what was retrieved, by generateObject", async () => {
      const { wrapped } = wrap(script);
      const { object } = await ai.generateObject({ model: wrapped, messages: history(), schema });
      expect(object).toEqual({ note });
    });
  });

  describe("stream", () => {
    it("answers a retrieval within one stream", async () => {
      const { model, wrapped } = wrap({
        stream: (call, round) =>
          round === 1
            ? response(
                version,
                [...streamedReasoning("hmm", "rs_1"), ...streamedRetrieve(call)],
                "tool-calls",
              )
            : response(
                version,
                [...streamedReasoning("ok", "rs_2"), ...streamedText(lastResult(call))],
                "stop",
                [20, 7],
              ),
      });
      const result = ai.streamText({ model: wrapped, messages: history(), tools: { logs } });
      const parts = await collect(result.fullStream);
      expect(await result.text).toContain(wanted);
      expect(parts.filter(({ type }) => type.startsWith("tool-") || type === "error")).toEqual([]);
      expect(parts.filter(({ type }) => type === "finish-step")).toHaveLength(1);
      expect(await result.totalUsage).toMatchObject({ inputTokens: 30, outputTokens: 12 });
      expect(await result.finishReason).toBe("stop");
      expect(await result.providerMetadata).toMatchObject({ headroom: { retrievals: 1 } });
      const [step] = await result.steps;
      const reasoning = step?.content.filter(({ type }) => type === "reasoning") ?? [];
      expect(reasoning.map(({ providerMetadata }) => providerMetadata)).toMatchObject([
        { headroom: { hidden: { openai: { itemId: "rs_1" } } } },
        { openai: { itemId: "rs_2" }, headroom: { before: [{ toolCallId: "r1" }, {}] } },
      ]);
      expect(model.doStreamCalls[1]?.prompt.at(-2)?.content[0]).toMatchObject({
        providerOptions: { openai: { itemId: "rs_1" } },
      });
      // The next turn goes on where the last request of this one ended.
      const { messages } = await result.response;
      await collect(
        ai.streamText({
          model: wrapped,
          messages: [...history(), ...messages, { role: "user", content: "thanks" }],
          tools: { logs },
        }).fullStream,
      );
      const [, last, next] = model.doStreamCalls;
      expect(next?.prompt.slice(0, last?.prompt.length)).toEqual(last?.prompt);
      expect(JSON.stringify(next?.prompt)).toContain("rs_2");
      expect(JSON.stringify(next?.prompt)).not.toContain('"headroom"');
    });

    it.each(["before", "after"])(
      "hands a mixed turn back, our call %s the caller's",
      async (order) => {
        const { model, wrapped } = wrap({
          stream: (call, round) => {
            const ours = streamedRetrieve(call);
            const theirs = streamedCall("logs", "u1");
            return round === 1
              ? response(
                  version,
                  order === "before" ? [...ours, ...theirs] : [...theirs, ...ours],
                  "tool-calls",
                )
              : response(version, streamedText("done"));
          },
        });
        const result = ai.streamText({
          model: wrapped,
          messages: history(),
          tools: { logs },
          stopWhen: ai.stepCountIs(5),
        });
        await collect(result.fullStream);
        expect(await result.text).toBe("done");
        const steps = await result.steps;
        expect(steps.map(({ toolCalls }) => toolCalls.map(({ toolName }) => toolName))).toEqual([
          ["logs"],
          [],
        ]);
        const [assistant, tool] = model.doStreamCalls[1]?.prompt.slice(-2) ?? [];
        expect(assistant?.content.map(({ toolName }) => toolName)).toContain(HEADROOM_RETRIEVE);
        expect(tool?.content.map(({ toolCallId }) => toolCallId)).toEqual(["u1", "r1"]);
        expect(JSON.stringify(tool?.content[1])).toContain(wanted);
      },
    );

    it("gives the parts of every round ids of their own, in UI streams too", async () => {
      const { wrapped } = wrap({
        stream: (call, round) =>
          round === 1
            ? response(
                version,
                [...streamedText("Looking. "), ...streamedRetrieve(call)],
                "tool-calls",
              )
            : response(version, streamedText("Answer")),
      });
      const result = ai.streamText({ model: wrapped, messages: history() });
      const starts = (await collect(result.toUIMessageStream())).filter(
        ({ type }) => type === "text-start",
      );
      expect(starts.map(({ id }) => id)).toHaveLength(2);
      expect(new Set(starts.map(({ id }) => id)).size).toBe(2);
      expect(await result.text).toBe("Looking. Answer");
    });

    it.each(["", "Looking. "])(
      "tells of a round that fails to start, after words %o",
      async (words) => {
        const { wrapped } = wrap({
          stream: (call, round) => {
            if (round === 2) throw new Error("round 2 broke");
            return response(
              version,
              [...streamedText(words), ...streamedRetrieve(call)],
              "tool-calls",
            );
          },
        });
        const errors: unknown[] = [];
        const result = ai.streamText({
          model: wrapped,
          messages: history(),
          onError: ({ error }: { error: unknown }) => errors.push(error),
        });
        const parts = await collect(result.fullStream);
        expect(errors.map(String)).toEqual(["Error: round 2 broke"]);
        // Where nothing was shown, the call fails as one fails that has no rounds.
        expect(parts.at(-1)).toMatchObject(
          words === "" ? { type: "error" } : { type: "finish", finishReason: "error" },
        );
      },
    );

    it("ends as aborted when it is aborted between two rounds", async () => {
      const controller = new AbortController();
      const { model, wrapped } = wrap(
        { stream: (call) => response(version, streamedRetrieve(call), "tool-calls") },
        { onRetrieval: () => controller.abort() },
      );
      const result = ai.streamText({
        model: wrapped,
        messages: history(),
        abortSignal: controller.signal,
        maxRetries: 0,
      });
      const types = (await collect(result.fullStream)).map(({ type }) => type);
      expect(types.at(-1)).toBe("abort");
      expect(types).not.toContain("error");
      expect(model.doStreamCalls).toHaveLength(1);
    });

    it("drops words before a retrieval where an object is asked for, and streams the object live", async () => {
      const { wrapped } = wrap({
        stream: (call, round) =>
          round === 1
            ? response(
                version,
                [...streamedText("First I look it up."), ...streamedRetrieve(call)],
                "tool-calls",
              )
            : response(version, streamedText('{"note": "found"}')),
      });
      const stream = await wrapped.doStream({
        prompt: history(),
        responseFormat: { type: "json" },
      } as never);
      const parts = await collect(stream.stream);
      const text = parts.map(({ type, delta }) => (type === "text-delta" ? delta : "")).join("");
      expect(text).toBe('{"note": "found"}');
    });

    it("passes parts on as they come, and cancels a provider that hangs", async () => {
      let cancelled = false;
      let pulls = 0;
      const script: readonly TestPart[] = [
        { type: "stream-start", warnings: [] },
        { type: "text-start", id: "0" },
        { type: "text-delta", id: "0", delta: "x" },
      ];
      const { wrapped } = wrap({
        stream: () =>
          new ReadableStream<TestPart>(
            {
              pull(controller) {
                const part = script[pulls++];
                if (!part) return new Promise(() => {});
                controller.enqueue(part);
                return undefined;
              },
              cancel() {
                cancelled = true;
              },
            },
            { highWaterMark: 0 },
          ),
      });
      const { stream } = await wrapped.doStream({ prompt: history() } as never);
      const reader = stream.getReader();
      for (const part of script) expect((await reader.read()).value).toEqual(part);
      expect(pulls).toBe(3);
      const pending = reader.read();
      await reader.cancel("enough");
      expect((await pending).done).toBe(true);
      expect(cancelled).toBe(true);
    });

    it("stops after the last round with a message that ends", async () => {
      const { model, wrapped } = wrap(
        {
          stream: (call, round) =>
            response(version, streamedRetrieve(call, `r${round}`), "tool-calls"),
        },
        { maxRetrievals: 2 },
      );
      const result = ai.streamText({ model: wrapped, messages: history() });
      const parts = await collect(result.fullStream);
      expect(model.doStreamCalls).toHaveLength(4);
      expect(parts.at(-1)).toMatchObject({ type: "finish", finishReason: "other" });
      expect(parts.filter(({ type }) => type.startsWith("tool-"))).toEqual([]);
    });
  });
});
