import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CompressContext, compressWith, viewWith } from "../../../test/compress-with.ts";
import { printLegend } from "../../notation/legend.ts";
import { finish } from "../../steps.ts";
import type { Form } from "../../types/runner.ts";
import { detectTable } from "./detect.ts";
import { encodeTables } from "./encode.ts";
import { parseTable, parseTables } from "./parse.ts";
import { tableCompressor } from "./table.ts";

const context: CompressContext = {
  lossy: false,
  budgetTokens: 300,
  counter: { name: "quarter", count: (text) => Math.ceil(text.length / 4) },
};
const compressor = tableCompressor();
const LEGEND = printLegend("table", new Set(), { count: 1, unit: "lines in columns" });

function run(text: string, more: Partial<CompressContext> = {}): Form | undefined {
  const result = compressWith(compressor, text, { ...context, ...more });
  if (result?.lossless) expect(compressor.decode(result.text)).toBe(text);
  return result;
}

const fixtures = new URL("./fixtures/", import.meta.url);
const read = (name: string): string => readFileSync(new URL(`${name}/input.txt`, fixtures), "utf8");

/** `… a-b` in the text, summed up. */
function linesLeftOut(text: string): number {
  let sum = 0;
  for (const [, from, to] of text.matchAll(/^… (\d+)(?:-(\d+))?(?:$|:)/gm)) {
    sum += Number(to ?? from) - Number(from) + 1;
  }
  return sum;
}

describe("tableCompressor", () => {
  for (const name of readdirSync(fixtures)) {
    it(`fixture ${name}`, async () => {
      const input = read(name);
      expect(compressor.detect(input)).toBeGreaterThanOrEqual(0.7);
      const lossy = name.startsWith("lossy");
      const result = run(input, { lossy });
      expect(result?.lossless).toBe(!lossy);
      await expect(result?.text).toMatchFileSnapshot(`./fixtures/${name}/output.txt`);
      // Without leave to lose anything, the output is the lossless form already.
      if (lossy)
        await expect(run(input)?.text).toMatchFileSnapshot(`./fixtures/${name}/lossless.txt`);
    });

    it(`uses every name twice and ^ at most twice in a row: ${name}`, () => {
      const form = run(read(name))?.text ?? "";
      const names = [...form.matchAll(/^(@\d+)=/gm)].map(([, one]) => one);
      const uses = (form.match(/@\d+(?!\d|=|[<>_-])/g) ?? []).filter((use) => names.includes(use));
      for (const one of names) expect(uses.filter((use) => use === one).length).toBeGreaterThan(1);
      expect([...new Set(uses)]).toEqual(names);
      for (const line of form.split("\n").slice(1))
        expect((line.match(/(?<![^ |])\^(?![^ |;])/g) ?? []).length).toBeLessThan(3);
    });
  }

  it("finds the same columns in a long table as in a short one", () => {
    const row = (at: number): string =>
      `-rw-r--r-- 1 root ${String((at * 7919) % 1e6).padStart(8)} Jan ${String(1 + (at % 28)).padStart(2)} ${at}.txt`;
    const layout = (rows: number): unknown =>
      finish(parseTable(Array.from({ length: rows }, (_, at) => row(at))))?.notes;
    expect(layout(20_000)).toEqual(layout(400));
  });

  it("shows failures, rare values and extremes of a long table, and counts the rest", () => {
    const result = run(read("lossy-pods"), { lossy: true });
    if (!result || result.lossless) throw new Error("not lossy");
    for (const fact of ["CrashLoopBackOff", "worker-91-", "worker-120-", "worker-121-", "214"]) {
      expect(result.text).toContain(fact);
    }
    expect(linesLeftOut(result.text)).toBe(result.omitted[0]?.count);
    expect(result.omitted[0]?.total).toBe(161);
  });

  it("keeps the rows the question asks for", () => {
    const text = read("lossy-pods");
    const row = text.split("\n")[78] ?? "";
    const name = row.split(/ +/)[1] ?? "";
    expect(run(text, { lossy: true })?.text).not.toContain(name);
    expect(run(text, { lossy: true, query: `What about ${name}?` })?.text).toContain(name);
  });

  it("says where lines are left out, also before one that is no row", () => {
    const rows = Array.from({ length: 190 }, (_, at) => `${at},ok,x`);
    const text = ["id,state,kind", ...rows.slice(0, 50), "-- more", ...rows.slice(50)].join("\n");
    const view = viewWith(compressor, text, {
      ...context,
      budgetTokens: 200,
      firstLine: 11,
    });
    expect(view?.text).toMatchInlineSnapshot(`
      "[table; name="x": x in every row shown that does not end with ;name=other; … 12-40: lines 12 to 40 are left out]
      id state="ok" kind="x"
      0
      1
      2
      3
      4
      5
      6
      7
      8
      9
      10
      11
      12
      13
      14
      15
      16
      17
      18
      19
      20
      21
      22
      23
      24
      25
      26
      27
      28
      29
      30
      31
      32
      33
      34
      35
      36
      37
      38
      39
      40
      41
      42
      43
      44
      45
      46
      47
      48
      49
      -- more
      50
      51
      52
      53
      54
      55
      56
      57
      58
      59
      60
      61
      62
      63
      64
      65
      66
      67
      68
      69
      70
      71
      72
      73
      74
      75
      76
      77
      78
      79
      80
      81
      82
      83
      84
      85
      86
      87
      … 101-200
      188
      189
      … 100 of 190 rows left out (1 line between them is no row). In all 190 rows:
        id: 0–189, ascending
        state: all ok
        kind: all x"
    `);
  });

  it("takes quoted delimiters and doubled quotes as one cell", () => {
    const text = Array.from({ length: 12 }, (_, at) => `${at},"a, ""b"" ${at}",c`).join("\n");
    expect(finish(parseTable(text.split("\n")))?.names.length).toBe(3);
    run(text);
  });

  it("keeps ragged rows, titles, blank lines and carriage returns", () => {
    const rows = Array.from({ length: 30 }, (_, at) => `${at},north region,closed,${at % 3}`);
    rows[4] = "4,short";
    rows[9] = "a title, with one comma";
    rows[14] = "";
    rows[20] = "\\20,north region,closed,1";
    rows[21] = '21,north region,",2';
    expect(run(rows.join("\n"))?.lossless).toBe(true);
    expect(run(rows.join("\r\n"))?.lossless).toBe(true);
    expect(run(`${rows.join("\n")}\n\n`)?.lossless).toBe(true);
  });

  it("takes no NDJSON, log, search hit, code, prose, list or diff for a table", () => {
    const repeat = (line: (at: number) => string): string =>
      Array.from({ length: 24 }, (_, at) => line(at)).join("\n");
    const others = [
      repeat((at) => `{"id": ${at}, "name": "a", "tags": [1, 2]}`),
      repeat((at) => `2026-01-15 10:00:${10 + at} INFO  [main] started worker ${at}`),
      repeat((at) => `2026-01-15T10:00:${10 + at}Z level=info msg=started worker=${at}`),
      repeat((at) => `Jan 15 10:00:${10 + at} host sshd[${at}]: Accepted key for ${at}`),
      repeat((at) => `[INFO] task ${at} done, next ${at + 1}, queue 7`),
      repeat((at) => `src/a.ts:${at}:const a = ${at}`),
      repeat((at) => `  const value${at} = compute(a, b);`),
      repeat((at) => `- item number ${at}`),
      repeat((at) => `${at}. item number`),
      repeat(
        (at) => `The ${at}th line tells, as ever, a story${at % 3 ? ", or two" : ""} of words.`,
      ),
      repeat((at) => `${at % 2 ? "+" : "-"}  return ${at};`),
    ];
    for (const text of others) expect(detectTable(text)).toBe(0);
  });

  it("decodes nothing that is not its own", () => {
    for (const text of ["", "a,b\n1,2", "[table] x\ncsv ,: a"]) {
      expect(compressor.decode(text)).toBeUndefined();
    }
  });

  const cell = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom("", "a", "north", "12", "-3.5", "x y", '"', "a", "ü", "=", "c1="),
    },
    fc.string({ maxLength: 6 }).map((text) => text.replaceAll("\n", " ")),
  );
  const grid = fc.integer({ min: 2, max: 5 }).chain((width) =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), {
      minLength: 6,
      maxLength: 30,
    }),
  );

  it("gives every delimited table back byte for byte", () => {
    fc.assert(
      fc.property(
        grid,
        fc.constantFrom(",", "\t", ";", "|", " ", ":"),
        fc.boolean(),
        (rows, by, end) => {
          const text = rows.map((row) => row.join(by)).join("\n") + (end ? "\n" : "");
          const result = run(text.repeat(3));
          expect(run(text.repeat(3))).toEqual(result);
          run(text, { lossy: true, budgetTokens: 10, query: "north" });
        },
      ),
      { numRuns: 400 },
    );
  });

  it("gives every padded table back byte for byte", () => {
    const side = fc.array(fc.boolean(), { minLength: 5, maxLength: 5 });
    let compressed = 0;
    fc.assert(
      fc.property(grid, side, fc.constantFrom("  ", " ", " | "), (rows, right, between) => {
        const widths = (rows[0] ?? []).map((_, at) =>
          Math.max(4, ...rows.map((row) => (row[at] ?? "").length)),
        );
        const pad = (text: string, at: number): string =>
          right[at] ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0);
        const lines = rows.map((row) => row.map(pad).join(between).trimEnd());
        if (between === " | ")
          lines.splice(1, 0, widths.map((width) => "-".repeat(width)).join("-+-"));
        if (run(lines.join("\n"))) compressed++;
      }),
      { numRuns: 400 },
    );
    expect(compressed).toBeGreaterThan(40);
  });

  it("declares exactly the rows that are missing", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(9), { minLength: 60, maxLength: 200 }),
        fc.nat(400),
        (kinds, budget) => {
          const text = kinds.map(
            (kind, at) => `row${at},kind${kind},${kind === 9 ? "error" : "ok"},${at * 7}`,
          );
          const result = run(text.join("\n"), { lossy: true, budgetTokens: budget });
          if (!result || result.lossless) return;
          const lines = result.omitted.find(({ unit }) => unit === "lines");
          expect(linesLeftOut(result.text)).toBe(lines?.count ?? 0);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("names lines of the whole original when it is given a part", () => {
    const text = Array.from({ length: 90 }, (_, at) => `row${at},kind,ok,${at * 7}`).join("\n");
    const gaps = (firstLine: number): readonly number[] =>
      [
        ...(run(text, { lossy: true, budgetTokens: 60, firstLine })?.text ?? "").matchAll(
          /^… (\d+)/gm,
        ),
      ]
        .slice(0, -1)
        .map(([, from]) => Number(from));
    expect(gaps(101)).toEqual(gaps(1).map((from) => from + 100));
    expect(gaps(1).length).toBeGreaterThan(0);
  });

  it("survives hostile text", () => {
    const wide = `${"a,".repeat(5000)}b\n`.repeat(5);
    const bars = `a|b\n-|-\n${"|".repeat(3000)}\n`.repeat(8);
    for (const text of [
      "",
      "\n\n\n\n",
      wide,
      bars,
      "=".repeat(4000),
      `${"a=".repeat(900)}\n`.repeat(9),
    ]) {
      run(text);
      run(text, { lossy: true, budgetTokens: 5, query: "a" });
      compressor.detect(text);
      compressor.decode(text);
      compressor.decode(`${LEGEND}\n${text}`);
      compressor.decode(`${LEGEND}\ncsv ,: a b\n${text}`);
    }
  });
});

describe("several tables in a text", () => {
  const jobs = (from: number): readonly string[] => [
    "JOB      STATE    QUEUE",
    ...Array.from({ length: 6 }, (_, at) => `job-${from + at}    waiting  ${at * 11}`),
  ];
  const disks = [
    "disk,size,used",
    ...Array.from({ length: 5 }, (_, at) => `sd${at},${at}0G,${at}`),
  ];

  it("are read with the lines they stand on", () => {
    const text = ["Report of today", "", ...jobs(1), "", "Disks:", ...disks];
    const tables = finish(parseTables(text));
    expect(tables.map(({ names }) => names)).toEqual([
      ["JOB", "STATE", "QUEUE"],
      ["disk", "size", "used"],
    ]);
    expect(tables.map(({ headers }) => headers)).toEqual([
      [{ line: 2, lines: 1 }],
      [{ line: 11, lines: 1 }],
    ]);
    expect(tables.map(({ rows }) => rows.map(({ line }) => line))).toEqual([
      [3, 4, 5, 6, 7, 8],
      [12, 13, 14, 15, 16],
    ]);
    const form = finish(encodeTables(text, tables));
    expect(compressor.decode(form)).toBe(text.join("\n"));
    expect(form).toContain("\\table csv ,: disk size used\n\\h\nsd0 00G 0");
    expect(form).toContain("QUEUE@18\n\\Report of today\n\\\n\\h\njob-1 0");
  });

  it("are one where the columns are the same", () => {
    const text = ["first page", ...jobs(1), "", "second page", ...jobs(4)];
    const tables = finish(parseTables(text));
    expect(tables.map(({ headers }) => headers.map(({ line }) => line))).toEqual([[1, 10]]);
    expect(tables[0]?.rows.length).toBe(12);
    expect(run(text.join("\n"))?.text.match(/^\\h$/gm)?.length).toBe(2);
  });
});
