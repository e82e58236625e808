import { describe, expect, it } from "vitest";
import { parseJsonLines, parseMessageDocument, parseMessageLines } from "./transcript.ts";

const message = { role: "user", content: "hello" };

describe("parseMessageDocument", () => {
  it("knows an array of messages and an object that holds one", () => {
    expect(parseMessageDocument(JSON.stringify([message]))?.messages).toEqual([message]);
    const request = { model: "m", messages: [message], stream: true };
    const document = parseMessageDocument(`\uFEFF\n${JSON.stringify(request)}`);
    expect(document?.withMessages([])).toEqual({ model: "m", messages: [], stream: true });
  });

  it.each([
    "",
    "plain text",
    "[",
    "[]",
    "[1]",
    '{"messages": []}',
    '{"messages": "none"}',
    '[{"role": "admin"}]',
    '[{"role": "user", "content": "x"}, {"id": 1}]',
  ])("does not take %j for messages", (text) => {
    expect(parseMessageDocument(text)).toBeUndefined();
  });
});

const messagesOf = (text: string): readonly unknown[] | undefined => {
  const lines = parseJsonLines(text);
  return lines && parseMessageLines(lines);
};

describe("parseMessageLines", () => {
  it("reads a Claude Code session: events around messages, and events without", () => {
    const lines = [
      { type: "file-history-snapshot", snapshot: {} },
      { type: "user", message, uuid: "1" },
      { type: "progress", data: { type: "hook_progress" } },
      { type: "assistant", message: { role: "assistant", content: [] } },
    ];
    const text = `${lines.map((line) => JSON.stringify(line)).join("\n")}\n{"type":"us`;
    expect(messagesOf(text)).toEqual([message, { role: "assistant", content: [] }]);
  });

  it("leaves other JSON lines and prose to the compressors", () => {
    expect(messagesOf('{"level":"info","message":"started"}\n{"level":"warn"}')).toBe(undefined);
    expect(messagesOf('some words\n{"role":"user","content":"x"}')).toBeUndefined();
    expect(messagesOf("")).toBeUndefined();
  });
});
