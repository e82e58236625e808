/** Agents against a server that enforces the rules of the Gemini API. */
import {
  type CallableTool,
  type Chat,
  type Content,
  type FunctionCall,
  type GenerateContentResponse,
  GoogleGenAI,
  type Part,
} from "@google/genai";
import { type CcrStore, findMarkers, memoryStore } from "@headroom/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWireServer, type WireServer } from "../../../test/support/wire-server.ts";
import { type HeadroomGoogleOptions, withHeadroom } from "../src/index.ts";
import { RETRIEVE, type Said } from "./replies.ts";
import { model, type Prompt } from "./rules.ts";

let server: WireServer;
beforeAll(async () => {
  server = await startWireServer();
});
afterAll(() => server.stop());

const rowsOf = (tool: string, length = 1_000) =>
  Array.from({ length }, (_, id) => ({
    id,
    sku: `${tool}-${(id * 7_919) % 9_973}-x`,
    state: "shipped",
  }));
const CODE_500 = "a-219-x";
/** A store that another process could read. */
const shared = (): CcrStore => ({ ...memoryStore(), survives: "restart" });
const client = (options: HeadroomGoogleOptions = { store: memoryStore() }): GoogleGenAI =>
  withHeadroom(new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: server.url } }), options);
const look = (text: string): NonNullable<Said["calls"]> => [
  { name: RETRIEVE, args: { hash: findMarkers(text)[0]?.ref ?? "", rows: "500" } },
];
const list = (name: string) => ({ name, args: {} });
const names = ["a", "b", "c", "d", "e"];
const functionDeclarations = names.map((name) => ({
  name,
  parametersJsonSchema: { type: "object" },
}));
const config = { tools: [{ functionDeclarations }] };

interface Agent {
  readonly of: () => GoogleGenAI;
  readonly stream?: boolean;
  readonly more?: (step: number) => object;
  readonly rows?: number;
}

/** Calls tools until the model has nothing to call; gives what it says. */
async function turn(
  history: Content[],
  question: string,
  { of, stream = false, more = () => ({}), rows }: Agent,
): Promise<string> {
  history.push({ role: "user", parts: [{ text: question }] });
  for (let step = 0; ; step++) {
    const params = {
      model: "gemini-3-pro",
      contents: [...history],
      config: { ...config, ...more(step) },
    };
    const chunks: GenerateContentResponse[] = [];
    if (stream)
      for await (const chunk of await of().models.generateContentStream(params)) chunks.push(chunk);
    else chunks.push(await of().models.generateContent(params));
    const contents = chunks.flatMap(({ candidates }) => candidates?.[0]?.content ?? []);
    history.push(...contents);
    const parts = contents.flatMap((content) => content.parts ?? []);
    const calls = parts.flatMap(({ functionCall }) => functionCall ?? []);
    if (calls.length === 0)
      return parts.map(({ text, thought }) => (thought ? "" : (text ?? ""))).join("");
    history.push({ role: "user", parts: calls.map((call) => answered(call, rows)) });
  }
}

const answered = ({ id, name = "" }: FunctionCall, rows?: number): Part => ({
  functionResponse: {
    ...(id === undefined ? {} : { id }),
    name,
    response: { rows: rowsOf(name, rows) },
  },
});

/** What `text` of a reply gives, without its warning about the other parts. */
const textOf = ({ candidates }: GenerateContentResponse): string =>
  (candidates?.[0]?.content?.parts ?? [])
    .map(({ text, thought }) => (thought ? "" : (text ?? "")))
    .join("");

/** Each request repeats the one before it, byte for byte, and adds to its end. */
function expectAppendOnly(): void {
  const sent = server.requests.map(({ json }) => json);
  for (const [index, { contents, tools }] of sent.entries()) {
    const next = sent[index + 1];
    if (!next) return;
    expect(JSON.stringify(next.contents.slice(0, contents.length))).toBe(JSON.stringify(contents));
    expect(JSON.stringify(next.tools)).toBe(JSON.stringify(tools));
  }
}

/** Calls a, looks one row up, then calls b to e, and answers with the row while it can see it. */
const sixSteps = ({ text, contents }: Prompt): Said => {
  const done = contents.flatMap(({ parts }) =>
    parts.flatMap(({ functionCall }: Part) => functionCall?.name ?? []),
  );
  const next = names.find((name) => !done.includes(name));
  if (done.includes("a") && !text.includes(CODE_500))
    return { thought: "Which row?", text: "Let me look.", calls: look(text) };
  if (next !== undefined) return { thought: `Now ${next}.`, calls: [list(next)] };
  return { text: `The code is ${CODE_500}.` };
};

describe.each([
  { stream: false, ids: false, signs: true },
  { stream: true, ids: false, signs: true },
  { stream: false, ids: true, signs: false },
  { stream: true, ids: true, signs: true },
  { stream: false, ids: false, signs: false },
  { stream: true, ids: false, signs: false },
])("an agent, stream: $stream, ids: $ids, signed: $signs", ({ stream, ids, signs }) => {
  const style = { ids, signs };

  it("of six steps with one retrieval takes seven requests, each an extension of the one before", async () => {
    const { reply, refused } = model(sixSteps, style);
    server.reply(reply);
    const own = client();
    expect(await turn([], "Which code?", { of: () => own, stream })).toContain(CODE_500);
    expect(refused).toEqual([]);
    expect(server.requests.length).toBe(7);
    expectAppendOnly();
  });

  it("goes on in other processes that share a store, one for each step", async () => {
    const { reply, refused } = model(sixSteps, style);
    server.reply(reply);
    const store = shared();
    const agent = { of: () => client({ store }), stream };
    expect(await turn([], "Which code?", agent)).toContain(CODE_500);
    expect(refused).toEqual([]);
    expect(server.requests.length).toBe(7);
    expectAppendOnly();
  });

  it.each([
    ["before", (text: string) => [...look(text), list("b"), list("c")]],
    ["among", (text: string) => [list("b"), ...look(text), list("c")]],
    ["after", (text: string) => [list("b"), list("c"), ...look(text)]],
  ])("calls ours %s the caller's, who sees and answers his own", async (_, calls) => {
    const { reply, refused } = model(({ request, text }) => {
      if (request === 0) return { calls: [list("a")] };
      if (request === 1) return { text: "Both.", calls: calls(text) };
      return { text: text.includes(CODE_500) ? CODE_500 : "I do not see it." };
    }, style);
    server.reply(reply);
    const own = client();
    const history: Content[] = [];
    expect(await turn(history, "Which code?", { of: () => own, stream })).toBe(CODE_500);
    expect(await turn(history, "Again?", { of: () => own, stream })).toBe(CODE_500);
    expect(JSON.stringify(history)).not.toContain(RETRIEVE);
    expect(refused).toEqual([]);
    expect(server.requests.length).toBe(4);
    expectAppendOnly();
  });
});

describe.each([false, true])("fifty turns, stream: %s", (stream) => {
  it("repeat themselves, with forbidden, forced and free calls in between", async () => {
    const { reply, refused } = model(({ contents, body, text, request }) => {
      const { mode } = body.toolConfig?.functionCallingConfig ?? {};
      const isAsked = contents.at(-1)?.parts[0]?.text !== undefined;
      if (isAsked && mode !== "NONE") return { text: "I look.", calls: [list("a")] };
      if (request % 7 === 0 && mode === undefined) return { text: "Hm. ", calls: look(text) };
      return { text: `Done ${request}.` };
    });
    server.reply(reply);
    const own = client();
    const history: Content[] = [];
    for (let question = 0; question < 50; question++) {
      const mode = [undefined, "NONE", "ANY"][question % 5];
      const more = (step: number): object => {
        if (mode === "NONE") return { toolConfig: { functionCallingConfig: { mode } } };
        const forced = { mode, allowedFunctionNames: ["a"] };
        return mode === "ANY" && step === 0
          ? { toolConfig: { functionCallingConfig: forced } }
          : {};
      };
      await turn(history, `Question ${question}`, { of: () => own, stream, more, rows: 200 });
    }
    expect(refused).toEqual([]);
    expectAppendOnly();
    expect(JSON.stringify(history)).not.toContain(RETRIEVE);
  }, 60_000);
});

describe.each([false, true])("a chat, stream: %s", (stream) => {
  const send = async (chat: Chat, message: string | Part[]): Promise<GenerateContentResponse[]> => {
    if (!stream) return [await chat.sendMessage({ message })];
    const chunks: GenerateContentResponse[] = [];
    for await (const chunk of await chat.sendMessageStream({ message })) chunks.push(chunk);
    return chunks;
  };

  it("has the caller's history, and the model what it looked up", async () => {
    const { reply, refused } = model(sixSteps);
    server.reply(reply);
    const chat = client().chats.create({ model: "gemini-3-pro", config });
    let message: string | Part[] = "Which code?";
    let text = "";
    for (;;) {
      const chunks = await send(chat, message);
      text = chunks.map(textOf).join("");
      const calls = chunks.flatMap(({ functionCalls }) => functionCalls ?? []);
      if (calls.length === 0) break;
      message = calls.map((call) => answered(call));
    }
    expect(text).toContain(CODE_500);
    await send(chat, "And again?");
    expect(refused).toEqual([]);
    expect(server.requests.length).toBe(8);
    expectAppendOnly();
    expect(JSON.stringify(chat.getHistory())).not.toContain(RETRIEVE);
  });

  it("runs the SDK's automatic function calling beside ours", async () => {
    const { reply, refused } = model(sixSteps);
    server.reply(reply);
    const called: string[] = [];
    const callable: CallableTool = {
      tool: async () => ({ functionDeclarations }),
      callTool: async (calls) => {
        called.push(...calls.map(({ name = "" }) => name));
        return calls.map((call) => answered(call));
      },
    };
    const own = client();
    const params = {
      model: "gemini-3-pro",
      contents: "Which code?",
      config: { tools: [callable] },
    };
    let text = "";
    if (stream)
      for await (const chunk of await own.models.generateContentStream(params))
        text += textOf(chunk);
    else text = textOf(await own.models.generateContent(params));
    expect(text).toContain(CODE_500);
    expect(called).toEqual(names);
    expect(refused).toEqual([]);
    expect(server.requests.length).toBe(7);
    expectAppendOnly();
  });
});
