/** Law 9: a sentence of a view that is not true is found. */
import { describe, expect, it } from "vitest";
import { finish } from "../steps.ts";
import type { Fact, Statement } from "../types/statement.ts";
import { printFact } from "../view/fact.ts";
import { falseSentence } from "./check.ts";

const LINES = ["start", "job 1 done in 3.2G", "job 2 done in 900M", "job 3 done in 1.5G", "end"];
const TEXT = LINES.join("\n");
const SIZES = [undefined, "3.2G", "900M", "1.5G", undefined];
const ORIGINAL = { values: (of: string) => (of === "sizes" ? SIZES : undefined) };

function check(text: string, facts: readonly Fact[], more: Partial<Statement> = {}): boolean {
  const statement: Statement = { text, of: "", about: [[1, 4]], facts, ...more };
  const view = { text: `start\n${text}\nend`, omitted: [], statements: [statement] };
  return finish(falseSentence(TEXT, view, ORIGINAL, 1)) === undefined;
}

const like = (pattern: string): Fact => ({ says: "like", pattern });

describe("a sentence about lines", () => {
  it.each([
    ["… 3 lines like: job * done in * (2-4)", [like("job * done in *")], true],
    ["… 4 lines like: job * done in * (2-4)", [like("job * done in *")], false],
    ["… 3 lines like: job * done in * (2-5)", [like("job * done in *")], false],
    ["… 3 lines like: job * failed (2-4)", [like("job * failed")], false],
    ["… 3 lines like: job * done (2-4)", [like("job * failed")], false],
    ["… 3 of 5 lines (2-4)", [], true],
    ["… 3 of 6 lines (2-4)", [], false],
  ] as const)("%s", (text, facts, isTrue) => {
    expect(check(text, facts)).toBe(isTrue);
  });

  it("has to stand in the view, and a view has no other sentence with a number", () => {
    const view = (text: string, statements: readonly Statement[]) =>
      finish(falseSentence(TEXT, { text, omitted: [], statements }, undefined, 1));
    const said: Statement = { text: "… 3 lines (2-4)", of: "", about: [[1, 4]], facts: [] };
    expect(view("start\n… 3 lines (2-4)\nend", [said])).toBeUndefined();
    expect(view("start\nend", [said])).toBe("… 3 lines (2-4)");
    expect(view("start\n… 3 lines (2-4)\n… 7 more\nend", [said])).toBe("… 7 more");
    expect(view("start\n… 3 lines (2-4)\n… and more\nend", [said])).toBeUndefined();
  });

  it("may be about a field in whose name the place stands", () => {
    const statement: Statement = {
      text: "number of items: all 20",
      of: "items",
      about: [[0, 3]],
      field: "number of items",
      facts: [{ says: "all", value: "20" }],
    };
    const check = (value: string, text: string) =>
      finish(
        falseSentence(
          TEXT,
          { text, omitted: [], statements: [{ ...statement, text }] },
          { values: () => [value, value, value] },
          1,
        ),
      );
    expect(check("20", statement.text)).toBeUndefined();
    expect(check("21", statement.text)).toBe(statement.text);
    expect(check("20", "number of others: all 20")).toBe("number of others: all 20");
  });

  it("may be said of two things in the same words, in any order, and of no third", () => {
    const say = (from: number, to: number): Statement => ({
      text: "2 lines",
      of: "",
      about: [[from, to]],
      facts: [{ says: "count", count: 2 }],
    });
    const other: Statement = { text: "line 1", of: "", about: [[0, 1]], facts: [] };
    const statements = [say(0, 2), other, say(2, 4)];
    const check = (text: string) =>
      finish(falseSentence(TEXT, { text, omitted: [], statements }, undefined, 1));
    expect(check("… 2 lines\n… 2 lines, line 1")).toBeUndefined();
    expect(check("… 2 lines, line 1\n… 2 lines")).toBeUndefined();
    expect(check("… 2 lines, line 1\n… 2 lines\n… 2 lines")).toBe("… 2 lines");
  });

  it("stands twice where two of the same words follow each other, and once where it is of two fields", () => {
    const say = (from: number, field?: string): Statement => ({
      text: field === undefined ? "… 2 the same" : "… 2 the same, x and y",
      of: "both",
      about: [[from, from + 2]],
      facts: [],
      ...(field === undefined ? {} : { field }),
    });
    const original = { values: () => LINES };
    const check = (text: string, ...statements: Statement[]) =>
      finish(falseSentence(TEXT, { text, omitted: [], statements }, original, 1));
    const twice = "… 2 the same\n+ line\n… 2 the same";
    expect(check(twice, say(0), say(2))).toBeUndefined();
    expect(check(twice, say(0))).toBe("… 2 the same");
    const fields = "… 2 the same, x and y";
    expect(check(fields, say(0, "x"), say(0, "y"))).toBeUndefined();
    expect(check(`${fields}\n${fields}`, say(0, "x"), say(0, "y"))).toBe(fields);
  });

  it("is found where its number begins, not within a longer one", () => {
    const many = Array.from({ length: 20 }, (_, at) => `l${at}`).join("\n");
    const say = (text: string, size: number): Statement => ({
      text,
      of: "",
      about: [[0, size]],
      facts: [],
    });
    const text = "a\n… 2 rest\n… 12 rest\n… 2 rest";
    const statements = [say("2 rest", 2), say("12 rest", 12), say("2 rest", 2)];
    const view = { text, omitted: [], statements };
    expect(finish(falseSentence(many, view, undefined, 1))).toBeUndefined();
  });

  it("of a part counts lines from where the part begins", () => {
    const said: Statement = { text: "… 3 lines (12-14)", of: "", about: [[1, 4]], facts: [] };
    const view = { text: said.text, omitted: [], statements: [said] };
    expect(finish(falseSentence(TEXT, view, undefined, 11))).toBeUndefined();
    expect(finish(falseSentence(TEXT, view, undefined, 12))).toBe(said.text);
  });
});

describe("a sentence about lines under another name", () => {
  const shown = { values: (of: string) => (of === "lines as shown" ? LINES : undefined) };
  const isTrue = (said: Statement): boolean =>
    finish(falseSentence(TEXT, { text: said.text, omitted: [], statements: [said] }, shown, 1)) ===
    undefined;
  const said: Statement = {
    text: "… 3 lines (2-4)",
    of: "lines as shown",
    about: [[1, 4]],
    facts: [{ says: "count", count: 3 }],
  };

  it("counts them from 1, not from 0", () => {
    expect(isTrue(said)).toBe(true);
    expect(isTrue({ ...said, about: [[2, 5]] })).toBe(false);
  });

  it("does not take a count that is a fact for the end of a range as well", () => {
    const two: Statement = {
      ...said,
      text: "… 2 lines (2-3)",
      about: [[2, 4]],
      facts: [{ says: "count", count: 2 }],
    };
    expect(isTrue(two)).toBe(false);
    expect(isTrue({ ...two, about: [[1, 3]] })).toBe(true);
  });
});

describe("a fact about a field", () => {
  const sizes = { of: "sizes", field: "size" };
  it.each([
    [{ says: "range", least: "900M", most: "3.2G" }, true],
    [{ says: "range", least: "1.5G", most: "900M" }, false],
    [{ says: "range", least: "1.5G", most: "3.2G" }, false],
    [{ says: "distinct", count: 3 }, true],
    [{ says: "distinct", count: 2 }, false],
    [{ says: "sum", sum: "5.58G" }, true],
    [{ says: "sum", sum: "9.1G" }, false],
    [{ says: "all", value: "3.2G" }, false],
    [
      {
        says: "counts",
        counts: [
          ["3.2G", 1],
          ["900M", 1],
        ],
        others: 1,
      },
      true,
    ],
    [{ says: "counts", counts: [["3.2G", 2]], others: 1 }, false],
    [{ says: "counts", counts: [["3.2G", 1]], others: 1 }, false],
    [{ says: "none", text: "kb" }, true],
    [{ says: "none", text: "g" }, false],
    [{ says: "sorted", order: "ascending" }, false],
  ] as readonly (readonly [Fact, boolean])[])("%o is %s", (fact, isTrue) => {
    expect(check(`size ${printFact(fact)}`, [fact], sizes)).toBe(isTrue);
    expect(check("size is not said", [fact], sizes)).toBe(false);
  });

  it("of a sequence that does not exist is false", () => {
    expect(check("size", [], { of: "nothing" })).toBe(false);
    expect(check("… 1 row", [], { about: [[4, 9]] })).toBe(false);
  });
});
