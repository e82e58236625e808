/** Two hundred turns of an agent: each request repeats the one before it and adds to its end, whatever tool choice is in between. */
import { findMarkers, memoryStore } from "@headroom/core";
import { HeadroomChatModel } from "@headroom/langchain";
import { headroomMiddleware } from "@headroom/langchain/middleware";
import { type BaseMessage, HumanMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatOpenAI } from "@langchain/openai";
import { createAgent, createMiddleware } from "langchain";
import { expect, it } from "vitest";
import { startLlmServer } from "../../../test/support/llm-server.ts";

const TURNS = 200;
const rowsOf = (turn: number): string =>
  JSON.stringify(
    Array.from({ length: 40 }, (_, id) => ({
      id,
      sku: `SKU-${(id * 7_919 + turn) % 9_973}`,
      state: "shipped",
    })),
  );

it.each(["middleware", "chat model"])(
  "%s",
  async (how) => {
    let turn = 0;
    let looked = false;
    const choice = (): string | undefined =>
      [undefined, "none", undefined, "list_orders"][turn % 4];
    const server = await startLlmServer(({ json }) => {
      const { role, content } = (json.messages as { role: string; content: string }[]).at(-1) ?? {};
      if (json.tool_choice === "none") return { text: "Nothing to call." };
      if (role === "user") return { calls: [{ name: "list_orders", args: {} }] };
      const ref = findMarkers(content ?? "")[0]?.ref;
      if (turn % 9 !== 4 || looked || !ref) return { text: "Done." };
      looked = true;
      return {
        text: "Let me look.",
        calls: [{ name: "headroom_retrieve", args: { hash: ref, rows: "20" } }],
      };
    });
    const options = { store: memoryStore(), minTokens: 50 };
    const llm = new ChatOpenAI({
      model: "gpt-4o",
      apiKey: "test",
      maxRetries: 0,
      configuration: { baseURL: `${server.url}/v1` },
    });
    const choosing = createMiddleware({
      name: "Choosing",
      wrapModelCall: (request, handler) => {
        const name = choice();
        const isForced = name === "list_orders" && HumanMessage.isInstance(request.messages.at(-1));
        return handler({
          ...request,
          ...(name === "none" ? { toolChoice: "none" as const } : {}),
          ...(isForced ? { toolChoice: { type: "function", function: { name } } as const } : {}),
        });
      },
    });
    const agent = createAgent({
      model: how === "chat model" ? new HeadroomChatModel({ llm, ...options }) : llm,
      tools: [
        tool(() => rowsOf(turn), {
          name: "list_orders",
          description: "All orders.",
          schema: { type: "object", properties: {} },
        }),
      ],
      middleware: how === "chat model" ? [choosing] : [choosing, headroomMiddleware(options)],
    });
    let messages: BaseMessage[] = [];
    for (; turn < TURNS; turn++) {
      looked = false;
      const asked = { messages: [...messages, new HumanMessage(`Question ${turn}?`)] };
      ({ messages } = await agent.invoke(asked));
    }
    await server.stop();

    const sent = server.requests.map(({ json }) => json as { messages: object[]; tools: object[] });
    expect(sent.length).toBeGreaterThan(300);
    for (const [index, { messages: next, tools }] of sent.slice(1).entries()) {
      const before = sent[index] ?? { messages: [], tools: [] };
      expect(JSON.stringify(next.slice(0, before.messages.length))).toBe(
        JSON.stringify(before.messages),
      );
      expect(tools).toEqual(before.tools);
    }
    // What came up where the model could look it up is short, and stays so.
    expect(findMarkers(server.requests.at(-1)?.body ?? "").length).toBeGreaterThan(80);
  },
  300_000,
);
