/**
 * A multi-step agent without middleware: `prepareStep` compresses the history, `headroomTools` answers, and every call is visible
 * in the steps. The prompt of each step starts with the bytes of the one before, so that the provider's prompt cache keeps hitting.
 */
import { strict as assert } from "node:assert";
import { aiSdkMessages, compressModelMessages, headroomTools } from "@headroom/ai-sdk";
import { createHeadroom, memoryStore } from "@headroom/core";
import { generateText, isStepCount, tool } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import { z } from "zod";

const log = Array.from({ length: 2_000 }, (_, index) => {
  const time = new Date(Date.UTC(2026, 10, 22, 10, 0, index)).toISOString();
  return `${time} INFO  worker-${index % 8} job ${(index * 7919) % 10_007} done in ${(index * 31) % 97} ms`;
});
const wanted = log[1_234];
assert.ok(wanted);

const store = memoryStore();
// One instance for all steps: what it has compressed once it remembers.
const headroom = createHeadroom({ store, adapter: aiSdkMessages });
const prompts: string[] = [];

const model = new MockLanguageModelV4({
  doGenerate: async ({ prompt }) => {
    prompts.push(JSON.stringify(prompt));
    const results = prompt.flatMap((message) => (message.role === "tool" ? message.content : []));
    const last = JSON.stringify(results.at(-1) ?? "");
    const call = (toolName: string, input: object) =>
      ({
        type: "tool-call",
        toolCallId: `call-${results.length}`,
        toolName,
        input: JSON.stringify(input),
      }) as const;
    const hash = /\[\[hr:([a-z]+)/.exec(last)?.[1];
    const next =
      results.length === 0
        ? call("readLog", {})
        : hash !== undefined && results.length === 1
          ? call("headroom_retrieve", { hash, lines: "1235" })
          : ({ type: "text", text: last.includes(wanted) ? wanted : "not found" } as const);
    return {
      content: [next],
      finishReason: { unified: next.type === "text" ? "stop" : "tool-calls", raw: undefined },
      usage: {
        inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
        outputTokens: { total: 1, text: 1, reasoning: 0 },
      },
      warnings: [],
    };
  },
});

const { text, steps } = await generateText({
  model,
  prompt: "Pick a line of the log and repeat it.",
  tools: {
    ...headroomTools({ store }),
    readLog: tool({ inputSchema: z.object({}), execute: async () => log.join("\n") }),
  },
  stopWhen: isStepCount(5),
  prepareStep: async ({ messages }) => ({
    messages: await compressModelMessages(messages, headroom),
  }),
});

for (const [index, { toolCalls }] of steps.entries())
  process.stdout.write(
    `step ${index + 1}: ${prompts[index]?.length} characters sent, calls ${toolCalls.map(({ toolName }) => toolName).join() || "nothing"}\n`,
  );
process.stdout.write(`${text}\n`);
assert.equal(text, wanted);
assert.equal(steps.length, 3);
assert.ok(!prompts[1]?.includes(wanted), "the line is not shown at first");
assert.ok((prompts[1]?.length ?? 0) < log.join("\n").length / 10, "the log is compressed");
for (const [index, prompt] of prompts.slice(1).entries())
  assert.ok(prompt.startsWith(prompts[index]?.slice(0, -1) ?? "none"), "the prompt only grows");
