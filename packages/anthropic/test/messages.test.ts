import Anthropic from "@anthropic-ai/sdk";
import { createHeadroom, findMarkers, memoryStore } from "@headroom/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWireServer, type WireServer } from "../../../test/support/wire-server.ts";
import { type HeadroomAnthropicOptions, withHeadroom } from "../src/index.ts";
import { message, RETRIEVE } from "./replies.ts";

let server: WireServer;
beforeAll(async () => {
  server = await startWireServer();
});
afterAll(() => server.stop());

const rows = JSON.stringify(
  Array.from({ length: 1_000 }, (_, id) => ({
    id,
    sku: `SKU-${(id * 7_919) % 9_973}`,
    state: "shipped",
  })),
);
const sku500 = "SKU-219";
const list = { name: "list_orders", args: {} };
const tools: Anthropic.Tool[] = [
  { name: "list_orders", input_schema: { type: "object" }, cache_control: { type: "ephemeral" } },
];
const conversation = (): Anthropic.MessageParam[] => [
  { role: "user", content: "Which orders are there?" },
  {
    role: "assistant",
    content: [
      { type: "thinking", thinking: "I list them.", signature: "c2ln" },
      { type: "tool_use", id: "t1", name: "list_orders", input: {} },
    ],
  },
  {
    role: "user",
    content: [
      {
        type: "tool_result",
        tool_use_id: "t1",
        content: [{ type: "text", text: rows, cache_control: { type: "ephemeral" } }],
      },
    ],
  },
];
const request = (messages = conversation()) => ({
  model: "claude-sonnet-5-5",
  max_tokens: 1_000,
  messages,
  tools,
});
const asks = (body: string) => ({
  name: RETRIEVE,
  args: { hash: findMarkers(body)[0]?.ref ?? "", rows: "500" },
});
const plain = (): Anthropic =>
  new Anthropic({ apiKey: "sk-test", baseURL: server.url, maxRetries: 0 });
const wrapped = (options: HeadroomAnthropicOptions = { store: memoryStore() }): Anthropic =>
  withHeadroom(plain(), options);
const textOf = ({ content }: { content: readonly { type: string }[] }): string =>
  content
    .map((block) => ("text" in block && typeof block.text === "string" ? block.text : ""))
    .join("|");

describe("requests", () => {
  it("differ from those without us only in the replaced text and the tool", async () => {
    server.reply(message({ text: "ok" }, false));
    await plain().messages.create(request());
    const before = server.requests[0]?.body ?? "";
    await wrapped().messages.create(request());
    const after = server.requests[1];
    const block = after?.json.messages[2].content[0].content[0];
    expect(block.cache_control).toEqual({ type: "ephemeral" });
    const replaced = JSON.stringify(block.text);
    expect(replaced.length).toBeLessThan(rows.length / 5);
    const tool = `,${JSON.stringify(after?.json.tools[1])}`;
    expect(after?.body.replace(replaced, JSON.stringify(rows)).replace(tool, "")).toBe(before);
  });

  it("keep the caller's arguments, and repeat the bytes of earlier turns", async () => {
    server.reply(message({ text: "ok" }, false));
    const client = wrapped();
    const messages = conversation();
    const snapshot = structuredClone(messages);
    await client.messages.create(request(messages));
    await client.messages.create(request([...messages, { role: "user", content: "And then?" }]));
    expect(messages).toEqual(snapshot);
    const [first, second] = server.requests.map(({ json }) => json);
    expect(JSON.stringify(second.messages.slice(0, 3))).toBe(JSON.stringify(first.messages));
    expect(JSON.stringify(second.tools)).toBe(JSON.stringify(first.tools));
  });

  it("refer to nothing that the server may clear or sum up", async () => {
    const twice = (): Anthropic.MessageParam[] => {
      const [ask, call, result] = conversation();
      return JSON.parse(
        JSON.stringify([ask, call, result, call, result]).replace(/"t1"(?=.*"t1".*"t1")/g, '"t0"'),
      );
    };
    const edited = (...edits: readonly string[]) => ({
      context_management: { edits: edits.map((type) => ({ type })) },
    });
    const summary = { role: "assistant", content: [{ type: "compaction", content: "Long ago." }] };
    const cases: readonly [more: object, refers: boolean][] = [
      [{}, true],
      [edited("clear_thinking_20251015"), true],
      [edited("clear_thinking_20251015", "clear_tool_uses_20250919"), false],
      [edited("compact_20260112"), false],
      [{ messages: [summary, ...twice()] }, false],
    ];
    for (const [more, refers] of cases) {
      server.reply(message({ text: "ok" }, false));
      await wrapped({ mode: "lossless" }).messages.create({ ...request(twice()), ...more });
      expect(server.requests.at(-1)?.body.includes("the same as list_orders")).toBe(refers);
    }
  });

  it("are counted as they would be sent", async () => {
    server.reply({ json: { input_tokens: 7 } });
    const counted = await wrapped().messages.countTokens({
      model: "claude-sonnet-5-5",
      messages: conversation(),
      tools,
    });
    expect(counted.input_tokens).toBe(7);
    expect(server.requests[0]?.json.tools[1].name).toBe(RETRIEVE);
    expect(server.requests[0]?.body).toContain("[[hr:");
  });

  it.each([
    ["retrieval is off", { retrieval: false as const }, {}],
    ["the model may call nothing", {}, { tool_choice: { type: "none" as const } }],
  ])("are lossless where %s", async (_, options, more) => {
    server.reply(message({ text: "ok" }, false));
    await wrapped({ store: memoryStore(), ...options }).messages.create({ ...request(), ...more });
    const [block] = server.requests[0]?.json.messages[2].content[0].content ?? [];
    expect(block.text.length).toBeLessThan(rows.length);
    expect(block.text).toContain(sku500);
  });

  it("of batches are lossless, each by itself", async () => {
    server.reply({ json: { id: "batch_1" } });
    const params = request();
    await wrapped().messages.batches.create({
      requests: [
        { custom_id: "a", params },
        { custom_id: "b", params: { ...params, messages: [{ role: "user", content: "Hi" }] } },
      ],
    });
    const [one, other] = server.requests[0]?.json.requests ?? [];
    const [block] = one.params.messages[2].content[0].content;
    expect(block.text.length).toBeLessThan(rows.length);
    expect(block.text).toContain(sku500);
    expect(one.params.tools).toHaveLength(1);
    expect(other).toEqual({
      custom_id: "b",
      params: { ...params, messages: [{ role: "user", content: "Hi" }] },
    });
  });

  it("of other resources are made by the same objects", () => {
    const client = plain();
    const copy = withHeadroom(client, { store: memoryStore() });
    expect(copy).toBeInstanceOf(Anthropic);
    expect(copy.models).toBe(client.models);
    expect(() => withHeadroom(client, { minTokens: -1 })).toThrow("minTokens");
  });
});

describe("create", () => {
  it("gives a reply without retrieval byte for byte, with its response", async () => {
    const reply = message({ thinking: "hm", text: "Fünf 🎉", calls: [list] }, false);
    server.reply(reply);
    const { data, response } = await wrapped().messages.create(request()).withResponse();
    expect(JSON.parse(JSON.stringify(data))).toMatchObject(reply.json as object);
    expect(response.headers.get("x-request-id")).toBe("req_1");
    const raw = await wrapped().messages.create(request()).asResponse();
    expect(await raw.text()).toBe(JSON.stringify(reply.json));
  });

  it.each([0, 1, 3])(
    "makes a model answer that spent %i retrievals, under the same tools",
    async (maxRetrievals) => {
      server.reply(({ body, json }) =>
        json.tool_choice?.type === "none"
          ? message({ text: "It is there." }, false)
          : message({ calls: [asks(body)] }, false),
      );
      const client = wrapped({ store: memoryStore(), maxRetrievals });
      const reply = await client.messages.create(request());
      expect(textOf(reply)).toBe("It is there.");
      expect(reply.stop_reason).toBe("end_turn");
      expect(server.requests.length).toBe(maxRetrievals + 2);
      const tools = new Set(server.requests.map(({ json }) => JSON.stringify(json.tools)));
      expect(tools.size).toBe(1);
      const choices = server.requests.map(({ json }) => json.tool_choice?.type);
      expect(choices.slice(0, -1)).not.toContain("none");
      const answers = server.requests.at(-1)?.json.messages.at(-1).content;
      expect(answers[0].content).toMatch(/^No more look-ups/);
    },
  );

  it("throws the SDK's errors, from a further round too", async () => {
    const error = { type: "error", error: { type: "invalid_request_error", message: "too long" } };
    server.reply(({ body }) => message({ calls: [asks(body)] }, false), {
      status: 400,
      json: error,
    });
    const failed = wrapped().messages.create(request());
    await expect(failed).rejects.toBeInstanceOf(Anthropic.BadRequestError);
  });

  it("runs tools", async () => {
    server.reply(
      message({ calls: [list] }, false),
      ({ body }) => message({ calls: [asks(body)] }, false),
      message({ text: "found" }, false),
    );
    const runner = wrapped().beta.messages.toolRunner({
      model: "claude-sonnet-5-5",
      max_tokens: 1_000,
      messages: [{ role: "user", content: "Which orders are there?" }],
      tools: [
        {
          type: "custom",
          name: "list_orders",
          input_schema: { type: "object" },
          parse: (value: unknown) => value,
          run: () => rows,
        },
      ],
    });
    expect(textOf(await runner)).toBe("found");
    expect(server.requests[2]?.body).toContain(sku500);
  });
});

describe.each([
  ["messages", (client: Anthropic) => client.messages],
  ["beta.messages", (client: Anthropic) => client.beta.messages as unknown as Anthropic.Messages],
] as const)("%s", (_, of) => {
  it.each([false, true])("answers a retrieval inside, stream: %s", async (stream) => {
    server.reply(
      ({ body }) =>
        message(
          { thinking: "I need row 500.", text: "Let me look.", calls: [asks(body)] },
          stream,
          {
            cut: 9,
          },
        ),
      message({ thinking: "There.", text: "Es ist dä." }, stream, { cut: 5 }),
    );
    const client = wrapped();
    const reply = stream
      ? await of(client).stream(request()).finalMessage()
      : await of(client).create(request());
    expect(textOf(reply)).toBe("|Let me look.||Es ist dä.");
    expect(reply.stop_reason).toBe("end_turn");
    expect(reply.usage).toMatchObject({
      input_tokens: 200,
      cache_read_input_tokens: 6,
      output_tokens: 20,
    });
    const sent = server.requests[1]?.json.messages.slice(3);
    expect(sent[0].content.map(({ type }: { type: string }) => type)).toEqual([
      "thinking",
      "text",
      "tool_use",
    ]);
    expect(sent[0].content[0].signature).toMatch(/^signature-/);
    expect(sent[0].content[2].input).toMatchObject({ rows: "500" });
    expect(sent[1].content[0].content).toContain(sku500);
    // The caller sends the reply back: the rounds stand as they were.
    server.reply(message({ text: "ok" }, false));
    const { role, content } = reply;
    await of(client).create(
      request([...conversation(), { role, content }, { role: "user", content: "Thanks." }]),
    );
    const again = server.requests[0]?.json.messages.slice(3);
    expect(again.slice(0, 2)).toEqual(sent);
    expect(again[2].content).toHaveLength(2);
    expect(again).toHaveLength(4);
  });

  it.each([false, true])(
    "gives the caller his calls of a mixed reply, stream: %s",
    async (stream) => {
      server.reply(
        ({ body }) => message({ thinking: "Both.", calls: [asks(body), list] }, stream, { cut: 7 }),
        message({ text: "done" }, false),
      );
      const client = wrapped();
      const reply = stream
        ? await of(client).stream(request()).finalMessage()
        : await of(client).create(request());
      expect(reply.content.map(({ type }) => type)).toEqual(["thinking", "tool_use"]);
      expect(reply.stop_reason).toBe("tool_use");
      const { role, content } = reply;
      const call =
        content.flatMap((block) => (block.type === "tool_use" ? [block.id] : []))[0] ?? "";
      const answer = { type: "tool_result" as const, tool_use_id: call, content: "[]" };
      await of(client).create(
        request([...conversation(), { role, content }, { role: "user", content: [answer] }]),
      );
      const [assistant, user] = server.requests[1]?.json.messages.slice(3) ?? [];
      const names = assistant.content.map(
        ({ name, type }: { name?: string; type: string }) => name ?? type,
      );
      expect(names).toEqual(["thinking", RETRIEVE, "list_orders"]);
      expect(user.content).toMatchObject([
        { tool_use_id: assistant.content[1].id, content: expect.stringContaining(sku500) },
        answer,
      ]);
    },
  );
});

describe("stream", () => {
  it("gives the bytes of the server where no retrieval happens, however they are cut", async () => {
    const said = { thinking: "hm 世界", text: "Grüße 🎉", calls: [list] };
    const sse = message(said, true).sse ?? "";
    for (const shape of [sse, sse.replaceAll("\n", "\r\n")])
      for (const cut of [1, 3, 50]) {
        server.reply({ sse: shape, cut });
        const response = await wrapped()
          .messages.create({ ...request(), stream: true })
          .asResponse();
        expect(await response.text()).toBe(shape);
      }
  });

  it("shows words before a retrieval at once, and our call never", async () => {
    server.reply(
      ({ body }) => message({ text: "Let me look.", calls: [asks(body)] }, true),
      message({ text: "Found.", calls: [list] }, true),
    );
    const stream = await wrapped().messages.create({ ...request(), stream: true });
    const events: Anthropic.MessageStreamEvent[] = [];
    let shown = 0;
    for await (const event of stream) {
      events.push(event);
      if (server.requests.length === 1) shown++;
    }
    expect(shown).toBeGreaterThan(3);
    expect(JSON.stringify(events)).not.toContain(RETRIEVE);
    const starts = events.flatMap((event) =>
      event.type === "content_block_start" ? [event.index] : [],
    );
    expect(starts).toEqual([0, 1, 2]);
    expect(events.filter(({ type }) => type === "message_start")).toHaveLength(1);
    expect(events.at(-1)?.type).toBe("message_stop");
  });

  it("parses structured output, without words of hidden rounds", async () => {
    for (const stream of [false, true]) {
      server.reply(
        ({ body }) => message({ text: "I look it up.", calls: [asks(body)] }, stream),
        message({ text: '{"count":1000}' }, stream),
      );
      const format = { type: "json_schema" as const, schema: { type: "object" } };
      const body = { ...request(), output_config: { format } };
      const reply = stream
        ? await wrapped().messages.stream(body).finalMessage()
        : await wrapped().messages.create(body);
      expect(textOf(reply)).toBe('{"count":1000}');
    }
  });

  it("throws the SDK's error where a further round fails, or the stream does", async () => {
    const error = { type: "error", error: { type: "overloaded_error", message: "overloaded" } };
    server.reply(({ body }) => message({ calls: [asks(body)] }, true), {
      status: 400,
      json: error,
    });
    const read = () => wrapped().messages.stream(request()).finalMessage();
    await expect(read()).rejects.toThrow("overloaded");
    server.reply({ sse: `event: error\ndata: ${JSON.stringify(error)}\n\n` });
    await expect(read()).rejects.toThrow("overloaded");
  });

  it("ends with the server's error where the client has no errors of its own", async () => {
    const bare = { fetch: globalThis.fetch, withOptions: (options: object) => ({ ...options }) };
    const { fetch } = withHeadroom(bare, { store: memoryStore() }) as unknown as {
      fetch: typeof globalThis.fetch;
    };
    for (const [json, told] of [
      [{ type: "error", error: { type: "overloaded_error", message: "busy" } }, "overloaded_error"],
      [["x".repeat(2_000)], `[\\"${"x".repeat(998)}"`],
    ] as const) {
      server.reply(({ body }) => message({ text: "Hm.", calls: [asks(body)] }, true), {
        status: 400,
        json,
      });
      const body = JSON.stringify({ ...request(), stream: true });
      const reply = await fetch(`${server.url}/v1/messages`, { method: "POST", body });
      const events = await reply.text();
      expect(events).toContain("Hm.");
      expect(events.split("event: error\n")[1]).toContain(told);
    }
  });

  it("sums what is told of the usage, and does without what is not", async () => {
    const silent = ({ sse = "" }: { sse?: string }) => ({
      sse: sse.replaceAll(',"usage":{"output_tokens":10}', ""),
    });
    server.reply(
      ({ body }) => silent(message({ calls: [asks(body)] }, true)),
      message({ text: "Found." }, true),
    );
    const stream = await wrapped().messages.create({ ...request(), stream: true });
    let usage: unknown;
    for await (const event of stream) if (event.type === "message_delta") usage = event.usage;
    expect(usage).toMatchObject({ input_tokens: 200, output_tokens: 11 });
  });

  it("leaves a call that was cut off alone, and refusals", async () => {
    server.reply(({ body }) => message({ calls: [asks(body)], stop: "max_tokens" }, true));
    const cut = await wrapped().messages.stream(request()).finalMessage();
    expect(cut).toMatchObject({ stop_reason: "max_tokens", content: [] });
    server.reply(message({ text: "No.", stop: "refusal" }, true));
    const refused = await wrapped().messages.stream(request()).finalMessage();
    expect(refused.stop_reason).toBe("refusal");
    expect(server.requests.length).toBe(1);
  });
});

describe("three steps with a tool of 1,000 rows", () => {
  it.each([false, true])(
    "read at least 85 percent fewer tokens and find the row, stream: %s",
    async (stream) => {
      const steps = async (client: Anthropic): Promise<number> => {
        server.reply(
          message({ calls: [list] }, stream),
          message({ calls: [list] }, stream),
          ({ body }) =>
            findMarkers(body).length > 0 && !body.includes(sku500)
              ? message({ calls: [asks(body)] }, stream)
              : message({ text: `It is ${sku500}.` }, stream),
        );
        const messages: Anthropic.MessageParam[] = [
          { role: "user", content: "Which orders are there?" },
        ];
        for (;;) {
          const reply = stream
            ? await client.messages.stream(request(messages)).finalMessage()
            : await client.messages.create(request(messages));
          if (reply.stop_reason !== "tool_use") {
            expect(textOf(reply)).toContain(sku500);
            break;
          }
          messages.push({ role: "assistant", content: reply.content });
          const results = reply.content.flatMap((block): Anthropic.ToolResultBlockParam[] =>
            block.type === "tool_use"
              ? [{ type: "tool_result", tool_use_id: block.id, content: rows }]
              : [],
          );
          messages.push({ role: "user", content: results });
        }
        const headroom = createHeadroom();
        let sum = 0;
        for (const { body } of server.requests)
          sum += (await headroom.compressText(body)).tokensBefore;
        return sum;
      };
      const before = await steps(plain());
      const after = await steps(wrapped());
      expect(1 - after / before).toBeGreaterThan(0.85);
    },
  );
});
