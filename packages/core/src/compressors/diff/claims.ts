/** What a view of a diff says about lines that it does not show, and the original read again to check it. */
import type { OriginalUnits, Statement, UnitRange } from "../../types/statement.ts";
import { describePackages, packageChanges } from "./lock-summary.ts";
import { type DiffPart, isChange } from "./parse.ts";

export type Hunk = Extract<DiffPart, { kind: "hunk" }>;

/** A file, its hunks behind it; the first may have no header (lines before any file). */
export interface FileDiff {
  readonly header: Extract<DiffPart, { kind: "file" }> | undefined;
  readonly rest: readonly (Hunk | Extract<DiffPart, { kind: "other" }>)[];
}

export function filesOf(parts: readonly DiffPart[]): readonly FileDiff[] {
  const files: { header: FileDiff["header"]; rest: FileDiff["rest"][number][] }[] = [
    { header: undefined, rest: [] },
  ];
  for (const part of parts) {
    if (part.kind === "file") files.push({ header: part, rest: [] });
    else files.at(-1)?.rest.push(part);
  }
  return files;
}

/** The new line number that a hunk begins at. */
export function startOf(lines: readonly string[], hunk: Hunk): number {
  return hunk.range?.newStart ?? combinedStart(lines[hunk.at] ?? "");
}

/** The new start of `@@@ -1,2 -3,4 +5,6 @@@`. */
function combinedStart(line: string): number {
  const plus = line.indexOf("+");
  const start = Number.parseInt(line.slice(plus + 1, plus + 12), 10);
  return plus === -1 || Number.isNaN(start) ? 0 : start;
}

/** Whether a body line stands in both versions. */
export function isUnchanged(line: string, signs: number): boolean {
  return !isChange(line, signs) && !line.startsWith("\\");
}

/** `… 7 unchanged`, or `+7` in the header of a hunk. */
export function unchangedLeft(text: string, about: UnitRange): Statement {
  return { text, of: "unchanged", about: [about], facts: [] };
}

/** `@@ 29`: where the nth hunk of the diff begins. */
export function hunkStart(text: string, start: number, nth: number): Statement {
  const facts = [{ says: "list", values: [`${start}`] }] as const;
  return { text, of: "starts", about: [[nth, nth + 1]], facts };
}

/** `+221` and `-180 lines not shown`, of the nth file. */
export function changedLeft(
  text: string,
  sign: "added" | "removed",
  nth: number,
  about: readonly UnitRange[],
): Statement {
  return { text, of: `${sign} in file ${nth}`, about, facts: [] };
}

/** A line about packages of the nth file, a lock file. */
export function packagesLine(text: string, nth: number, line: number): Statement {
  const facts = [{ says: "list", values: [text] }] as const;
  return { text, of: `packages in file ${nth}`, about: [[line, line + 1]], facts };
}

/**
 * The sequences a view speaks of: `files`; `unchanged` lines of all hunks; `starts`: the new line numbers of the hunks; `added in file N`,
 * `removed in file N`; `packages in file N`: what changed in a lock file.
 */
export function diffOriginal(lines: readonly string[], parts: readonly DiffPart[]): OriginalUnits {
  const hunks = parts.filter((part) => part.kind === "hunk");
  const files = filesOf(parts).map(({ rest }) =>
    rest.filter((part) => part.kind === "hunk").map((hunk) => lines.slice(hunk.at + 1, hunk.to)),
  );
  const ofFile: Readonly<
    Record<string, (bodies: readonly (readonly string[])[]) => readonly string[]>
  > = {
    added: (bodies) => bodies.flat().filter((line) => line[0] === "+"),
    removed: (bodies) => bodies.flat().filter((line) => line[0] === "-"),
    packages: (bodies) => describePackages(packageChanges(bodies)),
  };
  return {
    values(of) {
      if (of === "files") return parts.filter(({ kind }) => kind === "file").map(() => "");
      if (of === "starts") return hunks.map((hunk) => `${startOf(lines, hunk)}`);
      if (of === "unchanged")
        return hunks.flatMap((hunk) =>
          lines.slice(hunk.at + 1, hunk.to).filter((line) => isUnchanged(line, hunk.signs)),
        );
      const [what = "", , , nth] = of.split(" ");
      const bodies = files[Number(nth)];
      return bodies && ofFile[what]?.(bodies);
    },
  };
}
