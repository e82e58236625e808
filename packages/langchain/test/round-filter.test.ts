/** Calls of a stream are told apart by what the provider gives: an index, an id, or both, and the same index for all. */
import { AIMessageChunk } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";
import { describe, expect, it } from "vitest";
import { roundFilter } from "../src/round-filter.ts";

type Part = { index?: number; id?: string; name?: string; args: string };
const ours = (part: Part): Part => ({ name: "headroom_retrieve", ...part });
const theirs = (part: Part): Part => ({ name: "weather", ...part });
const isOurs = (name: string | undefined) => name === "headroom_retrieve";

function shown(parts: readonly Part[]) {
  const filter = roundFilter(isOurs, 8);
  const chunks = parts.map(
    (part) =>
      new ChatGenerationChunk({
        text: "",
        message: new AIMessageChunk({
          content: "",
          tool_call_chunks: [{ type: "tool_call_chunk", ...part }],
        }),
      }),
  );
  const passed = [...chunks.flatMap((chunk) => [...filter.push(chunk)]), ...filter.close()];
  const messages = passed.map(({ message }) => message as AIMessageChunk);
  const whole = messages.reduce((sum, message) => sum.concat(message));
  return {
    calls: whole.tool_calls?.map(({ name, args }) => [name, args]),
    hidden: (whole.additional_kwargs.headroom as { hidden: string[] } | undefined)?.hidden,
  };
}

describe("a stream's tool calls", () => {
  it.each<[string, Part[]]>([
    [
      "by index",
      [
        ours({ index: 0, id: "a", args: "" }),
        theirs({ index: 1, id: "b", args: "" }),
        { index: 0, args: '{"hash":"x"}' },
        { index: 1, args: '{"city":"Oslo"}' },
      ],
    ],
    [
      "by id, where all have one index",
      [
        ours({ index: 0, id: "a", args: '{"hash":"x"}' }),
        theirs({ index: 0, id: "b", args: '{"city":"Oslo"}' }),
      ],
    ],
    [
      "by id, where there is no index",
      [theirs({ id: "b", args: '{"city":"Oslo"}' }), ours({ id: "a", args: '{"hash":"x"}' })],
    ],
  ])("are told apart %s", (_, parts) => {
    expect(shown(parts)).toEqual({ calls: [["weather", { city: "Oslo" }]], hidden: ["a"] });
  });
});
