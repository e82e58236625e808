import { bedrockMessages, geminiContents, responsesMessages } from "@headroom/core";
import { describe, it } from "vitest";
import { messageAdapterCases } from "../src/index.ts";

describe("responsesMessages", () => {
  const conversations = [
    [
      { role: "user", content: "What is in a.txt?" },
      { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "b3BhcXVl" },
      { type: "function_call", call_id: "c1", name: "read_file", arguments: '{"path":"a.txt"}' },
      { type: "function_call_output", call_id: "c1", output: "hello" },
      { type: "custom_tool_call", call_id: "c2", name: "sql", input: "select 1" },
      {
        type: "custom_tool_call_output",
        call_id: "c2",
        output: [
          { type: "input_text", text: "1" },
          { type: "input_image", image_url: "data:image/png;base64,aGk=", detail: "low" },
          { type: "input_text", text: "row" },
        ],
      },
      { type: "local_shell_call", id: "lsh_1", call_id: "c3", action: { type: "exec" } },
      { type: "local_shell_call_output", id: "x", call_id: "c3", output: '{"stdout":"a"}' },
      { type: "shell_call", call_id: "c4", action: { commands: ["ls"] } },
      {
        type: "shell_call_output",
        call_id: "c4",
        max_output_length: 4096,
        output: [
          { stdout: "a.txt", stderr: "", outcome: { type: "exit", exit_code: 0 } },
          { stdout: "", stderr: "no such file", outcome: { type: "timeout" } },
        ],
      },
      { type: "apply_patch_call", call_id: "c5", operation: { type: "delete_file", path: "a" } },
      { type: "apply_patch_call_output", call_id: "c5", status: "failed", output: "no file a" },
    ],
  ];
  const samples: unknown[] = [
    ...conversations.flat(),
    { type: "message", role: "developer", content: "Be brief." },
    {
      type: "message",
      role: "user",
      content: [
        { type: "input_text", text: "look" },
        { type: "input_file", file_id: "file-1" },
      ],
    },
    {
      type: "message",
      id: "msg_1",
      role: "assistant",
      status: "completed",
      content: [
        { type: "output_text", text: "It says hello.", annotations: [] },
        { type: "refusal", refusal: "No." },
      ],
    },
    {
      type: "mcp_call",
      id: "mcp_1",
      server_label: "docs",
      name: "search",
      arguments: "{}",
      output: "found",
    },
    { type: "mcp_call", id: "mcp_2", server_label: "docs", name: "search", error: "down" },
    { type: "item_reference", id: "msg_1" },
    { type: "compaction", id: "cmp_1", encrypted_content: "eA==" },
    { type: "computer_call_output", call_id: "c6", output: { type: "computer_screenshot" } },
  ];
  for (const law of messageAdapterCases({
    create: () => responsesMessages,
    samples,
    conversations,
  })) {
    it(law.name, law.run);
  }
});

describe("geminiContents", () => {
  const conversations = [
    [
      { role: "user", parts: [{ text: "What is in a.txt?" }] },
      {
        role: "model",
        parts: [
          { text: "I should read it.", thought: true },
          { text: "Reading.", thoughtSignature: "c2ln" },
          { functionCall: { id: "f1", name: "read_file", args: { path: "a.txt" } } },
          { functionCall: { name: "stat", args: {} } },
        ],
      },
      {
        role: "user",
        parts: [
          { functionResponse: { id: "f1", name: "read_file", response: { output: "hello" } } },
          {
            functionResponse: {
              name: "stat",
              response: {
                size: 5,
                "mode.octal": "644",
                "a~1b": "tilde",
                owners: [{ name: "ada" }, null],
              },
            },
          },
        ],
      },
    ],
  ];
  const samples: unknown[] = [
    ...conversations.flat(),
    { parts: [{ text: "" }] },
    {
      role: "function",
      parts: [{ functionResponse: { name: "run", response: { error: "exit code 1" } } }],
    },
    {
      role: "user",
      parts: [
        {
          functionResponse: {
            name: "mcp",
            response: {
              content: [{ type: "text", text: "a line\n".repeat(200) }],
              structuredContent: { lines: Array.from({ length: 200 }, (_, line) => line) },
            },
          },
        },
        { functionResponse: { name: "plain", response: "text" } },
      ],
    },
    {
      role: "user",
      parts: [
        { inlineData: { mimeType: "image/png", data: "aGk=" } },
        { fileData: { fileUri: "gs://bucket/a" } },
        { text: "look", videoMetadata: { fps: 1 } },
      ],
    },
    {
      role: "model",
      parts: [
        { executableCode: { language: "PYTHON", code: "print(1)" } },
        { codeExecutionResult: { outcome: "OUTCOME_OK", output: "1" } },
      ],
    },
  ];
  const laws = messageAdapterCases({
    create: () => geminiContents,
    samples,
    conversations,
    replacesWhole: (path) => path.endsWith(".functionResponse.response"),
  });
  for (const law of laws) it(law.name, law.run);
});

describe("bedrockMessages", () => {
  const conversations = [
    [
      {
        role: "user",
        content: [{ text: "What is in a.txt?" }, { cachePoint: { type: "default" } }],
      },
      {
        role: "assistant",
        content: [
          { reasoningContent: { reasoningText: { text: "I read it.", signature: "c2ln" } } },
          { text: "Reading." },
          { toolUse: { toolUseId: "t1", name: "read_file", input: { path: "a.txt" } } },
          { toolUse: { toolUseId: "t2", name: "stat", input: {} } },
        ],
      },
      {
        role: "user",
        content: [
          { toolResult: { toolUseId: "t1", content: [{ text: "hello" }, { text: "" }] } },
          {
            toolResult: {
              toolUseId: "t2",
              status: "error",
              content: [
                { json: { size: 5, "mode.octal": "644" } },
                { image: { format: "png", source: { bytes: "aGk=" } } },
              ],
            },
          },
        ],
      },
    ],
  ];
  const samples: unknown[] = [
    ...conversations.flat(),
    { role: "user", content: [{ text: "" }, { document: { name: "a", format: "pdf" } }] },
  ];
  const laws = messageAdapterCases({
    create: () => bedrockMessages,
    samples,
    conversations,
    replacesWhole: (path) => /\.toolResult\.content\.\d+$/.test(path),
  });
  for (const law of laws) it(law.name, law.run);
});
