/** What a view of search output says about the hits that it does not show, and the original read again to check it. */

import type { Fact, OriginalUnits, Statement, UnitRange } from "../../types/statement.ts";
import { printFact } from "../../view/fact.ts";
import { rangesOf } from "../../view/ranges.ts";
import type { Entry } from "./entry.ts";
import { folderOf } from "./path.ts";

/** Hits say the same where they differ in white space around them only. */
export function alike(content: string): string {
  return content.trim();
}

/** `3–80`: line numbers from the least to the greatest. */
export function printRange(numbers: readonly string[]): string {
  return printFact(rangeOf(numbers));
}

function rangeOf(numbers: readonly string[]): Fact {
  const sorted = numbers.map(Number).sort((a, b) => a - b);
  return { says: "range", least: `${sorted[0] ?? 0}`, most: `${sorted.at(-1) ?? 0}` };
}

/**
 * A sentence about hits of one file.
 *
 * @param base start of the path that the sentence does not repeat
 * @param name the rest of the path; said in the sentence only where the base is not the whole of what is understood
 * @param about how many, or which of the file's hits
 * @param listed whether the numbers stand one by one, or as a range
 */
export function hitsIn(
  base: string,
  name: string,
  text: string,
  about: number | readonly UnitRange[],
  numbers: readonly string[],
  listed = true,
): Statement {
  const named = text.startsWith(name);
  const facts: readonly Fact[] =
    numbers.length === 0
      ? []
      : [listed ? { says: "list", values: numbers, between: " " } : rangeOf(numbers)];
  const ranges: readonly UnitRange[] = typeof about === "number" ? [[0, about]] : about;
  return named
    ? { text, of: `hits in ${base}`, field: name, about: ranges, facts }
    : { text, of: `hits of ${base}${name}`, about: ranges, facts };
}

/** A sentence that says the values of some units. */
export function valuesOf(
  of: string,
  units: readonly number[],
  text: string,
  values: readonly string[],
): Statement {
  return { text, of, about: rangesOf(units), facts: [{ says: "list", values }] };
}

/**
 * The sequences a view speaks of: `files` in the order of the output; `hits in BASE` with a field that is the rest of a path, and
 * `hits of PATH`: the line numbers of its hits; `context of PATH`; `files in FOLDER` and `hits below FOLDER`, of the files right in it;
 * `counts`: what `grep -c` counted; `characters` of each line; `folders` in the order of the output.
 */
export function originalOf(entries: readonly Entry[]): OriginalUnits {
  const files = new Map<string, { hits: string[]; context: string[] }>();
  const counted: string[] = [];
  const folders = new Map<string, { files: string[]; hits: string[] }>();
  for (const entry of entries) {
    const { kind, path, number } = entry;
    if (path === "") continue;
    if (kind === "count") {
      counted.push(entry.rest.slice(entry.body));
      continue;
    }
    let file = files.get(path);
    let folder = folders.get(folderOf(path));
    if (folder === undefined) {
      folder = { files: [], hits: [] };
      folders.set(folderOf(path), folder);
    }
    if (file === undefined) {
      file = { hits: [], context: [] };
      files.set(path, file);
      folder.files.push(path);
    }
    if (kind === "context") file.context.push(`${number}`);
    else if (kind === "match") {
      file.hits.push(`${number}`);
      folder.hits.push(`${number}`);
    }
  }
  const read: Readonly<
    Record<string, (name: string, field: string) => readonly string[] | undefined>
  > = {
    "hits in": (base, field) => files.get(base + field)?.hits,
    "hits of": (path) => files.get(path)?.hits,
    "context of": (path) => files.get(path)?.context,
    "files in": (folder) => folders.get(folder)?.files,
    "hits below": (folder) => folders.get(folder)?.hits,
  };
  const whole: Readonly<Record<string, () => readonly string[]>> = {
    files: () => [...files.keys()],
    folders: () => [...folders.keys()],
    characters: () => entries.map(({ rest }) => `${rest.length}`),
    counts: () => counted,
  };
  return {
    values(of, field) {
      const all = field === undefined ? whole[of] : undefined;
      if (all !== undefined) return all();
      const space = of.indexOf(" ", of.indexOf(" ") + 1);
      return read[of.slice(0, space)]?.(of.slice(space + 1), field ?? "");
    },
  };
}
