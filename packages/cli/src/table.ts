/** Columns of text for a terminal. The first column is left-aligned, the others are figures. */

import { PLAIN, type Style } from "./style.ts";

export type Row = readonly string[];

const MAX_LABEL = 60;

/** Header, rule and rows, each line indented by two; a `total` row stands below a second rule. */
export function formatTable(
  header: Row,
  rows: readonly Row[],
  total?: Row,
  style: Style = PLAIN,
): string {
  const all = [header, ...rows, ...(total ? [total] : [])].map(([label = "", ...figures]) => [
    shorten(label, MAX_LABEL),
    ...figures,
  ]);
  const widths = header.map((_, column) =>
    Math.max(...all.map((row) => (row[column] ?? "").length)),
  );
  const lines = all.map((row) =>
    `  ${row.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join("  ")}`.trimEnd(),
  );
  const rule = style.dim(`  ${"─".repeat(widths.reduce((sum, width) => sum + width + 2, -2))}`);
  lines[0] = style.bold(lines[0] ?? "");
  lines.splice(1, 0, rule);
  if (total) lines.splice(-1, 1, rule, style.bold(lines.at(-1) ?? ""));
  return `${lines.join("\n")}\n`;
}

function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

function shorten(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}
