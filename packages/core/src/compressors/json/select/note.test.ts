import { describe, expect, it } from "vitest";
import { tableOf, tableOfSource } from "../../../../test/json-table.ts";
import { finish } from "../../../steps.ts";
import type { Table } from "./columns.ts";
import { type NoteOptions, summarize } from "./note.ts";
import { summed } from "./omissions.ts";
import { ROOT } from "./path.ts";

const times = <Item>(count: number, make: (at: number) => Item): Item[] =>
  Array.from({ length: count }, (_, at) => make(at));

/** What is said of the rows of a table, the first `kept` aside. */
function noteOf(table: Table, kept = 0, options: Partial<NoteOptions> = {}): string {
  const omitted = new Uint8Array(table.items.length).fill(1).fill(0, 0, kept);
  const { text } = finish(
    summarize(table, omitted, { of: ROOT, unit: "rows", limit: 400, rosterTokens: 0, ...options }),
  );
  return text.replace(/^\d+ of \d+ rows omitted(?:: )?/, "");
}

const of = (values: readonly unknown[], kept = 0, options: Partial<NoteOptions> = {}): string =>
  noteOf(tableOf(values), kept, options);

describe("a note on omitted values", () => {
  it.each<[string, readonly unknown[], string]>([
    ["values by their counts", ["b", "a", "c", "c", "a", "c"], "c ×3, a ×2, b ×1"],
    ["null beside a value", [null, null, "x", "x"], "null ×2, x ×2"],
    ["numbers with their sum", [3, 991, 40, 5], "3–991, sum 1039"],
    ["numbers that rise", [3, 5, 40, 991], "3–991, sum 1039, ascending"],
    ["number text as it stands", [1.5, 0.25, 3, 1], "0.25–3, sum 5.75"],
    [
      "few numbers that come back",
      [200, 200, 404, 404, 500, 500],
      "200 ×2, 404 ×2, 500 ×2, ascending",
    ],
    ["times", ["2026-03-02", "2026-03-01", "2026-03-09"], "2026-03-01–2026-03-09"],
    ["sizes by what they measure", ["3.2G", "900M", "10K", "1.5G"], "10K–3.2G, sum 5.58G"],
    ["versions", ["10.0.0", "9.9.0", "9.10.0"], "9.9.0–10.0.0"],
    ["names", ["ada", "grace", "linus"], "3 different"],
    ["one name", ["ada"], ""],
    [
      "a sentence over and over",
      times(30, (at) => `request ${at} took ${at * 3} ms`),
      "like: request * took * ms",
    ],
    [
      "sentences of few shapes",
      times(40, (at) => (at % 4 === 0 ? `cache miss ${at}` : `request ${at} is done`)),
      "like request * is done ×30, cache miss * ×10",
    ],
  ])("has %s", (_name, values, note) => {
    expect(of(values)).toBe(note);
  });

  it("goes field by field, and counts the values of lists and their lengths", () => {
    const rows = times(40, (at) => ({
      id: 10 + at,
      user: { login: at % 2 ? "ada" : "ken" },
      tags: at % 4 === 0 ? ["bug", "docs"] : ["bug"],
    }));
    expect(of(rows)).toBe(
      "user.login: ken ×20, ada ×20; tags[]: bug ×40, docs ×10; id: 10–49, ascending; number of tags: 1 ×30, 2 ×10".replace(
        "; number of tags: 1 ×30, 2 ×10",
        "",
      ),
    );
  });

  it("says whether what all rows shown share goes on", () => {
    const rows = times(20, (at) => ({ os: "linux", zone: at < 3 ? "a" : "b", n: (at * 7) % 20 }));
    expect(of(rows, 3)).toMatch(/zone: all b.*; what all rows shown share holds in these too$/);
    // One field that is not described says otherwise.
    const others = rows.map((row, at) => ({
      ...row,
      note: at < 3 ? "" : `note ${"x".repeat(at)} y`,
    }));
    expect(of(others, 3, { limit: 20 })).not.toContain("shown share");
    expect(of(rows, 1)).not.toContain("shown share");
  });

  it("fits its limit, and skips what does not", () => {
    const rows = times(60, (at) => ({
      level: at % 2 ? "INFO" : "WARN",
      ms: at % 17,
      size: at * 9_999,
    }));
    expect(of(rows, 0, { limit: 30 })).toBe("level: WARN ×30, INFO ×30");
    expect(of(rows, 0, { limit: 0 })).toBe("");
  });

  it("lists all names where a list may take so many tokens, once", () => {
    const rows = times(12, (at) => ({
      city: `${"abcdefghijkl"[at]}-town`,
      twin: `twin-${"lkjihgfedcba"[at]}`,
    }));
    expect(of(rows, 2, { rosterTokens: 60 })).toContain("city: c-town, d-town, e-town");
    expect(of(rows, 2, { rosterTokens: 60 })).not.toContain("twin-");
    expect(of(rows, 2, { rosterTokens: 10 })).not.toContain("c-town");
    // Numbered names say less than what they have in common.
    expect(
      of(
        times(12, (at) => ({ id: `job-${at}` })),
        2,
        { rosterTokens: 99 },
      ),
    ).not.toContain("job-3");
  });

  it("has the columns that a question names first, whatever the limit, and more of their values", () => {
    const rows = times(60, (at) => ({
      level: at % 2 ? "INFO" : "WARN",
      city: `city ${"abcdefghijklmnopqrst"[at % 20]}`,
    }));
    const note = of(rows, 0, { limit: 30, named: (path) => path === "city" });
    for (const letter of "abcdefghijklmnopqrst") expect(note).toContain(`city ${letter} ×3`);
  });

  it("leaves out columns that only rename another", () => {
    const rows = times(40, (at) => ({ code: `c${at % 3}`, name: `name ${at % 3}` }));
    expect(of(rows)).toBe("code: c0 ×14, c1 ×13, c2 ×13");
  });

  it("says nothing of columns whose keys look like paths", () => {
    const rows = times(20, (at) => ({ "a[]": at % 2, "a.b": 1, a: { b: 2 } }));
    expect(of(rows)).toBe("");
  });

  it("stands on one line, whatever the values", () => {
    const source = JSON.stringify(
      times(20, (at) => ({ a: at % 2 ? "x\ny" : "x\r\nz", b: "\ud800" })),
    );
    expect(noteOf(tableOfSource(source))).not.toMatch(/[\r\n]/);
  });

  it("names the keys of a map, or what they have in common, or their ends", () => {
    const keys = (names: readonly string[], rosterTokens: number): string =>
      of(
        names.map((_, at) => at % 2),
        0,
        { unit: "keys", keys: names, rosterTokens },
      );
    const words = times(30, (at) => `${"abcdefghijklmnopqrstuvwxyzABCD"[at]}-word`);
    expect(keys(words, 200)).toContain("a-word, b-word, c-word");
    expect(keys(words, 10)).toContain("first and last: a-word, D-word");
    expect(
      keys(
        times(30, (at) => `shard_${at}`),
        200,
      ),
    ).toContain("keys like: shard_*");
  });
});

describe("summed", () => {
  const omission = (
    unit: string,
    what: string,
    count: number,
  ): {
    unit: string;
    what: string;
    count: number;
    total: number;
  } => ({ unit, what, count, total: count * 2 });

  it("has rows first, then items, keys and the rest, the most first", () => {
    const all = [
      omission("characters", "a", 9),
      omission("keys", "b", 2),
      omission("rows", "", 1),
      omission("items", "c", 5),
    ];
    expect(summed(all).map(({ unit }) => unit)).toEqual(["rows", "items", "keys", "characters"]);
    expect(summed(all)[0]).toEqual({ unit: "rows", count: 1, total: 2 });
  });

  it("adds up what is beyond four places, by unit", () => {
    const all = times(7, (at) => omission("items", `p${at}`, 10 - at));
    expect(summed(all)).toHaveLength(5);
    expect(summed(all)[4]).toEqual({
      unit: "items",
      count: 15,
      total: 30,
      what: "in 3 other places",
    });
  });
});
