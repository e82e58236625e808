import { describe, expect, it } from "vitest";
import { tableOf, tableOfSource } from "../../../../test/json-table.ts";
import { finish } from "../../../steps.ts";
import type { Table } from "./columns.ts";
import { type NoteOptions, summarize, summarizeKeys } from "./note.ts";
import { summed } from "./omissions.ts";

const times = <Item>(count: number, make: (at: number) => Item): Item[] =>
  Array.from({ length: count }, (_, at) => make(at));

/** What is said of the rows of a table, the first `kept` aside. */
function noteOf(table: Table, kept = 0, options: Partial<NoteOptions> = {}): string {
  const omitted = new Uint8Array(table.items.length).fill(1).fill(0, 0, kept);
  return finish(summarize(table, omitted, { limit: 360, roster: 0, ...options }));
}

const of = (values: readonly unknown[], kept = 0, options: Partial<NoteOptions> = {}): string =>
  noteOf(tableOf(values), kept, options);

/** Each of these so many times. */
const some = (counts: Readonly<Record<string, number>>): string[] =>
  Object.entries(counts).flatMap(([value, count]) => times(count, () => value));

const letters = "abcdefghijklmnopqrstuvwxyz";

describe("a note on omitted values", () => {
  it.each([
    ["values by their counts", some({ b: 3, a: 3, c: 5 }), "c ×5, a ×3, b ×3"],
    ["as many values as half the rows", ["a", "a", "b", "b"], "a ×2, b ×2"],
    ["two values of three rows", ["a", "a", "b"], "a ×2, b ×1"],
    ["three values of five rows", ["a", "a", "b", "b", "c"], ""],
    ["what all are", times(4, () => "x"), ""],
    ["empty and something", ["", "", "x", "x"], "empty ×2"],
    ["null and something", [null, null, null, "x"], "empty ×3"],
    ["empty lists and objects among values", [[], {}, [], {}, "x", "x"], "x ×2, [] ×2, {} ×2"],
    ["three values, one of them empty", ["", "", "x", "x", "y", "y"], '"" ×2, x ×2, y ×2'],
    ["numbers with a range", [3, 991, 40, 5], "3–991 (median 40)"],
    ["numbers that rise", [3, 5, 40, 991], "3–991"],
    ["equal neighbours that rise", [3, 3, 40, 991], "3–991"],
    ["numbers with nulls", [3, null, 991, null, 40, 41], "3–991 (median 41, 2 null)"],
    ["numbers that rise, with nulls", [3, null, 991], "3–991, 1 null"],
    ["one number and nulls", [null, 7, null, null], "empty ×3"],
    ["number text as it stands", [1.5, 0.25, 3, 1], "0.25–3 (median 1.5)"],
    ["few numbers that come back", [200, 200, 404, 404, 500, 500], "200 ×2, 404 ×2, 500 ×2"],
    [
      "eight codes",
      times(16, (at) => 200 + (at % 8)),
      times(8, (at) => `${200 + at} ×2`).join(", "),
    ],
    ["nine codes", times(18, (at) => 200 + (at % 9)), "200–208 (median 204)"],
    ["times", ["2026-03-02", "2026-03-01", "2026-03-09"], "2026-03-01 – 2026-03-09"],
    [
      "times and nulls",
      ["2026-03-02", null, "2026-03-01", "2026-03-05", "2026-03-07"],
      "2026-03-01 – 2026-03-07",
    ],
    ["words and numbers", ["x", 1, "y", 2, "z", 3], ""],
    ["names", ["ada", "grace", "linus"], "3 different"],
    ["one name", ["ada"], ""],
    ["names of one letter", ["a", "b", "c"], "3 different"],
    ["texts with blanks", ["one two", "three four", "five six"], ""],
    ["a name of 58 characters", ["x".repeat(58), "y".repeat(57), "z"], ""],
    ["a name of 57 characters", ["x".repeat(57), "y".repeat(57), "z"], "3 different"],
    [
      "one sentence over and over",
      times(4, (at) => `job ${at} is done`),
      "job 0 is done … job 3 is done",
    ],
    ["a sentence that is too long", times(4, (at) => `job ${at} is done ${"x".repeat(40)}`), ""],
    [
      "two sentences",
      ["job 1 done", "job 2 done", "sent 1 mail", "sent 2 mails", "sent 3 mails", "sent 4 mails"],
      "sent # mails ×3, job # done ×2, sent # mail ×1",
    ],
    ["sentences, most of which are alone", ["job 1 done", "job 2 done", "sent 1 mail"], ""],
    ["sentences without words", times(6, (at) => `${at}:ab:${at}`), "6 different"],
  ] as const)("tells %s", (_name, values, note) => {
    expect(of(values)).toBe(note);
  });

  it.each([
    ["values with a comma", some({ "a,b": 2, c: 2 }), '"a,b" ×2, c ×2'],
    ["values with a semicolon", some({ "a;b": 2, c: 2 }), '"a;b" ×2, c ×2'],
    ["values with a blank at an end", some({ " a": 2, c: 2 }), '" a" ×2, c ×2'],
    ["44 characters whole", some({ ["x".repeat(44)]: 2, c: 2 }), `c ×2, ${"x".repeat(44)} ×2`],
    ["45 characters cut", some({ ["x".repeat(45)]: 2, c: 2 }), `c ×2, ${"x".repeat(40)}… ×2`],
    [
      "a pair of surrogates never in two",
      some({ [`${"x".repeat(39)}😀${"y".repeat(9)}`]: 2, c: 2 }),
      `c ×2, ${"x".repeat(39)}… ×2`,
    ],
    [
      "a pair that just fits",
      some({ [`${"x".repeat(38)}😀${"y".repeat(9)}`]: 2, c: 2 }),
      `c ×2, ${"x".repeat(38)}😀… ×2`,
    ],
    [
      "an escape never in two",
      some({ [`${"x".repeat(38)}\n${"y".repeat(9)}`]: 2, c: 2 }),
      `c ×2, ${"x".repeat(38)}… ×2`,
    ],
    [
      "an escape far in front",
      some({ [`\n${"x".repeat(50)}`]: 2, c: 2 }),
      `\\n${"x".repeat(38)}… ×2, c ×2`,
    ],
    [
      "an escape seven in front",
      some({ [`${"x".repeat(33)}\n${"y".repeat(20)}`]: 2, c: 2 }),
      `c ×2, ${"x".repeat(33)}\\n${"y".repeat(5)}… ×2`,
    ],
    [
      "an escape six in front",
      some({ [`${"x".repeat(34)}\n${"y".repeat(20)}`]: 2, c: 2 }),
      `c ×2, ${"x".repeat(34)}… ×2`,
    ],
    [
      "the end of a path",
      some({ "/srv/application/releases/2026/current/packages/core": 2, c: 2 }),
      "…/releases/2026/current/packages/core ×2, c ×2",
    ],
    [
      "the beginning of a path without a late slash",
      some({ [`/srv/${"x".repeat(50)}`]: 2, c: 2 }),
      `/srv/${"x".repeat(35)}… ×2, c ×2`,
    ],
    [
      "the beginning of a path with a blank",
      some({ "/srv/application/releases/2026/current/packages of core": 2, c: 2 }),
      "/srv/application/releases/2026/current/p… ×2, c ×2",
    ],
  ] as const)("shows %s", (_name, values, note) => {
    expect(of(values).split(", ").sort()).toEqual(note.split(", ").sort());
  });

  it("lists twenty values, and says how many are missing from a list that is cut", () => {
    const cities = (count: number, length: number): string[] =>
      times(2 * count, (at) => `${letters.charAt(at % count)}${"x".repeat(length - 1)}`);
    expect(of(cities(20, 2)).split(", ").length).toBe(20);
    // Of more than twenty values nothing is told but that they differ, or how.
    expect(of(cities(21, 2))).toBe("");
    // 160 characters: each takes its length, ` ×2`, and two more.
    const cut = of(cities(20, 12)).split(", ");
    expect([cut.length, cut.at(-1)]).toEqual([10, "11 more"]);
    expect(of(cities(10, 25)).split(", ")).toEqual([
      ...times(5, (at) => `${letters.charAt(at)}${"x".repeat(24)} ×2`),
      "5 more",
    ]);
    expect(of(cities(10, 26))).toBe("");
  });

  it("tells names that differ by a number by their ends", () => {
    const names = (count: number, make = (at: number) => `server-${at}`): string[] =>
      times(2 * count, (at) => make(at % count));
    expect(of(names(9))).toBe("server-0 … server-8 (9 different)");
    expect(of(names(8))).toBe(times(8, (at) => `server-${at} ×2`).join(", "));
    expect(of(names(12))).toBe("server-0 … server-11 (12 different)");
    expect(of(names(9, (at) => `job ${at} is done`))).toBe("job # is done");
    expect(of(names(9, (at) => `${at % 2 ? "web" : "database"}-${at}`))).toBe(
      "database-# ×10, web-# ×8 (9 different)",
    );
    // More than a third as many shapes as values is no series.
    expect(of(names(9, (at) => `${["web", "api", "database"][at % 3]}-${at}`))).toBe(
      "api-# ×6, database-# ×6, web-# ×6 (9 different)",
    );
    expect(of(names(9, (at) => `${["web", "api", "mail", "cache"][at % 4]}-${at}`))).toContain(
      "api-1 ×2",
    );
    expect(of(names(9, (at) => `${letters.charAt(at)}x`))).toContain("ax ×2");
    expect(of(names(9, (at) => `a${at}`))).toContain("a0 ×2");
  });

  it("says what all are only where the rows shown are something else", () => {
    const rows = ["a", "b", "c", "c", "c"];
    expect(of(rows, 2)).toBe("all c");
    expect(of(["c", "c", "c", "c"], 2)).toBe("");
    expect(of(["a", "b", "", "", ""], 2)).toBe("");
    expect(of(["a", "b", null, null], 2)).toBe("");
    expect(of([{ a: 1 }, { b: 1, a: "c" }, { a: "c" }, { a: "c" }], 1)).toBe("a: all c");
    // Where some have no such key, not all are it.
    expect(of([{ a: 1 }, { a: "c" }, { a: "c" }, { b: 1 }], 1)).toBe("");
    expect(of([{ b: 1 }, { a: "c" }, { a: "c" }], 1)).toBe("a: all c");
  });
});

describe("a note on several columns", () => {
  const rows = (count: number): object[] =>
    times(count, (at) => ({
      id: 100 + at,
      level: at % 3 === 0 ? "WARN" : "INFO",
      name: `${letters.charAt(at % 26)}${letters.charAt((at * 7) % 26)}x${at}`,
      text: `job ${at} is done`,
    }));

  it("has what tells rows apart before what they have in common", () => {
    expect(of(rows(70))).toBe(
      "level: INFO ×46, WARN ×24; id 100–169; text: job 0 is done … job 69 is done; name: 70 different",
    );
    expect(of(rows(70), 2)).toBe(
      "level: INFO ×45, WARN ×23; id 102–169; text: job 2 is done … job 69 is done; name: 68 different",
    );
    expect(of([], 0)).toBe("");
    expect(of(rows(3), 3)).toBe("");
  });

  it("fits its limit, and skips what does not", () => {
    expect(of(rows(12), 0, { limit: 24 })).toBe("level: INFO ×8, WARN ×4");
    expect(of(rows(12), 0, { limit: 23 })).toBe("level: INFO ×8, WARN ×4");
    expect(of(rows(12), 0, { limit: 22 })).toBe("id 100–111");
    expect(of(rows(12), 0, { limit: 35 })).toBe("level: INFO ×8, WARN ×4; id 100–111");
    expect(of(rows(12), 0, { limit: 34 })).toBe("level: INFO ×8, WARN ×4");
    expect(of(rows(12), 0, { limit: 0 })).toBe("");
  });

  it("lists all names where a list may take so many characters, once", () => {
    const people = times(4, (at) => ({ login: `user${letters.charAt(at)}`, key: `k${at * 7}x` }));
    const list = "login: usera, userb, userc, userd";
    expect(of(people, 0, { roster: 100 })).toBe(list);
    expect(of(people, 0, { roster: 28 })).toBe(list);
    expect(of(people, 0, { roster: 27 })).toBe("login: 4 different");
    const some = people.map((each, at) => (at === 1 ? { login: each.login } : each));
    expect(of(some, 0, { roster: 28 })).toBe(`${list}; key: 3 different`);
    expect(of(some, 0, { roster: 27 })).toBe("key: k0x, k14x, k21x; login: 4 different");
    // It has room of its own.
    expect(of(people, 0, { roster: 100, limit: 0 })).toBe(list);
    const many = (count: number): string =>
      of(
        times(count, (at) => `u${letters.charAt(at % 26)}${letters.charAt(at / 26)}`),
        0,
        { roster: 1_000 },
      );
    expect(many(40).split(", ").length).toBe(40);
    expect(many(41)).toBe("41 different");
    expect(
      of(
        times(4, (at) => 9 - at),
        0,
        { roster: 100 },
      ),
    ).toBe("6–9 (median 8)");
    expect(
      of(
        times(4, (at) => 90 - at),
        0,
        { roster: 100 },
      ),
    ).toBe("90, 89, 88, 87");
  });

  it("has the columns that a question names first, whatever the limit", () => {
    const named = (path: string): boolean => path === "name";
    const people = times(60, (at) => ({
      level: at % 3 === 0 ? "WARN" : "INFO",
      name: `${letters.charAt(at % 26)}${letters.charAt((at * 7) % 26)}y`,
    }));
    expect(of(people)).toBe("level: INFO ×40, WARN ×20");
    const asked = of(people, 0, { named, limit: 0 });
    expect(asked).toMatch(/^name: aay ×3, /);
    expect(asked.split(", ").length).toBe(26);
    expect(of(people, 0, { named })).toBe(`${asked}; level: INFO ×40, WARN ×20`);
    const long = times(80, (at) => ({
      name: `${letters.charAt(at % 20)}${"x".repeat(30)}${at % 40 < 20 ? "y" : "z"}`,
    }));
    expect(of(long, 0, { named }).length).toBeLessThan(760);
    expect(of(long, 0, { named })).toMatch(/, \d+ more$/);
  });

  it("leaves out columns that only rename another", () => {
    const people = times(20, (at) => ({
      code: at % 4,
      name: `n${"abcd".charAt(at % 4)}`,
      other: "xyzz".charAt(at % 4),
    }));
    expect(of(people)).toBe("code: 0 ×5, 1 ×5, 2 ×5, 3 ×5; other: z ×10, x ×5, y ×5");
    expect(of(people, 0, { named: (path) => path === "name" })).toBe(
      "name: na ×5, nb ×5, nc ×5, nd ×5; code: 0 ×5, 1 ×5, 2 ×5, 3 ×5; other: z ×10, x ×5, y ×5",
    );
    const swapped = times(20, (at) => ({
      a: at % 2 ? "x" : "y",
      b: at % 2 === (at > 9 ? 0 : 1) ? "x" : "y",
    }));
    expect(of(swapped)).toBe("a: x ×10, y ×10; b: x ×10, y ×10");
    const lists = times(20, (at) => ({ a: [`${at % 2}x`], b: [`${at % 2}x`] }));
    expect(of(lists)).toBe("a[]: 0x ×10, 1x ×10; b[]: 0x ×10, 1x ×10");
    const parts = times(20, (at) => (at % 2 ? { a: `v${at % 4}` } : { b: `v${at % 4}` }));
    expect(of(parts)).toBe("b: v0 ×5, v2 ×5; a: v1 ×5, v3 ×5");
  });

  it("tells values of one column from those of another by signs that do not repeat", () => {
    expect(of(times(4, (at) => ({ "a b": at % 2 ? "x" : "y z" })))).toBe("a b: x ×2, y z ×2");
    expect(of(times(4, (at) => ({ a: `n${at}` })))).toBe("a: 4 different");
    expect(of(times(4, (at) => ({ a: 10 * at })))).toBe("a 0–30");
    expect(of(times(4, (at) => ({ a: [at] })))).toBe("a[] 0–3");
  });

  it("copies numbers as they stand in the source, where they are not too long", () => {
    expect(noteOf(tableOfSource("[1.50,0.10,3e2,7]"))).toBe("0.10–3e2 (median 7)");
    expect(noteOf(tableOfSource(`[${"1".repeat(40)},1,2]`))).toBe(`1–${"1".repeat(40)} (median 2)`);
    expect(noteOf(tableOfSource(`[${"1".repeat(41)},1,2]`))).toBe("");
  });

  it("looks at 4,000 values of a column, and says of more that they are at least so many", () => {
    const names = (count: number, last: string): unknown[] => [
      ...times(count, (at) => `u${letters.charAt(at % 26)}x${at}`),
      last,
    ];
    expect(of(names(3_998, "more"))).toBe("3999 different");
    expect(of(names(3_999, "more"))).toBe("4000 different");
    expect(of(names(4_000, "more"))).toBe("at least 4000 different");
    expect(of(names(4_000, "uax0"))).toBe("at least 4000 different");
    expect(of(names(3_999, "uax0"))).toBe("");
  });
});

describe("summarizeKeys", () => {
  it.each([
    [["a", "b"], 6, "a, b"],
    [["a", "b"], 5, "a … b"],
    [["a,b", "c"], 20, '"a,b", c'],
    [["first", "second", "third"], 10, "first … third"],
    [["x".repeat(50)], 100, `${"x".repeat(40)}…`],
    [[], 10, ""],
    [[""], 10, '""'],
  ])("of %j in %i characters", (names, limit, note) => {
    expect(summarizeKeys(names, limit)).toBe(note);
  });
});

describe("summed", () => {
  const place = (unit: string, what: string, count: number, total = 100) => ({
    unit,
    what,
    count,
    total,
  });

  it("has rows first, then items, keys and characters, the most first", () => {
    const all = [
      place("characters", "a", 9_000),
      place("keys", "b", 9),
      place("items", "c", 5),
      place("items", "d", 7),
      place("rows", "", 2),
    ];
    expect(summed(all.slice(1))).toEqual([
      { unit: "rows", count: 2, total: 100 },
      { unit: "items", count: 7, total: 100, what: "d" },
      { unit: "items", count: 5, total: 100, what: "c" },
      { unit: "keys", count: 9, total: 100, what: "b" },
    ]);
    expect(summed(all)[4]).toEqual({
      unit: "characters",
      count: 9_000,
      total: 100,
      what: "in 1 other place",
    });
  });

  it("adds up what is beyond four places, by unit", () => {
    const all = [
      ...times(6, (at) => place("items", `i${at}`, 10 - at)),
      ...times(3, (at) => place("keys", `k${at}`, 3, 9)),
    ];
    expect(summed(all).slice(4)).toEqual([
      { unit: "items", count: 6 + 5, total: 200, what: "in 2 other places" },
      { unit: "keys", count: 9, total: 27, what: "in 3 other places" },
    ]);
    expect(summed([])).toEqual([]);
  });
});
