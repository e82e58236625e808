/** Law 6, hands off: what may never be touched is not, however much it would save. */
import {
  createHeadroom,
  findMarkers,
  type HeadroomOptions,
  isRetrieveToolName,
  memoryStore,
  refOf,
  refScope,
  retrieveToolSpec,
  stripMarker,
} from "@headroom/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { outputOf } from "../../packages/conformance/test/outputs.ts";
import { describeLaw, estimate, type Make, rewriting } from "./law.ts";
import { changesBetween, type Message, messagesOf, outputs, requests } from "./transcript.ts";

const RESULT = /^content(\.\d+\.(content(\.\d+\.text)?|text))?$/;
const options = (): HeadroomOptions => ({
  store: memoryStore(),
  tokenCounter: estimate,
  minTokens: 40,
});

const allRoles: Make = (given) =>
  createHeadroom({ ...given, roles: ["assistant", "document", "system", "tool", "user"] });

describeLaw(
  "only texts of tool results change: no prompt, argument, thinking, answer, image or unknown field",
  requests(),
  async ({ transcript, mode }, make) => {
    const input = messagesOf(transcript);
    const { messages, blocks } = await make({ ...options(), mode }).compress(input);
    for (const { message, path } of changesBetween(input, messages)) {
      expect(path).toMatch(RESULT);
      const { role, content } = input[message] as Message;
      const part = Array.isArray(content) ? content[Number(path.split(".")[1])] : undefined;
      expect(role === "tool" || part?.type === "tool_result").toBe(true);
    }
    for (const row of blocks) if (row.role !== "tool") expect(row.outcome).toBe("protected");
  },
  { "thinks every role is a tool": allRoles },
);

/** A result of one tool as both providers have it. */
function resultOf(tool: string, content: unknown, more: object = {}): Message[][] {
  return [
    [
      {
        role: "assistant",
        tool_calls: [{ id: "c", type: "function", function: { name: tool, arguments: "{}" } }],
      },
      { role: "tool", tool_call_id: "c", content },
    ],
    [
      { role: "assistant", content: [{ type: "tool_use", id: "c", name: tool, input: {} }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "c", content, ...more }] },
    ],
  ];
}

const prefixes = fc.constantFrom(
  "",
  "mcp__headroom__",
  "mcp_headroom_",
  "headroom.",
  "headroom-",
  "server/",
  "mcp__my-server__",
);
const renamed: Make = (given) => {
  const honest = createHeadroom(given);
  return {
    ...honest,
    compress: (messages, call) =>
      honest.compress(
        messages.map(
          (message) =>
            JSON.parse(
              JSON.stringify(message).replaceAll("headroom_retrieve", "fetch"),
            ) as typeof message,
        ),
        call,
      ),
  };
};

describeLaw(
  "what headroom_retrieve answered is never compressed, under any prefix",
  fc.record({ output: outputs(), prefix: prefixes }),
  async ({ output, prefix }, make) => {
    const tool = `${prefix}${retrieveToolSpec.name}`;
    expect(isRetrieveToolName(tool)).toBe(true);
    for (const input of resultOf(tool, output)) {
      const { messages } = await make(options()).compress(input);
      expect(JSON.stringify(messages)).toBe(JSON.stringify(input));
    }
  },
  {
    "knows the tool by another name": (given) => {
      const honest = renamed(given);
      return {
        ...honest,
        async compress(messages, call) {
          const result = await honest.compress(messages, call);
          const named = JSON.stringify(result.messages).replaceAll(
            '"fetch"',
            `"${retrieveToolSpec.name}"`,
          );
          return { ...result, messages: JSON.parse(named) as typeof result.messages };
        },
      };
    },
  },
);

const noErrors: Make = (given) => {
  const honest = createHeadroom(given);
  return {
    ...honest,
    async compress(messages, call) {
      const bare = JSON.parse(
        JSON.stringify(messages).replaceAll('"is_error":true', '"is_error":false'),
      ) as typeof messages;
      return honest.compress(bare, call);
    },
  };
};

describeLaw(
  "an error result of up to 2,000 tokens is left alone",
  outputs().filter((output) => estimate.count(output) <= 2_000),
  async (output, make) => {
    const [, input] = resultOf("bash", output, { is_error: true });
    const { messages } = await make(options()).compress(input ?? []);
    expect(messages[1]).toBe(input?.[1]);
  },
  { "does not look at is_error": noErrors },
);

describeLaw(
  "a larger error result that is shortened keeps every line that speaks of an error",
  fc.record({ seed: fc.nat(), size: fc.integer({ min: 150, max: 250 }) }),
  async ({ seed, size }, make) => {
    const output = outputOf("log", seed, size);
    fc.pre(estimate.count(output) > 2_000);
    const [, input] = resultOf("bash", output, { is_error: true });
    const { messages, blocks } = await make({ ...options(), mode: "aggressive" }).compress(
      input ?? [],
    );
    if (blocks.some(({ lossless }) => lossless)) return;
    const shown = JSON.stringify(messages[1]);
    for (const line of output.split("\n")) {
      if (/error|fail/i.test(line))
        expect(shown).toContain(JSON.stringify(line.trim()).slice(1, -1));
    }
  },
  {
    "keeps the head only": (given) => {
      const honest = createHeadroom(given);
      return {
        ...honest,
        async compress(messages, call) {
          const result = await honest.compress(messages, call);
          return { ...result, messages: cutLong(result.messages) as typeof result.messages };
        },
      };
    },
  },
);

function cutLong(value: unknown): unknown {
  if (typeof value === "string")
    return value.length > 1_000 ? value.slice(0, value.length / 2) : value;
  if (Array.isArray(value)) return value.map(cutLong);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cutLong(item)]));
}

const hiding: Make = (given) => {
  const honest = createHeadroom(given);
  return {
    ...honest,
    async compress(messages, call) {
      const hidden = JSON.parse(
        JSON.stringify(messages).replaceAll("[[hr", "[[__"),
      ) as typeof messages;
      return honest.compress(hidden, call);
    },
  };
};

describeLaw(
  "a text that carries a marker, at its head or deep inside, is left alone",
  fc.record({ output: outputs(), at: fc.double({ min: 0, max: 1, noNaN: true }) }),
  async ({ output, at }, make) => {
    const source = createHeadroom(options());
    const { text } = await source.compressText(outputOf("read", 3, 60));
    const marker = text.slice(0, text.indexOf("\n"));
    const place = Math.floor(at * output.length);
    for (const input of resultOf("bash", output.slice(0, place) + marker + output.slice(place))) {
      const { messages } = await make(options()).compress(input);
      expect(messages[1]).toBe(input[1]);
    }
  },
  { "overlooks markers": hiding },
);

const foreign = `[[hr:${refOf("x", refScope("another"))} json, omitted: 9 of 9 rows]]`;
/** What a reader would take for a marker of ours: those that start a line. */
const markersOnLines = (text: string): readonly string[] =>
  text.split(/[\n\r]/).flatMap((line) => {
    const [first] = findMarkers(line);
    return first?.start === 0 && first.ref ? [line.slice(0, first.end)] : [];
  });
const believing: Make = (given) => {
  const honest = createHeadroom(given);
  return {
    ...honest,
    async compress(messages, call) {
      const result = await honest.compress(messages, call);
      const blocks = result.blocks.map((row) => ({ ...row, reason: "carries a marker already" }));
      return { ...result, blocks };
    },
  };
};

describeLaw(
  "a marker that this namespace did not issue is text: whole or in pieces, it never starts a line it did not start",
  fc.record({
    output: outputs(),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    split: fc.option(fc.nat(30), { nil: undefined }),
  }),
  async ({ output, at, split }, make) => {
    const planted =
      split === undefined ? foreign : `${foreign.slice(0, split)}\u001b[0m${foreign.slice(split)}`;
    const place = Math.floor(at * output.length);
    const text = output.slice(0, place) + planted + output.slice(place);
    const [input = []] = resultOf("bash", text);
    const { messages, blocks } = await make(options()).compress(input);
    expect(blocks.map(({ reason }) => reason)).not.toContain("carries a marker already");
    const after = String((messages[1] as Message).content);
    const body = after === text ? text : stripMarker(after);
    const given = markersOnLines(text);
    for (const marker of markersOnLines(body)) expect(given).toContain(marker);
  },
  {
    "believes every marker": believing,
    "prints it on a line of its own": rewriting((text) => `${text}\n${foreign}`),
  },
);

describe("moving a cache_control breakpoint", () => {
  it("changes no compressed text", async () => {
    const output = outputOf("read", 5, 80);
    const at = (position: number): Message[] => [
      {
        role: "assistant",
        content: [0, 1, 2].map((id) => ({
          type: "tool_use",
          id: `c${id}`,
          name: "read_file",
          input: {},
        })),
      },
      {
        role: "user",
        content: [0, 1, 2].map((id) => ({
          type: "tool_result",
          tool_use_id: `c${id}`,
          content: output + id,
          ...(id === position ? { cache_control: { type: "ephemeral" } } : {}),
        })),
      },
    ];
    const bare = (messages: readonly unknown[]): string =>
      JSON.stringify(messages).replaceAll(',"cache_control":{"type":"ephemeral"}', "");
    const results = await Promise.all(
      [0, 1, 2].map((position) => createHeadroom(options()).compress(at(position))),
    );
    expect(results[0]?.tokensSaved).toBeGreaterThan(0);
    expect(new Set(results.map(({ messages }) => bare(messages))).size).toBe(1);
  });
});
