/**
 * No literal is invented: every path, `file:line`, number, hash, URL and quoted string in what we emit stood in the original.
 *
 * Our own words are left out by their declared syntax: marker and legend lines, notes that begin with `…`, and counts that
 * stand in them. What remains is looked for in the original as a whole word first, then anywhere (a table that names a
 * common prefix once leaves the rest of each value).
 */
import { stripMarker } from "@headroom/core";

const LITERALS: readonly RegExp[] = [
  /https?:\/\/[^\s"'<>\\)\]},|`]+/g,
  /(?:[\w.@+-]*\/)+[\w.@+-]+(?::\d+)?/g,
  /\b[\w.-]+\.[a-z]{1,5}:\d+\b/g,
  /\b[0-9a-f]{7,64}\b/g,
  /\d+(?:\.\d+)*/g,
  /"[^"\\\n]{2,80}"/g,
];

/** Literals of `output` that `original` does not have, each once. */
export function inventedLiterals(output: string, original: string): readonly string[] {
  const known = new Set(literalsOf(original));
  const invented = new Set<string>();
  for (const literal of literalsOf(withoutOurWords(output))) {
    if (known.has(literal) || invented.has(literal)) continue;
    if (original.includes(literal) || original.includes(JSON.stringify(literal).slice(1, -1))) {
      known.add(literal);
    } else invented.add(literal);
  }
  return [...invented];
}

function literalsOf(text: string): readonly string[] {
  return LITERALS.flatMap((pattern) => text.match(pattern) ?? []).map((literal) =>
    // A path that ends a sentence, and quotes around what our tables print bare.
    literal.replace(/^"|"$/g, "").replace(/[.:-]+$/, ""),
  );
}

function withoutOurWords(output: string): string {
  return stripMarker(output)
    .split("\n")
    .filter((line) => !line.startsWith("[[hr"))
    .map((line) => line.replace(/…[^\n]*?(?:$|\s{2}|…|\]|")/g, " "))
    .join("\n");
}
