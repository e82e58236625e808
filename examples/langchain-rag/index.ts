/**
 * A RAG chain: `ContextualCompressionRetriever` with `HeadroomDocumentCompressor`, and a model that can get the rest of a
 * document back. Checks what it prints, and exits non-zero when something is off.
 */
import assert from "node:assert/strict";
import process from "node:process";
import { loadCounter, memoryStore } from "@headroom/core";
import { createRetrieveTool, HeadroomDocumentCompressor } from "@headroom/langchain";
import { ContextualCompressionRetriever } from "@langchain/classic/retrievers/contextual_compression";
import { Document } from "@langchain/core/documents";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import { BaseRetriever } from "@langchain/core/retrievers";
import { createAgent, fakeModel } from "langchain";

const print = (line: string): boolean => process.stdout.write(`${line}\n`);

/** What a vector store would find: two exports and a note. */
class Shelf extends BaseRetriever {
  override lc_namespace = ["example"];
  override async _getRelevantDocuments(): Promise<Document[]> {
    const parts = Array.from({ length: 600 }, (_, id) => ({
      part: `P-${1000 + id}`,
      stock: id % 50,
      shelf: `S${id % 30}`,
      note: id === 402 ? "recalled by the maker" : "",
    }));
    const log = Array.from(
      { length: 500 },
      (_, i) =>
        `2026-11-20 08:${String(Math.floor(i / 60)).padStart(2, "0")}:${String(i % 60).padStart(2, "0")} ${i === 321 ? "ERROR label printer jammed at belt 4" : `INFO belt ${i % 6} moved parcel ${4000 + i}`}`,
    );
    return [
      new Document({
        id: "parts",
        pageContent: JSON.stringify(parts),
        metadata: { source: "parts.json" },
      }),
      new Document({ id: "belts", pageContent: log.join("\n"), metadata: { source: "belts.log" } }),
      new Document({
        id: "note",
        pageContent: "Recalls go to Ines.",
        metadata: { source: "wiki" },
      }),
    ];
  }
}

const store = memoryStore();
const retriever = new ContextualCompressionRetriever({
  baseRetriever: new Shelf(),
  baseCompressor: new HeadroomDocumentCompressor({ store, retrieveTool: true }),
});
const question = "Which part was recalled, and who has to know?";
const before = await new Shelf().invoke(question);
const documents = await retriever.invoke(question);
const counter = await loadCounter("o200k_base");
const tokens = (list: readonly Document[]): number =>
  list.reduce((sum, { pageContent }) => sum + counter.count(pageContent), 0);
const saved = 1 - tokens(documents) / tokens(before);

for (const [index, { id, pageContent, metadata }] of documents.entries()) {
  const was = counter.count(before[index]?.pageContent ?? "");
  print(
    `${String(id).padEnd(6)} ${String(metadata.source).padEnd(11)} ${String(was).padStart(6)} tokens, now ${counter.count(pageContent)}`,
  );
}
print(
  `all    ${"".padEnd(11)} ${String(tokens(before)).padStart(6)} tokens, now ${tokens(documents)}, ${(saved * 100).toFixed(1)} % fewer`,
);
assert(saved >= 0.8);
assert.deepEqual(
  documents.map(({ id }) => id),
  ["parts", "belts", "note"],
);
const context = documents.map(({ pageContent }) => pageContent).join("\n\n");
assert(context.includes("recalled by the maker"), "what was asked for is there to be seen");
assert(context.includes("label printer jammed"), "so is the error");

/** The reader wants a part that was left out, and asks for it by the hash in the document. */
const { ref: hash } = documents[0]?.metadata.headroom ?? {};
const model = fakeModel()
  .respond(
    new AIMessage({
      content: "",
      tool_calls: [
        { id: "c1", name: "headroom_retrieve", args: { hash, rows: "77" }, type: "tool_call" },
      ],
    }),
  )
  .respond((messages: BaseMessage[]) => new AIMessage(messages.at(-1)?.text ?? ""));
const agent = createAgent({ model, tools: [createRetrieveTool({ store })] });
const { messages } = await agent.invoke({
  messages: [
    { role: "user", content: `${context}\n\n${question} And how many of P-1077 are left?` },
  ],
});
const answer = messages.at(-1)?.text ?? "";
print(`looked up: ${answer.split("\n")[1]}`);
assert(!context.includes("P-1077"));
assert(answer.includes('{"part":"P-1077","stock":27,'));
