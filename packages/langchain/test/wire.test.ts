/** What goes over the wire, with the real model packages: nothing but the replaced texts differs. */
import { memoryStore } from "@headroom/core";
import { bindRetrieveTool, HeadroomCompressor } from "@headroom/langchain";
import { headroomMiddleware } from "@headroom/langchain/middleware";
import { ChatAnthropic } from "@langchain/anthropic";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import {
  AIMessage,
  type BaseMessage,
  HumanMessage,
  SystemMessage,
  ToolMessage,
} from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatOpenAI } from "@langchain/openai";
import { createAgent } from "langchain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LlmReply, type LlmServer, startLlmServer } from "../../../test/support/llm-server.ts";
import { orders, textOf } from "./support/data.ts";

let server: LlmServer;
type Script = (body: string) => readonly LlmReply[];
let script: Script = () => [];
let from = 0;
/** What `action` sent. The script sees the request that it answers. */
async function sent(answers: Script, action: () => Promise<unknown>) {
  script = answers;
  from = server.requests.length;
  await action();
  return server.requests.slice(from);
}
const done: Script = () => [];
beforeAll(async () => {
  server = await startLlmServer(
    ({ body }, index) => script(body)[index - from] ?? { text: "done" },
    { rules: false },
  );
});
afterAll(() => server.stop());

const openai = (more: object = {}) =>
  new ChatOpenAI({
    model: "gpt-4o",
    apiKey: "test",
    maxRetries: 0,
    configuration: { baseURL: `${server.url}/v1` },
    ...more,
  });
const claude = () =>
  new ChatAnthropic({
    model: "claude-sonnet-4-5",
    apiKey: "test",
    maxRetries: 0,
    anthropicApiUrl: server.url,
  });

const png = "iVBORw0KGgo=";
const log = Array.from(
  { length: 400 },
  (_, i) =>
    `2026-11-22T10:00:${String(i % 60).padStart(2, "0")}Z INFO worker ${i % 7} handled "job é ${i}" \u2028`,
).join("\n");
const call = (id: string, name: string) => ({
  id,
  name,
  args: { q: `${name} ✓` },
  type: "tool_call" as const,
});
const blocks = (content: object[]) => content as never;

function forOpenAI(): BaseMessage[] {
  return [
    new SystemMessage("Be brief."),
    new HumanMessage({
      content: blocks([
        { type: "text", text: "What is in this picture, and which order failed?" },
        { type: "image_url", image_url: { url: `data:image/png;base64,${png}`, detail: "low" } },
      ]),
      name: "eve",
    }),
    new AIMessage({
      content: "Looking.",
      tool_calls: [call("c1", "list_orders"), call("c2", "read_log")],
    }),
    new ToolMessage({ content: orders(), tool_call_id: "c1", artifact: { raw: 1 } }),
    new ToolMessage({
      content: blocks([
        { type: "text", text: log },
        { type: "text", text: "short" },
      ]),
      tool_call_id: "c2",
      status: "error",
    }),
    new HumanMessage("Go on."),
  ];
}

function forAnthropic(): BaseMessage[] {
  const cache_control = { type: "ephemeral" };
  return [
    new SystemMessage({ content: blocks([{ type: "text", text: "Be brief.", cache_control }]) }),
    new HumanMessage({
      content: blocks([
        { type: "text", text: "Which order failed?", cache_control },
        { type: "image", source: { type: "base64", media_type: "image/png", data: png } },
      ]),
    }),
    new AIMessage({
      content: blocks([
        { type: "thinking", thinking: "Orders first.", signature: "c2ln" },
        { type: "text", text: "Looking." },
        { type: "tool_use", id: "c1", name: "list_orders", input: { q: 1 } },
        { type: "tool_use", id: "c2", name: "read_log", input: { q: 2 } },
      ]),
      tool_calls: [
        { ...call("c1", "list_orders"), args: { q: 1 } },
        { ...call("c2", "read_log"), args: { q: 2 } },
      ],
    } as never),
    new ToolMessage({
      content: blocks([{ type: "text", text: orders(), cache_control }]),
      tool_call_id: "c1",
    }),
    new ToolMessage({ content: log, tool_call_id: "c2", status: "error" }),
    new HumanMessage({
      content: blocks([
        { type: "tool_result", tool_use_id: "c3", content: orders(700), cache_control },
        { type: "text", text: "Go on." },
      ]),
    }),
  ];
}

const variants: [string, () => BaseChatModel, () => BaseMessage[], number][] = [
  ["ChatOpenAI, Chat Completions", () => openai(), forOpenAI, 2],
  ["ChatOpenAI, Responses", () => openai({ useResponsesApi: true }), forOpenAI, 2],
  ["ChatAnthropic", () => claude(), forAnthropic, 3],
];

describe("on the wire", () => {
  it.each(variants)("%s: only the replaced texts differ", async (_, make, messages, changes) => {
    const store = memoryStore();
    const compressor = new HeadroomCompressor({ store, retrieveTool: true });
    const input = messages();
    const [plain] = await sent(done, () => bindRetrieveTool(make(), { store }).invoke(input));
    const [ours] = await sent(done, () =>
      compressor.pipe(bindRetrieveTool(make(), { store })).invoke(input),
    );
    const short = await compressor.invoke(input);
    let restored = ours?.body ?? "";
    let replaced = 0;
    for (const [index, message] of input.entries())
      for (const [to, back] of texts(short[index] as BaseMessage, message)) {
        // The Responses format has lists of blocks as JSON inside a string.
        const form = [json, nested].find((print) => restored.includes(print(to)));
        expect(restored.split(form?.(to) ?? "")).toHaveLength(2);
        restored = restored.replace(form?.(to) ?? "", () => form?.(back) ?? "");
        replaced++;
      }
    expect(replaced).toBe(changes);
    expect(restored).toBe(plain?.body);
    expect(ours?.body.length).toBeLessThan((plain?.body.length ?? 0) / 3);
  });

  it.each(variants)(
    "%s: a request with nothing to shorten is byte for byte the same",
    async (_, make) => {
      const input = [
        new SystemMessage("s"),
        new HumanMessage("q"),
        new AIMessage("a"),
        new HumanMessage("r"),
      ];
      const compressor = new HeadroomCompressor({ store: memoryStore() });
      const [plain] = await sent(done, () => make().invoke(input));
      const [ours] = await sent(done, () => compressor.pipe(make()).invoke(input));
      expect(ours?.body).toBe(plain?.body);
    },
  );

  it.each([
    ["ChatOpenAI", () => openai({ streaming: true })],
    ["ChatAnthropic", () => claude()],
  ] as [string, () => BaseChatModel][])("%s: streams the same chunks", async (_, make) => {
    const chunks = async (chain: {
      stream(input: BaseMessage[]): Promise<AsyncIterable<unknown>>;
    }) => {
      const found: unknown[] = [];
      await sent(
        () => [{ text: "one two three four" }],
        async () => {
          for await (const chunk of await chain.stream(forOpenAI().slice(0, 4)))
            found.push(withoutRun(chunk));
        },
      );
      return found;
    };
    const ours = await chunks(new HeadroomCompressor({ store: memoryStore() }).pipe(make()));
    const plain = await chunks(make());
    expect(ours.length).toBeGreaterThan(4);
    expect(ours).toEqual(plain);
  });

  it.each([
    ["ChatOpenAI", () => openai()],
    ["ChatAnthropic", () => claude()],
  ] as [string, () => BaseChatModel][])(
    "%s: an agent reads 85 percent less and answers about a row it was not shown",
    async (_, make) => {
      const listOrders = tool(() => orders(), {
        name: "list_orders",
        description: "All orders.",
        schema: { type: "object", properties: { day: { type: "integer" } } },
      });
      const run = async (retrieves: boolean) => {
        const middleware = retrieves ? [headroomMiddleware({ store: memoryStore() })] : [];
        const agent = createAgent({ model: make(), tools: [listOrders], middleware });
        const hash = (body: string) => /\[\[hr:([a-z]{22})/.exec(body)?.[1];
        const look = (body: string): LlmReply => ({
          calls: [{ name: "headroom_retrieve", args: { hash: hash(body), rows: "412" } }],
        });
        let messages: readonly BaseMessage[] = [];
        const requests = await sent(
          (body) => [
            { calls: [{ name: "list_orders", args: { day: 1 } }] },
            ...(retrieves ? [look(body)] : []),
            { text: /412[^}]*customer-24/.test(body) ? "customer-24" : "unknown" },
          ],
          async () => {
            ({ messages } = await agent.invoke({
              messages: [new HumanMessage("Check the orders.")],
            }));
          },
        );
        const usage = messages
          .map(
            (message) => (message as { usage_metadata?: { input_tokens: number } }).usage_metadata,
          )
          .reduce((sum, tokens) => sum + (tokens?.input_tokens ?? 0), 0);
        return { answer: textOf(messages.at(-1)), usage, requests, messages };
      };
      const ours = await run(true);
      const plain = await run(false);
      expect([ours.answer, plain.answer]).toEqual(["customer-24", "customer-24"]);
      expect(ours.requests[1]?.body).not.toContain('id\\":412,');
      expect(ours.requests[2]?.body).toContain('id\\":412,');
      expect(ours.usage).toBeLessThan(plain.usage * 0.15);
      expect(ours.messages.some(({ content }) => content === orders())).toBe(true);
    },
  );
});

const json = (text: string) => JSON.stringify(text);
const nested = (text: string) => json(json(text)).slice(1, -1);

/** Pairs of replaced and original text. */
function texts(after: BaseMessage, before: BaseMessage): [string, string][] {
  if (after === before) return [];
  if (typeof after.content === "string") return [[after.content, String(before.content)]];
  return after.content.flatMap((block, index): [string, string][] => {
    const old = (before.content as unknown as Record<string, unknown>[])[index];
    if (block === (old as unknown)) return [];
    const key = block.type === "text" ? "text" : "content";
    return [[String((block as Record<string, unknown>)[key]), String(old?.[key])]];
  });
}

/** A chunk without the ids of its run and reply. */
function withoutRun(chunk: unknown): unknown {
  const { id: _, ...kwargs } = JSON.parse(JSON.stringify(chunk)).kwargs;
  return JSON.parse(
    JSON.stringify(kwargs)
      .replaceAll(/reply_\d+/g, "reply")
      .replaceAll(/"input_tokens":\d+|"total_tokens":\d+|"prompt_tokens":\d+/g, '"n":0'),
  );
}
