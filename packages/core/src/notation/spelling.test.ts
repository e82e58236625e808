/** Names, legends and ditto signs at their exact limits. */
import { describe, expect, it } from "vitest";
import { finish } from "../steps.ts";
import { chooseDittos } from "./ditto.ts";
import { lineAt, NotationError, readOrUndefined } from "./error.ts";
import { FEATURES, hasLegend, printLegend, readLegend, sentenceOf } from "./legend.ts";
import {
  freeNames,
  MIN_NAMED_TOKENS,
  printDefinition,
  readDefinition,
  replaceNames,
} from "./names.ts";

describe("a name that is free", () => {
  it.each([
    ["", ["@1", "@2"]],
    ["@1", ["@2", "@3"]],
    ["@12", ["@2", "@3"]],
    ["@2 @@1 @a3", ["@3", "@4"]],
    ["@0 @01 @ @x", ["@1", "@2"]],
    ["@20", ["@1", "@3"]],
    ["@1@2", ["@3", "@4"]],
  ])("stands nowhere in %j, nor is it the beginning of one that does", (original, names) => {
    const free = freeNames(original);
    expect([free(), free()]).toEqual(names);
  });

  it("has five digits at most", () => {
    const free = freeNames("@123456");
    const names = Array.from({ length: 12_345 }, free);
    for (const taken of ["@1", "@12", "@123", "@1234", "@12345"])
      expect(names).not.toContain(taken);
    expect(names.at(-1)).toBe("@12350");
  });
});

describe("a definition", () => {
  it.each([
    ["@1=text", { name: "@1", text: "text" }],
    ["@09=", { name: "@09", text: "" }],
    ["@12==x", { name: "@12", text: "=x" }],
    ["@=x", undefined],
    ["@1", undefined],
    ["@1 =x", undefined],
    [" @1=x", undefined],
    ["@/=x", undefined],
    ["@:=x", undefined],
    ["1=x", undefined],
  ])("is read from a line: %s", (line, definition) => {
    expect(readDefinition(line)).toEqual(definition);
    if (definition) expect(printDefinition(definition)).toBe(line);
  });

  it("is for texts of four tokens", () => {
    expect(MIN_NAMED_TOKENS).toBe(4);
  });

  it("replaces its name where no digit goes on", () => {
    const known = new Map([
      ["@1", "one"],
      ["@12", "twelve"],
    ]);
    expect(replaceNames("@1 @12 @123 @@1@1x @ @", known)).toBe("one twelve @123 @oneonex @ @");
    expect(replaceNames("@1", new Map())).toBe("@1");
  });

  it("stands for 67,108,864 characters at most, spelled out", () => {
    const known = new Map([["@1", "x".repeat(2 ** 20)]]);
    expect(replaceNames("@1".repeat(64), known)).toHaveLength(2 ** 26);
    expect(() => replaceNames(`${"@1".repeat(63)} @1`, known)).toThrow(
      new NotationError("names that stand for less text"),
    );
  });
});

describe("a legend", () => {
  it("is read with its features, its size and its end", () => {
    for (const size of [
      undefined,
      { count: 0, unit: "lines" },
      { count: 12, unit: "lines in columns" },
    ] as const) {
      const features = new Set(FEATURES.slice(2, 5));
      const line = printLegend("log", features, size);
      expect(readLegend("log", `${line}\nbody`)).toEqual({ features, size, end: line.length + 1 });
    }
    expect(printLegend("log", new Set(), { count: 9, unit: "lines" })).toBe("[log] 9 lines.");
    for (const none of [
      "[log] 09 lines.\n",
      "[log] 9 line.\n",
      "[log] -1 lines.x\n",
      "[log]x\n",
      "[log] \n",
      "log\n",
    ])
      expect(hasLegend("log", none), none).toBe(false);
    expect(hasLegend("log", "[log]\n")).toBe(true);
    const many = "1".repeat(15);
    expect(readLegend("log", `[log] ${many} lines.\n`)?.size?.count).toBe(Number(many));
    expect(hasLegend("log", `[log] ${many}1 lines.\n`)).toBe(false);
  });

  it("has a sentence for each feature, none of which begins another", () => {
    const sentences = FEATURES.map(sentenceOf);
    for (const sentence of sentences)
      expect(sentences.filter((other) => other.startsWith(sentence))).toEqual([sentence]);
  });
});

describe("ditto signs", () => {
  it.each([
    [["abcd"], ["abcd"], [0]],
    [["abc"], ["abc"], []],
    [["abcd"], ["abce"], []],
    [["abcd"], [], []],
    [
      ["abcd", "abcde"],
      ["abcd", "abcde"],
      [0, 1],
    ],
    [
      ["abcde", "abcd", "abcdef"],
      ["abcde", "abcd", "abcdef"],
      [0, 2],
    ],
    [
      ["abcd", "bbcd", "cbcd"],
      ["abcd", "bbcd", "cbcd"],
      [0, 1],
    ],
    [
      ["abcd", "bbcde", "cbcd"],
      ["abcd", "bbcde", "cbcd"],
      [0, 1],
    ],
  ])("of %j below %j stand at %j", (values, above, at) => {
    expect(chooseDittos(values, above)).toEqual(at);
  });
});

describe("an error of the notation", () => {
  it("says the line, where it has one", () => {
    const error = new NotationError("a row", 3);
    expect([error.message, error.line, error.expected, error.name]).toEqual([
      "line 3: expected a row",
      3,
      "a row",
      "NotationError",
    ]);
    expect(new NotationError("a row")).toMatchObject({ message: "expected a row", line: 0 });
    expect(new NotationError("a row", 1).message).toBe("line 1: expected a row");
  });

  it.each([
    [0, 1],
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [99, 3],
  ])("knows the line of offset %i", (offset, line) => {
    expect(lineAt("a\nb\nc", offset)).toBe(line);
  });

  it("is no answer of a reader; every other error is its own", () => {
    const reading = (error?: Error) =>
      readOrUndefined(
        (function* (): Generator<undefined, string> {
          yield undefined;
          if (error) throw error;
          return "read";
        })(),
      );
    expect(finish(reading())).toBe("read");
    expect(finish(reading(new NotationError("x")))).toBeUndefined();
    expect(() => finish(reading(new Error("bug")))).toThrow("bug");
  });
});
