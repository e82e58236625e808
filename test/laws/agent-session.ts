/** Made-up sessions of coding agents, long enough for history: reads, edits, commands and prose, in the shapes of four providers. */
import type { MessageAdapter } from "@headroom/core";
import {
  anthropicMessages,
  geminiContents,
  openaiMessages,
  responsesMessages,
} from "@headroom/core";
import fc from "fast-check";
import { outputs } from "./transcript.ts";

export const SHAPES = ["anthropic", "openai", "responses", "gemini"] as const;
export type Shape = (typeof SHAPES)[number];

export const ADAPTERS: Readonly<Record<Shape, MessageAdapter>> = {
  anthropic: anthropicMessages,
  openai: openaiMessages,
  responses: responsesMessages,
  gemini: geminiContents,
};

interface Step {
  readonly say: string;
  /** What the person says before it; empty for most steps. */
  readonly ask: string;
  readonly uses: readonly Use[];
}

interface Use {
  readonly tool: "Bash" | "Edit" | "Read" | "Skill";
  readonly file: string;
  readonly output: string;
  readonly isError: boolean;
}

export interface Session {
  readonly shape: Shape;
  readonly steps: readonly Step[];
}

const PROSE = [
  "Let me look. The parser reads tokens one by one. It fails on `parse(1)` because the buffer is empty. I will read the file next. Then I run the tests again.",
  "Done.",
  "",
  [
    "I found three things.\n\n- The cache in src/cache.ts is never cleared.\n- The tests do not cover it.\n- Names are long.\n\n",
    "First I fix the cache. It should be cleared on close! Is that enough? I think so. After that we look at the rest of the names, ",
    "which nobody likes. They have been there for years. Nobody knows where they come from. Some of them are in another language. ",
    "Others are made of letters only. A few are not even used. Whoever wrote them has left. We could ask, but who would answer? ",
    "So they stay for now, and so do the comments. Nothing depends on them, as far as I can see.\n\n```ts\nclose(): void\n```\n\n",
    "Shall I go on? I would like to. There is time, and the rest is easy.",
  ].join(""),
];

const use: fc.Arbitrary<Use> = fc.record({
  tool: fc.constantFrom("Read", "Read", "Edit", "Bash", "Bash", "Skill"),
  file: fc.constantFrom("src/a.ts", "src/b.ts", "src/cache.ts"),
  output: fc.oneof(
    { weight: 4, arbitrary: outputs() },
    { weight: 1, arbitrary: fc.constantFrom("", "ok", "The file was changed.") },
  ),
  isError: fc.constantFrom(false, false, false, false, true),
});

const step: fc.Arbitrary<Step> = fc.record({
  say: fc.constantFrom(...PROSE),
  ask: fc.constantFrom("", "", "", "Why does it fail?", "Go on, please. ".repeat(40)),
  uses: fc.array(use, { maxLength: 2 }),
});

export function sessions(): fc.Arbitrary<Session> {
  return fc.record({
    shape: fc.constantFrom(...SHAPES),
    steps: fc.array(step, { minLength: 3, maxLength: 8 }),
  });
}

type Row = Readonly<Record<string, unknown>>;

/** The messages of a session. Each is a place where a request could end. */
export function sessionMessages({ shape, steps }: Session): readonly Row[] {
  const rows: Row[] = [personSays(shape, "Find out what is wrong.")];
  for (const [index, { say, ask, uses }] of steps.entries()) {
    if (ask !== "") rows.push(personSays(shape, ask));
    const calls = uses.map((one, at) => ({ ...one, id: `call_${index}_${at}` }));
    rows.push(...stepOf(shape, say, calls));
  }
  return rows;
}

function personSays(shape: Shape, text: string): Row {
  return shape === "gemini" ? { role: "user", parts: [{ text }] } : { role: "user", content: text };
}

type Call = Use & { readonly id: string };

function argsOf({ tool, file, output }: Use): Row {
  if (tool === "Bash") return { command: `run ${file}` };
  return tool === "Edit"
    ? { file_path: file, old_string: output.slice(0, 40), new_string: "" }
    : { file_path: file };
}

function stepOf(shape: Shape, say: string, calls: readonly Call[]): readonly Row[] {
  switch (shape) {
    case "anthropic":
      return [
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "Hm. ".repeat(30), signature: "c2ln".repeat(20) },
            ...(say === "" ? [] : [{ type: "text", text: say }]),
            ...calls.map((call) => ({
              type: "tool_use",
              id: call.id,
              name: call.tool,
              input: argsOf(call),
            })),
          ],
        },
        ...(calls.length === 0
          ? []
          : [
              {
                role: "user",
                content: calls.map(({ id, output, isError }) => ({
                  type: "tool_result",
                  tool_use_id: id,
                  content: output,
                  ...(isError ? { is_error: true } : {}),
                })),
              },
            ]),
      ];
    case "openai":
      return [
        {
          role: "assistant",
          content: say,
          ...(calls.length === 0
            ? {}
            : {
                tool_calls: calls.map((call) => ({
                  id: call.id,
                  type: "function",
                  function: { name: call.tool, arguments: JSON.stringify(argsOf(call)) },
                })),
              }),
        },
        ...calls.map(({ id, output }) => ({ role: "tool", tool_call_id: id, content: output })),
      ];
    case "responses":
      return [
        {
          type: "reasoning",
          id: `rs_${calls[0]?.id ?? 0}`,
          encrypted_content: "b3BhcXVl".repeat(9),
        },
        { type: "message", role: "assistant", content: [{ type: "output_text", text: say }] },
        ...calls.map((call) => ({
          type: "function_call",
          call_id: call.id,
          name: call.tool,
          arguments: JSON.stringify(argsOf(call)),
        })),
        ...calls.map(({ id, output }) => ({ type: "function_call_output", call_id: id, output })),
      ];
    default:
      return [
        {
          role: "model",
          parts: [
            { text: "Hm. ".repeat(30), thought: true },
            { text: say },
            { text: `Signed. ${say}`, thoughtSignature: "c2ln" },
            ...calls.map((call) => ({
              functionCall: { id: call.id, name: call.tool, args: argsOf(call) },
            })),
          ],
        },
        ...(calls.length === 0
          ? []
          : [
              {
                role: "user",
                parts: calls.map(({ id, tool, output, isError }) => ({
                  functionResponse: {
                    id,
                    name: tool,
                    response: isError ? { error: output } : { output },
                  },
                })),
              },
            ]),
      ];
  }
}
