/**
 * RAG with the AI SDK: a tool finds chunks by embeddings, reranks them, and returns the passages that answer the question. The model
 * asks for the lines of a gap, which the middleware answers inside the call.
 *
 * The models are scripted: an embedding counts words, the reranker looks for them, and the language model reads what it is given.
 */
import { strict as assert } from "node:assert";
import process from "node:process";
import { headroomMiddleware } from "@headroom/ai-sdk";
import { memoryStore } from "@headroom/core";
import { compressDocuments } from "@headroom/core/documents";
import {
  cosineSimilarity,
  embed,
  embedMany,
  generateText,
  isStepCount,
  rerank,
  tool,
  wrapLanguageModel,
} from "ai";
import { MockEmbeddingModelV4, MockLanguageModelV4, MockRerankingModelV4 } from "ai/test";
import { z } from "zod";

const topics = ["queue", "worker", "limit", "order", "error", "retry", "batch", "shard"];
const filler = (topic: string): string =>
  `A ${topic} is a part of the shop, and there is more to know of it than this. `.repeat(12);
const chunks = topics.map((topic, at) => ({
  id: `handbook.md#${topic}`,
  text: `## ${topic}\n\n${filler(topic)}The ${topic} may take ${at * 128} seconds.\n\n${filler(topic)}Ask Ines about the ${topic}.\n`,
  metadata: { page: at + 1 },
}));

const embedding = new MockEmbeddingModelV4({
  maxEmbeddingsPerCall: 100,
  doEmbed: async ({ values }) => ({
    embeddings: values.map((text) => topics.map((topic) => text.split(topic).length - 1 + 0.01)),
    warnings: [],
  }),
});
const reranking = new MockRerankingModelV4({
  doRerank: async ({ documents, query, topN = 8 }) => {
    const scores = documents.values.map((value) => {
      const words = query.toLowerCase().split(/\W+/);
      return (
        words.filter((word) => word !== "" && String(value).includes(word)).length / words.length
      );
    });
    const ranking = scores
      .map((relevanceScore, index) => ({ index, relevanceScore }))
      .sort((a, b) => b.relevanceScore - a.relevanceScore);
    return { ranking: ranking.slice(0, topN) };
  },
});

const store = memoryStore();
const { embeddings } = await embedMany({
  model: embedding,
  values: chunks.map(({ text }) => text),
});
let tokens = { before: 0, after: 0 };
const search = tool({
  description: "Searches the handbook.",
  inputSchema: z.object({ question: z.string() }),
  execute: async ({ question }) => {
    const asked = await embed({ model: embedding, value: question });
    const near = chunks
      .map((chunk, at) => ({
        chunk,
        score: cosineSimilarity(asked.embedding, embeddings[at] ?? []),
      }))
      .sort((a, b) => b.score - a.score)
      .slice(0, 6)
      .map(({ chunk }) => chunk);
    const { ranking } = await rerank({
      model: reranking,
      documents: near.map(({ text }) => text),
      query: question,
    });
    const best = ranking.flatMap(({ originalIndex }) => near[originalIndex] ?? []);
    const found = await compressDocuments(best, question, { maxTokens: 400, store });
    tokens = { before: found.tokensBefore, after: found.tokensAfter };
    return found.text;
  },
});

const usage = { inputTokens: {}, outputTokens: {} };
const say = (unified: string, part: object) =>
  ({ content: [part], finishReason: { unified }, usage, warnings: [] }) as never;
const call = (toolName: string, input: object) =>
  say("tool-calls", {
    type: "tool-call",
    toolCallId: toolName,
    toolName,
    input: JSON.stringify(input),
  });
const model = new MockLanguageModelV4({
  doGenerate: async ({ prompt }) => {
    const last = JSON.stringify(prompt.at(-1)).replaceAll("\\n", "\n");
    if (prompt.length === 1) return call("search", { question: "How long may a batch take?" });
    const hash = /\[\[hr:([a-z]+) /.exec(last)?.[1];
    if (hash === undefined)
      return say("stop", {
        type: "text",
        text: /Ask Ines[^.]*\./.exec(last)?.[0] ?? "I do not know.",
      });
    assert.match(last, /\[document handbook\.md#batch\]\n## batch/);
    assert.match(last, /The batch may take 768 seconds\./);
    // What stands behind that sentence is left out, and can be asked for.
    const [, line] = /The batch may take[^\n]*\n… \d+ \w+ \(lines? (\d+)/.exec(last) ?? [];
    assert.ok(line, "the gap names its lines");
    return call("headroom_retrieve", { hash, lines: `${line}-${Number(line) + 4}` });
  },
});
const { text } = await generateText({
  model: wrapLanguageModel({ model, middleware: headroomMiddleware({ store }) }),
  prompt: "How long may a batch take, and whom do I ask?",
  tools: { search },
  stopWhen: isStepCount(5),
});
process.stdout.write(`6 chunks: ${tokens.before} tokens, now ${tokens.after}\nanswer: ${text}\n`);
assert.equal(text, "Ask Ines about the batch.");
assert.ok(tokens.after <= 400 && tokens.before > 4 * tokens.after);
