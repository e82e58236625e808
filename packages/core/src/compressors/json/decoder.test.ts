// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the notation looks like this
/** The decoder by itself: each rule of docs/notation.md, and where it says that a form is broken. */
import { describe, expect, it } from "vitest";
import { printLegend } from "../../notation/legend.ts";
import { finish } from "../../steps.ts";
import { decodeForm, hasLegend, readForm } from "./form.ts";

const legend = printLegend("json", new Set());

/** The JSON behind a body, below these headers. */
function read(body: string, headers: readonly string[] = [], trailer = ""): string {
  return finish(readForm([legend, ...headers, "", body].join("\n") + trailer));
}

describe("values", () => {
  it.each([
    ["1", "1"],
    ["-0", "-0"],
    ["1.50", "1.50"],
    ["1e400", "1e400"],
    ["true", "true"],
    ["null", "null"],
    ["word", '"word"'],
    ["two words", '"two words"'],
    ['"1"', '"1"'],
    ['"a\\"b"', '"a\\"b"'],
    ['"a\\\\"', '"a\\\\"'],
    ["01", '"01"'],
    ["-", '"-"'],
    ["a/{b}c", '"a/{b}c"'],
    ["a{b}c", undefined],
    ["a}b", undefined],
    ["{/id}", undefined],
    ["x/{/id}", '"x/{/id}"'],
    ["[]", "[]"],
    ["{}", "{}"],
    ["[1]", "[1]"],
    ["[1,a,null]", '[1,"a",null]'],
    ["[[],[1]]", "[[],[1]]"],
    ["{a:1}", '{"a":1}'],
    ['{"a b":1,c:x y}', '{"a b":1,"c":"x y"}'],
    ["{a:{b:[]}}", '{"a":{"b":[]}}'],
    ["[1\n]", undefined],
    ["{\na:1,\nb:2\n}", '{"a":1,"b":2}'],
    ["[2 items\n1,\n2\n]", "[1,2]"],
    ["[1 items\n1\n]", "[1]"],
    ["[2 items,3]", '["2 items",3]'],
    ["json([1,{a:x}])", '"[1,{\\"a\\":\\"x\\"}]"'],
    ["json_({a:1,b:[1,2]})", '"{\\"a\\": 1, \\"b\\": [1, 2]}"'],
    ["json2([1,[]])", '"[\\n  1,\\n  []\\n]"'],
    ["json4({a:1})", '"{\\n    \\"a\\": 1\\n}"'],
    ["json(json(x))", '"\\"\\\\\\"x\\\\\\"\\""'],
    ["", undefined],
    ["[1,2", undefined],
    ["[1,,2]", undefined],
    ["[,]", undefined],
    ["{a:}", undefined],
  ])("%j is %s", (body, json) => {
    if (json === undefined) expect(decodeForm(`${legend}\n\n${body}`)).toBeUndefined();
    else expect(read(body)).toBe(json);
  });
});

describe("rows", () => {
  it.each([
    ["rows in lines", ["T(a,b)"], "T[2 rows\n1,x\n2,y\n]", '[{"a":1,"b":"x"},{"a":2,"b":"y"}]'],
    ["rows of one cell", ["T(a)"], "T[2 rows\n1\n\n]", '[{"a":1},{}]'],
    ["rows in one line", ["T(a,b)"], "T[(1,x),(2,y)]", '[{"a":1,"b":"x"},{"a":2,"b":"y"}]'],
    ["a row by itself", ["T(a,b)"], "T(1,x)", '{"a":1,"b":"x"}'],
    ["rows under keys", ["T(a,b)"], "T{k:(1,x),l:null}", '{"k":{"a":1,"b":"x"},"l":null}'],
    [
      "rows under keys in lines",
      ["T(a,b)"],
      "T{2 rows\nk:(1,x),\nl:(2,y)\n}",
      '{"k":{"a":1,"b":"x"},"l":{"a":2,"b":"y"}}',
    ],
    [
      "other items among rows",
      ["T(a,b)"],
      "T[4 rows\n1,x\n7\n{a:1}\n[]\n]",
      '[{"a":1,"b":"x"},7,{"a":1},[]]',
    ],
    [
      "a cell with an exception is a row",
      ["T(a | b=1)"],
      "T[2 rows\n7\n7;b=2\n]",
      '[{"a":7,"b":1},{"a":7,"b":2}]',
    ],
    ["missing keys", ["T(a,b,c)"], "T[3 rows\n1,,3\n,2,\n,,\n]", '[{"a":1,"c":3},{"b":2},{}]'],
    [
      "constants",
      ["T(a | b=x,c=null,d=[1])"],
      "T[1 rows\n1\n]",
      '[{"a":1,"b":"x","c":null,"d":[1]}]',
    ],
    [
      "constants that are missing",
      ["T(a | b=)"],
      "T[2 rows\n1\n1;b=2\n]",
      '[{"a":1},{"a":1,"b":2}]',
    ],
    [
      "exceptions",
      ["T(a | b=x,c=1)"],
      "T[2 rows\n1;b=y\n2;b=;c=z\n]",
      '[{"a":1,"b":"y","c":1},{"a":2,"c":"z"}]',
    ],
    [
      "exceptions of quoted fields",
      ['T(a | "b c"=x)'],
      'T[1 rows\n1;"b c"=y\n]',
      '[{"a":1,"b c":"y"}]',
    ],
    ["exceptions in one line", ["T(a | b=x)"], "[T(1;b=y),T(2;b=)]", '[{"a":1,"b":"y"},{"a":2}]'],
    [
      "nothing but what the header gives",
      ["T( | a=1)"],
      "T[2 rows\n()\n;a=2\n]",
      '[{"a":1},{"a":2}]',
    ],
    ["that in one line", ["T( | a=1)"], "[T(),T(;a=2)]", '[{"a":1},{"a":2}]'],
    ["and a line that is empty", ["T( | a=1)"], "T[2 rows\n()\n\n]", '[{"a":1},{"a":1}]'],
    [
      "rows in cells",
      ["T(a,u:U)", "U(p,q)"],
      "T[2 rows\n1,(2,3)\n4,null\n]",
      '[{"a":1,"u":{"p":2,"q":3}},{"a":4,"u":null}]',
    ],
    [
      "lists of rows in cells",
      ["T(a,u:U[])", "U(p,q)"],
      "T[2 rows\n1,[(2,3)]\n4,[]\n]",
      '[{"a":1,"u":[{"p":2,"q":3}]},{"a":4,"u":[]}]',
    ],
    [
      "rows of another type in cells",
      ["T(a,u:U)", "U(p,q)", "V(s)"],
      "T[1 rows\n1,V(2)\n]",
      '[{"a":1,"u":{"s":2}}]',
    ],
    [
      "rows in exceptions",
      ["T(a | u=null)", "U(p,q)"],
      "T[1 rows\n1;u=U(2,3)\n]",
      '[{"a":1,"u":{"p":2,"q":3}}]',
    ],
    [
      "rows in constants",
      ["T(a | u=U(2,3))", "U(p,q)"],
      "T[1 rows\n1\n]",
      '[{"a":1,"u":{"p":2,"q":3}}]',
    ],
    [
      "rows in lists in rows",
      ["T(a,b)"],
      "[[T(1,2)],{k:T(3,4)}]",
      '[[{"a":1,"b":2}],{"k":{"a":3,"b":4}}]',
    ],
    [
      "lists of lists of rows",
      ["T(a,b)"],
      "T[[(1,2)],[(3,4)]]",
      '[[{"a":1,"b":2}],[{"a":3,"b":4}]]',
    ],
  ] as const)("%s", (_name, headers, body, json) => {
    expect(read(body, headers)).toBe(json);
  });
});

describe("fields made of others", () => {
  it.each([
    ["of a string", "a | b=x/${a}", "y", '"a":"y","b":"x/y"'],
    ["of a number", "a | b=x/${a}", "-7", '"a":-7,"b":"x/-7"'],
    ["of several", "a,c | b=${a}-${c}", "1,2", '"a":1,"c":2,"b":"1-2"'],
    ["of a null", "a | b=x/${a}", "null", '"a":null,"b":null'],
    ["of a missing key", "a | b=x/${a}", "", ""],
    ["of a word", "a | b=x/${a}", "true", '"a":true,"b":true'],
    ["of a list", "a | b=x/${a}", "[1]", '"a":[1],"b":[1]'],
    ["of one that is made itself", "a | b=x/${a},c=${b}/z", "1", '"a":1,"b":"x/1","c":"x/1/z"'],
    ["of one that stands behind", "a | c=${b}/z,b=x/${a}", "1", '"a":1,"c":"x/1/z","b":"x/1"'],
    ["of a constant", "a | c=7,b=${c}/${a}", "1", '"a":1,"c":7,"b":"7/1"'],
    ["with quotes", 'a | b="x, ${a}"', "1", '"a":1,"b":"x, 1"'],
    ["alone in quotes", 'a | b="${a}"', "1", '"a":1,"b":"1"'],
    ["with braces", "a | b=x/${a}{/c}", "1", '"a":1,"b":"x/1{/c}"'],
    ["with an exception", "a | b=x/${a}", "1;b=2", '"a":1,"b":2'],
    ["of an exception", "a | c=7,b=x/${c}", "1;c=8", '"a":1,"c":8,"b":"x/8"'],
    ["no field: braces in quotes", 'a | b="x{a}"', "1", '"a":1,"b":"x{a}"'],
  ] as const)("%s", (_name, fields, row, members) => {
    expect(read(`T[1 rows\n${row}\n]`, [`T(${fields})`])).toBe(`[{${members}}]`);
  });

  it.each([
    ["{a:x/y,b:${a}/z}", '{"a":"x/y","b":"x/y/z"}'],
    ["{b:${a}/z,a:x/y}", '{"b":"x/y/z","a":"x/y"}'],
    ["{a:x,b:${a}{/c}}", '{"a":"x","b":"x{/c}"}'],
    ["{a:x,b:${a}}", '{"a":"x","b":"x"}'],
  ])("beside each other: %s", (body, json) => {
    expect(read(body)).toBe(json);
  });
});

describe("what stands around", () => {
  it.each([
    ["nothing", "", "", " lines"],
    ["a line above", "Above:\n", "", " text=7,0"],
    ["words above, on the line", "Above: ", "", " text=7,0"],
    ["a line below", "", "\nBelow.", " text=0,7"],
    ["words below, on the line", "", " below", " text=0,6"],
    ["both", "Above:\n", "\n\nBelow.\n", " text=7,9"],
  ])("%s", (_name, before, after, settings) => {
    const above = before === "" || before.endsWith("\n") ? before : `${before}\n`;
    const below = after === "" || after.startsWith("\n") ? after : `\n${after}`;
    const lines = settings === " lines";
    const form = `${legend}\n${above}T(a,b)\n\nT[2 rows\n1,x\n2,y\n]${below}\n%decoder-only${settings}`;
    expect(finish(readForm(form))).toBe(
      `${before}${lines ? '{"a":1,"b":"x"}\n{"a":2,"b":"y"}' : '[{"a":1,"b":"x"},{"a":2,"b":"y"}]'}${after}`,
    );
  });

  it.each([
    ["key-order=012", '{"b":2,"a":1,"c":3}'],
    ["key-order=021", undefined],
    ["key-order=111", '{"a":1,"b":2,"c":3}'],
    ["key-order=2", undefined],
    ["key-order=0120", '{"b":2,"a":1,"c":3}'],
    ["key-order=0121", undefined],
    ["key-order=01", undefined],
    ["key-order=x", undefined],
    ["key-order=/", undefined],
    ["key-order=:", undefined],
    ["key-order=21", '{"a":1,"c":3,"b":2}'],
    ["key-order=", '{"a":1,"c":3,"b":2}'],
    ["key-order=1110", '{"a":1,"b":2,"c":3}'],
    ["text=0,0", '{"a":1,"c":3,"b":2}'],
    ["text=-1,0", undefined],
    ["text=0,-1", undefined],
    ["text=x,0", undefined],
    ["text=0,y", undefined],
    ["text=0", '{"a":1,"c":3,"b":2}'],
    ["other=9", '{"a":1,"c":3,"b":2}'],
  ])("the decoder line %s", (setting, json) => {
    const form = `${legend}\nT(a,c | b=2)\n\nT(1,3)\n%decoder-only ${setting}`;
    expect(decodeForm(form)).toBe(json);
  });

  it("orders fifteen fields in a row", () => {
    const names = Array.from({ length: 15 }, (_, at) => `f${at}`);
    const header = `T(z | ${names.map((name, at) => `${name}=${at}`).join(",")})`;
    const order = (runs: string): string | undefined =>
      decodeForm(`${legend}\n${header}\n\nT(z)\n%decoder-only key-order=${runs}`);
    const members = names.map((name, at) => `"${name}":${at}`).join(",");
    expect(order("09061")).toBe(`{${members},"z":"z"}`);
    expect(order("0961")).toBeUndefined();
  });

  it("escapes again what the document escapes", () => {
    const escaped = (style: string): string =>
      read('[a/é,"😀"]', [], `\n%decoder-only escaped=${style}`);
    expect(escaped("/")).toBe('["a\\/é","😀"]');
    expect(escaped("u")).toBe('["a/\\u00e9","\\ud83d\\ude00"]');
    expect(escaped("U")).toBe('["a/\\u00E9","\\uD83D\\uDE00"]');
    expect(escaped("/u")).toBe('["a\\/\\u00e9","\\ud83d\\ude00"]');
    expect(escaped("/U")).toBe('["a\\/\\u00E9","\\uD83D\\uDE00"]');
  });

  it("names texts in headers and in the body, and no others", () => {
    expect(read("T[1 rows\n@2\n]", ["@1=x/y", "@2=n m", "T(a | b=@1/z)"])).toBe(
      '[{"a":"n m","b":"x/y/z"}]',
    );
    expect(read("[@1,@2,@12]", ["@1=x"])).toBe('["x","@2","@12"]');
    expect(read("[a]", ["T(a)", "@1=b"])).toBe('["a"]');
  });
});

describe("errors", () => {
  it.each([
    ["no form", "[1]", "line 1: expected a legend"],
    ["no body", `${legend}\n`, "line 2: expected a blank line"],
    ["no blank line", `${legend}\nT(a)\n[1]`, "line 3: expected a blank line"],
    [
      "no blank line below prose",
      `${legend}\nAbove\nT(a)\n[1]\n%decoder-only text=6,0`,
      "line 4: expected a blank line",
    ],
    [
      "prose that reaches the body",
      `${legend}\n\n[1]\n%decoder-only text=99,0`,
      "line 4: expected a blank line",
    ],
    ["no name in a header", `${legend}\n(a)\n\n1`, "line 2: expected a name"],
    ["no name in the second header", `${legend}\nT(a)\n(a)\n\n1`, "line 3: expected a name"],
    [
      "no name in a header below a definition",
      `${legend}\n@1=x\nT(a,)\n\n1`,
      "line 3: expected a name",
    ],
    ["no cells in a header", `${legend}\nT\n\n1`, 'line 2: expected "("'],
    ["an open header", `${legend}\nT(a\n\n1`, 'line 2: expected ")"'],
    ["more behind a header", `${legend}\nT(a)b\n\n1`, "line 2: expected the end"],
    ["a fixed field without a value", `${legend}\nT(a | b)\n\n1`, 'line 2: expected "="'],
    ["an open reference", `${legend}\nT(a | b="x\${a")\n\n1`, 'line 2: expected "}" after "${"'],
    [
      "an open quote in a header",
      `${legend}\nT(a | b="x)\n\n1`,
      "line 2: expected a closing quote",
    ],
    ["more behind the body", `${legend}\n\n[1]2`, "line 3: expected the end"],
    ["an open list", `${legend}\n\n[1`, 'line 3: expected "]"'],
    ["an open object", `${legend}\n\n{a:1`, 'line 3: expected "}"'],
    ["an object without a key", `${legend}\n\n{:1}`, "line 3: expected a name"],
    ["an object without a value", `${legend}\n\n{a}`, 'line 3: expected ":"'],
    ["a line too few", `${legend}\n\n[2 items\n1\n]`, "line 5: expected 2 items"],
    ["a line too many", `${legend}\n\n[1 items\n1,\n2\n]`, "line 6: expected 1 items"],
    ["a row too few", `${legend}\nT(a)\n\nT[2 rows\n1\n]`, "line 6: expected 2 items"],
    ["an entry too few", `${legend}\nT(a)\n\nT{2 rows\na:(1)\n}`, "line 6: expected 2 rows"],
    [
      "items without a line break between",
      `${legend}\n\n[2 items\n1,2\n]`,
      'line 4: expected "\\n"',
    ],
    ["items without a line break behind", `${legend}\n\n[1 items\n1]`, 'line 4: expected "\\n"'],
    ["an open table", `${legend}\nT(a)\n\nT[1 rows\n1`, "line 5: expected the end of a row"],
    ["an open row", `${legend}\nT(a)\n\nT(1`, "line 4: expected the end of a row"],
    [
      "a row that ends in a bracket",
      `${legend}\nT(a)\n\nT(1]`,
      "line 4: expected the end of a row",
    ],
    ["an exception without a field", `${legend}\nT(a)\n\nT(1;=2)`, "line 4: expected a name"],
    ["an exception without a value", `${legend}\nT(a)\n\nT(1;a)`, 'line 4: expected "="'],
    ["an open quote", `${legend}\n\n["a]`, "line 3: expected a closing quote"],
    [
      "a quote that ends behind a backslash",
      `${legend}\n\n["a\\"]`,
      "line 3: expected a closing quote",
    ],
    ["a line break in quotes", `${legend}\n\n["a\nb"]`, "line 3: expected a closing quote"],
    ["an open string of JSON", `${legend}\n\njson([1]`, 'line 3: expected ")"'],
    ["nothing where a value has to be", `${legend}\n\n[1,,2]`, "expected a value"],
    ["a reference outside of an object", `${legend}\n\n[\${a}/b]`, "expected a field a beside it"],
    [
      "a reference to no string",
      `${legend}\n\n{a:1,b:\${a}/c}`,
      "expected a string a beside its reference",
    ],
    [
      "a reference to itself",
      `${legend}\n\n{a:\${a}/c}`,
      "expected a string a beside its reference",
    ],
    ["a row of no type", `${legend}\n\n(1,2)`, "expected a row whose type is known"],
    ["a row of an unknown type", `${legend}\n\nT(1,2)`, "expected a header of T"],
    ["a list of an unknown type", `${legend}\n\nT[1]`, "expected a header of T"],
    ["an object of an unknown type", `${legend}\n\nT{a:1}`, "expected a header of T"],
    ["a cell of an unknown type", `${legend}\nT(a:U,b)\n\nT([1],2)`, "expected a header of U"],
    ["a cell too many", `${legend}\nT(a,b)\n\nT(1,2,3)`, "expected rows of 2 cells"],
    ["a cell too few", `${legend}\nT(a,b,c)\n\nT(1,2)`, "expected rows of 3 cells"],
    [
      "cells where the header says it all",
      `${legend}\nT( | a=1)\n\nT(1,2)`,
      "expected rows of 0 cells",
    ],
    [
      "fields in a circle",
      `${legend}\nT( | a=\${b}/,b=\${a}/)\n\nT()`,
      "expected a that does not refer to itself",
    ],
    [
      "a field that refers to itself",
      `${legend}\nT( | a=x\${a})\n\nT()`,
      "expected a that does not refer to itself",
    ],
    ["a field of no name", `${legend}\nT(a | b=x/\${c})\n\nT(1)`, "expected a field c"],
    [
      "no list of lines",
      `${legend}\n\n{a:1}\n%decoder-only lines`,
      "line 3: expected an array of lines",
    ],
    [
      "an order of other signs",
      `${legend}\nT(a | b=1)\n\nT(1)\n%decoder-only key-order=1x`,
      "expected digits for the order of keys",
    ],
    [
      "an order of more keys",
      `${legend}\nT(a | b=1)\n\nT(1)\n%decoder-only key-order=21`,
      "expected an order of as many keys as there are",
    ],
    [
      "an order of fewer keys",
      `${legend}\nT(a | b=1)\n\nT(1)\n%decoder-only key-order=1`,
      "expected an order of all keys",
    ],
    [
      "an order without the cells",
      `${legend}\nT(a | b=1)\n\nT(1)\n%decoder-only key-order=01`,
      "expected an order of all keys",
    ],
    [
      "lengths that are no numbers",
      `${legend}\n\n[1]\n%decoder-only text=a,b`,
      "expected lengths of the text around",
    ],
  ])("%s", (_name, form, message) => {
    expect(() => finish(readForm(form))).toThrow(new RegExp(`^${escaped(message)}$`));
    expect(decodeForm(form)).toBeUndefined();
  });

  it("nests 600 values and no more", () => {
    const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
    expect(read(nested(600))).toBe(nested(600));
    expect(() => read(nested(601))).toThrow("line 3: expected less nesting");
    const list = `[${"[[]],".repeat(800)}1]`;
    expect(read(list)).toBe(list);
  });

  it("follows 500 fields, and no more", () => {
    const chain = (length: number): string => {
      const fields = Array.from({ length }, (_, at) => `f${at + 1}=\${f${at}}/`).reverse();
      return `T(f0 | ${fields.join(",")})`;
    };
    expect(read("T(x)", [chain(500)])).toContain('"f0":"x"');
    expect(() => read("T(x)", [chain(501)])).toThrow("expected fields that refer to fewer others");
    // One row after the other, each of many fields: not a longer chain.
    expect(read(`T[3 rows\n${"x\n".repeat(3)}]`, [chain(400)]).length).toBeGreaterThan(3 * 80_000);
  });

  it("gives 64 million characters by headers, and no more", () => {
    const constant = `T( | a=${"a".repeat((1 << 20) - 2)})`;
    expect(read(`T[64 rows\n${"()\n".repeat(64)}]`, [constant]).length).toBeGreaterThan(1 << 26);
    expect(() => read(`T[65 rows\n${"()\n".repeat(65)}]`, [constant])).toThrow(
      "expected headers that give less text",
    );
    const doubled = Array.from({ length: 30 }, (_, at) => `f${at + 1}=\${f${at}}\${f${at}}`);
    expect(() => read("T(xyz)", [`T(f0 | ${doubled.reverse().join(",")})`])).toThrow(
      /expected (a shorter text|headers that give less text)/,
    );
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

it("knows a form by its legend", () => {
  expect(hasLegend(`${legend}\n\n[1]`)).toBe(true);
  expect(hasLegend("[json] T(a,b): T rows list a,b.\n\n[1]")).toBe(true);
  for (const text of ["", "[json]", "[json] ", "[json] rows\n", "[log]\n", " [json]\n", "[1]\n"])
    expect(hasLegend(text)).toBe(false);
});
