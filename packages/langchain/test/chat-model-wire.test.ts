import { memoryStore } from "@headroom/core";
import { HeadroomChatModel } from "@headroom/langchain";
import { ChatAnthropic } from "@langchain/anthropic";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LlmReply, type LlmServer, startLlmServer } from "../../../test/support/llm-server.ts";
import { collect, conversation, weather } from "./support/data.ts";

const wrap = (llm: BaseChatModel) => new HeadroomChatModel({ llm, store: memoryStore() });

describe("HeadroomChatModel over the wire", () => {
  let server: LlmServer;
  let reply: (body: string, index: number) => LlmReply = () => ({});
  let from = 0;
  beforeAll(async () => {
    server = await startLlmServer(({ body }, index) => reply(body, index - from));
  });
  afterAll(() => server.stop());
  const models: [string, () => BaseChatModel][] = [
    [
      "ChatOpenAI",
      () =>
        new ChatOpenAI({
          model: "gpt-4o",
          apiKey: "t",
          configuration: { baseURL: `${server.url}/v1` },
        }),
    ],
    [
      "ChatAnthropic",
      () =>
        new ChatAnthropic({ model: "claude-sonnet-4-5", apiKey: "t", anthropicApiUrl: server.url }),
    ],
  ];
  const retrieval = (body: string) => ({
    name: "headroom_retrieve",
    args: { hash: /\[\[hr:([a-z]{22})/.exec(body)?.[1], rows: "412" },
  });

  it.each(models)("%s: keeps what the model says of itself", (_, make) => {
    const [plain, ours] = [make(), wrap(make())];
    const { profile } = plain as { profile?: { maxInputTokens?: number } };
    expect(profile?.maxInputTokens).toBeGreaterThan(1_000);
    expect((ours as { profile?: unknown }).profile).toEqual(profile);
    expect(ours._llmType()).toBe(plain._llmType());
    expect(ours.getLsParams({})).toEqual(plain.getLsParams({}));
  });

  it.each(models)("%s: looks up and answers, invoked and streamed", async (_, make) => {
    reply = (body, index) =>
      index === 0
        ? { text: "Let me see.", calls: [retrieval(body)] }
        : { text: `412 is ${/412[^}]*(customer-\d+)/.exec(body)?.[1]}` };
    from = server.requests.length;
    const answer = await wrap(make()).invoke(conversation());
    expect(answer.text).toBe("Let me see.\n\n412 is customer-24");
    expect(server.requests.slice(from)).toHaveLength(2);
    for (const { json } of server.requests.slice(from))
      expect(JSON.stringify(json.tools)).toContain('"name":"headroom_retrieve"');
    from = server.requests.length;
    const { whole } = await collect(await wrap(make()).stream(conversation()));
    expect(whole.text).toBe(answer.text);
    expect(whole.tool_calls).toEqual([]);
    const { finish_reason, stop_reason, model_name } = {
      ...whole.additional_kwargs,
      ...whole.response_metadata,
    } as Record<string, string>;
    expect(finish_reason ?? stop_reason).toMatch(/^(stop|end_turn)$/);
    expect(model_name ?? "gpt-4o").toBe("gpt-4o");
    const shown = JSON.stringify(whole, (key, value) => (key === "headroom" ? undefined : value));
    expect(shown).not.toContain("headroom_retrieve");
    expect(server.requests.slice(from)).toHaveLength(2);
  });

  it.each(models)("%s: mixed calls, streamed, come back paired", async (_, make) => {
    reply = (body, index) =>
      index === 0
        ? { text: "Both.", calls: [{ name: "weather", args: { city: "Oslo" } }, retrieval(body)] }
        : { text: "Done." };
    from = server.requests.length;
    const model = wrap(make()).bindTools([weather]);
    const { whole } = await collect(await model.stream(conversation()));
    expect(whole.tool_calls?.map(({ name, args }) => [name, args])).toEqual([
      ["weather", { city: "Oslo" }],
    ]);
    const id = whole.tool_calls?.[0]?.id ?? "";
    const result = new ToolMessage({ content: "sunny", tool_call_id: id, name: "weather" });
    await model.invoke([...conversation(), whole, result, new HumanMessage("And?")]);
    const body = server.requests.at(-1)?.body ?? "";
    const called = body.match(/(call_reply_\d+_\d|toolu_reply_\d+_\d)/g) ?? [];
    // Each of the two calls is made once and answered once.
    expect(called).toHaveLength(4);
    expect(new Set(called).size).toBe(2);
    expect(body).toContain('id\\":412,');
  });

  it("ChatOpenAI, Responses: looks up, and pairs mixed calls", async () => {
    reply = (body, index) =>
      [
        { calls: [retrieval(body)] },
        { text: "Both.", calls: [{ name: "weather", args: { city: "Oslo" } }, retrieval(body)] },
      ][index] ?? { text: "Done." };
    from = server.requests.length;
    const llm = new ChatOpenAI({
      model: "gpt-4o",
      apiKey: "t",
      useResponsesApi: true,
      configuration: { baseURL: `${server.url}/v1` },
    });
    const model = wrap(llm).bindTools([weather]);
    const said = await model.invoke(conversation());
    expect(said.tool_calls?.map(({ name }) => name)).toEqual(["weather"]);
    const id = said.tool_calls?.[0]?.id ?? "";
    const result = new ToolMessage({ content: "sunny", tool_call_id: id, name: "weather" });
    expect((await model.invoke([...conversation(), said, result])).text).toBe("Done.");
    const { input } = (server.requests.at(-1)?.json ?? { input: [] }) as {
      input: { type: string; call_id?: string }[];
    };
    const of = (type: string) =>
      input.flatMap((item) => (item.type === type ? [item.call_id] : []));
    expect(of("function_call").sort()).toEqual(of("function_call_output").sort());
    // The first look-up, which nobody was shown, among them.
    expect(of("function_call")).toHaveLength(4);
    expect(server.requests.slice(from)).toHaveLength(3);
  });

  it.each(models)("%s: structured output works as without it", async (_, make) => {
    reply = (body) =>
      body.includes("json_schema")
        ? { text: '{"city":"Oslo"}' }
        : { calls: [{ name: "weather", args: { city: "Oslo" } }] };
    from = server.requests.length;
    const schema = {
      title: "weather",
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
    };
    expect(await wrap(make()).withStructuredOutput(schema).invoke(conversation())).toEqual({
      city: "Oslo",
    });
    expect(server.requests.at(-1)?.body).not.toContain("omitted");
  });
});
