/**
 * Beside the published npm package `headroom-ai` 0.37.0, whose middleware sends the prompt to a proxy in OpenAI's form and back.
 *
 * The proxy here compresses nothing: it returns the messages it was sent. What is missing afterwards, the way there and back lost.
 */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { memoryStore } from "@headroom/core";
import { headroomMiddleware as published } from "headroom-ai/vercel-ai";
import { expect, it } from "vitest";
import { headroomMiddleware } from "../src/index.ts";
import { orders } from "./support/script.ts";

const cache = { anthropic: { cacheControl: { type: "ephemeral" } } };
const prompt = [
  { role: "system", content: "sys", providerOptions: cache },
  {
    role: "user",
    content: [
      { type: "text", text: "hi", providerOptions: cache },
      { type: "file", mediaType: "application/pdf", data: { type: "data", data: "UERG" } },
    ],
  },
  {
    role: "assistant",
    content: [
      { type: "reasoning", text: "thought", providerOptions: { anthropic: { signature: "SIG" } } },
      { type: "tool-call", toolCallId: "c1", toolName: "listOrders", input: { page: 1 } },
    ],
  },
  {
    role: "tool",
    content: [
      {
        type: "tool-result",
        toolCallId: "c1",
        toolName: "listOrders",
        output: { type: "json", value: orders },
      },
      {
        type: "tool-result",
        toolCallId: "c2",
        toolName: "shot",
        output: {
          type: "content",
          value: [
            { type: "text", text: "see" },
            { type: "file", mediaType: "image/png", data: { type: "data", data: "UE5H" } },
          ],
        },
      },
      {
        type: "tool-result",
        toolCallId: "c3",
        toolName: "fail",
        output: { type: "error-text", value: "no" },
      },
    ],
  },
];

interface Part {
  readonly type: string;
  readonly toolName?: string;
  readonly output?: { readonly type: string; readonly value: unknown };
  readonly providerOptions?: unknown;
}
type Prompt = readonly {
  readonly content: string | readonly Part[];
  readonly providerOptions?: unknown;
}[];
const parts = (messages: Prompt): readonly Part[] =>
  messages.flatMap(({ content }) => (typeof content === "string" ? [] : content));
const results = (messages: Prompt): readonly Part[] =>
  parts(messages).filter(({ type }) => type === "tool-result");

const features: readonly (readonly [string, (messages: Prompt) => boolean])[] = [
  ["cache control of the system prompt", ([system]) => system?.providerOptions !== undefined],
  [
    "cache control of a text part",
    (all) =>
      JSON.stringify(parts(all).find(({ type }) => type === "text") ?? {}).includes("ephemeral"),
  ],
  ["files the user attached", (all) => JSON.stringify(all).includes("UERG")],
  ["reasoning", (all) => JSON.stringify(all).includes("thought")],
  ["signatures of reasoning", (all) => JSON.stringify(all).includes("SIG")],
  [
    "tool names of results",
    (all) =>
      results(all)
        .map(({ toolName }) => toolName)
        .join() === "listOrders,shot,fail",
  ],
  ["images that tools return", (all) => JSON.stringify(all).includes("UE5H")],
  ["errors marked as errors", (all) => JSON.stringify(all).includes("error-text")],
  [
    "messages without a change are the same objects",
    (all) => all[0] === prompt[0] && all[1] === prompt[1],
  ],
];

it("keeps what the published middleware loses", async () => {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const { messages } = JSON.parse(body || "{}") as { messages?: unknown };
      response.setHeader("content-type", "application/json");
      response.end(
        JSON.stringify({
          messages,
          tokens_before: 100,
          tokens_after: 50,
          tokens_saved: 50,
          compression_ratio: 0.5,
          transforms_applied: ["none"],
          ccr_hashes: [],
        }),
      );
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  try {
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const call = {
      type: "generate",
      params: { prompt },
      model: { provider: "anthropic", modelId: "claude-sonnet-4-5" },
    };
    const theirs = await published({ baseUrl }).transformParams?.(call as never);
    const ours = await headroomMiddleware({ store: memoryStore() }).transformParams(call as never);
    const cell = (kept: boolean): string => (kept ? "kept" : "**lost**");
    const rows = features.map(([name, kept]) => [
      name,
      cell(kept((ours as unknown as { prompt: Prompt }).prompt)),
      cell(kept((theirs as unknown as { prompt: Prompt }).prompt)),
    ]);
    const head = ["What a prompt has", "`@headroom/ai-sdk`", "`headroom-ai` 0.37.0"];
    const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
    expect(readme).toContain(tableOf([head, ...rows]));
    expect(rows.map(([, kept]) => kept)).not.toContain("**lost**");
    expect(rows.filter(([, , kept]) => kept === "**lost**").length).toBeGreaterThan(4);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

/** A Markdown table, padded as the formatter does. */
function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...rest] = rows;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rest.map(line)].join("\n");
}
