/** Tables and boxes for the demo's output. Colours only on a terminal that wants them. */
import process from "node:process";

const colours = process.stdout.isTTY === true && !process.env.NO_COLOR;
const BOX_WIDTH = 92;

// `npm run demo | head` is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

export const bold = style(1);
export const dim = style(2);
export const good = style(32);

function style(code: number): (text: string) => string {
  return (text) => (colours ? `\u001B[${code}m${text}\u001B[0m` : text);
}

/** First and last column and the second are text, the others figures. */
export function printTable(header: string[], rows: string[][], total: string[]): void {
  const widths = header.map((_, column) =>
    Math.max(...[header, ...rows, total].map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: string[]): string =>
    `  ${row.map((cell, column) => (isText(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join("   ")}`.trimEnd();
  const isText = (column: number): boolean => column < 2 || column === header.length - 1;
  const rule = dim(`  ${"─".repeat(widths.reduce((sum, width) => sum + width + 3, -3))}`);
  const lines = [dim(line(header)), rule, ...rows.map(line), rule, bold(line(total))];
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** The first lines of a text behind a bar and, where asked for, those around a phrase. Long lines are cut for the eye. */
export function printBox(text: string, head: number, phrase?: string): void {
  const lines = text.trimEnd().split("\n");
  const at = phrase === undefined ? -1 : lines.findIndex((line) => line.includes(phrase));
  const isShown = (index: number): boolean =>
    index < head || (at >= 0 && index >= at - 3 && index <= at + 1);
  let hidden = 0;
  for (const [index, line] of lines.entries()) {
    if (!isShown(index)) {
      hidden++;
      continue;
    }
    printHidden(hidden);
    hidden = 0;
    printLine(fit(line));
  }
  printHidden(hidden);
}

function printHidden(lines: number): void {
  if (lines > 0) printLine(dim(`… ${lines} more lines`));
}

function printLine(line: string): void {
  process.stdout.write(`  ${dim("│")} ${line}\n`);
}

function fit(line: string): string {
  const plain = [...line].map((char) => (char < " " ? " " : char)).join("");
  return plain.length > BOX_WIDTH ? `${plain.slice(0, BOX_WIDTH - 1)}…` : plain;
}
