/**
 * `Output.object`: the model looks something up while it makes an object, and the object stays an object, generated or streamed.
 *
 * The scripted model says a few words before it asks for what was left out; those words must not end up in the JSON.
 */
import { strict as assert } from "node:assert";
import { withHeadroom } from "@headroom/ai-sdk";
import { memoryStore } from "@headroom/core";
import { generateText, type ModelMessage, Output, simulateReadableStream, streamText } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import { z } from "zod";

const readings = Array.from({ length: 800 }, (_, minute) => ({
  minute,
  sensor: `s-${minute % 16}`,
  celsius: 20 + (minute % 7) / 10,
  operator: `operator ${(minute * 7919) % 1000}`,
}));
const wanted = readings[433];
assert.ok(wanted);
const messages: ModelMessage[] = [
  { role: "user", content: "Pick a reading and name its operator." },
  {
    role: "assistant",
    content: [{ type: "tool-call", toolCallId: "c1", toolName: "readings", input: {} }],
  },
  {
    role: "tool",
    content: [
      {
        type: "tool-result",
        toolCallId: "c1",
        toolName: "readings",
        output: { type: "json", value: readings },
      },
    ],
  },
];

type Options = Parameters<MockLanguageModelV4["doGenerate"]>[0];
type StreamPart =
  Awaited<ReturnType<MockLanguageModelV4["doStream"]>>["stream"] extends ReadableStream<infer Part>
    ? Part
    : never;
type Generated = Awaited<ReturnType<MockLanguageModelV4["doGenerate"]>>;

function answer({ prompt }: Options): Generated["content"] {
  const last = JSON.stringify(prompt.at(-1)).replaceAll("\\", "");
  const operator = /"minute":433,[^}]*"operator":"([^"]+)"/.exec(last)?.[1];
  if (operator !== undefined)
    return [{ type: "text", text: JSON.stringify({ minute: 433, operator }) }];
  assert.ok(!last.includes(wanted?.operator ?? ""), "the operator is not shown at first");
  const hash = /\[\[hr:([a-z]+)/.exec(last)?.[1];
  const input = JSON.stringify({ hash, rows: "433" });
  return [
    { type: "text", text: "Let me look that up." },
    { type: "tool-call", toolCallId: "r1", toolName: "headroom_retrieve", input },
  ];
}
const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
};
const finishReason = { unified: "stop", raw: undefined } as const;
const model = new MockLanguageModelV4({
  doGenerate: async (options) => ({ content: answer(options), finishReason, usage, warnings: [] }),
  doStream: async (options) => ({
    stream: simulateReadableStream<StreamPart>({
      chunks: [
        { type: "stream-start", warnings: [] },
        ...answer(options).flatMap((part): StreamPart[] => {
          if (part.type !== "text") return part.type === "tool-call" ? [part] : [];
          const deltas = part.text.split(/(?<=[ ,])/);
          return [
            { type: "text-start", id: "0" },
            ...deltas.map((delta): StreamPart => ({ type: "text-delta", id: "0", delta })),
            { type: "text-end", id: "0" },
          ];
        }),
        { type: "finish", finishReason, usage },
      ],
    }),
  }),
});

const task = {
  // This call has no tools, and gets one only where that is asked for.
  model: withHeadroom(model, { store: memoryStore(), injectTool: "always" }),
  messages,
  output: Output.object({ schema: z.object({ minute: z.number(), operator: z.string() }) }),
};
const expected = { minute: 433, operator: wanted.operator };

const generated = await generateText(task);
assert.deepEqual(generated.output, expected);
process.stdout.write(`generated ${JSON.stringify(generated.output)}\n`);

const streamed = streamText(task);
const partials: unknown[] = [];
for await (const partial of streamed.partialOutputStream) partials.push(partial);
assert.deepEqual(await streamed.output, expected);
assert.ok(partials.length > 1, "the object streams");
process.stdout.write(
  `streamed  ${JSON.stringify(await streamed.output)} in ${partials.length} states\n`,
);
