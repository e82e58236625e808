import { anthropicMessages, openaiMessages } from "@headroom/core";
import { describe, it } from "vitest";
import { messageAdapterCases } from "../src/index.ts";

const tool = (args: object) => ({
  id: "call_1",
  type: "function",
  function: { name: "read_file", arguments: JSON.stringify(args) },
});

describe("openaiMessages", () => {
  const conversations = [
    [
      { role: "system", content: "Be brief." },
      { role: "user", content: "What is in a.txt?" },
      { role: "assistant", content: null, tool_calls: [tool({ path: "a.txt" })] },
      { role: "tool", tool_call_id: "call_1", content: "hello" },
      { role: "assistant", content: "It says hello." },
    ],
    [
      {
        role: "assistant",
        tool_calls: [{ id: "c2", type: "custom", custom: { name: "sql", input: "select 1" } }],
      },
      {
        role: "tool",
        tool_call_id: "c2",
        content: [
          { type: "text", text: "1" },
          { type: "text", text: "row" },
        ],
      },
    ],
  ];
  const samples: unknown[] = [
    ...conversations.flat(),
    { role: "developer", content: [{ type: "text", text: "Be brief." }] },
    { role: "user", name: "ada", content: "" },
    {
      role: "user",
      content: [
        { type: "text", text: "look", cache_control: { type: "ephemeral" } },
        { type: "image_url", image_url: { url: "data:image/png;base64,aGk=", detail: "low" } },
        { type: "input_audio", input_audio: { data: "aGk=", format: "wav" } },
        { type: "file", file: { file_id: "file-1" } },
        { type: "text", text: "again" },
      ],
    },
    { role: "assistant", content: [{ type: "refusal", refusal: "No." }], refusal: null },
    { role: "assistant", content: null, function_call: { name: "f", arguments: "{}" } },
    { role: "function", name: "f", content: "result" },
  ];
  for (const law of messageAdapterCases({ create: () => openaiMessages, samples, conversations })) {
    it(law.name, law.run);
  }
});

describe("anthropicMessages", () => {
  const conversations = [
    [
      { role: "user", content: "What is in a.txt?" },
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "I should read it.", signature: "c2ln" },
          { type: "redacted_thinking", data: "b3BhcXVl" },
          { type: "text", text: "Reading." },
          { type: "tool_use", id: "toolu_1", name: "read_file", input: { path: "a.txt" } },
          { type: "tool_use", id: "toolu_2", name: "screenshot", input: {} },
        ],
      },
      {
        role: "user",
        content: [
          {
            type: "tool_result",
            tool_use_id: "toolu_1",
            content: "hello",
            cache_control: { type: "ephemeral" },
          },
          {
            type: "tool_result",
            tool_use_id: "toolu_2",
            is_error: true,
            content: [
              { type: "text", text: "no display" },
              { type: "image", source: { type: "base64", media_type: "image/png", data: "aGk=" } },
              { type: "text", text: "giving up", cache_control: { type: "ephemeral" } },
            ],
          },
        ],
      },
    ],
  ];
  const samples: unknown[] = [
    ...conversations.flat(),
    { role: "user", content: "" },
    { role: "assistant", content: "plain" },
    {
      role: "user",
      content: [
        { type: "tool_result", tool_use_id: "toolu_3" },
        {
          type: "document",
          source: { type: "text", media_type: "text/plain", data: "a page" },
          title: "T",
          citations: { enabled: true },
        },
        { type: "document", source: { type: "url", url: "https://example.com/a.pdf" } },
        {
          type: "search_result",
          source: "https://example.com",
          title: "T",
          content: [{ type: "text", text: "found" }],
        },
        {
          type: "text",
          text: "cited",
          citations: [{ type: "char_location", cited_text: "a", document_index: 0 }],
        },
        { type: "some_future_block", text: "unknown", content: "unknown" },
      ],
    },
    {
      role: "assistant",
      content: [
        { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "x" } },
        {
          type: "web_search_tool_result",
          tool_use_id: "srvtoolu_1",
          content: [{ type: "web_search_result", encrypted_content: "eA==" }],
        },
        { type: "mcp_tool_use", id: "mcptoolu_1", name: "list", server_name: "s", input: {} },
        {
          type: "mcp_tool_result",
          tool_use_id: "mcptoolu_1",
          is_error: false,
          content: [{ type: "text", text: "rows" }],
        },
        { type: "server_tool_use", id: "srvtoolu_2", name: "bash_code_execution", input: {} },
        {
          type: "bash_code_execution_tool_result",
          tool_use_id: "srvtoolu_2",
          content: {
            type: "bash_code_execution_result",
            stdout: "out",
            stderr: "",
            return_code: 0,
            content: [{ type: "bash_code_execution_output", file_id: "file_1" }],
          },
        },
        {
          type: "text_editor_code_execution_tool_result",
          tool_use_id: "srvtoolu_2",
          content: {
            type: "text_editor_code_execution_view_result",
            file_type: "text",
            content: "a file",
            start_line: 1,
          },
        },
        {
          type: "web_fetch_tool_result",
          tool_use_id: "srvtoolu_1",
          content: {
            type: "web_fetch_result",
            url: "https://example.com",
            content: {
              type: "document",
              source: { type: "text", media_type: "text/plain", data: "a page" },
            },
          },
        },
        {
          type: "code_execution_tool_result",
          tool_use_id: "srvtoolu_2",
          content: { type: "code_execution_tool_result_error", error_code: "unavailable" },
        },
      ],
    },
    {
      role: "user",
      content: [
        {
          type: "tool_result",
          tool_use_id: "toolu_9",
          content: [
            {
              type: "document",
              source: { type: "content", content: [{ type: "text", text: "a part" }] },
            },
            { type: "document", source: { type: "content", content: "a whole" } },
            {
              type: "search_result",
              source: "https://example.com",
              title: "T",
              content: [{ type: "text", text: "found" }],
            },
            { type: "tool_reference", tool_name: "list" },
          ],
        },
      ],
    },
  ];
  for (const law of messageAdapterCases({
    create: () => anthropicMessages,
    samples,
    conversations,
  })) {
    it(law.name, law.run);
  }
});
