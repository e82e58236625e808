// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the notation looks like this
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDocument } from "../../json/document.ts";
import { minifyText } from "../../json/lexer.ts";
import type { JsonArray, JsonNode, JsonObject, OmissionPlan } from "../../json/node.ts";
import { finish } from "../../steps.ts";
import { encodeDocument, minifyDocument, renderPlan } from "./encode.ts";
import { escapeText } from "./escape.ts";
import { estimateTokens } from "./estimate.ts";
import { decodeForm, readForm } from "./form.ts";

// Generators of JSON texts: `fc.jsonValue` alone never makes duplicate keys, odd number texts, escapes or rows that
// nearly follow a rule.

/** An object that prints its members as they are: duplicates, `__proto__` and integer-like keys included. */
interface Members {
  readonly members: readonly (readonly [string, Tree])[];
}
/** A lexeme. */
interface Lexeme {
  readonly lexeme: string;
}
type Tree = Lexeme | Members | readonly Tree[];

function printTree(tree: Tree): string {
  if ("lexeme" in tree) return tree.lexeme;
  if ("members" in tree) {
    return `{${tree.members.map(([key, value]) => `${key}:${printTree(value)}`).join(",")}}`;
  }
  return `[${tree.map(printTree).join(",")}]`;
}

const fixtures = new URL("./fixtures/", import.meta.url);
const counter = { name: "estimate", count: estimateTokens };

const numbers = fc.constantFrom(
  "0",
  "-0",
  "1",
  "1.0",
  "1e400",
  "1E5",
  "12345678901234567890",
  "-7.50",
  "404",
  "1700000000",
);
const plain = fc.constantFrom(
  "true",
  "null",
  "1",
  "1.0",
  "-1",
  "",
  " ",
  "a",
  "a,b",
  "a;b=c",
  "(a)",
  "Row(",
  "Row[",
  "Row{x}",
  "{/id}",
  "${a}",
  "${}",
  "$",
  "@1",
  "@2@3",
  "%lines",
  "=",
  "…",
  "é😀",
  "a\nb",
  'say "hi"',
  "back\\slash",
  "https://api.example.com/users/octocat/repos{/repo}",
  "a rather long text that is worth a name of its own",
  '{"a":1,"b":[true,null]}',
  '[{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]',
  JSON.stringify(
    [
      { a: 1, b: [], c: {} },
      { a: 2, b: ["x, y: z"], c: { d: null } },
    ],
    null,
    2,
  ),
  JSON.stringify({ a: { b: [1, 2] } }, null, 4),
  '{\n "a": 1\n}',
);
const strings = fc.oneof(
  { weight: 3, arbitrary: plain.map((text) => JSON.stringify(text)) },
  { weight: 2, arbitrary: fc.string({ unit: "grapheme" }).map((text) => JSON.stringify(text)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('"\\u00e9"', '"\\/"', '"\\u0041"', '"\\ud800"', '"\\u0000"'),
  },
);
const keys = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('"a"', '"b"', '"id"', '"name"', '"url"', '"c"') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '"__proto__"',
      '"constructor"',
      '"1"',
      '"0"',
      '""',
      '"a b"',
      '"a.b"',
      '"a:b"',
      '"${a}"',
      '"@1"',
      '"\\u0061"',
    ),
  },
  { weight: 1, arbitrary: strings },
);
const words = fc.constantFrom("true", "false", "null");
const leaves: fc.Arbitrary<Tree> = fc
  .oneof({ weight: 4, arbitrary: strings }, { weight: 2, arbitrary: numbers }, words)
  .map((lexeme) => ({ lexeme }));

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    leaves,
    fc.array(tie("tree"), { maxLength: 5 }),
    fc.array(fc.tuple(keys, tie("tree")), { maxLength: 5 }).map((members): Tree => ({ members })),
  ),
}));

/** Any JSON object or array, as text. */
function jsonDocument(): fc.Arbitrary<string> {
  return fc.oneof(
    tree.map((value) => printTree("lexeme" in value ? [value] : value)),
    fc.jsonValue().map((value) => JSON.stringify([value])),
  );
}

/** Rows of one or a few kinds, most of which follow rules that some break. */
function tableDocument(): fc.Arbitrary<string> {
  const cell = fc.oneof({ weight: 3, arbitrary: leaves }, { weight: 1, arbitrary: tree });
  const column = fc.record({
    key: keys,
    kind: fc.constantFrom("free", "constant", "derived", "nested", "list", "text-of"),
    constant: cell,
    prefix: fc.constantFrom("", "https://x/", "a=${b", "p,", "\\/", "@1/"),
    suffix: fc.constantFrom("", "/y", "{/z}", "?v=1", "\\u00e9"),
  });
  const row = fc.record({
    cells: fc.array(cell, { minLength: 8, maxLength: 8 }),
    odd: fc.integer({ min: 0, max: 30 }),
    missing: fc.integer({ min: 0, max: 30 }),
    id: fc.oneof(fc.integer({ min: 0, max: 9999 }).map(String), fc.stringMatching(/^[a-z]{1,8}$/)),
    quoted: fc.boolean(),
  });
  return fc
    .tuple(
      fc.array(column, { minLength: 1, maxLength: 8 }),
      fc.array(row, { minLength: 1, maxLength: 12 }),
      fc.constantFrom("array", "wrapped", "map", "lines"),
    )
    .map(([columns, rows, form]) => {
      const trees = rows.map((given): Tree => {
        const id: Lexeme = {
          lexeme: given.quoted || !isNumber(given.id) ? `"${given.id}"` : given.id,
        };
        const members: [string, Tree][] = [['"key"', id]];
        columns.forEach((spec, index) => {
          if (given.missing === index) return;
          const own = given.cells[index] ?? { lexeme: "0" };
          if (given.odd === index) members.push([spec.key, own]);
          else if (spec.kind === "constant") members.push([spec.key, spec.constant]);
          else if (spec.kind === "derived") {
            members.push([spec.key, { lexeme: `"${spec.prefix}${given.id}${spec.suffix}"` }]);
          } else if (spec.kind === "text-of") members.push([spec.key, { lexeme: `"${given.id}"` }]);
          else if (spec.kind === "nested") {
            members.push([
              spec.key,
              {
                members: [
                  ['"id"', id],
                  ['"a"', own],
                  ['"c"', spec.constant],
                ],
              },
            ]);
          } else if (spec.kind === "list") {
            members.push([
              spec.key,
              [
                {
                  members: [
                    ['"p"', id],
                    ['"q"', own],
                  ],
                },
                {
                  members: [
                    ['"p"', id],
                    ['"q"', spec.constant],
                  ],
                },
              ],
            ]);
          } else members.push([spec.key, own]);
        });
        return { members };
      });
      if (form === "wrapped") return printTree({ members: [['"data"', trees]] });
      if (form === "map") {
        return printTree({ members: trees.map((value, index) => [`"k${index}"`, value] as const) });
      }
      if (form === "lines" && trees.length > 1) return trees.map(printTree).join("\n");
      return printTree(trees);
    });
}

function isNumber(text: string): boolean {
  return text === "0" || (/^[0-9]+$/.test(text) && !text.startsWith("0"));
}

/** The same JSON with white space between its lexemes. */
function spaced(text: string, indent: number): string {
  let out = "";
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const sign = text[i] ?? "";
    out += sign;
    if (inString && sign === "\\") out += text[++i] ?? "";
    else if (sign === '"') inString = !inString;
    else if (!inString && "[]{},:".includes(sign)) out += `\n${" ".repeat(indent)}`;
  }
  return out;
}

/** Encodes without any fallback and gives what the decoder makes of it. */
function thereAndBack(text: string): { back: string | undefined; minified: string } {
  const document = readDocument(text);
  if (document === undefined) throw new Error(`not a document: ${text}`);
  return {
    back: decodeForm(finish(encodeDocument(document, counter))),
    minified: finish(minifyDocument(document)),
  };
}

describe("the view without what a plan omits", () => {
  /** Takes the marks of a view away, so that the decoder can read what is left. */
  function unmarked(view: string, total: number, shown: number): string {
    return view
      .replaceAll(/(?<=[[,\n])#\d+ /g, "")
      .replaceAll(/[,\n]?… \d+ of \d+ rows omitted: of no interest/g, "")
      .replace(new RegExp(`(?<=\\[)${total}(?= (?:rows|items)\n)`), String(shown));
  }

  /** The lexemes of a JSON text with the members of objects sorted: a view does not keep their order. */
  function inKeyOrder(text: string): string {
    const print = (node: JsonNode): string => {
      if (node.type === "array") return `[${node.items.map(print).join(",")}]`;
      if (node.type !== "object") return text.slice(node.start, node.end);
      const members = node.members.map(
        ({ key, value }) => `${text.slice(key.start, key.end)}:${print(value)}`,
      );
      return `{${members.sort().join(",")}}`;
    };
    const document = readDocument(text);
    if (document === undefined) throw new Error("not a document");
    return print(document.root);
  }

  it("shows the kept rows as they are, under their own numbers", () => {
    fc.assert(
      fc.property(tableDocument(), fc.infiniteStream(fc.boolean()), (text, coin) => {
        const document = readDocument(text);
        if (document?.root.type !== "array") return;
        const { items } = document.root;
        const kept = items.flatMap((_, index) => (coin.next().value ? [index] : []));
        const note = `${items.length - kept.length} of ${items.length} rows omitted: of no interest`;
        const plan: OmissionPlan = {
          kept: new Map([[document.root, kept]]),
          notes: kept.length < items.length ? new Map([[document.root, note]]) : new Map(),
          cut: new Map(),
        };
        const view = finish(renderPlan(document, plan, counter));
        if (kept.length < items.length) expect(view).toContain(`… ${note}`);
        const numbers = [...view.matchAll(/(?:^|,|\[)#(\d+) /gm)].map((match) => Number(match[1]));
        if (kept.length < items.length) for (const index of kept) expect(numbers).toContain(index);
        if (kept.length === 0) return;
        const back = decodeForm(unmarked(view, items.length, kept.length));
        if (back === undefined) throw new Error(`not decoded: ${view}`);
        const rows = kept.map((index) => items[index]).filter((item) => item !== undefined);
        const shown = rows.map((item) => minifyText(text, item.start, item.end));
        expect(inKeyOrder(back)).toBe(inKeyOrder(`[${shown.join(",")}]`));
      }),
      { numRuns: 1000 },
    );
  });

  it("says where keys, items and characters are missing", () => {
    const text = '{"a":[1,2,3,4,5],"b":"abcdefghijklmnopqrstuvwxyz","c":{"x":1,"y":2},"d":true}';
    const document = readDocument(text);
    if (document?.root.type !== "object") throw new Error("not an object");
    const [a, b] = document.root.members;
    if (a?.value.type !== "array" || b?.value.type !== "string") throw new Error("not as written");
    const plan: OmissionPlan = {
      kept: new Map<JsonArray | JsonObject, readonly number[]>([
        [document.root, [0, 1]],
        [a.value, [0, 3]],
      ]),
      notes: new Map([[document.root, "2 of 4 keys omitted: c, d"]]),
      cut: new Map([[b.value, { head: 3, tail: 2 }]]),
    };
    expect(finish(renderPlan(document, plan, counter))).toBe(
      [
        "[json]",
        "",
        "{a:[1,… 2 omitted …,4,… 3 of 5 items omitted],b:abc… 21 characters omitted …yz,… 2 of 4 keys omitted: c, d}",
      ].join("\n"),
    );
  });
});

describe("the lossless notation", () => {
  it("gives any JSON back, lexeme by lexeme", () => {
    fc.assert(
      fc.property(jsonDocument(), (text) => {
        const { back, minified } = thereAndBack(text);
        expect(back).toBe(minified);
      }),
      { numRuns: 1000 },
    );
  });

  it("gives tables back that have missing, null, empty, derived and look-alike cells", () => {
    fc.assert(
      fc.property(tableDocument(), (text) => {
        const { back, minified } = thereAndBack(text);
        expect(back).toBe(minified);
      }),
      { numRuns: 500 },
    );
  });

  it("gives documents back whose writer escapes more than it has to", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 6 }),
        fc.record({ slash: fc.boolean(), beyondAscii: fc.boolean(), upperCase: fc.boolean() }),
        (texts, style) => {
          const text = finish(escapeText(JSON.stringify(texts), style));
          const { back, minified } = thereAndBack(text);
          expect(back).toBe(minified);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("does not depend on white space", () => {
    fc.assert(
      fc.property(jsonDocument(), fc.integer({ min: 0, max: 4 }), (text, indent) => {
        const { minified } = thereAndBack(text);
        expect(thereAndBack(spaced(text, indent)).back).toBe(minified);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    '[{"a":1,"b":null},{"a":2},{"a":3,"b":""},{"a":4,"b":"1"},{"a":"5","b":1}]',
    '{"a":[{"id":12,"id_str":"12"},{"id":13,"id_str":"13"},{"id":14,"id_str":"14"}]}',
    '[{"x":"${y}","y":"z"},{"x":"${y}","y":"w"}]',
    '[{"a":"@1"},{"a":"@2"},{"a":"@1@12 a repeated text that is long"},{"a":"@1@12 a repeated text that is long"},{"a":1}]',
    '[{"__proto__":1,"constructor":2},{"__proto__":3,"constructor":4},{"__proto__":5,"constructor":4}]',
    '[{"2":"a","1":"b"},{"2":"c","1":"d"}]',
    '[{"a":1,"a":2},{"a":3,"a":4}]',
    '[[],{},"",[{}],[[]],{"":""},{"":{"":[]}}]',
    '[{"a b":1,"c.d":2,"e,f":{"g":1}},{"a b":3,"c.d":4,"e,f":{"g":2}}]',
    '[{"u":{"n":"a"},"v":null},{"u":null,"v":{"n":"b"}},{"u":{"n":"c"}}]',
    '{"s":"{\\"a\\":[1,2],\\"b\\":\\"x\\"}","t":"{\\"a\\": [1, 2], \\"b\\": \\"x\\"}"}',
    '[{"n":1.0},{"n":1e400},{"n":-0},{"n":123456789012345678901234567890},{"n":1E5}]',
    '[{"s":"\\u00e9\\/"},{"s":"é/"},{"s":"\\n"},{"s":"\\ud800"}]',
    '[{"a":{"x":1}},{"a":{"x":2}},{"a":[{"x":3}]},{"a":{"x":4}}]',
    '[null,{"a":1,"b":2},{"a":3,"b":4}]',
    '[{"a":[]},{"a":[]},{"a":[]},{"a":[]},{"a":[1]}]',
    '{"m":{"k1":{"a":1,"b":2},"k 2":{"a":3,"b":4},"":{"a":3,"b":5}}}',
    "[{},{},{}]",
    '[{"a":"b"},{"a":"b"},{"a":"b"},{"a":"b"},{"a":"b"}]',
    '[{"k":"a=1;b=2"},{"k":"(x)"},{"k":" y "},{"k":"[z"},{"k":"]"},{"k":"=q"},{"k":"{w}"},{"k":"w{x}"}]',
  ])("keeps %s", (text) => {
    const { back, minified } = thereAndBack(text);
    expect(back).toBe(minified);
  });

  it.each([
    '{"url":"https://x.example/a/b","git":"https://x.example/a/b.git","b":"https://x.example/a/b{/c}","c":"https://x.example/a/b?d"}',
    '{"a":"https://x.example/a/b","a":"https://x.example/a/b/c","url":"https://x.example/a/b/c/d"}',
    '{"a":"https://x.example/a/b","b":"https://x.example/a/b/c","c":"https://x.example/a/b/c/d"}',
    '{"a b":"https://x.example/a/b","b":"https://x.example/a/b/c","c":"https://x.example/a/b/c, d"}',
    '{"a":"${b}/c","b":"https://x.example/a/b"}',
  ])("keeps what refers to a sibling: %s", (text) => {
    const { back, minified } = thereAndBack(text);
    expect(back).toBe(minified);
  });
});

it("keeps rows of which the header says all, but for one field or for none", () => {
  const keys = "abcdefgh".split("");
  const rows = Array.from({ length: 9 }, (_, row) =>
    Object.fromEntries(keys.map((key, at) => [key, at === row ? "odd" : `the usual ${key}`])),
  );
  const { back, minified } = thereAndBack(JSON.stringify(rows));
  expect(back).toBe(minified);
});

it.each([
  ["A: ", "", "[json]\nA: \n\n[1]\n%decoder-only text=3,0"],
  ["A:\n", "", "[json]\nA:\n\n[1]\n%decoder-only text=3,0"],
  ["A:\n\n", "", "[json]\nA:\n\n\n[1]\n%decoder-only text=4,0"],
  ["", " b", "[json]\n\n[1]\n b\n%decoder-only text=0,2"],
  ["", "\nb", "[json]\n\n[1]\nb\n%decoder-only text=0,2"],
  ["", "\n\nb\n", "[json]\n\n[1]\n\nb\n\n%decoder-only text=0,4"],
  ["A: ", " b", "[json]\nA: \n\n[1]\n b\n%decoder-only text=3,2"],
])("keeps what stands around: %j and %j", (before, after, form) => {
  const text = `${before}[1]${after}`;
  const document = readDocument(text);
  if (document === undefined) throw new Error("not a document");
  expect(finish(encodeDocument(document, counter))).toBe(form);
  expect(decodeForm(form)).toBe(text);
});

it.each([
  ['{"a":1}\n{"a":2}', "[json]\n\n[{a:1},{a:2}]\n%decoder-only lines"],
  ['["\\/"]', "[json]\n\n[/]\n%decoder-only escaped=/"],
  ['A: ["\\/"]\n["\\u00e9"]', "[json]\nA: \n\n[[/],[é]]\n%decoder-only lines text=3,0 escaped=/u"],
])("says what only the decoder needs: %j", (text, form) => {
  const document = readDocument(text);
  if (document === undefined) throw new Error("not a document");
  expect(finish(encodeDocument(document, counter))).toBe(form);
  expect(decodeForm(form)).toBe(text);
});

describe("the decoder", () => {
  it("never throws at a form that was tampered with", () => {
    fc.assert(
      fc.property(
        tableDocument(),
        fc.nat(),
        fc.nat(4),
        fc.constantFrom("", "(", "[", "{", "}", ",", ";", "\n", "${", "@1", "9", "=", " | ", '"'),
        (text, at, length, added) => {
          const document = readDocument(text);
          if (document === undefined) return;
          const form = finish(encodeDocument(document, counter));
          const place = at % form.length;
          decodeForm(form.slice(0, place) + added + form.slice(place + length));
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("names", () => {
  /** A form in parts: its names, and what is printed with them. */
  function partsOf(form: string): { names: Map<string, string>; printed: string } {
    const lines = form.split("\n").slice(1);
    const names = new Map<string, string>();
    for (; /^@\d+=/.test(lines[0] ?? ""); lines.shift()) {
      const line = lines[0] as string;
      names.set(line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1));
    }
    return { names, printed: lines.join("\n") };
  }

  /** The laws of names: used twice, in the order of first use, one level deep, from boundary to boundary. */
  function expectGoodNames(form: string, source: string): void {
    const { names, printed } = partsOf(form);
    const uses = [...printed.matchAll(/@\d+/g)].filter(([name]) => names.has(name));
    expect([...new Set(uses.map(([name]) => name))]).toEqual([...names.keys()]);
    for (const [name, text] of names) {
      expect(source).not.toContain(name);
      expect(estimateTokens(text)).toBeGreaterThanOrEqual(4);
      expect(uses.filter(([use]) => use === name).length).toBeGreaterThan(1);
      expect([...text.matchAll(/@\d+/g)].filter(([inner]) => names.has(inner))).toEqual([]);
    }
    for (const { 0: name, index } of uses) {
      expect(printed.slice(0, index)).toMatch(/(?:[\s"'`()[\]{}<>,;|*:=]|\\[nrt])$/);
      expect(printed.slice(index + name.length)).toMatch(/^(?:[\s"'`()[\]{}<>,;|*/?\\]|$)/);
    }
  }

  const texts = fc.constantFrom(
    "https://api.example.com/organizations/acme-corporation",
    "https://api.example.com/organizations/acme-corporation/members?page=2",
    "see https://api.example.com/organizations/acme-corporation/members, and again",
    "@1 is a name of somebody",
    "/srv/applications/headroom/proxy/handlers.py",
    "a rather long text that is worth a name of its own, with a comma",
    "2026-03-01T00:00:01.123456Z",
    "first line of a text that has several long lines\nsecond line of a text that has several long lines",
    "other\nsecond line of a text that has several long lines\nhttps://api.example.com/organizations/acme-corporation",
  );
  const inner: fc.Arbitrary<unknown> = fc.oneof(
    texts,
    fc.array(texts, { maxLength: 3 }),
    fc.record({ url: texts, kind: texts, id: fc.nat(3) }),
    fc.record({ name: texts, owner: fc.record({ login: texts, id: fc.nat(2) }) }),
  );

  it("are used twice, in printing order, one level deep, and never cut a word", () => {
    fc.assert(
      fc.property(fc.array(inner, { minLength: 2, maxLength: 40 }), (values) => {
        const text = JSON.stringify(values);
        const document = readDocument(text);
        if (document === undefined) throw new Error("not a document");
        const form = finish(encodeDocument(document, counter));
        expect(decodeForm(form)).toBe(text);
        expectGoodNames(form, text);
      }),
      { numRuns: 1000 },
    );
  });

  /** How many names there are for what begins like this. */
  const namesIn = (value: unknown, beginning = ""): number => {
    const document = readDocument(JSON.stringify(value));
    if (document === undefined) throw new Error("not a document");
    const { names } = partsOf(finish(encodeDocument(document, counter)));
    return [...names.values()].filter((text) => text.startsWith(beginning)).length;
  };
  const thrice = (count: number, make: (at: number) => unknown): unknown[] =>
    Array.from({ length: 3 * count }, (_, at) => [at, make(at % count)]);
  const words =
    "ledger tenant quota shard cursor bucket worker replica gateway invoice parcel orchard";

  it("stand for at most 200 lists and objects, and for 200 strings", () => {
    const text = (at: number): string => `${words} ${at}`;
    const list = (at: number): unknown => [text(at), at, { a: 1 }];
    for (const count of [199, 200, 209]) {
      expect(namesIn(thrice(count, list), "[")).toBe(Math.min(count, 200));
      expect(namesIn(thrice(count, text))).toBe(Math.min(count, 200));
    }
  });

  it("stand for at most 40 lines", () => {
    const lines = (count: number): number =>
      namesIn(
        Array.from(
          { length: 4 * count },
          (_, at) => `head ${at}\n${words} ${at % count}\nfoot ${at}`,
        ),
      );
    expect([lines(39), lines(40), lines(49)]).toEqual([39, 40, 40]);
  });

  it.each(readdirSync(fixtures))("keep these laws in %s", (name) => {
    const text = readFileSync(new URL(`${name}/input.json`, fixtures), "utf8");
    const document = readDocument(text);
    if (document === undefined) throw new Error("not a document");
    expectGoodNames(finish(encodeDocument(document, counter)), text);
  });

  it("keep these laws in tables", () => {
    fc.assert(
      fc.property(tableDocument(), (text) => {
        const document = readDocument(text);
        if (document === undefined) throw new Error("not a document");
        expectGoodNames(finish(encodeDocument(document, counter)), text);
      }),
      { numRuns: 300 },
    );
  });
});

describe("what a reader sees", () => {
  function encode(value: unknown): string {
    const document = readDocument(JSON.stringify(value));
    if (document === undefined) throw new Error("not a document");
    const form = finish(encodeDocument(document, counter));
    expect(decodeForm(form)).toBe(JSON.stringify(value));
    return form;
  }

  it("names a type by the key that most of its places have, else Entry", () => {
    const dependency = (id: number): object => ({ version: `1.${id}.0`, resolved: `r${id}`, id });
    const map = Object.fromEntries(
      ["axios", "ws", "zod", "zx"].map((key, id) => [key, dependency(id)]),
    );
    expect(encode(map)).toContain("\nEntry(");
    const users = [1, 2, 3, 4].map((id) => ({ id, user: dependency(id) }));
    expect(encode(users)).toContain("user:User");
  });

  it("never lists true, false, null or nothing among more than eight cells", () => {
    const rows = Array.from({ length: 12 }, (_, id) => {
      const words = ["a", "b", "c", "d", "e", "f", "g", "h"].map((key) => [
        key,
        `${key}${id * id}`,
      ]);
      const some = id % 2 === 0 ? { note: null } : {};
      return { id, admin: id % 3 === 0, ...Object.fromEntries(words), ...some, ok: id % 2 === 0 };
    });
    const form = encode(rows);
    expect(form).toContain("Row(id,a,b,c,d,e,f,g,h | admin=false,note=null,ok=true)");
    expect(form).toContain("\n3,a9,b9,c9,d9,e9,f9,g9,h9;admin=true;note=;ok=false\n");
  });

  it("says how many rows, items and entries there are, and checks it", () => {
    const form = encode({ rows: Array.from({ length: 30 }, (_, id) => ({ id, word: `w${id}` })) });
    expect(form).toContain("rows:Rows[30 rows\n");
    expect(decodeForm(form.replace("[30 rows", "[29 rows"))).toBeUndefined();
  });

  it("does not say that two columns are the same where they happen to be equal", () => {
    const rows = Array.from({ length: 20 }, (_, id) => ({
      id,
      a: `state-${id % 7}`,
      b: `state-${id % 7}`,
    }));
    expect(encode(rows)).not.toContain("${");
  });

  it("writes what is large as what is small", () => {
    /** Every kind of value around lists of so many numbers, no two of them alike. */
    const around = (count: number): unknown => {
      let first = 0;
      const list = (): number[] => [++first, ...new Array(count).fill(7)];
      const row = (id: number): object => ({
        id,
        data: list(),
        ...(id === 2 ? {} : { note: id === 1 ? null : "a note" }),
        state: id === 3 ? "off for good" : "running as usual",
        owner: { login: `l${id}`, identity: id },
        parts: [
          { size: id, weight: 2 * id, all: list() },
          { size: 8, weight: id, all: list() },
        ],
      });
      return {
        rows: [1, 2, 3, 4, 5].map(row),
        mixed: [row(6), row(7), row(8), { other: list() }, "text"],
        map: { a: row(9), b: row(10), c: list() },
        text: JSON.stringify({ ok: true, list: list() }),
        lists: [list(), [list(), [list()]], []],
        url: "https://example.com/acme/rocket",
        issues: "https://example.com/acme/rocket/issues",
        last: list(),
      };
    };
    const shorter = (form: string): string => form.replaceAll(/(?:,7)+/g, ",7");
    const [small, large] = [encode(around(300)), encode(around(9_000))];
    // Not `toBe`: a difference would be printed in full.
    expect(shorter(large) === shorter(small)).toBe(true);
    const signs = ["Empty", ";state=", "json(", "${url}/issues", "mixed:Entry[5", "map:Entry{"];
    expect(signs.filter((sign) => !small.includes(sign))).toEqual([]);
  });

  it("looks for fields made of others among 400 columns, and no more", () => {
    const wide = (columns: number): object[] =>
      Array.from({ length: 3 }, (_, row) => ({
        login: `somebody${row}`,
        url: `https://example.com/users/somebody${row}`,
        ...Object.fromEntries(Array.from({ length: columns - 2 }, (_, at) => [`k${at}`, row * at])),
      }));
    expect(encode(wide(400))).toContain("url=https://example.com/users/${login}");
    expect(encode(wide(401))).not.toContain("${login}");
  });

  it("reads JSON in strings that stand less than 64 deep", () => {
    const nested = (depth: number): string => {
      let value: unknown = JSON.stringify({ ok: true });
      for (let level = 0; level < depth; level++) value = [value];
      return encode(value);
    };
    expect(nested(63)).toContain("[json({ok:true})]");
    expect(nested(64)).not.toContain("json(");
  });

  it("says where a form is broken", () => {
    const form = encode(
      Array.from({ length: 20 }, (_, id) => ({ id, word: `w${id * 37}`, on: true })),
    );
    const broken = form.replace("\n7,w259\n", "\n7,(w259\n");
    expect(() => finish(readForm(broken))).toThrow("line 12: expected the end of a row");
  });
});
