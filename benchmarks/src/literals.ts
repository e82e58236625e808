/**
 * No literal is invented: every path, `file:line`, number, hash, URL and quoted string in what we emit stood in the original.
 *
 * Our own words are left out by their declared syntax: marker and legend lines, `@3` names of repeats, `…12` ends of
 * stamps, `#a[9]=` counts of shapes, `${column}` rules, `{}` places,
 * `(+9 -3)` lines of a file in a diff and behind its name in a list, `#*9` lines once more, `12 | ` the line of a record, `#12` before a row, `×9 3-80` counts, `9 more values` and `9 different`, `(7)` after a folder, `[12 rows` at the head of a table, `) 12 keys` behind a header, `3..40` rows of numbers, and a note from its `…` to the end of the line. What remains is looked for in
 * the original as a whole first, then anywhere (a table that names a common prefix once leaves the rest of each value).
 */
import { withoutColour } from "./visible-lines.ts";

const QUOTED = /"(?:[^"\\\n]|\\[^\n])*"/g;
const BARE: readonly RegExp[] = [
  /https?:\/\/[^\s"'<>\\)(\]{},;|`]+/g,
  /(?:[\w.@+-]*\/)+[\w.@+-]+(?::\d+)?/g,
  /\b[\w.-]+\.[a-z]{1,5}:\d+\b/g,
  /\b[0-9a-f]{7,64}\b/g,
  /(?<!\w)\d+(?:\.\d+)*/g,
];
const MAX_QUOTED = 200;
/** Stands where our own words stood: a string with a note in its middle is two literals. */
const GAP = "\u0001";

/** Literals of `output` that `original` does not have, each once. */
export function inventedLiterals(output: string, coloured: string): readonly string[] {
  // A colour code may stand inside a path, and an escape inside a string.
  const plain = withoutColour(coloured);
  const original = plain.includes("\\u") ? `${plain}\n${unescaped(plain)}` : plain;
  const known = new Set(literalsOf(original));
  const invented = new Set<string>();
  for (const literal of literalsOf(withoutOurWords(withoutColour(output)))) {
    if (known.has(literal) || invented.has(literal)) continue;
    if (occurs(literal, original)) known.add(literal);
    else invented.add(literal);
  }
  return [...invented];
}

/** `\u003c` as the character it stands for. */
function unescaped(text: string): string {
  return text.replace(/\\u([0-9a-fA-F]{4})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function occurs(literal: string, original: string): boolean {
  if (original.includes(literal)) return true;
  // Quoted here, bare there, or the other way round.
  try {
    if (original.includes(JSON.parse(`"${literal}"`))) return true;
  } catch {
    // Not an escaped string.
  }
  return original.includes(JSON.stringify(literal).slice(1, -1));
}

function literalsOf(text: string): readonly string[] {
  const quoted = (text.match(QUOTED) ?? [])
    .flatMap((string) => string.slice(1, -1).split(GAP))
    .filter(({ length }) => length >= 2 && length <= MAX_QUOTED);
  const rest = text.replace(QUOTED, (string) => (string.length > 82 ? string : " "));
  const bare = BARE.flatMap((pattern) => rest.match(pattern) ?? []);
  // A path that ends a sentence.
  return [
    ...quoted,
    ...bare
      .flatMap((literal) => literal.split(GAP))
      .map((literal) => literal.replace(/[.:-]+$/, "")),
  ];
}

function withoutOurWords(output: string): string {
  return output
    .split("\n")
    .filter((line) => !line.startsWith("[[hr") && !line.startsWith("%"))
    .filter((line, index) => index > 0 || !/^(?:# |\[[a-z])/.test(line))
    .map((line) =>
      line
        .replace(/(?:^|[[,(])#\d+ /g, GAP)
        .replace(/… \d+ (?:\w+ )?omitted …/g, GAP)
        .replace(/^…[^ ]+ /, GAP)
        .replace(/^(=== .*?[ (])[+-]\d+(?: -\d+)?\)$/, `$1${GAP}`)
        .replace(/ \([+-]\d+(?: -\d+)?\)(?=, |$)/g, GAP)
        .replace(/^#[a-z]+\[\d+(?:, \d+ lines)?\]=/, GAP)
        .replace(/^ *#\*\d+$/, GAP)
        .replace(/^\d+ \| /, GAP)
        .replace(/…[^\n]*/g, GAP)
        .replace(/@\d+/g, GAP)
        .replace(/[^\s"(,=]*\$\{[^}]*\}[^\s",)]*/g, GAP)
        .replace(/\S*\{\d*\}\S*/g, GAP)
        .replace(/\b\d+ (?:more values|different)\b/g, GAP)
        .replace(/×\d+(?: [\d-]+)*/g, GAP)
        .replace(/(?<=[[{])\d+ (?:rows|items|keys)$/, GAP)
        .replace(/(?<=\)) (?:up to )?\d+ keys$/, GAP)
        .replace(/^\d+\.\.\d+$/, GAP)
        .replace(/\/\(\d+\)/g, `/${GAP}`),
    )
    .join("\n");
}
