/** Agents against a server that enforces the rules of the Messages API. */
import Anthropic from "@anthropic-ai/sdk";
import { type CcrStore, findMarkers, memoryStore } from "@headroom/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWireServer, type WireServer } from "../../../test/support/wire-server.ts";
import { type HeadroomAnthropicOptions, withHeadroom } from "../src/index.ts";
import { RETRIEVE, type Said } from "./replies.ts";
import { model, type Prompt } from "./rules.ts";

let server: WireServer;
beforeAll(async () => {
  server = await startWireServer();
});
afterAll(() => server.stop());

const rowsOf = (tool: string): string =>
  JSON.stringify(
    Array.from({ length: 1_000 }, (_, id) => ({
      id,
      sku: `${tool}-${(id * 7_919) % 9_973}-x`,
      state: "shipped",
    })),
  );
const CODE_500 = "a-219-x";
/** A store that another process could read. */
const shared = (): CcrStore => ({ ...memoryStore(), survives: "restart" });
const client = (
  options: HeadroomAnthropicOptions = { store: memoryStore() },
  maxRetries = 0,
): Anthropic =>
  withHeadroom(new Anthropic({ apiKey: "sk-test", baseURL: server.url, maxRetries }), options);
const look = (text: string): NonNullable<Said["calls"]> => [
  { name: RETRIEVE, args: { hash: findMarkers(text)[0]?.ref ?? "", rows: "500" } },
];
const list = (name: string) => ({ name, args: {} });
const tools: Anthropic.Tool[] = ["a", "b", "c", "d", "e"].map((name) => ({
  name,
  input_schema: { type: "object" },
}));
const params = (messages: readonly Anthropic.MessageParam[], more: object = {}) => ({
  model: "claude-sonnet-5-5",
  max_tokens: 4_000,
  messages: [...messages],
  tools,
  ...more,
});
const textOf = ({ content }: { content: readonly { type: string }[] }): string =>
  content
    .map((block) => ("text" in block && typeof block.text === "string" ? block.text : ""))
    .join("");

interface Agent {
  readonly of?: () => Anthropic;
  readonly stream?: boolean;
  readonly more?: (step: number) => object;
  readonly result?: (name: string) => string;
}

/** Calls tools until the model has nothing to call; gives the whole history. */
async function turn(
  history: Anthropic.MessageParam[],
  question: string,
  { of, stream = false, more = () => ({}), result = rowsOf }: Agent,
): Promise<string> {
  let own = of?.() ?? client();
  history.push({ role: "user", content: question });
  for (let step = 0; ; step++) {
    if (of) own = of();
    const body = params(history, more(step)) as Anthropic.MessageCreateParamsNonStreaming;
    const reply = stream
      ? await own.messages.stream(body).finalMessage()
      : await own.messages.create(body);
    history.push({ role: "assistant", content: reply.content });
    const calls = reply.content.filter((block) => block.type === "tool_use");
    if (calls.length === 0) return textOf(reply);
    history.push({
      role: "user",
      content: calls.map(({ id, name }) => ({
        type: "tool_result" as const,
        tool_use_id: id,
        content: result(name),
      })),
    });
  }
}

/** Each request repeats the one before it, byte for byte, and adds to its end. */
function expectAppendOnly(): void {
  const sent = server.requests.map(({ json }) => json);
  for (const [index, { messages, tools }] of sent.entries()) {
    const next = sent[index + 1];
    if (!next) return;
    expect(JSON.stringify(next.messages.slice(0, messages.length))).toBe(JSON.stringify(messages));
    expect(JSON.stringify(next.tools)).toBe(JSON.stringify(tools));
  }
}

describe.each([false, true])("a turn of an agent, stream: %s", (stream) => {
  /** Calls a, looks one row up, then calls b to e, and answers with the row while it can see it. */
  const sixSteps = ({ text, messages }: Prompt): Said => {
    const done = messages.flatMap(({ content }) =>
      Array.isArray(content)
        ? content.flatMap(({ type, name }) => (type === "tool_use" ? [name] : []))
        : [],
    );
    const next = ["a", "b", "c", "d", "e"].find((name) => !done.includes(name));
    if (done.includes("a") && !text.includes(CODE_500))
      return { thinking: "Which row?", text: "Let me look.", calls: look(text) };
    if (next !== undefined) return { thinking: `Now ${next}.`, calls: [list(next)] };
    return { text: `The code is ${CODE_500}.` };
  };

  it("of six steps with one retrieval takes seven requests, each an extension of the one before", async () => {
    const { reply, refused } = model(sixSteps);
    server.reply(reply);
    const own = client();
    const thinking = { thinking: { type: "enabled", budget_tokens: 1_024 } };
    const agent = { of: () => own, stream, more: () => thinking };
    expect(await turn([], "Which code has that row?", agent)).toContain(CODE_500);
    expect(refused).toEqual([]);
    expect(server.requests.length).toBe(7);
    expectAppendOnly();
  });

  it("goes on in other processes that share a store, one for each step", async () => {
    const { reply, refused } = model(sixSteps);
    server.reply(reply);
    const store = shared();
    const thinking = { thinking: { type: "enabled", budget_tokens: 1_024 } };
    const agent = { of: () => client({ store }), stream, more: () => thinking };
    expect(await turn([], "Which code has that row?", agent)).toContain(CODE_500);
    expect(refused).toEqual([]);
    expect(server.requests.length).toBe(7);
    expectAppendOnly();
  });

  it("may think in a hidden round and call a tool without thinking in the next", async () => {
    const { reply, refused } = model(({ request, text }) => {
      if (request === 0) return { thinking: "First a.", calls: [list("a")] };
      if (request === 1) return { thinking: "Which row?", calls: look(text) };
      return request === 2 ? { calls: [list("b")] } : { text: "done" };
    });
    server.reply(reply);
    const own = client();
    const more = () => ({ thinking: { type: "enabled", budget_tokens: 1_024 } });
    expect(await turn([], "Call a, look, call b.", { of: () => own, stream, more })).toBe("done");
    expect(refused).toEqual([]);
  });

  it.each([false, true])(
    "that ends in words alone stands in the next one with what was looked up, written as a string: %s",
    async (isString) => {
      const store = shared();
      const { reply, refused } = model(({ text, request }) => {
        if (request === 0) return { calls: [list("a")] };
        return text.includes(CODE_500) ? { text: "It is there." } : { calls: look(text) };
      });
      server.reply(reply);
      const history: Anthropic.MessageParam[] = [];
      await turn(history, "Is that row there?", { of: () => client({ store }), stream });
      if (isString) history.splice(-1, 1, { role: "assistant", content: "It is there." });
      await turn(history, "Sure?", { of: () => client({ store }), stream });
      expect(refused).toEqual([]);
      expect(server.requests.length).toBe(4);
      expectAppendOnly();
    },
  );

  it("is not given what was looked up in another conversation that ended in the same words", async () => {
    const store = shared();
    server.reply(
      model(({ text, request }) => {
        if (request === 0) return { calls: [list("a")] };
        return text.includes(CODE_500) ? { text: "Done." } : { calls: look(text) };
      }).reply,
    );
    await turn([], "Is that row there?", { of: () => client({ store }), stream });
    const { reply } = model(() => ({ text: "Done." }));
    server.reply(reply);
    const history: Anthropic.MessageParam[] = [];
    await turn(history, "Anything else?", { of: () => client({ store }), stream });
    await turn(history, "Sure?", { of: () => client({ store }), stream });
    expect(server.requests.at(-1)?.body).not.toContain(CODE_500);
  });

  it("keeps its bytes under no, forced and any tool choice in between", async () => {
    const { reply, refused } = model(({ body, request }) => {
      if (body.tool_choice?.type === "none") return { text: "Nothing to call." };
      const name = "abcde"[request];
      return name === undefined ? { text: "done" } : { calls: [list(name)] };
    });
    server.reply(reply);
    const own = client();
    const choices = [{}, { type: "tool", name: "b" }, {}, { type: "any" }, {}, { type: "none" }];
    const more = (step: number) => (step % 2 ? { tool_choice: choices[step] } : {});
    const history: Anthropic.MessageParam[] = [];
    await turn(history, "Go.", { of: () => own, stream, more });
    await turn(history, "And?", { of: () => own, stream });
    expect(refused).toEqual([]);
    expect(server.requests.length).toBe(7);
    expectAppendOnly();
    // What came up where the model could look it up is short, and stays so.
    const [result] = server.requests.at(-1)?.json.messages[2].content ?? [];
    expect(result.content.length).toBeLessThan(rowsOf("a").length / 3);
  });
});

describe.each([false, true])("a message thread, stream: %s", (stream) => {
  const runner = (own: Anthropic, result = () => rowsOf("a")) =>
    own.beta.messages.toolRunner({
      model: "claude-opus-5",
      max_tokens: 4_000,
      stream,
      messages: [{ role: "user", content: "Which code has that row?" }],
      tools: [
        {
          type: "custom",
          name: "a",
          input_schema: { type: "object" },
          parse: (value: unknown) => value,
          run: async () => result(),
        },
      ],
    } as never);
  const answering = ({ text, request }: Prompt): Said => {
    if (request === 0) return { thinking: "First a.", calls: [list("a")] };
    return text.includes(CODE_500)
      ? { text: `It is ${CODE_500}.` }
      : { text: "Let me look.", calls: look(text) };
  };
  const kinds = () => server.requests.map(({ json }) => json.thread?.type);

  it("of a tool runner is continued with compressed results and answered retrievals", async () => {
    const { reply, refused } = model(answering);
    server.reply(reply);
    let last: unknown;
    for await (const one of runner(client()) as AsyncIterable<never>)
      last = stream ? await (one as { finalMessage(): unknown }).finalMessage() : one;
    expect(textOf(last as never)).toBe(`Let me look.It is ${CODE_500}.`);
    expect(refused).toEqual([]);
    expect(kinds()).toEqual(["create", "continue", "continue"]);
    const [, result, answer] = server.requests.map(({ json }) => json);
    expect(result.messages[0].content[0].content.length).toBeLessThan(rowsOf("a").length / 5);
    expect(answer.messages[0].content[0].content).toContain(CODE_500);
    expect(JSON.stringify(last)).not.toContain(RETRIEVE);
  });

  it.each(["at once", "after some words"])(
    "goes on behind a hidden reply, looked up %s",
    async (when) => {
      for (const store of [memoryStore(), shared()]) {
        const { reply, refused } = model(({ text, messages }) => {
          if (text.includes("And then?")) return { text: "Nothing." };
          if (text.includes(CODE_500)) return { text: "There." };
          const words = when === "at once" ? {} : { text: "Hm." };
          return messages.length === 3 ? { ...words, calls: look(text) } : { text: "?" };
        });
        server.reply(reply);
        const own = client({ store });
        const thread = own.beta.messages.thread({
          ...params([
            { role: "user", content: "Which row?" },
            { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "a", input: {} }] },
            {
              role: "user",
              content: [{ type: "tool_result", tool_use_id: "t1", content: rowsOf("a") }],
            },
          ]),
        } as never);
        const first = stream ? await thread.stream().finalMessage() : await thread.send();
        expect(textOf(first)).toBe(when === "at once" ? "There." : "Hm.There.");
        const next = { role: "user" as const, content: "And then?" };
        const second = stream ? await thread.stream(next).finalMessage() : await thread.send(next);
        expect(textOf(second)).toBe("Nothing.");
        expect(refused).toEqual([]);
        expect(kinds()).toEqual(["create", "continue", "continue"]);
        const ids = server.requests.map(({ json }) => json.thread.previous_message_id);
        expect(new Set(ids).size).toBe(3);
      }
    },
  );

  it("gives the caller his calls of a mixed reply, and the server our answer with his", async () => {
    const { reply, refused } = model(({ text, request }) => {
      if (request === 0) return { calls: [list("a")] };
      if (request === 1) return { calls: [...look(text), list("a")] };
      return { text: text.includes(CODE_500) ? "found" : "lost" };
    });
    server.reply(reply);
    let last: unknown;
    for await (const one of runner(client()) as AsyncIterable<never>)
      last = stream ? await (one as { finalMessage(): unknown }).finalMessage() : one;
    expect(textOf(last as never)).toBe("found");
    expect(refused).toEqual([]);
    const { content } = server.requests[2]?.json.messages[0] ?? {};
    expect(content.map(({ type }: { type: string }) => type)).toEqual([
      "tool_result",
      "tool_result",
    ]);
  });

  it("that this process knows nothing of is continued losslessly, and its calls of ours are answered", async () => {
    const { reply, refused } = model(({ text, messages }) => {
      if (messages.length === 1) return { calls: [list("a")] };
      return text.includes("not found") || text.includes("not a hash")
        ? { text: "answered" }
        : { calls: [{ name: RETRIEVE, args: { hash: "abcdefghijklmnopqrstuv" } }] };
    });
    server.reply(reply);
    const body = {
      model: "claude-opus-5",
      max_tokens: 100,
      messages: [{ role: "user" as const, content: "Go." }],
      tools,
      thread: { type: "create" as const },
    };
    const created = await client().beta.messages.create(body as never);
    const { id, content } = created as Anthropic.Beta.BetaMessage;
    const call = content.flatMap((block) => (block.type === "tool_use" ? [block.id] : []))[0];
    const result = [{ type: "tool_result", tool_use_id: call, content: rowsOf("a") }];
    const next = {
      model: "claude-opus-5",
      max_tokens: 100,
      messages: [{ role: "user", content: result }],
      thread: { type: "continue", previous_message_id: id },
    };
    const other = client();
    const answer = stream
      ? await other.beta.messages.stream(next as never).finalMessage()
      : await other.beta.messages.create(next as never);
    expect(refused).toEqual([]);
    expect(textOf(answer as never)).toBe("answered");
    expect(server.requests[1]?.json).not.toHaveProperty("tools");
    expect(server.requests[1]?.body).toContain(CODE_500);
  });
});

describe.each([false, true])("a further request that fails, stream: %s", (stream) => {
  const failing = (failure: object, times: number) => {
    let failed = 0;
    return model(({ text, request }) => {
      if (request === 0) return { calls: [list("a")] };
      if (!text.includes(`"name":"${RETRIEVE}"`))
        return { text: "Let me look.", calls: look(text) };
      return failed++ < times ? { status: 503, ...failure } : { text: "found" };
    });
  };
  const overloaded = {
    json: { type: "error", error: { type: "overloaded_error", message: "overloaded" } },
    headers: { "retry-after-ms": "1" },
  };
  const ask = (own: Anthropic, options = {}) => {
    const history: Anthropic.MessageParam[] = [];
    const agent = {
      messages: {
        create: (body: never) => own.messages.create(body, options),
        stream: (body: never) => own.messages.stream(body, options),
      },
    } as unknown as Anthropic;
    return turn(history, "Which row?", { of: () => agent, stream });
  };

  it("is tried again, and no round before it is paid for twice", async () => {
    server.reply(failing(overloaded, 2).reply);
    expect(await ask(client({ store: memoryStore() }, 2))).toBe("Let me look.found");
    expect(server.requests.map(({ json }) => json.messages.length)).toEqual([1, 3, 5, 5, 5]);
  });

  it.each([
    ["of the client", 0, {}],
    ["of the call", 2, { maxRetries: 0 }],
  ])("is not tried again where maxRetries %s is 0", async (_, own, options) => {
    server.reply(failing(overloaded, 9).reply);
    const failed = ask(client({ store: memoryStore() }, own), options);
    await expect(failed).rejects.toMatchObject({ status: 503 });
    expect(server.requests.length).toBe(3);
  });

  it("is tried as often as the client says, and not the first round with it", async () => {
    server.reply(failing(overloaded, 99).reply);
    await expect(ask(client({ store: memoryStore() }, 3))).rejects.toMatchObject({ status: 503 });
    expect(server.requests.length).toBe(2 + 4);
  });

  it("is not tried again where the server says so", async () => {
    const headers = { "x-should-retry": "false" };
    server.reply(failing({ ...overloaded, headers }, 9).reply);
    const failed = ask(client({ store: memoryStore() }, 2));
    await expect(failed).rejects.toBeInstanceOf(Anthropic.InternalServerError);
    expect(server.requests.length).toBe(3);
  });

  it.each([
    [400, Anthropic.BadRequestError],
    [401, Anthropic.AuthenticationError],
    [429, Anthropic.RateLimitError],
    [500, Anthropic.InternalServerError],
  ])("throws the client's error for status %i", async (status, kind) => {
    const { json } = overloaded;
    server.reply(failing({ status, json, headers: { "request-id": "req_7" } }, 9).reply);
    const failed = ask(client());
    await expect(failed).rejects.toBeInstanceOf(kind);
    await expect(failed).rejects.toMatchObject({
      status,
      message: expect.stringContaining("overl"),
    });
  });
});

describe("results that a program of the model parses", () => {
  const sandbox = { type: "code_execution_20260120", tool_id: "srv1" };
  const send = async (caller: object, allowed: readonly string[]): Promise<string> => {
    server.reply(model(() => ({ text: "ok" })).reply);
    await client().messages.create(
      params(
        [
          { role: "user", content: "Go." },
          {
            role: "assistant",
            content: [{ type: "tool_use", id: "t1", name: "a", input: {}, ...caller } as never],
          },
          {
            role: "user",
            content: [{ type: "tool_result", tool_use_id: "t1", content: rowsOf("a") }],
          },
        ],
        { tools: [{ ...tools[0], allowed_callers: allowed }] },
      ) as Anthropic.MessageCreateParamsNonStreaming,
    );
    return server.requests[0]?.json.messages[2].content[0].content;
  };

  it("stay as they are, as the call says or the tool", async () => {
    expect(await send({ caller: sandbox }, ["direct", sandbox.type])).toBe(rowsOf("a"));
    expect(await send({}, [sandbox.type])).toBe(rowsOf("a"));
    expect(await send({ caller: { type: "direct" } }, ["direct", sandbox.type])).toContain("[[hr:");
    expect(await send({}, ["direct", sandbox.type])).toContain("[[hr:");
  });
});

describe.each([false, true])("callbacks and hooks that throw, stream: %s", (stream) => {
  it.each([
    ["onRetrieval", { onRetrieval: () => fail("onRetrieval") }],
    ["afterCompress", { hooks: { afterCompress: () => fail("afterCompress") } }],
    ["onBlock", { hooks: { onBlock: () => fail("onBlock") } }],
    ["onError too", { onRetrieval: () => fail("onRetrieval"), onError: () => fail("onError") }],
  ])("cost nothing and are told: %s", async (name, options) => {
    const { reply, refused } = model(({ text, request }) => {
      if (request === 0) return { calls: [list("a")] };
      return text.includes(CODE_500) ? { text: "found" } : { calls: look(text) };
    });
    server.reply(reply);
    const errors: unknown[] = [];
    const onError = (error: unknown, phase: string) => void errors.push([String(error), phase]);
    const own = client({ store: memoryStore(), onError, ...options }, 2);
    expect(await turn([], "Which row?", { of: () => own, stream })).toBe("found");
    expect(refused).toEqual([]);
    expect(server.requests.length).toBe(3);
    if (name !== "onError too") expect(errors).toContainEqual([`Error: ${name}`, "callback"]);
  });
});

describe.each([false, true])("a connection that breaks in a hidden round, stream: %s", (stream) => {
  const breaking = (times: number, maxRetries: number): Anthropic => {
    let requests = 0;
    const fetch = async (...args: Parameters<typeof globalThis.fetch>): Promise<Response> => {
      requests++;
      if (requests > 2 && requests <= 2 + times) throw new TypeError("fetch failed");
      return globalThis.fetch(...args);
    };
    const own = new Anthropic({ apiKey: "sk-test", baseURL: server.url, maxRetries, fetch });
    return withHeadroom(own, { store: memoryStore() });
  };
  const found = ({ text, request }: Prompt): Said => {
    if (request === 0) return { calls: [list("a")] };
    return text.includes(CODE_500) ? { text: "found" } : { calls: look(text) };
  };

  it("is the client's connection error", async () => {
    server.reply(model(found).reply);
    const own = breaking(1, 0);
    await expect(turn([], "Which row?", { of: () => own, stream })).rejects.toBeInstanceOf(
      Anthropic.APIConnectionError,
    );
  });

  it("is tried again as often as the client says, also by a client made from the wrapped one", async () => {
    server.reply(model(found).reply);
    const own = breaking(1, 1);
    expect(await turn([], "Which row?", { of: () => own, stream })).toBe("found");
    expect(server.requests.length).toBe(3);
    const none = breaking(1, 2).withOptions({ maxRetries: 0 });
    server.reply(model(found).reply);
    await expect(turn([], "Which row?", { of: () => none, stream })).rejects.toBeInstanceOf(
      Anthropic.APIConnectionError,
    );
    expect(server.requests.length).toBe(2);
  });
});

describe("two hundred steps", () => {
  it("are sent as one growing text, under every tool choice, with retrievals and turns of words in between", async () => {
    const rows = (name: string): string =>
      JSON.stringify(
        Array.from({ length: 120 }, (_, id) => ({
          id,
          sku: `${name}-${(id * 7_919) % 9_973}-x`,
          state: "shipped",
        })),
      );
    let step = 0;
    let looked = false;
    const { reply, refused } = model(({ body, text }) => {
      const choice = body.tool_choice?.type;
      if (choice !== "none" && step % 20 === 7 && !looked) {
        looked = true;
        return { text: "Let me look.", calls: look(text) };
      }
      step++;
      looked = false;
      return step % 10 === 0 || choice === "none"
        ? { text: "That is that." }
        : { calls: [list("abcde".charAt(step % 5))] };
    });
    server.reply(reply);
    const own = client();
    const history: Anthropic.MessageParam[] = [];
    const choices = [undefined, { type: "tool", name: "a" }, undefined, { type: "any" }];
    let sent = 0;
    while (step < 200) {
      const more = () => {
        const none = sent % 13 === 5 ? { type: "none" } : undefined;
        const tool_choice = none ?? choices[sent % choices.length];
        sent++;
        return tool_choice ? { tool_choice } : {};
      };
      await turn(history, `Question ${step}?`, {
        of: () => own,
        more,
        result: (name) => rows(`${name}${step}`),
      });
    }
    expect(refused).toEqual([]);
    expect(server.requests.length).toBeGreaterThan(200);
    expectAppendOnly();
  }, 300_000);
});

function fail(name: string): never {
  throw new Error(name);
}
