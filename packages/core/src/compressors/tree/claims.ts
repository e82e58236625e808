/** What a view of a listing says about the names that it does not show, and the original read again to check it. */
import type { Fact, OriginalUnits, Statement } from "../../types/statement.ts";
import { printFact } from "../../view/fact.ts";
import { rangesOf } from "../../view/ranges.ts";
import { extensionOf, type Folders, shapeOf } from "./folders.ts";

/** Values that are named with their counts. */
const MAX_NAMED = 5;
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

/** `19: .ts ×12, .json ×3`: names of a folder that are not shown; the count where not all have an extension. */
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
  const ends = own.map(extensionOf);
  const fact = isShaped ? shapes : countsOf(ends);
  const of = `${isShaped ? "shapes" : "extensions"} in ${folder}`;
  if (fact === undefined) return { text: `${left.length}`, of, about, facts: [] };
  const isAll = isShaped || (fact.others === undefined && !ends.includes(undefined));
  const count = isAll && fact.counts.length === 1 ? "" : `${left.length}: `;
  return { text: `${count}${printFact(fact)}`, of, about, facts: [fact] };
}

/**
 * The sequences a view speaks of: `names in FOLDER`, `extensions in FOLDER`, `shapes in FOLDER`: of what is listed right in it;
 * `extensions`: of all that is listed. A field is the name of a folder in FOLDER.
 */
export function pathsOriginal(paths: readonly string[], folders: Folders): OriginalUnits {
  const make: Readonly<Record<string, (name: string) => string | undefined>> = {
    names: (name) => name,
    extensions: extensionOf,
    shapes: shapeOf,
  };
  return {
    values(of, field) {
      if (of === "extensions") return paths.map((path) => extensionOf(lastName(path)));
      const [what = ""] = of.split(" ", 1);
      const folder = folders.byPath.get(of.slice(what.length + " in ".length) + (field ?? ""));
      const read = make[what];
      return read && folder?.names.map(read);
    },
  };
}

function lastName(path: string): string {
  return path.slice(path.length < 2 ? 0 : path.lastIndexOf("/", path.length - 2) + 1);
}
