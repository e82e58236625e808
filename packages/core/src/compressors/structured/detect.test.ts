import { describe, expect, it } from "vitest";
import { detectFormat } from "./detect.ts";

const lines = (...all: readonly string[]): string => `${all.join("\n")}\n`;

describe("a structured text", () => {
  it.each([
    [
      "yaml",
      lines("apiVersion: v1", "items:", "- kind: Pod", "  metadata:", "    name: a", "  spec: {}"),
    ],
    [
      "yaml",
      lines(
        "# c",
        "---",
        "on:",
        "  push:",
        "    branches: [main]",
        "jobs:",
        "  test:",
        "    steps:",
        "    - run: |",
        "        make",
        "        make test",
      ),
    ],
    ["yaml", lines("- name: a", "  port: 1", "- name: b", "  port: 2", "- name: c", "  port: 3")],
    ["xml", '<?xml version="1.0"?>\n<a/>\n'],
    ["xml", "<!-- c -->\n<project>\n<a>1</a>\n</project>\n"],
    ["xml", '<!DOCTYPE svg [ <!ENTITY a "b"> ]>\n<svg width="1"></svg>\n'],
    ["ini", lines("[Unit]", "Description=x", "After=y z", "[Service]", "ExecStart=/bin/x -a")],
    ["ini", lines("[package]", 'name = "x"', "[[bin]]", 'name = "y"', "tags = [", '  "a",', "]")],
    ["values", "[{'a': 1, 'b': None}, {'a': 2, 'b': True}]"],
    ["values", "Result: {'a': 1, 'b': (1, 2)}\n"],
    ["values", "{ id: 1, name: 'x', tags: [ 'a' ] }\n"],
    ["values", '{\n  // c\n  "a": 1,\n  "b": [1, 2,],\n}\n'],
    ["values", "[User(id=1, name='x'), User(id=2, name='y')]"],
  ])("is %s", (format, text) => {
    expect(detectFormat(text)?.format).toBe(format);
    expect(detectFormat(text)?.score).toBeGreaterThan(0.9);
  });

  it.each([
    ["JSON", '{"a": [1, 2, {"b": null}]}'],
    [
      "Python",
      lines(
        "class A(Base):",
        "    name: str = 'x'",
        "    def f(self, x: int) -> int:",
        "        if x:",
        "            return 1",
        "        else:",
        "            return 2",
      ),
    ],
    [
      "TypeScript",
      lines("interface A {", "  a: string;", "  b: number;", "}", "const x = {", "  a: 1,", "};"),
    ],
    ["CSS", lines("a {", "  color: red;", "  margin: 0;", "}", "b {", "  top: 1px;", "}")],
    [
      "a help text",
      lines(
        "Usage: tool [options]",
        "",
        "Options:",
        "  -a, --all   all of it",
        "  -b          the other",
        "",
        "Examples:",
        "  tool -a",
        "  tool -b x: y",
      ),
    ],
    [
      "prose",
      lines(
        "Note: this is a text.",
        "It goes on for a while: until here.",
        "",
        "Summary: nothing is nested.",
        "- one point",
        "- another point",
        "- a third: with a colon",
      ),
    ],
    [
      "Markdown",
      lines(
        "# Title",
        "",
        "- a: b",
        "- c: d",
        "",
        "Text below it.",
        "",
        "## More",
        "",
        "1. one",
        "2. two",
      ),
    ],
    [
      "a log",
      lines("[INFO] started", "[INFO] listening: 80", "[WARN] slow: 3 s", "[INFO] stopped"),
    ],
    [
      "a flat list",
      lines("Name: x", "Version: 1", "License: MIT", "Requires: a, b", "Location: /x"),
    ],
    [
      "aligned columns",
      lines(
        "Name:         web-1",
        "Namespace:    default",
        "Labels:       app=web",
        "              tier=front",
        "Status:       Running",
        "Containers:",
        "  main:",
        "    Image:      x",
        "    Port:       80",
      ),
    ],
    [
      "a table of flags",
      lines(
        "[Global flags]",
        "   int A          = 1   {product}",
        "  bool Bcd        = true {product}",
        "  uint Efg        = 2   {product}",
      ),
    ],
    [
      "git log",
      lines(
        "commit 1a2b",
        "Author: x",
        "Date:   Mon",
        "",
        "    message: text",
        "",
        "commit 3c4d",
        "Author: y",
        "Date:   Tue",
        "",
        "    another: one",
      ),
    ],
    ["HTML", "<!doctype html><html><body><p>x</p></body></html>"],
    ["an HTML fragment", "<div><p>one</p><p>two</p></div>"],
    ["a usage line", "<stdin>:1: error: expected x\n<stdin>:2: error: expected y\n"],
    ["a log of brackets", lines("[12:01:33] GET /a", "[12:01:34] GET /b", "[12:01:35] GET /c")],
    ["nothing", ""],
  ])("is not %s", (_name, text) => expect(detectFormat(text)).toBeUndefined());

  it("may be looser than JSON behind its head", () => {
    const text = `[${'{"id": 1, "name": "x"}, '.repeat(40)}`;
    expect(detectFormat(text)).toEqual({ format: "values", score: 0.2 });
    expect(detectFormat(`${text}{}]`)).toBeUndefined();
  });

  it("is told by its head, wherever it is cut", () => {
    const text = `items:\n${"- kind: Pod\n  metadata:\n    name: a-b\n    labels: {app: web}\n".repeat(40)}`;
    for (let end = 400; end < 700; end += 7)
      expect(detectFormat(text.slice(0, end))?.format).toBe("yaml");
    const values = `[${"{'id': 1, 'name': 'x', 'ok': True, 'when': datetime.date(2026, 5, 1)}, ".repeat(40)}`;
    for (let end = 400; end < 700; end += 7)
      expect(detectFormat(values.slice(0, end))?.format).toBe("values");
  });
});
