import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type CompressContext, compressWith, viewWith } from "../../../test/compress-with.ts";
import { readDocument } from "../../json/document.ts";
import { type Feature, printLegend, sentenceOf } from "../../notation/legend.ts";
import { finish } from "../../steps.ts";
import { encodeDocument, minifyDocument } from "./encode.ts";
import { estimateTokens } from "./estimate.ts";
import { decodeForm } from "./form.ts";
import { jsonCompressor } from "./json.ts";
import { leastTokens } from "./least-tokens.ts";

const counter = { name: "estimate", count: estimateTokens };
const legend = printLegend("json", new Set(["rows", "constants", "names"]));
const lossless: CompressContext = { lossy: false, budgetTokens: 0, counter };
const json = jsonCompressor();

function compress(text: string, context = lossless): string {
  const compressed = compressWith(json, text, context);
  if (compressed === undefined) throw new Error("declined");
  return compressed.text;
}

const users = JSON.stringify(
  ["ada", "grace", "linus", "margaret", "ken"].map((login, id) => ({
    login,
    id,
    url: `https://api.example.com/users/${login}`,
    repos_url: `https://api.example.com/users/${login}/repos`,
    type: "User",
    site_admin: login === "ken",
  })),
  null,
  2,
);

describe("jsonCompressor", () => {
  it("writes rows, constants once and derived fields as rules", () => {
    expect(compress(users).split("\n").slice(1)).toEqual([
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the notation looks like this
      "Row(login,id | url=https://api.example.com/users/${login},repos_url=${url}/repos,type=User,site_admin=false)",
      "",
      "Row[5 rows",
      "ada,0",
      "grace,1",
      "linus,2",
      "margaret,3",
      "ken,4;site_admin=true",
      "]",
    ]);
  });

  it("gives the same lexemes back", () => {
    const decoded = json.decode(compress(users)) ?? "";
    expect(json.same?.(users, decoded)).toBe(true);
    expect(decoded).toBe(JSON.stringify(JSON.parse(users)));
  });

  it("keeps lines as lines and prose as prose", () => {
    const lines = JSON.parse(users)
      .map((user: unknown) => JSON.stringify(user))
      .join("\n");
    expect(json.decode(compress(lines))).toBe(lines);
    const prose = `Found 5 users:\n${users}\n\nNext page: 2`;
    expect(compress(prose)).toContain("Found 5 users:\n");
    expect(json.same?.(prose, json.decode(compress(prose)) ?? "")).toBe(true);
    expect(json.same?.(prose, json.decode(compress(users)) ?? "")).toBe(false);
  });

  it("looks into JSON that is a string", () => {
    const text = JSON.stringify(JSON.stringify(JSON.parse(users)));
    const compressed = compress(text);
    expect(compressed).toContain("\ngrace,1\n");
    expect(json.decode(compressed)).toBe(text);
    const result = JSON.stringify({ content: [{ type: "text", text: users }] });
    expect(compress(result)).toContain("\ngrace,1\n");
    expect(json.decode(compress(result))).toBe(result);
  });

  it("leaves a log alone that has a JSON line", () => {
    const text = `[INFO] start\n${users}\n${"[INFO] and so on, line after line\n".repeat(40)}`;
    expect(compressWith(json, text, lossless)).toBeUndefined();
  });

  it("takes a text of which the JSON is at least half", () => {
    const json = users.replaceAll(/\s+/g, "");
    const around = (length: number): string => `Users: ${json}${"\n".padEnd(length, "x")}`;
    const half = json.length - "Users: ".length;
    expect(compress(around(half))).toContain("grace");
    expect(compressWith(jsonCompressor(), around(half + 1), lossless)).toBeUndefined();
    expect(
      viewWith(jsonCompressor(), around(half + 1), { budgetTokens: 1, counter }),
    ).toBeUndefined();
  });

  it("leaves a text of more than 16 million characters alone", () => {
    const text = `["${"x".repeat(16_000_000)}"]`;
    expect(compressWith(jsonCompressor(), text, lossless)).toBeUndefined();
    expect(viewWith(jsonCompressor(), text, { budgetTokens: 9, counter })).toBeUndefined();
  });

  it("shows as many rows as it is told", () => {
    const rows = Array.from({ length: 200 }, (_, at) => ({
      id: at,
      name: `${"abcdefghij".charAt(at % 10)}${"klmnopqrst".charAt((at * 7) % 9)} x`,
      ms: (at * 7919) % 907,
    }));
    const shown = (maxRows?: number): number | undefined => {
      const compressor = jsonCompressor(maxRows === undefined ? {} : { maxRows });
      const view = viewWith(compressor, JSON.stringify(rows), { budgetTokens: 500, counter });
      return view && 200 - (view.omitted[0]?.count ?? 0);
    };
    const most = shown() as number;
    expect(shown(10)).toBe(most);
    // The row with the greatest number stays.
    expect(shown(4)).toBe(most - 5);
    expect(shown(20)).toBe(most + 10);
  });

  it("bounds the tokens of a long list by those of its first eighth", () => {
    const bound = (text: string): number => {
      const document = readDocument(text);
      if (document === undefined) throw new Error("not a document");
      return finish(leastTokens(document, counter));
    };
    const tokensOf = (text: string): number => {
      const document = readDocument(text);
      if (document === undefined) throw new Error("not a document");
      return counter.count(finish(encodeDocument(document, counter)));
    };
    // Each row takes fifty characters, a comma aside.
    const row = (at: number): string =>
      `{"id":${String(at).padStart(6, "1")},"word":"w${"x".repeat(25)}${at % 7}"}`;
    const rows = (count: number): string[] => Array.from({ length: count }, (_, at) => row(at));
    expect(row(1).length).toBe(50);
    const list = (count: number): string => `[${rows(count).join(",")}]`;
    const length = list(1_600).length;
    const first = Math.ceil((length / 8 - 50) / 51) + 1;
    expect(bound(list(1_600))).toBeCloseTo(tokensOf(list(first)) / 1.5, 9);
    // 80,000 characters are long.
    const short = 80_000 - list(1_568).length;
    expect(short).toBeGreaterThan(0);
    const padded = (pad: number): string => list(1_568).replace("[", `[${" ".repeat(pad)}`);
    expect(bound(padded(short - 1))).toBe(0);
    expect(bound(padded(short))).toBeGreaterThan(0);
    // In an object, where it is most of the document; as a map; behind prose.
    const inside = `{"total":3,"items":${list(1_600)}}`;
    expect(bound(inside)).toBeCloseTo(bound(list(1_600)), -1);
    expect(bound(`[${inside}]`)).toBeCloseTo(bound(list(1_600)), -1);
    expect(bound(`{"a":${list(1_600)},"b":${list(1_600)}}`)).toBe(0);
    const map = `{${rows(1_600)
      .map((each, at) => `"k${at}":${each}`)
      .join(",")}}`;
    expect(bound(map)).toBeGreaterThan(100);
    expect(bound(`Found:\n${list(1_600)}`)).toBe(bound(list(1_600)));
    // Of fewer than 32 rows the longest is looked into.
    const long = (count: number): string =>
      `[${Array.from({ length: count }, () => `["${"word ".repeat(20_000 / count)}"]`).join(",")}]`;
    expect(bound(long(31))).toBe(0);
    expect(bound(long(32))).toBeGreaterThan(0);
    expect(bound(`["${"word ".repeat(20_000)}"]`)).toBe(0);
    expect(bound("[[],[]]")).toBe(0);
  });

  it("only takes white space out where nothing repeats", () => {
    expect(compress('{\n  "a": 1,\n  "b": [true, "x y"]\n}')).toBe('{"a":1,"b":[true,"x y"]}');
  });

  it("declines what it cannot shorten, what is no JSON, and its own output", () => {
    expect(compressWith(json, '{"a":1}', lossless)).toBeUndefined();
    expect(compressWith(json, "[INFO] no json", lossless)).toBeUndefined();
    expect(compressWith(json, compress(users), lossless)).toBeUndefined();
  });

  it("does not decode what is not its own", () => {
    expect(json.decode("plain text")).toBeUndefined();
    expect(json.decode(`${legend}\n`)).toBeUndefined();
    expect(json.decode(`${legend}\nRow(a,c | b=x)\n\nRow[1 rows\n1,2,3\n]`)).toBeUndefined();
    expect(json.decode(`${legend}\nRow(a,c | b=x)\n\nRow[2 rows\n1,2\n]`)).toBeUndefined();
    expect(
      json.decode(`${legend}\nRow( | a=\${b}/,b=\${a}/)\n\nRow[1 rows\n()\n]`),
    ).toBeUndefined();
    expect(
      json.decode(`${legend}\nRow(a | b=x)\n\nRow[1 rows\n1\n]\n%decoder-only key-order=7`),
    ).toBeUndefined();
    expect(json.decode(`${legend}\n\n${"[".repeat(100_000)}`)).toBeUndefined();
  });

  it("bounds what names can grow to", () => {
    const text = `${legend}\n@1=${"a".repeat(1 << 20)}\n\n[${"@1,".repeat(100)}1]`;
    expect(json.decode(text)).toBeUndefined();
  });

  it("bounds what headers can give to rows", () => {
    const doubled = Array.from({ length: 60 }, (_, i) => `f${i + 1}=\${f${i}}\${f${i}}`);
    const wide = `${legend}\nRow(f0 | ${doubled.join(",")})\n\nRow[1 rows\nx\n]`;
    expect(json.decode(wide)).toBeUndefined();
    const chain = Array.from({ length: 50_000 }, (_, i) => `f${i + 1}=\${f${i}}/`);
    expect(
      json.decode(`${legend}\nRow(f0 | ${chain.reverse().join(",")})\n\nRow[1 rows\nx\n]`),
    ).toBeUndefined();
    const long = `${legend}\nRow( | a=${"a".repeat(1 << 20)})\n\nRow[100 rows\n${"()\n".repeat(100)}]`;
    expect(json.decode(long)).toBeUndefined();
  });

  it.each([
    ["white space", "[1, 2]", "[1,2]", true],
    ["a number's text", "[1.0]", "[1]", false],
    ["an escape", '["\\u00e9"]', '["é"]', false],
    ["a blank in a string", '["a b"]', '["ab"]', false],
    ["the order of keys", '{"a":1,"b":2}', '{"b":2,"a":1}', false],
    ["lines", '{"a":1}\n{"a":2}', '{"a":1} {"a":2}', true],
  ])("compares %s", (_, original, decoded, equal) => {
    expect(json.same?.(original, decoded)).toBe(equal);
  });

  it.each([
    ["a text that never ends", "[".repeat(1_000_000)],
    ["objects that never end", '{"a":'.repeat(200_000)],
    ["a lone surrogate", '["\ud800"]'],
    ["NUL", "\u0000"],
    ["an empty text", ""],
    ["a wrong ending", `{"a":${"1,".repeat(100_000)}`],
  ])("passes %s through", (_, text) => {
    expect(
      compressWith(json, text, { ...lossless, lossy: true, budgetTokens: 10 }),
    ).toBeUndefined();
    expect(json.detect(text)).toBeGreaterThanOrEqual(0);
  });

  it("takes JSON in strings in JSON in strings, all of it deep", () => {
    const deep = (inner: string): string =>
      `${'{"a":1,"b":'.repeat(200)}${inner}${"}".repeat(200)}`;
    let text = deep('"leaf"');
    for (let i = 0; i < 4; i++) text = deep(JSON.stringify(text));
    const compressed = compressWith(json, text, lossless);
    if (compressed === undefined) return;
    expect(json.decode(compressed.text)).toBe(text);
  });

  it("takes one very long line", () => {
    const rows = Array.from({ length: 20_000 }, (_, id) => ({ id, name: `n${id}`, ok: true }));
    const text = JSON.stringify(rows);
    expect(json.decode(compress(text))).toBe(text);
  });

  it("takes a member with more items than a call takes arguments", () => {
    const text = JSON.stringify(
      { list: Array.from({ length: 70_000 }, (_, id) => [id, []]) },
      null,
      1,
    );
    expect(json.same?.(text, json.decode(compress(text)) ?? "")).toBe(true);
  });

  it("shows what a lossy view leaves out, where it is", () => {
    const rows = Array.from({ length: 500 }, (_, at) => ({
      id: at * 7919,
      level: at === 321 ? "fatal" : "info",
      message: at === 321 ? "disk failure on node 7" : `request ${at * 7919} done`,
    }));
    const text = JSON.stringify({ rows });
    const view = compressWith(json, text, { lossy: true, budgetTokens: 200, counter });
    if (view === undefined || view.lossless) throw new Error("not lossy");
    expect(view.text).toContain("#321 ");
    expect(view.text).toContain("disk failure on node 7");
    expect(view.text).toMatch(/… \d+ of 500 rows omitted/);
    expect(view.omitted[0]).toMatchObject({ total: 500 });
  });
});

describe("the legend", () => {
  const firstLine = (value: unknown): string => {
    const document = readDocument(JSON.stringify(value));
    if (document === undefined) throw new Error("not a document");
    const text = finish(encodeDocument(document, counter));
    expect(decodeForm(text)).toBe(finish(minifyDocument(document)));
    return text.slice(0, text.indexOf("\n"));
  };
  const rows = (row: (id: number) => object): object[] =>
    Array.from({ length: 30 }, (_, id) => row(id));

  it("explains only what the form uses", () => {
    expect(firstLine({ name: "one object", size: 3 })).toBe("[json]");
    expect(firstLine(rows((id) => ({ id, word: `w${id * 7919}` })))).toBe(
      "[json] T(a,b): T rows list a,b.",
    );
    expect(firstLine(rows((id) => ({ id, state: "ok" })))).toContain("c is 1 in every row.");
    expect(firstLine(rows((id) => ({ id, state: id === 7 ? "bad" : "ok" })))).toContain(
      "c is 1 in every row but those with ;c=2.",
    );
    expect(firstLine(rows((id) => ({ id, url: `https://example.org/items/${id}` })))).toContain(
      "x/ and the a beside it.",
    );
    expect(
      firstLine(
        rows((id) =>
          id % 2 === 0 ? { id, size: id * 31, tag: `t${id * 37}` } : { id, tag: `t${id * 41}` },
        ),
      ),
    ).toContain('Empty: no such key, not "".');
  });
});

describe("the examples inside of the legend", () => {
  /** What a sentence explains: `T(a,b)`, `| c=1`, `;c=2`. */
  const example = (feature: Feature): string => sentenceOf(feature).split(/: | ends /)[0] as string;
  const read = (features: readonly Feature[], text: string): unknown =>
    JSON.parse(json.decode(`${printLegend("json", new Set(features))}\n${text}`) ?? "null");

  it("declare rows, constants, fields made of others, exceptions and missing keys", () => {
    const header = example("rows").replace(")", ` ${example("constants")},${example("derived")})`);
    expect(
      read(
        ["rows", "constants", "derived", "exceptions", "absent"],
        `${header}\n\nT[2 rows\n1,5\n2,${example("exceptions")}\n]`,
      ),
    ).toEqual([
      { a: 1, b: 5, c: 1, d: "x/1" },
      { a: 2, c: 2, d: "x/2" },
    ]);
  });

  it("put rows and lists of rows into cells", () => {
    for (const [feature, cell, value] of [
      ["nested", "(1,2)", { p: 1, q: 2 }],
      ["lists", "[(1,2)]", [{ p: 1, q: 2 }]],
    ] as const) {
      const text = `T(${example(feature)},b)\nU(p,q)\n\nT(${cell},3)`;
      expect(read(["rows", feature], text)).toEqual({ a: value, b: 3 });
    }
  });

  it("name texts, and hold JSON in strings", () => {
    const text = `${example("names")}\n\n[@1,${example("embedded").replace("x", "{a:@1}")}]`;
    expect(read(["embedded", "names"], text)).toEqual(["x", '{"a":"x"}']);
  });
});

describe("fixtures", () => {
  const folder = new URL("./fixtures/", import.meta.url);
  for (const name of readdirSync(folder)) {
    it(`writes as expected: ${name}`, async () => {
      const document = readDocument(readFileSync(new URL(`${name}/input.json`, folder), "utf8"));
      if (document === undefined) throw new Error("not a document");
      const text = finish(encodeDocument(document, counter));
      await expect(text).toMatchFileSnapshot(`./fixtures/${name}/lossless.txt`);
      expect(decodeForm(text)).toBe(finish(minifyDocument(document)));
    });
  }
});
