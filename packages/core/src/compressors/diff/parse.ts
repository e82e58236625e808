/**
 * A diff as parts in order: file headers, hunks, and every other line (commit messages, stat tables, mail headers).
 *
 * Reads git (renames, copies, modes, binary, new and deleted files), plain unified and combined diffs. A hunk ends when the
 * counts of its header are used up, so that a removed line `-- x` is never taken for a file header.
 *
 * Trap: outputs are often cut (`| head -200`). A hunk that ends early is `complete: false`, and then its header has to stay
 * as it is, because its counts do not follow from the lines below it.
 */

export interface HunkRange {
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
}

export type DiffPart =
  | { readonly kind: "other"; readonly line: number }
  | { readonly kind: "file"; readonly from: number; readonly to: number }
  | {
      readonly kind: "hunk";
      /** Line of the header; the body is the lines after it, up to `to` (exclusive). */
      readonly at: number;
      readonly to: number;
      readonly range: HunkRange | undefined;
      /** Text after the second `@@`, its space included. */
      readonly section: string;
      readonly complete: boolean;
      /** Columns of signs: 1, or the number of parents of a combined diff. */
      readonly signs: number;
    };

const EXTENDED: readonly string[] = [
  "old mode ",
  "new mode ",
  "deleted file mode ",
  "new file mode ",
  "copy from ",
  "copy to ",
  "rename from ",
  "rename to ",
  "similarity index ",
  "dissimilarity index ",
  "index ",
  "mode ",
  "--- ",
  "+++ ",
  "Binary files ",
];

export function parseDiff(lines: readonly string[]): readonly DiffPart[] {
  const parts: DiffPart[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    if (isFileStart(line)) {
      let to = at + 1;
      while (to < lines.length && EXTENDED.some((word) => (lines[to] ?? "").startsWith(word))) to++;
      parts.push({ kind: "file", from: at, to });
      at = to;
    } else if (isPlainHeader(lines, at)) {
      parts.push({ kind: "file", from: at, to: at + 2 });
      at += 2;
    } else if (line.startsWith("@@ -")) {
      const hunk = readHunk(lines, at);
      parts.push(hunk ?? { kind: "other", line: at });
      at = hunk?.to ?? at + 1;
    } else if (line.startsWith("@@@ -") || line.startsWith("@@@@ -")) {
      const hunk = readCombined(lines, at);
      parts.push(hunk);
      at = hunk.to;
    } else {
      parts.push({ kind: "other", line: at });
      at++;
    }
  }
  return parts;
}

type Hunk = Extract<DiffPart, { kind: "hunk" }>;

function isFileStart(line: string): boolean {
  return (
    line.startsWith("diff --git ") ||
    line.startsWith("diff --cc ") ||
    line.startsWith("diff --combined ")
  );
}

/** `--- x`, `+++ y` and a hunk. */
function isPlainHeader(lines: readonly string[], at: number): boolean {
  return (
    (lines[at] ?? "").startsWith("--- ") &&
    (lines[at + 1] ?? "").startsWith("+++ ") &&
    (lines[at + 2] ?? "").startsWith("@@ -")
  );
}

function readHunk(lines: readonly string[], at: number): Hunk | undefined {
  const header = readHunkHeader(lines[at] ?? "");
  if (header === undefined) return undefined;
  const { range, section } = header;
  let old = range.oldCount;
  let fresh = range.newCount;
  let to = at + 1;
  for (; to < lines.length; to++) {
    const line = lines[to] ?? "";
    const sign = line[0];
    if (sign === "\\") continue;
    if (sign === "+" && fresh > 0) fresh--;
    else if (sign === "-" && old > 0) old--;
    else if ((sign === " " || line === "" || line === "\r") && old > 0 && fresh > 0) {
      // The last line of a cut output is no line.
      if (line === "" && to === lines.length - 1) break;
      old--;
      fresh--;
    } else break;
  }
  return { kind: "hunk", at, to, range, section, complete: old === 0 && fresh === 0, signs: 1 };
}

/** `@@ -a,b +c,d @@ section`; a missing count is 1. */
export function readHunkHeader(
  line: string,
): { readonly range: HunkRange; readonly section: string } | undefined {
  const end = line.indexOf(" @@", 4);
  if (!line.startsWith("@@ -") || end === -1) return undefined;
  const [old = "", fresh = "", ...rest] = line.slice(4, end).split(" +");
  if (rest.length > 0) return undefined;
  const a = readRange(old);
  const b = readRange(fresh);
  if (a === undefined || b === undefined) return undefined;
  return {
    range: { oldStart: a[0], oldCount: a[1], newStart: b[0], newCount: b[1] },
    section: line.slice(end + 3),
  };
}

function readRange(text: string): readonly [number, number] | undefined {
  if (text.length === 0 || text.length > 21) return undefined;
  const comma = text.indexOf(",");
  const start = comma === -1 ? text : text.slice(0, comma);
  const count = comma === -1 ? "1" : text.slice(comma + 1);
  if (!isNumber(start) || !isNumber(count)) return undefined;
  return [Number(start), Number(count)];
}

function isNumber(text: string): boolean {
  if (text.length === 0 || text.length > 10) return false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

/** A hunk of a merge: one sign column per parent. Ends at the first line that cannot be in it. */
function readCombined(lines: readonly string[], at: number): Hunk {
  const line = lines[at] ?? "";
  const signs = line.startsWith("@@@@") ? 3 : 2;
  let to = at + 1;
  while (to < lines.length && isCombinedLine(lines[to] ?? "", signs)) to++;
  const close = line.indexOf("@@@", 5);
  const section = close === -1 ? "" : line.slice(close).replace(/^@+/, "");
  return { kind: "hunk", at, to, range: undefined, section, complete: false, signs };
}

function isCombinedLine(line: string, signs: number): boolean {
  if (line.startsWith("\\")) return true;
  for (let column = 0; column < signs; column++) {
    const sign = line[column];
    if (sign !== " " && sign !== "+" && sign !== "-") return false;
  }
  return true;
}

/** Whether a body line adds or removes something. */
export function isChange(line: string, signs: number): boolean {
  for (let column = 0; column < signs; column++) {
    if (line[column] === "+" || line[column] === "-") return true;
  }
  return false;
}
