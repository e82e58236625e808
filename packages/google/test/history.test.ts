/** What goes back to the model of a reply that the caller has in one shape or another. */
import { type Content, GoogleGenAI, type Part } from "@google/genai";
import { findMarkers, memoryStore } from "@headroom/core";
import { sseEvents } from "@headroom/core/wire";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWireServer, type WireServer } from "../../../test/support/wire-server.ts";
import { withHeadroom } from "../src/index.ts";
import { generateStream } from "../src/stream.ts";
import { RETRIEVE } from "./replies.ts";

let server: WireServer;
beforeAll(async () => {
  server = await startWireServer();
});
afterAll(() => server.stop());

const rows = Array.from({ length: 1_000 }, (_, id) => ({ id, sku: `SKU-${id}`, state: "shipped" }));
const asked: Content[] = [
  { role: "user", parts: [{ text: "Which?" }] },
  { role: "model", parts: [{ functionCall: { name: "list", args: {} } }] },
  { role: "user", parts: [{ functionResponse: { name: "list", response: { rows } } }] },
];
const config = { tools: [{ functionDeclarations: [{ name: "list" }] }] };
const chunk = (parts: readonly object[], finishReason?: string): object => ({
  candidates: [{ content: { role: "model", parts }, ...(finishReason && { finishReason }) }],
});
const sse = (chunks: readonly object[]): string =>
  chunks.map((one) => `data: ${JSON.stringify(one)}\r\n\r\n`).join("");

/** A hidden reply with signatures wherever a backend may put one. */
const hidden = (hash = ""): readonly object[] => [
  { text: "I look. ", thought: true },
  { text: "Let me ", thoughtSignature: "b25l" },
  { text: "look. " },
  { functionCall: { name: RETRIEVE, args: { hash } }, thoughtSignature: "dHdv" },
  { text: "", thoughtSignature: "dGhyZWU=" },
];
const found: readonly object[] = [
  { text: "Found " },
  { text: "it.", thoughtSignature: "Zm91cg==" },
];

const merged = (contents: readonly Content[]): Content => {
  const text = contents.flatMap(({ parts = [] }) => parts.flatMap((part) => part.text ?? []));
  return { role: "model", parts: [{ text: text.join("") }] };
};
const thoughtless = (contents: readonly Content[]): Content[] =>
  contents.flatMap(({ parts = [], ...content }) => {
    const said = parts.filter(({ thought }) => !thought);
    return said.length > 0 ? [{ ...content, parts: said }] : [];
  });
const SHAPES: [string, (contents: readonly Content[]) => readonly Content[]][] = [
  ["as it came", (contents) => contents],
  ["without thoughts", thoughtless],
  ["as one text", (contents) => [merged(thoughtless(contents))]],
];

describe.each([false, true])("a reply with a hidden round, stream: %s", (stream) => {
  it.each(SHAPES)("is whole again where the caller sends it back %s", async (_, shape) => {
    server.reply(
      ({ body }) => {
        const parts = hidden(findMarkers(body)[0]?.ref);
        if (!stream) return { json: chunk(parts, "STOP") };
        return { sse: sse([...parts.map((part) => chunk([part])), chunk([{ text: "" }], "STOP")]) };
      },
      stream
        ? { sse: sse(found.map((part, at) => chunk([part], at === 1 ? "STOP" : undefined))) }
        : { json: chunk(found, "STOP") },
      { json: chunk([{ text: "Yes." }], "STOP") },
    );
    const client = new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: server.url } });
    const ai = withHeadroom(client, { store: memoryStore() });
    const params = { model: "gemini-3-pro", contents: asked, config };
    const contents: Content[] = [];
    if (stream)
      for await (const { candidates } of await ai.models.generateContentStream(params))
        contents.push(...(candidates?.[0]?.content ? [candidates[0].content] : []));
    else {
      const { candidates } = await ai.models.generateContent(params);
      contents.push(...(candidates?.[0]?.content ? [candidates[0].content] : []));
    }
    expect(JSON.stringify(contents)).not.toMatch(/dHdv|dGhyZWU/);
    const again: Content = { role: "user", parts: [{ text: "Again?" }] };
    await ai.models.generateContent({ ...params, contents: [...asked, ...shape(contents), again] });

    const [, second, third] = server.requests.map(({ json }) => json.contents as Content[]);
    expect(second?.length).toBe(5);
    expect(JSON.stringify(third?.slice(0, 5))).toBe(JSON.stringify(second));
    const parts = third?.[3]?.parts ?? [];
    expect(parts.map(({ functionCall, ...part }: Part) => (functionCall ? "call" : part))).toEqual(
      hidden().map((part) => ("functionCall" in part ? "call" : part)),
    );
    const rest = third?.slice(5, -1).flatMap((content) => content.parts ?? []) ?? [];
    expect(rest.map(({ text }) => text).join("")).toBe("Found it.");
  });
});

describe("a stream", () => {
  it("stays one of whole events, wherever they were cut on the way", async () => {
    const first = sse([chunk([{ text: "Hm." }]), ...hidden().map((part) => chunk([part]))]);
    const bytes = new TextEncoder().encode(first + sse([chunk([{ text: "" }], "STOP")]));
    for (let size = 1; size < 60; size++) {
      const source = new ReadableStream<Uint8Array>({
        start(controller) {
          for (let at = 0; at < bytes.length; at += size)
            controller.enqueue(bytes.subarray(at, at + size));
          controller.close();
        },
      });
      const filter = generateStream();
      const shown: Uint8Array[] = [];
      for await (const event of sseEvents(source.getReader())) shown.push(...filter.push(event));
      const text = Buffer.concat(shown).toString("utf8");
      const events = text.split(/\r\n\r\n|\n\n/).filter((event) => event !== "");
      const texts = events.map((event) => JSON.parse(event.slice("data: ".length)));
      expect(texts.flatMap(({ candidates: [{ content }] }) => content.parts)).toEqual([
        { text: "Hm." },
        ...hidden().slice(0, 3),
      ]);
    }
  });
});
