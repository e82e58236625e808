import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ColumnOptions } from "./column-coding.ts";
import { decodeColumns, encodeColumns } from "./columns.ts";

function encode(rows: readonly (readonly string[])[], options?: ColumnOptions): readonly string[] {
  const names = (rows[0] ?? []).map((_, at) => `c${at + 1}`);
  const { header, lines } = encodeColumns(
    names,
    names.map(() => ""),
    rows,
    options,
  );
  return [header, ...lines.map((line) => line ?? "?")];
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
    expect(lines[7]).toBe("row7\tc3=failed");
  });

  it("refers to a column that says the same", () => {
    const rows = Array.from({ length: 20 }, (_, at) => [
      `${at * 37}px`,
      at === 3 ? "auto" : `${at * 37}px`,
    ]);
    const [header, ...lines] = encode(rows);
    expect(header).toBe("c1 c2=c1#");
    expect(lines[3]).toBe("111px\tc2=auto");
  });

  it("takes off shared starts and ends only at word boundaries", () => {
    const rows = ["2026-01-03", "2026-01-17", "2026-01-19", "2026-01-20"].map((day) => [day, "x"]);
    expect(encode(rows)[0]).toBe('c1="2026-01-"* c2="x"');
    expect(encode(rows, { ends: false })[0]).toBe('c1 c2="x"');
  });

  it("puts letters for long values that come back, and says which", () => {
    const names = [
      "Ada Lovelace of London",
      "Grace Hopper of New York",
      "Edsger Dijkstra of Rotterdam",
    ];
    const rows = Array.from({ length: 30 }, (_, at) => [`${at * 7919}`, names[(at * 7) % 3] ?? ""]);
    const [header, first] = encode(rows);
    expect(header).toContain('a="');
    expect(first).toMatch(/^0 [abc]$/);
    expect(encode(rows, { aliases: false })[0]).toBe("c1 c2");
  });

  it("marks what deviates often with a letter behind the row", () => {
    const rows = Array.from({ length: 40 }, (_, at) => [`${at * 7919}`, at % 3 ? "amd64" : "all"]);
    rows[5] = ["39595", "armhf"];
    const [header, ...lines] = encode(rows);
    expect(header).toBe('c1 c2="amd64"{a="all"}');
    expect(lines[3]).toBe("23757\ta");
    expect(lines[4]).toBe("31676");
    expect(lines[5]).toBe("39595\tc2=armhf");
    expect(encode(rows, { byName: true }).join()).not.toContain("\ta");
  });

  it("takes off an end that most cells have, and marks the others", () => {
    const rows = Array.from({ length: 60 }, (_, at) => [
      `lib${at * 7919}${at % 5 ? ":amd64" : ""}`,
      `v${at}`,
    ]);
    const [header, ...lines] = encode(rows);
    expect(header).toBe('c1=*":amd64"{a=*} c2');
    expect(lines[5]).toBe("lib39595 v5\ta");
    expect(lines[6]).toBe("lib47514 v6");
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

  it("names phrases by capitals that no cell has as a word", () => {
    const rows = Array.from({ length: 60 }, (_, at) => [
      `id${at * 7919}`,
      at % 2 ? `Slots of z${at}` : `q${at} Sets the maximum number of A${at} slots`,
    ]);
    rows[9] = ["id9", "Plan A of nine"];
    const [header, ...lines] = encode(rows);
    expect(header).toContain('B="Sets the maximum number of"');
    expect(lines[10]).toContain(" q10 B A10 slots");
    expect(lines[9]).toBe("id9 Plan A of nine");
    expect(encode(rows.slice(0, 30))[0]).not.toContain("{");
  });

  it("refers to the folder of the path above", () => {
    const files = [
      "src/core/a.ts",
      "src/core/b.ts",
      "src/core/deep/c.md",
      "src/core/deep/d.ts",
      "e.ts",
    ];
    const rows = files.map((file, at) => [`${at * 7919}`, file]);
    expect(encode(rows).slice(1)).toEqual([
      "0 src/core/a.ts",
      '7919 "/b.ts',
      "15838 src/core/deep/c.md",
      '23757 "/d.ts',
      "31676 e.ts",
    ]);
    expect(encode(rows, { ditto: false })[2]).toBe("7919 src/core/b.ts");
  });

  it("does not write a row that could be misread", () => {
    const rows = [
      ["a", "x"],
      ["b\tc", "y"],
      ['"', "z"],
      ["d", "z w"],
    ];
    const [, ...lines] = encode(rows);
    expect(lines[1]).toBe("?");
    expect(lines[2]).toBe("?");
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
        "c1=2",
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
      aliases: fc.boolean(),
      ends: fc.boolean(),
      byName: fc.boolean(),
    });
    let written = 0;
    fc.assert(
      fc.property(grid, options, ([names, rows], chosen) => {
        const notes = names.map((_, at) => (at % 2 ? `@${at}` : ""));
        const { header, lines } = encodeColumns(names, notes, rows, chosen);
        if (header.includes("\n")) return;
        const kept = rows.filter((_, at) => lines[at] !== undefined);
        const decoded = decodeColumns(
          header,
          lines.filter((line) => line !== undefined),
        );
        expect(decoded?.names).toEqual(names);
        expect(decoded?.notes).toEqual(notes);
        expect(decoded?.rows).toEqual(kept);
        written += kept.length;
      }),
      { numRuns: 500 },
    );
    expect(written).toBeGreaterThan(1000);
  });

  it("answers undefined to headers that are not its own", () => {
    for (const header of ['"open', "a{b", "a{b=c}", "a=b#", 'a="x', 'a="x"y']) {
      expect(decodeColumns(header, ["1"])).toBeUndefined();
    }
  });
});
