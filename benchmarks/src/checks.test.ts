/** The checks of the benchmarks must be able to fail. */
import { describe, expect, it } from "vitest";
import { sameJson } from "../../test/laws/json-tokens.ts";
import { headAndTail } from "./baseline.ts";
import { inventedLiterals } from "./literals.ts";
import { requestFor, tallyVisible, visible } from "./needles.ts";
import { hiddenChanges, hiddenErrors, hiddenFiles } from "./visible-lines.ts";

describe("sameJson", () => {
  it("ignores white space and escapes, and nothing else", () => {
    expect(sameJson('{ "a": [1, "\\u0041"] }\n', '{"a":[1,"A"]}')).toBe(true);
    for (const other of ['{"a":[1.0,"A"]}', '{"a":["1","A"]}', '{"a":[1]}', '{"b":[1,"A"]}', "{"]) {
      expect(sameJson('{"a":[1,"A"]}', other), other).toBe(false);
    }
    expect(sameJson('{"a":1,"b":2}', '{"b":2,"a":1}')).toBe(false);
  });
});

describe("inventedLiterals", () => {
  const original = 'src/app.ts:12: took 431 ms, see https://example.com/a/1 and "the old name"';

  it("finds a changed path, number, URL and quoted string", () => {
    expect(inventedLiterals("src/app.ts:13: took 432 ms", original)).toEqual(
      expect.arrayContaining(["src/app.ts:13", "432"]),
    );
    expect(inventedLiterals("https://example.com/a/2", original)).toContain(
      "https://example.com/a/2",
    );
    expect(inventedLiterals('"the new name"', original)).toEqual(["the new name"]);
  });

  it("leaves out our own words", () => {
    const output = [
      "[[hr:aaaaaaaaaaaaaaaaaaaaaa log, omitted: 99 of 100 lines; get them with headroom_retrieve]]",
      "[log] 77 words of a legend",
      "#55 src/app.ts:12 ×9 3-80",
      "… 66 lines like: took # ms",
      "Row(took | see=1) up to 88 keys",
      "{99 keys",
      "70..89",
      '"the … 5 characters omitted … name"',
    ].join("\n");
    expect(inventedLiterals(output, original)).toEqual([]);
  });
});

describe("needles", () => {
  it("accepts the escaped form of a string", () => {
    expect(visible('{"m":"say \\"no\\""}', 'say "no"')).toBe(true);
    expect(visible("say no", 'say "no"')).toBe(false);
  });

  it("needs every string of a needle, and one of a signal", () => {
    expect(tallyVisible({ kind: "must", expect: ["a", "b"] }, "a")).toMatchObject({
      met: 0,
      stringsMet: 1,
      missing: ["b"],
    });
    expect(tallyVisible({ kind: "signal", any_of: ["x", "a"] }, "a")).toMatchObject({ met: 1 });
  });

  it("builds the request from the question alone", () => {
    const ask = (question: string) => requestFor({ kind: "ccr", question }, "ref");
    expect(ask("Retrieve line 12 of the original output verbatim.")).toEqual({
      hash: "ref",
      lines: "12",
    });
    expect(ask("row 317")).toEqual({ hash: "ref", rows: "317" });
    expect(ask("Who opened it?")).toEqual({ hash: "ref", query: "Who opened it?" });
  });
});

describe("visible lines", () => {
  it("misses an error line, but none of a kind that is shown once", () => {
    const log = "INFO fine\nERROR disk 7 is full\nERROR disk 8 is full\nERROR no route\n0 errors";
    expect(hiddenErrors(log, "ERROR disk 8 is full")).toEqual({
      total: 2,
      hidden: ["ERROR no route"],
    });
  });

  it("misses a changed line of a person's file and not one of a lock file", () => {
    const diff = [
      "diff --git a/yarn.lock b/yarn.lock",
      "@@ -1 +1 @@",
      "-old",
      "diff --git a/src/a.ts b/src/a.ts",
      "--- a/src/a.ts",
      "+++ b/src/a.ts",
      "@@ -1 +1 @@",
      "-x",
      "+y",
    ].join("\n");
    expect(hiddenChanges(diff, "-x")).toEqual({ total: 2, hidden: ["+y"] });
  });

  it("misses a file of search hits", () => {
    expect(hiddenFiles("src/a.ts:1:x\nsrc/b.ts:2:y", "src/a.ts")).toEqual({
      total: 2,
      hidden: ["b.ts"],
    });
  });
});

describe("headAndTail", () => {
  it("stays near its budget", () => {
    const lines = (text: string): number => text.split("\n").length;
    const cut = headAndTail(
      Array.from({ length: 100 }, (_, i) => `line ${i}`).join("\n"),
      20,
      lines,
    );
    expect(cut.split("\n").length).toBeLessThanOrEqual(21);
    expect(cut).toContain("line 0");
    expect(cut).toContain("line 99");
  });
});
