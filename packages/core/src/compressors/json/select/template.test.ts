import { describe, expect, it } from "vitest";
import { isWordy, templateHash, templateOf } from "./template.ts";

describe("templateOf", () => {
  it.each([
    ["", ""],
    ["plain words", "plain words"],
    ["Issue #1043: Memory leak", "Issue #: Memory leak"],
    ["user_8347 paid 12.50", "user_# paid #"],
    ["user_99 paid 3", "user_# paid #"],
    ["v2", "#"],
    ["a1b c", "# c"],
    ["2026-03-01T00:05:00", "#"],
    ["10.0.0.1:8080", "#"],
    ["1/2+3", "#"],
    ["1-2_3", "#_#"],
    ["1 2", "# #"],
    ["1,2", "#,#"],
    ["7-abc", "#-abc"],
    ["7-a1", "#"],
    ["7--1", "#--#"],
    ["1.x.2", "#.x.#"],
    ["ece02481-3a1f-46d6", "#"],
    ["é1 ü", "# ü"],
    ["a\u007f1", "a\u007f#"],
    ["/9:0/", "/#/"],
    ["zZ@[`{aA", "zZ@[`{aA"],
    [`7-${"a".repeat(39)}1`, "#"],
    [`7-${"a".repeat(40)}1`, "#-#"],
  ])("of %j is %j", (text, template) => {
    expect(templateOf(text)).toBe(template);
  });

  it("reads 160 characters", () => {
    expect(templateOf("a".repeat(161))).toBe("a".repeat(160));
    expect(templateOf(`${"a".repeat(159)}1`)).toBe("#");
    expect(templateOf(`${"a".repeat(160)}1`)).toBe("a".repeat(160));
    expect(templateOf(`${" ".repeat(158)}1-2`)).toBe(`${" ".repeat(158)}#-`);
    expect(templateOf(`${" ".repeat(157)}1-2`)).toBe(`${" ".repeat(157)}#`);
  });
});

describe("templateHash", () => {
  const hashOf = (text: string): number => templateHash(`<${text}>`, 1, text.length + 1);

  it.each([
    ["user_8347 paid 12.50", "user_99 paid 3"],
    ["2026-03-01T00:05:00", "2027-01-01"],
    ["10.0.0.1:8080", "9"],
    ["1/2+3", "7"],
    ["a1", "b2"],
    ["zZ9", "0"],
    ["é1", "1"],
    [`${"a ".repeat(80)}b`, `${"a ".repeat(80)}c`],
    [`${"a".repeat(160)}b`, "a".repeat(160)],
  ])("is one number for %j and %j", (a, b) => {
    expect(hashOf(a)).toBe(hashOf(b));
  });

  it.each([
    ["a,b", "a-b"],
    ["ab", "ba"],
    ["a b", "ab"],
    ["a", "b"],
    ["", "a"],
    ["", "1"],
    ["1", "1 1"],
    ["1 1", "1,1"],
    ["1,", "1;"],
    ["a1", "a"],
    ["x y", "x 1"],
    ["a ", " a"],
    ["ledger 1", "tenant 1"],
    ["1 ledger", "1 tenant"],
    ["ax", "bx"],
    ["é", "ü"],
    ["a\u0080", "a\u007f"],
    [`${"a".repeat(159)}b`, `${"a".repeat(159)}c`],
    ["ok: all", "ok; all"],
    ["a,,b", "a,b"],
    ["1,-2", "1,2"],
  ])("is two numbers for %j and %j", (a, b) => {
    expect(hashOf(a)).not.toBe(hashOf(b));
  });

  it("tells a few thousand shapes apart", () => {
    const words = "ledger tenant quota shard cursor bucket worker replica".split(" ");
    const signs = " ,;:-_/=|()[]<>".split("");
    const shapes = words.flatMap((a) =>
      words.flatMap((b) => signs.flatMap((sign) => [`${a}${sign}${b}`, `${a}${sign}${b}${sign}`])),
    );
    expect(new Set(shapes.map(hashOf)).size).toBe(shapes.length);
  });
});

describe("isWordy", () => {
  it.each([
    ["#:ab:#", false],
    ["#:abc:#", true],
    ["ab1c", true],
    ["", true],
    ["null", true],
    ["nul", true],
    ["nu", false],
    ["#", false],
    ["éüñ", true],
    ["中文字", false],
    ["ABC", true],
  ])("of %j is %s", (template, wordy) => {
    expect(isWordy(template)).toBe(wordy);
  });
});
