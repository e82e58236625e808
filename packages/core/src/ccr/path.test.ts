/** Paths with wildcards and conditions, into strings too. */
import { describe, expect, it } from "vitest";
import { selectPath, selectRows } from "./select-json.ts";
import type { Selection } from "./spans.ts";
import { readOriginal } from "./values.ts";

const jobs = {
  page: 2,
  items: [
    { id: "a-1", status: "failed", size: "900M", took: "90s", tags: ["red", "blue"] },
    { id: "a-2", status: "ok", size: "3.2G", took: "1h", tags: [], error: null },
    {
      id: "a-3",
      status: "Failed",
      size: "1.5K",
      took: "2m",
      version: "10.0.0",
      error: "disk full",
    },
    { id: "a-4", status: "ok", size: "2G", took: 5, version: "9.9", n: 1_500 },
  ],
  byName: { "x=1": { status: "ok" }, "b c": { status: "down" } },
};
const text = JSON.stringify(jobs);
const at = (path: string, original = text): Selection => selectPath(readOriginal(original), path);
const values = (path: string, original = text): readonly string[] =>
  at(path, original).spans.map(({ start, end, source = original }) => source.slice(start, end));
const ids = (condition: string): string =>
  values(`items[${condition}].id`).join().replaceAll('"', "").replaceAll("a-", "");

describe("many values", () => {
  it.each<[path: string, said: readonly string[]]>([
    ["items[*].id", ['"a-1"', '"a-2"', '"a-3"', '"a-4"']],
    ["items.*.version", ['"10.0.0"', '"9.9"']],
    ["$.items[].version", ['"10.0.0"', '"9.9"']],
    ["byName[*].status", ['"ok"', '"down"']],
    ["..version", ['"10.0.0"', '"9.9"']],
    ["$..tags[*]", ['"red"', '"blue"']],
    ["items[*].tags[0]", ['"red"']],
  ])("%s", (path, said) => {
    expect(values(path)).toEqual(said);
    expect(at(path)).toMatchObject({ unit: "matches", total: said.length, title: path });
  });

  it("are named by what the path leaves open", () => {
    expect(at("items[*].tags[*]").spans.map(({ name }) => name)).toEqual(["0.0: ", "0.1: "]);
    expect(at("byName[*].status").spans.map(({ name }) => name)).toEqual(["x=1: ", "b c: "]);
    expect(at("items[*].id").spans[1]).toMatchObject({ label: "items[1].id", name: "1: " });
  });

  it("come once each, however many ways lead to them", () => {
    const deep = `${'{"a":'.repeat(200)}1${"}".repeat(200)}`;
    expect(at("..a..a..a..a..a", deep).total).toBe(196);
  });

  it("are the rows of their path", () => {
    const { spans } = selectRows(readOriginal(text), "items[status=ok].id", "1", 9);
    expect(spans).toMatchObject([{ label: "rows 1 of 2 of items[status=ok].id" }]);
  });
});

describe("conditions", () => {
  it.each([
    ["status=ok", "2,4"],
    ["status!=ok", "1,3"],
    ["?(@.status == 'failed')", "1"],
    ['?@.status==="failed"', "1"],
    ["?status=failed", "1"],
    ["size>1G", "2,4"],
    ["size >= 2G", "2,4"],
    ["size<1M", "3"],
    ["took>100s", "2,3"],
    ["version>=10", "3"],
    ["version<10.0", "4"],
    ["n=1500.0", "4"],
    ["n>1K", "4"],
    ["tags=blue", "1"],
    ["?(@.error)", "3"],
    ["error~FULL", "3"],
    ["status=ok && size>3G", "2"],
    ["size>3G || status=failed", "1,2"],
    ["id='a-3'", "3"],
  ])("%s", (condition, found) => {
    expect(ids(condition)).toBe(found);
  });

  it("are met in another case where nothing meets them exactly", () => {
    expect(ids("status=failed")).toBe("1");
    expect(ids("status=FAILED")).toBe("1,3");
  });

  it("that nothing meets say which values there are", () => {
    expect(at("items[status=gone].id").note).toBe(
      'None of 4 elements meets "status=gone". status: ok ×2, failed ×1, Failed ×1.',
    );
    expect(at("items[color=red]").note).toBe(
      'None of 4 elements meets "color=red". None has color.',
    );
  });

  it("are no conditions in quotes: any key can be asked for", () => {
    expect(values('byName["x=1"].status')).toEqual(['"ok"']);
    expect(values('["a]b"]', '{"a]b":1}')).toEqual(["1"]);
  });

  it("apply to members of an object", () => {
    expect(at("byName[status=down]").spans[0]).toMatchObject({ label: "byName.b c" });
  });
});

describe("strings that hold JSON", () => {
  const rows = JSON.stringify(Array.from({ length: 30 }, (_, id) => ({ id, ok: id !== 7 })));
  const wrapped = JSON.stringify({ content: [{ type: "text", text: `Found:\n${rows}` }] });

  it("are walked into", () => {
    expect(values("content[0].text[7]", wrapped)).toEqual(['{"id":7,"ok":false}']);
    expect(values("content[0].text[ok=false].id", wrapped)).toEqual(["7"]);
    expect(values("content[*].text[*].id", wrapped)).toHaveLength(30);
    const twice = JSON.stringify({ body: wrapped });
    expect(values("body.content[0].text[7].id", twice)).toEqual(["7"]);
  });

  it("are the largest array where they hold it", () => {
    const { spans } = selectRows(readOriginal(wrapped), undefined, "7", 9);
    expect(spans).toMatchObject([{ label: "rows 7 of 30 of content[0].text" }]);
    expect(selectRows(readOriginal(wrapped), "content[0].text", "29-40", 9).spans).toHaveLength(1);
  });

  it("are served as what they say, where they have lines or JSON", () => {
    expect(values("content[0].text", wrapped)).toEqual([`Found:\n${rows}`]);
    expect(values("a", JSON.stringify({ a: 'a "word"' }))).toEqual(['"a \\"word\\""']);
  });
});

describe("where a path leads nowhere", () => {
  it("says where what it names is", () => {
    expect(at("version").note).toBe(
      "There is nothing at version. version is at items[*].version. Its top-level keys: page, items, byName.",
    );
    expect(at("data.STATUS").note).toContain("STATUS is at items[*].status, byName.x=1.status");
  });
});

describe("several values", () => {
  const original = '$ a\n{"version":1,"x":2}\n$ b\n{"version":3}\n$ c\n[4,5,6]\n';
  it("are all walked", () => {
    expect(values("version", original)).toEqual(["1", "3"]);
    expect(values("x", original)).toEqual(["2"]);
    expect(selectRows(readOriginal(original), undefined, "1", 9).spans[0]).toMatchObject({
      label: "rows 1 of 3",
    });
  });

  it("each on its line are one array; broken lines between them are no rows", () => {
    const lines = '{"n":0}\n{"n":1}\n{"n":\n{"n":2,"s":"x"}\n';
    const { spans } = selectRows(readOriginal(lines), undefined, "2", 9);
    expect(spans).toMatchObject([{ label: "rows 2 of 3 (line 4)" }]);
    expect(values("n", lines)).toEqual(["0", "1", "2"]);
    expect(values("[2].s", lines)).toEqual(['"x"']);
    expect(values("[n>0].n", lines)).toEqual(["1", "2"]);
  });

  it("each on a line that a file viewer has numbered are one array, too", () => {
    const long = "x".repeat(250);
    const prefixes = [
      (at: number) => `${String(at).padStart(6)}→`,
      (at: number) => `${String(at).padStart(6)}\t`,
      (at: number) => `${at}: `,
      (at: number) => `${String(at).padStart(5, "0")}| `,
    ];
    for (const prefix of prefixes) {
      const lines = Array.from(
        { length: 12 },
        (_, n) => `${prefix(n + 95)}{"n":${n},"s":"${n % 2 ? long : "short"}"}`,
      );
      const read = `${lines.join("\n")}\n\n<note>\nMind the files.\n</note>\n`;
      const { spans } = selectRows(readOriginal(read), undefined, "7", 99);
      expect(spans).toMatchObject([{ label: "rows 7 of 12 (line 8)" }]);
      expect(values("n", read)).toEqual(lines.map((_, n) => `${n}`));
      expect(values("[10].s", read)).toEqual(['"short"']);
    }
  });
});
