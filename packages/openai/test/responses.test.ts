import { findMarkers, memoryStore } from "@headroom/core";
import OpenAI from "openai";
import { zodTextFormat } from "openai/helpers/zod";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { startWireServer, type WireServer } from "../../../test/support/wire-server.ts";
import { type HeadroomOpenAIOptions, withHeadroom } from "../src/index.ts";
import { RETRIEVE, responseOf, responseReply, responses, type Said, textOf } from "./replies.ts";

let server: WireServer;
beforeAll(async () => {
  server = await startWireServer();
});
afterAll(() => server.stop());

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
const conversation = (): OpenAI.Responses.ResponseInputItem[] => [
  { role: "user", content: "Which orders are there?" },
  { type: "reasoning", id: "rs_0", summary: [], encrypted_content: "eA==" },
  { type: "function_call", call_id: "c1", name: "list_orders", arguments: "{}" },
  { type: "function_call_output", call_id: "c1", output: rows },
];
const request = (input = conversation()) => ({ model: "gpt-5", input, tools });
const asks = (body: string) => ({
  name: RETRIEVE,
  args: { hash: findMarkers(body)[0]?.ref ?? "", rows: "500" },
});
const plain = (): OpenAI =>
  new OpenAI({ apiKey: "sk-test", baseURL: `${server.url}/v1`, maxRetries: 0 });
const wrapped = (options: HeadroomOpenAIOptions = { store: memoryStore() }): OpenAI =>
  withHeadroom(plain(), options);

describe("responses", () => {
  it("sends requests that differ only in the replaced text and the tool", async () => {
    server.reply(responses({ text: "ok" }, false));
    await plain().responses.create(request());
    const before = server.requests[0]?.body ?? "";
    await wrapped().responses.create(request());
    const after = server.requests[1];
    const replaced = JSON.stringify(after?.json.input[3].output);
    expect(replaced.length).toBeLessThan(rows.length / 5);
    const tool = `,${JSON.stringify(after?.json.tools[1])}`;
    expect(after?.body.replace(replaced, JSON.stringify(rows)).replace(tool, "")).toBe(before);
  });

  it("refers to nothing that the server may drop", async () => {
    const again = conversation().slice(2);
    const input = [...conversation(), ...JSON.parse(JSON.stringify(again).replaceAll("c1", "c2"))];
    const cases: readonly [more: object, refers: boolean][] = [
      [{ truncation: "disabled" }, true],
      [{ truncation: "auto" }, false],
      [{ context_management: [{ type: "compaction", compact_threshold: 1_000 }] }, false],
    ];
    for (const [more, refers] of cases) {
      server.reply(responses({ text: "ok" }, false));
      await wrapped({ mode: "lossless" }).responses.create({ ...request(input), ...more });
      expect(server.requests.at(-1)?.body.includes("the same as list_orders")).toBe(refers);
    }
  });

  it("gives a reply without retrieval byte for byte, whole and as events", async () => {
    const reply = responses({ text: "Fünf", reasoning: true, calls: [list] }, false);
    server.reply(reply);
    const raw = await wrapped().responses.create(request()).asResponse();
    expect(await raw.text()).toBe(JSON.stringify(reply.json));
    const { sse = "" } = responses({ text: "Grüße 🎉", reasoning: true, calls: [list] }, true);
    for (const cut of [1, 5, 100]) {
      server.reply({ sse, cut });
      const stream = await wrapped()
        .responses.create({ ...request(), stream: true })
        .asResponse();
      expect(await stream.text()).toBe(sse);
    }
  });

  it.each([false, true])("answers a retrieval inside, stream: %s", async (stream) => {
    server.reply(
      ({ body }) =>
        responses({ text: "Let me look.", reasoning: true, calls: [asks(body)] }, stream),
      responses({ text: "It is there.", reasoning: true }, stream, { cut: 17 }),
    );
    const client = wrapped();
    const reply = stream
      ? await client.responses.stream(request()).finalResponse()
      : await client.responses.create(request());
    const messages = reply.output.filter(({ type }) => type === "message");
    expect(messages.map((item) => textOf({ ...item }))).toEqual(["Let me look.", "It is there."]);
    expect(reply.output.some(({ type }) => type === "function_call")).toBe(false);
    expect(reply.usage).toMatchObject({ input_tokens: 200, total_tokens: 220 });
    const sent = server.requests[1]?.json.input.slice(4);
    expect(sent.map(({ type }: { type: string }) => type)).toEqual([
      "reasoning",
      "message",
      "function_call",
      "function_call_output",
    ]);
    expect(sent[3].output).toContain(sku500);
    // The caller sends the output back: the exchange stands where it was.
    server.reply(responses({ text: "ok" }, false));
    const history = [...conversation(), ...reply.output] as OpenAI.Responses.ResponseInputItem[];
    await client.responses.create(request([...history, { role: "user", content: "Thanks." }]));
    const again = server.requests[0]?.json.input;
    expect(again.slice(4, 8)).toMatchObject(
      sent.map(({ type, call_id }: { type: string; call_id?: string }) => ({
        type,
        ...(call_id === undefined ? {} : { call_id }),
      })),
    );
    expect(again).toHaveLength(11);
  });

  it.each([true, false])(
    "repeats words before a retrieval in the same bytes, complete: %s",
    async (complete) => {
      server.reply(
        ({ body }) =>
          responseReply(
            responseOf({ text: "Let me look.", reasoning: true, calls: [asks(body)] }, complete),
            false,
          ),
        responses({ text: "It is there.", calls: [list] }, false),
        responses({ text: "ok" }, false),
      );
      const client = wrapped();
      const include = complete ? (["reasoning.encrypted_content"] as const) : [];
      const body = { ...request(), store: false, include: [...include] };
      const { output } = await client.responses.create(body);
      // As a client writes that knows fewer keys, and has them in another order.
      const sendable = output.filter(({ type }) => complete || type !== "reasoning");
      const own = sendable.map((item): OpenAI.Responses.ResponseInputItem => {
        if (item.type !== "message") return item as OpenAI.Responses.ResponseInputItem;
        const content = item.content.map((part) => ({
          text: part.type === "output_text" ? part.text : "",
          type: part.type,
        }));
        return { content, role: item.role, id: item.id, type: item.type } as never;
      });
      const call = output.findLast(({ type }) => type === "function_call") as { call_id: string };
      const answer = {
        type: "function_call_output" as const,
        call_id: call.call_id,
        output: "none",
      };
      await client.responses.create({ ...body, input: [...body.input, ...own, answer] });
      const [, second, third] = server.requests.map(({ json }) =>
        json.input.map((item: object) => JSON.stringify(item)),
      );
      expect(second.length).toBeGreaterThan(conversation().length + 2);
      expect(third.slice(0, second.length)).toEqual(second);
    },
  );

  it("takes words that the caller changed as he has them", async () => {
    server.reply(
      ({ body }) => responses({ text: "Let me look.", calls: [asks(body)] }, false),
      responses({ text: "It is there." }, false),
      responses({ text: "ok" }, false),
    );
    const client = wrapped();
    const { output } = await client.responses.create(request());
    const own = JSON.parse(JSON.stringify(output).replace("Let me look.", "I look."));
    await client.responses.create(
      request([...conversation(), ...own, { role: "user", content: "And?" }]),
    );
    expect(server.requests[2]?.body).toContain("I look.");
    expect(server.requests[2]?.body).not.toContain("Let me look.");
  });

  it("finds the tools in an item of the input, in namespaces too, and offers its own there", async () => {
    const inner = { type: "custom", name: "exec", description: "Runs a program" };
    const added = {
      type: "additional_tools",
      role: "developer",
      tools: [{ type: "namespace", name: "functions", description: "", tools: [inner] }],
    } as unknown as OpenAI.Responses.ResponseInputItem;
    server.reply(
      ({ body }) => responses({ calls: [asks(body)] }, false),
      ({ body }) => responses({ text: new RegExp(`${sku500}\\b`).exec(body)?.[0] ?? "?" }, false),
    );
    const reply = await wrapped().responses.create({
      model: "gpt-6",
      input: [added, ...conversation()],
    });
    expect(reply.output_text).toBe(sku500);
    for (const { json } of server.requests) {
      expect(json.tools).toBeUndefined();
      expect(json.input[0].tools.map(({ name }: { name: string }) => name)).toEqual([
        "functions",
        RETRIEVE,
      ]);
    }
    // A tool of that name which takes a hash is the caller's own affair.
    const tool = { type: "function", name: RETRIEVE, parameters: { properties: { hash: {} } } };
    const other = JSON.parse(
      JSON.stringify(added).replace(JSON.stringify(inner), JSON.stringify(tool)),
    );
    server.reply(responses({ text: "ok" }, false));
    await wrapped().responses.create({ model: "gpt-6", input: [other, ...conversation()] });
    expect(server.requests[0]?.json.input[0]).toEqual(other);
    expect(findMarkers(server.requests[0]?.body ?? "").some(({ ref }) => ref !== undefined)).toBe(
      true,
    );
  });

  it("counts indexes and sequence numbers of a stream through, under one id", async () => {
    server.reply(
      ({ body }) => responses({ text: "A", calls: [asks(body), asks(body)] }, true),
      responses({ text: "B", calls: [list] }, true),
    );
    const stream = await wrapped().responses.create({ ...request(), stream: true });
    const events: OpenAI.Responses.ResponseStreamEvent[] = [];
    for await (const event of stream) events.push(event);
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, n) => n));
    const added = events.flatMap((event) =>
      event.type === "response.output_item.added" ? [event.output_index] : [],
    );
    expect(added).toEqual([0, 1, 2]);
    const ids = events.flatMap((event) => ("response" in event ? [event.response.id] : []));
    expect(new Set(ids).size).toBe(1);
    expect(JSON.stringify(events)).not.toContain(RETRIEVE);
  });

  it.each([false, true])(
    "gives the caller his calls of a mixed reply, stream: %s",
    async (stream) => {
      server.reply(
        ({ body }) => responses({ reasoning: true, calls: [asks(body), list] }, stream),
        responses({ text: "done" }, false),
      );
      const client = wrapped();
      const reply = stream
        ? await client.responses.stream(request()).finalResponse()
        : await client.responses.create(request());
      const items: readonly OpenAI.Responses.ResponseOutputItem[] = reply.output;
      const call = items.flatMap((item) => (item.type === "function_call" ? [item] : []))[0];
      expect(call?.name).toBe("list_orders");
      const output = {
        type: "function_call_output" as const,
        call_id: call?.call_id ?? "",
        output: "[]",
      };
      await client.responses.create(
        request([...conversation(), ...(reply.output as (typeof output)[]), output]),
      );
      const sent = server.requests[1]?.json.input.slice(4);
      expect(sent.map(({ type }: { type: string }) => type)).toEqual([
        "reasoning",
        "function_call",
        "function_call",
        "function_call_output",
        "function_call_output",
      ]);
      // The same where the provider keeps the history.
      await client.responses.create({ ...request([output]), previous_response_id: reply.id });
      expect(server.requests[2]?.json.input).toMatchObject([
        { call_id: sent[1].call_id },
        { call_id: output.call_id },
      ]);
    },
  );

  it("follows a stream of several rounds by the id of the last", async () => {
    server.reply(
      ({ body }) => responses({ calls: [asks(body)] }, true),
      responses({ text: "B" }, true),
      responses({ text: "C" }, false),
    );
    const client = wrapped();
    const reply = await client.responses.stream(request()).finalResponse();
    await client.responses.create({
      model: "gpt-5",
      input: "And?",
      previous_response_id: reply.id,
      tools,
    });
    const { previous_response_id, input, tools: sent } = server.requests[2]?.json ?? {};
    expect(previous_response_id).not.toBe(reply.id);
    expect(input).toBe("And?");
    expect(sent[1].name).toBe(RETRIEVE);
  });

  it("takes items from events where the end of a stream does not repeat them", async () => {
    const bare = (said: Said) => {
      const { sse = "" } = responses(said, true);
      const [last = "", ...rest] = sse.split("\n\n").filter(Boolean).reverse();
      const data = JSON.parse(last.slice(last.indexOf("{")));
      const end = { ...data, response: { ...data.response, output: [] } };
      return { sse: [...rest.reverse(), `data: ${JSON.stringify(end)}`, ""].join("\n\n") };
    };
    server.reply(
      ({ body }) => bare({ text: "Look.", calls: [asks(body)] }),
      bare({ text: "Found." }),
    );
    const reply = await wrapped().responses.stream(request()).finalResponse();
    expect(reply.output.map((item) => textOf({ ...item }))).toEqual(["Look.", "Found."]);
    expect(server.requests[1]?.body).toContain(sku500);
    // Where nothing is ours, the bytes stay the server's.
    const own = bare({ text: "So.", calls: [list] });
    server.reply(own);
    const raw = await wrapped()
      .responses.create({ ...request(), stream: true })
      .asResponse();
    expect(await raw.text()).toBe(own.sse);
  });

  it("parses structured output, without words of hidden rounds", async () => {
    const format = zodTextFormat(z.object({ count: z.number() }), "answer");
    for (const stream of [false, true]) {
      server.reply(
        ({ body }) => responses({ text: "I look it up.", calls: [asks(body)] }, stream),
        responses({ text: '{"count":1000}' }, stream),
      );
      const body = { ...request(), text: { format } };
      const reply = stream
        ? await wrapped().responses.stream(body).finalResponse()
        : await wrapped().responses.parse(body);
      expect(reply.output_parsed).toEqual({ count: 1000 });
    }
  });

  it("sends back only what is complete in itself where nothing is stored", async () => {
    server.reply(
      ({ body }) => responses({ reasoning: true, calls: [asks(body)] }, false),
      responses({ text: "ok" }, false),
    );
    await wrapped().responses.create({ ...request(), store: false });
    const sent = server.requests[1]?.json.input.slice(4);
    expect(sent).toMatchObject([{ type: "function_call" }, { type: "function_call_output" }]);
    expect(sent[0]).not.toHaveProperty("id");
  });

  it("adds only the answer to a conversation that the provider keeps", async () => {
    server.reply(
      ({ body }) => responses({ calls: [asks(body)] }, false),
      responses({ text: "ok" }, false),
    );
    await wrapped().responses.create({ ...request(), conversation: "conv_1" });
    expect(server.requests[1]?.json.input).toMatchObject([{ type: "function_call_output" }]);
  });

  it("is lossless in the background, where nobody could answer", async () => {
    server.reply(responses({ text: "ok" }, false));
    await wrapped().responses.create({ ...request(), background: true });
    const { input, tools: sent } = server.requests[0]?.json ?? {};
    expect(input[3].output).toContain(sku500);
    expect(sent).toHaveLength(1);
  });

  it("throws the SDK's error where a further round of a stream fails", async () => {
    const error = { error: { message: "overloaded", code: "x" } };
    server.reply(({ body }) => responses({ calls: [asks(body)] }, true), {
      status: 400,
      json: error,
    });
    const failed = wrapped().responses.stream(request()).finalResponse();
    await expect(failed).rejects.toThrow("overloaded");
  });
});
