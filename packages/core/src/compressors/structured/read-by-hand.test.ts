import { describe, expect, it } from "vitest";
import { jsonOf, readingOf } from "../../../test/structured.ts";

describe("TOML", () => {
  const read = (text: string) => jsonOf("toml", text);

  it("is tables, lists of tables and values of every type", () => {
    const text = `
title = "shop" # a comment
dotted.key."a.b" = 1
[server]
port = 8_080
hex = 0xff
ratio = 1.5
on = true
at = 2026-05-01T10:00:00Z
tags = [
  "a", 'b\\n',  # two
]
point = { x = 1, y = { z = 2 } }
text = """
one
two"""
[server.tls]
on = false
[[server.routes]]
path = "/"
[[server.routes]]
path = "/b"
[server.routes.limits]
rate = 5
`;
    expect(read(text)).toEqual({
      title: "shop",
      dotted: { key: { "a.b": 1 } },
      server: {
        port: "8_080",
        hex: "0xff",
        ratio: 1.5,
        on: true,
        at: "2026-05-01T10:00:00Z",
        tags: ["a", "b\\n"],
        point: { x: 1, y: { z: 2 } },
        text: "one\ntwo",
        tls: { on: false },
        routes: [{ path: "/" }, { path: "/b", limits: { rate: 5 } }],
      },
    });
  });

  it.each([
    "a = 1\n",
    "[a]\nb\n",
    "[a]\nb = 1 2\n",
    "[a\nb = 1\n",
    "[a]\nb = 1\nb = 2\n",
    "[a]\nb = 1\n[a.b]\n",
  ])("%j is not read", (text) => expect(read(text)).toBeUndefined());
});

describe("INI", () => {
  const read = (text: string) => jsonOf("ini", text);

  it("is sections of keys, several of a name as a list", () => {
    const text = `
; note
top = 1
[Unit]
After=a.service
After = b.service
Environment=A=1
[Peer]
key: x=
[Peer]
key: y
\t allowed = 0
[Long]
a = one \\
  two
b =
`;
    expect(read(text)).toEqual({
      top: 1,
      Unit: { After: ["a.service", "b.service"], Environment: "A=1" },
      Peer: [{ key: "x=" }, { key: "y\nallowed = 0" }],
      Long: { a: "one \\\ntwo", b: "" },
    });
    expect(readingOf("ini", text)?.root.lastLine).toBe(16);
  });

  it.each(["a = 1\n", "[a]\nwords alone\n", "[INFO] started\n[INFO] stopped\n"])(
    "%j is not read",
    (text) => expect(read(text)).toBeUndefined(),
  );
});

describe("printed values", () => {
  const read = (text: string) => jsonOf("values", text);

  it("are those of Python", () => {
    expect(
      read(
        `Result: {'a': None, 'b': (1, 2.50), 'c': {1, 2}, "it's": True, 'd': datetime.date(2026, 5, 1), 'e': Point(x=1, y=[2]), 'f': b'\\x00', 'g': OrderedDict([('k', 1)]), 'h': <Job object at 0x7f>, 'i': nan, 'k': -1e5}`,
      ),
    ).toEqual({
      a: null,
      b: [1, 2.5],
      c: [1, 2],
      "it's": true,
      d: "datetime.date(2026, 5, 1)",
      e: { class: "Point", x: 1, y: [2] },
      f: "\0",
      g: { class: "OrderedDict", items: [["k", 1]] },
      h: "<Job object at 0x7f>",
      i: "nan",
      k: -1e5,
    });
  });

  it("are those of Node.js", () => {
    const text = `{
  id: 1, 'x-y': 10n, when: 2026-05-01T00:00:00.000Z, f: [Function: f], u: undefined,
  m: Map(1) { 'k' => { v: [Object] } }, s: Set(2) { 1, 2 }, p: Point { x: 1 },
  n: [Object: null prototype] {}, b: <Buffer 61 62>, [Symbol(q)]: Symbol(r),
  long: 'a' +
    'b', rest: [ 1, ... 97 more items ]
}`;
    expect(read(text)).toEqual({
      id: 1,
      "x-y": "10n",
      when: "2026-05-01T00:00:00.000Z",
      f: "[Function: f]",
      u: "undefined",
      m: { class: "Map(1)", k: { v: "[Object]" } },
      s: { class: "Set(2)", items: [1, 2] },
      p: { class: "Point", x: 1 },
      n: { class: "[Object: null prototype]" },
      b: "<Buffer 61 62>",
      "[Symbol(q)]": "Symbol(r)",
      long: "ab",
      rest: [1, "... 97 more items"],
    });
  });

  it("are JSON with comments, bare keys, trailing commas and NaN", () => {
    expect(read("// top\n{a: 1, /* b */ 'c': [NaN, Infinity, .5,], # d\n}")).toEqual({
      a: 1,
      c: ["NaN", "Infinity", ".5"],
    });
  });

  it("may break off at the end, which is shown as it is", () => {
    const text = `[${"{'a': 1, 'b': None}, ".repeat(9)}{'a': 1, 'b': 'x`;
    expect(read(text)).toEqual([...Array(9).fill({ a: 1, b: null }), { a: 1 }]);
    expect(text.slice(readingOf("values", text)?.cutAt)).toBe(", 'b': 'x");
    expect(read(`${text.slice(0, 150)}${"no values ".repeat(9)}`)).toBeUndefined();
  });

  it("may be several, one after another", () => {
    expect(read("{'a': 1}\n{'a': 2}\n")).toEqual([{ a: 1 }, { a: 2 }]);
    expect(read("{ a: 1 } [ 'b' ]\n")).toEqual([{ a: 1 }, ["b"]]);
  });

  it.each([
    '{"a": [1, null, true]}',
    "{ color: red; }",
    `${"const words = 1;\n".repeat(9)}call(1, {a: '${"x".repeat(300)}'});\n`,
    "{ 'a': 1, 'b': 2 },\n",
    "{\n  'GET / HTTP/1.1' +\n    'Host: a',\n}\n",
    "[12:01:33] GET /",
    "{ return x; }",
    "(see below)",
    "{'a': foo}",
    `${"[".repeat(300)}'a'${"]".repeat(300)}`,
  ])("%j is not read", (text) => expect(read(text)).toBeUndefined());
});
