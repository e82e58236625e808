import { describe, expect, it } from "vitest";
import { finish, unchanged } from "./block.ts";
import { finish as finishSteps } from "./steps.ts";
import { readTranscript, writeTranscript } from "./transcript.ts";
import type { MessageAdapter, TextBlock, ToolCall } from "./types/message.ts";

interface Message {
  readonly calls?: readonly ToolCall[];
  readonly blocks?: readonly TextBlock[];
  readonly broken?: boolean;
}

const adapter: MessageAdapter = {
  name: "plain",
  detect: () => 1,
  calls(message) {
    const { calls = [], broken } = message as Message;
    if (broken) throw new Error("odd");
    return calls;
  },
  read(message) {
    const { blocks = [], broken } = message as Message;
    if (broken) throw new Error("odd");
    return blocks;
  },
  write: (message, texts) => ({ ...(message as Message), texts: Object.fromEntries(texts) }),
};
const counter = { name: "characters", count: (text: string) => text.length };
const read = (messages: readonly Message[]) =>
  finishSteps(
    readTranscript(
      messages,
      messages.map(() => adapter),
      counter,
    ),
  );
const result = (id: string, more: Partial<TextBlock> = {}): TextBlock => ({
  id,
  role: "tool",
  text: id,
  ...more,
});

describe("a transcript", () => {
  it("counts four tokens for each message, and those of calls", () => {
    const calls = [
      { id: "1", name: "read", args: "{}" },
      { id: "2", name: "ls" },
    ];
    expect(read([]).frameTokens).toBe(0);
    expect(read([{}, { calls }, { broken: true }]).frameTokens).toBe(12 + 4 + 2 + 2);
    const none = finishSteps(readTranscript([{ calls }], [undefined], counter));
    expect(none).toMatchObject({ blocks: [], calls: [], frameTokens: 4 });
    expect(read([{}, { calls }]).calls).toEqual(calls.map((call) => ({ message: 1, call })));
  });

  it("is read in steps where it is long", () => {
    const steps = (messages: readonly Message[]): number =>
      [...readTranscript(messages, Array(messages.length).fill(adapter), counter)].length;
    expect(steps(Array(400).fill({}))).toBe(0);
    expect(steps(Array(4_000).fill({}))).toBeGreaterThan(4);
    const args = "x".repeat(40_000);
    const calls = [{ id: "1", name: "write", args }];
    expect(steps(Array(5).fill({ calls }))).toBe(5);
  });

  it("gives each block the user's text before it, and a user's own block none", () => {
    const { blocks } = read([
      { blocks: [result("a")] },
      { blocks: [result("q1", { role: "user" }), result("b")] },
      { blocks: [result("c"), result("q2", { role: "user" })] },
      { blocks: [result("d", { role: "assistant" })] },
    ]);
    expect(blocks.map(({ message, block, query }) => [message, block.id, query])).toEqual([
      [0, "a", undefined],
      [1, "q1", undefined],
      [1, "b", "q1"],
      [2, "c", "q1"],
      [2, "q2", undefined],
      [3, "d", "q2"],
    ]);
    expect(blocks.map((block) => "query" in block)).toEqual([
      false,
      false,
      true,
      true,
      false,
      true,
    ]);
  });

  it("gives a result the name of its call, and the reason to keep it", () => {
    const calls: readonly ToolCall[] = [
      { id: "1", name: "read" },
      { id: "2", name: "ls", keep: "its call says so" },
    ];
    const blocks = [
      result("a", { toolCallId: "1" }),
      result("b", { toolCallId: "1", toolName: "own" }),
      result("c", { toolCallId: "2" }),
      result("d", { toolCallId: "2", toolName: "own", keep: "its own reason" }),
      result("e", { toolCallId: "3" }),
      result("f"),
    ];
    const found = read([{ calls }, { blocks }]).blocks.map(({ block }) => block);
    expect(found.map(({ toolName, keep }) => [toolName, keep])).toEqual([
      ["read", undefined],
      ["own", undefined],
      ["ls", "its call says so"],
      ["own", "its own reason"],
      [undefined, undefined],
      [undefined, undefined],
    ]);
    expect(read([{ calls }, { blocks }]).blocks.map(({ call }) => call)).toEqual([
      calls[0],
      calls[0],
      calls[1],
      calls[1],
      undefined,
      undefined,
    ]);
    expect("keep" in (found[0] as TextBlock)).toBe(false);
    expect([found[1], found[4], found[5]]).toEqual([blocks[1], blocks[4], blocks[5]]);
  });

  it("is written where a block changed, and only there", () => {
    const messages = [
      { blocks: [result("a"), result("b"), result("c")] },
      { blocks: [result("a")] },
      { broken: true },
    ];
    const { blocks } = read(messages);
    const decided = blocks.map((placed, index) => ({
      ...finish(placed, unchanged("declined", "no", 1), 0),
      ...(index === 0 || index === 2 ? { text: `new ${placed.block.id}` } : {}),
    }));
    const adapters = messages.map(() => adapter);
    const written = writeTranscript<unknown>(messages, adapters, blocks, decided);
    expect(written).toEqual([
      { ...messages[0], texts: { a: "new a", c: "new c" } },
      messages[1],
      messages[2],
    ]);
    expect(written[1]).toBe(messages[1]);
    expect(writeTranscript<unknown>(messages, [], blocks, decided)[0]).toBe(messages[0]);
  });
});
