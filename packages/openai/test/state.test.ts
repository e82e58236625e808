/** What the provider keeps, and what another process has to know: against a provider that refuses what the real one refuses. */
import { findMarkers, memoryStore } from "@headroom/core";
import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  startWireServer,
  type WireReply,
  type WireServer,
} from "../../../test/support/wire-server.ts";
import { type HeadroomOpenAIOptions, withHeadroom } from "../src/index.ts";
import { type Provider, provider, type Says } from "./provider.ts";
import { RETRIEVE, type Said, textOf } from "./replies.ts";

type Input = OpenAI.Responses.ResponseInputItem[];
type Create = OpenAI.Responses.ResponseCreateParamsNonStreaming;

let server: WireServer;
let rules: Provider;
let store = memoryStore();
beforeAll(async () => {
  server = await startWireServer();
});
afterAll(() => server.stop());
beforeEach(() => {
  rules = provider();
  store = memoryStore();
});

const rows = JSON.stringify(
  Array.from({ length: 1_000 }, (_, id) => ({
    id,
    sku: `SKU-${(id * 7_919) % 9_973}`,
    state: "ok",
  })),
);
const sku500 = "SKU-219";
const list = { name: "list_orders", args: {} };
const tools: OpenAI.Responses.Tool[] = [
  { type: "function", name: "list_orders", parameters: { type: "object" }, strict: false },
];
const question = (): Input => [
  { role: "user", content: "Which orders are there?" },
  { type: "function_call", call_id: "c1", name: "list_orders", arguments: "{}" },
  { type: "function_call_output", call_id: "c1", output: rows },
];
/** Asks for a row that was left out. */
const asks =
  (said: Said = {}): Says =>
  ({ body }) => {
    const args = { hash: findMarkers(body)[0]?.ref ?? "", rows: "500" };
    return { ...said, calls: [{ name: RETRIEVE, args }, ...(said.calls ?? [])] };
  };
const says = (...all: (Said | WireReply | Says)[]): void => server.reply(rules.says(...all));

/** A client in a process of its own: it shares nothing with others but the store. */
const client = (options: HeadroomOpenAIOptions = {}): OpenAI =>
  withHeadroom(new OpenAI({ apiKey: "sk-test", baseURL: `${server.url}/v1`, maxRetries: 0 }), {
    store,
    ...options,
  });

type Reply = Pick<OpenAI.Responses.Response, "id" | "output">;
const send = async (by: OpenAI, body: Create, stream: boolean): Promise<Reply> => {
  if (!stream) return by.responses.create(body);
  return by.responses.stream({ ...body, stream: true }).finalResponse();
};
const words = ({ output }: Reply): string => output.map((item) => textOf({ ...item })).join("|");
const base = (input: Input, more: object = {}): Create => ({
  model: "gpt-5",
  input,
  tools,
  ...more,
});
const callOf = ({ output }: Reply) =>
  output.flatMap((item) => (item.type === "function_call" ? [item] : []))[0];
const outputFor = (reply: Reply) => ({
  type: "function_call_output" as const,
  call_id: callOf(reply)?.call_id ?? "",
  output: "[]",
});
const types = (input: readonly { type?: string; role?: string }[]): string =>
  input.map(({ type, role }) => type ?? role).join();

const ways = [false, true].flatMap((stream) => [
  { stream, store: undefined },
  { stream, store: false },
]);

describe("output sent back", () => {
  it.each(ways)("is taken, from this process and from another: %o", async ({ stream, ...kept }) => {
    const more = kept.store === false ? { ...kept, include: ["reasoning.encrypted_content"] } : {};
    for (const first of [{ reasoning: true, text: "Let me look." }, { reasoning: true }, {}]) {
      says(asks(first), { reasoning: true, text: "Found." }, { text: "ok" });
      const here = client();
      const reply = await send(here, base(question(), more), stream);
      const next = base(
        [...question(), ...(reply.output as Input), { role: "user", content: "Thanks." }],
        more,
      );
      for (const by of [here, client(), client({ store: memoryStore() })])
        await by.responses.create(next);
      expect(rules.refusals).toEqual([]);
      const [fromHere, fromThere, fromElsewhere] = server.requests.slice(2).map(({ json }) => json);
      expect(JSON.stringify(fromHere.input)).toContain(sku500);
      expect(JSON.stringify(fromThere.input)).toBe(JSON.stringify(fromHere.input));
      expect(JSON.stringify(fromElsewhere.input)).not.toContain(sku500);
    }
  });

  it.each(ways)("of a reply with calls of both is taken: %o", async ({ stream, ...kept }) => {
    const more = kept.store === false ? { ...kept, include: ["reasoning.encrypted_content"] } : {};
    says(asks({ text: "One." }), asks({ reasoning: true, calls: [list] }), { text: "done" });
    const here = client();
    const reply = await send(here, base(question(), more), stream);
    const next = base([...question(), ...(reply.output as Input), outputFor(reply)], more);
    await here.responses.create(next);
    await client().responses.create(next);
    expect(rules.refusals).toEqual([]);
    const [fromHere, fromThere] = server.requests.slice(2).map(({ json }) => json.input);
    expect(types(fromHere.slice(3))).toBe(
      "message,function_call,function_call_output,reasoning,function_call,function_call,function_call_output,function_call_output",
    );
    expect(fromThere).toEqual(fromHere);
  });

  it("is taken without reasoning and ids, where nothing is stored", async () => {
    says(asks({ reasoning: true, calls: [list] }), { text: "ok" });
    const reply = await send(client(), base(question(), { store: false }), false);
    const own = reply.output.flatMap((item) => {
      const { id: _, ...rest } = item;
      return item.type === "reasoning" ? [] : [rest];
    });
    const next = base([...question(), ...(own as Input), outputFor(reply)], { store: false });
    await client().responses.create(next);
    expect(rules.refusals).toEqual([]);
    expect(JSON.stringify(server.requests[1]?.json.input)).toContain(sku500);
  });

  it("is taken where only its calls are sent back", async () => {
    says(asks({ text: "One." }), asks({ text: "Two.", calls: [list] }), { text: "done" });
    const reply = await send(client(), base(question()), false);
    const calls = reply.output.filter(({ type }) => type === "function_call") as Input;
    await client().responses.create(base([...question(), ...calls, outputFor(reply)]));
    expect(rules.refusals).toEqual([]);
    expect(types(server.requests[2]?.json.input.slice(3))).toBe(
      "function_call,function_call_output,function_call,function_call,function_call_output,function_call_output",
    );
  });

  it("is known by its words where a framework sends messages of its own", async () => {
    const own = (text: string) => ({ role: "assistant" as const, content: text });
    const listed = (text: string) => ({
      type: "message" as const,
      role: "assistant" as const,
      content: [{ type: "output_text" as const, text }],
    });
    const ours = "function_call,function_call_output";
    const found = { text: "Found." };
    const calling = { text: "Next.", calls: [list] };
    const look = { text: "Let me look." };
    for (const stream of [false, true])
      for (const [first, second, back, expected] of [
        [{}, found, [own("Found.")], `${ours},assistant`],
        [{}, found, [listed("Found.")], `${ours},message`],
        [look, found, [own("Let me look."), own("Found.")], `message,${ours},assistant`],
        [look, found, [own("Let me look.\nFound.")], `${ours},assistant`],
        [{}, calling, [own("Next."), "call"], `${ours},assistant,${ours}`],
        [look, calling, [own("Let me look.Next."), "call"], `${ours},assistant,${ours}`],
      ] as const) {
        store = memoryStore();
        says(asks(first), second, { text: "ok" });
        const more = { store: false };
        const here = client();
        const reply = await send(here, base(question(), more), stream);
        const { id: _, status: __, ...call } = { ...callOf(reply) };
        const items = back.flatMap((one) => (one === "call" ? [call, outputFor(reply)] : [one]));
        const next = base([...question(), ...(items as Input)], more);
        for (const by of [here, client()]) await by.responses.create(next);
        expect(rules.refusals).toEqual([]);
        const [round, fromHere, fromThere] = server.requests.slice(1).map(({ json }) => json.input);
        expect(types(fromHere.slice(3))).toBe(expected);
        expect(fromThere).toEqual(fromHere);
        // What the provider has read stays where it was, but for words that were joined.
        if (first !== look || !expected.startsWith(ours))
          expect(fromHere.slice(0, round.length)).toEqual(round);
      }
  });

  it("is taken while the store is down, and does not wait for it long", async () => {
    says(asks({ reasoning: true, text: "Look." }), { text: "Found." }, { text: "ok" });
    const reply = await send(client(), base(question()), false);
    const hangs = { ...store, get: () => new Promise<never>(() => {}) };
    const other = client({ store: hangs, storeTimeoutMs: 20 });
    await other.responses.create(base([...question(), ...(reply.output as Input)]));
    expect(rules.refusals).toEqual([]);
  });
});

describe("previous_response_id", () => {
  it.each([false, true])("follows all rounds, in any process, stream: %s", async (stream) => {
    says(asks({ reasoning: true }), { text: "Found." }, { text: "ok" });
    const here = client();
    const reply = await send(here, base(question()), stream);
    for (const by of [here, client()])
      await by.responses.create({
        model: "gpt-5",
        input: "And?",
        previous_response_id: reply.id,
        tools,
      });
    expect(rules.refusals).toEqual([]);
    expect(server.requests[3]?.json).toEqual(server.requests[2]?.json);
  });

  it.each([false, true])("gets answers of both, from any process, stream: %s", async (stream) => {
    says(asks({ reasoning: true, calls: [list] }), { text: "done" });
    const here = client();
    const reply = await send(here, base(question()), stream);
    for (const by of [here, client()])
      await by.responses.create({ ...base([outputFor(reply)]), previous_response_id: reply.id });
    expect(rules.refusals).toEqual([]);
    expect(server.requests[2]?.json).toEqual(server.requests[1]?.json);
    expect(JSON.stringify(server.requests[1]?.json.input)).toContain(sku500);
  });

  it("is not left with an open call where the last reply asks once more or is cut off", async () => {
    for (const finish of ["completed", "incomplete"]) {
      says(asks({ finish }));
      const reply = await send(client({ maxRetrievals: 1 }), base(question()), false);
      says({ text: "ok" });
      await client().responses.create({
        ...base([{ role: "user", content: "Go on." }]),
        previous_response_id: reply.id,
      });
      expect(rules.refusals).toEqual([]);
    }
  });
});

describe("conversation", () => {
  const conversation = "conv_1";
  const talk = (by: OpenAI, input: Create["input"], stream = false) =>
    send(by, { model: "gpt-5", conversation, input, tools } as Create, stream);
  const users = () =>
    rules.conversations.get(conversation)?.filter(({ role }) => role === "user") ?? [];

  it.each([false, true])("stores each question once, stream: %s", async (stream) => {
    says(asks({ text: "One." }), asks({ text: "Two." }), { text: "Found." }, { text: "ok" });
    const reply = await talk(client(), question(), stream);
    expect(words(reply)).toBe("One.|Two.|Found.");
    await talk(client(), "Thanks.", stream);
    await talk(client(), "Bye.", stream);
    expect(rules.refusals).toEqual([]);
    expect(users().length).toBe(3);
    expect(server.requests.at(-1)?.json.input).toBe("Bye.");
  });

  it.each([false, true])(
    "goes on in another process after a round that failed, stream: %s",
    async (stream) => {
      says(asks(), { status: 400, json: { error: { message: "no" } } }, { text: "ok" });
      await expect(talk(client(), question(), stream)).rejects.toThrow();
      await talk(client(), "Hello again", stream);
      await talk(client(), "And again", stream);
      expect(rules.refusals).toEqual([]);
      expect(types(server.requests[2]?.json.input)).toBe("function_call_output,user");
      expect(server.requests[3]?.json.input).toBe("And again");
    },
  );

  it("does not store a question twice that is asked again after a round that failed", async () => {
    says(asks(), { status: 400, json: { error: { message: "no" } } }, { text: "ok" });
    await expect(talk(client(), question())).rejects.toThrow();
    await talk(client(), question());
    await talk(client(), "Thanks.");
    expect(rules.refusals).toEqual([]);
    expect(users().length).toBe(2);
    expect(server.requests[3]?.json.input).toBe("Thanks.");
  });

  it.each([
    ["did not arrive", false],
    ["arrived", true],
  ])("goes on after a round that the caller left and that %s", async (_, arrived) => {
    const stop = new AbortController();
    says(
      asks(),
      () => {
        stop.abort();
        return arrived ? { text: "too late" } : { status: 500, json: {} };
      },
      { text: "ok" },
    );
    const left = client().responses.create(
      { model: "gpt-5", conversation, input: question(), tools } as Create,
      { signal: stop.signal },
    );
    await expect(left).rejects.toThrow(/abort/i);
    for (const input of ["Hello again", "And again"]) await talk(client(), input);
    expect(users().length).toBe(3);
    expect(rules.refusals).toHaveLength(arrived ? 1 : 0);
    expect(server.requests.at(-1)?.json.input).toBe("And again");
  });

  it("goes on where the reply with our call was lost", async () => {
    const stop = new AbortController();
    says(
      (request) => {
        stop.abort();
        return asks()(request);
      },
      { text: "ok" },
    );
    const lost = client().responses.create(
      { model: "gpt-5", conversation, input: question(), tools } as Create,
      { signal: stop.signal },
    );
    await expect(lost).rejects.toThrow(/abort/i);
    await talk(client(), "Hello");
    expect(words(await talk(client(), "And again"))).toBe("ok");
    expect(rules.refusals).toHaveLength(1);
  });

  it("goes on where the store has lost the answers", async () => {
    says(
      asks({ text: "One." }),
      { status: 400, json: { error: { message: "no" } } },
      { text: "ok" },
    );
    await expect(talk(client(), question())).rejects.toThrow();
    const forgot = client({ store: memoryStore() });
    await talk(forgot, "Hello again");
    await talk(forgot, "And again");
    expect(rules.refusals).toHaveLength(1);
    expect(server.requests.map(({ path }) => path).slice(2)).toEqual([
      "/v1/responses",
      "/v1/conversations/conv_1/items?order=desc&limit=100",
      "/v1/responses",
      "/v1/responses",
    ]);
    const answer = server.requests[4]?.json.input[0].output;
    expect(answer).toBe("This look-up was not made. Ask again if you still need it.");
  });

  it("leaves refusals alone that are not about calls of ours", async () => {
    says(asks(), { calls: [list] }, { text: "ok" });
    await talk(client(), question());
    await expect(talk(client(), "Hello")).rejects.toThrow("No tool output found");
    // Two rounds, the one that is refused, and a look at the conversation.
    expect(server.requests).toHaveLength(4);
  });

  it("keeps the answers while tokens are counted", async () => {
    const no = { status: 400, json: { error: { message: "no" } } };
    says(asks(), no, { json: { input_tokens: 7 } }, { text: "ok" });
    await expect(talk(client(), question())).rejects.toThrow();
    const body = { model: "gpt-5", conversation, input: "Hello", tools };
    await client().post("/responses/input_tokens", { body });
    await talk(client(), "Hello");
    expect(rules.refusals).toEqual([]);
    const [counted, sent] = server.requests.slice(2).map(({ json }) => json);
    expect(counted).toEqual(sent);
  });

  it("keeps the answers while requests are refused for another reason", async () => {
    const no = { status: 400, json: { error: { message: "too long" } } };
    says(asks(), no, no, { text: "ok" });
    await expect(talk(client(), question())).rejects.toThrow();
    // Tried with the answers and without: the reason is told that the caller can do something about.
    await expect(talk(client(), "Long.")).rejects.toThrow("too long");
    await talk(client(), "Short.");
    expect(rules.refusals).toEqual([expect.stringContaining("No tool output found")]);
    expect(types(server.requests.at(-1)?.json.input)).toBe("function_call_output,user");
  });

  it.each([false, true])("gets answers of both, from any process, stream: %s", async (stream) => {
    says(asks({ calls: [list] }), { text: "done" });
    const reply = await talk(client(), question(), stream);
    await talk(client(), [outputFor(reply)], stream);
    await talk(client(), "Thanks.", stream);
    expect(rules.refusals).toEqual([]);
    expect(server.requests[2]?.json.input).toBe("Thanks.");
  });
});

describe("hosted tools", () => {
  const shell: Record<string, unknown>[] = [
    {
      type: "shell_call",
      id: "sh_1",
      call_id: "shc_1",
      action: { commands: ["ls"] },
      environment: { type: "container_reference", container_id: "cntr_1" },
      status: "completed",
    },
    { type: "shell_call_output", id: "sho_1", call_id: "shc_1", output: [], status: "completed" },
  ];
  const search = {
    type: "tool_search_call",
    id: "ts_1",
    call_id: "tsc_1",
    execution: "client",
    arguments: {},
    status: "completed",
  };
  const run = [
    { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search" } },
    { type: "code_interpreter_call", id: "ci_1", status: "completed", code: "1", outputs: [] },
    { type: "mcp_call", id: "mcp_1", name: "x", server_label: "s", arguments: "{}", output: "y" },
    { type: "file_search_call", id: "fs_1", status: "completed", queries: [] },
    { ...search, id: "ts_2", call_id: null, execution: "server" },
    { type: "tool_search_output", id: "to_2", call_id: null, execution: "server", tools: [] },
  ];

  it.each([false, true])("run beside a retrieval, stream: %s", async (stream) => {
    for (const items of [shell, run]) {
      says(asks({ items }), { text: "The answer." });
      const reply = await send(client(), base(question()), stream);
      expect(words(reply)).toContain("The answer.");
      expect(types(reply.output)).toBe(types([...items, { type: "message" }]));
      expect(rules.refusals).toEqual([]);
      expect(server.requests).toHaveLength(2);
    }
  });

  it.each([false, true])("of the caller come to him first, stream: %s", async (stream) => {
    const local = { ...shell[0], id: "sh_2", environment: { type: "local" } };
    const approval = { type: "mcp_approval_request", id: "ar_1", name: "x", arguments: "{}" };
    const patch = { type: "apply_patch_call", id: "ap_1", call_id: "apc_1", operation: {} };
    for (const item of [search, local, approval, patch] as Record<string, unknown>[]) {
      says(asks({ items: [item] }));
      const reply = await send(client(), base(question()), stream);
      expect(types(reply.output)).toBe(String(item.type));
      expect(server.requests).toHaveLength(1);
    }
  });

  it("of the caller are answered together with ours", async () => {
    says(asks({ items: [search] }), { text: "ok" });
    const reply = await send(client(), base(question()), false);
    const output = {
      type: "tool_search_output",
      call_id: "tsc_1",
      execution: "client",
      tools: [],
      status: "completed",
    } as never;
    const by = client();
    await by.responses.create(base([...question(), ...(reply.output as Input), output]));
    await by.responses.create({ ...base([output]), previous_response_id: reply.id });
    expect(rules.refusals).toEqual([]);
  });
});

describe("compact", () => {
  it("keeps what was shortened, shortens nothing new, and offers no tool", async () => {
    says({ text: "ok" }, { json: { id: "resp_c", object: "response.compaction", output: [] } });
    const by = client({ injectTool: "always" });
    await by.responses.create(base(question()));
    const other = JSON.stringify(
      Array.from({ length: 900 }, (_, id) => ({ id: (id * 7919) % 9973, state: "new" })),
    );
    const more: Input = [
      { type: "function_call", call_id: "c2", name: "list_orders", arguments: "{}" },
      { type: "function_call_output", call_id: "c2", output: other },
    ];
    // The first versions have no method for it.
    await by.post("/responses/compact", {
      body: { model: "gpt-5", input: [...question(), ...more] },
    });
    const [first, compact] = server.requests.map(({ json }) => json);
    expect(compact).not.toHaveProperty("tools");
    expect(compact.input.slice(0, 3)).toEqual(first.input);
    expect(findMarkers(JSON.stringify(first.input)).length).toBeGreaterThan(0);
    expect(compact.input[4].output.length).toBeLessThan(other.length);
    expect(findMarkers(compact.input[4].output).flatMap(({ ref }) => ref ?? [])).toEqual([]);
  });

  it("gets the answers that a reply waits for", async () => {
    says(asks({ calls: [list] }), { json: { id: "resp_c", output: [] } });
    const reply = await send(client(), base(question()), false);
    const body = { model: "gpt-5", input: [outputFor(reply)], previous_response_id: reply.id };
    await client().post("/responses/compact", { body });
    expect(rules.refusals).toEqual([]);
  });
});
