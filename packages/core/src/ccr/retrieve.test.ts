import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createHeadroom } from "../create.ts";
import { estimateTokens, loadCounter } from "../tokens/index.ts";
import type { CcrRef } from "../types/store.ts";
import { memoryStore } from "./memory-store.ts";
import type { RetrieveResult } from "./page.ts";
import { refOf, refScope, refToHex } from "./ref.ts";
import type { RetrieveRequest } from "./request.ts";
import { retrieve } from "./retrieve.ts";

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
    for (const hash of [
      ref,
      refToHex(ref),
      `[[hr:${ref} log]]`,
      `hr:${ref}`,
      ` "${ref.toUpperCase()}" `,
    ])
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
    const odd = (request: unknown) => ask(lines, request as RetrieveRequest);
    expect((await odd({ lines: 3 })).slices).toEqual([
      { label: "lines 3 of 300", text: "line 3 of the log\n" },
    ]);
    expect((await odd({ lines: { from: 1 } })).note).toMatch(/Cannot read lines .*from/);
    expect((await odd({ lines: true })).note).toBe(
      'Cannot read lines "true": write "120-180,201".',
    );
    expect((await odd({ lines: null, offset: -1 })).note).toMatch(/^offset is not a whole number/);
    expect((await odd({ lines: "1-9", limit: Number.NaN })).note).toMatch(/^limit is not a number/);
    expect(served(await odd({ lines: "1-9", limit: "2" }))).toBe(
      "line 1 of the log\nline 2 of the log\n",
    );
    for (const limit of [1e308, Number.POSITIVE_INFINITY, "300"])
      expect(served(await odd({ limit }))).toBe(lines);
    expect((await odd({ limit: 2.9 })).slices[0]?.label).toBe("lines 1-2 of 300");
    for (const hash of [undefined, null, 5, {}, Symbol("x")])
      expect((await retrieve(memoryStore(), { hash } as never)).note).toMatch(/22 letters/);
    for (const request of [undefined, null, 5, "", []])
      expect((await retrieve(memoryStore(), request as never)).found).toBe(false);
  });

  it("reads rows by digits only: a path is no number", async () => {
    for (const step of ["-1", "1e1", "0x10", " ", "__proto__", "length", "constructor"])
      expect((await ask(json, { path: `data.items[${step}]` })).note, step).toMatch(/nothing at/);
    expect(served(await ask(json, { path: ["data", "items", 31, "city"] as never }))).toBe(
      '"Reykjavík"',
    );
  });

  it("refuses options that cannot be", async () => {
    const store = memoryStore();
    for (const maxTokens of [0, -1, Number.NaN, "9"])
      await expect(
        retrieve(store, { hash: "x" }, { maxTokens: maxTokens as number }),
      ).rejects.toThrow(/"maxTokens"/);
    await expect(retrieve(store, { hash: "x" }, { namespace: "\ud800" })).rejects.toThrow(
      /"namespace".*well-formed/,
    );
  });

  it("rejects with the signal's reason, before and while the store answers", async () => {
    const asked: CcrRef[] = [];
    const get = (ref: CcrRef) => {
      asked.push(ref);
      return new Promise<never>(() => {});
    };
    const store = { ...memoryStore(), get };
    const hash = refOf("text", refScope("default"));
    const gone = AbortSignal.abort(new Error("before"));
    await expect(retrieve(store, { hash }, { signal: gone })).rejects.toThrow("before");
    expect(asked).toEqual([]);
    const later = new AbortController();
    const hanging = createHeadroom({ store }).retrieve({ hash }, { signal: later.signal });
    const ofInstance = createHeadroom({ store, signal: later.signal }).retrieve({ hash });
    const both = Promise.allSettled([hanging, ofInstance]);
    while (asked.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    later.abort(new Error("meanwhile"));
    await both;
    await expect(hanging).rejects.toThrow("meanwhile");
    await expect(ofInstance).rejects.toThrow("meanwhile");
    expect(asked).toEqual([hash, hash]);
  });
});

describe("labels and spans", () => {
  const labels = (result: RetrieveResult): string[] => result.slices.map(({ label }) => label);

  it("name the line of a hit, and the lines around it", async () => {
    const hit = await ask(lines, { query: "line 150 of", limit: 1 });
    expect(labels(hit)).toEqual(["line 148 to line 152"]);
    expect(served(hit)).toBe(lines.split("\n").slice(147, 152).map((line) => `${line}\n`).join("")); // biome-ignore format: one idea
    expect(labels(await ask(lines, { query: "line 1 of", limit: 1 }))).toEqual([
      "line 1 to line 3",
    ]);
    expect(labels(await ask(lines, { query: "line 300 of", limit: 1 }))).toEqual([
      "line 298 to line 300",
    ]);
    const long = `${"a ".repeat(1_500)}needle ${"b ".repeat(100)}\nend`;
    const windowed = await ask(long, { query: "needle", limit: 1 });
    expect(labels(windowed)).toEqual(["line 1, from character 2800"]);
    expect(served(windowed)).toBe(long.slice(2_800, 3_206));
  });

  it("join ranges that touch, and keep apart those that do not", async () => {
    expect(labels(await ask(lines, { lines: "1-2,3-4" }))).toEqual(["lines 1-4 of 300"]);
    expect(labels(await ask(lines, { lines: "4,2-3,2" }))).toEqual(["lines 2-4 of 300"]);
    expect(labels(await ask(lines, { lines: "1-2,4" }))).toEqual([
      "lines 1-2 of 300",
      "lines 4 of 300",
    ]);
    expect(labels(await ask(json, { rows: "0-1,2,48-" }))).toEqual([
      "rows 0-2 of 50 of data.items",
      "rows 48-49 of 50 of data.items",
    ]);
  });

  it("count characters where a slice is a part of a span", async () => {
    const { nextOffset, slices } = await ask(lines, {}, 120);
    const size = lines.length;
    const shown = slices[0]?.text.length ?? 0;
    expect(labels({ slices } as never)).toEqual([
      `the original (300 lines, ${size} characters), characters 0-${shown} of ${size}`,
    ]);
    expect(nextOffset).toBe(shown);
    const next = await ask(lines, { offset: shown }, 120);
    expect(next.slices[0]?.label).toContain(`, characters ${shown}-`);
    expect(next.text).toContain(
      `[${size - (next.nextOffset ?? 0)} more characters: call again with offset ${next.nextOffset}]`,
    );
  });
});

describe("the size of an answer", () => {
  const key = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 30 }),
    fc.constantFrom("k", "rows", "x ".repeat(40_000), "😀".repeat(9_000), "ab\n".repeat(5_000)),
  );
  const leaf = fc.oneof(fc.integer(), fc.constantFrom("free", "y".repeat(3_000)));
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: "small" },
      leaf,
      fc.array(tie("any"), { maxLength: 30 }),
      fc.array(fc.record({ id: fc.nat(), plan: fc.constant("free") }), { maxLength: 200 }),
      fc.array(fc.tuple(key, tie("any")), { maxLength: 30 }).map((all) => Object.fromEntries(all)),
    ),
  })).any;
  const asked = fc.record(
    {
      query: fc.oneof(key, fc.constantFrom("free", "zzqq")),
      lines: fc.oneof(key, fc.constantFrom("1-", "1,3,5,7,9,11,13,15,17")),
      rows: fc.oneof(key, fc.constantFrom("0-", "0,2,4,6,8")),
      path: fc.oneof(key, fc.constantFrom("[*]", "..k", "[*].plan", "[plan=free].id", "[id>3]")),
      level: fc.oneof(key, fc.constantFrom("error", "info")),
      count: fc.boolean(),
      offset: fc.oneof(fc.nat(5_000), fc.constantFrom(-1, Number.NaN)),
      limit: fc.oneof(fc.nat(500), fc.constantFrom(-1, 1e9)),
      hash: fc.oneof(fc.constant("nonsense"), key),
    },
    { requiredKeys: [] },
  );

  it("is never more than 200 tokens over maxTokens, whatever the original and the request", async () => {
    const o200k = await loadCounter("o200k_base");
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          value.map((any) => JSON.stringify(any)),
          key,
        ),
        asked,
        fc.constantFrom(1, 10, 100, 300, 2_000),
        async (text, request, maxTokens) => {
          const store = memoryStore();
          const ref = refOf(text, refScope("default"));
          await store.put({ ref, text });
          for (const tokenCounter of [o200k, { name: "estimate", count: estimateTokens }]) {
            const full = { hash: ref, ...request };
            const result = await retrieve(store, full, { maxTokens, tokenCounter });
            const tokens = tokenCounter.count(result.text);
            expect(tokens).toBeLessThanOrEqual(maxTokens + 200);
            // With room for its frame and without a remark an answer keeps to the very number.
            if (maxTokens >= 300) expect(tokens).toBeLessThanOrEqual(maxTokens);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it("has no share of keys as long as the original: labels and notes are cut", async () => {
    const long = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [`k${i}${"x ".repeat(50_000)}`, i]),
    );
    const text = JSON.stringify({
      ...long,
      rows: Array.from({ length: 400 }, (_, id) => ({ id, status: "active", plan: "free" })),
    });
    const [first = ""] = Object.keys(long);
    for (const request of [
      { path: "nope" },
      { path: first },
      { path: `${first}.no` },
      { rows: "0" },
      { rows: "0", path: first },
      { rows: first },
      { lines: first },
      { query: "zzzzqqq" },
      { query: "free" },
      { query: "k7x" },
      { hash: first },
    ]) {
      const result = await ask(text, request, 100);
      expect(result.text.length, JSON.stringify(request).slice(0, 40)).toBeLessThan(1_300);
    }
    expect(served(await ask(text, { path: first }))).toBe("0");
  });
});

describe("existence", () => {
  it("of what another namespace stored is not asked of the store at all", async () => {
    const kept = memoryStore();
    const asked: string[] = [];
    const store = {
      ...kept,
      get: (ref: CcrRef) => {
        asked.push(ref);
        return kept.get(ref);
      },
    };
    const scope = refScope("victim", "v");
    const text = "x".repeat(100_000);
    for (let i = 0; i < 40; i++) {
      const ref = refOf(text + i, scope);
      await kept.put({ ref, text: text + i });
      for (const hash of [ref, refToHex(ref)])
        expect(
          (await retrieve(store, { hash }, { namespace: "attacker", secret: "w" })).found,
        ).toBe(false);
    }
    // One foreign ref in 65,536 passes for one of ours.
    expect(asked.length).toBeLessThan(4);
  });
});
