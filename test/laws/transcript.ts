/**
 * Made-up conversations of agents with tools, in the shapes of OpenAI and Anthropic, and how to compare them.
 *
 * Long compressible text stands in every place, protected ones included, so that touching one would pay.
 */
import { anyText, hostileTexts, variantsOf } from "@headroom/conformance";
import type { Mode } from "@headroom/core";
import fc from "fast-check";
import { outputKinds, outputOf } from "../../packages/conformance/test/outputs.ts";

export type Message = Readonly<Record<string, unknown>>;

interface ToolUse {
  readonly tool: string;
  readonly output: string;
  /** The output is the one this many uses earlier, where there is one. */
  readonly again: number;
  /** The call has the very output in its arguments, as that of a tool which writes a file. */
  readonly isWritten: boolean;
  readonly isError: boolean;
  readonly list: boolean;
  readonly cached: boolean;
  readonly image: boolean;
}

interface Turn {
  readonly ask: string;
  readonly thinking: string;
  readonly say: string;
  readonly uses: readonly ToolUse[];
}

export interface Transcript {
  readonly shape: "anthropic" | "openai";
  readonly system: string;
  readonly turns: readonly Turn[];
}

/** What most laws are about: a conversation and how hard to try. */
export interface Request {
  readonly transcript: Transcript;
  readonly mode: Mode;
}

const MAX_ROWS = 24;
const some = outputKinds.map((kind, index) => outputOf(kind, index, 20));
const shortHostile = hostileTexts.filter((text) => text.length < 8_000);

/** What a tool may print: mostly what tools print, sometimes broken, sometimes anything. */
export function outputs(): fc.Arbitrary<string> {
  const generated = fc
    .record({
      kind: fc.constantFrom(...outputKinds),
      seed: fc.nat(),
      size: fc.integer({ min: 1, max: MAX_ROWS }),
    })
    .map(({ kind, seed, size }) => outputOf(kind, seed, kind.endsWith("json") ? size : 3 * size));
  return fc.oneof(
    { weight: 12, arbitrary: generated },
    { weight: 2, arbitrary: variantsOf(some) },
    { weight: 1, arbitrary: fc.constantFrom(...shortHostile) },
    { weight: 1, arbitrary: anyText() },
  );
}

const words = fc.constantFrom(
  "What failed?",
  "find the order of Ada",
  "why did the deploy time out",
  "",
  outputOf("log", 7, 30),
  outputOf("json", 7, 12),
);

const toolUse: fc.Arbitrary<ToolUse> = fc.record({
  tool: fc.constantFrom("bash", "read_file", "search", "mcp__db__query"),
  output: outputs(),
  again: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }) },
  ),
  isWritten: fc.oneof(
    { weight: 5, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  isError: fc.oneof(
    { weight: 6, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  list: fc.boolean(),
  cached: fc.boolean(),
  image: fc.boolean(),
});

/** Conversations of one to three turns with one or two tool uses each. */
export function transcripts(): fc.Arbitrary<Transcript> {
  const turn = fc.record({
    ask: words,
    thinking: words,
    say: words,
    uses: fc.array(toolUse, { minLength: 1, maxLength: 2 }),
  });
  return fc.record({
    shape: fc.constantFrom("anthropic", "openai"),
    system: words,
    turns: fc.array(turn, { minLength: 1, maxLength: 3 }),
  });
}

export function requests(): fc.Arbitrary<Request> {
  const mode = fc.constantFrom<Mode>("balanced", "balanced", "aggressive", "lossless");
  return fc.record({ transcript: transcripts(), mode });
}

/** The messages of a conversation, up to and including its `turns`th turn. */
export function messagesOf({ shape, system, turns }: Transcript, upTo = turns.length): Message[] {
  const messages: Message[] = shape === "openai" ? [{ role: "system", content: system }] : [];
  const printed: string[] = [];
  for (const [index, turn] of turns.slice(0, upTo).entries()) {
    const results = turn.uses.map((use, position) => {
      const earlier = use.again === 0 ? undefined : printed.at(-use.again);
      const output = earlier ?? use.output;
      printed.push(output);
      return { ...use, output, id: `call_${index}_${position}` };
    });
    messages.push(
      ...(shape === "openai" ? openaiTurn(turn, results) : anthropicTurn(turn, results)),
    );
  }
  return messages;
}

type Result = ToolUse & { readonly id: string };

const cache = (on: boolean) => (on ? { cache_control: { type: "ephemeral" } } : {});

/** Arguments as long as the output; mostly no line of them stands in it. */
function inputOf({ output, isWritten }: ToolUse): string {
  return isWritten ? output : output.replaceAll("\n", " ;\n>").concat(" ;");
}

function openaiTurn({ ask, say }: Turn, results: readonly Result[]): Message[] {
  return [
    { role: "user", content: ask, name: "ada" },
    {
      role: "assistant",
      content: null,
      tool_calls: results.map((use) => ({
        id: use.id,
        type: "function",
        function: { name: use.tool, arguments: JSON.stringify({ input: inputOf(use) }) },
      })),
    },
    ...results.map(({ id, output, list, cached, image }) => ({
      role: "tool",
      tool_call_id: id,
      content: list
        ? [
            { type: "text", text: output, ...cache(cached) },
            ...(image
              ? [
                  {
                    type: "image_url",
                    image_url: { url: `data:image/png;base64,${"iVBORw0KGgo".repeat(60)}` },
                  },
                ]
              : []),
          ]
        : output,
      x_trace: { span: [1, 2], note: output },
    })),
    { role: "assistant", content: say, refusal: null },
  ];
}

function anthropicTurn({ ask, say, thinking }: Turn, results: readonly Result[]): Message[] {
  return [
    { role: "user", content: [{ type: "text", text: ask, ...cache(true) }] },
    {
      role: "assistant",
      content: [
        { type: "thinking", thinking, signature: "c2lnbmF0dXJl".repeat(40) },
        { type: "redacted_thinking", data: "b3BhcXVl".repeat(40) },
        ...results.map((use) => ({
          type: "tool_use",
          id: use.id,
          name: use.tool,
          input: { input: inputOf(use) },
        })),
      ],
    },
    {
      role: "user",
      content: results.map(({ id, output, list, cached, image, isError }) => ({
        type: "tool_result",
        tool_use_id: id,
        ...(isError ? { is_error: true } : {}),
        content: list
          ? [
              { type: "text", text: output },
              ...(image
                ? [
                    {
                      type: "image",
                      source: { type: "base64", media_type: "image/png", data: "aGk=".repeat(99) },
                    },
                  ]
                : []),
            ]
          : output,
        ...cache(cached),
        x_unknown: output,
      })),
    },
    { role: "assistant", content: [{ type: "text", text: say }] },
  ];
}

/** A text that differs between two messages. */
export interface Change {
  readonly message: number;
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** All texts that differ. Throws where anything but a text does: keys, their order, lengths, other values. */
export function changesBetween(before: readonly unknown[], after: readonly unknown[]): Change[] {
  if (before.length !== after.length)
    throw new Error(`${before.length} messages became ${after.length}`);
  const changes: Change[] = [];
  const walk = (left: unknown, right: unknown, message: number, path: string): void => {
    if (Object.is(left, right)) return;
    if (typeof left === "string" && typeof right === "string") {
      changes.push({ message, path, before: left, after: right });
      return;
    }
    const [one, other] = [entriesOf(left), entriesOf(right)];
    const alike =
      one !== undefined && other !== undefined && Array.isArray(left) === Array.isArray(right);
    if (!alike || one.length !== other.length)
      throw new Error(`message ${message} differs at ${path || "its root"}`);
    for (const [index, [key, value]] of one.entries()) {
      const [otherKey, otherValue] = other[index] ?? [];
      if (key !== otherKey)
        throw new Error(`message ${message}: key ${key} became ${otherKey} at ${path}`);
      walk(value, otherValue, message, path === "" ? key : `${path}.${key}`);
    }
  };
  for (const [index, message] of before.entries()) walk(message, after[index], index, "");
  return changes;
}

function entriesOf(value: unknown): [string, unknown][] | undefined {
  return typeof value === "object" && value !== null ? Object.entries(value) : undefined;
}
