/** Texts with tables of every make for property tests: cells, layouts, titles, repeated names and several tables in one text. */
import fc from "fast-check";

type Row = readonly string[];
type Layout = (names: Row, rows: readonly Row[]) => readonly string[];

const word = fc.constantFrom(
  ...[
    "alpha",
    "Bern",
    "ok",
    "failed",
    "node-7",
    "x",
    "10.0.0.7:443",
    "/var/lib/x",
    "v1.2.3",
    "-",
    "NULL",
    "ü",
    "a=b",
  ],
);
const cell = fc.oneof(
  { weight: 6, arbitrary: word },
  { weight: 4, arbitrary: fc.nat(99_999).map(String) },
  {
    weight: 2,
    arbitrary: fc.constantFrom("2026-03-01", "2026-03-02", "2026-03-02 10:05:43Z", "…43"),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "",
      "two words",
      "^",
      "\\h",
      "\\table x",
      "@1",
      "a|b",
      '"',
      "c2=",
      ";c2=1",
    ),
  },
);
const odd = fc.constantFrom(
  "",
  "",
  "Disks:",
  "-- more",
  "12 rows",
  "\\n",
  "Total: 3",
  "a title of words",
);

/** Cells with what would part them taken out. */
function without(rows: readonly Row[], signs: RegExp): readonly Row[] {
  return rows.map((row) => row.map((text) => text.replace(signs, "_") || "-"));
}

function widthsOf(rows: readonly Row[]): readonly number[] {
  return (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
}

function padded(
  rows: readonly Row[],
  isRight: (at: number) => boolean,
  gap: string,
): readonly string[] {
  const widths = widthsOf(rows);
  return rows.map((row) =>
    row
      .map((text, at) =>
        isRight(at) ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0),
      )
      .join(gap),
  );
}

function bars(
  names: Row,
  rows: readonly Row[],
  rule: string,
  edges: readonly [string, string],
): readonly string[] {
  const widths = widthsOf([names, ...rows]);
  const [left, right] = edges;
  const print = (row: Row): string =>
    left + row.map((text, at) => ` ${text.padEnd(widths[at] ?? 0)} `).join("|") + right;
  const drawn = widths.map((width) => rule[0]?.repeat(width + 2) ?? "").join(rule[1]);
  return [print(names), `${left && rule[1]}${drawn}${right && rule[1]}`, ...rows.map(print)];
}

/** Every layout that the table compressor reads. */
export const tableLayouts: Readonly<Record<string, Layout>> = {
  csv: (names, rows) => [names, ...rows].map((row) => row.map(quoted).join(",")),
  "csv of several lines": (names, rows) =>
    [
      names,
      ...rows.map((row, at) => (at % 3 ? row : [...row.slice(0, -1), `first ${at}\nsecond`])),
    ].flatMap((row) => row.map(quoted).join(",").split("\n")),
  "csv without empty ends": (names, rows) =>
    [names, ...rows.map((row, at) => row.slice(0, row.length - (at % 3)))].map((row) =>
      row.map(quoted).join(","),
    ),
  tsv: (names, rows) => [names, ...rows].map((row) => row.join("\t")),
  psql: (names, rows) => [
    ...bars(names, without(rows, /\|/g), "-+", ["", ""]).map((line) => line.trimEnd()),
    `(${rows.length} rows)`,
  ],
  markdown: (names, rows) => bars(names, without(rows, /\|/g), "-|", ["|", "|"]),
  "aligned left": (names, rows) => padded([names, ...rows], () => false, "   "),
  "aligned right": (names, rows) =>
    padded([names, ...rows], (at) => at > 0, "  ").map((line) => line.trimEnd()),
  printf: (names, rows) =>
    [names, ...without(rows, / /g)].map((row) =>
      row.map((text, at) => (at ? text.padStart(6) : text.padEnd(9))).join(" "),
    ),
  "one space": (names, rows) => [names, ...without(rows, / /g)].map((row) => row.join(" ")),
  paths: (_, rows) =>
    without(rows, / /g).map((row, at) => `${at * 7}\t/srv/app/part-${at >> 2}/${row.join(".")}`),
  tabs: (names, rows) =>
    [names, ...without(rows, /\t/g)].map((row) =>
      row
        .map((text, at) =>
          at === row.length - 1 ? text : text + "\t".repeat(Math.max(1, 3 - (text.length >> 3))),
        )
        .join(""),
    ),
  metrics: (names, rows) => [
    "# TYPE requests_total counter",
    ...rows.map(
      (row, at) =>
        `requests_total{${row.map((text, i) => `l${i}=${JSON.stringify(text)}`).join(",")}} ${at * 37}`,
    ),
    `up ${names.length}`,
  ],
  list: (_, rows) => rows.map((row, at) => `key.${at} = ${row.join(" ")}`),
  pairs: (names, rows) =>
    without(rows, /[ =]/g).map(
      (row, at) => `stat_${at}:${row.map((text, i) => `${names[i]}=${text}`).join(",")}`,
    ),
  words: (_, rows) =>
    without(rows, /[ \t]/g).map((row) => `${row.slice(0, -1).join(" ")}\t${row.at(-1)}`),
};

function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const NAMES = ["id", "Name", "STATE", "size", "Used%", "Mounted on"];

const oneTable = fc
  .record({
    layout: fc.constantFrom(...Object.keys(tableLayouts)),
    width: fc.integer({ min: 2, max: 6 }),
  })
  .chain(({ layout, width }) =>
    fc
      .array(fc.array(cell, { minLength: width, maxLength: width }), {
        minLength: 4,
        maxLength: 24,
      })
      .map((rows) => tableLayouts[layout]?.(NAMES.slice(0, width), rows) ?? []),
  );

/** Lines of one to three tables, with titles, empty lines and stray lines among them. */
export const tableLines: fc.Arbitrary<readonly string[]> = fc
  .array(fc.tuple(fc.array(odd, { maxLength: 2 }), oneTable, fc.boolean()), {
    minLength: 1,
    maxLength: 3,
  })
  .chain((parts) =>
    fc.tuple(fc.constant(parts), fc.array(fc.tuple(fc.nat(200), odd), { maxLength: 2 })),
  )
  .map(([parts, strays]) => {
    const lines = parts.flatMap(([titles, table, twice]) => [
      ...titles,
      ...table,
      ...(twice ? ["", ...table] : []),
    ]);
    for (const [at, stray] of strays) lines.splice(at % (lines.length + 1), 0, stray);
    return lines;
  });
