/** What hidden rounds leave in a result and in a stream, and how it comes back: rules of Anthropic's thinking and Gemini's signatures. */
import { memoryStore } from "@headroom/core";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { HEADROOM_RETRIEVE, withHeadroom } from "../src/index.ts";
import { HOWS, hasWanted, isShortened, modelOf, retrieve, run, toolsOf } from "./support/agents.ts";
import { type RuleServer, ruleServer } from "./support/rules.ts";
import {
  generated,
  history,
  response,
  retrieveCall,
  streamedReasoning,
  streamedText,
  wanted,
} from "./support/script.ts";
import { type Call, collect, type TestPart, versions } from "./support/versions.ts";

const servers: RuleServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const cases = versions.flatMap((version) => HOWS.map((how) => [version.name, how] as const));
describe.each(cases)("%s, %s", (name, how) => {
  const version = versions.find((other) => other.name === name) as (typeof versions)[number];

  it("keeps manual thinking of a hidden round before a call that comes without any", async () => {
    const server = await ruleServer(({ text, round }) => {
      if (!hasWanted(text)) return { reasoning: "why", calls: [retrieve(text)] };
      return round === 2 ? { calls: [{ name: "note" }] } : { text: "Done." };
    });
    servers.push(server);
    const { text, messages } = await run(version, how, {
      model: modelOf(version, "anthropic", server),
      messages: [...history(), { role: "user", content: "Look at 617, then take a note." }],
      tools: toolsOf(version),
      providerOptions: { anthropic: { thinking: { type: "enabled", budgetTokens: 1_024 } } },
    });
    expect(server.refused).toEqual([]);
    expect(text).toBe("Done.");
    // A caller without Headroom gets a history that the provider takes: thinking of a hidden round has no signature there.
    const reasoning = (messages as { content: TestPart[] }[])
      .flatMap(({ content }) => content)
      .filter(({ type }) => type === "reasoning");
    expect(reasoning).toHaveLength(how === "stream" ? 1 : 0);
    for (const { providerOptions } of reasoning)
      expect(Object.keys(providerOptions as object)).toEqual(["headroom"]);
  });

  /** Each model turn begins its calls with a signature, or Gemini refuses all that follows. */
  const signed = (call: TestPart): TestPart => ({
    ...call,
    providerMetadata: { google: { thoughtSignature: `sig of ${call.toolCallId}` } },
  });
  const refuseUnsigned = ({ prompt }: Call): void => {
    for (const { role, content } of prompt) {
      const call = role === "assistant" && content.find(({ type }) => type === "tool-call");
      if (call && call.toolCallId !== "c1" && !JSON.stringify(call).includes("thoughtSignature"))
        throw new Error(`Function call ${call.toolName} is missing a thought_signature.`);
    }
  };
  const note = { type: "tool-call", toolCallId: "u1", toolName: "note", input: "{}" };
  it.each([
    ["hidden", (call: Call) => [signed(retrieveCall(call))]],
    ["mixed, ours first", (call: Call) => [signed(retrieveCall(call)), note]],
    ["mixed, ours last", (call: Call) => [signed(note), retrieveCall(call)]],
  ])("keeps the signature on the first call of a turn: %s", async (_, calls) => {
    const say = (call: Call, round: number): readonly TestPart[] => {
      refuseUnsigned(call);
      if (round === 1) return calls(call);
      if (!JSON.stringify(call.prompt).includes('"u1"')) return [signed(note)];
      return how === "generate" ? [{ type: "text", text: "Done." }] : streamedText("Done.");
    };
    const reasonOf = (parts: readonly TestPart[]): string =>
      parts.some(({ type }) => type === "tool-call") ? "tool-calls" : "stop";
    const model = version.model({
      generate: (call, round) => {
        const parts = say(call, round);
        return generated(version, parts, reasonOf(parts));
      },
      stream: (call, round) => {
        const parts = say(call, round);
        return response(version, parts, reasonOf(parts));
      },
    });
    const { text } = await run(version, how, {
      model: withHeadroom(model, { store: memoryStore() }),
      messages: history(),
      tools: toolsOf(version),
    });
    expect(text).toBe("Done.");
    const calls_ = how === "generate" ? model.doGenerateCalls : model.doStreamCalls;
    expect(hasWanted(JSON.stringify(calls_.at(-1)?.prompt))).toBe(true);
  });

  it("works without tools for a model that has none", async () => {
    const model = version.model({
      generate: ({ tools }) => {
        if (tools && tools.length > 0) throw new Error("This model does not support tools.");
        return generated(version, [{ type: "text", text: "A summary." }]);
      },
      stream: ({ tools }) => {
        if (tools && tools.length > 0) throw new Error("This model does not support tools.");
        return response(version, streamedText("A summary."));
      },
    });
    const { text } = await run(version, how, {
      model: withHeadroom(model, { store: memoryStore() }),
      messages: [...history(), { role: "user", content: "Summarize." }],
    });
    expect(text).toBe("A summary.");
  });
});

describe.each(versions)("$name, stream", (version) => {
  const { ai } = version;

  it("gives partial objects, with empty texts and words in steps before", async () => {
    for (const words of ["", "Let me look {"]) {
      const model = version.model({
        stream: (call, round) => {
          const start = [
            { type: "text-start", id: "0" },
            { type: "text-end", id: "0" },
          ];
          if (round === 1)
            return response(
              version,
              [
                ...start,
                { type: "tool-call", toolCallId: "o1", toolName: "list_orders", input: "{}" },
              ],
              "tool-calls",
            );
          if (round === 2)
            return response(version, [...streamedText(words), retrieveCall(call)], "tool-calls");
          return response(version, streamedText('{"a": 1, "b": 2}'));
        },
      });
      const output = ai.Output.object({ schema: z.object({ a: z.number(), b: z.number() }) });
      const result = ai.streamText({
        model: withHeadroom(model, { store: memoryStore() }),
        prompt: "x",
        tools: toolsOf(version),
        stopWhen: ai.stepCountIs(5),
        ...(version.name === "ai 5" ? { experimental_output: output } : { output }),
      }) as unknown as {
        readonly experimental_partialOutputStream: AsyncIterable<unknown>;
        readonly partialOutputStream: AsyncIterable<unknown>;
        readonly text: PromiseLike<string>;
      };
      const partials = await collect(
        version.name === "ai 5"
          ? result.experimental_partialOutputStream
          : result.partialOutputStream,
      );
      expect(partials.at(-1)).toEqual({ a: 1, b: 2 });
      expect(partials.length).toBeGreaterThan(1);
      expect(await result.text).toBe('{"a": 1, "b": 2}');
      expect(model.doStreamCalls).toHaveLength(3);
    }
  });

  it("shows nothing of a hidden call, and marks no part twice for the caller", async () => {
    const model = version.model({
      stream: (call, round) =>
        round === 1
          ? response(
              version,
              [...streamedReasoning("hm", "rs_1"), ...streamedText("Well. "), retrieveCall(call)],
              "tool-calls",
            )
          : response(version, [...streamedReasoning("ah", "rs_2"), ...streamedText("Done.")]),
    });
    const { parts, messages } = await run(version, "stream", {
      model: withHeadroom(model, { store: memoryStore() }),
      messages: history(),
      tools: toolsOf(version),
    });
    expect(parts.filter(({ type }) => type.startsWith("tool-"))).toEqual([]);
    const visible = parts.map(({ text, delta }) => String(text ?? delta ?? "")).join("");
    expect(visible).not.toContain(wanted);
    expect(visible).not.toContain(HEADROOM_RETRIEVE);
    expect(JSON.stringify(messages)).not.toContain(wanted);
    expect(isShortened(JSON.stringify(messages))).toBe(false);
  });
});
