/** How several generated results become one, and what of them stays visible. */
import { describe, expect, it } from "vitest";
import { dialect, type InlineContext, turnOf, wholeDialect } from "../src/dialect.ts";
import { HEADROOM_RETRIEVE } from "../src/index.ts";
import { restoreUnseen } from "../src/restore.ts";
import type { GenerateResultLike, Part } from "../src/spec.ts";
import { streamInline } from "../src/stream.ts";
import { collect, streamOf } from "./support/versions.ts";

const contextFor = (provider = "mock", specificationVersion = "v4", maxRetrievals = 8) =>
  ({ model: { provider, specificationVersion }, maxRetrievals }) as unknown as InlineContext;
const ours = (toolCallId: string): Part => ({
  type: "tool-call",
  toolCallId,
  toolName: HEADROOM_RETRIEVE,
  input: '{"hash":"h"}',
});
const theirs = (toolCallId: string, more: object = {}): Part => ({
  type: "tool-call",
  toolCallId,
  toolName: "note",
  input: "{}",
  ...more,
});
const text = (words: string): Part => ({ type: "text", text: words });
const result = (content: readonly Part[], more: object = {}): GenerateResultLike => ({
  content,
  finishReason: { unified: "tool-calls", raw: "x" },
  usage: { total: 1, nested: { input: 2 } },
  warnings: [],
  ...more,
});
/** Content as it comes back in a prompt. */
const asPrompt = (content: readonly Part[]): Part[] =>
  content.map(({ providerMetadata, ...part }) => ({
    ...part,
    type: part.type,
    ...(providerMetadata ? { providerOptions: providerMetadata } : {}),
  }));

describe("a turn", () => {
  it("is mixed where the caller has to act: on a call of his, or on an approval", () => {
    const approval = { type: "tool-approval-request", toolCallId: "m1" };
    const hosted = theirs("w1", { providerExecuted: true });
    expect(turnOf([ours("r1"), hosted], "id", true)).toEqual({
      items: [ours("r1"), hosted],
      ours: [{ id: "r1", args: '{"hash":"h"}' }],
      others: false,
      complete: true,
      id: "id",
    });
    expect(turnOf([ours("r1"), theirs("u1")], 5, false)).toMatchObject({
      others: true,
      complete: false,
    });
    expect("id" in turnOf([], undefined, true)).toBe(false);
    expect(turnOf([ours("r1"), hosted, approval], "id", true).others).toBe(true);
    expect(turnOf([{ ...ours("r1"), providerExecuted: true }], "id", true).ours).toEqual([]);
  });
});

describe("the last request", () => {
  it("may call nothing, but where that would take all tools away", async () => {
    const isForbidden = async (provider: string, version: string): Promise<boolean> => {
      const request = { prompt: [], tools: [1], toolChoice: { type: "auto" } };
      const { follow } = dialect(contextFor(provider, version));
      expect(await follow(request, [], false)).toEqual(request);
      const last = await follow(request, [], true);
      expect(last.tools).toBe(request.tools);
      return last.toolChoice?.type === "none";
    };
    expect(await isForbidden("openai.chat", "v2")).toBe(true);
    expect(await isForbidden("anthropic.messages", "v3")).toBe(true);
    expect(await isForbidden("anthropic.messages", "v2")).toBe(false);
  });
});

describe("one result from several", () => {
  const { merge } = wholeDialect(contextFor());

  it("shows sources, files and what the provider's own tools did, and sends them back in their rounds", async () => {
    const call = theirs("w1", { providerExecuted: true });
    const found = { type: "tool-result", toolCallId: "w1", toolName: "note", result: 1 };
    const file = { type: "file", mediaType: "image/png", data: "x" };
    const custom = { type: "custom", kind: "a.b" };
    const source = { type: "source", id: "s" };
    const thinking = { type: "reasoning", text: "why", providerMetadata: { a: { s: 1 } } };
    const { content } = merge(
      [
        result([thinking, text("Well."), call, found, source, ours("r1")]),
        result([file, custom, ours("r2")]),
      ],
      result([text("Done.")]),
    );
    expect(content.map(({ type }) => type)).toEqual([
      ...["tool-call", "tool-result", "source", "file", "custom"],
      "text",
    ]);
    const prompt = await restoreUnseen(
      [{ role: "assistant", content: asPrompt(content) }],
      async () => "answer",
      true,
    );
    expect(
      prompt.map((message) => (message as { content: Part[] }).content.map((part) => part.type)),
    ).toEqual([
      ["reasoning", "text", "tool-call", "tool-result", "source", "tool-call"],
      ["tool-result"],
      ["file", "custom", "tool-call"],
      ["tool-result"],
      ["text"],
    ]);
  });

  it("adds usage up and has each warning once", () => {
    const merged = merge(
      [result([ours("r1")], { warnings: [{ a: 1 }, { b: 1 }] })],
      result([text("Done.")], { warnings: [{ b: 1 }, { c: 1 }] }),
    );
    expect(merged.usage).toEqual({ total: 2, nested: { input: 4 } });
    expect(merged.warnings).toEqual([{ a: 1 }, { b: 1 }, { c: 1 }]);
    expect(merged.finishReason).toEqual({ unified: "tool-calls", raw: "x" });
    const without = { content: [text("Done.")], finishReason: "stop", usage: 1 };
    expect("warnings" in merge([{ ...without, content: [ours("r1")] }], without)).toBe(false);
    const late = merge([result([ours("r1")], { warnings: [{ a: 1 }] })], without);
    expect(late.warnings).toEqual([{ a: 1 }]);
  });

  it("carries our calls of a mixed turn before and behind the caller's last call", () => {
    const { content, finishReason } = merge(
      [],
      result([ours("r1"), theirs("u1"), ours("r2"), theirs("u2"), ours("r3")]),
    );
    expect(content.map(({ toolCallId }) => toolCallId)).toEqual(["u1", "u2"]);
    const marks = content.map(({ providerMetadata }) => JSON.stringify(providerMetadata));
    expect([marks[0]?.match(/r\d/g), marks[1]?.match(/r\d/g)]).toEqual([["r1"], ["r2", "r3"]]);
    expect(finishReason).toEqual({ unified: "tool-calls", raw: "x" });
  });

  it("shows nothing of a model that insists, and does not end for the sake of its call", () => {
    for (const [said, expected] of [
      [
        { unified: "tool-calls", raw: "x" },
        { unified: "other", raw: undefined },
      ],
      ["tool-calls", "other"],
    ]) {
      const merged = merge([], result([text("Well."), ours("r1")], { finishReason: said }));
      expect(merged.content).toEqual([text("Well.")]);
      expect(merged.finishReason).toEqual(expected);
    }
  });

  it("says in which rounds the model was told that there are no more", () => {
    const told = wholeDialect(contextFor("mock", "v4", 1)).merge(
      [result([ours("r1")]), result([ours("r2")])],
      result([text("Done.")]),
    );
    const [{ providerMetadata }] = told.content as [Part];
    const { before } = (providerMetadata as { headroom: { before: Part[] } }).headroom;
    expect(before.filter(({ type }) => type === "answers")).toEqual([
      { type: "answers" },
      { type: "answers", spent: true },
    ]);
  });
});

describe("a stream that ends early", () => {
  it("ends where the provider's does, with whatever came", async () => {
    for (const parts of [[], [{ type: "stream-start", warnings: [] }]]) {
      const stream = await streamInline(
        streamOf<Part>(parts),
        { prompt: [] },
        () => Promise.reject(new Error("not asked")),
        { ...contextFor(), held: { leaves: async () => {}, settled: () => {} } } as never,
        (part) => part,
      );
      expect(await collect(stream)).toEqual(parts);
    }
  });

  it("fails where the provider's does, after what came", async () => {
    const broken = new ReadableStream<Part>({
      start(controller) {
        controller.enqueue({ type: "stream-start" });
      },
      pull(controller) {
        controller.error(new Error("reset"));
      },
    });
    const stream = await streamInline(
      broken,
      { prompt: [] },
      () => Promise.reject(new Error("not asked")),
      { ...contextFor(), held: { leaves: async () => {}, settled: () => {} } } as never,
      (part) => part,
    );
    const reader = stream.getReader();
    expect((await reader.read()).value).toEqual({ type: "stream-start" });
    await expect(reader.read()).rejects.toThrow("reset");
  });
});
