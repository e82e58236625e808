/** On the wire, with the real OpenAI and Anthropic providers of each version. */
import { memoryStore } from "@headroom/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HEADROOM_RETRIEVE, withHeadroom } from "../src/index.ts";
import { history, lines, orders, refIn, wanted } from "./support/script.ts";
import { collect, type TestModel, type Version, versions } from "./support/versions.ts";
import {
  anthropicStreams,
  openaiStreams,
  pieces,
  responsesRetrieval,
  responsesStreams,
  retrievalStream,
  type WireAnswer,
  type WireServer,
  wireServer,
} from "./support/wire.ts";

const cache = { anthropic: { cacheControl: { type: "ephemeral" } } };
const image = { type: "file", mediaType: "image/png", data: "iVBORw0KGgo=" };

/** Everything that must come through: cache control, files, reasoning with its signature, tool names, each output variant. */
function conversation(output: unknown): object[] {
  return [
    { role: "system", content: "Be brief.", providerOptions: cache },
    {
      role: "user",
      content: [{ type: "text", text: "Schau ⚙ nach", providerOptions: cache }, image],
    },
    {
      role: "assistant",
      content: [
        { type: "reasoning", text: "hm", providerOptions: { anthropic: { signature: "SIG0" } } },
        { type: "text", text: "Let me see." },
        { type: "tool-call", toolCallId: "c1", toolName: "list_orders", input: { page: 1 } },
      ],
    },
    {
      role: "tool",
      content: [
        {
          type: "tool-result",
          toolCallId: "c1",
          toolName: "list_orders",
          output,
          providerOptions: cache,
        },
      ],
    },
  ];
}
const outputs: Readonly<Record<string, unknown>> = {
  text: { type: "text", value: lines },
  json: { type: "json", value: orders },
  content: {
    type: "content",
    value: [
      { type: "text", text: lines },
      { type: "text", text: "end" },
    ],
  },
  "error-text": { type: "error-text", value: lines },
};
const tools = [
  {
    type: "function",
    name: "list_orders",
    description: "lists",
    inputSchema: { type: "object", properties: {} },
  },
];

const openaiAnswer = {
  id: "x",
  object: "chat.completion",
  created: 1,
  model: "gpt-4o",
  choices: [{ index: 0, message: { role: "assistant", content: "fine" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10 },
};
const responsesAnswer = {
  id: "resp_1",
  object: "response",
  created_at: 1,
  model: "gpt-4o",
  status: "completed",
  output: [
    {
      type: "message",
      id: "msg_1",
      status: "completed",
      role: "assistant",
      content: [{ type: "output_text", text: "fine", annotations: [] }],
    },
  ],
  usage: { input_tokens: 9, output_tokens: 1, total_tokens: 10 },
};
const anthropicAnswer = {
  id: "m",
  type: "message",
  role: "assistant",
  model: "claude-sonnet-4-5",
  content: [{ type: "text", text: "fine" }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 9, output_tokens: 1 },
};

let server: WireServer;
let reply: (path: string, body: string, round: number) => WireAnswer;
const json = (value: object): WireAnswer => ({
  type: "application/json",
  body: JSON.stringify(value),
});
const plain = (path: string): WireAnswer =>
  json(
    path.includes("messages")
      ? anthropicAnswer
      : path.includes("responses")
        ? responsesAnswer
        : openaiAnswer,
  );
beforeAll(async () => {
  server = await wireServer(({ path, body }, round) => reply(path, body, round));
});
afterAll(() => server.close());

const providers = (version: Version, settings: { baseURL?: string; fetch?: typeof fetch }) => ({
  "openai chat": version.openai({ apiKey: "x", ...settings }).chat("gpt-4o"),
  "openai responses": version.openai({ apiKey: "x", ...settings }).responses("gpt-4o"),
  anthropic: version.anthropic({ apiKey: "x", ...settings })("claude-sonnet-4-5"),
});

async function sent(model: TestModel, options: object): Promise<string> {
  server.requests.length = 0;
  reply = plain;
  await model.doGenerate(options as never);
  return server.requests[0]?.body ?? "";
}

/** The bytes of a body with its tools' part that we add taken out, found by its own text. */
function withoutOurTool(body: string): string {
  const value = JSON.parse(body) as { tools?: { name?: string; function?: { name: string } }[] };
  const ours = (value.tools ?? []).filter(
    (tool) => (tool.name ?? tool.function?.name) === HEADROOM_RETRIEVE,
  );
  expect(ours).toHaveLength(1);
  return body.replace(`,${JSON.stringify(ours[0])}`, "");
}

const final = {
  "openai chat": String(openaiStreams.text),
  "openai responses": String(responsesStreams.text),
  anthropic: String(anthropicStreams.thinking),
};

/** An answer in which the model asks our tool. */
function retrieval(name: keyof typeof final, input: string): object {
  if (name === "openai responses") return responsesRetrieval(HEADROOM_RETRIEVE, input);
  if (name === "anthropic")
    return {
      ...anthropicAnswer,
      content: [
        { type: "thinking", thinking: "hm", signature: "SIG1" },
        { type: "tool_use", id: "toolu_r", name: HEADROOM_RETRIEVE, input: JSON.parse(input) },
      ],
      stop_reason: "tool_use",
    };
  const call = {
    id: "call_r",
    type: "function",
    function: { name: HEADROOM_RETRIEVE, arguments: input },
  };
  const message = { role: "assistant", content: null, tool_calls: [call] };
  return { ...openaiAnswer, choices: [{ index: 0, message, finish_reason: "tool_calls" }] };
}

describe.each(versions)("$name", (version) => {
  const names = Object.keys(providers(version, {})) as (keyof ReturnType<typeof providers>)[];

  describe.each(names)("%s", (name) => {
    const model = (): TestModel => providers(version, { baseURL: server.url })[name];

    it("sends the same bytes as without us where nothing is compressed", async () => {
      const options = { prompt: conversation({ type: "text", value: "short" }), tools };
      const without = await sent(model(), options);
      expect(without.length).toBeGreaterThan(200);
      expect(
        await sent(withHeadroom(model(), { store: memoryStore(), retrieval: false }), options),
      ).toBe(without);
      const inline = await sent(withHeadroom(model(), { store: memoryStore() }), options);
      expect(withoutOurTool(inline)).toBe(without);
    });

    it.each(Object.keys(outputs))(
      "sends the same bytes but for the text, the output being %s",
      async (variant) => {
        const output = outputs[variant] as { type: string; value: unknown };
        const options = { prompt: conversation(output), tools };
        const without = await sent(model(), options);
        const middle = withHeadroom(model(), { store: memoryStore() });
        const body = withoutOurTool(await sent(middle, options));
        expect(body.length).toBeLessThan(without.length / 3);
        // What both begin and end with is all but the text: what stands between is the original's and ours, no more.
        const original = variant === "json" ? JSON.stringify(orders) : lines;
        const begin = commonStart(without, body);
        const finish = commonStart(reversed(without.slice(begin)), reversed(body.slice(begin)));
        const replaced = without.slice(begin, without.length - finish);
        const replacement = body.slice(begin, body.length - finish);
        expect(escapedTimes(original, 2).some((text) => text.includes(replaced))).toBe(true);
        expect(replaced.length).toBeGreaterThan(original.length * 0.9);
        expect(replacement).toContain("hr:");
        expect(replacement).not.toContain("tool_call_id");
        if (name === "anthropic") expect(body).toMatch(/"cache_control".*"SIG0"/);
      },
    );

    it.each(["generate", "stream"])("retrieves and answers: %s", async (how) => {
      server.requests.length = 0;
      reply = (path, body, round) => {
        const input = JSON.stringify({ hash: refIn(JSON.parse(body)), rows: "617" });
        if (how === "generate") return round > 1 ? plain(path) : json(retrieval(name, input));
        return {
          type: "text/event-stream",
          body: round > 1 ? final[name] : retrievalStream(name, HEADROOM_RETRIEVE, input),
        };
      };
      const options = {
        model: withHeadroom(model(), { store: memoryStore(), injectTool: "always" }),
        messages: history(),
      };
      const { ai } = version;
      if (how === "generate") expect((await ai.generateText(options)).text).toBe("fine");
      else {
        const result = ai.streamText(options);
        const parts = await collect(result.fullStream);
        expect(parts.filter(({ type }) => type === "error" || type.startsWith("tool-"))).toEqual(
          [],
        );
        expect(await result.text).toContain(name === "openai chat" ? "世界 🚀" : "東京, déjà vu");
      }
      expect(server.requests).toHaveLength(2);
      const [first, second] = server.requests.map(({ body }) => body);
      expect(second).toContain(wanted);
      if (name === "anthropic") expect(second).toContain('"signature":"SIG1"');
      // The second request is the first and two messages more: the provider's prompt cache keeps hitting.
      const messages = (body = "{}"): unknown[] => {
        const { messages, input } = JSON.parse(body) as { messages?: unknown[]; input?: unknown[] };
        return messages ?? input ?? [];
      };
      expect(messages(second).slice(0, messages(first).length)).toEqual(messages(first));
      expect(messages(second).length).toBe(
        messages(first).length + (name === "openai responses" ? 3 : 2),
      );
    });
  });

  const corpora = [
    ...Object.entries(openaiStreams).map(([kind, body]) => ["openai chat", kind, body] as const),
    ...Object.entries(responsesStreams).map(
      ([kind, body]) => ["openai responses", kind, body] as const,
    ),
    ...Object.entries(anthropicStreams).map(([kind, body]) => ["anthropic", kind, body] as const),
  ];
  it.each(corpora)(
    "streams the same parts, split at every byte: %s, %s",
    async (name, _kind, text) => {
      const body = new TextEncoder().encode(text);
      const partsOf = async (response: Response, wrapped: boolean): Promise<string> => {
        const settings = { fetch: () => Promise.resolve(response) };
        const model = providers(version, settings)[name];
        const asked = wrapped ? withHeadroom(model, { store, metadata: false }) : model;
        const options = { prompt: history({ type: "text", value: "short" }), tools };
        const { stream } = await asked.doStream(options as never);
        return JSON.stringify(await collect(stream), (key, value) =>
          key === "timestamp" || (key === "id" && String(value).length > 12) ? "…" : value,
        );
      };
      const store = memoryStore();
      const whole = await partsOf(pieces(body), false);
      expect(whole.length).toBeGreaterThan(200);
      const everyByte = Array.from({ length: body.length - 1 }, (_, index) => index + 1);
      expect(await partsOf(pieces(body, ...everyByte), true)).toBe(whole);
      // Where events are cut is the SDK's business more than ours: the three versions share the bytes among them.
      const turn = versions.indexOf(version);
      const cuts = everyByte.filter((cut) => cut % versions.length === turn);
      for (const cut of cuts) expect(await partsOf(pieces(body, cut), true)).toBe(whole);
    },
  );
});

function commonStart(one: string, two: string): number {
  let length = 0;
  while (length < one.length && one[length] === two[length]) length++;
  return length;
}
const reversed = (text: string): string => [...text].reverse().join("");
/** A text as JSON strings hold it, once and nested. */
function escapedTimes(text: string, times: number): string[] {
  const forms = [text];
  for (let depth = 0; depth < times; depth++) forms.push(JSON.stringify(forms.at(-1)).slice(1, -1));
  return forms;
}
