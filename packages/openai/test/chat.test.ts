import {
  type CcrRef,
  createHeadroom,
  findMarkers,
  memoryStore,
  retrieveToolSpec,
  toOpenAITool,
} from "@headroom/core";
import OpenAI, { AzureOpenAI } from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { startWireServer, type WireServer } from "../../../test/support/wire-server.ts";
import { type HeadroomOpenAIOptions, withHeadroom } from "../src/index.ts";
import { chat, RETRIEVE } from "./replies.ts";

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
    warehouse: `W${id % 4}`,
  })),
);
const sku500 = "SKU-219";

const tools = [
  { type: "function", function: { name: "list_orders", parameters: { type: "object" } } },
] as const satisfies OpenAI.ChatCompletionTool[];

const conversation = (content = rows): OpenAI.ChatCompletionMessageParam[] => [
  { role: "system", content: "Be brief." },
  { role: "user", content: "Which orders are there?" },
  {
    role: "assistant",
    content: null,
    tool_calls: [
      { id: "c1", type: "function", function: { name: "list_orders", arguments: "{}" } },
    ],
  },
  { role: "tool", tool_call_id: "c1", content },
];

const plain = (): OpenAI =>
  new OpenAI({ apiKey: "sk-test", baseURL: `${server.url}/v1`, maxRetries: 0 });
const wrapped = (options: HeadroomOpenAIOptions = { store: memoryStore() }): OpenAI =>
  withHeadroom(plain(), options);

/** A call for a row that was left out, with the hash as the model reads it. */
const asks = (body: string, more: object = { rows: "500" }) => ({
  name: RETRIEVE,
  args: { hash: findMarkers(body)[0]?.ref ?? "", ...more },
});

const request = (messages = conversation()) => ({ model: "gpt-4o", messages, tools: [...tools] });

async function textOf(stream: AsyncIterable<OpenAI.ChatCompletionChunk>): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
  return text;
}

describe("requests", () => {
  it("differ from those without us only in the replaced text and the tool", async () => {
    server.reply(chat({ text: "ok" }, false));
    await plain().chat.completions.create(request());
    const before = server.requests[0]?.body ?? "";
    await wrapped().chat.completions.create(request());
    const after = server.requests[1];
    const replaced = JSON.stringify(after?.json.messages[3].content);
    expect(replaced.length).toBeLessThan(rows.length / 5);
    const tool = `,${JSON.stringify(after?.json.tools[1])}`;
    expect(after?.body.replace(replaced, JSON.stringify(rows)).replace(tool, "")).toBe(before);
  });

  it("keep the caller's arguments as they are, and repeat the bytes of earlier turns", async () => {
    server.reply(chat({ text: "ok" }, false));
    const client = wrapped();
    const messages = conversation();
    const snapshot = structuredClone(messages);
    await client.chat.completions.create(request(Object.freeze(messages) as typeof messages));
    expect(messages).toEqual(snapshot);
    await client.chat.completions.create(
      request([...messages, { role: "user", content: "And then?" }]),
    );
    const [first, second] = server.requests.map(({ json }) => json);
    expect(JSON.stringify(second.messages.slice(0, 4))).toBe(JSON.stringify(first.messages));
    expect(JSON.stringify(second.tools)).toBe(JSON.stringify(first.tools));
  });

  it("offer the tool from the first request of an agent on, and none to a plain chat", async () => {
    server.reply(chat({ text: "ok" }, false));
    const client = wrapped();
    await client.chat.completions.create(request(conversation().slice(0, 2)));
    await client.chat.completions.create({
      model: "gpt-4o",
      messages: [{ role: "user", content: "Hi" }],
    });
    expect(server.requests[0]?.json.tools[1].function.name).toBe(RETRIEVE);
    expect(server.requests[1]?.json).not.toHaveProperty("tools");
  });

  it("get no tool where the caller has none, unless asked; what was shortened stays as it was", async () => {
    server.reply(chat({ text: "ok" }, false));
    const other = JSON.stringify(
      Array.from({ length: 900 }, (_, id) => ({ id: (id * 7919) % 9973, state: "new" })),
    );
    const last: OpenAI.ChatCompletionMessageParam[] = [
      ...conversation(),
      ...conversation(other).slice(2),
    ];
    const client = wrapped();
    await client.chat.completions.create(request());
    await client.chat.completions.create({ model: "gpt-4o", messages: last });
    const [first, second] = server.requests.map(({ json }) => json);
    expect(second).not.toHaveProperty("tools");
    expect(JSON.stringify(second.messages.slice(0, 4))).toBe(JSON.stringify(first.messages));
    const whole = second.messages[5].content;
    expect(whole.length).toBeLessThan(other.length);
    expect(findMarkers(whole).flatMap(({ ref }) => ref ?? [])).toEqual([]);
    const always = wrapped({ store: memoryStore(), injectTool: "always" });
    await always.chat.completions.create({ model: "gpt-4o", messages: conversation() });
    expect(server.requests[2]?.json.tools[0].function.name).toBe(RETRIEVE);
    expect(findMarkers(server.requests[2]?.body ?? "").length).toBeGreaterThan(0);
  });

  it("leave nothing out where a tool of the caller only has the name of ours", async () => {
    server.reply(chat({ text: "ok" }, false));
    const named = (property: string): OpenAI.ChatCompletionTool => ({
      type: "function",
      function: {
        name: RETRIEVE,
        parameters: { type: "object", properties: { [property]: { type: "string" } } },
      },
    });
    for (const property of ["id", "hash"])
      await wrapped().chat.completions.create({ ...request(), tools: [named(property)] });
    const [other, own] = server.requests.map(({ json }) => json);
    expect([other.tools.length, own.tools.length]).toEqual([1, 1]);
    expect(JSON.stringify(other)).not.toContain("omitted:");
    expect(JSON.stringify(own)).toContain("omitted:");
  });

  it("are counted as their own model counts, unless the options name one", async () => {
    server.reply(chat({ text: "ok" }, false));
    const counted = async (model: string, options: HeadroomOpenAIOptions = {}) => {
      const rows: number[] = [];
      const onBlock = (row: { tokensBefore: number }) => void rows.push(row.tokensBefore);
      const client = wrapped({ store: memoryStore(), hooks: { onBlock }, ...options });
      // Another model before it, whose counts must not be taken for this one's.
      for (const name of ["gemini-2.5-pro", model])
        await client.chat.completions.create({ ...request(), model: name });
      return rows.at(-1);
    };
    const own = await createHeadroom({ model: "claude-opus-4-7" }).compress(conversation());
    expect(await counted("claude-opus-4-7")).toBe(own.blocks.at(-1)?.tokensBefore);
    expect(await counted("gpt-4o", { model: "claude-opus-4-7" })).toBe(
      own.blocks.at(-1)?.tokensBefore,
    );
  });

  it.each([
    ["retrieval is off", { retrieval: false }, {}],
    ["there is no store", { store: undefined }, {}],
    ["the caller does not offer the tool himself", { retrieval: "tool" }, {}],
    ["the model may call nothing", {}, { tool_choice: "none" as const }],
    ["there are several choices", {}, { n: 2 }],
  ])("are lossless where %s", async (_, options, more) => {
    server.reply(chat({ text: "ok" }, false));
    const given = Object.fromEntries(
      Object.entries({ store: memoryStore(), ...options }).filter(
        ([, value]) => value !== undefined,
      ),
    );
    await wrapped(given).chat.completions.create({ ...request(), ...more });
    const { content } = server.requests[0]?.json.messages[3] ?? {};
    expect(content.length).toBeLessThan(rows.length);
    expect(content).toContain(sku500);
  });

  it("of other resources are not touched, and the resources are the same objects", async () => {
    server.reply({ json: { object: "list", data: [] } });
    const client = plain();
    const copy = withHeadroom(client, { store: memoryStore() });
    expect(copy).toBeInstanceOf(OpenAI);
    expect(copy.files).toBe(client.files);
    expect(copy.batches).toBe(client.batches);
    expect(copy.chat).not.toBe(client.chat);
    await copy.embeddings.create({ model: "m", input: rows });
    expect(server.requests[0]?.json.input).toBe(rows);
    expect(() => withHeadroom(client, { maxRetrievals: -1 })).toThrow("maxRetrievals");
  });
});

describe("clients", () => {
  it("made from a wrapped one are wrapped, those for other clouds too", async () => {
    server.reply(chat({ text: "ok" }, false));
    await wrapped().withOptions({ timeout: 5_000 }).chat.completions.create(request());
    const azure = new AzureOpenAI({
      apiKey: "sk-test",
      endpoint: server.url,
      apiVersion: "2026-01-01",
      deployment: "mine",
    });
    await withHeadroom(azure, { store: memoryStore() }).chat.completions.create(request());
    expect(server.requests[1]?.path).toContain("/deployments/mine/chat/completions");
    for (const { json } of server.requests) expect(json.messages[3].content).toContain("[[hr:");
  });

  it("send requests that are signed over their body as they are", async () => {
    server.reply(chat({ text: "ok" }, false));
    const headers = { authorization: "AWS4-HMAC-SHA256 Credential=x" };
    await wrapped().chat.completions.create(request(), { headers });
    expect(server.requests[0]?.json).toEqual(request());
  });
});

describe("create", () => {
  it("gives a reply without retrieval byte for byte, with its response", async () => {
    const reply = chat({ text: "Fünf 🎉" }, false);
    server.reply(reply);
    const promise = wrapped().chat.completions.create(request());
    const { data, response, request_id } = await promise.withResponse();
    expect(JSON.parse(JSON.stringify(data))).toEqual(reply.json);
    expect(request_id).toBe("req_1");
    expect(response.url).toContain("/v1/chat/completions");
    server.reply(reply);
    const raw = await wrapped().chat.completions.create(request()).asResponse();
    expect(await raw.text()).toBe(JSON.stringify(reply.json));
  });

  it("answers a retrieval inside, and sums the usage", async () => {
    const seen: string[] = [];
    server.reply(
      ({ body }) => chat({ text: "Let me look.", calls: [asks(body)] }, false),
      chat({ text: "It is there." }, false),
    );
    const client = wrapped({
      store: memoryStore(),
      onRetrieval: ({ rows }) => seen.push(String(rows)),
    });
    const reply = await client.chat.completions.create(request());
    expect(reply.choices[0]).toMatchObject({
      finish_reason: "stop",
      message: { content: "Let me look.\n\nIt is there." },
    });
    expect(reply.choices[0]?.message.tool_calls).toBeUndefined();
    expect(reply.usage).toMatchObject({ prompt_tokens: 200, total_tokens: 220 });
    expect(server.requests[0]?.body).not.toContain(sku500);
    expect(server.requests[1]?.json.messages.at(-1).content).toContain(sku500);
    expect(server.requests[1]?.json.messages.slice(0, 4)).toEqual(
      server.requests[0]?.json.messages,
    );
    expect(seen).toEqual(["500"]);
  });

  it("gives the caller his calls of a mixed reply, and the model its answer in the next request", async () => {
    const list = { name: "list_orders", args: {} };
    server.reply(
      ({ body }) => chat({ calls: [asks(body), list] }, false),
      chat({ text: "done" }, false),
    );
    const client = wrapped();
    const first = await client.chat.completions.create(request());
    const message = first.choices[0]?.message;
    expect(message?.tool_calls).toMatchObject([{ function: { name: "list_orders" } }]);
    expect(first.choices[0]?.finish_reason).toBe("tool_calls");
    const id = message?.tool_calls?.[0]?.id ?? "";
    await client.chat.completions.create(
      request([
        ...conversation(),
        ...(message ? [message] : []),
        { role: "tool", tool_call_id: id, content: "[]" },
      ]),
    );
    const sent = server.requests[1]?.json.messages.slice(4);
    expect(sent.map(({ role }: { role: string }) => role)).toEqual(["assistant", "tool", "tool"]);
    expect(sent[0].tool_calls).toMatchObject([
      { function: { name: RETRIEVE } },
      { function: { name: "list_orders" } },
    ]);
    expect(sent[1].content).toContain(sku500);
  });

  it("leaves the call to a caller who offers the tool himself", async () => {
    server.reply(({ body }) => chat({ calls: [asks(body)] }, false));
    for (const retrieval of ["inline", "tool"] as const) {
      const own = [...tools, toOpenAITool(retrieveToolSpec) as OpenAI.ChatCompletionTool];
      const client = wrapped({ store: memoryStore(), retrieval });
      const reply = await client.chat.completions.create({ ...request(), tools: own });
      expect(reply.choices[0]?.message.tool_calls).toMatchObject([
        { function: { name: RETRIEVE } },
      ]);
      expect(server.requests.at(-1)?.json.tools).toEqual(own);
      expect(server.requests.at(-1)?.body).not.toContain(sku500);
    }
    expect(server.requests).toHaveLength(2);
  });

  it("tells the model when an original cannot be read, and goes on", async () => {
    const store = memoryStore();
    let down = false;
    const failing = {
      ...store,
      get: (ref: CcrRef) => (down ? Promise.reject(new Error("down")) : store.get(ref)),
    };
    server.reply(
      ({ body }) => {
        down = true;
        return chat({ calls: [asks(body), { name: RETRIEVE, args: {} }] }, false);
      },
      chat({ text: "ok" }, false),
    );
    const reply = await wrapped({ store: failing }).chat.completions.create(request());
    expect(reply.choices[0]?.message.content).toBe("ok");
    const answers = server.requests[1]?.json.messages.slice(-2);
    expect(answers[0].content).toContain("could not be read");
    expect(answers[1].content).toContain("hash");
  });

  it("reads what is meant in odd arguments, and answers the rest in words", async () => {
    server.reply(
      ({ body }) => {
        const odd = [
          { rows: 500 },
          { rows: [500], lines: null, offset: null, limit: "3" },
          { rows: { from: 500 } },
          { hash: null },
        ];
        return chat({ calls: odd.map((more) => asks(body, more)) }, false);
      },
      chat({ text: "ok" }, false),
    );
    await wrapped().chat.completions.create(request());
    const answers = server.requests[1]?.json.messages.slice(-4);
    expect(answers[0].content).toContain(sku500);
    expect(answers[1].content).toContain(sku500);
    expect(answers[2].content).toContain("Cannot read rows");
    expect(answers[3].content).toContain("not an object with a hash");
  });

  it("ends with the caller's signal while an original is being read", async () => {
    const stop = new AbortController();
    const kept = memoryStore();
    let asked = false;
    const hanging = {
      ...kept,
      get: (ref: CcrRef) => {
        if (!asked) return kept.get(ref);
        setTimeout(() => stop.abort(), 5);
        return new Promise<never>(() => {});
      },
    };
    server.reply(({ body }) => {
      asked = true;
      return chat({ calls: [asks(body)] }, false);
    });
    await expect(
      wrapped({ store: hanging }).chat.completions.create(request(), { signal: stop.signal }),
    ).rejects.toThrow(/abort/i);
    expect(server.requests.length).toBe(1);
  });

  it("puts hidden rounds back before the reply that followed them", async () => {
    const list = { name: "list_orders", args: {} };
    server.reply(
      ({ body }) => chat({ text: "One moment.", calls: [asks(body)] }, false),
      chat({ text: "More.", calls: [list] }, false),
      chat({ text: "done" }, false),
    );
    const client = wrapped();
    const message = (await client.chat.completions.create(request())).choices[0]?.message;
    expect(message?.content).toBe("One moment.\n\nMore.");
    const id = message?.tool_calls?.[0]?.id ?? "";
    await client.chat.completions.create(
      request([
        ...conversation(),
        ...(message ? [message] : []),
        { role: "tool", tool_call_id: id, content: "[]" },
      ]),
    );
    const sent = server.requests[2]?.json.messages.slice(4);
    expect(sent.map(({ content }: { content: string }) => content)).toMatchObject([
      "One moment.",
      expect.stringContaining(sku500),
      "More.",
      "[]",
    ]);
  });

  it("makes a model answer that spent its retrievals, under the same tools", async () => {
    server.reply(({ body, json }) =>
      json.tool_choice === "none"
        ? chat({ text: "Row 500 it is." }, false)
        : chat({ calls: [asks(body)] }, false),
    );
    const client = wrapped({ store: memoryStore(), maxRetrievals: 1 });
    const reply = await client.chat.completions.create(request());
    expect(reply.choices[0]?.message.content).toBe("Row 500 it is.");
    expect(server.requests.map(({ json }) => json.tool_choice)).toEqual([
      undefined,
      undefined,
      "none",
    ]);
    const last = server.requests[2]?.json;
    expect(JSON.stringify(last.tools)).toBe(JSON.stringify(server.requests[0]?.json.tools));
    expect(last.messages.at(-1).content).toMatch(/^No more look-ups/);
  });

  it("throws the SDK's errors, from a further round too", async () => {
    const refused = { status: 400, json: { error: { message: "too long", code: "x" } } };
    server.reply(refused);
    await expect(wrapped().chat.completions.create(request())).rejects.toThrow("too long");
    server.reply(({ body }) => chat({ calls: [asks(body)] }, false), refused);
    const failed = wrapped().chat.completions.create(request());
    await expect(failed).rejects.toBeInstanceOf(OpenAI.BadRequestError);
  });

  it("tries a further round again where it passes, and no round before it", async () => {
    server.reply(
      ({ body }) => chat({ calls: [asks(body)] }, false),
      { status: 429, json: {}, headers: { "retry-after": "0" } },
      chat({ text: "ok" }, false),
    );
    const client = wrapped().withOptions({ maxRetries: 2 });
    const reply = await client.chat.completions.create(request());
    expect(reply.choices[0]?.message.content).toBe("ok");
    expect(server.requests.map(({ json }) => json.messages.length)).toEqual([4, 6, 6]);
  });

  it("parses structured output, without words of hidden rounds", async () => {
    const format = zodResponseFormat(z.object({ count: z.number() }), "answer");
    for (const stream of [false, true]) {
      server.reply(
        ({ body }) => chat({ text: "I look it up.", calls: [asks(body)] }, stream),
        chat({ text: '{"count":1000}' }, stream),
      );
      const body = { model: "gpt-4o", messages: conversation(), response_format: format };
      const client = wrapped({ store: memoryStore(), injectTool: "always" });
      const reply = stream
        ? await client.chat.completions.stream(body).finalChatCompletion()
        : await client.chat.completions.parse(body);
      expect(reply.choices[0]?.message.parsed).toEqual({ count: 1000 });
    }
  });

  it("runs tools", async () => {
    server.reply(
      chat({ calls: [{ name: "list_orders", args: {} }] }, false),
      ({ body }) => chat({ calls: [asks(body)] }, false),
      chat({ text: "found" }, false),
    );
    const runner = wrapped().chat.completions.runTools({
      model: "gpt-4o",
      messages: conversation().slice(0, 2),
      tools: [
        {
          type: "function",
          function: {
            name: "list_orders",
            description: "Lists orders.",
            parameters: { type: "object" },
            function: () => rows,
          },
        },
      ],
    });
    expect(await runner.finalContent()).toBe("found");
    expect(server.requests[2]?.body).toContain(sku500);
  });
});

describe("stream", () => {
  it("gives the bytes of the server where no retrieval happens, however they are cut", async () => {
    const sse = chat({ text: "Grüße, 世界 🎉 fin." }, true).sse ?? "";
    const shapes = [sse, sse.replaceAll("\n", "\r\n"), sse.replaceAll("\n", "\r")];
    for (const shape of shapes)
      for (const cut of [1, 2, 3, 7, 64]) {
        server.reply({ sse: shape, cut });
        const response = await wrapped()
          .chat.completions.create({ ...request(), stream: true })
          .asResponse();
        expect(await response.text()).toBe(shape);
      }
  });

  it("sends events on as they come", async () => {
    let finish = (_: unknown): void => undefined;
    const last = new Promise((resolve) => {
      finish = resolve;
    });
    server.reply(chat({ text: "early late" }, true, { cut: 200, last }));
    const stream = await wrapped().chat.completions.create({ ...request(), stream: true });
    let text = "";
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? "";
      if (text === "early") finish(undefined);
    }
    expect(text).toBe("early late");
  });

  it("answers a retrieval inside, with the words before it live", async () => {
    for (const cut of [3, 11, 4_096]) {
      server.reply(
        ({ body }) => chat({ text: "Let me look.", calls: [asks(body)] }, true, { cut }),
        chat({ text: "Es ist dä." }, true, { cut }),
      );
      const client = wrapped();
      const stream = client.chat.completions.stream({
        ...request(),
        stream_options: { include_usage: true },
      });
      const deltas: string[] = [];
      stream.on("content", (delta) => deltas.push(delta));
      const reply = await stream.finalChatCompletion();
      expect(reply.choices[0]?.message.content).toBe("Let me look.\n\nEs ist dä.");
      expect(reply.choices[0]?.finish_reason).toBe("stop");
      expect(reply.usage).toMatchObject({ prompt_tokens: 200, completion_tokens: 20 });
      expect(deltas.length).toBeGreaterThan(4);
      expect(server.requests[1]?.json.messages.at(-1).content).toContain(sku500);
    }
  });

  it("says once who speaks: clients that join the texts of deltas would read it twice", async () => {
    for (const words of [{}, { text: "Let me look." }]) {
      server.reply(
        ({ body }) => chat({ ...words, calls: [asks(body)] }, true),
        chat({ text: "It is there." }, true),
      );
      let roles = "";
      for await (const { choices } of await wrapped().chat.completions.create({
        ...request(),
        stream: true,
      }))
        roles += choices[0]?.delta.role ?? "";
      expect(roles).toBe("assistant");
    }
  });

  it("gives the caller his calls of a mixed reply, counted from 0", async () => {
    const list = { name: "list_orders", args: { page: 2 } };
    server.reply(
      ({ body }) => chat({ calls: [asks(body), list] }, true, { cut: 13 }),
      chat({ text: "done" }, true),
    );
    const client = wrapped();
    const first = await client.chat.completions.stream(request()).finalChatCompletion();
    const message = first.choices[0]?.message;
    expect(message?.tool_calls).toMatchObject([
      { function: { name: "list_orders", arguments: '{"page":2}' } },
    ]);
    const id = message?.tool_calls?.[0]?.id ?? "";
    const stream = await client.chat.completions.create({
      ...request([
        ...conversation(),
        ...(message ? [message] : []),
        { role: "tool", tool_call_id: id, content: "[]" },
      ]),
      stream: true,
    });
    expect(await textOf(stream)).toBe("done");
    expect(server.requests[1]?.json.messages[5].content).toContain(sku500);
  });

  it("makes a model answer that spent its retrievals", async () => {
    server.reply(({ body, json }) =>
      json.tool_choice === "none"
        ? chat({ text: "There." }, true)
        : chat({ text: "Hm.", calls: [asks(body)] }, true),
    );
    const client = wrapped({ store: memoryStore(), maxRetrievals: 1 });
    const reply = await client.chat.completions.stream(request()).finalChatCompletion();
    expect(server.requests.length).toBe(3);
    expect(reply.choices[0]).toMatchObject({
      finish_reason: "stop",
      message: { content: "Hm.\n\nHm.\n\nThere." },
    });
  });

  it("throws the SDK's error where a further round fails, or the stream does", async () => {
    const error = { error: { message: "overloaded" } };
    server.reply(({ body }) => chat({ text: "Hm.", calls: [asks(body)] }, true), {
      status: 400,
      json: error,
    });
    const read = async () =>
      textOf(await wrapped().chat.completions.create({ ...request(), stream: true }));
    await expect(read()).rejects.toThrow("overloaded");
    server.reply({ sse: `data: ${JSON.stringify(error)}\n\n` });
    await expect(read()).rejects.toThrow("overloaded");
  });

  it("leaves refusals and cut-off calls alone", async () => {
    server.reply(({ body }) => chat({ text: "A", calls: [asks(body)], finish: "length" }, true));
    const stream = await wrapped().chat.completions.create({ ...request(), stream: true });
    let finish: string | null | undefined;
    for await (const chunk of stream) finish = chunk.choices[0]?.finish_reason ?? finish;
    expect(finish).toBe("length");
    expect(server.requests.length).toBe(1);
  });

  it("ends the request when the reader leaves", async () => {
    server.reply(chat({ text: "a".repeat(4_000) }, true, { cut: 50, last: new Promise(() => {}) }));
    const stream = await wrapped().chat.completions.create({ ...request(), stream: true });
    for await (const _ of stream) break;
    expect(stream.controller.signal.aborted).toBe(true);
    expect(await server.closed()).toBe(true);
  });

  it("ends the request when the body is cancelled while nothing comes", async () => {
    server.reply(chat({ text: "a" }, true, { cut: 5_000, last: new Promise(() => {}) }));
    const response = await wrapped()
      .chat.completions.create({ ...request(), stream: true })
      .asResponse();
    const reader = response.body?.getReader();
    const pending = reader?.read();
    await reader?.cancel();
    expect((await pending)?.done).toBe(true);
    expect(await server.closed()).toBe(true);
  });
});

describe("three steps with a tool of 1,000 rows", () => {
  it.each([false, true])(
    "read at least 85 percent fewer tokens and find the row, stream: %s",
    async (stream) => {
      const headroom = createHeadroom();
      const tokens = async (bodies: string[]): Promise<number> => {
        let sum = 0;
        for (const body of bodies) sum += (await headroom.compressText(body)).tokensBefore;
        return sum;
      };
      const steps = async (client: OpenAI): Promise<number> => {
        const call = { name: "list_orders", args: {} };
        server.reply(chat({ calls: [call] }, stream), chat({ calls: [call] }, stream), (sent) =>
          findMarkers(sent.body).length > 0 && !sent.body.includes(sku500)
            ? chat({ calls: [asks(sent.body)] }, stream)
            : chat({ text: `It is ${sku500}.` }, stream),
        );
        const messages = conversation().slice(0, 2);
        for (;;) {
          const body = { model: "gpt-4o", messages, tools: [...tools] };
          const reply = stream
            ? await client.chat.completions.stream(body).finalChatCompletion()
            : await client.chat.completions.create(body);
          const message = reply.choices[0]?.message;
          if (!message?.tool_calls) {
            expect(message?.content).toContain(sku500);
            break;
          }
          messages.push(message);
          for (const { id } of message.tool_calls)
            messages.push({ role: "tool", tool_call_id: id, content: rows });
        }
        return tokens(server.requests.map(({ body }) => body));
      };
      const before = await steps(plain());
      const after = await steps(wrapped());
      expect(1 - after / before).toBeGreaterThan(0.85);
    },
  );
});

describe("two hundred turns", () => {
  it("are sent as one growing text, whole and as events, under every tool choice", async () => {
    let turn = 0;
    let looked = false;
    let stream = false;
    const choices = [undefined, "none", undefined, tools[0], undefined] as const;
    const choiceOf = () => choices[turn % choices.length];
    server.reply(({ body, json }) => {
      const { role } = json.messages.at(-1);
      if (json.tool_choice === "none") return chat({ text: "Nothing to call." }, stream);
      if (role === "user") return chat({ calls: [{ name: "list_orders", args: {} }] }, stream);
      if (turn % 9 === 4 && !looked) {
        looked = true;
        return chat({ text: "Let me look.", calls: [asks(body, { rows: "20" })] }, stream);
      }
      return chat({ text: "Done." }, stream);
    });
    const client = wrapped({ store: memoryStore(), minTokens: 50 });
    const messages: OpenAI.ChatCompletionMessageParam[] = [];
    for (; turn < 200; turn++) {
      looked = false;
      stream = turn % 2 === 1;
      messages.push({ role: "user", content: `Question ${turn}?` });
      for (let isOpen = true; isOpen; ) {
        const choice = choiceOf();
        const mayForce = messages.at(-1)?.role === "user" || choice === "none";
        const body = {
          model: "gpt-4o",
          messages,
          tools,
          ...(choice && mayForce ? { tool_choice: choice } : {}),
        };
        const reply = stream
          ? await client.chat.completions.stream(body).finalChatCompletion()
          : await client.chat.completions.create(body);
        const message = reply.choices[0]?.message;
        if (!message) throw new Error("no message");
        messages.push(message);
        const calls = message.tool_calls ?? [];
        for (const { id } of calls)
          messages.push({ role: "tool", tool_call_id: id, content: rowsOf(turn) });
        isOpen = calls.length > 0;
      }
    }
    const sent = server.requests.map(({ json }) => json);
    expect(sent.length).toBeGreaterThan(300);
    for (const [index, { messages: next, tools: offered }] of sent.slice(1).entries()) {
      const before = sent[index];
      expect(JSON.stringify(next.slice(0, before.messages.length))).toBe(
        JSON.stringify(before.messages),
      );
      expect(offered).toEqual(before.tools);
    }
    // Most results are short, and those that came up under a forced or no tool choice stay whole.
    expect(findMarkers(server.requests.at(-1)?.body ?? "").length).toBeGreaterThan(80);
  }, 300_000);
});

function rowsOf(turn: number): string {
  return JSON.stringify(
    Array.from({ length: 40 }, (_, id) => ({
      id,
      sku: `SKU-${(id * 7_919 + turn) % 9_973}`,
      state: "shipped",
    })),
  );
}
