import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryStore } from "./memory-store.ts";
import { refOf, refScope } from "./ref.ts";
import { type RetrieveRequest, type RetrieveResult, retrieve } from "./retrieve.ts";

const lines = Array.from({ length: 300 }, (_, i) => `line ${i + 1} of the log`).join("\n");
const rows = Array.from({ length: 50 }, (_, id) => ({
  id,
  name: `user-${id}`,
  city: id === 31 ? "Reykjavík" : "Oslo",
}));
const json = JSON.stringify({ total: 50, data: { items: rows } }, null, 2);

async function ask(
  text: string,
  request: Omit<RetrieveRequest, "hash">,
  maxTokens = 4_000,
): Promise<RetrieveResult> {
  const store = memoryStore();
  const ref = refOf(text, refScope("default"));
  await store.put({ ref, text });
  return retrieve(store, { hash: ref, ...request }, { maxTokens });
}
const served = (result: RetrieveResult): string => result.slices.map(({ text }) => text).join("");

describe("retrieve", () => {
  it("serves lines by number, with position and size", async () => {
    const result = await ask(lines, { lines: "3-4, 299-" });
    expect(result.text).toBe(
      "[lines 3-4 of 300]\nline 3 of the log\nline 4 of the log\n\n[lines 299-300 of 300]\nline 299 of the log\nline 300 of the log",
    );
  });

  it("serves rows of the array a reader means", async () => {
    expect(served(await ask(json, { rows: "31" }))).toContain("Reykjavík");
    expect((await ask(json, { rows: "31" })).slices[0]?.label).toBe("rows 31 of 50 of data.items");
    expect((await ask(json, { rows: "60" })).note).toBe("No such rows: the array has rows 0-49.");
  });

  it("serves the value at a path", async () => {
    expect(served(await ask(json, { path: "data.items[31].city" }))).toBe('"Reykjavík"');
    expect(served(await ask(json, { path: "$.data.items.31.city" }))).toBe('"Reykjavík"');
    expect((await ask(json, { path: "data.nothing" })).note).toMatch(
      /Its top-level keys: total, data/,
    );
  });

  it("finds the record or the lines a question is about", async () => {
    expect(served(await ask(json, { query: "who lives in Reykjavík?" }))).toMatch(
      /^\{[^}]*"user-31"[^}]*\}$/,
    );
    expect(served(await ask(lines, { query: "line 150 of the log", limit: 1 }))).toContain(
      "line 150 of the log\n",
    );
  });

  it("finds a record by its place", async () => {
    const hits = JSON.stringify({
      hits: Array.from({ length: 60 }, (_, i) => ({ sha: (i * 7919).toString(16), path: "src" })),
    });
    expect((await ask(hits, { query: "the sha of hit 33", limit: 1 })).slices[0]?.label).toBe(
      "hits[33]",
    );
  });

  it("says so when nothing matches, and what is there", async () => {
    const result = await ask(lines, { query: "zzzzqqqq" });
    expect(result).toMatchObject({
      found: true,
      shown: 0,
      note: 'Nothing matches "zzzzqqqq". The original has 300 lines.',
    });
  });

  it("never serves more than maxTokens, and gives the rest on request, byte for byte", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "grapheme", minLength: 1, maxLength: 2_000 }),
        fc.integer({ min: 1, max: 200 }),
        async (text, maxTokens) => {
          let got = "";
          let offset: number | undefined = 0;
          while (offset !== undefined) {
            const result: RetrieveResult = await ask(text, { offset }, maxTokens);
            expect(result.shown).toBeGreaterThan(0);
            got += served(result);
            offset = result.nextOffset;
          }
          expect(got).toBe(text);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("understands a hash with what stood around it in the marker", async () => {
    const store = memoryStore();
    const ref = refOf("text", refScope("default"));
    await store.put({ ref, text: "text" });
    for (const hash of [ref, `[[hr:${ref} log]]`, `hr:${ref}`, ` "${ref.toUpperCase()}" `])
      expect((await retrieve(store, { hash })).found, hash).toBe(true);
  });

  it("finds nothing in another namespace or under another secret, and answers as for any miss", async () => {
    const store = memoryStore();
    const ref = refOf("text", refScope("a", "k"));
    await store.put({ ref, text: "text" });
    const plain = await retrieve(memoryStore(), { hash: ref });
    for (const scope of [{ namespace: "b", secret: "k" }, { namespace: "a" }, {}])
      expect(await retrieve(store, { hash: ref }, scope)).toEqual(plain);
    expect((await retrieve(store, { hash: ref }, { namespace: "a", secret: "k" })).found).toBe(
      true,
    );
  });

  it("answers odd arguments instead of throwing", async () => {
    expect((await ask(lines, { lines: "one to five" })).note).toMatch(/write "120-180,201"/);
    expect((await ask(lines, { rows: "1" })).note).toMatch(/not JSON/);
    expect((await ask(lines, { path: "a.b" })).note).toMatch(/not JSON/);
    expect((await ask(lines, { offset: 1e9 })).note).toMatch(/at the end/);
    expect((await retrieve(memoryStore(), { hash: "nonsense" })).note).toMatch(/22 letters/);
  });
});
