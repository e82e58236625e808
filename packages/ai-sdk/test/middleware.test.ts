/** What may be left out depends on what the model can call; and what is told about it. */
import { type CcrStore, InvalidOptionError, memoryStore } from "@headroom/core";
import { describe, expect, it } from "vitest";
import {
  HEADROOM_RETRIEVE,
  headroomMiddleware,
  headroomTools,
  withHeadroom,
  wrapProvider,
} from "../src/index.ts";
import {
  generated,
  history,
  lastResult,
  lines,
  response,
  retrieveCall,
  streamedText,
  wanted,
} from "./support/script.ts";
import {
  collect,
  type Generated,
  type Script,
  type Version,
  versions,
} from "./support/versions.ts";

const model = { provider: "mock", modelId: "mock", doGenerate: never, doStream: never };
function never(): Promise<never> {
  return Promise.reject(new Error("not called"));
}
const functionTool = (name: string, more: object = {}): object => ({
  type: "function",
  name,
  inputSchema: { type: "object" },
  ...more,
});
interface Transformed {
  readonly prompt: readonly unknown[];
  readonly tools?: readonly { readonly name: string }[];
}
const transform = async (
  params: object = {},
  options: object = { store: memoryStore(), injectTool: "always" },
  provider = "mock",
): Promise<Transformed> =>
  headroomMiddleware(options).transformParams({
    type: "generate",
    params: { prompt: history(), ...params },
    model: { ...model, provider },
  });
const shortened = ({ prompt }: Transformed): boolean => JSON.stringify(prompt).includes("omitted:");
const toolNames = ({ tools }: Transformed): readonly string[] =>
  (tools ?? []).map(({ name }) => name);

describe("what is offered and what is left out", () => {
  const tools = [functionTool("list_orders")];

  it("is the tool, and something, where the model can call it", async () => {
    for (const params of [{ tools }, { tools, toolChoice: { type: "required" } }]) {
      const answer = await transform(params, { store: memoryStore() });
      expect([shortened(answer), toolNames(answer).at(-1)]).toEqual([true, HEADROOM_RETRIEVE]);
    }
    const google = await transform({ tools }, { store: memoryStore() }, "google.vertex");
    expect([shortened(google), toolNames(google).at(-1)]).toEqual([true, HEADROOM_RETRIEVE]);
    // A request without tools gets one only where that was asked for.
    const always = await transform({}, { store: memoryStore(), injectTool: "always" });
    expect([shortened(always), toolNames(always)]).toEqual([true, [HEADROOM_RETRIEVE]]);
  });

  it("refers to nothing that the provider may drop", async () => {
    const [ask, call, result] = history();
    const again = JSON.parse(JSON.stringify([call, result]).replaceAll("c1", "c2")) as object[];
    const edits = (type: string): object => ({ contextManagement: { edits: [{ type }] } });
    const cases: readonly [options: object, refers: boolean][] = [
      [{}, true],
      [{ anthropic: edits("clear_thinking_20251015") }, true],
      [{ anthropic: edits("clear_tool_uses_20250919") }, false],
      [{ openai: { truncation: "auto" } }, false],
    ];
    for (const [providerOptions, refers] of cases) {
      const prompt = [ask, call, result, ...again];
      const sent = await transform({ prompt, providerOptions }, { mode: "lossless" });
      expect(JSON.stringify(sent.prompt).includes("the same as list_orders")).toBe(refers);
    }
  });

  it("is nothing, only lossless forms, where it cannot", async () => {
    const cases: [object, object?, string?][] = [
      [{}, { store: memoryStore() }],
      [{ tools: [] }, { store: memoryStore() }],
      [{ tools }, { store: memoryStore(), retrieval: false }],
      [{ tools }, { store: memoryStore(), retrieval: "tool" }],
      [{ tools }, { store: memoryStore(), mode: "lossless" }],
      [{ tools }, {}],
      [
        { tools: [{ type: "provider", id: "google.search", name: "search" }] },
        { store: memoryStore() },
        "google.vertex",
      ],
    ];
    for (const [params, options, provider] of cases) {
      const answer = await transform(params, options, provider);
      expect(shortened(answer)).toBe(false);
      expect(toolNames(answer)).not.toContain(HEADROOM_RETRIEVE);
      expect(JSON.stringify(answer.prompt).length).toBeLessThan(JSON.stringify(history()).length);
    }
  });

  const unable: [string, object][] = [
    ["no tool may be called", { tools, toolChoice: { type: "none" } }],
    ["another is forced", { tools, toolChoice: { type: "tool", toolName: "list_orders" } }],
    ["there are no tools", {}],
  ];
  it.each(unable)(
    "stays as it was sent before where %s; what is new is lossless",
    async (_, params) => {
      const middleware = headroomMiddleware({ store: memoryStore() });
      const send = (prompt: readonly object[], more: object): Promise<Transformed> =>
        middleware.transformParams({ type: "generate", params: { prompt, ...more }, model });
      const before = await send(history(), { tools });
      expect(shortened(before)).toBe(true);
      const longer = [...history(), ...history({ type: "text", value: lines })];
      const after = await send(longer, params);
      expect(after.prompt.slice(0, 3)).toEqual(before.prompt);
      expect(JSON.stringify(after.prompt.slice(3))).not.toContain("[[hr:");
      // The tools stay in the cached prefix; nobody gets tools that had none.
      expect(after.tools).toEqual("tools" in params ? before.tools : undefined);
      // What came losslessly stays so when the model can ask again.
      const next = await send(longer, { tools });
      expect(next.prompt).toEqual(after.prompt);
    },
  );

  it("is the caller's own retrieve tool where there is one", async () => {
    const name = "mcp__headroom_retrieve";
    const takes = (property: string): object => ({
      inputSchema: { type: "object", properties: { [property]: { type: "string" } } },
    });
    for (const retrieval of ["inline", "tool"]) {
      const options = { store: memoryStore(), retrieval };
      const answer = await transform({ tools: [functionTool(name, takes("hash"))] }, options);
      expect([shortened(answer), toolNames(answer)]).toEqual([true, [name]]);
      // One that only has the name serves nothing, and ours cannot stand beside it.
      const fresh = { ...options, store: memoryStore() };
      const other = await transform({ tools: [functionTool(name, takes("id"))] }, fresh);
      expect([shortened(other), toolNames(other)]).toEqual([false, [name]]);
    }
  });

  it("is the tool from the first request of an agent on, and none in a plain chat", async () => {
    const prompt = [{ role: "user", content: [{ type: "text", text: "hello" }] }];
    const store = memoryStore();
    expect(toolNames(await transform({ prompt }, { store }))).toEqual([]);
    expect((await transform({ prompt }, { store })).prompt).toBe(prompt);
    const always = { store, injectTool: "always" };
    expect(toolNames(await transform({ prompt }, always))).toEqual([HEADROOM_RETRIEVE]);
    const agent = await transform({ prompt, tools: [functionTool("a")] });
    expect(toolNames(agent)).toEqual(["a", HEADROOM_RETRIEVE]);
  });

  it("is nothing in results that code reads, and no other shape for provider-defined tools", async () => {
    const forCode = functionTool("list_orders", {
      providerOptions: { anthropic: { allowedCallers: ["code_execution_20250825"] } },
    });
    const { prompt } = await transform({ tools: [forCode] });
    expect(prompt[2]).toEqual(history()[2]);
    const native = { type: "provider", id: "openai.local_shell", name: "list_orders", args: {} };
    const answer = await transform({
      prompt: history({ type: "json", value: { output: lines } }),
      tools: [native],
    });
    const [result] = (
      answer.prompt[2] as { content: { output: { type: string; value: { output: string } } }[] }
    ).content;
    expect(result?.output.type).toBe("json");
    expect(result?.output.value.output.length).toBeLessThan(lines.length / 2);
  });
});

describe("transformParams", () => {
  it("gives the same bytes for the same request, in every instance, and longer histories start the same", async () => {
    const [one, two] = [await transform(), await transform()];
    expect(JSON.stringify(one)).toBe(JSON.stringify(two));
    const more = await transform({
      prompt: [
        ...history(),
        { role: "assistant", content: [{ type: "text", text: "Next." }] },
        ...history({ type: "text", value: lines }),
      ],
    });
    expect(more.prompt.slice(0, 3)).toEqual(one.prompt);
    expect(JSON.stringify(more.tools)).toBe(JSON.stringify(one.tools));
  });

  it("puts hidden rounds back where a request has tools or calls of tools, and takes marks off everywhere", async () => {
    const user = { role: "user", content: [{ type: "text", text: "x" }] };
    const input = { hash: "a".repeat(22) };
    const before = [{ type: "tool-call", toolCallId: "r1", input }, { type: "answers" }];
    const marked = { type: "text", text: "Done.", providerOptions: { headroom: { before } } };
    const said = { role: "assistant", content: [marked] };
    const clean = { role: "assistant", content: [{ type: "text", text: "Done." }] };
    const tools = [functionTool("a")];
    const rolesOf = ({ prompt }: Transformed): unknown[] =>
      prompt.map((message) => (message as { role: string }).role);
    for (const options of [{ store: memoryStore() }, { retrieval: false }] as const) {
      const without = await transform({ prompt: [user, said, user] }, options);
      expect(without.prompt).toEqual([user, clean, user]);
      const with_ = await transform({ prompt: [user, said, user], tools }, options);
      expect(rolesOf(with_)).toEqual(["user", "assistant", "tool", "assistant", "user"]);
      expect(JSON.stringify(with_.prompt[2])).toContain(
        "retrieval" in options ? "switched off" : "is not a hash",
      );
      const beside = await transform({ prompt: [...history(), said, user] }, options);
      expect(rolesOf(beside).slice(3)).toEqual(["assistant", "tool", "assistant", "user"]);
    }
  });

  it("reads an original once for a call that stands in every later request", async () => {
    let reads = 0;
    const store = memoryStore();
    const counted: CcrStore = {
      ...store,
      readsBack: true,
      get: (ref) => {
        reads++;
        return store.get(ref);
      },
    };
    const middleware = headroomMiddleware({ store: counted });
    const tools = [functionTool("a")];
    const send = (prompt: readonly object[]): Promise<Transformed> =>
      middleware.transformParams({
        type: "generate",
        params: { prompt, tools } as unknown as Transformed,
        model,
      });
    const sent = await send(history());
    const hash = /\[\[hr:([a-z]{22})/.exec(JSON.stringify(sent.prompt))?.[1];
    const before = [
      { type: "tool-call", toolCallId: "r1", input: { hash, rows: "617" } },
      { type: "answers" },
    ];
    const marked = { type: "text", text: "Done.", providerOptions: { headroom: { before } } };
    const prompt = [...history(), { role: "assistant", content: [marked] }];
    reads = 0;
    const [first, second] = [await send(prompt), await send(prompt)];
    expect(JSON.stringify(first)).toContain(wanted);
    expect(second).toEqual(first);
    expect(reads).toBe(1);
  });

  it("gives a history that only grows, over 100 turns with forced and with no tool choice in between", async () => {
    const middleware = headroomMiddleware({ store: memoryStore() });
    const tools = [functionTool("list_orders")];
    const choices = ["auto", "auto", "none", "auto", "tool"];
    const prompt: object[] = [];
    let before: readonly unknown[] = [];
    for (let turn = 0; turn < 100; turn++) {
      const rows = Array.from({ length: 120 }, (_, id) => ({
        id: turn * 120 + id,
        state: "shipped",
        note: `parcel ${(id * 104_729 + turn * 31) % 99_991} left depot ${id % 9}`,
      }));
      prompt.push(...history({ type: "json", value: rows }));
      const toolChoice = { type: choices[turn % choices.length], toolName: "list_orders" };
      const { prompt: sent }: { prompt: readonly unknown[] } = await middleware.transformParams({
        type: "generate",
        params: { prompt: [...prompt], tools, toolChoice } as never,
        model,
      });
      expect(sent.slice(0, before.length)).toEqual(before);
      before = sent;
    }
    const forms = before.map((message) => JSON.stringify(message).includes("omitted:"));
    expect(new Set(forms).size).toBe(2);
  });

  it("counts for each model as an instance of that model would, with one middleware", async () => {
    const seen: number[] = [];
    const onCompression = ({ tokensBefore }: { tokensBefore: number }): void =>
      void seen.push(tokensBefore);
    const send = async (modelIds: readonly string[], options: object): Promise<number[]> => {
      seen.length = 0;
      const middleware = headroomMiddleware({ store: memoryStore(), onCompression, ...options });
      for (const modelId of modelIds)
        await middleware.transformParams({
          type: "generate",
          params: { prompt: history() },
          model: { ...model, modelId },
        });
      return [...seen];
    };
    const models = ["gpt-4o", "claude-sonnet-4-5", "gemini-2.5-pro"];
    const each: number[] = [];
    for (const modelId of models) each.push(...(await send([modelId], {})));
    expect(new Set(each).size).toBe(models.length);
    expect(await send([...models, ...models], {})).toEqual([...each, ...each]);
    // A model in the options goes before that of the request.
    expect(await send(models, { model: "gpt-4o" })).toEqual(models.map(() => each[0]));
  });

  it("mutates nothing and keeps fields, options and unchanged messages", async () => {
    const prompt = history();
    const params = Object.freeze({ prompt, temperature: 0.5, providerOptions: { a: { b: 1 } } });
    const before = JSON.stringify(params);
    const answer = (await transform(params)) as unknown as typeof params;
    expect(JSON.stringify(params)).toBe(before);
    expect(answer).toMatchObject({ temperature: 0.5, providerOptions: { a: { b: 1 } } });
    expect(answer.prompt[0]).toBe(prompt[0]);
    expect(answer.prompt[1]).toBe(prompt[1]);
  });

  it("sends the prompt as it was when something breaks, and says so", async () => {
    const errors: unknown[] = [];
    const prompt = history();
    const broken = {
      name: "broken",
      count: () => {
        throw new Error("counter broke");
      },
    };
    const middleware = headroomMiddleware({
      store: memoryStore(),
      tokenCounter: broken,
      onError: (error, phase) => errors.push([String(error), phase]),
    });
    const answer = await middleware.transformParams({
      type: "generate",
      params: { prompt },
      model,
    });
    expect(answer.prompt).toBe(prompt);
    expect(errors).toEqual([["Error: counter broke", "compression"]]);
  });

  it("leaves nothing out when the store fails", async () => {
    const failing: CcrStore = {
      name: "failing",
      put: () => Promise.reject(new Error("down")),
      get: () => Promise.reject(new Error("down")),
      delete: () => Promise.resolve(false),
    };
    expect(shortened(await transform({}, { store: failing }))).toBe(false);
  });

  it("rejects when the call is aborted", async () => {
    const abortSignal = AbortSignal.abort(new Error("stop"));
    await expect(transform({ abortSignal })).rejects.toThrow("stop");
  });

  it.each([
    [{ retrieval: "inline" }, "store"],
    [{ store: memoryStore(), retrieval: "visible" }, "retrieval"],
    [{ store: memoryStore(), maxRetrievals: -1 }, "maxRetrievals"],
    [{ store: memoryStore(), onError: 1 }, "onError"],
    [{ minToken: 1 }, "minToken"],
    [null, "options"],
    ["text", "options"],
  ])("refuses options that are wrong: %o", (options, name) => {
    const make = (): unknown => headroomMiddleware(options as object);
    expect(make).toThrow(InvalidOptionError);
    expect(make).toThrow(`"${name}"`);
  });
});

describe.each(versions)("$name", (version: Version) => {
  const { ai } = version;
  const answering = (): Script => ({
    generate: () => generated(version, [{ type: "text", text: "fine" }]),
    stream: () => response(version, streamedText("fine")),
  });

  it("reports in providerMetadata and to the callbacks", async () => {
    const events: { tokensSaved: number }[] = [];
    const wrapped = ai.wrapLanguageModel({
      model: version.model(answering()),
      middleware: headroomMiddleware({
        store: memoryStore(),
        injectTool: "always",
        onCompression: (event) => events.push(event),
      }),
    });
    const generatedText = await ai.generateText({ model: wrapped, messages: history() });
    const streamed = ai.streamText({ model: wrapped, messages: history() });
    await collect(streamed.fullStream);
    const report = generatedText.providerMetadata?.headroom as {
      savings: number;
      blocks: readonly object[];
    };
    expect(report.savings).toBeGreaterThan(0.8);
    expect(report.blocks).toMatchObject([{ toolName: "list_orders", outcome: "compressed" }]);
    expect((await streamed.providerMetadata)?.headroom).toEqual(report);
    expect(events).toHaveLength(2);
    expect(events[0]?.tokensSaved).toBeGreaterThan(5_000);
  });

  it("answers visible calls with headroomTools", async () => {
    const store = memoryStore();
    const model = version.model({
      generate: (call, round) =>
        round === 1
          ? generated(version, [retrieveCall(call)], "tool-calls")
          : generated(version, [{ type: "text", text: "done" }]),
    });
    const result = await ai.generateText({
      model: withHeadroom(model, { store, retrieval: "tool" }),
      messages: history(),
      tools: { ...headroomTools({ store }) },
      stopWhen: ai.stepCountIs(3),
    });
    expect(result.steps).toHaveLength(2);
    expect(model.doGenerateCalls[0]?.tools).toMatchObject([
      { name: HEADROOM_RETRIEVE, inputSchema: { required: ["hash"] } },
    ]);
    expect(JSON.stringify(model.doGenerateCalls[1]?.prompt.at(-1))).toContain(wanted);
  });

  it("wraps models and providers in their own type and version", async () => {
    const store = memoryStore();
    const model = version.model({ ...answering(), modelId: "m1" });
    const options = { store, injectTool: "always" } as const;
    const wrapped = withHeadroom(model, options);
    expect([wrapped.specificationVersion, wrapped.provider, wrapped.modelId]).toEqual([
      model.specificationVersion,
      model.provider,
      "m1",
    ]);
    const custom = ai.customProvider({ languageModels: { m1: model } });
    const registry = ai.createProviderRegistry({ p: wrapProvider(custom, options) });
    await ai.generateText({ model: wrapped, messages: history() });
    await ai.generateText({ model: registry.languageModel("p:m1"), messages: history() });
    for (const { prompt } of model.doGenerateCalls)
      expect(JSON.stringify(prompt)).toContain("[[hr:");
    expect(model.doGenerateCalls).toHaveLength(2);
    expect(() => withHeadroom("openai/gpt-5" as never, { store })).toThrow("wrapProvider");
  });

  it("serves model ids that are strings through the default provider", async () => {
    const model = version.model({ ...answering(), modelId: "m1" });
    const custom = ai.customProvider({ languageModels: { m1: model } });
    const scope = globalThis as { AI_SDK_DEFAULT_PROVIDER?: unknown };
    scope.AI_SDK_DEFAULT_PROVIDER = wrapProvider(custom, {
      store: memoryStore(),
      injectTool: "always",
    });
    try {
      await ai.generateText({ model: "m1", messages: history() });
    } finally {
      delete scope.AI_SDK_DEFAULT_PROVIDER;
    }
    expect(JSON.stringify(model.doGenerateCalls[0]?.prompt)).toContain("[[hr:");
  });

  it("works beside middleware that copies the request", async () => {
    const store = memoryStore();
    const copying = {
      specificationVersion: "v3",
      transformParams: async ({ params }: { params: object }) => ({ ...params }),
      wrapGenerate: ({ doGenerate }: { doGenerate: () => Promise<unknown> }) => doGenerate(),
    };
    for (const order of [0, 1]) {
      const model = version.model({
        generate: (call, round) =>
          round === 1
            ? generated(version, [retrieveCall(call)], "tool-calls")
            : generated(version, [{ type: "text", text: lastResult(call) }]),
      });
      const middleware = [copying];
      middleware.splice(order, 0, headroomMiddleware({ store, injectTool: "always" }) as never);
      const wrapped = ai.wrapLanguageModel({ model, middleware });
      const { text } = await ai.generateText({ model: wrapped, messages: history() });
      expect(text).toContain(wanted);
    }
  });

  it("sends the same bytes when the SDK tries again", async () => {
    const sent: string[] = [];
    const failing = Object.assign(new Error("overloaded"), { isRetryable: true, statusCode: 529 });
    const { APICallError } = ai as unknown as {
      APICallError: new (options: object) => Error;
    };
    const model = version.model({
      generate: (call, round): Generated => {
        sent.push(JSON.stringify([call.prompt, call.tools]));
        if (round === 1)
          throw new APICallError({
            ...failing,
            message: "overloaded",
            url: "u",
            requestBodyValues: {},
          });
        return generated(version, [{ type: "text", text: "fine" }]);
      },
    });
    const { text } = await ai.generateText({
      model: withHeadroom(model, { store: memoryStore() }),
      messages: history(),
      maxRetries: 1,
    });
    expect(text).toBe("fine");
    expect(sent).toHaveLength(2);
    expect(sent[0]).toBe(sent[1]);
  });
});
