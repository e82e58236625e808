import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { finish } from "../steps.ts";
import type { Steps } from "../types/compressor.ts";
import { chooseDittos, MAX_DITTOS } from "./ditto.ts";
import { lineAt, NotationError, readOrUndefined } from "./error.ts";
import { FEATURES, type Feature, hasLegend, printLegend } from "./legend.ts";
import {
  type Definition,
  freeNames,
  printDefinition,
  readDefinition,
  replaceInSteps,
  replaceNames,
  settleNames,
} from "./names.ts";

describe("legends", () => {
  it("recognise exactly what is printed", () => {
    fc.assert(
      fc.property(fc.subarray([...FEATURES]), (features) => {
        const line = printLegend("log", new Set<Feature>(features));
        expect(hasLegend("log", `${line}\nbody`)).toBe(true);
        expect(hasLegend("json", `${line}\nbody`)).toBe(false);
        expect(hasLegend("log", `${line} more\nbody`)).toBe(false);
        expect(hasLegend("log", line)).toBe(false);
      }),
    );
  });

  it("give the sentences in one order, each once", () => {
    const line = printLegend("json", new Set<Feature>(["names", "rows"]));
    expect(line).toBe("[json] T(a,b): T rows list a,b. @1=x: @1 stands for x.");
    expect(hasLegend("json", "[json] @1=x: @1 stands for x. T(a,b): T rows list a,b.\n")).toBe(
      false,
    );
  });
});

describe("names", () => {
  it("leave spellings alone that stand in the original", () => {
    const free = freeNames("mail@1.example @3 @45");
    expect([free(), free(), free()]).toEqual(["@2", "@5", "@6"]);
  });

  it("are numbered by first use; what is used once is spelled out, what is unused is dropped", () => {
    const definitions = [
      { name: "@1", text: "unused text" },
      { name: "@2", text: "second text" },
      { name: "@3", text: "first text" },
      { name: "@4", text: "text used once" },
    ];
    expect(finish(settleNames(definitions, ["@3 @4", "@2 @3 @2"], freeNames("")))).toEqual({
      definitions: [
        { name: "@1", text: "first text" },
        { name: "@2", text: "second text" },
      ],
      texts: ["@1 text used once", "@2 @1 @2"],
    });
  });

  it("spell out to the same texts before and after they are settled, and every one is used twice", () => {
    const word = fc.constantFrom("a", " ", ",", "@", "@7", "x@1 y", "…");
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 20 }).map((words) => words.join("")),
        fc.array(fc.stringMatching(/^[a-z ]{4,9}$/), { maxLength: 6 }),
        fc.array(fc.oneof(fc.nat(8), word), { maxLength: 30 }),
        (original, named, parts) => {
          const source = original + parts.join(" ");
          const free = freeNames(source);
          const definitions: Definition[] = named.map((text) => ({ name: free(), text }));
          const text = parts
            .map((part) => (typeof part === "string" ? part : (definitions[part]?.name ?? "-")))
            .join(" ");
          const settled = finish(settleNames(definitions, [text], freeNames(source)));
          const before = new Map(definitions.map(({ name, text: long }) => [name, long]));
          const after = new Map(settled.definitions.map(({ name, text: long }) => [name, long]));
          const [printed = ""] = settled.texts;
          expect(replaceNames(printed, after)).toBe(replaceNames(text, before));
          for (const { name } of settled.definitions) {
            expect(
              printed.split(/(@\d+)/).filter((piece) => piece === name).length,
            ).toBeGreaterThan(1);
          }
        },
      ),
    );
  });

  it("read back as they are printed", () => {
    const definition = { name: "@12", text: "a=b, @x" };
    expect(readDefinition(printDefinition(definition))).toEqual(definition);
    for (const line of ["", "@=x", "@1", "@1 =x", "a@1=x"]) {
      expect(readDefinition(line)).toBeUndefined();
    }
  });

  it("do not grow without bound", () => {
    const known = new Map([["@1", "x".repeat(1 << 20)]]);
    expect(finish(readOrUndefined(replaceInSteps("@1 ".repeat(100), known)))).toBeUndefined();
  });
});

describe("errors", () => {
  it("say where and what was expected", () => {
    const error = new NotationError("a row", lineAt("a\nb\nc", 3));
    expect(error.message).toBe("line 2: expected a row");
    expect(() =>
      finish(
        readOrUndefined(
          // biome-ignore lint/correctness/useYield: it fails before it could
          (function* (): Steps<string> {
            throw new Error("a bug");
          })(),
        ),
      ),
    ).toThrow("a bug");
  });
});

describe("dittos", () => {
  it("are the two longest values that equal the one above", () => {
    const values = ["aaaa", "bbb", "cccccc", "ddddd"];
    expect(chooseDittos(values, values)).toEqual([2, 3]);
    expect(chooseDittos(["aaaa", "bbbb"], ["aaaa", undefined])).toEqual([0]);
    // A short value costs as little as the sign.
    expect(chooseDittos(["bbb"], ["bbb"])).toEqual([]);
    expect(MAX_DITTOS).toBe(2);
  });
});
