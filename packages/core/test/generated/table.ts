/** Tables as databases, spreadsheets and command lines print them. */
import { hex, pick, type Random, times, whole, word } from "./random.ts";

type Cell = (row: number) => string;

function column(random: Random): Cell {
  const makes: readonly Cell[] = [
    (row) => `${row + 1}`,
    () => `${whole(100_000, random)}`,
    () => (random() * 100).toFixed(2),
    () => word(random),
    () => pick(["Running", "Running", "Running", "Running", "Failed", "Pending"], random),
    () => hex(12, random),
    (row) => `2024-05-${String(1 + (row % 28)).padStart(2, "0")}`,
    () => "default",
    () => `svc-${word(random)}-${hex(5, random)}.example.org`,
    () => (random() < 0.4 ? "" : word(random)),
    () => pick(["NULL", "-", "<none>", "0"], random),
    () => `${word(random)}@example.org`,
    (row) => `item-${row}`,
    () => pick(["true", "false"], random),
    () => `${whole(900, random)}Mi`,
  ];
  return pick(makes, random);
}

export function table(random: Random): string {
  const width = 2 + whole(7, random);
  const names = times(width, (at) =>
    pick([`c${at}`, word(random), word(random).toUpperCase()], random),
  );
  const columns = names.map(() => column(random));
  const count = 4 + whole(pick([10, 60, 250], random), random);
  const rows = times(count, (row) => columns.map((cell) => cell(row)));
  const lines = [...pick(LAYOUTS, random)(names, rows, random)];
  if (random() < 0.15) lines.splice(whole(lines.length, random), 0, "");
  if (random() < 0.15) lines.splice(whole(lines.length, random), 0, "-- 3 more were hidden");
  return lines.join("\n") + (random() < 0.8 ? "\n" : "");
}

type Layout = (
  names: readonly string[],
  rows: readonly (readonly string[])[],
  random: Random,
) => readonly string[];

const LAYOUTS: readonly Layout[] = [
  (names, rows, random) =>
    delimited(names, rows, pick([",", "\t", ";", "|", ":", " "], random), random),
  (names, rows, random) => delimited(names, rows, ",", random),
  (names, rows, random) => barred(names, rows, random, "|", "|", true),
  (names, rows, random) => barred(names, rows, random, "│", "┼", random() < 0.5),
  psql,
  (names, rows, random) => aligned(names, rows, random),
  (names, rows, random) => aligned(names, rows, random),
  pairs,
  (_, rows) =>
    rows.map(
      (row) =>
        `${row
          .slice(0, -1)
          .map((cell) => cell || "x")
          .join(" ")}\t${row.at(-1)}`,
    ),
];

function delimited(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  delimiter: string,
  random: Random,
): readonly string[] {
  const quoted = random() < 0.4;
  const write = (cell: string): string =>
    quoted && random() < 0.3
      ? `"${cell}${delimiter}""${cell}"""`
      : cell === "" && delimiter === " "
        ? "x"
        : cell;
  const body = rows.map((row) => row.map(write).join(delimiter));
  return random() < 0.8 ? [names.join(delimiter), ...body] : body;
}

function widthsOf(
  names: readonly string[],
  rows: readonly (readonly string[])[],
): readonly number[] {
  return names.map((name, at) =>
    Math.max(name.length, ...rows.map((row) => (row[at] ?? "").length)),
  );
}

function barred(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  random: Random,
  bar: string,
  joint: string,
  edged: boolean,
): readonly string[] {
  const padded = random() < 0.6;
  const widths = widthsOf(names, rows);
  const edge = edged ? bar : "";
  const line = (row: readonly string[]): string =>
    edge +
    row.map((cell, at) => ` ${padded ? cell.padEnd(widths[at] ?? 0) : cell} `).join(bar) +
    edge;
  const dash = bar === "|" ? "-" : "─";
  const rule = widths.map((width) => dash.repeat(Math.max(3, width + 2))).join(joint);
  return [line(names), edged && bar === "|" ? `|${rule}|` : rule, ...rows.map(line)];
}

function psql(names: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = widthsOf(names, rows);
  const head = names.map((name, at) => {
    const width = (widths[at] ?? 0) + 2;
    return (" ".repeat(Math.floor((width - name.length) / 2)) + name).padEnd(width);
  });
  const body = rows.map((row) =>
    row
      .map((cell, at) => {
        const width = widths[at] ?? 0;
        if (/^\d+$/.test(cell)) return ` ${cell.padStart(width)} `;
        return at === row.length - 1 ? ` ${cell}` : ` ${cell.padEnd(width)} `;
      })
      .join("|"),
  );
  const rule = widths.map((width) => "-".repeat(width + 2)).join("+");
  return [head.join("|"), rule, ...body, `(${rows.length} rows)`];
}

function aligned(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  random: Random,
): readonly string[] {
  const widths = widthsOf(names, rows);
  const rights = names.map(() => random() < 0.3);
  const gap = " ".repeat(1 + whole(3, random));
  const trimmed = random() < 0.6;
  const line = (row: readonly string[]): string => {
    const cells = row.map((cell, at) =>
      rights[at] ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
    );
    return trimmed ? cells.join(gap).trimEnd() : cells.join(gap);
  };
  const title = random() < 0.2 ? [`total ${rows.length}`] : [];
  return [...title, line(names), ...rows.map(line)];
}

function pairs(names: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return rows.map(
    (row, at) =>
      `stat_${at % 7}:${row.map((cell, column) => `${names[column]}=${cell}`).join(",")}`,
  );
}
