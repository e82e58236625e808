/** Streams as servers really send them: calls without a number, fields of their own, probabilities. */
import { findMarkers, memoryStore } from "@headroom/core";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWireServer, type WireServer } from "../../../test/support/wire-server.ts";
import { withHeadroom } from "../src/index.ts";
import { provider } from "./provider.ts";
import { chat, RETRIEVE } from "./replies.ts";

let server: WireServer;
beforeAll(async () => {
  server = await startWireServer();
});
afterAll(() => server.stop());

const rows = JSON.stringify(Array.from({ length: 1_000 }, (_, id) => ({ id, state: "done" })));
const signed = { extra_content: { google: { thought_signature: "c2ln" } } };
const messages: OpenAI.ChatCompletionMessageParam[] = [
  { role: "user", content: "Did all jobs run?" },
  {
    role: "assistant",
    content: null,
    tool_calls: [
      { id: "c1", type: "function", function: { name: "list", arguments: "{}" }, ...signed },
    ],
  },
  { role: "tool", tool_call_id: "c1", content: rows },
];
const tools: OpenAI.ChatCompletionTool[] = ["list", "weather"].map((name) => ({
  type: "function",
  function: { name, parameters: { type: "object" } },
}));
const request = (more: object = {}) => ({ model: "m", messages, tools, ...more });
const client = (): OpenAI =>
  withHeadroom(new OpenAI({ apiKey: "sk-test", baseURL: `${server.url}/v1`, maxRetries: 0 }), {
    store: memoryStore(),
  });
const asked = (body: string) => ({ hash: findMarkers(body)[0]?.ref ?? "", rows: "500" });

type Delta = Readonly<Record<string, unknown>>;
const chunks = (deltas: readonly Delta[], finish = "tool_calls", more: object = {}): string => {
  const base = { id: "x", object: "chat.completion.chunk", created: 1, model: "m" };
  const all = [
    ...deltas.map((delta) => ({ ...base, choices: [{ index: 0, delta, finish_reason: null }] })),
    { ...base, ...more, choices: [{ index: 0, delta: {}, finish_reason: finish }] },
  ];
  return [...all.map((chunk) => JSON.stringify(chunk)), "[DONE]"]
    .map((data) => `data: ${data}\n\n`)
    .join("");
};

interface Seen {
  text: string;
  readonly calls: { index?: number; id?: string; name: string; args: string }[];
  finish?: string | null;
}
/** What a client makes of the chunks that goes by the index, as the SDK's own helpers do. */
const read = async (by = client(), more: object = {}): Promise<Seen> => {
  const seen: Seen = { text: "", calls: [] };
  const stream = await by.chat.completions.create({ ...request(more), stream: true });
  for await (const { choices } of stream) {
    const { delta, finish_reason } = choices[0] ?? {};
    seen.text += delta?.content ?? "";
    seen.finish = finish_reason ?? seen.finish ?? null;
    for (const piece of delta?.tool_calls ?? []) {
      const call = seen.calls[piece.index] ?? { index: piece.index, name: "", args: "" };
      seen.calls[piece.index] = call;
      if (piece.id) call.id = piece.id;
      call.name ||= piece.function?.name ?? "";
      call.args += piece.function?.arguments ?? "";
    }
  }
  return seen;
};

/** Numbers of calls as servers give them. */
const numberings: readonly [string, (at: number) => object][] = [
  ["counted", (index) => ({ index })],
  ["from one", (at) => ({ index: at + 1 })],
  ["missing", () => ({})],
  ["null", () => ({ index: null })],
  ["always 0", () => ({ index: 0 })],
];
/** How the pieces of a call repeat what they belong to. */
const idings: readonly [string, (id: string, isFirst: boolean) => object, named?: true][] = [
  ["id once", (id, isFirst) => (isFirst ? { id, type: "function" } : {})],
  ["id always", (id) => ({ id, type: "function" })],
  ["name always", (id, isFirst) => (isFirst ? { id, type: "function" } : {}), true],
  ["empty id later", (id, isFirst) => ({ id: isFirst ? id : "", type: "function" })],
];

describe.each(numberings)("calls whose index is %s", (_, number) => {
  describe.each(idings)("%s", (_, iding, named) => {
    it.each([
      ["ours"],
      ["ours", "ours"],
      ["ours", "weather"],
      ["weather", "ours"],
      ["weather", "ours", "list", "ours"],
      ["weather", "list"],
    ])("%s %s %s %s", async (...order) => {
      const names = order.filter((name) => typeof name === "string");
      server.reply(
        ({ body }) => {
          const deltas = names.flatMap((name, at): Delta[] => {
            const args = JSON.stringify(name === "ours" ? asked(body) : { at, unit: "°C" });
            const called = name === "ours" ? RETRIEVE : name;
            return [args.slice(0, 7), args.slice(7, 15), args.slice(15), ""].map((piece, part) => ({
              tool_calls: [
                {
                  ...number(at),
                  ...iding(`call_${at}`, part === 0),
                  function: { ...(part === 0 || named ? { name: called } : {}), arguments: piece },
                },
              ],
            }));
          });
          return { sse: chunks([{ role: "assistant", content: null }, ...deltas]) };
        },
        { sse: chunks([{ role: "assistant", content: "All ran." }], "stop") },
      );
      const seen = await read();
      const own = names.flatMap((name, at) =>
        name === "ours"
          ? []
          : [{ id: `call_${at}`, name, args: JSON.stringify({ at, unit: "°C" }) }],
      );
      const calls = seen.calls.filter(Boolean).map(({ index: _, ...call }) => call);
      expect(calls).toEqual(own);
      if (own.length > 0) {
        expect(seen.finish).toBe("tool_calls");
        return;
      }
      expect(seen).toEqual({ text: "All ran.", calls: [], finish: "stop" });
      const sent = server.requests[1]?.json.messages.slice(3);
      expect(sent[0].tool_calls.map(({ id }: { id: string }) => id)).toEqual(
        names.map((_, at) => `call_${at}`),
      );
      expect(sent[1].content).toContain('"id":500');
    });
  });
});

describe("a stream", () => {
  it("keeps whole calls without any id apart", async () => {
    server.reply(({ body }) => {
      const call = (name: string, args: object) => ({
        tool_calls: [{ index: 0, function: { name, arguments: JSON.stringify(args) } }],
      });
      return { sse: chunks([call("weather", { city: "Lyon" }), call(RETRIEVE, asked(body))]) };
    });
    const { calls } = await read();
    expect(calls).toMatchObject([{ name: "weather", args: '{"city":"Lyon"}' }]);
  });

  it("takes a call of ours that is sent again whole as one, and another one of its id as another", async () => {
    const call = (args: object) => ({
      tool_calls: [
        { index: 0, id: "a", function: { name: RETRIEVE, arguments: JSON.stringify(args) } },
      ],
    });
    server.reply(
      ({ body }) => ({
        sse: chunks([asked(body), asked(body), { ...asked(body), rows: "7" }].map(call)),
      }),
      { sse: chunks([{ content: "ok" }], "stop") },
    );
    expect((await read()).text).toBe("ok");
    const answers = server.requests[1]?.json.messages.slice(4);
    expect(answers.map(({ content }: { content: string }) => content)).toEqual([
      expect.stringContaining('"id":500'),
      expect.stringContaining('"id":7'),
    ]);
  });

  it("shows a call whose name comes late, once it is known whose it is", async () => {
    const late = (name: string, args: object, index: number): Delta[] => [
      { tool_calls: [{ index, id: `call_${index}`, type: "function" }] },
      { tool_calls: [{ index, function: { name, arguments: "" } }] },
      { tool_calls: [{ index, function: { arguments: JSON.stringify(args) } }] },
    ];
    server.reply(({ body }) => ({
      sse: chunks([...late(RETRIEVE, asked(body), 0), ...late("weather", { city: "Lyon" }, 1)]),
    }));
    const { calls } = await read();
    expect(calls).toEqual([{ index: 0, id: "call_1", name: "weather", args: '{"city":"Lyon"}' }]);
  });

  it("shows a call that never gets a name when it ends", async () => {
    const nameless = { index: 0, id: "call_0", type: "function" };
    server.reply({ sse: chunks([{ tool_calls: [nameless] }]) });
    expect((await read()).calls).toEqual([{ index: 0, id: "call_0", name: "", args: "" }]);
  });

  it("keeps every field of a call and of its message for the next round", async () => {
    const details = { type: "reasoning.text", index: 0, format: "x" };
    const deltas = (body: string): Delta[] => [
      { role: "assistant", content: null, reasoning_content: "Let me " },
      { reasoning_content: "think.", reasoning_details: [{ ...details, text: "Let me " }] },
      { reasoning_details: [{ ...details, text: "think." }] },
      { reasoning_details: [{ ...details, signature: "sig" }] },
      { reasoning_details: [{ type: "reasoning.encrypted", index: 0, data: "e30=" }] },
      { extra_content: { google: { thought_signature: "bXNn" } }, provider: "x" },
      {
        tool_calls: [
          {
            index: 0,
            id: "call_1",
            type: "function",
            ...signed,
            function: { name: RETRIEVE, arguments: JSON.stringify(asked(body)), strict: true },
          },
        ],
      },
    ];
    server.reply(({ body }) => ({ sse: chunks(deltas(body)) }), {
      sse: chunks([{ content: "ok" }], "stop"),
    });
    expect((await read()).text).toBe("ok");
    expect(server.requests[1]?.json.messages[3]).toMatchObject({
      role: "assistant",
      content: null,
      reasoning_content: "Let me think.",
      reasoning_details: [
        { ...details, text: "Let me think.", signature: "sig" },
        { type: "reasoning.encrypted", index: 0, data: "e30=" },
      ],
      extra_content: { google: { thought_signature: "bXNn" } },
      provider: "x",
      tool_calls: [{ ...signed, function: { name: RETRIEVE, strict: true } }],
    });
  });

  it.each([false, true])(
    "passes Gemini's rule of thought signatures, stream: %s",
    async (stream) => {
      const rules = provider();
      const call = (body: string) => ({ name: RETRIEVE, args: asked(body), more: signed });
      server.reply(rules.says(({ body }) => ({ calls: [call(body)] }), { text: "ok" }));
      const body = request({ model: "gemini-3-pro" });
      if (stream) expect((await read(client(), { model: "gemini-3-pro" })).text).toBe("ok");
      else await client().chat.completions.create(body);
      expect(rules.refusals).toEqual([]);
      expect(server.requests).toHaveLength(2);
    },
  );

  it("passes an error in the middle of a stream on as it came", async () => {
    const chunk = { id: "r1", object: "chat.completion.chunk", created: 1, model: "m" };
    const choices = [{ index: 0, delta: { role: "assistant", content: "He" } }];
    const sse = [{ ...chunk, choices }, { error: { message: "Overloaded", type: "server_error" } }]
      .map((event) => `data: ${JSON.stringify(event)}\n\n`)
      .join("");
    server.reply({ sse, cut: 7 });
    const reply = await client()
      .chat.completions.create(request({ stream: true }) as never)
      .asResponse();
    expect(await reply.text()).toBe(sse);
  });

  it("takes a reply without a finish reason as whole where the server says it is done", async () => {
    server.reply(
      ({ body }) => ({
        sse: chunks([
          {
            tool_calls: [
              {
                index: 0,
                id: "a",
                function: { name: RETRIEVE, arguments: JSON.stringify(asked(body)) },
              },
            ],
          },
        ]).replace('"tool_calls"}', "null}"),
      }),
      { sse: chunks([{ content: "ok" }], "stop") },
    );
    expect((await read()).text).toBe("ok");
  });
});

describe("history", () => {
  const found = '"id":500';
  const thanks = { role: "user" as const, content: "Thanks." };

  it.each([false, true])("keeps what was retrieved, in any process, stream: %s", async (stream) => {
    const rules = provider();
    const own = { name: "weather", args: {} };
    const ours = (body: string) => ({ name: RETRIEVE, args: asked(body) });
    for (const calls of [[], [own]]) {
      server.reply(
        rules.says(
          ({ body }) => ({ text: "Look.", calls: [ours(body)] }),
          { text: "So.", calls },
          {
            text: "ok",
          },
        ),
      );
      const store = memoryStore();
      const by = (other = store): OpenAI =>
        withHeadroom(new OpenAI({ apiKey: "sk-test", baseURL: `${server.url}/v1` }), {
          store: other,
        });
      const here = by();
      const reply = stream
        ? await here.chat.completions.stream(request()).finalChatCompletion()
        : await here.chat.completions.create(request());
      const message = reply.choices[0]?.message;
      const results = (message?.tool_calls ?? []).map(({ id }) => ({
        role: "tool" as const,
        tool_call_id: id,
        content: "sunny",
      }));
      const next = [...messages, ...(message ? [message] : []), ...results, thanks];
      for (const client of [here, by(), by(memoryStore())])
        await client.chat.completions.create(request({ messages: next }));
      const [fromHere, fromThere, fromElsewhere] = server.requests.slice(2);
      expect(fromHere?.json.messages[4].content).toContain(found);
      expect(fromThere?.body).toBe(fromHere?.body);
      expect(fromElsewhere?.body).not.toContain(found);
      // Some clients send words back as a list of one text.
      const listed = { ...next[3], content: [{ type: "text" as const, text: message?.content }] };
      await here.chat.completions.create(request({ messages: next.with(3, listed as never) }));
      expect(server.requests.at(-1)?.json.messages).toEqual(fromHere?.json.messages);
      // Some write the arguments of its calls anew.
      const made = message?.tool_calls?.map((call) => ({
        ...call,
        function: { name: own.name, arguments: "{ }" },
      }));
      const anew = { ...next[3], ...(made ? { tool_calls: made } : {}) };
      await here.chat.completions.create(request({ messages: next.with(3, anew as never) }));
      expect(server.requests.at(-1)?.json.messages[4].content).toContain(found);
    }
    expect(rules.refusals).toEqual([]);
  });

  it("is not put into another conversation whose calls have the same ids and words", async () => {
    const call = { index: 0, id: "weather:0", function: { name: "weather", arguments: "{}" } };
    const first = {
      index: 1,
      id: "ours:0",
      function: { name: RETRIEVE, arguments: "{}" },
    };
    for (const deltas of [[{ tool_calls: [call, first] }], [{ content: "Done." }]]) {
      server.reply(
        ({ body }) => {
          const args = { ...first.function, arguments: JSON.stringify(asked(body)) };
          return {
            sse: chunks([{ tool_calls: [{ ...first, index: 0, function: args }] }]),
          };
        },
        { sse: chunks(deltas) },
        { sse: chunks([{ content: "ok" }], "stop") },
      );
      const by = client();
      await read(by);
      const { index: _, ...own } = { ...call, type: "function" as const };
      const said = deltas[0] && "content" in deltas[0] ? deltas[0] : { content: null };
      const reply = {
        role: "assistant" as const,
        ...said,
        ...(said.content === null ? { tool_calls: [own] } : {}),
      };
      const result = { role: "tool" as const, tool_call_id: own.id, content: "sunny" };
      const other = [
        { role: "user" as const, content: "Did all jobs run, Ann?" },
        ...messages.slice(1),
        reply,
        ...(said.content === null ? [result] : []),
        thanks,
      ];
      await read(by, { messages: other });
      const sent = server.requests.at(-1)?.json.messages;
      expect(sent.map(({ role }: { role: string }) => role)).toEqual(other.map(({ role }) => role));
      expect(sent[3]).toEqual(reply);
    }
  });
});

describe("logprobs and refusals", () => {
  it("are those of the words that are shown", async () => {
    for (const more of [{}, { response_format: { type: "json_object" as const } }]) {
      server.reply(
        ({ body }) =>
          chat(
            { text: "Look.", logprobs: true, calls: [{ name: RETRIEVE, args: asked(body) }] },
            false,
          ),
        chat({ text: "Found.", logprobs: true }, false),
      );
      const reply = await client().chat.completions.create({ ...request(more), logprobs: true });
      const [choice] = reply.choices;
      const tokens = choice?.logprobs?.content?.map(({ token }) => token).join("\n\n");
      expect(tokens).toBe(choice?.message.content);
    }
  });

  it("of a reply after a retrieval reach the caller", async () => {
    const refusal = { role: "assistant", content: null, refusal: "I cannot." };
    for (const stream of [false, true]) {
      const base = { id: "y", object: "chat.completion", created: 1, model: "m" };
      const choices = [{ index: 0, message: refusal, finish_reason: "stop", logprobs: null }];
      server.reply(
        ({ body }) => chat({ calls: [{ name: RETRIEVE, args: asked(body) }] }, stream),
        stream
          ? { sse: chunks([{ refusal: "I can" }, { refusal: "not." }], "stop") }
          : { json: { ...base, choices } },
      );
      const reply = stream
        ? await client().chat.completions.stream(request()).finalChatCompletion()
        : await client().chat.completions.create(request());
      expect(reply.choices[0]?.message.refusal).toBe("I cannot.");
    }
  });
});
