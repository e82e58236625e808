/**
 * Copies figures into the README: what the sample and the demo print, and the first tables of `benchmarks/results`.
 *
 * `node scripts/readme-figures.ts` writes, `--check` says whether the README is up to date. Figures are never typed by hand.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = `${root}README.md`;

/** The demo's time is another one on every run. */
const TIME = / +[\d,]+ ms$/m;

const sections: Readonly<Record<string, () => string>> = {
  sample: () => fenced(outputOf("sample")),
  demo: () => fenced(outputOf("index").replace(TIME, "")),
  savings: () =>
    columns(firstTable("savings.md"), {
      set: "what",
      texts: "texts",
      tokens: "tokens",
      lossless: "saved, lossless",
      balanced: "saved, balanced",
      must: "facts visible",
      query: "visible when asked for",
      exact: "served on request",
    }),
  speed: () =>
    columns(firstTable("speed.md"), {
      "": "100,000 tokens of search results",
      "processor, median": "processor time, median",
    }),
};

const before = readFileSync(readme, "utf8");
const after = Object.entries(sections).reduce(
  (text, [name, make]) => replaceSection(text, name, make),
  before,
);
if (!process.argv.includes("--check")) writeFileSync(readme, after);
else if (after !== before) {
  process.stderr.write("The README shows old figures. Run: node scripts/readme-figures.ts\n");
  process.exitCode = 1;
}

function replaceSection(text: string, name: string, make: () => string): string {
  const open = `<!-- figures:${name} -->\n`;
  const close = "<!-- /figures -->";
  const start = text.indexOf(open);
  if (start < 0) return text;
  const end = text.indexOf(close, start);
  if (end < 0) throw new Error(`README.md: "${open.trim()}" is not closed by "${close}".`);
  return `${text.slice(0, start + open.length)}\n${make()}\n\n${text.slice(end)}`;
}

/** What a program of the demo prints. */
function outputOf(program: string): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--conditions=@headroom/source", `${root}examples/demo/${program}.ts`],
    { encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } },
  );
  if (status !== 0) throw new Error(`examples/demo/${program}.ts fails:\n${stderr}`);
  return stdout.trim();
}

function fenced(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}

function firstTable(file: string): string[][] {
  const path = `${root}benchmarks/results/${file}`;
  if (!existsSync(path)) throw new Error(`${file} is not there. Run: npm run bench`);
  const lines = readFileSync(path, "utf8").split("\n");
  const start = lines.findIndex((line) => line.startsWith("|"));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith("|"));
  return lines.slice(start, end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** These columns of a table, under these names. */
function columns(table: readonly string[][], names: Readonly<Record<string, string>>): string {
  const [header = [], , ...rows] = table;
  const indexes = Object.keys(names).map((name) => {
    const index = header.indexOf(name);
    if (index < 0) throw new Error(`No column "${name}" among: ${header.join(", ")}.`);
    return index;
  });
  return aligned([Object.values(names), ...rows.map((row) => indexes.map((at) => row[at] ?? ""))]);
}

/** As the formatter would have it. */
function aligned([header = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = header.map((_, column) =>
    Math.max(3, ...[header, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[], fill: string): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(" | ")} |`;
  const rule = header.map(() => "");
  return [line(header, " "), line(rule, "-"), ...rows.map((row) => line(row, " "))].join("\n");
}
