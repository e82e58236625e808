/** Documents within a number of tokens: never more, word for word, redeemable, and true. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { documentOf } from "../../test/generated/document.ts";
import { randomOf, times } from "../../test/generated/random.ts";
import { memoryStore } from "../ccr/memory-store.ts";
import { compressDocuments } from "./documents.ts";

const counter = { name: "quarter", count: (text: string): number => Math.ceil(text.length / 4) };
const FILLER = "They are part of the system and do what they are there for. ";

const page = (name: string, more: string): string =>
  `# ${name}\n\n${name} are explained here. ${FILLER.repeat(4)}\n\n${more} ${FILLER.repeat(4)}\n`;
const pages = ["Queues", "Workers", "Limits", "Errors", "Orders"].map((name, at) => ({
  id: `${name.toLowerCase()}.md`,
  text: page(name, at === 2 ? "The limit of a batch is 512 orders." : "That is all of it."),
  metadata: { at },
}));

describe("compressDocuments", () => {
  it("shows what answers the query, under the title of its document", async () => {
    const result = await compressDocuments(pages, "How many orders may a batch have?", {
      maxTokens: 120,
      tokenCounter: counter,
    });
    expect(result.text).toContain("[document limits.md]\n# Limits\n");
    expect(result.text).toContain("The limit of a batch is 512 orders.");
    expect(result.documents[2]?.text).toContain("512 orders");
    expect(result.documents.map(({ id, metadata }) => [id, metadata])).toEqual(
      pages.map(({ id, metadata }) => [id, metadata]),
    );
    expect(result.text).toMatch(/^\[not shown: .*errors\.md.*\]$/m);
  });

  it("gives all of them whole where they have room", async () => {
    const result = await compressDocuments(pages, "", { maxTokens: 5_000, store: memoryStore() });
    expect(result.documents.map(({ text }) => text)).toEqual(pages.map(({ text }) => text));
    for (const { text } of pages) expect(result.text).toContain(text);
    expect(result.ref).toBeUndefined();
  });

  it("keeps the originals where there is a store, by the lines its gaps name", async () => {
    const store = memoryStore();
    const query = "What are workers?";
    const result = await compressDocuments(pages, query, { maxTokens: 150, store });
    expect(result.text.startsWith(`[[hr:${result.ref} text, omitted: `)).toBe(true);
    const original = await store.get(result.ref as never);
    const lines = original?.text.split("\n") ?? [];
    const gaps = [...result.text.matchAll(/^… \d+ \w+ \((?:lines? )?(\d+)/gm)];
    expect(gaps.length).toBeGreaterThan(1);
    for (const [, from] of gaps) expect(lines[Number(from) - 1]).toMatch(/They are|That is|^$|^#/);
  });

  it("rejects where the store keeps nothing", async () => {
    const store = {
      ...memoryStore(),
      put: () => Promise.reject(new Error("full")),
      putMany: undefined,
    };
    const call = compressDocuments(pages, "", { maxTokens: 150, store: store as never });
    await expect(call).rejects.toThrow('Store "memory" failed to put');
  });

  it("shows of a document that is nearly another one what differs", async () => {
    const first = times(12, (at) => `Rule ${at} says what the shop does in case ${at}.`);
    const second = first.map((line, at) => (at === 5 ? "Rule 5 is not in force any more." : line));
    const result = await compressDocuments(
      [{ id: "v1", text: first.join(" ") }, { id: "v2", text: second.join(" ") }, ...pages],
      "Which rule is in force?",
      { maxTokens: 260, tokenCounter: counter },
    );
    expect(result.documents[1]).toMatchObject({ id: "v2", like: "v1" });
    expect(result.text).toContain(
      "[document v2]\n[as document v1, without “Rule 5 says what the shop does in case 5.”, and with:]",
    );
    expect(result.documents[1]?.text).toContain("Rule 5 is not in force any more.");
    expect(result.documents[1]?.text).not.toContain("Rule 7");
  });

  it("never takes more tokens than it may, and drops no word of what stays", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.integer({ min: 100, max: 900 }),
        async (seed, maxTokens) => {
          const random = randomOf(seed);
          const given = times(3 + Math.floor(random() * 6), () => ({ text: documentOf(random) }));
          const query = random() < 0.5 ? "Where is the queue of the main worker?" : "";
          const before = JSON.stringify(given);
          const options = { maxTokens, tokenCounter: counter, store: memoryStore() };
          const result = await compressDocuments(given, query, options);
          expect(result.tokensAfter).toBeLessThanOrEqual(Math.max(maxTokens, 0));
          expect(result.tokensAfter).toBe(counter.count(result.text));
          for (const [at, { text }] of result.documents.entries())
            for (const line of text.split("\n"))
              if (!line.startsWith("… ")) expect(given[at]?.text).toContain(line);
          expect(JSON.stringify(given)).toBe(before);
          expect(await compressDocuments(given, query, options)).toEqual(result);
        },
      ),
      { numRuns: Number(process.env.HEADROOM_LAW_RUNS ?? 150) },
    );
  });

  it.each([
    ["no documents", []],
    ["empty ones", [{ text: "" }, { text: "\n\n" }]],
    ["titles with brackets and breaks", [{ id: "a]\n[b", text: "x" }]],
  ])("takes %s", async (_, given) => {
    const { documents, text } = await compressDocuments(given, "x", { maxTokens: 100 });
    expect(documents).toHaveLength(given.length);
    expect(text).not.toContain("]\n[b");
  });

  it.each([0, 99, 1.5, Number.NaN, "200"])("refuses maxTokens %j", async (maxTokens) => {
    const call = compressDocuments(pages, "", { maxTokens: maxTokens as number });
    await expect(call).rejects.toThrow('Invalid option "maxTokens"');
  });
});

describe("what stores and retrievers hand over", () => {
  const long = "It is a part of the shop and does what it is there for. ".repeat(60);
  const given = { text: long, id: "long" };

  it.each<[string, unknown]>([
    ["no text", { id: "a" }],
    ["null for a text", { text: null }],
    ["a number for a text", { text: 5 }],
    ["a number for an id", { text: long, id: 5 }],
    ["an object for an id", { text: long, id: {} }],
    ["null for an id", { text: long, id: null }],
    ["metadata that refers to itself", cyclic(long)],
  ])("may have %s", async (_, odd) => {
    for (const documents of [[odd], [given, odd], [odd, given]]) {
      const { documents: short } = await compressDocuments(documents as never, "shop", {
        maxTokens: 100,
      });
      expect(short).toHaveLength(documents.length);
      for (const { id, text } of short)
        expect([typeof id, typeof text]).toEqual(["string", "string"]);
    }
  });

  it.each([null, undefined, 5, {}])("may come without a question: %s", async (query) => {
    const options = { maxTokens: 100 };
    const { text } = await compressDocuments([given], query as never, options);
    expect(text).toBe((await compressDocuments([given], "", options)).text);
  });

  it.each<[string, unknown, unknown]>([
    ["documents", null, { maxTokens: 100 }],
    ["documents", "a text", { maxTokens: 100 }],
    ["documents", ["a text"], { maxTokens: 100 }],
    ["documents", [null], { maxTokens: 100 }],
    ["options", [given], null],
    ["scorer", [given], { maxTokens: 100, scorer: { score: () => [] } }],
    ["scorerTimeoutMs", [given], { maxTokens: 100, scorerTimeoutMs: "5" }],
  ])("is told at once that %s is wrong", async (option, documents, options) => {
    const call = compressDocuments(documents as never, "shop", options as never);
    await expect(call).rejects.toMatchObject({ name: "InvalidOptionError", option });
  });

  it("may wait for a scorer as long as it takes, and takes numbers alone for scores", async () => {
    const ask = async (score: (units: readonly string[]) => unknown): Promise<unknown> => {
      const scorer = { name: "mine", score } as never;
      const options = { maxTokens: 100, scorer, scorerTimeoutMs: Number.POSITIVE_INFINITY };
      return (await compressDocuments([given], "shop", options)).scorerFailure;
    };
    const soon = new Promise((resolve) => setTimeout(resolve, 20));
    expect(await ask((units) => soon.then(() => units.map(() => 0.5)))).toBeUndefined();
    for (const wrong of [undefined, null, "1", Number.NaN])
      expect(await ask((units) => units.map(() => wrong))).toMatch(/^mine did not give/);
    for (const wrong of [undefined, null]) expect(await ask(() => wrong)).toMatch(/^mine did not/);
  });
});

function cyclic(text: string): object {
  const metadata: Record<string, unknown> = { size: 1n, read: () => text };
  metadata.self = metadata;
  return { text, metadata };
}
