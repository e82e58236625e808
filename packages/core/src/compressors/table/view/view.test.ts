/** What a reader finds in the view of a table. The data is made up; the kinds are those of tools. */
import { describe, expect, it } from "vitest";
import { capFor } from "../../../forms/cap.ts";
import { falseSentence } from "../../../forms/check.ts";
import { finish } from "../../../steps.ts";
import type { Steps, View } from "../../../types/compressor.ts";
import type { OriginalUnits } from "../../../types/statement.ts";
import { tableCompressor } from "../table.ts";
import { listedRow, type Sheet } from "./sheet.ts";

const counter = { name: "quarters", count: (text: string): number => Math.ceil(text.length / 4) };
const compressor = tableCompressor();

const times = <Made>(count: number, make: (at: number) => Made): readonly Made[] =>
  Array.from({ length: count }, (_, at) => make(at));
const hash = (at: number, digits = 40): string =>
  times(Math.ceil(digits / 8), (turn) =>
    (((at + 1) * 2_654_435_761 * (turn + 3)) >>> 0).toString(16).padStart(8, "0"),
  )
    .join("")
    .slice(0, digits);
const WORDS = "amber birch cedar delta ember fjord grove heath inlet jetty knoll lagoon".split(" ");
/** Names that differ in more than a number. */
const name = (at: number): string =>
  `${WORDS[at % 12]}-${WORDS[Math.floor(at / 12) % 12]}${at > 143 ? at : ""}`;
const rows = (...all: readonly (readonly unknown[])[]): readonly string[] =>
  all.map((cells) => cells.join(","));

/** The view under the cap of the text, or under another one; every sentence of it is true. */
function view(
  lines: readonly string[],
  { query, budgetTokens }: { readonly query?: string; readonly budgetTokens?: number } = {},
): View {
  const text = `${lines.join("\n")}\n`;
  const cap = budgetTokens ?? capFor(counter.count(text), "balanced");
  const context = { counter, budgetTokens: cap, ...(query === undefined ? {} : { query }) };
  const made = finish(compressor.shorten?.(text, context) as Steps<View | undefined>);
  if (made === undefined) throw new Error("no view");
  const original = finish(compressor.original?.(text) as Steps<OriginalUnits>);
  expect(finish(falseSentence(text, made, original, 1))).toBeUndefined();
  expect(counter.count(made.text)).toBeLessThanOrEqual(cap);
  return made;
}

describe("cells go before rows", () => {
  const packages = [
    "name,version,license,integrity,resolved,description",
    ...rows(
      ...times(140, (at) => [
        name(at),
        `${at % 19}.${at % 7}.0`,
        at === 88 ? "GPL-3.0" : "MIT",
        `sha512-${hash(at, 80)}==`,
        `https://registry.example.org/${name(at)}/-/${name(at)}-${at % 19}.${at % 7}.0.tgz`,
        "walks a tree of nodes and calls a function for each of them that matches a selector",
      ]),
    ),
  ];

  it("so that all rows stay with what they are about", () => {
    const { text, omitted } = view(packages);
    for (const at of times(140, (turn) => turn))
      expect(text).toContain(`\n${name(at)} ${at % 19}.${at % 7}.0`);
    expect(text).toContain("license=GPL-3.0");
    expect(text).not.toContain("sha512");
    // Neither is what is left out said to be the same in every row.
    expect(text).not.toContain('="…"');
    expect(text).toMatch(/; left out where no ;name= has it: [a-z ]*integrity/);
    expect(text).not.toContain("https://");
    expect(text).toContain("  integrity (left out in each row)");
    expect(text).toContain("license: MIT ×139, GPL-3.0 ×1");
    expect(omitted).toEqual([
      expect.objectContaining({
        unit: "cells",
        total: 840,
        what: expect.stringContaining("integrity"),
      }),
    ]);
  });

  it("but a row that is asked for is whole", () => {
    const { text } = view(packages, { query: "What is the integrity of birch-fjord?" });
    expect(text).toContain(`birch-fjord 4.5.0;integrity=sha512-${hash(61, 80)}==`);
    expect(text).not.toContain(hash(62, 80));
    expect(text).toContain("  integrity (left out in most rows)");
  });

  it("and columns that follow from others, which the view says", () => {
    const { text } = view(
      [
        "package,current,wanted,latest,folder",
        ...rows(
          ...times(120, (at) => [
            name(at),
            `${at % 30}.${at % 7}.1`,
            at === 71 ? "9.9.9" : `${at % 30}.${at % 7}.1`,
            `${40 + (at % 50)}.0.0`,
            `node_modules/${name(at)}`,
          ]),
        ),
      ],
      { budgetTokens: 1_500 },
    );
    expect(text).toContain("  wanted (left out in most rows): as {current} ×119, other ×1");
    expect(text).toContain("  folder (left out in most rows): as node_modules/{package} ×120");
    expect(text).toContain(`\n${name(71)} 11.1.1 61.0.0;wanted=9.9.9`);
  });

  it("and hashes stay where nothing else tells the rows apart", () => {
    const { text } = view([
      "commit,state",
      ...rows(...times(300, (at) => [hash(at), at % 3 === 0 ? "merged" : "open"])),
    ]);
    expect(text).toContain(hash(0));
  });

  it("and long sentences keep their beginning", () => {
    const sentence =
      "the first words say what it is about, and the rest of it goes on for a while more";
    const { text, omitted } = view(
      ["id,title", ...rows(...times(90, (at) => [name(at), `"${at} ${sentence}"`]))],
      { budgetTokens: 1_500 },
    );
    expect(text).toContain("\nknoll-ember 58 the first words");
    expect(text).not.toContain("while more");
    expect(omitted.map(({ unit }) => unit)).toEqual(["cells"]);
  });
});

describe("rows that stand out stay", () => {
  it("the largest by value, with their names", () => {
    const lines = times(
      400,
      (at) => `${at === 217 ? "9.9T" : `${(at * 37) % 991}${"KMG"[at % 3]}`}\t/srv/data/d${at}`,
    );
    const { text } = view(lines);
    expect(text).toContain("9.9T /srv/data/d217");
    expect(text).toMatch(/c1: 0K–9\.9T, sum [\d.]+T, median \S+; rows left out: 1K–\d\d\dG/);
  });

  it("the newest version and the oldest day", () => {
    const { text } = view([
      "tag,released,notes",
      ...rows(
        ...times(400, (at) => [
          at === 120 ? "v10.0.0" : `v9.${at % 90}.${at % 7}`,
          at === 333 ? "2019-02-03" : `2024-0${1 + (at % 9)}-${10 + (at % 19)}`,
          `entry ${hash(at, 30)}`,
        ]),
      ),
    ]);
    expect(text).toContain("\nv10.0.0 ");
    expect(text).toContain("2019-02-03");
  });

  it("failures with their id and trace, rare values, and cells that are no number", () => {
    const { text } = view([
      "id,host,state,ms,trace",
      ...rows(
        ...times(1_600, (at) => [
          `job-${at}`,
          `h${at % 7}`,
          at === 411 ? "failed" : at === 99 ? "skipped" : "done",
          at === 250 ? "n/a" : 20 + ((at * 7) % 50),
          hash(at, 32),
        ]),
      ),
    ]);
    expect(text).toContain(`job-411 h5 47;state=failed;trace=${hash(411, 32)}`);
    expect(text).toContain("job-99 ");
    expect(text).toContain("job-250 ");
    expect(text).toContain("state: done ×1598, skipped ×1, failed ×1; rows left out: all done");
    expect(text).toContain("ms: 20–69 (1 without a measure)");
    // A row that does not stand out shows no trace.
    expect(text).not.toContain(hash(3, 32));
  });

  it("of names and values: counters of failures, and rather what few share than zeros", () => {
    const { text } = view([
      ...times(420, (at) => {
        const key = `${WORDS[at % 12]}_${WORDS[Math.floor(at / 12) % 12]}_${WORDS[Math.floor(at / 144)]}`;
        if (at === 390) return "io_errors:3";
        if (at === 391) return "lost_errors:0";
        if (at === 395) return "cmd_get:calls=90,failed_calls=2";
        return `${key}:${at % 3 === 0 ? 7 * at + 1 : 0}`;
      }),
    ]);
    expect(text).toContain("io_errors 3");
    expect(text).toContain("cmd_get calls=90,failed_calls=2");
    expect(text).not.toContain("lost_errors");
    expect(text).toMatch(/value: 0 ×\d+, \d+ more values/);
    // Nothing is added up that does not belong together.
    expect(text).not.toMatch(/sum|median/);
  });

  it("but words of failure in names are none", () => {
    const { text } = view([
      "symbol,size",
      ...rows(...times(600, (at) => [`${at % 9 === 0 ? "error_handler" : "list_item"}_${at}`, 16])),
    ]);
    expect(text).not.toContain("error_handler_540");
  });

  it("where two columns differ that are the same elsewhere", () => {
    const { text } = view([
      "wanted,current,where",
      ...rows(
        ...times(500, (at) => [
          `${at % 40}.1.0`,
          at === 301 ? "0.0.1" : `${at % 40}.1.0`,
          `dir-${at}/${hash(at, 20)}`,
        ]),
      ),
    ]);
    expect(text).toContain("dir-301/");
  });

  it("what the question names", () => {
    const lines = [
      "id,name,city",
      ...rows(...times(900, (at) => [at, `person-${hash(at, 6)}`, `city${at % 50}`])),
    ];
    const asked = `person-${hash(640, 6)}`;
    expect(view(lines).text).not.toContain(asked);
    expect(view(lines, { query: `Where does ${asked} live?` }).text).toContain(
      `640 ${asked} city40`,
    );
  });
});

describe("what is left out is told", () => {
  it("by name where the names fit", () => {
    const { text } = view(
      [
        "package,version,description",
        ...rows(
          ...times(140, (at) => [
            `lib${name(at)}`,
            `${at}.${at % 10}-1+b${at % 4}~deb${at % 3}`,
            `files ${"of a library ".repeat(at % 4)}for those that write ${WORDS[at % 7]} programs`,
          ]),
        ),
      ],
      { budgetTokens: 1_000 },
    );
    expect(text).toMatch(/^… \d+-\d+: lib[\w-]+, lib.*$/m);
    for (const at of times(140, (turn) => turn)) expect(text).toContain(`lib${name(at)}`);
  });

  it("by the range below the head of a sorted list", () => {
    const { text } = view(times(600, (at) => `${9_000_000 - at * 14_999}\t/usr/lib/part-${at}`));
    const shown = text.split("\n").filter((line) => /^\d+ \/usr/.test(line));
    expect(shown.length).toBeGreaterThan(30);
    expect(shown[0]).toBe("9000000 /usr/lib/part-0");
    // One stretch, and the last two.
    expect(text.match(/^… \d/gm)).toHaveLength(2);
    expect(text).toContain("descending; rows left out: ");
  });

  it("with the headings above the rows that stay", () => {
    const lines = times(60, (folder) => [
      `./src/part${folder}:`,
      ...times(
        9,
        (at) =>
          `${folder === 41 && at === 4 ? 8_812_233 : 1_000 + folder * 9 + at},f${at}.ts,-rw-r--r--`,
      ),
      "",
    ]).flat();
    const { text } = view(lines);
    const at = text.split("\n").findIndex((line) => line.startsWith("8812233 "));
    const above = text
      .split("\n")
      .slice(0, at)
      .findLast((line) => line.startsWith("./src"));
    expect(above).toBe("./src/part41:");
  });

  it("with the names of the table that a row is in, where tables take turns", () => {
    const big = times(300, (at) => `${name(at)},${at % 2 === 0 ? "up" : "on"},${at}`);
    const small = times(60, (at) => `${at === 5 ? "error" : "fine"};${at};x${at};y`);
    const { text } = view([
      "host,state,load",
      ...big.slice(0, 150),
      "",
      "check;code;from;to",
      ...small,
      "",
      "host,state,load",
      ...big.slice(150),
    ]);
    const lines = text.split("\n");
    const above = (start: string): string | undefined =>
      lines
        .slice(
          0,
          lines.findIndex((line) => line.startsWith(start)),
        )
        .findLast((line) => line.startsWith("(table "));
    expect(above("amber-amber ")).toMatch(/^\(table A\) host state/);
    expect(above("5 x5;check=error")).toMatch(/^\(table B\) check="fine" code/);
    expect(above(`${name(299)} `)).toMatch(/^\(table A\) host state/);
  });

  it("of which table it is", () => {
    const { text } = view([
      "host,state,load",
      ...times(400, (at) => `${name(at)},up,${at}`),
      "",
      "check;seconds",
      ...times(300, (at) => `${name(at)};${at % 9}`),
    ]);
    expect(text).toMatch(/^… \d+ of 400 rows of table A left out\. In all 400 rows of table A:$/m);
    expect(text).toMatch(/^… \d+ of 300 rows of table B left out\. In all 300 rows of table B:$/m);
  });

  it("shortly, where there are thousands of small tables", () => {
    const lines = times(3_000, (at) => [
      `id${at},a${at},b${at},c${at}`,
      ...times(5, (row) => `${row},${at},x${row},${at % 7}`),
      "",
    ]).flat();
    const { text } = view(lines);
    expect(text).toMatch(/^… \d+-\d+$/m);
  });

  it("a record over several lines is one row", () => {
    const { text } = view([
      "ticket,state,comment",
      ...times(400, (at) =>
        at === 260
          ? `T-${at},lost,"first line\nsecond, with a comma\nthird"`
          : `T-${at},open,fine ${at % 6}`,
      ),
    ]);
    expect(text).toContain("T-260 first line\\nsecond, with a comma\\nthird;state=lost");
    expect(text.split("\n")).not.toContain('third"');
    expect(text).toContain("of 400 rows left out");
  });

  it("in the language, the separator and the currency of the text", () => {
    const { text } = view([
      "Bestellung;Betrag;Datum;Stand",
      ...times(400, (at) =>
        [
          `B-${at}`,
          `${at % 90},${10 + (at % 90)} €`,
          `${1 + (at % 28)}.${1 + (at % 12)}.2025`,
          at === 300 ? "storniert" : "bezahlt",
        ].join(";"),
      ),
    ]);
    expect(text).toMatch(/Betrag: 0,\d\d €–89,\d\d €, sum \d+,\d\d €/);
    expect(text).toContain("Datum: 1.1.2025–28.12.2025");
    expect(text).toContain("B-300|");
  });

  it("nothing, where everything fits", () => {
    const text = ["a,b", ...times(20, (at) => `${at},x`)].join("\n");
    const context = { counter, budgetTokens: 2_000 };
    expect(finish(compressor.shorten?.(text, context) as Steps<View | undefined>)).toBeUndefined();
  });
});

describe("a table between bars", () => {
  /** As psql pads: the last cell is not padded, and may end in spaces of its own. */
  const settings = (count: number, last: (at: number) => string): readonly string[] => [
    ` ${"name".padStart(10).padEnd(18)} | ${"setting".padEnd(8)} | boot_val`,
    `${"-".repeat(20)}+${"-".repeat(10)}+${"-".repeat(10)}`,
    ...times(count, (at) => ` ${name(at).padEnd(18)} | ${String(at % 7).padEnd(8)} | ${last(at)}`),
    `(${count} rows)`,
  ];

  it("has a row more where a cell ends in spaces, which no padding gives back", () => {
    const { text } = view(settings(354, (at) => (at === 168 ? "%m [%p] " : `${at % 5}`)));
    expect(text).toMatch(/In all 354 rows:/);
    expect(text).not.toContain("no row");
    expect(text).toContain("\n(354 rows)\n");
    expect(text).not.toContain(` ${name(168)} `);
  });

  it("says how many lines between its rows are none", () => {
    const lines = [...settings(354, (at) => `${at % 5}`)];
    lines.splice(100, 1, "WARNING: 1 row could not be read");
    expect(view(lines).text).toMatch(/\(1 line between them is no row\)\. In all 353 rows:/);
  });

  it("does not count what goes on in the next line as rows", () => {
    const lines = [...settings(354, (at) => `${at % 5}`)];
    const key = lines[40]?.slice(0, 20);
    lines.splice(40, 1, `${key}| one     +| 3`, `${" ".repeat(20)}| two      | `);
    const { text } = view(lines);
    expect(text).toContain("In all 354 rows");
    expect(text).not.toContain("no row");
    expect(text).toContain(String.raw`one\ntwo`);
  });

  it("has its names above the first of its rows, those left out too", () => {
    const { text } = view(settings(400, (at) => (at < 20 ? "1" : `${(at * 7919) % 10_007}`)));
    const first = text.split("\n").findIndex((line) => line.startsWith("… "));
    const names = text.split("\n").findIndex((line) => line.startsWith("name "));
    expect(names).toBeGreaterThan(0);
    expect(names).toBeLessThan(first);
  });
});

it("quotes values behind names that are empty, or hold what parts them", () => {
  const settings = ["", 'a "b"; c=d', "x|y", " padded", "4096", "a, b"];
  const columns = [times(settings.length, name), settings, ["", "", "1", "", "", ""]];
  const sheet = { columns } as unknown as Sheet;
  const listed = (...at: readonly number[]): readonly string[] =>
    settings.map((_, row) => listedRow(sheet, at, row).slice(name(row).length));
  expect(listed(0)).toEqual(["", "", "", "", "", ""]);
  expect(listed(0, 1)).toEqual([
    '=""',
    '="a \\"b\\"; c=d"',
    '="x|y"',
    '=" padded"',
    "=4096",
    "=a, b",
  ]);
  expect(listed(0, 1, 2).slice(0, 3)).toEqual(['=""', '="a \\"b\\"; c=d"', '="x|y"|1']);
});
