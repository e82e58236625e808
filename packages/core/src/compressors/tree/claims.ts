/** What a view of a listing says about the names that it does not show, and the original read again to check it. */
import { parseQuery } from "../../query/query.ts";
import type { Fact, OriginalUnits, Statement } from "../../types/statement.ts";
import { printFact } from "../../view/fact.ts";
import { rangesOf } from "../../view/ranges.ts";
import { extensionOf, type Folders, shapeOf } from "./folders.ts";

/** Values that are named with their counts. */
const MAX_NAMED = 5;
/** Names that are counted where so many paths end with them. */
const MAX_SHARED = 16;
const MIN_SHARED = 4;
/** Names of so few shapes are described by them: it says more than their extensions. */
const MAX_SHAPES = 3;

/** The values with how often each occurs, the most frequent first; `undefined` where there is none. */
export function countsOf(
  values: readonly (string | undefined)[],
  most: number = MAX_NAMED,
): (Fact & { readonly says: "counts" }) | undefined {
  const counts = new Map<string, number>();
  for (const value of values) {
    if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  if (counts.size === 0) return undefined;
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  // A value that ends in `…` would stand for all that begin like it.
  const named = sorted.slice(0, most).filter(([value]) => !value.endsWith("…"));
  const others = sorted.length - named.length;
  return named.length === 0
    ? undefined
    : { says: "counts", counts: named, ...(others > 0 ? { others } : {}) };
}

/** How names without an extension are counted. */
const NO_EXTENSION = "no extension";

/** The extension of a name, or that it has none. */
export function endOf(name: string): string {
  return extensionOf(name) ?? NO_EXTENSION;
}

/** `19: .ts ×12, .json ×3, no extension ×4`: names of a folder that are not shown; the count alone where none has an extension. */
export function namesLeft(
  folder: string,
  names: readonly string[],
  left: readonly number[],
): Statement {
  const about = rangesOf(left);
  const own = left.map((at) => names[at] ?? "");
  const shapes = countsOf(own.map(shapeOf), MAX_SHAPES);
  const isShaped =
    shapes !== undefined && shapes.others === undefined && shapes.counts.length * 4 <= left.length;
  const hasEnds = own.some((name) => extensionOf(name) !== undefined);
  const fact = isShaped ? shapes : hasEnds ? countsOf(own.map(endOf)) : undefined;
  const of = `${isShaped ? "shapes" : "extensions"} in ${folder}`;
  if (fact === undefined) return { text: `${left.length}`, of, about, facts: [] };
  const isAll = isShaped || fact.others === undefined;
  const count = isAll && fact.counts.length === 1 ? "" : `${left.length}: `;
  return { text: `${count}${printFact(fact)}`, of, about, facts: [fact] };
}

/**
 * The sequences a view speaks of: `names in FOLDER`, `extensions in FOLDER`, `shapes in FOLDER`: of what is listed right in it;
 * `extensions`, `all names` and `paths`: of all that is listed; `folders`: what of it has a folder in front. A field is the name of a folder in FOLDER.
 */
export function pathsOriginal(paths: readonly string[], folders: Folders): OriginalUnits {
  const make: Readonly<Record<string, (name: string) => string | undefined>> = {
    names: (name) => name,
    extensions: endOf,
    shapes: shapeOf,
  };
  return {
    values(of, field) {
      if (of === "folders") return paths.filter(isInFolder);
      if (of === "paths") return paths;
      if (of === "all names") return paths.map((path) => bareName(path));
      if (of === "extensions") return paths.map((path) => endOf(lastName(path)));
      const [what = ""] = of.split(" ", 1);
      const folder = folders.byPath.get(of.slice(what.length + " in ".length) + (field ?? ""));
      const read = make[what];
      return read && folder?.names.map(read);
    },
  };
}

/** Whether a path has a folder in front of its name. */
export function isInFolder(path: string): boolean {
  return path.length - lastName(path).length > 0;
}

/** The name at the end of a path, without the mark of a folder. */
export function bareName(path: string): string {
  const name = lastName(path);
  return name.length > 1 && name.endsWith("/") ? name.slice(0, -1) : name;
}

/** `lib ×157, test ×158`: names that many paths end with; `undefined` where none does. */
export function sharedNames(paths: readonly string[]): Statement | undefined {
  const all = countsOf(paths.map(bareName), MAX_SHARED);
  const most = all?.counts.filter(([, count]) => count >= MIN_SHARED) ?? [];
  if (most.length === 0) return undefined;
  const others = (all?.others ?? 0) + (all?.counts.length ?? 0) - most.length;
  const fact: Fact = { says: "counts", counts: most, ...(others > 0 ? { others } : {}) };
  const text = `… names at the end of paths: ${printFact(fact)}`;
  return { text, of: "all names", about: [[0, paths.length]], facts: [fact] };
}

/** Words of a question that are counted, and letters of the shortest. */
const MAX_ASKED = 4;
const MIN_ASKED = 3;

/** `… paths with these letters in any case: 14 with commander`: the words of a question that some paths have; `undefined` for none. */
export function pathsWith(
  question: string | undefined,
  paths: readonly string[],
): Statement | undefined {
  if (question === undefined) return undefined;
  const { words, literals } = parseQuery(question);
  const lower = paths.map((path) => path.toLowerCase());
  const facts: Fact[] = [];
  for (const word of new Set([...literals.map(({ text }) => text), ...words.keys()])) {
    if (word.length < MIN_ASKED || facts.length === MAX_ASKED || /\s/.test(word)) continue;
    const count = lower.filter((path) => path.includes(word)).length;
    if (count > 0) facts.push({ says: "with", text: word, count });
  }
  if (facts.length === 0) return undefined;
  const text = `… paths with these letters in any case: ${facts.map(printFact).join(", ")}`;
  return { text, of: "paths", about: [[0, paths.length]], facts };
}

function lastName(path: string): string {
  return path.slice(path.length < 2 ? 0 : path.lastIndexOf("/", path.length - 2) + 1);
}
