import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDocument } from "../../../json/document.ts";
import { parseJson } from "../../../json/lexer.ts";
import type { JsonNode } from "../../../json/node.ts";
import { finish } from "../../../steps.ts";
import type { TokenCounter } from "../../../types/tokens.ts";
import type { Selection } from "./found.ts";
import { selectJson } from "./select.ts";

const counter: TokenCounter = { name: "quarter", count: (text) => Math.ceil(text.length / 4) };

interface Asked {
  readonly budget?: number;
  readonly query?: string;
  readonly maxRows?: number;
}

function select(
  source: string,
  { budget, query, maxRows }: Asked = {},
): { root: JsonNode; selection: Selection | undefined } {
  const root = parseJson(source);
  if (root === undefined) throw new Error("not JSON");
  const selection = finish(
    selectJson(source, root, {
      budgetTokens: budget ?? Math.max(120, counter.count(source) / 10),
      counter,
      ...(query === undefined ? {} : { query }),
      ...(maxRows === undefined ? {} : { maxRows }),
    }),
  );
  return { root, selection };
}

/** Indexes that stay of the root array, or of the first array below the root. */
function keptRows(value: unknown, asked: Asked = {}): readonly number[] {
  const { root, selection } = select(JSON.stringify(value), asked);
  const array =
    root.type === "object"
      ? root.members.find((member) => member.value.type === "array")?.value
      : root;
  if (array?.type !== "array") throw new Error("no array");
  return selection?.plan.kept.get(array) ?? array.items.map((_, at) => at);
}

function noteOf(value: unknown, asked: Asked = {}): string {
  const { root, selection } = select(JSON.stringify(value), asked);
  if (root.type !== "array" && root.type !== "object") throw new Error("a scalar");
  return selection?.plan.notes.get(root) ?? "";
}

const words = ["ledger", "tenant", "quota", "shard", "cursor", "bucket", "worker"];

/** Rows of a dull table; fields of `odd` replace those of row `at`. */
function dull(
  count: number,
  at = -1,
  odd: Record<string, unknown> = {},
): Record<string, unknown>[] {
  return Array.from({ length: count }, (_, row) => ({
    id: 5000 + row,
    level: row % 7 === 3 ? "WARN" : "INFO",
    message: `Processed ${words[row % 7]} batch ${row * 17}`,
    ms: 40 + ((row * 7919) % 23),
    ...(row === at ? odd : {}),
  }));
}

describe("selectJson keeps by value", () => {
  it.each([
    ["a failure status", { level: "ERROR" }],
    ["a failure message", { message: "Processing failed: connection refused" }],
    ["a rare value", { level: "AUDIT" }],
    ["a rare sentence", { message: "Somebody pulled the plug" }],
    ["an extra field", { hint: "see runbook" }],
    ["another type", { ms: "n/a" }],
    ["a null among numbers", { ms: null }],
    ["an outlier", { ms: 48_211 }],
    ["a negative outlier", { ms: -999 }],
    ["a number of the other sign", { ms: -1 }],
  ])("%s, wherever the row stands", (_name, odd) => {
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 150 }), fc.nat(), (count, seed) => {
        const at = seed % count;
        expect(keptRows(dull(count, at, odd))).toContain(at);
      }),
      { numRuns: 20 },
    );
  });

  it("a rare value though every row has a random code", () => {
    const code = (at: number): string =>
      Math.imul(at + 1, 2654435761)
        .toString(16)
        .replace("-", "")
        .padStart(8, "c");
    const rows = Array.from({ length: 300 }, (_, at) => ({
      id: `${code(at)}-${code(at * 7)}`,
      role: at === 211 ? "superadmin" : at % 2 ? "viewer" : "editor",
    }));
    expect(keptRows(rows)).toContain(211);
    expect(keptRows(rows).length).toBeLessThan(20);
  });

  it("a row that lacks a field", () => {
    const rows = dull(100);
    rows[63] = { id: 5063, level: "INFO", ms: 50 };
    expect(keptRows(rows)).toContain(63);
  });

  it("a failure deep inside a row", () => {
    const rows = Array.from({ length: 80 }, (_, at) => ({
      name: `pod-${at}`,
      status: {
        containers: [
          { state: at === 41 ? { waiting: { reason: "CrashLoopBackOff" } } : { running: {} } },
        ],
      },
    }));
    expect(keptRows(rows)).toContain(41);
  });

  it("the first and the last rows", () => {
    const kept = keptRows(dull(200));
    expect(kept.slice(0, 2)).toEqual([0, 1]);
    expect(kept[kept.length - 1]).toBe(199);
  });

  it("one example of failures that are the rule, not all of them", () => {
    const rows = dull(300).map((row, at) =>
      at % 2 === 0 ? { ...row, level: "ERROR", message: `Processing ${at} failed` } : row,
    );
    expect(keptRows(rows).length).toBeLessThan(30);
  });

  it("each kind of failure, though failures are the rule", () => {
    const rows = dull(300).map((row, at) =>
      at % 2 === 0 ? { ...row, level: "ERROR", message: `Processing ${at} failed` } : row,
    );
    rows[142] = { ...rows[142], message: "Heap exhausted while compacting" };
    expect(keptRows(rows)).toContain(142);
  });

  it("nothing for a key named error, failed or timeout", () => {
    const rows = Array.from({ length: 200 }, (_, at) => ({
      id: at,
      error: null,
      failed: 0,
      timeout: 30,
      errors: [],
      name: `n${at}`,
    }));
    expect(keptRows(rows).length).toBeLessThan(15);
  });

  it("where a series changes its level", () => {
    const rows = Array.from({ length: 200 }, (_, at) => ({
      at: 1000 + at,
      load: (at < 120 ? 10 : 45) + ((at * 31) % 5),
    }));
    const kept = keptRows(rows);
    expect(kept.some((row) => Math.abs(row - 120) <= 4)).toBe(true);
  });

  it("the top of a ranking", () => {
    const rows = Array.from({ length: 200 }, (_, at) => ({
      doc: `d${at}`,
      score: Number((0.99 - at * 0.004).toFixed(3)),
      text: `About ${words[at % 7]} and ${words[(at * 3) % 7]}`,
    }));
    expect(keptRows(rows).slice(0, 6)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("the newest of each group in a grouped list", () => {
    const rows = ["Argon", "Boron", "Carbon", "Dubnium"].flatMap((line, group) =>
      Array.from({ length: 40 }, (_, at) => ({
        version: `${group}.${at}.0`,
        line,
        built: `2024-0${group + 1}-${10 + (at % 20)}`,
      })),
    );
    expect(keptRows(rows)).toEqual(expect.arrayContaining([39, 79, 119, 159]));
  });

  it("the newest and the oldest of a map that is not in order", () => {
    const map = Object.fromEntries(
      Array.from({ length: 300 }, (_, at) => [
        `v${at}`,
        `2025-${String(2 + ((at * 7) % 9)).padStart(2, "0")}-11T08:00:00Z`,
      ]),
    );
    map.v77 = "2025-12-24T08:00:00Z";
    map.v201 = "2024-01-03T08:00:00Z";
    const { root, selection } = select(JSON.stringify(map));
    expect(root.type === "object" ? selection?.plan.kept.get(root) : []).toEqual(
      expect.arrayContaining([77, 201]),
    );
  });

  it("a glimpse of every text on a small shelf", () => {
    const texts = Array.from({ length: 14 }, (_, at) => ({
      source: `s${at}`,
      text: `Chapter ${at} begins here. ${`${words.join(" ")} `.repeat(60)}`,
    }));
    const { root, selection } = select(JSON.stringify(texts));
    if (root.type !== "array") throw new Error("no array");
    expect(selection?.plan.kept.has(root)).toBe(false);
    expect(selection?.plan.cut.size).toBe(14);
  });

  it("outliers and level shifts in plain numbers and in tuples", () => {
    const numbers = Array.from({ length: 300 }, (_, at) =>
      at === 211 ? 999.9 : 40 + ((at * 37) % 11),
    );
    expect(keptRows(numbers)).toContain(211);
    expect(keptRows(numbers.map((value, at) => [1_700_000_000 + at * 60, value]))).toContain(211);
  });

  it("failures among plain strings", () => {
    const lines = Array.from({ length: 200 }, (_, at) =>
      at === 77 ? "GET /x 500 error: internal" : `GET /x/${at} 200 OK`,
    );
    expect(keptRows(lines)).toContain(77);
  });

  it("rare kinds in a mixed array", () => {
    const mixed = Array.from({ length: 120 }, (_, at) =>
      at === 90 ? "odd one out" : { id: at, ok: true },
    );
    expect(keptRows(mixed)).toContain(90);
  });

  it("a failure in JSON that stands in a string", () => {
    const text = JSON.stringify(dull(200, 123, { level: "ERROR" }));
    const source = JSON.stringify({ content: [{ type: "text", text }] });
    const { selection } = select(source);
    const [held] = [...(selection?.plan.embedded?.values() ?? [])];
    expect(held?.source).toBe(text);
    expect(held === undefined ? [] : selection?.plan.kept.get(held.root)).toContain(123);
    expect(selection?.omitted[0]?.what).toBe("content.text");
  });

  it("JSON in a string as it is, where nothing of it can be left out", () => {
    const text = JSON.stringify(dull(8));
    const source = JSON.stringify({ content: [{ text }], rows: dull(100) });
    const { selection } = select(source, { budget: 100 });
    expect(selection?.plan.embedded?.size).toBe(0);
    expect(selection?.omitted.map(({ what }) => what)).toEqual(["rows"]);
  });

  it("small arrays whole", () => {
    const rows = dull(8);
    expect(keptRows({ rows, filler: dull(400) }, { budget: 200 })).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7,
    ]);
  });
});

describe("selectJson and the question", () => {
  it("keeps the row a literal names, wherever it stands", () => {
    fc.assert(
      fc.property(fc.integer({ min: 40, max: 200 }), fc.nat(), (count, seed) => {
        const at = seed % count;
        expect(keptRows(dull(count), { query: `What happened to ${5000 + at}?` })).toContain(at);
      }),
      { numRuns: 30 },
    );
  });

  it("keeps all rows that match every word, before rows that match some", () => {
    const rows = Array.from({ length: 200 }, (_, at) => ({
      id: at,
      role: at % 3 === 0 ? "admin" : "viewer",
      state: at % 5 === 0 ? "suspended" : "active",
    }));
    const wanted = rows
      .filter((row) => row.role === "admin" && row.state === "suspended")
      .map((row) => row.id);
    expect(keptRows(rows, { query: "Which suspended admins are there?", budget: 400 })).toEqual(
      expect.arrayContaining(wanted),
    );
  });

  it.each([
    ["Which issue has the most comments?", "comments", 1],
    ["Top 3 by comments", "comments", 1],
    ["What was the slowest request?", "duration", 1],
    ["the cheapest offer", "price", -1],
  ])("keeps the end that %j names", (query, key, end) => {
    const rows = Array.from({ length: 150 }, (_, at) => ({
      id: at,
      [key]: 100 + ((at * 7919) % 907),
    }));
    const best = rows.reduce((a, b) => (end * Number(b[key]) > end * Number(a[key]) ? b : a));
    expect(keptRows(rows, { query })).toContain(best.id);
  });

  it.each([
    [
      "Which accounts have a revenue over 900,000?",
      (row: { revenue: number }) => row.revenue > 900_000,
    ],
    ["accounts with more than 900k revenue", (row: { revenue: number }) => row.revenue > 900_000],
    ["Whose revenue is below 12?", (row: { revenue: number }) => row.revenue < 12],
  ])("keeps the rows beyond the bound of %j", (query, isMeant) => {
    const rows = Array.from({ length: 200 }, (_, at) => ({
      id: at,
      age: 20 + ((at * 31) % 60),
      revenue: at % 40 === 7 ? 900_001 + at : at % 50 === 3 ? 10 : 100 + ((at * 7919) % 5000),
    }));
    const wanted = rows.filter(isMeant).map((row) => row.id);
    expect(wanted.length).toBeGreaterThan(2);
    expect(keptRows(rows, { query })).toEqual(expect.arrayContaining(wanted));
  });

  it("pins an answer deep in a record", () => {
    const section = (name: string): unknown => ({ name, notes: `${words.join(" ")} `.repeat(40) });
    const value = {
      a: section("one"),
      b: { c: { d: { fact: "The retention window is ninety-one days", x: section("two") } } },
      e: section("three"),
    };
    const source = JSON.stringify(value);
    const { selection } = select(source, { query: "How long is the retention window?" });
    expect(selection).toBeDefined();
    const cutNodes = [...(selection?.plan.cut.keys() ?? [])];
    expect(cutNodes.some((node) => source.slice(node.start, node.end).includes("ninety-one"))).toBe(
      false,
    );
  });

  it("lists the values of a column the question names", () => {
    const rows = Array.from({ length: 200 }, (_, at) => ({
      id: at,
      repository: { full_name: `org/${words[at % 7]}` },
      note: `n ${at}`,
    }));
    const note = noteOf(rows, { query: "Which repositories were searched?" });
    for (const word of words) expect(note).toContain(`org/${word}`);
  });
});

describe("selectJson says what is gone", () => {
  it("sums up by category", () => {
    const note = noteOf(dull(300));
    expect(note).toContain("level: INFO ×");
    expect(note).toContain("WARN ×");
    expect(note).toContain("id: 5");
    expect(note).not.toContain("\n");
  });

  it("names every omitted key of a map while that is cheap", () => {
    const map = Object.fromEntries(
      words.flatMap((a) =>
        words.map((b) => [`${a}_${b}`, { summary: `${a} of ${b} `.repeat(30) }]),
      ),
    );
    const { root, selection } = select(JSON.stringify(map));
    if (root.type !== "object") throw new Error("no object");
    // All entries stay, without what is long.
    expect(selection?.plan.kept.get(root)).toBeUndefined();
    expect(selection?.plan.notes.get(root)).toMatch(/^summary left out in 4\d rows$/);
  });

  it("names the keys that numbers tell apart by what they have in common", () => {
    const map = Object.fromEntries(Array.from({ length: 90 }, (_, at) => [`shard_${at}`, at * at]));
    expect(noteOf(map)).toContain("keys like: shard_*");
  });

  it("declares nothing when everything fits", () => {
    expect(select(JSON.stringify(dull(5)), { budget: 10_000 }).selection).toBeUndefined();
  });
});

/** All arrays, objects and strings of a tree that stay reachable under a plan, with what is gone of each. */
function account(root: JsonNode, selection: Selection): Map<string, number> {
  const gone = new Map<string, number>();
  const add = (unit: string, count: number): void => {
    if (count > 0) gone.set(unit, (gone.get(unit) ?? 0) + count);
  };
  const visit = (node: JsonNode): void => {
    if (node.type === "string") {
      const held = selection.plan.embedded?.get(node);
      if (held !== undefined) visit(held.root);
      const cut = selection.plan.cut.get(node);
      if (cut === undefined) return;
      const kept =
        cut.head +
        cut.tail +
        (cut.between ?? []).reduce((sum, each) => sum + each.end - each.start, 0);
      add("characters", node.end - node.start - 2 - kept);
    } else if (node.type === "array" || node.type === "object") {
      const children =
        node.type === "array" ? node.items : node.members.map((member) => member.value);
      const kept = selection.plan.kept.get(node);
      if (kept !== undefined) {
        kept.forEach((index, at) => {
          expect(Number.isInteger(index) && index >= 0 && index < children.length).toBe(true);
          if (at > 0) expect(index).toBeGreaterThan(kept[at - 1] ?? -1);
        });
        add(node.type === "array" ? "items" : "keys", children.length - kept.length);
      }
      children.forEach((child, at) => {
        if (kept === undefined || kept.includes(at)) visit(child);
      });
    }
  };
  visit(root);
  return gone;
}

/** Tables, maps, records and anything else, big enough to overflow a small budget. */
const trees = fc.oneof(
  fc.array(fc.jsonValue({ maxDepth: 3 }), { minLength: 9, maxLength: 60 }),
  fc
    .array(
      fc.record(
        {
          a: fc.nat(),
          b: fc.constantFrom("x", "y", "error"),
          c: fc.option(fc.string({ unit: "binary" })),
        },
        { requiredKeys: ["a"] },
      ),
      { minLength: 20, maxLength: 120 },
    )
    .map((rows) => ({ rows, more: [rows] })),
  fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue({ maxDepth: 2 }), {
    minKeys: 10,
    maxKeys: 60,
  }),
  fc
    .array(fc.jsonValue({ maxDepth: 2 }), { minLength: 9, maxLength: 60 })
    .map((rows) => ({ content: [{ text: JSON.stringify(rows) }] })),
  fc.array(fc.oneof(fc.double(), fc.string({ maxLength: 40 }), fc.constant("word ".repeat(200))), {
    minLength: 9,
    maxLength: 80,
  }),
);

describe("selectJson, whatever comes", () => {
  it("declares every omission, keeps indexes ascending and in range, and answers the same every time", () => {
    fc.assert(
      fc.property(
        trees,
        fc.integer({ min: 1, max: 200 }),
        fc.option(fc.string({ unit: "grapheme" })),
        (value, budget, question) => {
          const source = JSON.stringify(value);
          const asked = { budget, ...(question === null ? {} : { query: question }) };
          const { root, selection } = select(source, asked);
          if (selection === undefined) return;
          const declared = new Map<string, number>();
          for (const { unit, count, total, what } of selection.omitted) {
            expect(count).toBeGreaterThan(0);
            expect(count).toBeLessThanOrEqual(total);
            expect(what ?? "").not.toMatch(/[[\]\n]/);
            const own = unit === "rows" ? "items" : unit;
            declared.set(own, (declared.get(own) ?? 0) + count);
          }
          expect(declared).toEqual(account(root, selection));
          for (const note of selection.plan.notes.values()) {
            expect(note).not.toMatch(/[\n\r]/);
            expect(note.isWellFormed()).toBe(true);
          }
          const again = select(source, asked).selection;
          expect(again?.omitted).toEqual(selection.omitted);
          expect([...(again?.plan.kept.values() ?? [])]).toEqual([...selection.plan.kept.values()]);
          expect([...(again?.plan.notes.values() ?? [])]).toEqual([
            ...selection.plan.notes.values(),
          ]);
          expect([...(again?.plan.cut.values() ?? [])]).toEqual([...selection.plan.cut.values()]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    ["nested 250 deep", `${"[".repeat(250)}1${"]".repeat(250)}`],
    ["keys named __proto__", JSON.stringify(dull(60)).replaceAll('"id"', '"__proto__"')],
    [
      "numbers past every range",
      `[${Array.from({ length: 60 }, (_, at) => (at % 2 ? "1e400" : `-${"9".repeat(400)}`)).join(",")}]`,
    ],
    ["duplicate keys", `[${'{"a":1,"a":"error","b":2},'.repeat(60)}{"a":1}]`],
    ["one string of a million letters", JSON.stringify({ text: "a".repeat(1_000_000) })],
    [
      "a wide row",
      JSON.stringify(
        Array.from({ length: 12 }, () =>
          Object.fromEntries(Array.from({ length: 900 }, (_, at) => [`k${at}`, at])),
        ),
      ),
    ],
    ["empty rows", JSON.stringify(Array.from({ length: 200 }, (_, at) => (at % 2 ? {} : [])))],
  ])("takes %s", (_name, source) => {
    const document = readDocument(source);
    if (document === undefined) throw new Error("not JSON");
    for (const query of [undefined, "which error has the most a?"]) {
      const selection = finish(
        selectJson(source, document.root, {
          budgetTokens: 50,
          counter,
          ...(query === undefined ? {} : { query }),
        }),
      );
      if (selection !== undefined) account(document.root, selection);
    }
  });

  it("takes tables inside tables inside tables, with a question", () => {
    const text = "a word ".repeat(30_000);
    const source = `${`[${"1,".repeat(9)}`.repeat(240)}"${text}"${"]".repeat(240)}`;
    const { root, selection } = select(source, { query: "which word is it?", budget: 50 });
    expect(selection).toBeDefined();
    if (selection !== undefined) account(root, selection);
  });

  it("shows few rows of very many", () => {
    expect(keptRows(dull(20_000)).length).toBeLessThanOrEqual(20);
    expect(keptRows(dull(20_000), { maxRows: 4 }).length).toBeLessThanOrEqual(8);
  });
});
