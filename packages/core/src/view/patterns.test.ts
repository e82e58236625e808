import { describe, expect, it } from "vitest";
import { countPatterns, holds, printFact } from "./fact.ts";

const values = ["request 1 is done", "cache miss 7", "request 2 is done", "odd"];

describe("facts of json views", () => {
  it("count values under the first pattern they are like", () => {
    expect(countPatterns(["request * is done", "*s *"], values)).toEqual({
      counts: [2, 1],
      others: 1,
    });
  });

  it("hold with these counts alone", () => {
    const fact = {
      says: "patterns",
      patterns: [
        ["request * is done", 2],
        ["cache miss *", 1],
      ],
      others: 1,
    } as const;
    expect(printFact(fact)).toBe("like request * is done ×2, cache miss * ×1, others ×1");
    expect(holds(fact, values)).toBe(true);
    expect(holds({ ...fact, others: 0 }, values)).toBe(false);
    expect(holds({ ...fact, patterns: [["request * is done", 3]] }, values)).toBe(false);
    expect(holds(fact, values.slice(1))).toBe(false);
  });

  it("say that a value goes on, or that a field is still missing", () => {
    expect(holds({ says: "same", value: "x" }, ["x", "x"])).toBe(true);
    expect(holds({ says: "same", value: "x" }, ["x", undefined])).toBe(false);
    expect(holds({ says: "same", value: undefined }, [undefined])).toBe(true);
    expect(holds({ says: "same", value: undefined }, ["x"])).toBe(false);
    expect(printFact({ says: "same", value: "x" })).toBe("");
  });
});
