import { ApiError, type Content, type GenerateContentParameters, GoogleGenAI } from "@google/genai";
import {
  type CompressResult,
  createHeadroom,
  findMarkers,
  memoryStore,
  retrieveToolSpec,
} from "@headroom/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWireServer, type WireServer } from "../../../test/support/wire-server.ts";
import { type HeadroomGoogleOptions, withHeadroom } from "../src/index.ts";
import { content, RETRIEVE, type Said } from "./replies.ts";

let server: WireServer;
beforeAll(async () => {
  server = await startWireServer();
});
afterAll(() => server.stop());

const rows = Array.from({ length: 1_000 }, (_, id) => ({
  id,
  sku: `SKU-${(id * 7_919) % 9_973}`,
  state: "shipped",
}));
const sku500 = "SKU-219";
const tools = [{ functionDeclarations: [{ name: "list_orders", description: "All orders." }] }];
const conversation = (response: Record<string, unknown> = { rows }): Content[] => [
  { role: "user", parts: [{ text: "Which orders are there?" }] },
  {
    role: "model",
    parts: [{ functionCall: { name: "list_orders", args: {} }, thoughtSignature: "c2ln" }],
  },
  { role: "user", parts: [{ functionResponse: { name: "list_orders", response } }] },
];
const request = (
  config: GenerateContentParameters["config"] = {},
  contents: GenerateContentParameters["contents"] = conversation(),
): GenerateContentParameters => ({
  model: "gemini-3-pro",
  contents,
  config: { tools, ...config },
});
const asks = (body: string): Said => ({
  calls: [{ name: RETRIEVE, args: { hash: findMarkers(body)[0]?.ref ?? "", rows: "500" } }],
});
type HttpOptions = NonNullable<ConstructorParameters<typeof GoogleGenAI>[0]>["httpOptions"];
const plain = (httpOptions: HttpOptions = {}): GoogleGenAI =>
  new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: server.url, ...httpOptions } });
const wrapped = (
  options: HeadroomGoogleOptions = { store: memoryStore() },
  httpOptions: HttpOptions = {},
): GoogleGenAI => withHeadroom(plain(httpOptions), options);
/** Replies in order; the last one stays. */
const replies = (stream: boolean, ...said: readonly ((body: string) => Said)[]) =>
  server.reply(
    ...said.map(
      (says) =>
        ({ body }: { body: string }) =>
          content(says(body), stream),
    ),
  );
const says = (text: string) => (): Said => ({ text });
const run = async (
  client: GoogleGenAI,
  params: GenerateContentParameters,
  stream: boolean,
): Promise<{ text: string; finish: unknown; usage: unknown; chunks: readonly unknown[] }> => {
  const chunks = [];
  if (stream)
    for await (const chunk of await client.models.generateContentStream(params)) chunks.push(chunk);
  else chunks.push(await client.models.generateContent(params));
  const last = chunks.at(-1);
  const parts = chunks.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? []);
  expect(JSON.stringify(parts)).not.toContain(RETRIEVE);
  return {
    text: parts.map(({ text = "" }) => text).join(""),
    finish: last?.candidates?.[0]?.finishReason,
    usage: last?.usageMetadata,
    chunks: chunks.map(({ sdkHttpResponse: _, ...chunk }) => chunk),
  };
};

describe("requests", () => {
  it("differ from those without us only in the replaced response and the tool", async () => {
    replies(false, says("ok"));
    await plain().models.generateContent(request());
    await wrapped().models.generateContent(request());
    const [before, after] = server.requests;
    const response = JSON.stringify(after?.json.contents[2].parts[0].functionResponse.response);
    expect(response.length).toBeLessThan(JSON.stringify(rows).length / 5);
    const [own, tool] = after?.json.tools[0].functionDeclarations ?? [];
    expect(own).toEqual(before?.json.tools[0].functionDeclarations[0]);
    const restored = after?.body
      .replace(response, JSON.stringify({ rows }))
      .replace(`,${JSON.stringify(tool)}`, "");
    expect(restored).toBe(before?.body);
    expect(tool.name).toBe(RETRIEVE);
  });

  it("keep the caller's arguments", async () => {
    replies(false, says("ok"));
    const params = request();
    const snapshot = structuredClone(params);
    await wrapped().models.generateContent(params);
    expect(params).toEqual(snapshot);
  });

  it.each([
    ["a text", "Hello"],
    ["texts", ["Hello", "you"]],
    ["a part", { text: "Hello" }],
    ["parts", [{ text: "Hello" }, { text: "you" }]],
    ["a content", { role: "user", parts: [{ text: "Hello" }] }],
  ] as const)("may be %s", async (_, contents) => {
    replies(false, says("ok"));
    await plain().models.generateContent(request({}, contents as never));
    await wrapped().models.generateContent(request({}, contents as never));
    const [before, after] = server.requests.map(({ json }) => json);
    expect(after.contents).toEqual(before.contents);
  });

  it.each([
    ["text", { output: JSON.stringify(rows) }],
    ["text of a name of its own", { result: JSON.stringify(rows) }],
    ["what MCP servers give", { content: [{ type: "text", text: JSON.stringify(rows) }] }],
  ])("have smaller responses that are %s", async (_, response) => {
    replies(false, says("ok"));
    await wrapped().models.generateContent(request({}, conversation(response)));
    const { body } = server.requests[0] ?? { body: "" };
    expect(findMarkers(body).length).toBe(1);
    expect(body.length).toBeLessThan(JSON.stringify(response).length / 3);
  });

  it("offer the tool where functions are declared, or always where asked to", async () => {
    replies(false, says("ok"));
    const declared = async (config: GenerateContentParameters["config"], always: boolean) => {
      const injectTool = always ? "always" : "auto";
      await wrapped({ store: memoryStore(), injectTool }).models.generateContent(
        request({ tools: undefined, ...config } as never),
      );
      const { tools = [] } = server.requests.at(-1)?.json ?? {};
      return tools.map((tool: object) =>
        "functionDeclarations" in tool
          ? (tool.functionDeclarations as { name: string }[]).map(({ name }) => name)
          : Object.keys(tool)[0],
      );
    };
    const search = { googleSearch: {} };
    expect(await declared({}, false)).toEqual([]);
    expect(await declared({}, true)).toEqual([[RETRIEVE]]);
    expect(await declared({ tools: [search] }, false)).toEqual(["googleSearch"]);
    expect(await declared({ tools: [search] }, true)).toEqual(["googleSearch", [RETRIEVE]]);
    expect(await declared({ tools: [...tools, search] }, false)).toEqual([
      ["list_orders", RETRIEVE],
      "googleSearch",
    ]);
  });

  it.each([
    ["retrieval is off", { retrieval: false as const }, {}],
    ["the model may call nothing", {}, { toolConfig: { functionCallingConfig: { mode: "NONE" } } }],
    [
      "it has to call another function",
      {},
      {
        toolConfig: {
          functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["list_orders"] },
        },
      },
    ],
    ["several answers are asked for", {}, { candidateCount: 2 }],
    [
      "arguments are streamed",
      {},
      { toolConfig: { functionCallingConfig: { streamFunctionCallArguments: true } } },
    ],
    ["the tools are those of a cache", {}, { tools: undefined, cachedContent: "cachedContents/1" }],
  ])("are lossless where %s", async (_, options, config) => {
    replies(false, says("ok"));
    const client = withHeadroom(plain({ extraBody: {} }), { store: memoryStore(), ...options });
    const isVertexOnly = JSON.stringify(config).includes("streamFunctionCallArguments");
    const extraBody = isVertexOnly ? (config as object) : {};
    await client.models.generateContent(
      request({ ...(isVertexOnly ? {} : config), httpOptions: { extraBody } } as never),
    );
    const { body, json } = server.requests[0] ?? { body: "", json: {} };
    expect(body).toContain(sku500);
    expect(body.length).toBeLessThan(JSON.stringify(rows).length);
    if ("cachedContent" in config) expect(json.tools).toBeUndefined();
  });

  it("that count tokens have the contents that are sent", async () => {
    replies(false, says("ok"));
    const client = wrapped();
    await client.models.generateContent(request());
    await client.models.countTokens({ model: "gemini-3-pro", contents: conversation() });
    const [sent, counted] = server.requests;
    expect(counted?.path).toContain(":countTokens");
    expect(counted?.json).toEqual({ contents: sent?.json.contents });
    expect(counted?.body).toContain("[[hr:");
  });

  it("of batches and caches are lossless, and have no tool of ours", async () => {
    server.reply({ json: { name: "batches/1" } });
    const client = wrapped();
    const { contents, config } = request();
    await client.batches.create({
      model: "gemini-3-pro",
      src: [{ contents, config: config ?? {} }],
    });
    await client.caches.create({
      model: "gemini-3-pro",
      config: { contents, tools },
    });
    for (const { body } of server.requests) {
      expect(body).toContain(sku500);
      expect(body).not.toContain(RETRIEVE);
      expect(body.length).toBeLessThan(JSON.stringify(rows).length);
    }
    expect(server.requests.map(({ path }) => path.split(/[/:]/).at(-1))).toEqual([
      "batchGenerateContent",
      "cachedContents",
    ]);
  });

  it("are counted with the counter of the model in the path, each block with a row", async () => {
    replies(false, says("ok"));
    const reports: CompressResult<unknown>[] = [];
    const afterCompress = (report: CompressResult<unknown>): void => void reports.push(report);
    await wrapped({ store: memoryStore(), hooks: { afterCompress } }).models.generateContent(
      request(),
    );
    const headroom = createHeadroom({ store: memoryStore(), model: "gemini-3-pro" });
    const { tokensBefore, blocks } = await headroom.compress(conversation());
    expect(reports.map((report) => report.tokensBefore)).toEqual([tokensBefore]);
    expect(reports[0]?.blocks.length).toBe(blocks.length);
  });
});

describe.each([false, true])("a retrieval, stream: %s", (stream) => {
  it("is answered inside, and its usage counted", async () => {
    replies(
      stream,
      (body) => ({ text: "Let me look. ", ...asks(body) }),
      ({ length }) => ({ text: `It is ${length > 0 && sku500}.` }),
    );
    const asked: string[] = [];
    const onRetrieval = ({ rows: which = "" }): void => void asked.push(which);
    const result = await run(wrapped({ store: memoryStore(), onRetrieval }), request(), stream);
    expect(result).toMatchObject({
      text: "Let me look. It is SKU-219.",
      finish: "STOP",
      usage: {
        promptTokenCount: 200,
        candidatesTokenCount: 20,
        totalTokenCount: 220,
        promptTokensDetails: [{ modality: "TEXT", tokenCount: 200 }],
      },
    });
    expect(asked).toEqual(["500"]);
    const { contents } = server.requests[1]?.json ?? {};
    const [call, answer] = contents.slice(-2);
    expect(call.parts.at(-1).functionCall.name).toBe(RETRIEVE);
    expect(answer.parts[0].functionResponse.response.output).toContain(sku500);
  });

  it("is not asked for: the reply is the server's", async () => {
    const reply = content(
      { thought: "Hm.", text: "All shipped.", calls: [{ name: "list_orders", args: {} }] },
      stream,
    );
    server.reply({ ...reply, cut: 7 });
    const expected = await run(plain(), request(), stream);
    expect(await run(wrapped(), request(), stream)).toEqual(expected);
  });

  it.each([{ responseMimeType: "application/json" }, { responseJsonSchema: { type: "object" } }])(
    "leaves no words before JSON: %j",
    async (format) => {
      replies(stream, (body) => ({ text: "Let me look.", ...asks(body) }), says('{"sku":1}'));
      const params = request(format);
      expect((await run(wrapped(), params, stream)).text).toBe('{"sku":1}');
    },
  );

  it.each([
    [undefined, { mode: "NONE" }],
    ["ANY", { mode: "ANY", allowedFunctionNames: ["list_orders"] }],
  ])("is refused in words, then made impossible, mode: %s", async (mode, final) => {
    replies(stream, asks, asks, says("So."));
    const own = mode === undefined ? {} : { toolConfig: { functionCallingConfig: { mode } } };
    const client = wrapped({ store: memoryStore(), maxRetrievals: 1 });
    expect((await run(client, request(own as never), stream)).text).toBe("So.");
    const sent = server.requests.map(({ json }) => json);
    const given = own.toolConfig?.functionCallingConfig;
    expect(sent.map(({ toolConfig }) => toolConfig?.functionCallingConfig)).toEqual([
      given,
      given,
      final,
    ]);
    expect(new Set(sent.map((body) => JSON.stringify(body.tools))).size).toBe(1);
  });

  it("fails as the same request would have, once or for good", async () => {
    const unavailable = {
      status: 503,
      json: { error: { code: 503, message: "overloaded", status: "UNAVAILABLE" } },
    };
    const first = ({ body }: { body: string }) => content(asks(body), stream);
    const last = () => content({ text: "Found." }, stream);
    server.reply(first, unavailable, unavailable);
    const failed = run(wrapped(), request(), stream);
    await expect(failed).rejects.toBeInstanceOf(ApiError);
    await expect(failed).rejects.toMatchObject({ status: 503 });
    server.reply(first, { status: 502, json: "Bad gateway" });
    await expect(run(wrapped(), request(), stream)).rejects.toMatchObject({
      name: "ApiError",
      status: 502,
    });
    const retryOptions = { attempts: 3, initialDelay: 0.01, maxDelay: 0.01 };
    server.reply(first, unavailable, unavailable, last);
    const client = wrapped({ store: memoryStore() }, { retryOptions });
    expect((await run(client, request(), stream)).text).toBe("Found.");
    // No round before the one that failed is paid for twice.
    expect(server.requests.map(({ json }) => json.contents.length)).toEqual([3, 5, 5, 5]);
  });

  it("ends with the caller's signal", async () => {
    const controller = new AbortController();
    const never = new Promise(() => {});
    server.reply(
      ({ body }) => content(asks(body), stream),
      () => {
        setTimeout(() => controller.abort(), 20);
        return { ...content({ text: "late" }, stream), last: never };
      },
    );
    const failed = run(wrapped(), request({ abortSignal: controller.signal }), stream);
    await expect(failed).rejects.toMatchObject({ name: "AbortError" });
  });

  it("costs nothing where callbacks and hooks of the caller throw", async () => {
    replies(stream, asks, says("Found."));
    const errors: string[] = [];
    const fail = (): never => {
      throw new Error("mine");
    };
    const client = wrapped({
      store: memoryStore(),
      onRetrieval: fail,
      hooks: { afterCompress: fail },
      onError: (error, phase) => void errors.push(`${phase} ${String(error)}`),
    });
    expect((await run(client, request(), stream)).text).toBe("Found.");
    expect(errors).toEqual(["callback Error: mine", "callback Error: mine"]);
  });

  it("goes through the fetch of the call", async () => {
    replies(stream, asks, says("Found."));
    const lengths: number[] = [];
    const own: typeof fetch = (url, init) => {
      lengths.push(String(init?.body).length);
      return fetch(url, init);
    };
    const params = request({ httpOptions: { fetch: own } });
    expect((await run(wrapped(), params, stream)).text).toBe("Found.");
    expect(lengths).toEqual(server.requests.map(({ body }) => body.length));
    expect(lengths.length).toBe(2);
  });

  it("goes on in a reply that the server had to continue, before it or after", async () => {
    const piece = (text: string, token: string) => {
      const cut = { finishReason: "CONTINUATION", continuationToken: token };
      const content = { role: "model", parts: [{ text }] };
      const chunk = { candidates: [{ content, ...cut }] };
      return stream ? { sse: `data: ${JSON.stringify(chunk)}\n\n` } : { json: chunk };
    };
    server.reply(
      piece("First. ", "t1"),
      ({ body }) => content({ text: "Then. ", ...asks(body) }, stream),
      piece("Found ", "t2"),
      () => content({ text: "it." }, stream),
      () => content({ text: "Yes." }, stream),
    );
    const client = wrapped();
    const params = request();
    const { text } = await run(client, params, stream);
    expect(text).toBe("First. Then. Found it.");
    const said: Content = { role: "model", parts: [{ text }] };
    const again: Content = { role: "user", parts: [{ text: "Again?" }] };
    await run(client, request({}, [...conversation(), said, again]), stream);

    const sent = server.requests.map(({ json }) => json);
    const tokens = sent.map(({ continuationToken }) => continuationToken);
    expect(tokens).toEqual([undefined, "t1", undefined, "t2", undefined]);
    // What goes on from a token has the contents of the request that gave it.
    expect(sent[1].contents).toEqual(sent[0].contents);
    expect(sent[3].contents).toEqual(sent[2].contents);
    const [call] = sent[2].contents.slice(-2);
    expect(call.parts.map(({ text = "call" }) => text)).toEqual(["First. Then. ", "call"]);
    expect(sent[4].contents.slice(0, 5)).toEqual(sent[2].contents);
    expect(sent[4].contents[5]).toEqual({ role: "model", parts: [{ text: "Found it." }] });
  });

  it("is answered where the stream could have been continued on its way", async () => {
    const checkpoint = {
      candidates: [
        { content: { role: "model", parts: [{ text: "Hm. " }] }, continuationToken: "t1" },
      ],
    };
    server.reply(
      ({ body }) => {
        const reply = content(asks(body), stream);
        return stream
          ? { ...reply, sse: `data: ${JSON.stringify(checkpoint)}\n\n${reply.sse}` }
          : reply;
      },
      () => content({ text: "Found." }, stream),
    );
    expect((await run(wrapped(), request(), stream)).text).toMatch(/Found\.$/);
    expect(server.requests.length).toBe(2);
  });

  it("is the caller's to answer where he offers the tool", async () => {
    const functionDeclarations = [
      { name: RETRIEVE, parametersJsonSchema: retrieveToolSpec.inputSchema },
    ];
    server.reply(({ body }) => content(asks(body), false));
    const client = wrapped({ store: memoryStore(), retrieval: "tool" });
    const reply = await client.models.generateContent(
      request({ tools: [{ functionDeclarations }] }),
    );
    expect(reply.functionCalls?.[0]?.name).toBe(RETRIEVE);
    expect(server.requests[0]?.json.tools).toEqual([{ functionDeclarations }]);
    expect(server.requests[0]?.body).toContain("[[hr:");
  });
});

describe("a wrapped client", () => {
  it("is one of the same class, whose other resources are the client's own", async () => {
    const client = plain();
    const { models, chats } = client;
    const copy = withHeadroom(client, { store: memoryStore() });
    expect(copy).toBeInstanceOf(GoogleGenAI);
    expect([client.models, client.chats]).toEqual([models, chats]);
    expect(copy.models).not.toBe(models);
    expect([copy.files, copy.live, copy.operations]).toEqual([
      client.files,
      client.live,
      client.operations,
    ]);
    replies(false, says("ok"));
    await client.models.generateContent(request());
    expect(server.requests[0]?.body).toContain(sku500);
  });

  it.each([
    [{ retrieval: "yes" }, /retrieval/],
    [{ maxRetrievals: -1 }, /maxRetrievals/],
    [{ minTokens: "many" }, /minTokens/],
  ])("has options that are told at once where they are wrong: %j", (options, message) => {
    expect(() => withHeadroom(plain(), options as never)).toThrow(message);
  });

  it("has to be a client", () => {
    expect(() => withHeadroom({ models: {}, chats: {}, batches: {}, caches: {} })).toThrow(
      /@google\/genai/,
    );
  });
});
