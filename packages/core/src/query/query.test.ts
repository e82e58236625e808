import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isEmptyQuery, parseQuery, rankByQuery } from "./query.ts";
import { scanWords, stem } from "./words.ts";

function words(text: string): string[] {
  const out: string[] = [];
  scanWords(text, (word, _start, _end, part) => out.push(part ? `+${word}` : word));
  return out;
}

function best(query: string, documents: readonly string[]): number {
  const scores = rankByQuery(query, documents);
  let at = -1;
  for (let d = 0; d < scores.length; d++)
    if ((scores[d] ?? 0) > (at < 0 ? 0 : (scores[at] ?? 0))) at = d;
  return at;
}

describe("words", () => {
  it("splits at anything but letters and digits, and camelCase besides", () => {
    expect(words("get_user-byID parseHTTPResponse v2.1")).toEqual([
      "get",
      "user",
      "byid",
      "+by",
      "+id",
      "parsehttpresponse",
      "+parse",
      "+http",
      "+response",
      "v2",
      "1",
    ]);
  });

  it("stems plurals and -ing so that question and output meet", () => {
    for (const [a, b] of [
      ["errors", "error"],
      ["retries", "retry"],
      ["caches", "cache"],
      ["caching", "cache"],
      ["running", "run"],
      ["failing", "fail"],
      ["addresses", "address"],
      ["batches", "batch"],
    ] as const) {
      expect(stem(a), a).toBe(stem(b));
    }
    expect(stem("status")).toBe("status");
    expect(stem("string")).toBe("string");
  });
});

describe("parseQuery", () => {
  it("leaves stop words out", () => {
    expect(isEmptyQuery(parseQuery("What is this, and where are those?"))).toBe(true);
    expect([...parseQuery("Which of the orders failed?").words.keys()]).toEqual([
      "order",
      "failed",
    ]);
  });

  it.each([
    ['who wrote "disk is full"?', "disk is full"],
    ["see 3f2b8c1e-9d4a-4f6b-8e2d-1a7c5b9d0e3f please", "3f2b8c1e-9d4a-4f6b-8e2d-1a7c5b9d0e3f"],
    ["what about order 48213?", "48213"],
    ["open src/auth/login.ts.", "src/auth/login.ts"],
    ["ask ops@example.org, please", "ops@example.org"],
    ["is db-07.eu.example.net up?", "db-07.eu.example.net"],
    ["where is parseHeader called", "parseheader"],
    ["what does max_retry_count do", "max_retry_count"],
  ])("takes the literal out of %j", (query, literal) => {
    const found = parseQuery(query).literals.map((each) => each.text);
    expect(found).toContain(literal);
  });

  it("does not take an apostrophe for a quote", () => {
    expect(parseQuery("don't drop the user's rows").literals).toEqual([]);
  });
});

describe("rankByQuery", () => {
  it("finds the row a number names, at word boundaries only", () => {
    expect(
      best("What happened to order 48213?", [
        "order 148213 ok",
        "order 482130 ok",
        "order 48213 ok",
      ]),
    ).toBe(2);
  });

  it("gives nothing to words that every document has", () => {
    const documents = ["service api up", "service api up", "service billing down"];
    const scores = rankByQuery("which service does billing?", documents);
    expect(scores[2]).toBeGreaterThan(5 * (scores[0] ?? 0));
  });

  it("prefers an exact path to its words", () => {
    expect(
      best("what is in src/db/pool.ts?", [
        "pool pool db src",
        "see src/db/pool.ts",
        "src/db/pools.ts",
      ]),
    ).toBe(1);
  });

  it("scores 0 without a match and for an empty question", () => {
    expect([...rankByQuery("zebra", ["a b", "c d"])]).toEqual([0, 0]);
    expect([...rankByQuery("", ["a b"])]).toEqual([0]);
    expect(rankByQuery("zebra", []).length).toBe(0);
  });

  it("is total, finite and the same every time", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.array(fc.string({ unit: "grapheme" }), { maxLength: 8 }),
        (query, documents) => {
          const scores = rankByQuery(query, documents);
          expect(scores.length).toBe(documents.length);
          for (const score of scores) expect(Number.isFinite(score) && score >= 0).toBe(true);
          expect(rankByQuery(query, documents)).toEqual(scores);
        },
      ),
      { numRuns: 400 },
    );
  });

  it("finds a planted code wherever it stands", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), fc.nat(), (count, seed) => {
        const at = seed % count;
        const documents = Array.from(
          { length: count },
          (_, d) => `row ${d} value ${d * 7} status ok${d === at ? " ref QX-77182" : ""}`,
        );
        expect(best("Which row has QX-77182?", documents)).toBe(at);
      }),
      { numRuns: 200 },
    );
  });
});
