import { describe, expect, it } from "vitest";
import { anthropicMessages } from "./anthropic.ts";
import { adapterFor } from "./index.ts";
import { openaiMessages } from "./openai.ts";

const toolResult = (content: unknown, more: object = {}) => ({
  role: "user",
  content: [{ type: "tool_result", tool_use_id: "t1", content, ...more }],
});

describe("openaiMessages", () => {
  it("reads string and part content, and names the call a result answers", () => {
    expect(openaiMessages.read({ role: "tool", tool_call_id: "c1", content: "out" })).toEqual([
      { id: "content", text: "out", role: "tool", toolCallId: "c1" },
    ]);
    const parts = {
      role: "tool",
      tool_call_id: "c1",
      content: [{ type: "text", text: "a" }, { type: "image_url" }, { type: "text", text: "b" }],
    };
    expect(openaiMessages.read(parts).map(({ id, text }) => [id, text])).toEqual([
      ["content.0.text", "a"],
      ["content.2.text", "b"],
    ]);
  });

  it("lists function and custom tool calls", () => {
    const message = {
      role: "assistant",
      content: null,
      tool_calls: [
        { id: "1", type: "function", function: { name: "run", arguments: "{}" } },
        { id: "2", type: "custom", custom: { name: "patch", input: "*** Begin" } },
      ],
    };
    expect(openaiMessages.calls(message)).toEqual([
      { id: "1", name: "run", args: "{}" },
      { id: "2", name: "patch", args: "*** Begin" },
    ]);
  });

  it("replaces one part and shares the rest", () => {
    const image = { type: "image_url", image_url: { url: "data:" } };
    const message = Object.freeze({
      role: "tool",
      extra: 1,
      content: Object.freeze([{ type: "text", text: "a", cache_control: {} }, image]),
    });
    const written = openaiMessages.write(
      message,
      new Map([["content.0.text", "b"]]),
    ) as typeof message;
    expect(written).toEqual({
      role: "tool",
      extra: 1,
      content: [{ type: "text", text: "b", cache_control: {} }, image],
    });
    expect(written.content[1]).toBe(image);
    expect(Object.keys(written)).toEqual(["role", "extra", "content"]);
  });
});

describe("anthropicMessages", () => {
  it("reads string and list tool results, errors marked", () => {
    expect(anthropicMessages.read(toolResult("out", { is_error: true }))).toEqual([
      { id: "content.0.content", role: "tool", toolCallId: "t1", isError: true, text: "out" },
    ]);
    expect(
      anthropicMessages.read(toolResult([{ type: "text", text: "a" }, { type: "image" }])),
    ).toEqual([{ id: "content.0.content.0.text", role: "tool", toolCallId: "t1", text: "a" }]);
  });

  it("leaves thinking, tool inputs, images and unknown blocks alone", () => {
    const message = {
      role: "assistant",
      content: [
        { type: "thinking", thinking: "t", signature: "s" },
        { type: "tool_use", id: "1", name: "n", input: {} },
        { type: "new_thing", text: "x" },
      ],
    };
    expect(anthropicMessages.read(message)).toEqual([]);
    expect(anthropicMessages.calls(message)).toEqual([{ id: "1", name: "n", args: "{}" }]);
  });

  it("reads documents and search results as documents", () => {
    const message = {
      role: "user",
      content: [
        { type: "document", source: { type: "text", media_type: "text/plain", data: "doc" } },
        { type: "document", source: { type: "base64", data: "JVBERi0=" } },
        { type: "search_result", content: [{ type: "text", text: "hit" }] },
      ],
    };
    expect(anthropicMessages.read(message).map(({ role, text }) => [role, text])).toEqual([
      ["document", "doc"],
      ["document", "hit"],
    ]);
  });
});

describe("adapterFor", () => {
  it("knows the two apart by what only one of them has", () => {
    expect(adapterFor({ role: "tool", tool_call_id: "1", content: "x" })).toBe(openaiMessages);
    expect(adapterFor(toolResult("x"))).toBe(anthropicMessages);
  });

  it("takes plain turns, which are the same in both, and nothing it does not know", () => {
    expect(adapterFor({ role: "user", content: "q" })).toBe(openaiMessages);
    for (const odd of [null, 1, "x", { role: "constructor" }, { foo: 1 }])
      expect(adapterFor(odd)).toBeUndefined();
  });

  it("does not ask the only one", () => {
    expect(adapterFor({ foo: 1 }, [anthropicMessages])).toBe(anthropicMessages);
  });
});
