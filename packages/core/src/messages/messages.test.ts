import { describe, expect, it } from "vitest";
import { createHeadroom, memoryStore } from "../index.ts";
import { anthropicMessages } from "./anthropic.ts";
import { bedrockMessages } from "./bedrock.ts";
import { geminiContents } from "./gemini.ts";
import { adapterFor, defaultAdapters } from "./index.ts";
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

describe("what a tool found out", () => {
  const rows = JSON.stringify(
    Array.from({ length: 600 }, (_, id) => ({ id, state: id === 411 ? "blocked" : "shipped" })),
  );
  const parsed: unknown = JSON.parse(rows);
  const question = { role: "user", content: "Which one is blocked?" };
  const calls = (more: object = {}) => ({
    role: "assistant",
    content: [{ type: "tool_use", id: "t1", name: "list", input: {}, ...more }],
  });
  const server = (type: string, content: object, use = "server_tool_use") => ({
    role: "assistant",
    content: [
      { type: use, id: "s1", name: "list", input: {} },
      { type, tool_use_id: "s1", content },
    ],
  });
  const document = (more: object = {}) => ({
    type: "document",
    source: { type: "text", media_type: "text/plain", data: rows },
    ...more,
  });
  const cases: Record<string, readonly unknown[]> = {
    "Anthropic, a document in a result": [calls(), toolResult([document()])],
    "Anthropic, a document made of blocks": [
      calls(),
      toolResult([
        { type: "document", source: { type: "content", content: [{ type: "text", text: rows }] } },
      ]),
    ],
    "Anthropic, a search result in a result": [
      calls(),
      toolResult([
        { type: "search_result", source: "s", title: "t", content: [{ type: "text", text: rows }] },
      ]),
    ],
    "Anthropic, an MCP server": [
      server("mcp_tool_result", [{ type: "text", text: rows }], "mcp_tool_use"),
    ],
    "Anthropic, a command in the sandbox": [
      server("bash_code_execution_tool_result", {
        type: "bash_code_execution_result",
        stdout: rows,
        stderr: "",
      }),
    ],
    "Anthropic, code in the sandbox": [
      server("code_execution_tool_result", {
        type: "code_execution_result",
        stdout: rows,
        stderr: "",
      }),
    ],
    "Anthropic, a file in the sandbox": [
      server("text_editor_code_execution_tool_result", {
        type: "text_editor_code_execution_view_result",
        file_type: "text",
        content: rows,
      }),
    ],
    "Anthropic, a page": [
      server("web_fetch_tool_result", { type: "web_fetch_result", content: document() }),
    ],
    "Gemini, an object": [
      {
        role: "user",
        parts: [{ functionResponse: { name: "list", response: { rows: parsed } } }],
      },
    ],
    "Gemini, text where an object is due": [
      { role: "user", parts: [{ functionResponse: { name: "list", response: rows } }] },
    ],
    "Gemini, beside a picture": [
      {
        role: "user",
        parts: [
          {
            functionResponse: {
              name: "list",
              response: { rows: parsed },
              parts: [{ inlineData: { mimeType: "image/png", data: "aGk=" } }],
            },
          },
        ],
      },
    ],
    "Gemini, an output": [
      {
        role: "user",
        parts: [{ functionResponse: { name: "list", response: { output: rows } } }],
      },
    ],
    "Bedrock, json": [
      {
        role: "user",
        content: [
          {
            toolResult: {
              toolUseId: "t",
              content: [{ json: { rows: parsed } }],
              status: "success",
            },
          },
        ],
      },
    ],
    "Bedrock, a list as json": [
      { role: "user", content: [{ toolResult: { toolUseId: "t", content: [{ json: parsed }] } }] },
    ],
    "Responses, the code interpreter": [
      {
        type: "code_interpreter_call",
        id: "c",
        code: "print()",
        outputs: [{ type: "logs", logs: rows }],
      },
    ],
    "Bedrock, text": [
      { role: "user", content: [{ toolResult: { toolUseId: "t", content: [{ text: rows }] } }] },
    ],
  };

  it.each(Object.entries(cases))("is compressed, with a row: %s", async (_, messages) => {
    const headroom = createHeadroom({ store: memoryStore() });
    const result = await headroom.compress([question, ...messages]);
    const [row] = result.blocks.filter(({ role }) => role === "tool");
    expect(row).toMatchObject({ outcome: "compressed", message: messages.length });
    expect(row?.tokensAfter).toBeLessThan((row?.tokensBefore ?? 0) / 3);
    const text = JSON.stringify(result.messages.at(-1));
    expect(text).toContain("[[hr:");
    // The next turn reads what was written, and leaves it alone.
    const again = await headroom.compress(result.messages);
    expect(again.messages).toEqual(result.messages);
    expect(again.blocks.find(({ role }) => role === "tool")?.reason).toBe(
      "carries a marker already",
    );
  });

  it("stays as it is where code reads it, or citations point into it, and the report says so", async () => {
    const headroom = createHeadroom({ store: memoryStore() });
    const reasonOf = async (...messages: readonly unknown[]) => {
      const result = await headroom.compress(messages);
      expect(result.messages).toEqual(messages);
      return result.blocks.at(-1)?.reason;
    };
    const sandbox = { caller: { type: "code_execution_20260120", tool_id: "srv1" } };
    expect(await reasonOf(calls(sandbox), toolResult(rows))).toBe("read by code");
    const direct = await headroom.compress([
      calls({ caller: { type: "direct" } }),
      toolResult(rows),
    ]);
    expect(direct.blocks.at(-1)?.outcome).toBe("compressed");
    const program = { caller: { type: "program", caller_id: "p1" } };
    const call = { type: "function_call", call_id: "c", name: "list", arguments: "{}" };
    const output = { type: "function_call_output", call_id: "c", output: rows };
    expect(await reasonOf({ ...call, ...program }, output)).toBe("read by code");
    expect(await reasonOf(call, { ...output, ...program })).toBe("read by code");
    const cited = document({ citations: { enabled: true } });
    expect(await reasonOf(calls(), toolResult([cited]))).toBe("cited by its characters");
  });

  it("leaves envelopes around long texts as they are, and replaces the texts", async () => {
    const response = { stdout: rows, exitCode: 0 };
    const message = { role: "user", parts: [{ functionResponse: { name: "run", response } }] };
    const headroom = createHeadroom({ store: memoryStore() });
    const { messages } = await headroom.compress([message]);
    const written = messages[0]?.parts[0]?.functionResponse.response;
    expect(Object.keys(written ?? {})).toEqual(["stdout", "exitCode"]);
    expect(written?.stdout).toContain("[[hr:");
    const failed = { error: { code: 500, details: parsed } };
    const error = {
      role: "user",
      parts: [{ functionResponse: { name: "run", response: failed } }],
    };
    expect((await headroom.compress([error])).messages[0]).toEqual(error);
  });
});

describe("geminiContents", () => {
  it("tells parallel calls of one function apart by their order, where they have no ids", () => {
    const call = (path: string) => ({ functionCall: { name: "read", args: { path } } });
    const parts = [call("a"), { functionCall: { id: "x", name: "read", args: {} } }, call("b")];
    const calls = geminiContents.calls({ role: "model", parts });
    const response = { name: "read", response: { output: "text" } };
    const responses = [response, { id: "x", ...response }, response].map((one) => ({
      functionResponse: one,
    }));
    const blocks = geminiContents.read({ role: "user", parts: responses });
    expect(blocks.map(({ toolCallId }) => toolCallId)).toEqual(calls.map(({ id }) => id));
    expect(new Set(calls.map(({ id }) => id)).size).toBe(3);
  });

  it("reads what an MCP server gives beside its texts as one value, and the texts as texts", async () => {
    const many = Array.from({ length: 600 }, (_, id) => ({ id, state: "shipped" }));
    const given = {
      content: [{ type: "text", text: JSON.stringify({ rows: many }, null, 2) }],
      structuredContent: { rows: many },
      isError: false,
    };
    const message = {
      role: "user",
      parts: [{ functionResponse: { name: "list", response: given } }],
    };
    const headroom = createHeadroom({ store: memoryStore() });
    const result = await headroom.compress([message]);
    const [part] = result.messages[0]?.parts ?? [];
    const response: Record<string, unknown> = part?.functionResponse.response ?? {};
    expect(Object.keys(response)).toEqual(Object.keys(given));
    expect(typeof response.structuredContent).toBe("string");
    expect(JSON.stringify(response).length).toBeLessThan(JSON.stringify(given).length / 5);
    expect(response).toMatchObject({ content: [{ type: "text" }], isError: false });
    const again = await headroom.compress(result.messages);
    expect(again.messages).toEqual(result.messages);
  });

  it("leaves the output of code the model ran to the model, with a row", async () => {
    const output = "the same line\n".repeat(1_000);
    const parts = [
      { executableCode: { language: "PYTHON", code: "print(rows)" } },
      { codeExecutionResult: { outcome: "OUTCOME_OK", output }, thoughtSignature: "c2ln" },
    ];
    const messages = [
      { role: "user", parts: [{ text: "Print." }] },
      { role: "model", parts },
    ];
    const result = await createHeadroom({ store: memoryStore() }).compress(messages);
    expect(result.messages).toEqual(messages);
    expect(result.blocks.at(-1)).toMatchObject({
      outcome: "protected",
      reason: "part of the model's turn",
    });
  });
});

describe("adapterFor", () => {
  it("knows the two apart by what only one of them has", () => {
    expect(adapterFor({ role: "tool", tool_call_id: "1", content: "x" }, defaultAdapters)).toBe(
      openaiMessages,
    );
    expect(adapterFor(toolResult("x"), defaultAdapters)).toBe(anthropicMessages);
    const converse = { role: "user", content: [{ toolResult: { toolUseId: "t", content: [] } }] };
    expect(adapterFor(converse, defaultAdapters)).toBe(bedrockMessages);
  });

  it("takes plain turns, which are the same in both, and nothing it does not know", () => {
    expect(adapterFor({ role: "user", content: "q" }, defaultAdapters)).toBe(openaiMessages);
    for (const odd of [null, 1, "x", { role: "constructor" }, { foo: 1 }])
      expect(adapterFor(odd, defaultAdapters)).toBeUndefined();
  });

  it("does not ask the only one", () => {
    expect(adapterFor({ foo: 1 }, [anthropicMessages])).toBe(anthropicMessages);
  });
});
