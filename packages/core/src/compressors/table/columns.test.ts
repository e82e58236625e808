import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NotationError } from "../../notation/error.ts";
import { finish } from "../../steps.ts";
import type { ColumnOptions } from "./coding.ts";
import { decodeColumns, encodeColumns, rowText } from "./columns.ts";

function encode(rows: readonly (readonly string[])[], options?: ColumnOptions): readonly string[] {
  const names = (rows[0] ?? []).map((_, at) => `c${at + 1}`);
  const notes = names.map(() => "");
  const coded = finish(encodeColumns(names, notes, rows, options));
  return [coded.header, ...coded.rows.map((row) => (row ? rowText(row) : "?"))];
}

describe("encodeColumns", () => {
  it("says once what all or nearly all cells are, and names what deviates", () => {
    const rows = Array.from({ length: 20 }, (_, at) => [
      `row${at}`,
      "ms",
      at === 7 ? "failed" : "ok",
    ]);
    const [header, ...lines] = encode(rows);
    expect(header).toBe('c1 c2="ms" c3="ok"');
    expect(lines[6]).toBe("row6");
    expect(lines[7]).toBe("row7;c3=failed");
  });

  it("says the first of two values once that are as frequent", () => {
    const [one, other] = [
      "alpha bravo charlie delta echo golf hotel",
      "one two three four five six seven",
    ];
    const rows = Array.from({ length: 20 }, (_, at) => [
      `row${at}`,
      (at % 2 === 0 ? one : other) ?? "",
    ]);
    expect(encode(rows).slice(0, 3)).toEqual([
      `c1 c2=${JSON.stringify(one)}`,
      "row0",
      `row1;c2=${other}`,
    ]);
  });

  it("makes a column of another one that it repeats, with what stands around it", () => {
    const rows = Array.from({ length: 20 }, (_, at) => [
      `${at * 37}px`,
      at === 9 ? "auto" : `${at * 37}px`,
      `max(${at * 37}px, 1em)`,
      `n${at}`,
    ]);
    const [header, ...lines] = encode(rows);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the notation looks like this
    expect(header).toBe('c1 c2=${c1} c3="max("${c1}", 1em)" c4');
    expect(lines.slice(8, 11)).toEqual(["296px n8", "333px n9;c2=auto", "370px n10"]);
    const back = finish(decodeColumns(header ?? "", lines));
    expect(back.rows).toEqual(rows);
    // Rows that stand alone in a view say everything themselves.
    expect(encode(rows, { ditto: false })[0]).not.toContain("$");
  });

  it("does not make a column of one that it repeats in half of the rows", () => {
    const rows = Array.from({ length: 20 }, (_, at) => [
      `${at * 37}`,
      `${at * (at % 2 ? 37 : 41)}`,
    ]);
    expect(encode(rows)[0]).toBe("c1 c2");
  });

  it("gives dates and times by their ends, and in full from time to time", () => {
    const rows = Array.from({ length: 30 }, (_, at) => [
      `2026-03-${String(1 + (at >> 1)).padStart(2, "0")}`,
      `2026-03-01 10:00:${10 + at}.250Z`,
      `job${at}`,
    ]);
    const [header, ...lines] = encode(rows);
    expect(lines.slice(0, 4)).toEqual([
      "2026-03-01 10:00:10.250Z job0",
      "^ …11.250 job1",
      "…02 …12.250 job2",
      "^ …13.250 job3",
    ]);
    expect(lines.filter((line) => line.includes(" 10:00:")).length).toBe(2);
    expect(finish(decodeColumns(header ?? "", lines)).rows).toEqual(rows);
    expect(encode(rows, { ditto: false }).join("\n")).not.toContain("…");
  });

  it("takes off shared starts and ends only at word boundaries", () => {
    const rows = ["2026-01-03", "2026-01-17", "2026-01-19", "2026-01-20"].map((day) => [day, "x"]);
    expect(encode(rows)[0]).toBe('c1 c2="x"');
    const files = rows.map(([day]) => [`data/${day}.csv`, "x"]);
    expect(encode(files).slice(0, 2)).toEqual(['c1="data/"*".csv" c2="x"', "2026-01-03"]);
    expect(encode(files, { ends: false })[0]).toBe('c1 c2="x"');
  });

  it("writes ^ for the cell above, at most twice in a row", () => {
    const rows = Array.from({ length: 8 }, (_, at) => [
      `${at * 7919}`,
      `first${at >> 1}`,
      `the second${at >> 1}`,
      `third${at >> 1}`,
      `${at}`,
    ]);
    const [, ...lines] = encode(rows);
    expect(lines[1]).toBe("7919 ^ ^ third0 1");
    expect(lines[2]).toBe("15838 first1 second1 third1 2");
    expect(encode(rows, { ditto: false }).join("\n")).not.toContain("^");
  });

  it("puts the few cells of several words in quotes, so that a space ends the others", () => {
    const rows = Array.from({ length: 12 }, (_, at) => [
      at % 4 ? `user${at}` : "Ann Lee",
      `v${at}`,
    ]);
    rows[6] = ["", "v6"];
    const [header, ...lines] = encode(rows);
    expect(header).toBe("c1 c2");
    expect(lines[4]).toBe('"Ann Lee" v4');
    expect(lines[6]).toBe('"" v6');
  });

  it("does not write a row that could be misread", () => {
    const rows = Array.from({ length: 200 }, (_, at) => [`id${at}`, `v${at * 7919}`, "ok"]);
    rows[2] = ["^", "v", "ok"];
    rows[3] = ['"a', "v", "ok"];
    rows[4] = ["a", "v;c3=ok", "ok"];
    rows[5] = ["a", "v", "x;c3=y"];
    rows[6] = ["\\a", "v", "ok"];
    rows[7] = ["a", "v;c2=x", "no"];
    const [header, ...lines] = encode(rows);
    expect(header).toBe('c1|c2 c3="ok"');
    expect(lines.slice(2, 8)).toEqual(["?", '"a|v', "?", "?", "?", "a|v;c2=x;c3=no"]);
  });

  const cell = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        "",
        "a",
        "aa",
        "2026-01-02",
        "2026-01-03",
        '"',
        "x y",
        "|",
        "^",
        ";id=2",
        "\\x",
        "\t",
      ),
    },
    fc.string({ maxLength: 8 }),
  );

  it("gives every row it wrote back", () => {
    const grid = fc.integer({ min: 1, max: 6 }).chain((width) =>
      fc.tuple(
        fc.uniqueArray(
          fc.oneof(fc.constantFrom("id", "NOMINATED NODE", "%CPU", 'a"b', "x=y"), fc.string()),
          {
            minLength: width,
            maxLength: width,
          },
        ),
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 40 }),
      ),
    );
    const options = fc.record({
      ditto: fc.boolean(),
      ends: fc.boolean(),
      byName: fc.boolean(),
    });
    let written = 0;
    fc.assert(
      fc.property(grid, options, ([names, rows], chosen) => {
        const notes = names.map((_, at) => (at % 2 ? `@${at}` : ""));
        const coded = finish(encodeColumns(names, notes, rows, chosen));
        const { header } = coded;
        const lines = coded.rows.map((row) => row && rowText(row));
        if (header.includes("\n")) return;
        const kept = rows.filter((_, at) => lines[at] !== undefined);
        const printed = lines.filter((line) => line !== undefined);
        const decoded = finish(decodeColumns(header, printed));
        expect(decoded?.names).toEqual(names);
        expect(decoded?.notes).toEqual(notes);
        expect(decoded?.rows).toEqual(kept);
        written += kept.length;
      }),
      { numRuns: 500 },
    );
    expect(written).toBeGreaterThan(1000);
  });

  it.each([
    ['"open', "1", "a closing quote"],
    ["a=b", "1", "a constant, or a * between shared ends"],
    ['a="x"y', "1", "a constant, or a * between shared ends"],
    ["a b", "1", "line 1: expected 2 cells"],
    ["a b", "^ 2", "line 1: expected a row above"],
    ['a="1"', "2", "line 1: expected ;name=value"],
  ])("says where it cannot read %s", (header, line, message) => {
    expect(() => finish(decodeColumns(header, [line]))).toThrow(NotationError);
    expect(() => finish(decodeColumns(header, [line]))).toThrow(message);
  });
});
