import { describe, expect, it } from "vitest";
import { createHeadroom } from "../create.ts";
import { anthropicMessages } from "./anthropic.ts";
import { geminiContents } from "./gemini.ts";
import { adapterFor, defaultAdapters } from "./index.ts";
import { openaiMessages } from "./openai.ts";
import { responsesMessages } from "./responses.ts";

const rows = JSON.stringify(Array.from({ length: 200 }, (_, id) => ({ id, state: "done" })));

describe("responsesMessages", () => {
  it("leaves reasoning, encrypted items, calls and references alone", () => {
    for (const item of [
      { type: "reasoning", id: "rs", summary: [{ type: "summary_text", text: "t" }] },
      { type: "compaction", encrypted_content: "x" },
      { type: "item_reference", id: "i" },
      { type: "function_call", call_id: "c", name: "f", arguments: "{}" },
      { type: "new_call_output", call_id: "c", output: "text" },
    ])
      expect(responsesMessages.read(item)).toEqual([]);
  });

  it.each([
    [{ role: "assistant", content: null, tool_calls: [{ id: "c" }] }, 0],
    [{ role: "assistant", content: "text", tool_calls: [] }, 0],
    [{ role: "user", type: "other", content: "text" }, 0],
    [{ role: "user", type: "message", content: "text" }, 1],
    [{ role: "user", content: "text" }, 0.5],
    [{ role: "bot", content: "text" }, 0],
    ["text", 0],
  ])("is as sure of %j as %d", (item, score) => {
    expect(responsesMessages.detect(item)).toBe(score);
  });

  it("names the tool of MCP, shell and patch outputs, which do not name a function", () => {
    const read = (item: object) => responsesMessages.read(item)[0]?.toolName;
    expect(read({ type: "mcp_call", name: "search", output: "x" })).toBe("search");
    expect(read({ type: "apply_patch_call_output", call_id: "c", output: "x" })).toBe(
      "apply_patch",
    );
    expect(read({ type: "shell_call_output", call_id: "c", output: [{ stdout: "x" }] })).toBe(
      "shell",
    );
  });
});

describe("geminiContents", () => {
  it("replaces strings inside a response, which stays an object", async () => {
    const content = {
      role: "user",
      parts: [
        { functionResponse: { id: "f1", name: "list", response: { output: rows, total: 200 } } },
      ],
    };
    const { messages, blocks } = await createHeadroom().compress([content]);
    const response = messages[0]?.parts[0]?.functionResponse.response;
    expect(response?.total).toBe(200);
    expect(response?.output.length).toBeLessThan(rows.length);
    expect(blocks.map(({ toolName, outcome }) => [toolName, outcome])).toEqual([
      ["list", "compressed"],
    ]);
  });

  it("takes strings of any depth up to a bound and does not fall over", () => {
    let response: object = { output: "deep" };
    for (let depth = 0; depth < 10_000; depth++) response = { response };
    const content = { role: "user", parts: [{ functionResponse: { name: "f", response } }] };
    expect(geminiContents.read(content)).toEqual([]);
  });
});

describe("adapterFor", () => {
  it("knows items and contents of each provider by what only they have", () => {
    const output = { type: "function_call_output", call_id: "c", output: "x" };
    expect(adapterFor(output, defaultAdapters)).toBe(responsesMessages);
    expect(
      adapterFor({ role: "user", content: [{ type: "input_text", text: "x" }] }, defaultAdapters),
    ).toBe(responsesMessages);
    expect(adapterFor({ role: "model", parts: [{ text: "x" }] }, defaultAdapters)).toBe(
      geminiContents,
    );
    expect(
      adapterFor({ role: "user", parts: [{ type: "text", text: "x" }] }, defaultAdapters),
    ).toBeUndefined();
    expect(
      adapterFor({ role: "user", content: [{ type: "text", text: "x" }] }, defaultAdapters),
    ).toBe(openaiMessages);
    expect(adapterFor({ role: "user", content: [{ type: "tool_result" }] }, defaultAdapters)).toBe(
      anthropicMessages,
    );
  });

  it("finds the tool's name from the call of another item", async () => {
    const { blocks } = await createHeadroom().compress([
      { type: "function_call", call_id: "c1", name: "list_jobs", arguments: "{}" },
      { type: "function_call_output", call_id: "c1", output: rows },
    ]);
    expect(blocks.at(-1)).toMatchObject({ toolName: "list_jobs", outcome: "compressed" });
  });
});
