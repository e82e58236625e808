/** Retrieved documents within a room: passages of all of them together, as documents that keep what they are. */
import { memoryStore } from "@headroom/core";
import {
  createRetrieveTool,
  HeadroomCallbackHandler,
  HeadroomDocumentCompressor,
  type HeadroomDocumentCompressorFields,
} from "@headroom/langchain";
import { ContextualCompressionRetriever } from "@langchain/classic/retrievers/contextual_compression";
import { MemoryVectorStore } from "@langchain/classic/vectorstores/memory";
import { Document } from "@langchain/core/documents";
import { FakeEmbeddings } from "@langchain/core/utils/testing";
import { describe, expect, it } from "vitest";
import { orders } from "./support/data.ts";

const counter = { name: "quarter", count: (text: string): number => Math.ceil(text.length / 4) };
const topics = ["queue", "worker", "limit", "order", "error"];
const pageOf = (topic: string): string =>
  `# ${topic}\n\n${`A ${topic} is a part of the shop and does what it is there for. `.repeat(8)}\n\n` +
  `The ${topic} may take 512 seconds.\n`;
const pages = (): Document[] =>
  topics.map(
    (topic, at) =>
      new Document({
        id: `id-${topic}`,
        pageContent: pageOf(topic),
        metadata: { source: `${topic}.md`, score: 1 - at / 10, loc: { lines: { from: 1, to: 5 } } },
      }),
  );
const ask = (
  fields: HeadroomDocumentCompressorFields,
  documents = pages(),
  query = "How long may a limit take?",
) =>
  new HeadroomDocumentCompressor({ tokenCounter: counter, ...fields }).compressDocuments(
    documents,
    query,
  );
const textOf = (documents: readonly Document[]): string =>
  documents.map(({ pageContent }) => pageContent).join("\n\n");

describe("documents within maxTokens", () => {
  it("are the passages that answer the query, with ids, metadata and order, and no more tokens", async () => {
    const input = pages();
    const found = await ask({ maxTokens: 220 }, input);
    expect(textOf(found)).toContain("The limit may take 512 seconds.");
    expect(counter.count(textOf(found))).toBeLessThanOrEqual(220);
    expect(input).toEqual(pages());
    const named = found.filter(({ metadata }) => metadata.source !== undefined);
    expect(named.length).toBeGreaterThan(1);
    const places = named.map(({ id }) => topics.indexOf(String(id).slice(3)));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    for (const { id, metadata, pageContent } of named) {
      const { headroom, ...own } = metadata;
      const was = input.find((document) => document.id === id);
      expect(own).toEqual(was?.metadata);
      expect(headroom).toMatchObject({ kind: "text", lossless: false });
      // Each line is a gap that is declared, or stands in the document.
      for (const line of pageContent.split("\n"))
        if (!line.startsWith("… ")) expect(was?.pageContent).toContain(line);
    }
  });

  it("are the very objects where all have room", async () => {
    const input = pages();
    const found = await ask({ maxTokens: 5_000, maxDocuments: 5 }, input);
    expect(found).toHaveLength(5);
    for (const [at, document] of found.entries()) expect(document).toBe(input[at]);
  });

  it("have one marker, which redeems all of them, where the reader has the tool", async () => {
    const store = memoryStore();
    const found = await ask({ maxTokens: 260, retrieveTool: true, store });
    const text = textOf(found);
    expect(text.match(/\[\[hr:/g)).toHaveLength(1);
    const hash = found[0]?.metadata.headroom.ref;
    expect(text.startsWith(`[[hr:${hash} text, omitted: `)).toBe(true);
    const line = /… \d+ \w+ \(lines? (\d+)/.exec(text)?.[1];
    const answer = await createRetrieveTool({ store }).invoke({ hash, lines: String(line) });
    expect(answer).toMatch(/A \w+ is a part of the shop/);
    expect(textOf(await ask({ maxTokens: 260, store }))).not.toContain("[[hr:");
  });

  it("come from a vector store through ContextualCompressionRetriever, and are counted", async () => {
    const vectors = await MemoryVectorStore.fromDocuments(pages(), new FakeEmbeddings());
    const handler = new HeadroomCallbackHandler();
    const retriever = new ContextualCompressionRetriever({
      baseRetriever: vectors.asRetriever(5),
      baseCompressor: new HeadroomDocumentCompressor({ maxTokens: 220, tokenCounter: counter }),
    });
    const found = await retriever.invoke("How long may a limit take?", { callbacks: [handler] });
    expect(textOf(found)).toContain("The limit may take 512 seconds.");
    const shown = found.filter(({ metadata }) => metadata.source !== undefined);
    expect(shown.map(({ id }) => id)).toEqual(
      shown.map(({ metadata }) => `id-${metadata.source.slice(0, -3)}`),
    );
    const { tokensBefore, tokensAfter } = handler.total;
    expect(tokensBefore).toBe(
      pages().reduce((sum, each) => sum + counter.count(each.pageContent), 0),
    );
    expect(tokensAfter).toBe(shown.reduce((sum, each) => sum + counter.count(each.pageContent), 0));
  });

  it("show a table or a list of records by its kind, beside passages", async () => {
    const found = await ask(
      { maxTokens: 900, store: memoryStore(), retrieveTool: true },
      [new Document({ pageContent: orders(), metadata: { source: "orders.json" } }), ...pages()],
      "Which order failed?",
    );
    expect(found[0]?.metadata.headroom).toMatchObject({ kind: "json" });
    expect(found[0]?.pageContent).toContain("failed: card expired");
    expect(counter.count(textOf(found))).toBeLessThanOrEqual(900);
  });

  it("tell a copy by what differs, and name it where nothing does", async () => {
    const rules = Array.from(
      { length: 12 },
      (_, at) => `Rule ${at} says what is done in case ${at}.`,
    );
    const amended = rules.with(5, "Rule 5 is not in force.");
    const documents = [rules, amended, rules].map(
      (said, at) => new Document({ pageContent: said.join(" "), metadata: { source: `v${at}` } }),
    );
    const found = await ask({ maxTokens: 230 }, documents, "Which rule is not in force?");
    expect(found[1]?.pageContent).toMatch(/^\[as document v0, without “Rule 5 says[^\n]*\n/);
    expect(found[1]?.pageContent).toContain("Rule 5 is not in force.");
    expect(found[1]?.metadata.headroom.like).toBe("v0");
    expect(found[2]?.pageContent).toBe("[not shown: v2 (nearly the same as v0)]");
    expect(found[2]?.metadata.headroom.leftOut).toEqual(["v2"]);
  });

  it("are whole or left out in lossless mode", async () => {
    const found = await ask({ maxTokens: 400, mode: "lossless" });
    const whole = found.filter(({ metadata }) => metadata.source !== undefined);
    expect(whole.map(({ pageContent }) => pageContent)).toContain(pageOf("limit"));
    for (const { pageContent, metadata } of whole)
      expect(pageContent).toBe(pageOf(metadata.source.slice(0, -3)));
    expect(found.at(-1)?.pageContent).toMatch(/^\[not shown: .*\.md\]$/);
  });

  it("stay as they are in audit mode", async () => {
    const input = pages();
    const found = await ask({ maxTokens: 100, maxDocuments: 1, mode: "audit" }, input);
    expect(found).toHaveLength(5);
    for (const [at, document] of found.entries()) expect(document).toBe(input[at]);
  });

  it("are chosen by a scorer, whose failure is reported", async () => {
    const scorer = {
      name: "errors",
      score: async (units: readonly string[]) =>
        units.map((unit) => (unit.includes("error may") ? 1 : 0)),
    };
    expect(textOf(await ask({ maxTokens: 150, scorer }))).toContain(
      "The error may take 512 seconds.",
    );
    const reasons: string[] = [];
    const broken = { name: "broken", score: () => Promise.reject(new Error("no model")) };
    const handler = new HeadroomCallbackHandler();
    handler.handleCustomEvent = (_: string, data: { blocks: { reason: string }[] }) => {
      reasons.push(...data.blocks.map(({ reason }) => reason));
    };
    const compressor = new HeadroomDocumentCompressor({ maxTokens: 150, scorer: broken });
    await compressor.compressDocuments(pages(), "limit", [handler]);
    expect(reasons.join()).toContain("broken failed: no model");
    expect(() => new HeadroomDocumentCompressor({ scorer: {} as never })).toThrow('"scorer"');
  });
});

describe("documents within maxDocuments", () => {
  it("are chosen by their order and the words together, and the others are named", async () => {
    const found = await ask({ maxDocuments: 2 }, pages(), "errors of orders");
    expect(found.map(({ metadata, pageContent }) => metadata.source ?? pageContent)).toEqual([
      "order.md",
      "error.md",
      "[not shown: queue.md; worker.md; limit.md]",
    ]);
    expect(found[0]?.pageContent).toBe(pageOf("order"));
    expect(await ask({ maxDocuments: 9 })).toHaveLength(5);
  });

  it.each([{ maxTokens: 0 }, { maxTokens: 99 }, { maxDocuments: 0 }, { maxDocuments: 1.5 }])(
    "have to be some: %j",
    (fields) => {
      expect(() => new HeadroomDocumentCompressor(fields)).toThrow(Object.keys(fields)[0] ?? "");
    },
  );
});
