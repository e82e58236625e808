import { AsyncLocalStorage } from "node:async_hooks";
import { memoryStore } from "@headroom/core";
import {
  bindRetrieveTool,
  createRetrieveTool,
  HeadroomCallbackHandler,
  HeadroomChatMessageHistory,
  HeadroomDocumentCompressor,
} from "@headroom/langchain";
import { ContextualCompressionRetriever } from "@langchain/classic/retrievers/contextual_compression";
import { InMemoryChatMessageHistory } from "@langchain/core/chat_history";
import { Document, type DocumentInterface } from "@langchain/core/documents";
import { HumanMessage } from "@langchain/core/messages";
import { ChatPromptTemplate, MessagesPlaceholder } from "@langchain/core/prompts";
import { BaseRetriever } from "@langchain/core/retrievers";
import { RunnableLambda, RunnableWithMessageHistory } from "@langchain/core/runnables";
import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";
import { describe, expect, it } from "vitest";
import { conversation, orders, refsIn, textOf } from "./support/data.ts";
import { ScriptedModel } from "./support/scripted-model.ts";

const documents = () => [
  new Document({ pageContent: orders(), metadata: { source: "orders.json", page: 3 }, id: "d1" }),
  new Document({ pageContent: "Too short to change.", metadata: { source: "note" }, id: "d2" }),
];

describe("HeadroomDocumentCompressor", () => {
  it("keeps ids, metadata and order, notes what it did, and leaves its input alone", async () => {
    const store = memoryStore();
    const compressor = new HeadroomDocumentCompressor({ store, retrieveTool: true });
    const input = documents();
    const [long, short] = await compressor.compressDocuments(input, "Which order failed?");
    expect(short).toBe(input[1]);
    expect(long).toBeInstanceOf(Document);
    expect([long?.id, long?.metadata.source, long?.metadata.page]).toEqual([
      "d1",
      "orders.json",
      3,
    ]);
    expect(long?.metadata.headroom).toMatchObject({ kind: "json", lossless: false });
    expect(long?.pageContent).toContain("failed: card expired");
    expect(long?.pageContent.length).toBeLessThan(orders().length / 10);
    expect(input[0]).toEqual(documents()[0]);
    const retrieve = createRetrieveTool({ store });
    const { ref: hash } = long?.metadata.headroom ?? {};
    expect(await retrieve.invoke({ hash, rows: "5" })).toContain('"id":5,');
  });

  it("keeps what the query asks for", async () => {
    const compressor = new HeadroomDocumentCompressor({ store: memoryStore(), retrieveTool: true });
    const [asked] = await compressor.compressDocuments(documents(), "order 412 of customer-24");
    expect(asked?.pageContent).toContain("412");
    const [other] = await compressor.compressDocuments(documents(), "anything in Kyoto");
    expect(other?.pageContent).not.toBe(asked?.pageContent);
  });

  it("is a run of its own, counted by the handler, alone and under a retriever", async () => {
    const handler = new HeadroomCallbackHandler();
    const baseCompressor = new HeadroomDocumentCompressor({
      store: memoryStore(),
      retrieveTool: true,
    });
    const [long] = await baseCompressor.compressDocuments(documents(), "q", [handler]);
    const { tokensBefore, tokensAfter } = long?.metadata.headroom ?? {};
    expect(handler.total).toMatchObject({
      compressions: 1,
      tokensSaved: tokensBefore - tokensAfter,
    });
    const baseRetriever = new (class extends BaseRetriever {
      lc_namespace = ["test"];
      override async _getRelevantDocuments() {
        return documents();
      }
    })();
    const retriever = new ContextualCompressionRetriever({ baseCompressor, baseRetriever });
    const below = new HeadroomCallbackHandler();
    await retriever.invoke("q", { callbacks: [below] });
    expect(below.total).toEqual(handler.total);
    expect(below.runs.size).toBe(1);
  });

  it("takes documents as retrievers hand them over, whatever is in them", async () => {
    const text = "It is a part of the shop and does what it is there for. ".repeat(200);
    const self: Record<string, unknown> = { size: 1n, read: () => text };
    self.self = self;
    const odd = [
      { pageContent: null, metadata: {} },
      { metadata: {} },
      { pageContent: text },
      { pageContent: text, metadata: null },
      { pageContent: text, metadata: self },
      { pageContent: text, metadata: { source: Object.create(null) } },
      { pageContent: text, metadata: { source: Symbol("a") }, id: 5 },
    ] as unknown as DocumentInterface[];
    for (const retrieveTool of [true, false]) {
      const compressor = new HeadroomDocumentCompressor({
        maxTokens: 300,
        retrieveTool,
        store: memoryStore(),
      });
      for (const document of odd) {
        const given = [
          new Document({ pageContent: `${text}\nThe whale weighs 150 tons.` }),
          document,
        ];
        const [first] = await compressor.compressDocuments(given, "What does the whale weigh?");
        expect(first?.pageContent).toContain("The whale weighs 150 tons.");
      }
    }
  });

  it("leaves nothing out where the reader has no tool", async () => {
    const compressor = new HeadroomDocumentCompressor({ store: memoryStore() });
    const [long] = await compressor.compressDocuments(documents(), "q");
    expect(long?.metadata.headroom.lossless).toBe(true);
    expect(long?.pageContent).not.toContain("omitted");
  });
});

describe("HeadroomChatMessageHistory", () => {
  it("is counted by a handler, its own and that of the graph it is read in", async () => {
    const history = new InMemoryChatMessageHistory(conversation());
    const handler = new HeadroomCallbackHandler();
    const options = { history, store: memoryStore(), retrieveTool: true };
    await new HeadroomChatMessageHistory({ ...options, callbacks: [handler] }).getMessages();
    expect(handler.total.compressions).toBe(1);
    expect(handler.total.tokensSaved).toBeGreaterThan(1_000);
    // LangGraph does this when it is imported.
    AsyncLocalStorageProviderSingleton.initializeGlobalInstance(new AsyncLocalStorage());
    const reader = new HeadroomChatMessageHistory(options);
    await RunnableLambda.from(() => reader.getMessages()).invoke("", { callbacks: [handler] });
    expect(handler.total.compressions).toBe(2);
  });

  it("gives a short view of a history that keeps the originals", async () => {
    const history = new InMemoryChatMessageHistory();
    const short = new HeadroomChatMessageHistory({
      history,
      store: memoryStore(),
      retrieveTool: true,
    });
    await short.addMessages(conversation());
    const first = await short.getMessages();
    await short.addMessage(new HumanMessage({ content: "Thanks.", id: "h2" }));
    const second = await short.getMessages();
    expect(second.slice(0, 3)).toEqual(first);
    expect(textOf(second[2])).toContain("omitted");
    expect(await short.getOriginals()).toEqual([
      ...conversation(),
      new HumanMessage({ content: "Thanks.", id: "h2" }),
    ]);
    await short.clear();
    expect(await history.getMessages()).toEqual([]);
  });

  it("serves a RunnableWithMessageHistory", async () => {
    const store = memoryStore();
    const history = new InMemoryChatMessageHistory(conversation());
    const model = new ScriptedModel(["Order 617."]);
    const chain = new RunnableWithMessageHistory({
      runnable: ChatPromptTemplate.fromMessages([
        new MessagesPlaceholder("history"),
        ["human", "{question}"],
      ]).pipe(bindRetrieveTool(model, { store })),
      getMessageHistory: () =>
        new HeadroomChatMessageHistory({ history, store, retrieveTool: true }),
      inputMessagesKey: "question",
      historyMessagesKey: "history",
    });
    await chain.invoke({ question: "Which?" }, { configurable: { sessionId: "1" } });
    expect(refsIn(model.asked[0]?.messages ?? [])).toHaveLength(1);
    const kept = await history.getMessages();
    expect(kept.map(({ content }) => content)).toEqual([
      "Which order failed?",
      "",
      orders(),
      "Which?",
      "Order 617.",
    ]);
  });

  it("needs a history, and says so", () => {
    expect(() => new HeadroomChatMessageHistory({} as never)).toThrow('Invalid option "history"');
  });
});
