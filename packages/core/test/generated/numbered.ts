/** Files as viewers print them, with line numbers; and results of searches in files. */
import { path } from "./paths.ts";
import { pick, type Random, times, whole, word } from "./random.ts";

const PREFIXES: readonly ((number: number) => string)[] = [
  (number) => `${String(number).padStart(6)}\t`,
  (number) => `${String(number).padStart(5)}→`,
  (number) => `${number}: `,
  (number) => `${number}|`,
  (number) => `${String(number).padStart(4)} | `,
  (number) => `${String(number).padStart(4)} │ `,
  (number) => `${String(number).padStart(5, "0")}| `,
  (number) => `L${number}: `,
  (number) => `${number}\t`,
];

/** A line of code or of a text. */
export function code(random: Random): string {
  if (random() < 0.12) return "";
  const lines = [
    `const ${word(random)} = ${whole(99, random)};`,
    `if (${word(random)} > ${whole(9, random)}) return "${word(random)}: ${word(random)}";`,
    `// ${word(random)} of ${word(random)}`,
    `throw new Error("no ${word(random)}");`,
    `${whole(99, random)}: ${word(random)}`,
    `${whole(99, random)}\t${word(random)}`,
    "}",
    `--${word(random)}`,
  ];
  return "  ".repeat(whole(4, random)) + pick(lines, random);
}

export function numberedFile(random: Random): string {
  const lines: string[] = [];
  const parts = 1 + whole(3, random);
  for (let part = 0; part < parts; part++) {
    const prefix = pick(PREFIXES, random);
    const from = pick([1, 1, 8, 95, 996, 99_997], random);
    const count = 3 + whole(30, random);
    if (random() < 0.4)
      lines.push(pick(["<file>", "", "src/a.ts:", "[end of numbered lines]"], random));
    for (let at = 0; at < count; at++) {
      if (random() < 0.03) at += 5;
      const line = prefix(from + at) + code(random);
      lines.push(random() < 0.5 ? line.trimEnd() : line);
    }
    if (random() < 0.5) lines.push(pick(["</file>", "(file has 400 lines)", ""], random));
  }
  return lines.join("\n") + (random() < 0.7 ? "\n" : "");
}

/** What grep, git grep and ripgrep print. */
export function hits(random: Random): string {
  const top = pick(["", "", "./", "main:", "/home/dev/a project/", "C:\\work\\"], random);
  const files = times(1 + whole(pick([4, 12, 40], random), random), () => top + path(random));
  const style = pick(STYLES, random);
  const blocks = [...new Set(files)].map((file) =>
    style(file, 1 + whole(pick([3, 9], random), random), random),
  );
  const separator = style === headed ? [""] : style === around ? ["--"] : [];
  const lines = blocks.flatMap((block, at) => (at === 0 ? block : [...separator, ...block]));
  if (random() < 0.15) lines.push("Binary file lib/a.bin matches");
  if (random() < 0.1)
    lines.unshift(pick(["grep: x: Permission denied", "Found 12 matches"], random));
  return lines.join("\n") + (random() < 0.8 ? "\n" : "");
}

type Style = (file: string, count: number, random: Random) => readonly string[];

function numbers(count: number, random: Random): readonly number[] {
  let last = 0;
  return times(count, () => (last += 1 + whole(pick([2, 60], random), random)));
}

function headed(file: string, count: number, random: Random): readonly string[] {
  return [
    file,
    ...numbers(count, random).map((at) => `${at}${pick([":", ":", "-"], random)}${code(random)}`),
  ];
}

function around(file: string, count: number, random: Random): readonly string[] {
  return numbers(count, random).flatMap((at) => [
    `${file}-${at * 4 - 1}-${code(random)}`,
    `${file}:${at * 4}:${code(random)}`,
    `${file}-${at * 4 + 1}-${code(random)}`,
  ]);
}

const STYLES: readonly Style[] = [
  (file, count, random) => numbers(count, random).map((at) => `${file}:${at}:${code(random)}`),
  (file, count, random) =>
    numbers(count, random).map((at) => `${file}:${at}:${at % 40}:${code(random)}`),
  (file, count, random) => times(count, () => `${file}:${code(random)}`),
  (file, count) => [`${file}:${count}`],
  around,
  headed,
];
