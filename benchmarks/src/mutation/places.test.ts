import { describe, expect, it } from "vitest";
import { changed } from "./change.ts";
import { importsOf, type Operator, parses, placesOf } from "./places.ts";

/** Every source an operator makes of a snippet. */
function changesOf(operator: Operator, source: string): readonly string[] {
  return placesOf(source)
    .filter((place) => place.operator === operator)
    .map((place) => changed(source, place));
}

describe("operators", () => {
  it.each<[Operator, string, readonly string[]]>([
    ["and-or", "x = a && b || c;", ["x = ((a && b) && (c));", "x = ((a) || (b)) || c;"]],
    ["and-or", "x = a ?? b;", []],
    ["await", "const x = await f(1);", ["const x = f(1);"]],
    ["boundary", "x = a < b;", ["x = a <= b;"]],
    ["boundary", "x = a >= b;", ["x = a > b;"]],
    ["boundary", "x = a === b;", []],
    ["drop-call", "f(1); x = f(2);", ["; x = f(2);"]],
    ["drop-call", "await f?.();", [";"]],
    ["drop-call", "void f();", [";"]],
    ["early-return", "function f() { g(); }", ["function f() { return undefined as never; g(); }"]],
    [
      "early-return",
      "const f = () => { g(); };",
      ["const f = () => { return undefined as never; g(); };"],
    ],
    ["early-return", "if (a) { g(); }", []],
    [
      "jump",
      "for (;;) { if (a) continue; break; }",
      ["for (;;) { if (a) ; break; }", "for (;;) { if (a) continue; ; }"],
    ],
    [
      "negate",
      "if (a) b(); x = c ? 1 : 2;",
      ["if (!(a)) b(); x = c ? 1 : 2;", "if (a) b(); x = !(c) ? 1 : 2;"],
    ],
    ["number", "x = 0;", ["x = 1;"]],
    ["number", "x = 8;", ["x = 9;", "x = 0;"]],
    ["plus-minus", "x = a + b - 1;", ["x = a - b - 1;", "x = a + b + 1;"]],
    ["plus-minus", 'x = "a" + b;', []],
    [
      "slice-off-by-one",
      "x = s.slice(a, b);",
      [
        "x = s.slice((a) + 1, b);",
        "x = s.slice((a) - 1, b);",
        "x = s.slice(a, (b) + 1);",
        "x = s.slice(a, (b) - 1);",
      ],
    ],
    ["slice-off-by-one", "x = s.at(1);", []],
    ["string", 'x = "é" + f("");', ['x = "é~" + f("");', 'x = "é" + f("~");']],
    ["string", `x = \`a\${b}c\`;`, [`x = \`~a\${b}c\`;`, `x = \`a\${b}~c\`;`]],
    ["string", 'x = { "a b": 1, c: "d" };', ['x = { "a b": 1, c: "d~" };']],
  ])("%s: %s", (operator, source, expected) => {
    expect([...changesOf(operator, source)].sort()).toEqual([...expected].sort());
  });

  it("leave types, imports, directives and comments alone", () => {
    const source = [
      '"use strict";',
      'import { a } from "./a.ts";',
      'export { b } from "./b.ts";',
      'export * from "./c.ts";',
      'type A = "a" | 1;',
      'interface B { readonly c: "d"; f(x: 1): void }',
      'declare const d: "e";',
      '// f("g"); if (a && b) return;',
      "enumerate satisfies 3;",
    ].join("\n");
    expect(placesOf(source)).toEqual([]);
  });

  it("look into values with a type", () => {
    expect(changesOf("number", "x = [1 as const, 2 satisfies 5, y!.f(3)];")).toHaveLength(5);
  });
});

describe("parses", () => {
  it("refuses a change that is no TypeScript", () => {
    const place = { operator: "jump", start: 4, end: 5, text: ")" } as const;
    expect([parses("x = 1;", place), parses("x = 1;", { ...place, text: "2" })]).toEqual([
      false,
      true,
    ]);
  });
});

describe("importsOf", () => {
  it("names what is loaded, not what is only typed", () => {
    const source = [
      'import a from "./a.ts";',
      'import type { B } from "./b.ts";',
      'export { c } from "./c.ts";',
      'export type { D } from "./d.ts";',
      'const e = await import("./e.ts");',
    ].join("\n");
    expect(importsOf(source)).toEqual(["./a.ts", "./c.ts", "./e.ts"]);
  });
});
