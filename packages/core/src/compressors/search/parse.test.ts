import { describe, expect, it } from "vitest";
import type { EntryKind } from "./entry.ts";
import { decodeGrouped, encodeGrouped } from "./grouped.ts";
import { parseSearch } from "./parse.ts";

/** Kind, path and rest of each line. */
function read(text: string): readonly (readonly [EntryKind, string, string])[] | undefined {
  return parseSearch(text.split("\n"))?.entries.map(({ kind, path, rest }) => [kind, path, rest]);
}

describe("parseSearch", () => {
  it("reads a hyphenated number in a file name as part of the path", () => {
    expect(read("src/my-1-file.ts:12:foo\nsrc/my-1-file.ts-13-bar")).toEqual([
      ["match", "src/my-1-file.ts", "12:foo"],
      ["context", "src/my-1-file.ts", "13-bar"],
    ]);
  });

  it("reads a date in a file name as part of the path", () => {
    expect(read("date-2024-01-15.log:3:x\ndate-2024-01-15.log-4-y")?.[1]).toEqual([
      "context",
      "date-2024-01-15.log",
      "4-y",
    ]);
  });

  it("keeps drive letters and backslashes together", () => {
    expect(read("C:\\a\\b.ts:12:x\nC:\\a\\b.ts-13-y\nC:/a/c.ts:1:z")).toEqual([
      ["match", "C:\\a\\b.ts", "12:x"],
      ["context", "C:\\a\\b.ts", "13-y"],
      ["match", "C:/a/c.ts", "1:z"],
    ]);
  });

  it("reads a git revision as part of the path", () => {
    expect(read("v1.2:src/a.ts:12:x\nHEAD~3:src/b.ts:4:y\nv1.2:src/a.ts=10=class A")).toEqual([
      ["match", "v1.2:src/a.ts", "12:x"],
      ["match", "HEAD~3:src/b.ts", "4:y"],
      ["context", "v1.2:src/a.ts", "10=class A"],
    ]);
  });

  it("reads names with spaces beside other hits in the same folder", () => {
    expect(read("docs/a.md:1:x\ndocs/my notes.md:2:y\ndocs/my notes.md-3-z")).toEqual([
      ["match", "docs/a.md", "1:x"],
      ["match", "docs/my notes.md", "2:y"],
      ["context", "docs/my notes.md", "3-z"],
    ]);
  });

  it("does not take a clock inside a context line for a path and a line number", () => {
    expect(read("src/a.ts:12:x\nsrc/a.ts-13-at 10:22:33\nsrc/a.ts-14-f(10:22:33)")).toEqual([
      ["match", "src/a.ts", "12:x"],
      ["context", "src/a.ts", "13-at 10:22:33"],
      ["context", "src/a.ts", "14-f(10:22:33)"],
    ]);
  });

  it("finds the path of context lines that stand before their match", () => {
    expect(read("a/b.c-3-x\na/b.c:4:y\n--\na/b.c-9-z\na/b.c:10:w")?.map(([kind]) => kind)).toEqual([
      "context",
      "match",
      "gap",
      "context",
      "match",
    ]);
  });

  it("reads ripgrep headings", () => {
    expect(read("src/a.ts\n3:x\n4-y\n--\n9:z\n\nsrc/b.ts\n1:w")).toEqual([
      ["heading", "src/a.ts", "src/a.ts"],
      ["match", "src/a.ts", "3:x"],
      ["context", "src/a.ts", "4-y"],
      ["gap", "", "--"],
      ["match", "src/a.ts", "9:z"],
      ["other", "", ""],
      ["heading", "src/b.ts", "src/b.ts"],
      ["match", "src/b.ts", "1:w"],
    ]);
  });

  it("reads the headings of agents' search tools", () => {
    expect(
      read("Found 3 matches\nsrc/a.ts:\n  Line 3: x\n  Line 9: y\n\nsrc/b.ts:\n  Line 1: z")?.slice(
        1,
        4,
      ),
    ).toEqual([
      ["heading", "src/a.ts", "src/a.ts:"],
      ["match", "src/a.ts", "  Line 3: x"],
      ["match", "src/a.ts", "  Line 9: y"],
    ]);
    expect(
      read("File: src/a.ts\nL3: x\nL9: y\n---\nFile: src/b.ts\nL1: z\n---")?.map(([kind]) => kind),
    ).toEqual(["heading", "match", "match", "other", "heading", "match", "other"]);
  });

  it("reads hits without line numbers, context lines included", () => {
    expect(read("src/a.ts:x: 1\nsrc/a.ts-  y: 2\nsrc/a.ts:z\nsrc/b.ts:w")).toEqual([
      ["match", "src/a.ts", ":x: 1"],
      ["context", "src/a.ts", "-  y: 2"],
      ["match", "src/a.ts", ":z"],
      ["match", "src/b.ts", ":w"],
    ]);
  });

  it("reads match counts", () => {
    expect(read("a/b.c:3\na/c.c:0\na/d.c:12\na/e.c:1")?.[2]).toEqual(["count", "a/d.c", ":12"]);
  });

  it.each([
    ["ISO stamps", "2024-01-15T10:00:01 INFO start\n2024-01-15T10:00:02 INFO stop"],
    [
      "ISO stamps with zone",
      "2024-01-15T10:00:01.123Z [main] up\n2024-01-15T10:00:02.223Z [x] down",
    ],
    ["clock stamps", "12:00:01 start\n12:00:02 stop\n12:00:03 go"],
    ["bracketed clocks", "[10:00:01] start\n[10:00:02] stop\n[10:00:03] x"],
    ["syslog", "Jan 15 10:00:01 web-1 sshd[12]: ok\nJan 15 10:00:02 web-1 sshd[12]: ok"],
    ["hosts and ports", "localhost:8080: refused\n10.0.0.1:5432: refused\nhttp://a.b:80: refused"],
    [
      "web server logs",
      '1.2.3.4 - - [17/May/2015:10:05:03 +0000] "GET /a"\n1.2.3.4 - - [17/May/2015:10:05:04 +0000] "GET /b"\n::1 - x [18/May/2015:10:05:05 +0000] "GET /c"',
    ],
    [
      "test names",
      "tests/a.py::test_x PASSED\ntests/a.py::test_y PASSED\ntests/b.py::T::test_z FAILED",
    ],
    [
      "linter output",
      "/app/a.js\n  12:5  error  x\n  14:1  error  y\n\n/app/b.js\n  1:5  error  z\n  9:1  error  w",
    ],
    ["key: value", "name: x\nversion: 2\nlicense: MIT\nhomepage: y"],
    ["file reports", "./a.txt: OK\n./b.txt: OK\n./c.txt: FAILED\n./d.txt: OK"],
    ["a file with line numbers", "src/a.ts\n1:x\n2:y\n3:z\n4:w"],
    ["stack frames", "    at f (src/a.ts:12:5)\n    at g (src/b.ts:3:9)\n    at h (src/c.ts:1:1)"],
    ["URLs", "https://a.example/x\nhttps://b.example:443/y\nftp://c:21:x"],
    ["a MAC address list", "00:1b:44:11:3a:b7\n00:1b:44:11:3a:b8\n00:1b:44:11:3a:b9"],
  ])("finds no hits in %s", (_, text) => {
    expect(parseSearch(text.split("\n"))).toBeUndefined();
  });
});

describe("lines between hits come back", () => {
  it.each([
    ["a blank line that no heading follows", ["a.ts", "1:x", "3:y", "", "", "b.ts", "1:x"]],
    ["gaps and context", ["a.ts", "1:x", "--", "3-y", "9:z", "", "b.ts", "1:x"]],
  ])("%s", (_, lines) => {
    const parsed = parseSearch(lines);
    expect(parsed && decodeGrouped(encodeGrouped(parsed, false))).toBe(lines.join("\n"));
  });
});

describe("paths that begin like something else", () => {
  it.each(["0a.ts", "9a.ts", ":a.ts", "-a.ts", "=a.ts", ">a.ts", "|a.ts", "in a.ts"])(
    "%s stands behind a sign",
    (path) => {
      const lines = ["src/b.ts", path, "src/c.ts"].map((each, at): string => `${each}:${at + 1}:x`);
      const entries = lines.map((line, at) => ({
        kind: "match" as const,
        path: line.slice(0, -4),
        rest: line.slice(-3),
        number: at + 1,
        body: 2,
      }));
      const form = encodeGrouped({ style: "numbered", entries, share: 1 }, false);
      expect(form.split("\n")).toContain(`>${path}`);
      expect(decodeGrouped(form)).toBe(lines.join("\n"));
    },
  );

  it("and such that do not stand as they are", () => {
    const form = encodeGrouped(
      {
        style: "numbered",
        entries: [{ kind: "match", path: "(a).ts", rest: "1:x", number: 1, body: 2 }],
        share: 1,
      },
      true,
    );
    expect(form.split("\n").slice(1)).toEqual(["(a).ts", "1:x", ""]);
  });
});

describe("a shared start of the paths", () => {
  const form = (paths: readonly string[]): readonly string[] => {
    const entries = paths.map((path, at) => ({
      kind: "match" as const,
      path,
      rest: `${at}:x`,
      number: at,
      body: 2,
    }));
    const text = encodeGrouped({ style: "numbered", entries, share: 1 }, false);
    expect(decodeGrouped(text)).toBe(paths.map((path, at) => `${path}:${at}:x`).join("\n"));
    return text.split("\n").slice(1);
  };
  const four = (folder: string) => ["a", "b", "c", "d"].map((name) => `${folder}${name}/x.ts`);

  it("is said once from sixteen characters and four files on", () => {
    expect(form(four("packages/core/s/"))[0]).toBe("in packages/core/s/");
    expect(form(four("packages/core//").map((path) => path.replace("//", "/")))[0]).toBe(
      "packages/core/a/x.ts",
    );
    expect(form(four("packages/core/s/").slice(1))[0]).toBe("packages/core/s/b/x.ts");
  });

  it("is said for a revision of any length", () => {
    expect(form(four("main:"))[0]).toBe("in main:");
  });

  it("is not used by the three files with most hits", () => {
    const [a = "", b = "", c = "", d = ""] = four("packages/core/src/");
    const often = [a, b, c, d].flatMap((path) => [path, path, path, path]);
    expect(form(often).filter((line) => line.endsWith(".ts"))).toEqual([a, b, c, "d/x.ts"]);
    expect(form([a, a, a, a, b, c, d]).filter((line) => line.endsWith(".ts"))).toEqual([
      a,
      "b/x.ts",
      "c/x.ts",
      "d/x.ts",
    ]);
  });

  it("is a folder's, where a name alone follows for one in the same folder", () => {
    expect(form(["src/a.ts", "src/b.ts", "lib/c.ts", "lib/d.ts"])).toEqual([
      "src/a.ts",
      "0:x",
      " b.ts",
      "1:x",
      "lib/c.ts",
      "2:x",
      " d.ts",
      "3:x",
    ]);
    const often = ["src/b.ts", "src/b.ts", "src/b.ts"];
    expect(form(["src/a.ts", ...often])).toContain(" b.ts");
    expect(form(["src/a.ts", ...often, "src/b.ts"])).toContain("src/b.ts");
  });
});
