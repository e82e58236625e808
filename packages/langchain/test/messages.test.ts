import { messageAdapterCases } from "@headroom/conformance";
import { createHeadroom, memoryStore } from "@headroom/core";
import { langchainMessages } from "@headroom/langchain";
import {
  AIMessage,
  AIMessageChunk,
  type AIMessageFields,
  type BaseMessage,
  ChatMessage,
  FunctionMessage,
  HumanMessage,
  RemoveMessage,
  SystemMessage,
  ToolMessage,
} from "@langchain/core/messages";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { conversation, orders } from "./support/data.ts";

const call = { id: "c1", name: "search", args: { q: 1 }, type: "tool_call" as const };
const richTool = () =>
  new ToolMessage({
    content: "out",
    tool_call_id: "c1",
    name: "search",
    id: "t1",
    artifact: { raw: [1, 2] },
    status: "success",
    metadata: { k: 1 },
    additional_kwargs: { x: 1 },
    response_metadata: { y: 2 },
  });
// Provider blocks are wider than the types of the standard ones.
const blocks = (content: object[]) => content as never;
const samples = (): BaseMessage[] => [
  new SystemMessage("be brief"),
  new HumanMessage({ content: "q", id: "h1", name: "eve" }),
  new HumanMessage({
    content: blocks([
      { type: "text", text: "look", cache_control: { type: "ephemeral" } },
      { type: "image_url", image_url: { url: "data:image/png;base64,AA==" } },
      { type: "text-plain", mimeType: "text/plain", text: "a file" },
      { type: "document", source: { type: "text", media_type: "text/plain", data: "a document" } },
      { type: "tool_result", tool_use_id: "c1", content: "string form", is_error: true },
      { type: "tool_result", tool_use_id: "c1", content: [{ type: "text", text: "list form" }] },
      { type: "search_result", source: "s", title: "t", content: [{ type: "text", text: "hit" }] },
    ]),
  }),
  new AIMessage({
    content: blocks([
      { type: "thinking", thinking: "hm", signature: "sig" },
      { type: "text", text: "let me see" },
      { type: "tool_use", id: "c1", name: "search", input: { q: 1 } },
    ]),
    tool_calls: [call],
    usage_metadata: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
  } as unknown as AIMessageFields),
  richTool(),
  new ToolMessage({
    content: blocks([
      { type: "text", text: "part", cache_control: { type: "ephemeral" } },
      { type: "image", mimeType: "image/png", data: "AA==" },
      { type: "non_standard", value: { text: "kept" } },
    ]),
    tool_call_id: "c1",
    status: "error",
  }),
  new ToolMessage({ contentBlocks: [{ type: "text", text: "v1" }], tool_call_id: "c1" } as never),
  new AIMessageChunk({ content: "abc", tool_call_chunks: [{ index: 0, name: "a", args: "{}" }] }),
  new FunctionMessage({ content: "old form", name: "search" }),
  new ChatMessage({ content: "who", role: "critic" }),
  new RemoveMessage({ id: "gone" }),
];
const plain = (message: BaseMessage) => JSON.parse(JSON.stringify(message));
const toolCopy = async (message: ToolMessage) => {
  const { messages } = await createHeadroom({
    store: memoryStore(),
    adapter: langchainMessages,
  }).compress([message]);
  return messages[0] as ToolMessage;
};

describe("langchainMessages", () => {
  for (const law of messageAdapterCases<BaseMessage>({
    create: () => langchainMessages,
    samples: samples(),
    conversations: [conversation()],
  }))
    it(law.name, law.run);

  it("reads who speaks, which call a result answers, and that it failed", () => {
    const [, , human, , , failed] = samples();
    const view = (message: BaseMessage | undefined) =>
      langchainMessages.read(message as BaseMessage).map(({ id: _, ...block }) => block);
    expect(view(failed)).toEqual([{ role: "tool", text: "part", toolCallId: "c1", isError: true }]);
    expect(view(human)).toEqual([
      { role: "user", text: "look" },
      { role: "document", text: "a file" },
      { role: "document", text: "a document" },
      { role: "tool", text: "string form", toolCallId: "c1", isError: true },
      { role: "tool", text: "list form", toolCallId: "c1" },
      { role: "document", text: "hit" },
    ]);
  });

  it("keeps class, ids, artifact, status, metadata and unknown fields of a changed message", async () => {
    const message = richTool();
    message.content = orders();
    const unknown = Object.assign(message, { lc_direct_tool_output: true, later: { a: 1 } });
    const before = plain(message);
    const copy = await toolCopy(unknown);
    expect(copy).not.toBe(message);
    expect(copy.constructor).toBe(ToolMessage);
    expect(ToolMessage.isInstance(copy)).toBe(true);
    const { content: short, lc_kwargs: ours, ...rest } = copy;
    const { content: long, lc_kwargs: theirs, ...original } = unknown;
    expect(rest).toEqual(original);
    expect({ ...ours, content: "" }).toEqual({ ...theirs, content: "" });
    expect(String(short).length).toBeLessThan(long.length / 5);
    expect(plain(copy)).toEqual({ ...before, kwargs: { ...before.kwargs, content: short } });
    expect(plain(message)).toEqual(before);
  });

  it("keeps blocks beside a replaced one as the same objects, cache_control included", async () => {
    const image = { type: "image", mimeType: "image/png", data: "AA==" };
    const message = new ToolMessage({
      content: blocks([
        { type: "text", text: orders(), cache_control: { type: "ephemeral" }, index: 7 },
        image,
      ]),
      tool_call_id: "c1",
    });
    const copy = await toolCopy(message);
    const [text, same] = copy.content as unknown as [Record<string, unknown>, unknown];
    expect(same).toBe(image);
    expect(Object.keys(text)).toEqual(["type", "text", "cache_control", "index"]);
    expect(text.cache_control).toEqual({ type: "ephemeral" });
    expect(String(text.text)).toContain("failed: card expired");
  });

  it("shares nothing that a graph's reducer writes to", async () => {
    const message = new ToolMessage({ content: orders(), tool_call_id: "c1" });
    const copy = await toolCopy(message);
    copy._updateId("given by a reducer");
    expect([message.id, message.lc_kwargs.id]).toEqual([undefined, undefined]);
    expect(copy.lc_kwargs.content).toBe(copy.content);
  });

  it("copies message chunks so that they still concatenate", () => {
    const chunk = new AIMessageChunk({
      content: "abc",
      tool_call_chunks: [{ index: 0, name: "a", args: "{}", id: "1" }],
    });
    const copy = langchainMessages.write(chunk, new Map([["content", "z"]])) as AIMessageChunk;
    expect(copy.tool_calls).toEqual(chunk.tool_calls);
    expect(copy.concat(chunk).content).toBe("zabc");
  });

  it("gives any mix of messages back in order, unchanged ones as the same objects", async () => {
    const headroom = createHeadroom({
      store: memoryStore(),
      adapter: langchainMessages,
      minTokens: 0,
      tokenCounter: { name: "characters", count: (text) => text.length },
    });
    const pool = [...samples(), ...conversation(orders(40))];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...pool), { maxLength: 8 }), async (messages) => {
        const before = JSON.stringify(messages);
        const result = await headroom.compress(messages);
        expect(JSON.stringify(messages)).toBe(before);
        const changed = new Set(
          result.blocks
            .filter(({ outcome }) => outcome === "compressed" || outcome === "repeated")
            .map(({ message }) => message),
        );
        for (const [index, message] of messages.entries())
          expect(result.messages[index] === message).toBe(!changed.has(index));
      }),
      { numRuns: 200 },
    );
  });
});
